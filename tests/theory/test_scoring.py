"""Scores and their thresholds, against printed numbers (7.14)."""

from __future__ import annotations

import pytest
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import ErlangPassage, PointsRace, events_needed

READY = ((10, 1.6), (5, 1.0), (20, 1.0))
NOT_YET = ((10, 0.25), (5, 0.5), (20, 0.3))
JUNK = ((10, 0.1), (5, 0.7), (20, 0.1))


@pytest.mark.parametrize(
    ("start", "rate", "events", "mean", "within"),
    [
        (0, 2.0, 8, 4, 0.256020),
        (0, 0.5, 8, 16, 0.000170),
        (15, 2.0, 6, 3, 0.554320),
        (15, 0.5, 6, 12, 0.004456),
    ],
)
def test_visits_to_the_pricing_page(start, rate, events, mean, within):
    """So many visits of 10 points make 75; how many months, and how often in three."""
    needed = events_needed(75, 10, start)
    passage = ErlangPassage(needed, rate)

    assert (events, mean) == (needed, passage.mean)
    assert passage.within(3) == printed(within)


@pytest.mark.parametrize(
    ("actions", "start", "by_month"),
    [
        (READY, 15, (0.232713, 0.749651, 0.955192)),
        (READY, 0, (0.104848, 0.578369, 0.893378)),
        (NOT_YET, 15, (0.005195, 0.043344, 0.134600)),
        (NOT_YET, 0, (0.000692, 0.011666, 0.051912)),
        (JUNK, -5, (0.000008, 0.000231, 0.001734)),
    ],
)
def test_who_has_75_points_by_when(actions, start, by_month):
    """The chance of 75 points within one, two and three months."""
    race = PointsRace(actions, start)

    assert [race.reaches(75, month) for month in (1, 2, 3)] == printed(by_month)


def test_points_a_month():
    """Ready leads gather 41 points a month, those not ready yet 11, junk 6.5."""
    races = [PointsRace(actions) for actions in (READY, NOT_YET, JUNK)]

    assert [race.mean_rate for race in races] == pytest.approx([41, 11, 6.5])


def test_who_starts_above_the_threshold_has_passed():
    """Points enough at the start need no action, and no time."""
    assert 1.0 == PointsRace([], start=75).reaches(75, 0)
    assert 0.0 == PointsRace([(0, 9.0)], start=74).reaches(75, 9)
    assert 0 == events_needed(75, 10, 80)


def test_impossible_scores_are_refused():
    """Points are whole and not negative here; rates and times are not negative."""
    with pytest.raises(TheoryError, match="points must be whole"):
        PointsRace([(2.5, 1.0)])
    with pytest.raises(TheoryError, match="points must be 0 or more"):
        PointsRace([(-5, 1.0)])
    with pytest.raises(TheoryError, match="time must be 0 or more"):
        PointsRace([(5, 1.0)]).reaches(75, -1)
    with pytest.raises(TheoryError, match="points must be above 0"):
        events_needed(75, 0)
