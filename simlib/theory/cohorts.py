"""When a cohort's customers come, and what a calendar period makes of them.

In: mean and cv of each stage's lag. Out: the law of their sum, and the readings that
follow from it. Any unit of time, the same everywhere. It assumes independent gamma
lags (cv 1: exponential) and one way through the stages; it never looks at a log.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simlib.errors import TheoryError
from simlib.theory.guards import (
    require_finite,
    require_not_negative,
    require_share,
    require_some,
)

_MOST_TERMS = 2**17
_TAIL = 35.0  # e^-35 = 6e-16: terms beyond it cannot be seen in a float


@dataclass(frozen=True)
class TotalLag:
    """The sum of independent gamma lags, one for each stage on the way.

    With equal scales it is a gamma law; with every cv 1 it is hypoexponential. The
    distribution function is Moschopoulos's series of gamma laws. A cv of 0 is a fixed
    lag. Source: Moschopoulos 1985, "The distribution of the sum of independent gamma
    random variables".

    Attributes
    ----------
    means, cvs : tuple of float
        Mean (any unit of time) and coefficient of variation of each stage's lag.

    Examples
    --------
    >>> float(TotalLag((28.0, 10.0, 14.0, 72.0), (1.0,) * 4).share_by(90).round(6))
    0.402359
    """

    means: tuple[float, ...]
    cvs: tuple[float, ...]

    def __post_init__(self) -> None:
        require_some(means=self.means)
        if len(self.means) != len(self.cvs):
            raise TheoryError(
                f"a lag needs one cv for each mean; given: {len(self.means)} means, "
                f"{len(self.cvs)} cvs"
            )
        for mean, cv in zip(self.means, self.cvs, strict=True):
            require_not_negative(mean=mean, cv=cv)

    @property
    def mean(self) -> float:
        """The mean of the sum."""
        return math.fsum(self.means)

    @property
    def sd(self) -> float:
        """The standard deviation of the sum."""
        pairs = zip(self.means, self.cvs, strict=True)
        return math.sqrt(math.fsum((mean * cv) ** 2 for mean, cv in pairs))

    def share_by(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the share of eventual events that have come by a time (the CDF).

        Parameters
        ----------
        time : array_like
            Times since the start of each lead, any shape.

        Returns
        -------
        ndarray
            Shares, the shape of `time`.
        """
        from scipy.special import gammainc

        left = np.asarray(time, dtype=np.float64) - self._fixed
        if not self._gammas:
            return (left >= 0).astype(np.float64)
        shapes, scales = np.array(self._gammas).T
        terms = shapes.sum() + np.arange(len(self._weights))
        within = gammainc(terms, np.maximum(left, 0.0)[..., None] / scales.min())
        shares: NDArray[np.float64] = within @ self._weights
        return shares

    def discount(self, rate: float) -> float:
        """Return E[e^(-rate T)], the Laplace transform: prod (1 + rate s_i)^(-k_i).

        Raises
        ------
        TheoryError
            If a negative rate is so large that the expectation is infinite.
        """
        require_finite(rate=rate)
        logs = [-rate * self._fixed]
        for shape, scale in self._gammas:
            if 1 + rate * scale <= 0:
                raise TheoryError(
                    f"rate must be above {-1 / scale:.6g} here; given: {rate!r}"
                )
            logs.append(-shape * math.log1p(rate * scale))
        return math.exp(math.fsum(logs))

    @cached_property
    def _fixed(self) -> float:
        pairs = zip(self.means, self.cvs, strict=True)
        return math.fsum(mean for mean, cv in pairs if cv == 0)

    @cached_property
    def _gammas(self) -> tuple[tuple[float, float], ...]:
        """Shape and scale of each lag that varies."""
        pairs = zip(self.means, self.cvs, strict=True)
        return tuple((1 / cv**2, mean * cv**2) for mean, cv in pairs if mean * cv > 0)

    @cached_property
    def _weights(self) -> NDArray[np.float64]:
        """Weights of the gamma laws in the series; they add up to 1.

        They are the law of a sum of negative binomials, read off its generating
        function prod ((1 - a_i) / (1 - a_i z))^k_i by a Fourier transform.
        """
        shapes, scales = np.array(self._gammas).T
        away = 1 - scales.min() / scales
        count = _terms(shapes, away)
        circle = np.exp(-2j * np.pi * np.arange(count // 2 + 1) / count)
        logs = np.log1p(-away) - np.log1p(-away * circle[:, None])
        return np.fft.irfft(np.exp(logs @ shapes), count)


def cohort_customers(
    leads: float, final_rate: float, lag: TotalLag, time: ArrayLike
) -> NDArray[np.float64]:
    """Return the expected customers of one cohort by a time.

    leads x final rate x F(t), F the law of the time to customer.

    Parameters
    ----------
    leads : float
        Leads of the cohort, 0 or more.
    final_rate : float
        Share of them that will ever be customers, 0 to 1.
    lag : TotalLag
        Time from lead to customer.
    time : array_like
        Times since capture, any shape; the result has it too.
    """
    require_not_negative(leads=leads)
    require_share(final_rate=final_rate)
    return leads * final_rate * lag.share_by(time)


def period_to_cohort(lag: TotalLag, growth_rate: float) -> float:
    """Return conversion read by calendar period over conversion read by cohort.

    E[e^(-g T)]: under leads that grow as e^(gt), this month's customers come from
    earlier and smaller cohorts. Source: the stable-population identity (Lotka).

    Parameters
    ----------
    lag : TotalLag
        Time T from lead to customer.
    growth_rate : float
        g, growth of leads per unit of time of the lag (0.05 / 30.4375 for 5% a month
        and days).
    """
    return lag.discount(growth_rate)


def wins_after_step(
    lag: TotalLag, factor: float, time: ArrayLike
) -> NDArray[np.float64]:
    """Return wins per unit of time after lead volume steps by a factor, before = 1.

    1 + (factor - 1) F(t): a doubling shows only as fast as the lag lets it.

    Parameters
    ----------
    lag : TotalLag
        Time from lead to customer.
    factor : float
        Lead volume after over before, 0 or more.
    time : array_like
        Times since the step, any shape; the result has it too.
    """
    require_not_negative(factor=factor)
    return 1.0 + (factor - 1.0) * lag.share_by(time)


def _terms(shapes: NDArray[np.float64], away: NDArray[np.float64]) -> int:
    """Return how many terms the series needs, as a power of two."""
    slowest = float(away.max())
    if slowest == 0:
        return 2
    odds = away / (1 - away)
    likely = shapes @ odds + 12 * math.sqrt(shapes @ (odds * (1 + odds)))
    needed = float(likely - _TAIL / math.log(slowest))
    if needed > _MOST_TERMS:
        raise TheoryError(
            "the lags are too unlike for this series: the largest scale (mean x cv^2) "
            f"is {1 / (1 - slowest):.3g} times the smallest; leave the shortest lag "
            "out, or set its cv to 0"
        )
    return int(2 ** math.ceil(math.log2(max(2.0, needed))))
