"""Everybody's destiny: kinds by their shares, and numbers that nothing else moves."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from small_scenario import small
from strategies import scenarios

from simlib.lags import lag_of
from simlib.log import KINDS, EventLog
from simlib.plan import Curve, compiled
from simlib.population import LUCK, SPELL, Population
from simlib.run import simulate
from simlib.scenario import Scenario, load

RARE = 1e-3
LONE: dict[str, Any] = {
    "name": "many",
    "horizon": 100,
    "stages": {"captured": {"leak": {"to": "lost"}}, "lost": {"terminal": "lost"}},
}


def people_of(said: dict[str, Any], replication: int = 0) -> Population:
    """Return the population of a scenario."""
    return Population(compiled(Scenario.of(said)), 3, replication)


def lives(log: EventLog, without: tuple[str, ...] = ()) -> dict[str, list[Any]]:
    """Return each lead's events by its lasting name, but for those in some stages."""
    names = log.leads.names(log.graph.sources)
    told: dict[str, list[Any]] = {name: [] for name in names}
    stages = log.graph.stage_names
    columns = (log.lead, log.time, log.event, log.stage, log.reason, log.kind)
    for lead, *event in zip(*(column.tolist() for column in columns), strict=True):
        if stages[event[2]] not in without:
            told[names[lead]].append(event)
    return told


def test_kinds_come_in_their_shares():
    """Each source has the mix of kinds that it was given."""
    mixes = {
        "web": {"ready": 0.2, "not_yet": 0.3, "misfit": 0.1, "junk": 0.4},
        "list": {"not_yet": 0.05, "junk": 0.95},
    }
    sources = {
        name: {"leads": {"per_day": 200}, "mix": mix} for name, mix in mixes.items()
    }
    people = people_of({**LONE, "sources": sources})

    for code, mix in enumerate(mixes.values()):
        found = np.bincount(people.kind[people.source == code], minlength=4)
        share = np.array([mix.get(kind, 0.0) for kind in KINDS])
        assert np.all((found > 0) == (share > 0))
        seen = share > 0
        expected = share[seen] * found.sum()
        assert stats.chisquare(found[seen], expected).pvalue > RARE


def test_a_kind_says_nothing_about_luck():
    """Whatever a lead is, its luck in a stage is drawn apart."""
    sources = {"web": {"leads": {"per_day": 400}}}
    people = people_of({**LONE, "sources": sources})
    luck = people.luck("captured.outcome", 1)

    for kind in range(4):
        assert stats.kstest(luck[people.kind == kind], "uniform").pvalue > RARE


def test_some_leads_are_given_the_numbers_that_all_are():
    """Numbers asked for a few leads only are bit for bit those of everybody."""
    people = people_of(small())
    stage = people.plan.stages[0]
    lag = lag_of("gamma", mean=3, cv=0.7)
    some = np.array([30, 2, 7, 8])
    asks = [("a", 1, LUCK), ("a", 2, SPELL), ("b", 1, lag), ("c", 3, stage.curve)]
    few = people.drawn(asks, some)

    assert [
        people.luck("a", 1)[some].tolist(),
        people.spell("a", 2)[some].tolist(),
        people.days("b", 1, lag)[some].tolist(),
        people._of_all("c", 3, stage.curve)[some].tolist(),
    ] == few.tolist()


@settings(max_examples=40)
@given(scenarios(), st.data())
def test_any_part_is_given_the_numbers_of_the_whole(scenario, data):
    """However many leads are asked together, SIMD or not, the bits are the same."""
    people = Population(compiled(scenario), 1, 0)
    first = data.draw(st.integers(0, len(people)))
    step = data.draw(st.integers(1, 5))
    some = np.arange(len(people))[first::step]
    lags = [way.lag for stage in people.plan.stages for way in stage.exits]
    asks = [("x", 1, lag) for lag in [*lags, LUCK, SPELL]]
    few = people.drawn(asks, some)

    for row, (_, _, meaning) in zip(few, asks, strict=True):
        assert people._of_all("x", 1, meaning)[some].tolist() == row.tolist()


