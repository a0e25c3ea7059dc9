"""Claims on trial about channels and money: E13, E17, E19, E20, E23, E24 and E28.

Arms are paired where they share people. Settings are those of the packaged scenarios.
Each runs quickly and at full precision; see efforts.py.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from efforts import Effort

import simlib as sl
from simlib.log import ENTER
from simlib.studies import Comparison
from simlib.theory import full_days_lost
from simlib.theory.money import break_even_acv


def pair(name: str, changes: dict[str, object], runs: int) -> Comparison:
    """Return a packaged scenario against itself with some changes."""
    world = sl.load(name)
    worlds = {"as it is": world, "other": world.changed(changes)}
    return sl.compare(worlds, replications=runs)


OUT = {
    "sources.linkedin_ads.leads.per_month": 0.0,
    "sources.outbound.leads.per_month": 75.0,
}


def test_e13_half_as_much_again_in_the_long_run(effort):
    """LinkedIn's money in outbound: +47% opportunities, 31% fewer and dearer leads.

    It comes out because the three rates were solved for it; see linkedin_budget.yaml.
    """
    study, share = pair("linkedin_budget", OUT, effort.of(40, 1000)), effort.of(1, 0.5)
    ratio = {
        name: study.ratio(name, "other", "as it is").mean
        for name in ("reached.opportunity", "leads", "spend")
    }

    assert ratio["reached.opportunity"] == pytest.approx(1.470, rel=0.04 * share)
    assert ratio["leads"] == pytest.approx(169 / 244, rel=0.02 * share)
    assert ratio["spend"] == pytest.approx(1, rel=0.02 * share)


def test_e13_one_window_of_90_days_shows_next_to_nothing(effort):
    """In one pair of quarters of twenty the pipeline falls, though it grew by 47%.

    Before and after are different quarters, with luck of their own.
    """
    world, runs = sl.load("linkedin_budget"), effort.of(1000, 10_000)
    before = sl.replicate(world, runs, seed=1).values("reached.opportunity")
    after = sl.replicate(world.changed(OUT), runs, seed=2).values("reached.opportunity")
    low, high = np.quantile(after / np.maximum(before, 1), [0.025, 0.975])

    assert (low, high) == (pytest.approx(0.94, abs=0.06), pytest.approx(2.4, abs=0.2))
    assert low < 1
    assert np.mean(after <= before) > 0.03


def test_e13_with_less_and_less_from_outbound_it_is_a_quarter():
    """If three times the money brings 3^.8 the leads, +47% shrinks to about +24%."""
    leads = 25 * 3**0.8
    before = 94 * 0.034 + 125 * 0.025 + 25 * 0.1593

    assert (94 * 0.034 + leads * 0.1593) / before == pytest.approx(1.24, abs=0.01)


@pytest.mark.parametrize(
    ("base", "gain"), [(0.0667, 0.30), (0.08, 0.25), (0.10, 0.20), (0.025, 0.80)]
)
def test_e17_two_points_are_a_quarter_only_from_eight_percent(base, gain, effort):
    """Two points more: +30%, +25%, +20% from 6.67, 8 and 10%; +80% from 2.5%."""
    rate = "stages.visitor.next.captured.rate"
    world = sl.load("two_points")
    arms = {
        name: world.changed({rate: value})
        for name, value in (("before", base), ("after", base + 0.02))
    }
    study = sl.compare(arms, replications=effort.of(4, 40))
    found = study.ratio("leads", "after", "before")

    assert found.mean - 1 == pytest.approx(gain, abs=effort.of(0.03, 0.015))


CAUGHT = {
    "sources.all_leads.leads.per_month": 150 * 0.67,
    "sources.all_leads.mix": {
        "ready": 27 / 67,
        "not_yet": 40 / 67,
        "misfit": 0,
        "junk": 0,
    },
}


def test_e19_without_junk_fewer_names_and_more_sqls(effort):
    """A loaded desk: a third fewer leads, and SQLs rise by a tenth or more."""
    study = pair("junk_third", CAUGHT, effort.of(6, 96))
    leads = study.ratio("leads", "other", "as it is")

    assert leads.mean == pytest.approx(0.67, abs=effort.of(0.01, 0.005))
    assert study.ratio("reached.sql", "other", "as it is").low > 1.1


def test_e19_with_time_for_all_only_the_rate_moves(effort):
    """Endless people: as many SQLs, and leads to SQL rises by 1 / .67 = 1.49."""
    endless = {"teams.sdr.people": 100_000}
    world = sl.load("junk_third").changed(endless)
    arms = {"junk": world, "caught": world.changed(CAUGHT)}
    study = sl.compare(arms, replications=effort.of(6, 96))
    sql, leads = (
        study.ratio(name, "caught", "junk") for name in ("reached.sql", "leads")
    )

    assert sql.mean == pytest.approx(1, abs=effort.of(0.05, 0.025))
    assert sql.mean / leads.mean == pytest.approx(1.4925, rel=effort.of(0.05, 0.025))


def test_e20_nurture_makes_a_quarter_more_ready(effort):
    """Of 100 leads 37.26 are ready within a year if left alone, 46.71 if nurtured."""
    alone = {
        "nurture.ready_per_month.not_yet": 0.03,
        "nurture.drop_out_per_month": 0.03,
    }
    study, band = pair("nurture_73", alone, effort.of(4, 64)), effort.of(0.5, 0.25)
    ready = {
        world: arm.values("reached.sql").mean() / 100
        for world, arm in study.studies.items()
    }

    assert ready == {
        "as it is": pytest.approx(46.71, abs=band),
        "other": pytest.approx(37.26, abs=band),
    }
    assert study.ratio("cost_per.sql", "as it is", "other").high < 1


def test_e20_the_first_quarter_shows_a_third_of_it(effort):
    """After 90 days the gain is 4 ready of 100 leads; after a year it is 9."""
    alone = {
        "nurture.ready_per_month.not_yet": 0.03,
        "nurture.drop_out_per_month": 0.03,
    }
    gains = []
    for days in (90.0, 365.25):
        world = sl.load("nurture_73").changed({"horizon": days})
        arms = {"nurtured": world, "alone": world.changed(alone)}
        study = sl.compare(arms, replications=effort.of(2, 32))
        gains.append(study.difference("reached.sql", "nurtured", "alone").mean / 100)

    assert gains[0] == pytest.approx(4.2, abs=effort.of(0.6, 0.3))
    assert gains[1] == pytest.approx(9.45, abs=effort.of(0.7, 0.35))


def test_e23_a_bought_list_costs_more_meetings_than_it_brings(effort):
    """3.2 meetings of the list against 15.1 of all other mail, in 90 days."""
    world, runs = sl.load("bought_list").changed({"horizon": 180.0}), effort.of(60, 960)
    unburnt = world.changed({"sources.list.burn": None})
    study = sl.compare({"as it is": world, "other": unburnt}, replications=runs)
    lost = -study.difference("reached.meeting", "as it is", "other").mean
    study = sl.replicate(sl.load("bought_list"), runs, by_source=True)
    listed = study.values("reached.meeting", "list").mean()

    assert lost == pytest.approx(15.1, abs=effort.of(1.5, 0.75))
    assert listed == pytest.approx(3.2, abs=effort.of(0.8, 0.4))


BLAST, RECOVERY = 90.0, 39.09
"""The day of the bought list; in so many days all but 1/e of the harm is gone."""


@cache
def mailed(effort: Effort) -> np.ndarray:
    """Return meetings by mail in each of the 30 days after the list, burnt and not."""
    world = sl.load("bought_list").changed({"horizon": BLAST + 90})
    found = np.zeros((2, 3))
    for row, arm in enumerate((world, world.changed({"sources.list.burn": None}))):
        for number in range(effort.of(100, 1600)):
            log = sl.simulate(arm, 0, number).log
            here = (log.stage == log.graph.stage_code("meeting")) & (log.event == ENTER)
            here &= log.leads.source[log.lead] != log.graph.sources.index("list")
            since = log.time[here] - BLAST
            found[row] += np.histogram(since, bins=3, range=(0, 90))[0]
    return found


def test_e23_it_burns_for_the_length_of_a_quarter(effort):
    """One reading (C7): mail brings 42, 19 and 9% less in the three months after."""
    burnt, unburnt = mailed(effort)
    lost = np.diff([full_days_lost(0.6, days, RECOVERY) for days in (0, 30, 60, 90)])

    assert lost / 30 == pytest.approx([0.419, 0.194, 0.090], abs=0.001)
    assert 1 - burnt / unburnt == pytest.approx(lost / 30, abs=effort.of(0.04, 0.01))


def test_e23_it_does_not_cost_a_quarters_activity(effort):
    """The other reading (C7): 21 full days of 90 are lost, not a quarter's activity."""
    burnt, unburnt = mailed(effort).sum(axis=1)
    days = full_days_lost(0.6, 90, RECOVERY)

    assert days == pytest.approx(21.1, abs=0.05)
    assert 90 * (1 - burnt / unburnt) == pytest.approx(days, abs=effort.of(2, 0.5))


