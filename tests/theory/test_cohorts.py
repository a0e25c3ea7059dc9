"""When a cohort's customers come, against reference numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import (
    TotalLag,
    cohort_customers,
    period_to_cohort,
    wins_after_step,
)

MEANS = (28.0, 10.0, 14.0, 72.0)
GAMMAS = TotalLag(MEANS, tuple(math.sqrt(10 / mean) for mean in MEANS))
EXPONENTIALS = TotalLag(MEANS, (1.0,) * 4)
DAYS = [60, 90, 120, 180, 365]
MONTH = 30.4375


@pytest.mark.parametrize(
    ("lag", "shares", "customers"),
    [
        (
            GAMMAS,
            [0.014579, 0.164998, 0.492123, 0.932003, 0.999999],
            [0.185224, 2.096296, 6.252424, 11.841101, 12.704985],
        ),
        (
            EXPONENTIALS,
            [0.195985, 0.402359, 0.581536, 0.809557, 0.985176],
            [2.489989, 5.111975, 7.388417, 10.285427, 12.516660],
        ),
    ],
    ids=["four gammas", "hypoexponential"],
)
def test_the_same_mean_another_cohort_curve(lag, shares, customers):
    """Lags of the same mean read 2.1 or 5.1 customers after 90 days."""
    assert list(lag.share_by(DAYS)) == printed(shares)
    assert list(cohort_customers(1000, 0.012705, lag, DAYS)) == printed(customers)


def test_mean_and_sd_of_the_two_lags():
    """Both last 124 days; one spreads more than twice as far."""
    assert (GAMMAS.mean, EXPONENTIALS.mean) == (124.0, 124.0)
    assert GAMMAS.sd == printed(35.21, 2)
    assert EXPONENTIALS.sd == printed(79.145436)


@pytest.mark.parametrize(
    ("lag", "growth", "ratio"),
    [
        (GAMMAS, 0.05, 0.817061),
        (EXPONENTIALS, 0.05, 0.822187),
        (GAMMAS, 0.10, 0.669755),
    ],
)
def test_a_growing_firm_reads_its_conversion_low(lag, growth, ratio):
    """Period over cohort conversion is E[e^(-gT)]: 18% low at 5% a month."""
    assert period_to_cohort(lag, growth / MONTH) == printed(ratio)


def test_a_doubling_takes_a_quarter_to_show():
    """After a doubling of leads, 16.5% of the extra wins show in 90 days."""
    found = wins_after_step(GAMMAS, 2.0, [0, 90, 120, 180])
    assert list(found) == printed([1.0, 1.165, 1.492, 1.932], 3)


def test_exponential_lags_against_partial_fractions():
    """Very unlike scales still give the textbook sum of exponentials."""
    fast, slow, times = 0.05, 72.0, np.array([0.01, 1.0, 90.0])
    kept = slow * np.exp(-times / slow) - fast * np.exp(-times / fast)
    found = TotalLag((fast, slow), (1.0, 1.0)).share_by(times)
    assert found == pytest.approx(1 - kept / (slow - fast), rel=1e-9)


def test_a_fixed_lag_only_shifts():
    """A lag without spread moves the curve to the right."""
    shifted = TotalLag((5.0, 72.0), (0.0, 0.6)).share_by([3.0, 65.0])
    assert list(shifted) == [0.0, float(TotalLag((72.0,), (0.6,)).share_by(60.0))]


def test_fixed_lags_alone_are_a_step():
    """With nothing but fixed lags everybody arrives on one day."""
    assert list(TotalLag((2.0, 3.0), (0.0, 0.0)).share_by([4.9, 5.0])) == [0.0, 1.0]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: TotalLag((), ()), "means must hold at least one value"),
        (lambda: TotalLag((1.0,), ()), "one cv for each mean; given: 1 means, 0 cvs"),
        (lambda: TotalLag((-1.0,), (1.0,)), "mean must be 0 or more"),
        (lambda: TotalLag((100.0,), (1.0,)).discount(-0.02), "rate must be above -0.0"),
        (lambda: TotalLag((1, 1e6), (1, 1)).share_by(3), "too unlike for this series"),
        (lambda: cohort_customers(-1, 0.1, GAMMAS, 3), "leads must be 0 or more"),
        (lambda: cohort_customers(1, 1.1, GAMMAS, 3), "final_rate must be a share"),
        (lambda: wins_after_step(GAMMAS, -1, 3), "factor must be 0 or more"),
    ],
)
def test_impossible_lags_are_refused(ask, message):
    """Each wrong mean, cv or rate is named."""
    with pytest.raises(TheoryError, match=message):
        ask()
