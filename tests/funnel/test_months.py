"""Cohorts and periods: the same months, read in two ways."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given
from logs import GRAPH, NOTHING, STORY, any_log, log_of

from simlib.errors import LogError
from simlib.funnel import cohort_curves, cohorts, days_to_maturity, periods
from simlib.funnel.columns import grid


def rows(table, *columns):
    """Return columns of a table as a list of tuples."""
    return list(table[list(columns)].itertuples(index=False, name=None))


def bought(captured, won):
    """Return a life that is captured and then won."""
    return "web", [(captured, "enter", "captured"), (won, "enter", "customer")]


def test_a_cohort_is_followed_from_its_month_of_capture():
    """The customer of day 7 belongs to the first month, in which it was captured."""
    columns = ("cohort", "from_day", "leads", "customers", "lost", "in_progress")

    assert rows(cohorts(STORY), *columns) == [(1, 0, 3, 1, 1, 1), (2, 5, 3, 0, 1, 2)]


def test_a_period_has_what_happened_in_it():
    """The customer of day 7 belongs to the second month, in which it was won."""
    columns = ("period", "from_day", "days", "leads", "customers", "lost")

    assert rows(periods(STORY), *columns) == [(1, 0, 5, 3, 0, 1), (2, 5, 5, 3, 1, 1)]
    assert periods(STORY)["entered_mql"].tolist() == [3, 3]


def test_the_two_readings_differ():
    """The customer counts for the first month's leads or for the second month's."""
    third = pytest.approx(1 / 3)

    assert cohorts(STORY)["cohort_conversion"].tolist() == [third, 0]
    assert periods(STORY)["period_conversion"].tolist() == [0, third]


def test_a_cohort_is_mature_beyond_the_days_to_maturity():
    """Its youngest lead must be older than that."""
    table = cohorts(STORY, mature_after_days=4.9)

    assert rows(table, "age_days", "mature") == [(5, True), (0, False)]
    assert cohorts(STORY, mature_after_days=5)["mature"].tolist() == [False, False]


def test_days_to_maturity_come_from_the_log():
    """Of twenty customers, bought after 0.1 to 2 days, 19 have bought after 1.9."""
    log = log_of([bought(0, days / 10) for days in range(1, 21)])

    assert days_to_maturity(log) == pytest.approx(1.9)
    assert cohorts(log)["mature"].tolist() == [True, False]


def test_without_customers_nothing_is_mature():
    """There is nothing to read the days to maturity from."""
    log = log_of([("web", [(0, "enter", "captured")])])

    assert math.isnan(days_to_maturity(log))
    assert cohorts(log)["mature"].tolist() == [False, False]


def test_cohort_curves_rise_with_age_and_end_at_the_horizon():
    """Beyond what all leads of a cohort have been followed for, it is immature."""
    log = log_of([bought(1, 3), bought(4, 5), bought(6, 9), bought(7, 11)][:3])
    table = cohort_curves(log, step_days=2)
    columns = ("cohort", "age_days", "leads", "share", "mature")

    assert rows(table, *columns) == [
        (1, 0, 2, 0, True),
        (1, 2, 2, 1, True),
        (1, 4, 2, 1, True),
        (1, 6, 2, 1, False),
        (1, 8, 2, 1, False),
        (2, 0, 1, 0, True),
        (2, 2, 1, 0, False),
        (2, 4, 1, 1, False),
    ]


def test_a_month_that_the_horizon_cuts_is_a_short_one():
    """Twelve days are two months and two days; a horizon at a month's end adds none."""
    graph = dataclasses.replace(GRAPH, horizon=12)

    assert periods(log_of([], graph))["days"].tolist() == [5, 5, 2]
    assert len(grid(365.25, 30.4375)) == 12


def test_what_happens_at_the_turn_of_the_month_belongs_to_the_new_one():
    """Months are half-open, as the horizon is."""
    assert periods(log_of([bought(5, 6)]))["leads"].tolist() == [0, 1]


def test_period_conversion_is_too_low_under_growth():
    """All leads buy a month later and their number doubles: periods show a half."""
    leads = [(month, 2**month) for month in range(6)]
    lives = [bought(5 * month, 5 * month + 5) for month, n in leads for _ in range(n)]
    log = log_of(lives, dataclasses.replace(GRAPH, horizon=31))

    assert periods(log)["period_conversion"].tolist()[1:6] == [0.5] * 5
    assert cohorts(log)["cohort_conversion"].tolist()[:5] == [1] * 5


@pytest.mark.parametrize("step", [0, -1, math.nan, math.inf])
def test_an_impossible_step_is_refused(step):
    """The message names the table and what a step may be."""
    with pytest.raises(LogError, match=r"cohort_curves: step_days must be .* above 0"):
        cohort_curves(STORY, step_days=step)


def test_nothing_happened_gives_empty_months():
    """A log without rows has months without leads, and no curves."""
    assert cohorts(NOTHING)["leads"].tolist() == [0, 0]
    assert periods(NOTHING)["leads"].tolist() == [0, 0]
    assert len(cohort_curves(NOTHING)) == 0


@given(any_log())
def test_months_hold_everybody_once(log):
    """Cohorts and periods sum to the same leads, customers and losses."""
    counts = ["leads", "customers", "lost"]
    by_cohort, by_period = cohorts(log)[counts].sum(), periods(log)[counts].sum()

    assert by_cohort.tolist() == by_period.tolist()
