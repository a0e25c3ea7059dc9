"""How far counts swing by luck alone, and what a comparison of counts can show.

In: expected counts, trials and shares. Out: laws of counts, intervals and sample
sizes. It assumes independent leads; it never simulates.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.errors import TheoryError
from simlib.theory.guards import (
    require_count,
    require_not_negative,
    require_positive,
    require_share,
)


class Count(ABC):
    """The law of a count: what the Poisson and the binomial law can be asked."""

    @abstractmethod
    def _law(self) -> Any:
        """Return the frozen scipy.stats law."""

    @property
    def mean(self) -> float:
        """The expected count."""
        return float(self._law().mean())

    @property
    def sd(self) -> float:
        """The standard deviation of the count."""
        return float(self._law().std())

    def chance(self, count: int) -> float:
        """Return P(N = count)."""
        return float(self._law().pmf(count))

    def at_most(self, count: int) -> float:
        """Return P(N <= count)."""
        return float(self._law().cdf(count))

    def at_least(self, count: int) -> float:
        """Return P(N >= count)."""
        return float(self._law().sf(count - 1))

    def range(self, level: float = 0.95) -> tuple[int, int]:
        """Return the equal-tailed range of counts that holds at least `level`."""
        require_share(level=level)
        low, high = self._law().ppf([(1 - level) / 2, (1 + level) / 2])
        return int(low), int(high)

    def chances(self) -> NDArray[np.float64]:
        """Return P(N = 0), P(N = 1), ... as far as they matter (missing: 1e-15)."""
        last = int(self._law().ppf(1 - 1e-15))
        pmf: NDArray[np.float64] = self._law().pmf(np.arange(last + 1))
        return pmf


@dataclass(frozen=True)
class PoissonCount(Count):
    """The Poisson law: events that come independently at a known mean.

    P(N = k) = m^k e^(-m) / k!. It holds for arrivals at a given rate, for thinned
    arrivals (customers out of Poisson leads), and for the number in a stage without a
    queue. Source: any textbook of probability; Poisson 1837.

    Attributes
    ----------
    expected : float
        The mean count m in the period (0 or more).

    Examples
    --------
    >>> round(PoissonCount(2.0).chance(0), 6)
    0.135335
    """

    expected: float

    def __post_init__(self) -> None:
        require_not_negative(expected=self.expected)

    def _law(self) -> Any:
        from scipy import stats

        return stats.poisson(self.expected)


@dataclass(frozen=True)
class BinomialCount(Count):
    """The binomial law: successes in a fixed number of independent trials.

    P(N = k) = C(n, k) p^k (1-p)^(n-k). It holds for customers out of a given number
    of leads with one and the same chance each. Source: any textbook of probability.

    Attributes
    ----------
    trials : int
        Number of leads n (1 or more).
    share : float
        Chance p of each, 0 to 1.
    """

    trials: int
    share: float

    def __post_init__(self) -> None:
        require_count(trials=self.trials)
        require_share(share=self.share)

    def _law(self) -> Any:
        from scipy import stats

        return stats.binom(self.trials, self.share)


@dataclass(frozen=True)
class Contest:
    """Chances that a first count is above, level with or below a second one."""

    better: float
    tie: float
    worse: float


def contest(first: Count, second: Count) -> Contest:
    """Return the chances that one count beats another, independent one.

    P(X > Y) = sum over k of P(X = k) P(Y < k), summed exactly.

    Parameters
    ----------
    first, second : Count
        Two laws, of independent counts.

    Examples
    --------
    >>> round(contest(BinomialCount(20, 0.15), BinomialCount(100, 0.02)).better, 4)
    0.5955
    """
    joint = np.outer(first.chances(), second.chances())
    better = float(np.tril(joint, -1).sum())
    tie = float(np.trace(joint))
    return Contest(better, tie, float(np.triu(joint, 1).sum()))


def ratio_p_value(first: int, second: int, exposure_ratio: float = 1.0) -> float:
    """Return the exact two-sided p-value of two Poisson counts having one rate.

    Given the total, the first count is binomial with share e / (1 + e): the
    conditional test. It assumes two independent Poisson counts. Source: Przyborowski
    and Wilenski 1940.

    Parameters
    ----------
    first, second : int
        Events in the two windows, together at least 1.
    exposure_ratio : float
        Length of the first window over the second (1 = equal).

    Raises
    ------
    TheoryError
        If a count is negative or not whole, or both are 0.
    """
    from scipy import stats

    require_positive(exposure_ratio=exposure_ratio)
    require_count(**{"first + second": first + second})
    require_not_negative(first=first, second=second)
    if first != int(first) or second != int(second):
        raise TheoryError(f"counts must be whole; given: {first!r} and {second!r}")
    share = exposure_ratio / (1 + exposure_ratio)
    test = stats.binomtest(int(first), int(first + second), share)
    return float(test.pvalue)


def ratio_interval(
    base_events: float, ratio: float, level: float = 0.95
) -> tuple[float, float]:
    """Return the interval of a ratio of two Poisson counts, equal windows.

    ratio x exp(-+ z sqrt(1/n + 1/(ratio n))): the log-normal (Wald) interval of a rate
    ratio. It assumes independent counts that are not small. Source: Rothman,
    Greenland and Lash, Modern Epidemiology.

    Parameters
    ----------
    base_events : float
        Events n in the base window, above 0.
    ratio : float
        Observed ratio, second over base, above 0.
    level : float
        Confidence, strictly between 0 and 1.
    """
    require_positive(base_events=base_events, ratio=ratio)
    spread = math.sqrt((1 + 1 / ratio) / base_events) * _two_sided_quantile(level)
    return ratio * math.exp(-spread), ratio * math.exp(spread)


def base_events_needed(
    ratio: float, *, power: float = 0.80, level: float = 0.95, value_cv: float = 0.0
) -> float:
    """Return the base events that a ratio of counts needs to be seen.

    n = (z_(1-a/2) + z_power)^2 (1 + 1/ratio) (1 + cv^2) / ln(ratio)^2, the sample
    size of a log rate ratio. With `value_cv` the events carry values of that
    coefficient of variation (compound Poisson: variance times 1 + cv^2). Source:
    Rothman, Greenland and Lash, Modern Epidemiology.

    Parameters
    ----------
    ratio : float
        True ratio of the two arms, above 0 and not 1.
    power, level : float
        Chance to see it, and confidence, strictly between 0 and 1.
    value_cv : float
        Coefficient of variation of the values; 0 compares plain counts.

    Raises
    ------
    TheoryError
        If the ratio is 1, or a share is at its limit.

    Examples
    --------
    >>> round(base_events_needed(1.47), 3)
    88.853
    """
    require_positive(ratio=ratio)
    require_not_negative(value_cv=value_cv)
    if ratio == 1:
        raise TheoryError("ratio must differ from 1; equal arms are never told apart")
    _require_inside(power=power)
    from scipy.special import ndtri

    quantiles = _two_sided_quantile(level) + float(ndtri(power))
    return quantiles**2 * (1 + 1 / ratio) * (1 + value_cv**2) / math.log(ratio) ** 2


def _two_sided_quantile(level: float) -> float:
    from scipy.special import ndtri

    _require_inside(level=level)
    return float(ndtri((1 + level) / 2))


def _require_inside(**values: float) -> None:
    require_positive(**values)
    for name, value in values.items():
        if value >= 1:
            raise TheoryError(f"{name} must be below 1; given: {value!r}")
