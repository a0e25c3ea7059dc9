"""Intervals: what replications say about a mean, a difference, a ratio.

In: values over replications. Out: `Interval`, a mean with its 95% interval. Nothing
here simulates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEVEL = 0.95
POWERS_FROM = 9999.5  # where four digits would be written as a power of ten


@dataclass(frozen=True)
class Interval:
    """A mean over replications with its 95% interval.

    Attributes
    ----------
    mean : float
    low, high : float
        Ends of the interval; nan with fewer than two defined replications.
    replications : int
        In how many replications the figure was defined.
    """

    mean: float
    low: float
    high: float
    replications: int

    @property
    def parts(self) -> tuple[float, float, float]:
        """The mean and the two ends."""
        return self.mean, self.low, self.high

    def __str__(self) -> str:
        mean, low, high = map(_told, self.parts)
        return f"{mean} ({low} to {high})"


def _told(value: float) -> str:
    """Return a number in four digits, and in more rather than in powers of ten."""
    return f"{value:,.0f}" if abs(value) >= POWERS_FROM else f"{value:,.4g}"


def interval(values: Floats) -> Interval:
    """Return the mean of replications with Student's 95% interval.

    Parameters
    ----------
    values : array of float, shape (replications,)
        Replications in which the figure is not defined are nan and left out; how many
        are left is said in the result.
    """
    defined = values[np.isfinite(values)]
    count = len(defined)
    if count == 0:
        return Interval(math.nan, math.nan, math.nan, 0)
    mean = float(defined.mean())
    if count == 1:
        return Interval(mean, math.nan, math.nan, 1)
    half = _student(count - 1) * float(defined.std(ddof=1)) / math.sqrt(count)
    return Interval(mean, mean - half, mean + half, count)


def ratio_interval(top: Floats, bottom: Floats) -> Interval:
    """Return the ratio of two paired means with a 95% interval.

    The ratio of means R = mean(top) / mean(bottom), with the standard error of the
    residuals top - R bottom (the delta method). Source: Cochran, Sampling Techniques,
    chapter 6.

    Parameters
    ----------
    top, bottom : arrays of float, shape (replications,)
        The same replications in two worlds; pairs with a nan are left out.
    """
    both = np.isfinite(top) & np.isfinite(bottom)
    top, bottom = top[both], bottom[both]
    count = len(top)
    if count == 0 or bottom.mean() == 0:
        return Interval(math.nan, math.nan, math.nan, count)
    ratio = float(top.mean() / bottom.mean())
    if count == 1:
        return Interval(ratio, math.nan, math.nan, 1)
    residuals = top - ratio * bottom
    error = float(residuals.std(ddof=1)) / math.sqrt(count) / abs(float(bottom.mean()))
    half = _student(count - 1) * error
    return Interval(ratio, ratio - half, ratio + half, count)


def confidence_above(values: Floats) -> float:
    """Return the confidence that the mean of replications truly lies above 0.

    One minus the one-sided p-value of Student's t-test; 1 or 0 where every
    replication says the same, and one half if all are 0.
    """
    from scipy.special import stdtr

    defined = values[np.isfinite(values)]
    count = len(defined)
    if count < 2:
        return math.nan
    mean = float(defined.mean())
    error = float(defined.std(ddof=1)) / math.sqrt(count)
    if error == 0:
        return 0.5 + 0.5 * float(np.sign(mean))
    return float(stdtr(count - 1, mean / error))


def _student(degrees: int) -> float:
    """Return the two-sided 95% point of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, (1 + LEVEL) / 2))
