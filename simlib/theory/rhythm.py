"""Buyers in and out of the market: how many, how often, how soon again.

In: mean days of spells, and how irregular they are. Out: shares, chances, and the law
of the number of entries. It never simulates and never reads a scenario.

Source: Cox, Renewal Theory (1962), for equilibrium renewal processes and alternating
ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from simlib.theory.guards import require_not_negative, require_positive

DAYS_A_YEAR = 365.25
SMALLEST = 1e-12


@dataclass(frozen=True)
class Rhythm:
    """How buyers enter and leave the market; spells are gamma, in stationary state.

    Parameters
    ----------
    out_days, in_days : float
        Mean days out of the market and in it.
    out_cv, in_cv : float
        Standard deviation of a spell over its mean; 1 is exponential.

    Examples
    --------
    >>> round(Rhythm(1736.25, 90).share_inside, 6)
    0.049281
    >>> regular = Rhythm(1736.25, 90, out_cv=0.3)
    >>> round(regular.enters_within(365), 6), round(regular.returns_within(365), 6)
    (0.210223, 2.8e-05)
    """

    out_days: float
    in_days: float
    out_cv: float = 1.0
    in_cv: float = 1.0

    def __post_init__(self) -> None:
        require_positive(out_days=self.out_days, in_days=self.in_days)
        require_positive(out_cv=self.out_cv, in_cv=self.in_cv)

    @property
    def share_inside(self) -> float:
        """Share of buyers in the market on a day, whatever the spread of spells."""
        return self.in_days / (self.in_days + self.out_days)

    @property
    def entries_a_year(self) -> float:
        """Entries into the market of one buyer in a year of 365.25 days."""
        return DAYS_A_YEAR / (self.in_days + self.out_days)

    def inside_within(self, days: float) -> float:
        """Return the share of buyers in the market at some time in a span of days."""
        return 1 - (1 - self.share_inside) * (1 - self.enters_within(days))

    def enters_within(self, days: float) -> float:
        """Return the chance that who is out of the market enters it within days.

        Nobody knows how long they have been out: it is the equilibrium law of what is
        left of a spell, the integral of (1 - F) / mean.
        """
        require_not_negative(days=days)
        longer = 1 - self.returns_within(days)
        biased = _within(days, self.out_days, self.out_cv, 1 + self.out_cv**2)
        return days / self.out_days * longer + biased

    def returns_within(self, days: float) -> float:
        """Return the chance that who leaves the market now is back within days.

        Regular needs (`out_cv` well below 1) bring few back soon after a purchase.
        """
        require_not_negative(days=days)
        return _within(days, self.out_days, self.out_cv, 1)

    def autocorrelation(self, days: float) -> float:
        """Return the correlation of being in the market now and days later.

        With spells of any law it is a sum over the entries in between, each of which
        is a second difference of `_room` in the number of spells inside.
        """
        require_not_negative(days=days)
        if self.in_cv == self.out_cv == 1:
            return math.exp(-days * (1 / self.out_days + 1 / self.in_days))
        still = self.in_days - days + self._room(days, 1, 0)
        number, again = 1, still
        while (room := self._room(days, number - 1, number)) > SMALLEST * self.in_days:
            again += room - 2 * self._room(days, number, number)
            again += self._room(days, number + 1, number)
            number += 1
        share = self.share_inside
        return (again / self.in_days - share) / (1 - share)

    def dispersion(self, days: float) -> float:
        """Return variance over mean of one buyer's entries in some days.

        It is 1 in a Poisson process, and less where needs are regular. With a mean
        cycle of m days, N entries and S_k the length of k cycles, the second factorial
        moment E[N (N - 1)] is 2 / m times the sum of E[(days - S_k)+] over k.
        """
        require_positive(days=days)
        number, rooms = 1, 0.0
        while (room := self._room(days, number, number)) > SMALLEST * days:
            rooms += room
            number += 1
        return 1 + 2 * rooms / days - days / (self.in_days + self.out_days)

    def _room(self, days: float, inside: int, outside: int) -> float:
        """Return E[(days - S)+], where S is so many spells inside and outside.

        By parts it is the integral of P(inside ones <= x) P(outside ones <= days - x).
        """
        from scipy.integrate import quad

        def both(x: float) -> float:
            return _within(x, self.in_days, self.in_cv, inside) * _within(
                days - x, self.out_days, self.out_cv, outside
            )

        steps = (inside * self.in_days, days - outside * self.out_days)
        points = [x for x in steps if 0 < x < days] or None
        return float(quad(both, 0, days, points=points, epsabs=1e-10, limit=200)[0])


def _within(days: float, mean: float, cv: float, spells: float) -> float:
    """Return the chance that so many gamma spells together last at most some days."""
    from scipy.special import gammainc

    if spells == 0:
        return 1.0
    return float(gammainc(spells / cv**2, days / (mean * cv**2)))
