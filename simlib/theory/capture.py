"""What capture costs as spend rises, and how a new way to be found spreads.

In: a pool, a cost, days. Out: meetings, marginal costs and shares in closed form. It
never simulates and never reads a scenario.

Sources: an exponential curve of diminishing returns; the logistic curve (Verhulst 1838)
and its integral.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from simlib.theory.guards import (
    require_finite,
    require_not_negative,
    require_positive,
)


@dataclass(frozen=True)
class SpendCurve:
    """Meetings that a spend buys, of those that there are.

    The meetings are pool * (1 - exp(-spend / (first_cost * pool))).

    Parameters
    ----------
    pool : float
        Meetings that there are to buy: no spend brings more.
    first_cost : float
        Cost of a meeting while next to nothing is spent.

    Examples
    --------
    >>> round(SpendCurve(pool=250, first_cost=8).meetings(2000), 1)
    158.0
    """

    pool: float
    first_cost: float

    def __post_init__(self) -> None:
        require_positive(pool=self.pool, first_cost=self.first_cost)

    def meetings(self, spend: float) -> float:
        """Return the meetings that a spend brings."""
        return -self.pool * math.expm1(-self._doses(spend))

    def marginal_cost(self, spend: float) -> float:
        """Return what one meeting more costs at a spend; inf where none is left."""
        left = self.pool - self.meetings(spend)
        return self.first_cost * self.pool / left if left else math.inf

    def average_cost(self, spend: float) -> float:
        """Return spend over meetings; the first cost while nothing is spent."""
        return spend / self.meetings(spend) if spend else self.first_cost

    def _doses(self, spend: float) -> float:
        require_not_negative(spend=spend)
        return spend / (self.first_cost * self.pool)


@dataclass(frozen=True)
class Uptake:
    """The share of what there will be, of a habit that spreads.

    Parameters
    ----------
    half_on : float
        The day by which half of it is there.
    days : float
        From a tenth to nine tenths of it.

    Examples
    --------
    >>> round(Uptake(half_on=365, days=1096).at(0), 3)
    0.188
    """

    half_on: float
    days: float

    def __post_init__(self) -> None:
        require_finite(half_on=self.half_on)
        require_positive(days=self.days)

    def at(self, day: float) -> float:
        """Return the share (0 to 1) that is there on a day."""
        odds = self._odds(day)
        small = math.exp(-abs(odds))
        return (1.0 if odds > 0 else small) / (1 + small)

    def average(self, begin: float, end: float) -> float:
        """Return the mean share from one day to another."""
        require_positive(days=end - begin)
        first, last = (self._grown(day) for day in (begin, end))
        return self._scale * (last - first) / (end - begin)

    @property
    def _scale(self) -> float:
        return self.days / (2 * math.log(9))

    def _odds(self, day: float) -> float:
        require_finite(day=day)
        return (day - self.half_on) / self._scale

    def _grown(self, day: float) -> float:
        odds = self._odds(day)
        return max(odds, 0.0) + math.log1p(math.exp(-abs(odds)))
