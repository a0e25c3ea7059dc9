"""BANT in closed form, against printed numbers (7.14)."""

from __future__ import annotations

import math

import pytest
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import Checklist

SHARES = (0.55, 0.45, 0.65, 0.40)
WINS = (0, 0.02, 0.08, 0.22, 0.45)
BANT = Checklist(SHARES, sensitivity=0.90, specificity=0.85)


def test_how_many_answers_are_yes():
    """Chances of 0 to 4 yes; three or more are 32.7% of leads."""
    counts = BANT.counts()

    assert list(counts) == printed((0.051975, 0.237225, 0.383975, 0.262475, 0.064350))
    assert Checklist(SHARES).passing(3) == printed(0.326825)


def test_how_many_sound_like_yes():
    """Heard with Se .90 and Sp .85, 36.3% have three or more, 7.9% all four."""
    assert [BANT.passing(3), BANT.passing(4)] == printed((0.363432, 0.078667))


def test_the_stricter_the_list_the_more_are_won():
    """Of those with at least 0 to 4 heard, 12.2% to 32.9% are won."""
    won = [BANT.won(needed, WINS) for needed in range(5)]

    assert won == printed((0.122165, 0.127290, 0.153102, 0.217189, 0.329081))


def test_a_longer_list():
    """Of six sure answers all are yes; of a list that hears nothing nobody passes."""
    assert 1.0 == Checklist([1.0] * 6).passing(6)
    assert math.isnan(Checklist([1.0], sensitivity=0.0).won(1, (0, 1)))


def test_impossible_lists_are_refused():
    """Shares are shares, a list has questions, and needs no more yes than it has."""
    with pytest.raises(TheoryError, match="shares must hold at least one"):
        Checklist([])
    with pytest.raises(TheoryError, match="share must be a share"):
        Checklist([55])
    with pytest.raises(TheoryError, match="needed must be a whole number from 0 to 4"):
        BANT.passing(5)
    with pytest.raises(TheoryError, match="wins must hold 5 shares"):
        BANT.won(3, (0, 1))
