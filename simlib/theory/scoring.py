"""Lead scores in closed form: when points for actions reach a threshold.

In: points and rates of actions, a start, a threshold, a time. Out: chances and mean
times. It assumes that actions come independently at constant rates (Poisson), and that
no action takes points away, so that a score that has passed stays above.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simlib.errors import TheoryError
from simlib.theory.guards import (
    require_count,
    require_finite,
    require_not_negative,
    require_positive,
)


@dataclass(frozen=True)
class ErlangPassage:
    """The time until an action has been done so many times: Erlang's law.

    P(T <= t) = P(N(t) >= n), N(t) Poisson with mean rate x t. Source: Erlang 1909; any
    textbook of stochastic processes.

    Attributes
    ----------
    events : int
        How many times it takes, n.
    rate : float
        Actions per unit of time.

    Examples
    --------
    >>> round(ErlangPassage(8, 2.0).within(3), 6)
    0.25602
    """

    events: int
    rate: float

    def __post_init__(self) -> None:
        require_count(events=self.events)
        require_positive(rate=self.rate)

    @property
    def mean(self) -> float:
        """The mean time, in the unit of the rate."""
        return self.events / self.rate

    def within(self, time: float) -> float:
        """Return P(T <= time)."""
        from scipy.special import gammainc

        require_not_negative(time=time)
        return float(gammainc(self.events, self.rate * time))


def events_needed(threshold: float, points: float, start: float = 0.0) -> int:
    """Return how many actions of so many points each reach a threshold.

    Parameters
    ----------
    threshold, start : float
        Points at which a lead passes, and with which it begins.
    points : float
        Points of one action, above 0.
    """
    require_finite(threshold=threshold, start=start)
    require_positive(points=points)
    return max(0, math.ceil((threshold - start) / points))


@dataclass(frozen=True)
class PointsRace:
    """A score that gathers points: a compound Poisson process.

    Attributes
    ----------
    actions : sequence of (points, rate)
        Whole points, 0 or more, and actions per unit of time.
    start : int
        Points for what the lead is.

    Examples
    --------
    >>> ready = PointsRace([(10, 1.6), (5, 1.0), (20, 1.0)], start=15)
    >>> round(ready.reaches(75, 3), 6)
    0.955192
    """

    actions: Sequence[tuple[int, float]]
    start: int = 0

    def __post_init__(self) -> None:
        require_finite(start=self.start)
        for points, rate in self.actions:
            require_not_negative(points=points, rate=rate)
            if points != int(points) or self.start != int(self.start):
                raise TheoryError(
                    f"points must be whole numbers; given: {points!r}, {self.start!r}"
                )

    @property
    def mean_rate(self) -> float:
        """Points gathered per unit of time, on average."""
        return math.fsum(points * rate for points, rate in self.actions)

    def reaches(self, threshold: int, time: float) -> float:
        """Return the chance that the score reaches a threshold by a time.

        One minus the sum of the compound Poisson law below the threshold, by
        convolution of the actions' laws.
        """
        from scipy import stats

        require_not_negative(time=time)
        below = math.ceil(threshold - self.start)
        if below <= 0:
            return 1.0
        law = np.zeros(below)
        law[0] = 1.0
        for points, rate in self.actions:
            if points == 0:
                continue
            counts = np.arange((below - 1) // int(points) + 1)
            step = np.zeros(below)
            step[counts * int(points)] = stats.poisson.pmf(counts, rate * time)
            law = np.convolve(law, step)[:below]
        return 1.0 - float(law.sum())
