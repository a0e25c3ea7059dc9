"""Crossed dials: the same buyers in every world, and honest words for what differs."""

from __future__ import annotations

import numpy as np
import pytest

import simlib as sl
from simlib.errors import StudyError
from simlib.studies import Interval, interval

GATES = ("selective", "everything")
SMALL = {"market.buyers": 1500, "market.history": 180, "horizon": 731}


@pytest.fixture(scope="module")
def firm():
    """A small firm that sells to small businesses."""
    return sl.load("small_business").changed(SMALL)


@pytest.fixture(scope="module")
def crossed(firm):
    """Gating by demand, three runs of each world."""
    dials = {"gating": GATES, "demand": ("funded", "cut")}
    return sl.lab.cross(firm, dials, replications=3, seed=1)


def text(found: Interval, number: str) -> str:
    """Return an interval as the tables write it."""
    ends = (found.mean, found.low, found.high)
    mean, low, high = (format(each, number) for each in ends)
    return f"{mean} ({low} to {high})"


def test_every_combination_is_a_world_of_its_own(crossed):
    """Two by two settings, the last one turning fastest."""
    assert [
        "selective gates, demand funded",
        "selective gates, demand cut",
        "everything gated, demand funded",
        "everything gated, demand cut",
    ] == list(crossed.worlds.studies)


def test_the_first_world_is_the_firm_as_it_is(firm, crossed):
    """With the usual settings first, nothing is changed there."""
    alone = sl.replicate(firm, replications=3, seed=1)

    assert alone.values("leads").tolist() == (
        crossed.values("leads", ("selective", "funded")).tolist()
    )


def test_a_table_has_means_and_intervals_as_text(crossed):
    """Rows by the first dial, columns by the last."""
    table = crossed.table("customers")
    values = crossed.values("customers", ("everything", "cut"))

    assert ["demand funded", "demand cut"] == list(table.columns)
    assert text(interval(values), ".1f") == table.loc["everything gated", "demand cut"]
    assert ("gating", "Customers") == (table.index.name, table.columns.name)


def test_an_effect_is_the_paired_ratio_in_percent(crossed):
    """As `Comparison.ratio` finds it, wherever the other dial stands."""
    effects = crossed.effects("leads", "gating")
    found = crossed.worlds.ratio(
        "leads", "everything gated, demand cut", "selective gates, demand cut"
    )
    mean, low, high = (
        f"{100 * (end - 1):+.0f}" for end in (found.mean, found.low, found.high)
    )

    assert ["everything gated, not selective gates"] == list(effects.columns)
    assert f"{mean}% ({low} to {high})" == effects.loc["demand cut"].item()


def test_together_is_a_difference_of_differences(crossed):
    """What both dials do, less what each does alone, run by run."""
    at = {
        (gate, fund): crossed.values("leads", (gate, fund))
        for gate in GATES
        for fund in ("funded", "cut")
    }
    more = (at["everything", "cut"] - at["everything", "funded"]) - (
        at["selective", "cut"] - at["selective", "funded"]
    )
    said = crossed.together("leads", "gating", "demand")

    assert said.startswith("Leads: everything gated +")
    assert f"More than the sum of the two: {text(interval(more), ',.0f')}." in said


def test_years_are_compared_pair_by_pair(crossed):
    """A count through time is the comparison's own ratio."""
    found = crossed.over_time("hands")["demand cut"]
    names = "selective gates, demand cut", "selective gates, demand funded"
    known = crossed.worlds.ratio("hand_raisers", *names, by="year")

    assert [1, 2] == found["year"].tolist()
    np.testing.assert_allclose(found["mean"], known["mean"])
    np.testing.assert_allclose(found["low"], known["low"])


def first_year_cost(scenario, replication):
    """Return the spend of the first year for each opportunity entered in it."""
    run = sl.simulate(scenario, seed=1, replication=replication)
    spend = sl.money.spend_by_period(run).query("period <= 12")["spend"].sum()
    entered = run.log.frame.query("event == 'enter' and stage == 'opportunity'")
    return spend / (entered["time"] < 12 * scenario.days_per_month).sum()


def test_the_cost_of_a_year_is_its_spend_over_its_opportunities(crossed):
    """Nothing of another year is mixed in."""
    found = crossed.over_time("cost")["demand cut"]
    scenarios = list(crossed.worlds.scenarios.values())
    funded, cut = (
        np.mean([first_year_cost(scenario, turn) for turn in range(3)])
        for scenario in scenarios[:2]
    )

    assert cut / funded == pytest.approx(found["mean"][0])


