"""How long things take: families of lags, given by mean or median and cv.

In: a family, its centre and its spread. Out: `Lag`, which turns standard variates
into days and knows its own mean. A lag never draws a number; it only transforms one,
so that a slider moves every lead monotonically.

The coefficient of variation (cv) is the standard deviation divided by the mean.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simlib.draws import Floats, Keys, as_exponentials, as_normals, uniforms

FAMILIES = ("lognormal", "gamma", "weibull", "exponential", "fixed", "empirical")
LOGNORMAL, GAMMA, WEIBULL, EXPONENTIAL, FIXED, EMPIRICAL = range(len(FAMILIES))
UNIFORM, REACH = len(FAMILIES), len(FAMILIES) + 1


class Law(NamedTuple):
    """How a uniform number becomes ``centre * quantile at scale 1 - minus``.

    Attributes
    ----------
    family : int
        The place in `FAMILIES`; or `UNIFORM`, the number itself; or `REACH`, for
        `plan.Curve`.
    centre, shape, at_once : float
        As in `Lag`.
    minus : float, days
        What is already taken off.
    """

    family: int
    centre: float = 1.0
    shape: float = 0.0
    at_once: float = 0.0
    minus: float = 0.0


@dataclass(frozen=True)
class Lag:
    """A duration's distribution, in days.

    Attributes
    ----------
    family : str
        One of `FAMILIES`.
    centre : float
        Scale in the family's own terms: the median of a lognormal, the scale of a
        gamma, Weibull or exponential, the value of a fixed lag.
    shape : float
        The log-sd of a lognormal, the shape of a gamma or Weibull, else 0.
    values, weights : tuple of float
        For ``empirical``: values in days, ascending, and their cumulated weights.
    at_once : float
        Share of lags, 0 to 1, that are 0 days; the family tells of the others.
    """

    family: str
    centre: float
    shape: float = 0.0
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    at_once: float = 0.0

    def days(self, stream: int, entities: Keys) -> Floats:
        """Return each entity's duration (days), from its own number of a stream."""
        numbers = uniforms(stream, entities)
        self.from_uniforms(numbers)
        return numbers

    def from_uniforms(self, numbers: Floats) -> None:
        """Turn uniform numbers, in place, into durations (days): larger into longer."""
        if self.at_once:
            self._some_at_once(numbers)
        elif self.family == "fixed":
            numbers[:] = self.centre
        elif self.family == "empirical":
            where = np.searchsorted(np.array(self.weights), numbers, side="right")
            last = len(self.values) - 1
            numbers[:] = np.array(self.values)[np.minimum(where, last)]
        else:
            self._to_standard(numbers)
            numbers *= self.centre

    def _some_at_once(self, numbers: Floats) -> None:
        """Turn the lowest numbers into 0, and the others into the family's lags."""
        later = numbers > self.at_once
        slow = (numbers[later] - self.at_once) / (1 - self.at_once)
        np.minimum(slow, 1 - 2.0**-53, out=slow)  # rounding must not make it 1
        replace(self, at_once=0.0).from_uniforms(slow)
        numbers[:] = 0.0
        numbers[later] = slow

    def _to_standard(self, numbers: Floats) -> None:
        """Turn uniform numbers, in place, into the family's durations at scale 1."""
        if self.family == "lognormal":
            as_normals(numbers)
            numbers *= self.shape
            np.exp(numbers, out=numbers)
        elif self.family == "gamma":
            numbers[:] = gamma_quantiles(numbers, self.shape)
        else:
            as_exponentials(numbers)
            if self.family == "weibull":
                np.power(numbers, 1 / self.shape, out=numbers)

    @cached_property
    def law(self) -> Law | None:
        """The lag as a law, for compiled code; None for an empirical one."""
        family = FAMILIES.index(self.family)
        if family == EMPIRICAL:
            return None
        return Law(family, self.centre, self.shape, self.at_once)

    def times(self, factor: float) -> Lag:
        """Return the lag that takes everybody so many times as long."""
        values = tuple(value * factor for value in self.values)
        return replace(self, centre=self.centre * factor, values=values)

    @property
    def is_constant(self) -> bool:
        """Whether it takes everybody the same time: `centre` days."""
        return self.family == "fixed" and not self.at_once

    @property
    def mean(self) -> float:
        """The expected duration in days."""
        if self.at_once:
            return (1 - self.at_once) * replace(self, at_once=0.0).mean
        if self.family == "lognormal":
            return self.centre * math.exp(self.shape**2 / 2)
        if self.family == "gamma":
            return self.centre * self.shape
        if self.family == "weibull":
            return self.centre * math.gamma(1 + 1 / self.shape)
        if self.family == "empirical":
            return float(np.dot(self.values, np.diff(self.weights, prepend=0.0)))
        return self.centre

    def distribution(self) -> Any:
        """Return the frozen scipy.stats distribution (days), for closed forms.

        Raises
        ------
        ValueError
            For ``fixed`` and ``empirical``, or where some go at once: no density.
        """
        from scipy import stats

        if self.at_once:
            raise ValueError(f"of this lag {self.at_once:g} go at once: no density")
        if self.family == "lognormal":
            return stats.lognorm(s=self.shape, scale=self.centre)
        if self.family == "gamma":
            return stats.gamma(a=self.shape, scale=self.centre)
        if self.family == "weibull":
            return stats.weibull_min(c=self.shape, scale=self.centre)
        if self.family == "exponential":
            return stats.expon(scale=self.centre)
        raise ValueError(f"a lag of family '{self.family}' has no density")


