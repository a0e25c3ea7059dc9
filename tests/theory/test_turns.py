"""People who are dealt arrivals in turn, against numbers by hand and limits."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import RoundRobin, erlang_c_desk


def test_two_people_busy_for_half_their_time_are_the_golden_section():
    """Where sigma (2 - sigma)^2 = 1, sigma is (3 - root of 5) / 2, a wait of .618.

    One queue for both would have them wait 1 / 3.
    """
    desk = RoundRobin(1, 1, 2)
    sigma = (3 - math.sqrt(5)) / 2
    found = desk.wait_share, desk.wait_mean, desk.queue_mean

    assert found == pytest.approx((sigma, 1 / sigma - 2, 1 / sigma - 2), rel=1e-14)
    assert erlang_c_desk(1, 1, 2).wait_mean == pytest.approx(1 / 3)


def test_three_reps_at_150_leads_a_month():
    """They make leads wait 4.34 h, where one queue for all would take 1.82 h."""
    desk, rate, sigma = RoundRobin(150 / 168, 2.5, 3), 150 / 168, 0.0
    for _ in range(200):
        sigma = (rate / (rate + 0.4 * (1 - sigma))) ** 3

    assert (desk.wait_share, desk.wait_mean) == printed((sigma, 4.339537))


@pytest.mark.parametrize("load", [1e-6, 0.3, 0.999])
def test_one_person_alone_has_one_queue(load):
    """With one person it is M/M/1: sigma is the load."""
    desk, pooled = RoundRobin(load, 1, 1), erlang_c_desk(load, 1, 1)

    assert desk.wait_share == pytest.approx(load, rel=1e-9)
    assert desk.wait_mean == pytest.approx(pooled.wait_mean, rel=1e-9)


def test_many_people_are_met_like_clockwork():
    """Dealt among very many, arrivals come to each at even spans, as to D/M/1."""
    sigma = 1 - RoundRobin(50_000, 1, 100_000).wait_share

    assert math.exp(-2 * sigma) == pytest.approx(1 - sigma, rel=1e-4)


def test_under_a_full_load_only_the_spread_of_work_is_left():
    """Near load 1 the wait is (1 + 1 / c) / 2 of that of M/M/1 (Kingman 1961)."""
    desk = RoundRobin(3 * 0.9999, 1, 3)

    assert desk.wait_mean * (1 - 0.9999) == pytest.approx((1 + 1 / 3) / 2, rel=1e-3)


@given(st.integers(2, 40), st.floats(0.01, 0.99))
def test_separate_queues_are_dearer_than_one(people, load):
    """At any load leads wait longer than in one queue for all people."""
    rate = load * people

    assert (
        RoundRobin(rate, 1, people).wait_mean > erlang_c_desk(rate, 1, people).wait_mean
    )


def test_waits_have_their_law():
    """The mean is the area above the share that is served within a time."""
    from scipy.integrate import quad

    desk = RoundRobin(1.1, 2.5, 3)
    area, _ = quad(lambda wait: 1 - desk.served_within(wait), 0, 1000)

    assert area == pytest.approx(desk.wait_mean)


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (
            (1.2, 2.5, 3),
            "load per person must be below 1 when nobody gives up; it is 1",
        ),
        ((0, 2.5, 3), "arrival_rate must be above 0 and finite; given: 0"),
        ((1, 2.5, 1.5), "people must be a whole number from 1; given: 1.5"),
    ],
)
def test_what_cannot_be_is_refused(given, line):
    """Too much work, no arrivals or one and a half people are answered in a line."""
    with pytest.raises(TheoryError, match=line):
        RoundRobin(*given)
