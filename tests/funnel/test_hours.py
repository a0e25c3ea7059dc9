"""Open time of whole columns."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from logs import GRAPH, STORY, log_of

from simlib.calendars import ALWAYS_ON, BUSINESS_HOURS, open_days
from simlib.funnel import histories
from simlib.funnel.hours import busy_days, open_days_until
from simlib.log import StageInfo, TeamInfo


@given(
    st.sampled_from([ALWAYS_ON, BUSINESS_HOURS]),
    st.lists(st.floats(0, 1000), min_size=1, max_size=20),
)
def test_columns_agree_with_single_moments(calendar, moments):
    """The open time of a column is that of each moment alone."""
    assert open_days_until(calendar, np.array(moments)).tolist() == pytest.approx(
        [open_days(calendar, moment) for moment in moments], abs=1e-9
    )


def business(start: float, finish: float):
    """Return a log of one piece of work of a team with business hours."""
    teams = (TeamInfo("sdr", 2, BUSINESS_HOURS), TeamInfo("ae", 1))
    life = [(start, "enter", "mql"), (start, "start", "mql"), (finish, "finish", "mql")]
    return log_of([("web", life)], dataclasses.replace(GRAPH, teams=teams, horizon=7))


def test_work_over_night_counts_open_hours_only():
    """From Monday 16:00 to Tuesday 10:00 a person works two hours."""
    past = histories(business(16 / 24, 1 + 10 / 24))

    assert busy_days(past).tolist() == pytest.approx([2 / 24])
    assert past.marks.capacity_days.tolist() == pytest.approx([2 * 5 / 3, 7])


def test_always_open_counts_every_hour():
    """Without a calendar all time is open time."""
    assert busy_days(histories(STORY)).tolist() == [1, 3, 1, 2, 3, 1]
    assert histories(STORY).marks.capacity_days.tolist() == [10, 20]


def test_where_a_team_holds_slots_only_slots_count():
    """Its servers are slots, so what its people do elsewhere is not busy time."""
    stages = tuple(
        StageInfo("captured", team="ae") if stage.name == "captured" else stage
        for stage in GRAPH.stages
    )
    life = [
        (1, "enter", "captured"),
        (1, "start", "captured"),
        (3, "finish", "captured"),
        (3, "enter", "opportunity"),
        (3, "start", "opportunity"),
        (7, "enter", "customer"),
    ]
    log = log_of([("web", life)], dataclasses.replace(GRAPH, stages=stages))

    assert busy_days(histories(log)).tolist() == [0, 4]