def paid_back(deal: float, runs: int) -> dict[str, float]:
    """Return months to payback by source, with a yearly contract of some size."""
    world = sl.load("payback_by_channel").changed({"deal.value": deal})
    study = sl.replicate(world, runs, by_source=True)
    return {
        source: float(study.values("payback_months", source).mean())
        for source in ("inbound", "outbound")
    }


@pytest.mark.parametrize(
    ("source", "cac", "months", "deal"),
    [
        ("outbound", 30_000, 18, 25_000),
        ("outbound", 30_000, 12, 37_500),
        ("inbound", 12_000, 18, 10_000),
        ("inbound", 12_000, 12, 15_000),
    ],
)
def test_e24_outbound_needs_larger_deals(source, cac, months, deal, effort):
    """At the deal that theory names, payback takes 18 (or 12) months, within 5%."""
    found = paid_back(deal, effort.of(2, 60))[source]

    assert break_even_acv(cac, 0.8, months) == pytest.approx(deal)
    assert found == pytest.approx(months, rel=effort.of(0.05, 0.025))


def test_e28_five_legs_fall_less_often(effort):
    """The same mean, half the spread; a quarter 30% down is rare with five sources."""
    five = sl.load("diversify")
    one = five.said()
    one["sources"] = {"search": one["sources"]["search"]}
    one["sources"]["search"]["leads"]["per_month"] = 500
    quarters = {}
    for name, world in (("five", five), ("one", sl.Scenario.of(one))):
        counts = []
        for number in range(effort.of(1, 16)):
            long = world.changed({"horizon": 14_610})
            table = sl.simulate(long, seed=1, replication=number).log.frame
            when = table.loc[table["stage"] == "captured", "time"].to_numpy()
            counts.append(np.histogram(when, bins=160, range=(0, 14_610))[0])
        quarters[name] = np.concatenate(counts)
    usual = 500 * 3 * 0.9667
    means = {name: counts.mean() for name, counts in quarters.items()}
    falls = {name: np.mean(c < 0.75 * usual) for name, c in quarters.items()}

    assert means["five"] == pytest.approx(means["one"], rel=effort.of(0.06, 0.03))
    assert quarters["five"].std() < 0.65 * quarters["one"].std()
    assert falls["one"] > 0.02 > falls["five"]
