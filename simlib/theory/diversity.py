"""What it is worth not to rely on one source, in closed form.

In: a number of equal sources, and what may hit each. Out: how far their total may fall.
The shocks are independent, which is the assumption to doubt. It never simulates and
never reads a scenario.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from simlib.theory.guards import require_count, require_share


@dataclass(frozen=True)
class EqualSources:
    """Equal sources, each of which may be hit on its own.

    Parameters
    ----------
    count : int
        How many sources; together they bring 1.
    chance : float
        Chance, 0 to 1, that one of them is hit.
    loss : float
        Share of its leads, 0 to 1, that it then loses.

    Examples
    --------
    >>> round(EqualSources(1, 0.1, 0.4).sd, 6)
    0.12
    """

    count: int
    chance: float
    loss: float

    def __post_init__(self) -> None:
        require_count(count=self.count)
        require_share(chance=self.chance, loss=self.loss)

    @property
    def mean(self) -> float:
        """Expected total: it does not depend on the number of sources."""
        return 1 - self.chance * self.loss

    @property
    def sd(self) -> float:
        """Standard deviation of the total."""
        one = self.loss * math.sqrt(self.chance * (1 - self.chance))
        return one / math.sqrt(self.count)

    def falls_by(self, share: float) -> float:
        """Return the chance that the total falls by a share (0 to 1) or more."""
        require_share(share=share)
        needed = share * self.count / self.loss if self.loss else math.inf
        return sum(
            math.comb(self.count, hit)
            * self.chance**hit
            * (1 - self.chance) ** (self.count - hit)
            for hit in range(self.count + 1)
            if hit >= needed - 1e-9
        )


def share_hit(per_year: float, days: float, year: float = 365.25) -> float:
    """Return the chance that a source is under a shock on a day.

    Parameters
    ----------
    per_year : float
        Shocks a year, a Poisson process in its stationary state.
    days, year : float, days
        How long each lasts, and a year.
    """
    return -math.expm1(-per_year * days / year)
