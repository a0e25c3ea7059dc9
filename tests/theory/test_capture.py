"""Spend against meetings, and a habit that spreads, in closed form."""

from __future__ import annotations

import pytest

from simlib.errors import TheoryError
from simlib.theory import SpendCurve, Uptake

CURVE = SpendCurve(pool=246.4, first_cost=8)
HABIT = Uptake(half_on=365, days=1095.75)


@pytest.mark.parametrize(
    ("spend", "meetings", "marginal", "average"),
    [(0, 0, 8, 8), (2000, 157.06, 22.07, 12.73), (8000, 242.14, 463.1, 33.04)],
)
def test_spend_buys_less_and_less(spend, meetings, marginal, average):
    """Worked by hand: 246.4 (1 - exp(-spend / 1971.2)), and its inverse slope."""
    assert CURVE.meetings(spend) == pytest.approx(meetings, rel=1e-3)
    assert CURVE.marginal_cost(spend) == pytest.approx(marginal, rel=1e-3)
    assert CURVE.average_cost(spend) == pytest.approx(average, rel=1e-3)


def test_no_spend_passes_the_pool():
    """However much is spent, there is no meeting more than there are."""
    assert CURVE.meetings(1e9) == pytest.approx(246.4)
    assert CURVE.marginal_cost(1e9) == float("inf")


def test_the_marginal_cost_is_the_slope():
    """One unit of money more buys 1 / marginal cost meetings more."""
    more = CURVE.meetings(3000.5) - CURVE.meetings(2999.5)

    assert more == pytest.approx(1 / CURVE.marginal_cost(3000), rel=1e-6)


def test_a_habit_spreads_from_a_tenth_to_nine_tenths():
    """Half on the day that is said, a tenth and nine tenths around it."""
    shares = [HABIT.at(365 + step * 1095.75) for step in (-0.5, 0, 0.5)]

    assert shares == pytest.approx([0.1, 0.5, 0.9])


def test_the_average_is_the_integral():
    """The mean of a year is that of its days, and of all time nearly all or nothing."""
    days = [HABIT.at(day + 0.5) for day in range(365)]

    assert HABIT.average(0, 365) == pytest.approx(sum(days) / 365, rel=1e-6)
    assert HABIT.average(1e6, 1e6 + 1) == pytest.approx(1)
    assert HABIT.average(-1e6, -1e6 + 1) == pytest.approx(0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: SpendCurve(0, 8), "pool must be above 0"),
        (lambda: CURVE.meetings(-1), "spend must be 0 or more"),
        (lambda: Uptake(365, 0), "days must be above 0"),
        (lambda: HABIT.at(float("nan")), "day must be a finite number"),
        (lambda: HABIT.average(9, 9), "days must be above 0"),
    ],
)
def test_bad_input_is_explained(wrong, message):
    """One line names the argument and what may be."""
    with pytest.raises(TheoryError, match=message):
        wrong()
