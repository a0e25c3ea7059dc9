"""In and out of the market in closed form: printed numbers, limits, plain sums."""

from __future__ import annotations

import math

import numpy as np
import pytest
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import Rhythm

RHYTHM = Rhythm(1736.25, 90)
REGULAR = Rhythm(1736.25, 90, out_cv=0.3)
SPREADS = [(0.3, 1.0), (1.0, 0.3), (0.5, 2.0)]
spreads = pytest.mark.parametrize(("out_cv", "in_cv"), SPREADS)


def test_the_rhythm_of_five_years():
    """4.93% are in the market; 97 of 1,000 within a quarter of 90 days (7.10)."""
    assert RHYTHM.share_inside == printed(0.049281)
    assert 1000 * RHYTHM.entries_a_year == printed(200.0)
    assert RHYTHM.autocorrelation(90) == printed(0.349296)
    assert RHYTHM.enters_within(365) == printed(0.189597)
    assert RHYTHM.inside_within(90) == printed(0.097307)


def test_one_formula_serves_exponential_spells_too():
    """All but exponential, the general forms give what the exponential ones do."""
    nearly = Rhythm(1736.25, 90, 1 + 1e-9, 1 - 1e-9)

    for days in (1, 90, 365, 3652):
        assert nearly.enters_within(days) == pytest.approx(
            1 - math.exp(-days / 1736.25), rel=1e-7
        )
        assert nearly.autocorrelation(days) == pytest.approx(
            RHYTHM.autocorrelation(days), rel=1e-6, abs=1e-9
        )


def test_exponential_spells_make_entries_a_little_regular():
    """With equal spells every second event of a Poisson process is an entry.

    At rate r, N is half of the M events in t days, rounded up or down by a fair coin
    where M is odd: its mean is r t / 2, its variance r t / 4 + P(M odd) / 4.
    """
    even, rate = Rhythm(50, 50), 1 / 50
    for days in (5, 50, 400):
        odd = (1 - math.exp(-2 * rate * days)) / 2
        variance = (rate * days + odd) / 4

        assert even.dispersion(days) == pytest.approx(variance / (rate * days / 2))


@spreads
def test_in_the_long_run_entries_vary_as_the_cycle_does(out_cv, in_cv):
    """Variance over mean tends to the squared cv of the whole cycle."""
    rhythm = Rhythm(300, 60, out_cv, in_cv)
    cycle = ((300 * out_cv) ** 2 + (60 * in_cv) ** 2) / 360**2
    variances = [rhythm.dispersion(days) * days / 360 for days in (18_000, 36_000)]

    assert variances[1] - variances[0] == pytest.approx(50 * cycle, rel=1e-6)


def test_clockwork_comes_once_a_cycle():
    """Where spells hardly vary, N is one of two numbers, by the day one begins on."""
    clock = Rhythm(300, 60, 0.001, 0.001)
    left = 100 / 360

    assert clock.dispersion(360 + 100) == pytest.approx(
        left * (1 - left) / (460 / 360), rel=1e-3
    )
    assert clock.enters_within(150) == pytest.approx(0.5)
    assert [clock.returns_within(days) for days in (295, 305)] == pytest.approx([0, 1])
    assert clock.autocorrelation(360) == pytest.approx(1, abs=0.01)


@spreads
def test_the_rest_of_a_spell_is_the_mean_of_what_is_longer(out_cv, in_cv):
    """Chances to enter are the sum of (1 - F) / mean over the days."""
    rhythm = Rhythm(300, 60, out_cv, in_cv)
    middles = np.arange(0.05, 200, 0.1)
    longer = [1 - rhythm.returns_within(float(day)) for day in middles]

    assert rhythm.enters_within(200) == pytest.approx(
        np.sum(longer) * 0.1 / 300, rel=1e-5
    )
    assert rhythm.autocorrelation(0) == pytest.approx(1)


def test_regular_needs_are_seldom_soon_and_never_far():
    """After a purchase 19% are back in a year at random, of regular ones 3 in 100,000.

    Of all who are out, as many enter in a week, and within five years all but a few.
    """
    assert RHYTHM.returns_within(365) == printed(0.189597)
    assert REGULAR.returns_within(365) == printed(0.000028)
    assert REGULAR.share_inside == RHYTHM.share_inside
    assert REGULAR.enters_within(7) == pytest.approx(RHYTHM.enters_within(7), rel=0.01)
    assert REGULAR.enters_within(1826) > 0.9 > RHYTHM.enters_within(1826)
    assert REGULAR.dispersion(3652) < 0.2 * RHYTHM.dispersion(3652)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: Rhythm(0, 90), "out_days must be above 0"),
        (lambda: Rhythm(300, 60, out_cv=0), "out_cv must be above 0"),
        (lambda: Rhythm(300, 60, in_cv=-1), "in_cv must be above 0"),
        (lambda: RHYTHM.inside_within(-1), "days must be 0 or more"),
        (lambda: RHYTHM.returns_within(-1), "days must be 0 or more"),
        (lambda: RHYTHM.dispersion(0), "days must be above 0"),
    ],
)
def test_what_cannot_be_is_said(ask, message):
    """One line names the argument and what it may be."""
    with pytest.raises(TheoryError, match=message):
        ask()
