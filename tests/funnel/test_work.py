"""Stocks, queues, response times and utilisation, by hand and as identities."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from logs import GRAPH, NOTHING, STORY, any_log, log_of

from simlib.calendars import BUSINESS_HOURS
from simlib.errors import LogError
from simlib.funnel import (
    histories,
    queue_length,
    response_curve,
    response_times,
    utilisation,
    work_in_progress,
)
from simlib.log import TeamInfo

MINUTES = 1 / 1440


def waiting(taken_up=(), gave_up=(), still=()):
    """Return a log of waits for the sdr, in days; all joined at 1, or stay to 10."""
    lives = [
        [(1, "enter", "mql"), (1, "queue", "mql"), (1 + wait, event, "mql")]
        for waits, event in ((taken_up, "start"), (gave_up, "give_up"))
        for wait in waits
    ]
    lives += [
        [(10 - wait, "enter", "mql"), (10 - wait, "queue", "mql")] for wait in still
    ]
    return log_of([("web", life) for life in lives])


def test_work_in_progress_counts_who_is_in_a_stage():
    """Who enters on a day is in, who leaves on it is out; the ends are left out."""
    table = work_in_progress(STORY).pivot_table(
        index="stage", columns="day", values="count"
    )

    assert table.loc["captured"].tolist() == [0, 2, 2, 0, 0, 0, 2, 0, 0, 1]
    assert table.loc["mql"].tolist() == [0, 0, 1, 3, 0, 0, 0, 1, 2, 1]
    assert table.loc["opportunity"].tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 1, 1]
    assert "customer" not in table.index


def test_queue_length_counts_waiting_and_in_hand():
    """At 3.25 one lead waits while the sdr works on another."""
    table = queue_length(STORY, step_days=0.25).set_index(["team", "day"])

    assert (1, 1) == tuple(table.loc[("sdr", 3.25)])
    assert (1, 1) == tuple(table.loc[("sdr", 9.75)])
    assert (0, 1) == tuple(table.loc[("ae", 5)])


def test_response_times_name_everybody_who_joined():
    """Those taken up, those who gave up, and those who still wait."""
    log = waiting(
        taken_up=[2 * MINUTES, 0.5, 3], gave_up=[0.25, 0.75], still=[4 * MINUTES]
    )
    row = response_times(log).set_index("team").loc["sdr"]

    assert (6, 3, 2, 1) == tuple(row[:4])
    assert row["mean_wait_hours"] == pytest.approx((4.5 + 6 * MINUTES) * 24 / 6)
    assert row["taken_up_mean_hours"] == pytest.approx((3.5 + 2 * MINUTES) * 8)
    assert (row["taken_up_median_hours"], row["gave_up_mean_hours"]) == (12, 12)


def test_shares_of_quick_responses_are_of_all_who_joined():
    """One of six within five minutes; who waits still is not answered yet."""
    log = waiting(
        taken_up=[2 * MINUTES, 30 * MINUTES, 0.5], gave_up=[0, 1], still=[MINUTES]
    )
    row = response_times(log).set_index("team").loc["sdr"]
    names = ["within_5_minutes", "within_1_hour", "within_1_day"]

    assert row[names].tolist() == pytest.approx([1 / 6, 2 / 6, 3 / 6])


def test_exactly_one_day_is_within_one_day():
    """The limits themselves are still in time."""
    row = response_times(waiting(taken_up=[1])).set_index("team").loc["sdr"]

    assert (row["within_1_hour"], row["within_1_day"]) == (0, 1)


def test_a_team_that_nobody_asked_has_no_times():
    """Counts are 0 and times unknown."""
    row = response_times(NOTHING).set_index("team").loc["sdr"]

    assert row["joined"] == 0
    assert math.isnan(row["mean_wait_hours"])
    assert math.isnan(row["within_5_minutes"])


def test_the_response_curve_need_not_reach_one():
    """Two of four are taken up after 12 and 36 hours, one gives up after 24."""
    log = waiting(taken_up=[0.5, 1.5], gave_up=[1], still=[2])
    table = response_curve(log)

    assert table["hours"].tolist() == pytest.approx([12, 24, 36, 48])
    assert table["share"].tolist() == pytest.approx([0.25, 0.25, 0.5, 0.5])
    assert table["gave_up"].tolist() == pytest.approx([0, 0.25, 0.25, 0.25])


def test_utilisation_is_busy_time_over_all_time():
    """One sdr is busy for 5 of 10 days, 6 of 20 slot days are taken."""
    table = utilisation(STORY)

    assert table["serves_with"].tolist() == ["people", "slots"]
    assert table["busy_days"].tolist() == [5, 6]
    assert table["utilisation"].tolist() == [0.5, 0.3]


def test_utilisation_counts_open_time_only():
    """Busy from Monday 9:00 to Friday 17:00 is all of a week's working time."""
    teams = (TeamInfo("sdr", 1, BUSINESS_HOURS), TeamInfo("ae", 2))
    life = [(0.375, "enter", "mql"), (0.375, "queue", "mql"), (0.375, "start", "mql")]
    life += [(4 + 17 / 24, "finish", "mql")]
    log = log_of([("web", life)], dataclasses.replace(GRAPH, teams=teams, horizon=7))
    row = utilisation(log).set_index("team").loc["sdr"]

    assert (row["open_days"], row["busy_days"]) == pytest.approx((5 / 3, 5 / 3))
    assert row["utilisation"] == pytest.approx(1)


def test_without_teams_there_is_nobody_to_wait_for():
    """Tables by team have no rows, and their columns."""
    graph = dataclasses.replace(GRAPH, teams=())
    log = log_of([("web", [(1, "enter", "captured")])], graph)

    assert (len(utilisation(log)), len(response_times(log))) == (0, 0)
    assert list(queue_length(log)) == ["day", "team", "waiting", "in_hand"]
    assert list(response_curve(log)) == ["team", "hours", "share", "gave_up"]


@pytest.mark.parametrize("table", [work_in_progress, queue_length])
def test_an_impossible_step_is_refused(table):
    """The message names the table."""
    with pytest.raises(LogError, match=rf"{table.__name__}: step_days must be"):
        table(STORY, step_days=0)


@given(any_log())
def test_the_stock_integrates_to_the_time_in_stages(log):
    """Times are eighths of a day, so a sum over eighths is exact."""
    table = work_in_progress(log, step_days=1 / 8).groupby("stage")["count"].sum() / 8
    visits = histories(log).visits
    days = {
        stage.name: (visits.left - visits.entered)[visits.stage == code].sum()
        for code, stage in enumerate(log.graph.stages)
        if not stage.terminal
    }

    assert table.to_dict() == days


@given(any_log())
def test_queues_integrate_to_the_waits(log):
    """The queue over time holds as many lead days as the leads waited."""
    table = queue_length(log, step_days=1 / 8).groupby("team")["waiting"].sum() / 8
    waits = histories(log).waits

    assert table.to_dict() == {
        team.name: waits.days[waits.team == code].sum()
        for code, team in enumerate(log.graph.teams)
    }


@given(any_log())
def test_everybody_who_joined_is_somewhere(log):
    """Taken up, gave up and still waiting are all who joined."""
    table = response_times(log)
    parts = table[["taken_up", "gave_up", "still_waiting"]].sum(axis=1)

    assert parts.tolist() == table["joined"].tolist()
    assert table["joined"].sum() == np.sum(log.event == 1)
