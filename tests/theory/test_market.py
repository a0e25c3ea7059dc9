"""Goodwill and the cost spiral in closed form, against printed numbers."""

from __future__ import annotations

import pytest
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import CostSpiral, Goodwill

QUARTER = 91.3125
GOODWILL = Goodwill(180)
SPIRAL = CostSpiral(0.30, 180)


def test_goodwill_fills_and_fades():
    """The stock of 7.11 under a steady inflow, and after a pulse of 90 days."""
    assert GOODWILL.at(90, inflow=1) == printed(76.060007)
    assert GOODWILL.at(365, inflow=1) == printed(196.001874)
    assert 1 / GOODWILL.fading == printed(259.685107)
    pulse = GOODWILL.at(90, inflow=2)
    assert GOODWILL.at(365 - 90, inflow=0, start=pulse) == printed(52.756918)


@pytest.mark.parametrize(
    ("size", "mean", "variance", "fullness"),
    [(1.0, 0.682540, 0.341270, 0.419410), (0.5, 0.341270, 0.085317, 0.261357)],
)
def test_memory_is_shot_noise(size, mean, variance, fullness):
    """Mean, variance, fullness of a memory at .08 meetings a month (7.11)."""
    memory = GOODWILL.memory(0.08, size)

    assert memory.mean == printed(mean)
    assert memory.variance == printed(variance)
    assert memory.fullness() == printed(fullness)


@pytest.mark.parametrize(
    ("days", "fullness"),
    [(90, 0.335767), (180, 0.261357), (365, 0.145854), (730, 0.039632)],
)
def test_memory_after_the_last_meeting(days, fullness):
    """Fullness some days after all meetings stop (7.11)."""
    assert GOODWILL.memory(0.08, 1.0).fullness(days) == printed(fullness)


def test_the_spiral():
    """At the ends of eight quarters, and on average in them (7.12)."""
    ends = [SPIRAL.after_cut(QUARTER * number) for number in range(1, 9)]
    means = [
        SPIRAL.average_after_cut(QUARTER * number, QUARTER * (number + 1))
        for number in range(8)
    ]

    assert [round(end, 6) for end in ends] == [
        *(1.261863, 1.546839, 1.839036, 2.120902),
        *(2.377241, 2.598169, 2.779931, 2.923837),
    ]
    assert [round(mean, 6) for mean in means] == [
        *(1.123379, 1.398190, 1.688853, 1.978172),
        *(2.249264, 2.489265, 2.691298, 2.854280),
    ]


def test_from_zero():
    """Demand funded from nothing: from 3.33 to 1.04 in eight quarters (7.12b)."""
    costs = [SPIRAL.from_zero(QUARTER * number) for number in range(9)]

    assert [round(cost, 6) for cost in costs] == [
        *(3.333333, 1.970363, 1.530175, 1.322337, 1.206997),
        *(1.137211, 1.092760, 1.063514, 1.043859),
    ]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: Goodwill(-1), "half_life must be above 0"),
        (lambda: CostSpiral(1.5, 180), "floor must"),
        (lambda: GOODWILL.at(-1, inflow=1), "day must be 0 or more"),
    ],
)
def test_what_cannot_be_is_said(ask, message):
    """One line names the argument and what it may be."""
    with pytest.raises(TheoryError, match=message):
        ask()
