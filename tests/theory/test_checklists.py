"""BANT in closed form, against printed numbers (7.14)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from printed import printed
from scipy.stats import norm

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


@pytest.mark.parametrize("questions", [1, 2, 4, 7])
def test_even_answers_with_half_in_common_are_ranks(questions):
    """Of answers that are even and correlate by half, each count is as likely.

    The factor and the answers' own parts then weigh the same, and a count is the rank
    of one among questions + 1 equals.
    """
    counts = Checklist([0.5] * questions, common=0.5).counts()

    assert [*counts] == pytest.approx([1 / (questions + 1)] * (questions + 1), abs=1e-9)


@pytest.mark.parametrize("common", [1e-6, 0.1, 0.3, 0.7, 0.99, 1 - 1e-6])
def test_two_even_answers_are_an_arcsine(common):
    """Both are yes with chance 1/4 + arcsin(rho) / (2 pi) (Sheppard, 1899)."""
    both = Checklist([0.5, 0.5], common=common).counts()[2]

    assert both == pytest.approx(0.25 + math.asin(common) / (2 * math.pi), abs=1e-9)


@pytest.mark.parametrize("common", [0.2, 0.5, 0.9])
def test_uneven_answers_are_a_plain_sum_over_the_factor(common):
    """The law is what small steps over the factor's values add up to."""
    factor = np.arange(-10, 10, 1e-3)
    weight = norm.pdf(factor) * 1e-3
    bounds = norm.ppf(SHARES)[:, None] - math.sqrt(common) * factor
    yes = norm.cdf(bounds / math.sqrt(1 - common))
    none_to_all = Checklist(SHARES, common=common).counts()

    assert none_to_all[4] == pytest.approx(yes.prod(axis=0) @ weight, abs=1e-9)
    assert none_to_all[0] == pytest.approx((1 - yes).prod(axis=0) @ weight, abs=1e-9)


@pytest.mark.parametrize("common", [1e-9, 0.5, 1 - 1e-12])
def test_what_is_in_common_changes_no_share(common):
    """The mean count stays, what is sure stays sure, and chances sum to one."""
    law = Checklist([0.55, 0.0, 1.0, 0.40], 0.90, 0.85, common).joint()

    assert law.sum() == pytest.approx(1, abs=1e-9)
    assert law.sum(axis=1) @ range(5) == pytest.approx(1.95, abs=1e-8)
    assert law[0].sum() == law[4].sum() == 0


def test_between_nothing_and_all_in_common():
    """Next to nothing is the independent law; all but all, the one of one number."""
    nothing, everything = (Checklist(SHARES, common=c) for c in (1e-12, 1 - 1e-12))

    assert [*nothing.counts()] == pytest.approx([*BANT.counts()], abs=1e-5)
    assert [*everything.counts()] == pytest.approx(
        [0.35, 0.1, 0.1, 0.05, 0.4], abs=1e-5
    )


def test_what_is_in_common_helps_the_strict():
    """Four heard are passed by 7.9% to 21.4%, one heard by 95.5% to 84.8%."""
    lists = [Checklist(SHARES, 0.90, 0.85, common) for common in (0, 0.2, 0.5, 0.8)]

    assert [each.passing(4) for each in lists] == printed(
        [0.078667, 0.108140, 0.156077, 0.214243]
    )
    assert [each.passing(1) for each in lists] == printed(
        [0.955296, 0.932657, 0.894711, 0.848142]
    )


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
    with pytest.raises(TheoryError, match="common must be below 1"):
        Checklist(SHARES, common=1.0)
    with pytest.raises(TheoryError, match="common must be a share"):
        Checklist(SHARES, common=-0.5)
    with pytest.raises(TheoryError, match="wins must hold 5 shares"):
        BANT.won(3, (0, 1))