def test_the_contact_curve():
    """The share still reached after w days is 1 / (1 + (w / half_at) ** power)."""
    sources = {"web": {"leads": {"per_day": 1000}}}
    people = people_of({**LONE, "sources": sources})
    curve = Curve(half_at=0.5, power=1.5, dial=0.1)
    days = people._of_all("mql.contact", 1, curve)

    for wait in (0.0, 0.1, 0.4, 2.0):
        share = 1 / (1 + ((wait + 0.1) / 0.5) ** 1.5)
        reached = int((days > wait).sum())
        assert stats.binomtest(reached, len(people), share).pvalue > RARE


def test_a_value_for_each_lead():
    """With a deal each lead has an annual value by the deal's law; without, none."""
    said = {**small(), "deal": {"value": {"dist": "gamma", "mean": 9000, "cv": 0.5}}}
    said["sources"]["website"]["leads"] = {"per_day": 100}
    people = people_of(said)
    law = lag_of("gamma", mean=9000, cv=0.5).distribution()
    del said["deal"]

    assert stats.kstest(people.amount, law.cdf).pvalue > RARE
    assert np.isnan(people_of(said).amount).all()


# --- addresses, as seen in the log -------------------------------------------------


def changed(path: str, value: Any) -> tuple[EventLog, EventLog]:
    """Return the logs of the small scenario, with a long team, before and after."""
    said = copy.deepcopy(small())
    said["teams"]["sdr"]["people"] = 500  # nobody waits, so nobody disturbs anybody
    said["horizon"] = 200
    base = Scenario.of(said)
    worlds = (base, base.changed({path: value}))
    first, second = (simulate(world, seed=2).log for world in worlds)
    return first, second


def test_one_rate_moves_nobody_but_by_that_step():
    """A higher rate at one step takes more leads over it and changes no other draw.

    All that happens before that step, and to everybody whom it does not turn, stays.
    """
    before, after = changed("stages.sql.next.customer.rate", 0.6)
    ends = ("customer", "lost")
    won, more_won = (
        {name for name, life in lives(log).items() if any(e[2] == 2 for e in life)}
        for log in (before, after)
    )

    assert lives(before, ends) == lives(after, ends)
    assert won < more_won
    assert {n: lives(before)[n] for n in won} == {n: lives(after)[n] for n in won}


def test_one_lag_moves_its_own_step_only():
    """A slower step delays whoever takes it, each in proportion, and nobody else."""
    path = "stages.captured.next.sql.lag"
    before, after = changed(path, {"dist": "lognormal", "mean": 8, "cv": 1})
    told, later = lives(before), lives(after)

    first_sql = [
        (next(e for e in life if e[2] == 1), next(e for e in later[name] if e[2] == 1))
        for name, life in told.items()
        if any(e[2] == 1 for e in life) and any(e[2] == 1 for e in later[name])
    ]
    assert len(first_sql) > 5
    for name, life in told.items():
        stays = [event for event in life if event[2] == 0][:3]
        assert stays == [event for event in later[name] if event[2] == 0][:3]
    for old, new in first_sql:
        assert new[0] > old[0]


def test_another_source_leaves_everybody_in_peace():
    """Leads keep their names, kinds and lives when a source is added."""
    leads = {"leads": {"per_month": 9}}
    before, after = changed("sources.webinar", leads)
    told, others = lives(before), lives(after)

    assert told == {name: others[name] for name in told}
    assert len(others) > len(told)


def test_more_leads_add_to_those_who_are_there():
    """A source with more leads a month has the old ones, unchanged, and new ones."""
    before, after = changed("sources.website.leads.per_month", 25)
    told, others = lives(before), lives(after)

    assert told == {name: others[name] for name in told}
    assert len(others) > len(told)


def test_a_longer_horizon_tells_the_same_story_on():
    """What happened before the shorter horizon happens before the longer one, too."""
    before, after = changed("horizon", 400)
    told, on = lives(before), lives(after)

    assert told == {name: [e for e in on[name] if e[0] < 200] for name in told}
    assert len(on) > len(told)


@pytest.mark.parametrize("engine", ["simpy", "fast"])
def test_the_same_address_gives_the_same_log(engine):
    """Seed and replication are all that chance depends on."""
    scenario = load("leaky_bucket")
    runs = [simulate(scenario, seed, run, engine) for seed, run in [(1, 2), (1, 2)]]
    others = [simulate(scenario, seed, run, engine) for seed, run in [(2, 1), (1, 3)]]

    assert runs[0].log.time.tolist() == runs[1].log.time.tolist()
    assert all(runs[0].log.time.tolist() != run.log.time.tolist() for run in others)