def lag_of(
    family: str, *, mean: float | None = None, median: float | None = None, cv: float
) -> Lag:
    """Return a lag of a family with a spread, from its mean or its median (days).

    Parameters
    ----------
    family : {"lognormal", "gamma", "weibull", "exponential", "fixed"}
    mean, median : float
        Exactly one of them, in days.
    cv : float
        Coefficient of variation; ignored by ``exponential`` (1) and ``fixed`` (0).
    """
    given = mean if mean is not None else median
    if given is None:
        raise ValueError("a lag needs a mean or a median")
    shape, mean_per_scale, median_per_scale = _standard(family, cv)
    per_scale = mean_per_scale if mean is not None else median_per_scale
    return Lag(family, given / per_scale, shape)


def empirical_lag(
    values: tuple[float, ...], weights: tuple[float, ...] | None = None
) -> Lag:
    """Return the lag that takes one of `values` (days), by chance or by `weights`."""
    order = np.argsort(values, kind="stable")
    shares = np.ones(len(values)) if weights is None else np.array(weights, float)
    cumulated = np.cumsum(shares[order] / shares.sum())
    ordered = tuple(float(values[i]) for i in order)
    return Lag("empirical", 1.0, values=ordered, weights=tuple(cumulated.tolist()))


def gamma_quantiles(numbers: Floats, shape: float) -> Floats:
    """Return quantiles of the standard gamma distribution, shape as `numbers`."""
    from scipy.special import gammaincinv

    quantiles: NDArray[np.float64] = gammaincinv(shape, numbers)
    return quantiles


@lru_cache(maxsize=512)
def _standard(family: str, cv: float) -> tuple[float, float, float]:
    """Return shape, mean and median of a family at scale 1 (lognormal: median 1)."""
    if family == "lognormal":
        sigma = math.sqrt(math.log1p(cv**2))
        return sigma, math.exp(sigma**2 / 2), 1.0
    if family == "gamma":
        from scipy.special import gammaincinv

        shape = 1 / cv**2
        return shape, shape, float(gammaincinv(shape, 0.5))
    if family == "weibull":
        shape = _weibull_shape(cv)
        return shape, math.gamma(1 + 1 / shape), math.log(2) ** (1 / shape)
    if family == "exponential":
        return 0.0, 1.0, math.log(2)
    return 0.0, 1.0, 1.0


def _weibull_shape(cv: float) -> float:
    """Return the shape k with (1 + cv^2) = G(1 + 2/k) / G(1 + 1/k)^2."""
    from scipy.optimize import brentq
    from scipy.special import gammaln

    def excess(k: float) -> float:
        ratio = gammaln(1 + 2 / k) - 2 * gammaln(1 + 1 / k)
        return float(ratio - math.log1p(cv**2))

    return float(brentq(excess, 0.05, 500.0, xtol=1e-14))
