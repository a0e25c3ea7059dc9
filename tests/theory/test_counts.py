"""How far counts swing by luck, against reference numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import (
    BinomialCount,
    Contest,
    PoissonCount,
    base_events_needed,
    contest,
    ratio_interval,
    ratio_p_value,
)


def test_two_customers_a_month():
    """At a mean of 2, one month in seven is empty and few years have none empty."""
    month = PoissonCount(2)
    found = month.chance(0), month.at_least(4), month.at_least(1) ** 12
    assert found == printed((0.135335, 0.142877, 0.174652))


def test_a_year_of_twenty_four():
    """A year with a mean of 24 customers has fewer than 20 in 18% of cases."""
    assert PoissonCount(24).at_most(19) == printed(0.180261)


def test_a_hundred_leads_without_a_customer():
    """A fixed hundred leads is nearly, but not quite, Poisson."""
    assert BinomialCount(100, 0.02).chance(0) == printed(0.132620)


def test_customers_of_a_year_of_leads():
    """3,600 leads give 45.7 customers, 33 to 59 in 95% of years."""
    year = BinomialCount(3600, 0.012705)
    assert (year.mean, year.range()) == (printed(45.738, 3), (33, 59))


def test_fifteen_against_twenty_two():
    """A jump from 15 to 22 events is no evidence of anything."""
    assert ratio_p_value(15, 22) == printed(0.324009)


def test_unequal_windows_are_allowed_for():
    """20 events in twice the time of 10 are exactly the same rate."""
    assert ratio_p_value(20, 10, exposure_ratio=2.0) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("base", "low", "high"),
    [(15, 0.763, 2.833), (30, 0.924, 2.338), (60, 1.059, 2.041), (90, 1.125, 1.921)],
)
def test_interval_of_plus_47_percent(base, low, high):
    """+47% leaves 1 inside its interval until some 60 events were seen before."""
    assert ratio_interval(base, 1.47) == printed((low, high), 3)


@pytest.mark.parametrize(("value_cv", "needed"), [(0, 88.853384), (1, 177.706768)])
def test_events_needed_for_plus_47_percent(value_cv, needed):
    """80% power needs 89 events before, twice that if deal values vary as much."""
    # the reference rounded its normal quantiles to six digits
    assert base_events_needed(1.47, value_cv=value_cv) == pytest.approx(
        needed, rel=1e-6
    )


def test_twenty_good_leads_against_a_hundred():
    """20 leads at 15% beat 100 at 2% in 60% of months."""
    assert contest(BinomialCount(20, 0.15), BinomialCount(100, 0.02)) == Contest(
        better=printed(0.5955, 4), tie=printed(0.1698, 4), worse=printed(0.2347, 4)
    )


def test_over_a_year_the_better_leads_win():
    """The same over twelve months: 94%."""
    year = contest(BinomialCount(240, 0.15), BinomialCount(1200, 0.02))
    assert year.better == printed(0.9411, 4)


@given(st.floats(0, 200), st.floats(0, 200))
def test_a_contest_is_complete_and_fair(first, second):
    """Better, tie and worse add up to 1, and turn round when the sides change."""
    there = contest(PoissonCount(first), PoissonCount(second))
    back = contest(PoissonCount(second), PoissonCount(first))
    assert there.better + there.tie + there.worse == pytest.approx(1.0)
    assert (back.better, back.tie) == pytest.approx((there.worse, there.tie))


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: PoissonCount(-1), "expected must be 0 or more"),
        (lambda: BinomialCount(0, 0.1), "trials must be a whole number from 1"),
        (lambda: BinomialCount(10, 1.1), "share must be a share"),
        (lambda: PoissonCount(2).range(95), "level must be a share"),
        (lambda: ratio_p_value(0, 0), "first . second must be a whole number from 1"),
        (lambda: ratio_p_value(1.5, 2.5), "counts must be whole"),
        (lambda: ratio_interval(0, 1.2), "base_events must be above 0"),
        (lambda: ratio_interval(9, 1.2, 1.0), "level must be below 1"),
        (lambda: base_events_needed(1.0), "ratio must differ from 1"),
        (lambda: base_events_needed(1.5, power=1.0), "power must be below 1"),
    ],
)
def test_impossible_counts_are_refused(ask, message):
    """Each wrong count, share or level is named."""
    with pytest.raises(TheoryError, match=message):
        ask()
