"""Goodwill that fades, what buyers remember, and what opportunities cost.

In: rates and half-lives. Out: memories and cost ratios in closed form. It never
simulates and never reads a scenario.

Sources: Nerlove and Arrow (1962) for goodwill; Campbell's theorem for shot noise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from simlib.theory.guards import (
    require_finite,
    require_not_negative,
    require_positive,
    require_share,
)


@dataclass(frozen=True)
class Goodwill:
    """A stock that halves every so many days.

    Parameters
    ----------
    half_life : float, days

    Examples
    --------
    >>> goodwill = Goodwill(180)
    >>> round(goodwill.at(365, inflow=1), 6)
    196.001874
    """

    half_life: float

    def __post_init__(self) -> None:
        require_positive(half_life=self.half_life)

    @property
    def fading(self) -> float:
        """Rate at which the stock fades, a day."""
        return math.log(2) / self.half_life

    def at(self, day: float, inflow: float, start: float = 0.0) -> float:
        """Return the stock on a day, under a steady inflow a day from day 0."""
        require_not_negative(day=day)
        require_finite(inflow=inflow, start=start)
        level = inflow / self.fading
        return level + (start - level) * math.exp(-self.fading * day)

    def memory(self, per_month: float, size: float, month: float = 30.4375) -> Memory:
        """Return the memory of a buyer who is met at random (shot noise).

        Parameters
        ----------
        per_month : float
            Meetings a month, a Poisson process in its stationary state.
        size : float
            What one meeting adds.
        month : float, days
        """
        require_not_negative(per_month=per_month, size=size)
        require_positive(month=month)
        return Memory(per_month / (self.fading * month), size, self.half_life)


@dataclass(frozen=True)
class Memory:
    """The stationary memory of one buyer.

    Attributes
    ----------
    meetings : float
        Expected meetings in the mean life of a memory: rate / fading.
    size : float
        What one meeting adds.
    half_life : float, days
    """

    meetings: float
    size: float
    half_life: float

    @property
    def mean(self) -> float:
        """Mean of the memory."""
        return self.meetings * self.size

    @property
    def variance(self) -> float:
        """Variance of the memory."""
        return self.meetings * self.size**2 / 2

    def fullness(self, days_since: float = 0.0) -> float:
        """Return the mean of 1 - exp(-memory), some days after the last meeting.

        The closed form is 1 - exp(-meetings * Ein(size)), where Ein is the entire
        exponential integral.
        """
        require_not_negative(days_since=days_since)
        left = self.size * 0.5 ** (days_since / self.half_life)
        return 1 - math.exp(-self.meetings * entire_exponential_integral(left))


def entire_exponential_integral(z: float) -> float:
    """Return Ein(z), the integral of (1 - exp(-t)) / t from 0 to z."""
    from scipy.special import exp1

    require_not_negative(z=z)
    if z < 1e-8:  # the next term of the series is z**2 / 4
        return z
    return float(math.log(z) + exp1(z)) + 0.5772156649015329


@dataclass(frozen=True)
class CostSpiral:
    """What an opportunity costs at constant spend while goodwill runs dry, or fills.

    Parameters
    ----------
    floor : float
        Share of the opportunities, 0 to 1, that comes without any goodwill.
    half_life : float, days
        Of goodwill.

    Examples
    --------
    >>> round(CostSpiral(0.3, 180).after_cut(91.3125), 6)
    1.261863
    """

    floor: float
    half_life: float

    def __post_init__(self) -> None:
        require_share(floor=self.floor)
        require_positive(half_life=self.half_life, floor=self.floor)

    def _left(self, days: float) -> float:
        require_not_negative(days=days)
        return float(0.5 ** (days / self.half_life))

    def after_cut(self, days: float) -> float:
        """Return the cost of an opportunity days after a cut, over that before it."""
        return 1 / (self.floor + (1 - self.floor) * self._left(days))

    def average_after_cut(self, begin: float, end: float) -> float:
        """Return spend over opportunities from one day to another after a cut."""
        require_positive(days=end - begin)
        mean_life = self.half_life / math.log(2)
        kept = mean_life * (self._left(begin) - self._left(end)) / (end - begin)
        return 1 / (self.floor + (1 - self.floor) * kept)

    def from_zero(self, days: float) -> float:
        """Return the cost days after a start without goodwill, over the final one."""
        return 1 / (self.floor + (1 - self.floor) * (1 - self._left(days)))
