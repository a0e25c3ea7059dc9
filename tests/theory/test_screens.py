"""Telling ready leads from others, against reference numbers."""

from __future__ import annotations

import math

import pytest
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import Screen


@pytest.mark.parametrize(
    ("sensitivity", "specificity", "ready", "others", "passed"),
    [
        (0.85, 0.80, 0.611185, 0.935148, 0.375500),
        (0.75, 0.90, 0.735027, 0.906832, 0.275500),
        (0.95, 0.60, 0.467639, 0.970100, 0.548500),
    ],
)
def test_three_screens(sensitivity, specificity, ready, others, passed):
    """Predictive values and pass share when 27% of the leads are ready."""
    found = Screen(sensitivity, specificity).apply(0.27)
    assert (
        found.ready_among_passed,
        found.others_among_held,
        found.pass_share,
    ) == printed((ready, others, passed))


def test_a_screen_that_is_always_open_holds_nobody():
    """Passing everybody keeps the mix, and says nothing of those held."""
    found = Screen(1.0, 0.0).apply(0.27)
    assert (found.pass_share, found.ready_among_passed) == pytest.approx((1.0, 0.27))
    assert math.isnan(found.others_among_held)


def test_a_screen_that_is_shut_passes_nobody():
    """Passing nobody says nothing of those who pass."""
    assert math.isnan(Screen(0.0, 1.0).apply(0.27).ready_among_passed)


def test_impossible_screens_are_refused():
    """Sensitivity and specificity are shares, and so is the mix."""
    with pytest.raises(TheoryError, match="sensitivity must be a share"):
        Screen(85, 0.8)
    with pytest.raises(TheoryError, match="ready_share must be a share"):
        Screen(0.85, 0.8).apply(27)