def test_a_dial_that_is_not_there_is_left_out_with_a_word():
    """A desk without a market can still cross volume with people."""
    desk = sl.load("sales_desk").changed({"horizon": 30})
    dials = {"gating": GATES, "volume": (1, 2), "people": (1, 2)}
    found = sl.lab.cross(desk, dials, replications=2)

    assert {"gating": "there is no market behind the leads"} == found.left_out
    assert 4 == len(found.places)
    assert "no market behind the leads" in found.effects("leads", "gating").iloc[0, 0]
    assert found.together("leads", "gating", "volume") == (
        "The dial 'gating' moves nothing here: there is no market behind the leads."
    )


def test_a_part_of_the_worlds_is_as_if_crossed_alone(crossed):
    """Where demand is cut: the worlds by gating, and no run more."""
    part = crossed.at(demand="cut")

    assert ["selective gates", "everything gated"] == list(part.worlds.studies)
    np.testing.assert_array_equal(
        part.values("leads", ("everything",)),
        crossed.values("leads", ("everything", "cut")),
    )
    assert part.at(gating="selective") is part
    with pytest.raises(StudyError, match="'demand' is 'less'; there is funded, cut"):
        crossed.at(demand="less")


def test_today_lists_every_figure(crossed):
    """All figures of the usual world, with their intervals."""
    today = crossed.today()["mean (95% interval)"]
    customers = interval(crossed.values("customers", crossed.usual))

    assert len(sl.lab.FIGURES) == len(today)
    assert text(customers, ".1f") == today["Customers"]


def test_a_guess_is_answered_for_each_hundred_of_today(crossed, capsys):
    """A paired ratio, the guess beside it, and the interval below."""
    crossed.reveal(100, "leads", "gating")
    names = "everything gated, demand funded", "selective gates, demand funded"
    found = crossed.worlds.ratio("leads", *names)
    first, second = capsys.readouterr().out.splitlines()

    assert f"it came to {100 * found.mean:.0f} leads for each 100 of today's" in first
    assert f"95% interval {100 * found.low:.0f} to {100 * found.high:.0f}" == second


def test_three_dials_make_a_table_of_two_and_one(firm):
    """Two dials in the rows, the last in the columns."""
    short = firm.changed({"horizon": 30})
    dials = {"gating": GATES, "demand": ("funded", "cut"), "volume": (1, 2, 3)}
    found = sl.lab.cross(short, dials, replications=2)

    assert ((4, 3), ["gating", "demand"]) == (
        found.table("leads").shape,
        list(found.table("leads").index.names),
    )


def test_what_is_never_paid_back_says_so(firm):
    """No number is made up where margin never covers the cost of a customer."""
    poor = firm.changed({"deal.gross_margin": 0.001, "horizon": 180})
    table = sl.lab.cross(poor, {"people": (1, 2)}, replications=2).table("payback")

    assert {"never"} == set(table.iloc[0])


def test_the_picture_has_a_panel_for_each_figure(crossed):
    """Three headlines, a row for each world, in the order of the worlds."""
    axes = crossed.picture()
    labels = [label.get_text() for label in axes[0].get_yticklabels()]
    titles = [" ".join(ax.get_title(loc="left").split()) for ax in axes]
    sl.plots.close(axes[0])

    assert list(crossed.worlds.studies) == labels
    assert titles == [
        "Leads who became customers, %",
        "Cost of a qualified opportunity, USD",
        "CAC payback, months",
    ]


def test_what_is_qualified_is_the_firms_own_word():
    """A shop's pipeline begins with a basket."""
    shop = sl.load("b2c").changed({"market.buyers": 100, "horizon": 30})
    found = sl.lab.cross(shop, {"volume": (1, 2)}, replications=2)

    assert "cost_per.basket" == found.metric("cost")


def test_without_a_pipeline_the_last_stage_before_a_win_is_qualified():
    """The textbook sum knows SQLs and customers, and no opportunity."""
    found = sl.lab.cross(sl.load("textbook"), {"volume": (1, 2)}, replications=2)

    assert "reached.sql" == found.metric("qualified")


@pytest.mark.parametrize(
    ("dials", "message"),
    [
        ({}, "no dial is left"),
        ({"gating": ["none"]}, "give two or more different settings"),
        ({"gating": ["none", "none"]}, "give two or more different settings"),
        ({"gatting": ["none", "everything"]}, "Did you mean 'gating'?"),
        ({"gating": ["none", "all"]}, "dial 'gating' is 'all'"),
    ],
)
def test_dials_that_cannot_be_crossed(firm, dials, message):
    """One line says what is wrong, before anything is run."""
    with pytest.raises(StudyError) as caught:
        sl.lab.cross(firm, dials)

    assert message in str(caught.value)


def test_an_unknown_figure_is_named(crossed):
    """The figures of the lab are listed, and the nearest is offered."""
    with pytest.raises(StudyError, match="Did you mean 'payback'"):
        crossed.table("paybak")
