"""Shares multiplied, blended and compared, against reference numbers."""

from __future__ import annotations

import pytest
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import PoissonCount, blended_rate, relative_change, strict_rate


def test_strict_chain():
    """Four default rates in a row leave 1.27% of leads as customers."""
    assert strict_rate([0.30, 0.35, 0.55, 0.22]) == printed(0.012705)


def test_textbook_sum():
    """100 leads, 10%, 20%: two customers a month, and none in 13.5% of months."""
    customers = PoissonCount(100 * strict_rate([0.10, 0.20]))
    assert customers.expected == pytest.approx(2.0)
    assert (customers.chance(0), customers.range()) == (printed(0.135335), (0, 5))


def test_blend_falls_while_both_sources_rise():
    """Both sources convert 20% better, and the blend falls by 34.5%."""
    before = blended_rate({"seo": (200, 0.05), "linkedin": (100, 0.01)})
    after = blended_rate({"seo": (200, 0.06), "linkedin": (600, 0.012)})
    assert (before, after) == (printed(0.03667, 5), printed(0.02400, 5))
    assert after / before - 1 == printed(-0.345, 3)


@pytest.mark.parametrize(
    ("base", "change"), [(0.0667, 0.300), (0.08, 0.25), (0.10, 0.20), (0.025, 0.80)]
)
def test_two_points(base, change):
    """Two points are 20 to 30% only on a base of 6.67 to 10%."""
    assert relative_change(base, 0.02) == printed(change, 3)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: strict_rate([]), "rates must hold at least one value"),
        (lambda: strict_rate([0.5, 1.2]), "rate must be a share, 0 to 1; given: 1.2"),
        (lambda: blended_rate({}), "leads of all sources must be above 0"),
        (lambda: blended_rate({"a": (-1, 0.1)}), "leads must be 0 or more"),
        (lambda: relative_change(0.0, 0.02), "base must be above 0"),
        (lambda: relative_change(0.99, 0.02), r"base \+ points must be a share"),
    ],
)
def test_impossible_rates_are_refused(ask, message):
    """Each wrong share or count is named."""
    with pytest.raises(TheoryError, match=message):
        ask()
