"""A stock of content pieces: how many visits it brings, piece by piece of any age.

In: how many pieces a month, and how the visits of one piece develop. Out: visits a
month, in closed form. It draws nothing and never reads a scenario.

A piece's visits a month at an age of `a` months are

    v(a) / v(0) = (1 - s) 2^(-a / h) + s (1 + A (1 - e^(-a / g))) 2^(-a / H)

so that most pieces only decay (half-life h) while the share s grows first, by the
factor 1 + A, and decays slowly (half-life H).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from simlib.draws import Floats


@dataclass(frozen=True)
class ContentStock:
    """What is published, and what becomes of it.

    Attributes
    ----------
    pieces_per_month : float
        Published evenly, from month 0 on.
    visits_per_piece : float
        Visits a month of a new piece.
    compounding_share : float
        Share s of pieces, 0 to 1, that grow before they decay.
    half_life, compounding_half_life : float, months
        In which visits of the others (h), and of those that grow (H), halve.
    growth : float
        By what factor more the compounding ones are visited in the end (A).
    growth_months : float, months
        In which they gain 63% of that (g).

    Examples
    --------
    >>> ContentStock().visits([1.0, 12.0, 24.0]).round(1).tolist()
    [393.1, 3795.7, 6067.2]
    """

    pieces_per_month: float = 4.0
    visits_per_piece: float = 100.0
    compounding_share: float = 0.1
    half_life: float = 8.0
    growth: float = 2.7309
    growth_months: float = 6.0
    compounding_half_life: float = 48.0

    def visits(self, since: Floats | list[float], stopped: float = math.inf) -> Floats:
        """Return visits a month, so many months after the first piece.

        Parameters
        ----------
        since : array of float64, months
            Before 0 there are no visits.
        stopped : float, months
            Months after the first piece until the last one; it lives on after that.
        """
        oldest = np.maximum(np.asarray(since, dtype=np.float64), 0.0)
        newest = np.maximum(oldest - stopped, 0.0)
        visits: Floats = self.pieces_per_month * (
            self._so_far(oldest) - self._so_far(newest)
        )
        return visits

    def most(self, months: float) -> float:
        """Return a bound of the visits a month that so many months of pieces bring.

        It is what they would bring if all growth were there at once.
        """
        at_once = replace(self, growth_months=1e-9)
        return float(at_once.visits([months])[0])

    def _so_far(self, age: Floats) -> Floats:
        """Return all visits to one piece up to an age (months)."""
        fast = math.log(2) / self.half_life
        slow = math.log(2) / self.compounding_half_life
        rising = slow + 1 / self.growth_months
        share = self.compounding_share
        fades = (1 - share) * _integral(fast, age)
        grows = (1 + self.growth) * _integral(slow, age)
        grows -= self.growth * _integral(rising, age)
        return self.visits_per_piece * (fades + share * grows)


def _integral(rate: float, age: Floats) -> Floats:
    """Return the integral of exp(-rate * a) from 0 to an age."""
    integral: Floats = -np.expm1(-rate * age) / rate
    return integral
