"""Intervals: known answers, and how often they cover the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simlib.studies.further import FOR_LESS, NOT_TOLD, further_customer
from simlib.studies.intervals import (
    confidence_above,
    interval,
    ratio_interval,
)


def test_students_interval_of_three_values():
    """Of 1, 2, 3 the mean is 2 and the half-width 4.3027 / sqrt(3)."""
    found = interval(np.array([1.0, 2.0, 3.0]))
    half = 4.302653 / math.sqrt(3)

    assert (found.low, found.mean, found.high) == pytest.approx((2 - half, 2, 2 + half))


def test_one_replication_has_no_interval():
    """With one value there is a mean and no ends."""
    found = interval(np.array([5.0]))

    assert (found.mean, math.isnan(found.low), math.isnan(found.high)) == (
        5,
        True,
        True,
    )


def test_undefined_replications_are_left_out_and_counted():
    """A share of nobody is no zero: it is left out, and the count says so."""
    found = interval(np.array([1.0, np.nan, 3.0]))

    assert (found.mean, found.replications) == (2.0, 2)


def test_the_ratio_of_proportional_worlds_is_exact():
    """If one world is always 1.5 times the other, the interval has no width."""
    base = np.array([10.0, 12.0, 9.0, 14.0])
    found = ratio_interval(1.5 * base, base)

    assert (found.low, found.mean, found.high) == pytest.approx((1.5, 1.5, 1.5))


def test_a_further_customer_costs_what_more_spend_brings():
    """Each of 2, 3, 4 more customers for 50 each: 50, and no doubt of it."""
    more = np.array([2.0, 3.0, 4.0])
    cost = further_customer(50 * more, more).cost

    assert (cost.low, cost.mean, cost.high) == pytest.approx((50, 50, 50))


def test_spend_of_one_size_is_divided_by_the_mean_of_more_customers():
    """600 more for 2, 3, 4 customers: 200, with Student's interval of the ratio."""
    cost = further_customer(np.full(3, 600.0), np.array([2.0, 3.0, 4.0])).cost
    half = 4.302653 * 200 / math.sqrt(3) / 3

    ends = (200 - half, 200, 200 + half)
    assert (cost.low, cost.mean, cost.high) == pytest.approx(ends)


@pytest.mark.parametrize(
    ("spend", "customers", "why"),
    [
        ([600, 600, 600], [-1, 0, 2], NOT_TOLD),
        ([600, 600, 600], [0, 0, 0], NOT_TOLD),
        ([-600, -610, -590], [3, 4, 3], FOR_LESS),
        ([-600, -610, -590], [-3, -4, -3], ""),
    ],
)
def test_where_there_is_no_such_cost_a_word_says_why(spend, customers, why):
    """Not told apart, or had for less; fewer customers for less have a cost again."""
    found = further_customer(np.array(spend, float), np.array(customers, float))

    assert found.why == why


@pytest.mark.parametrize("spend", [[0, 0, 0], [600]])
def test_the_same_spend_asks_nothing(spend):
    """Who spends the same, or has one run only, is told nothing."""
    gap = np.arange(1.0, len(spend) + 1)

    assert further_customer(np.array(spend, float), gap) is None


@pytest.mark.parametrize(
    ("values", "confidence"), [([1, 1, 1], 1.0), ([-1, -1, -1], 0.0), ([0, 0, 0], 0.5)]
)
def test_confidence_without_luck(values, confidence):
    """Where every replication agrees there is no doubt; of nothing, an even one."""
    assert confidence_above(np.array(values, float)) == confidence


def test_intervals_cover_the_truth_in_19_of_20_studies():
    """Of 4,000 means and ratios on normal luck 95% are covered, within chance."""
    luck = np.random.default_rng(3)
    means = ratios = 0
    for _ in range(4000):
        first, second = luck.normal(10, 3, (2, 12))
        found = interval(first)
        means += found.low <= 10 <= found.high
        found = ratio_interval(first + second, 2 * second)
        ratios += found.low <= 1 <= found.high

    assert means / 4000 == pytest.approx(0.95, abs=0.012)
    assert ratios / 4000 == pytest.approx(0.95, abs=0.02)
