"""Costs are booked when they occur, and every cost belongs to some source."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from logs import GRAPH, NOTHING, RUN, SCENARIO, STORY, any_log, log_of, run_of, source

from simlib.money import (
    costs,
    costs_by_source,
    spend_by_period,
    spend_by_source,
    total_costs,
)

ONE_LEAD = log_of([("web", [(3, "enter", "captured")])])
NOBODY: dict[str, object] = {
    "teams": {
        name: SimpleNamespace(people=0, cost_per_month=0.0) for name in ("sdr", "ae")
    },
    "nurture": None,
}


def media_of_web(log=ONE_LEAD, edges=(0, 10), **said):
    """Return what the source web itself costs in each span."""
    run = run_of(log, sources={"web": source(**said), "ads": source()}, **NOBODY)
    return costs(run, np.array(edges, float)).media[:, 0].tolist()


@pytest.mark.parametrize(
    ("said", "booked"),
    [
        ({"per_month": 100}, [100, 100]),
        ({"per_month": 100, "start": 2.5}, [50, 100]),
        ({"per_month": 100, "stop": 7.5}, [100, 50]),
        ({"per_month": 100, "stop": 70}, [100, 100]),
        ({"per_month": 100, "start": 20}, [0, 0]),
        ({"per_lead": 30}, [30, 0]),
        ({"per_touch": 2}, [2, 0]),
        ({"one_off": 500}, [500, 0]),
        ({"one_off": 500, "start": 5}, [0, 500]),
        ({"one_off": 500, "start": 10}, [0, 0]),
        ({"per_month": 10, "per_lead": 3, "one_off": 1}, [14, 10]),
    ],
    ids=str,
)
def test_a_sources_costs_are_booked_when_they_occur(said, booked):
    """Monthly day by day from start to stop, the rest when it happens."""
    assert media_of_web(edges=(0, 5, 10), **said) == pytest.approx(booked)
    assert media_of_web(**said) == pytest.approx([sum(booked)])


def test_a_lead_costs_at_capture_and_a_touch_at_arrival():
    """A visitor is a touch; a visitor who is lost is never paid for as a lead."""
    lost = [(1, "enter", "visitor"), (1, "enter", "lost", "leaked")]
    late = [(1, "enter", "visitor"), (6, "enter", "captured")]
    log = log_of([("web", lost), ("web", late), ("ads", late)])

    assert media_of_web(log, edges=(0, 5, 10), per_lead=30) == [0, 30]
    assert media_of_web(log, edges=(0, 5, 10), per_touch=2) == [4, 0]


def test_nurture_costs_while_a_contact_is_in_it():
    """Four days in nurture from day 4 at 10 a month of five days."""
    parts = costs(RUN, np.array([0.0, 5, 10]))

    assert parts.nurture.tolist() == [[0, pytest.approx(2)], [0, pytest.approx(6)]]


def test_people_cost_busy_or_idle_and_go_by_the_work():
    """The sdr worked 2 and 3 days for the sources, slots were held 3 days for each."""
    assert costs_by_source(RUN).people.tolist() == [400 + 1000, 600 + 1000]
    assert costs(RUN, np.array([0.0, 5, 10])).people.tolist() == [[700, 800]] * 2


@pytest.mark.parametrize(
    ("log", "shares"),
    [
        (STORY.crm(), [0.5, 0.5]),
        (log_of([("web", [(1, "enter", "captured")])] * 3), [1, 0]),
        (log_of([("ads", [(1, "enter", "visitor")])]), [0, 1]),
        (NOTHING, [0.5, 0.5]),
    ],
    ids=["work", "leads", "arrivals", "evenly"],
)
def test_idle_people_are_shared_all_the_same(log, shares):
    """By leads where nobody worked, by arrivals where nobody was a lead, or evenly."""
    teams = {
        "sdr": SimpleNamespace(people=1, cost_per_month=0.0),
        "ae": SimpleNamespace(people=1, cost_per_month=50.0),
    }

    people = costs_by_source(run_of(log, teams=teams)).people

    assert people.tolist() == pytest.approx([100 * share for share in shares])


def test_spend_by_source_adds_up_by_hand():
    """254 + 1,400 for web; 110 + 8 + 1,600 for ads."""
    table = spend_by_source(RUN)

    assert table[["media", "nurture", "people", "spend"]].to_numpy().tolist() == [
        pytest.approx([254, 0, 1400, 1654]),
        pytest.approx([110, 8, 1600, 1718]),
    ]
    assert table["share_of_spend"].sum() == pytest.approx(1)
    assert set(table["currency"]) == {"EUR"}


def test_spend_by_period_has_a_row_for_each_month_and_source():
    """The one-off and the touches of the first month are in the first month."""
    table = spend_by_period(RUN)

    assert table[["period", "from_day", "source", "media"]].to_numpy().tolist() == [
        [1, 0, "web", pytest.approx(152)],
        [1, 0, "ads", pytest.approx(40)],
        [2, 5, "web", pytest.approx(102)],
        [2, 5, "ads", pytest.approx(70)],
    ]


@given(any_log(horizon=12.0))
def test_periods_sum_to_the_whole(log):
    """Whatever happened, months (the last one short) sum to each source's spend."""
    run = run_of(log, horizon=12.0)
    monthly = spend_by_period(run).groupby("source", sort=False)["spend"].sum()
    people = sum(team.people * team.cost_per_month for team in SCENARIO.teams.values())

    whole, sources = total_costs(run), costs_by_source(run)

    assert monthly.tolist() == pytest.approx(spend_by_source(run)["spend"].tolist())
    assert whole.total.tolist() == pytest.approx([sources.total.sum()])
    assert whole.marketing.tolist() == pytest.approx([sources.marketing.sum()])
    assert costs_by_source(run).people.sum() == pytest.approx(people * 12 / 5)


def test_sources_are_found_by_name():
    """The order of sources in the scenario does not matter."""
    turned = dict(reversed(SCENARIO.sources.items()))
    graph = dataclasses.replace(GRAPH, sources=("web", "ads"))

    assert graph == GRAPH
    assert spend_by_source(run_of(STORY, sources=turned)).equals(spend_by_source(RUN))
