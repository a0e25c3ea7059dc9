"""Time in stage and time to customer, with a horizon that cuts things off."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from logs import NOTHING, STORY, any_log, log_of

from simlib.funnel import time_in_stage, time_to_customer


def in_captured(*days, cut=()):
    """Return time_in_stage of captured, for stays that ended or were cut off."""
    lives = [
        ("web", [(1, "enter", "captured"), (1 + d, "enter", "lost")]) for d in days
    ]
    lives += [("web", [(10 - d, "enter", "captured")]) for d in cut]
    return time_in_stage(log_of(lives)).set_index("stage").loc["captured"]


def test_finished_stays_have_plain_quantiles():
    """Of stays of 1, 2, 3 and 4 days the median is 2 and the mean 2.5."""
    row = in_captured(1, 2, 3, 4)

    assert (4, 4, 0) == (row["visits"], row["left"], row["there_now"])
    assert (1, 2, 3) == (row["p25_days"], row["median_days"], row["p75_days"])
    assert row["mean_days"] == pytest.approx(2.5)


def test_unfinished_stays_count_for_as_long_as_they_were_seen():
    """A stay cut off at 2.5 days moves the median of the four others from 2 to 3."""
    row = in_captured(1, 2, 3, 4, cut=[2.5])

    assert (5, 4, 1) == (row["visits"], row["left"], row["there_now"])
    assert row["median_days"] == 3


def test_what_the_curve_does_not_reach_is_unknown():
    """If three of four stays go on, half have not left, and nobody knows when."""
    row = in_captured(1, cut=[5, 5, 5])

    assert row["p25_days"] == 1
    assert math.isnan(row["median_days"])
    assert row["mean_days"] == pytest.approx(1 + 4 * 0.75)


def test_ends_are_no_stages_to_be_in():
    """Customers and lost leads are not on their way."""
    assert time_in_stage(STORY)["stage"].tolist() == [
        "visitor",
        "captured",
        "mql",
        "opportunity",
        "nurture",
    ]


def test_lost_leads_are_not_taken_for_slow_ones():
    """One of three is lost, one buys, one is cut off: the lost one never buys."""
    lives = [
        [(0, "enter", "captured"), (2, "enter", "lost")],
        [(0, "enter", "captured"), (4, "enter", "customer")],
        [(7, "enter", "captured")],
    ]
    table = time_to_customer(log_of([("web", life) for life in lives]))

    assert table["age_days"].tolist() == [2, 3, 4]
    assert table["customers"].tolist() == pytest.approx([0, 0, 2 / 3])
    assert table["lost"].tolist() == pytest.approx([1 / 3] * 3)
    assert table["at_risk"].tolist() == [3, 2, 1]


def test_the_visit_cap_is_a_loss():
    """Who is ended by the cap will not buy either."""
    life = [(0, "enter", "captured"), (2, "end", "captured", "visit cap")]
    table = time_to_customer(log_of([("web", life)]))

    assert table[["customers", "lost"]].to_numpy().tolist() == [[0, 1]]


def test_nothing_happened_has_no_times():
    """Tables of a log without rows are there, with nothing known."""
    assert time_in_stage(NOTHING)["visits"].tolist() == [0] * 5
    assert len(time_to_customer(NOTHING)) == 0


@given(any_log())
def test_shares_of_leads_sum_to_one(log):
    """At each age a lead is a customer, lost, or in progress."""
    table = time_to_customer(log)

    assert table[["customers", "lost", "in_progress"]].sum(axis=1).tolist() == (
        pytest.approx([1] * len(table))
    )
    assert table["customers"].is_monotonic_increasing
