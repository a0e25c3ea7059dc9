"""Checklists such as BANT: how many answers are yes, and how many sales think are.

In: the share of leads for whom each answer is yes, and how well a call finds it out.
Out: laws of the counts, who passes, and how often those are won. It assumes that the
answers are independent of each other, and that the call errs independently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simlib.draws import Floats
from simlib.errors import TheoryError
from simlib.theory.guards import require_share, require_some


@dataclass(frozen=True)
class Checklist:
    """Questions of a discovery call.

    Attributes
    ----------
    shares : sequence of float
        Share of leads for whom the answer to each question is yes.
    sensitivity : float
        Chance that a yes is heard as a yes.
    specificity : float
        Chance that a no is heard as a no.

    Examples
    --------
    >>> bant = Checklist([0.55, 0.45, 0.65, 0.40], 0.90, 0.85)
    >>> round(bant.passing(3), 6)
    0.363432
    """

    shares: Sequence[float]
    sensitivity: float = 1.0
    specificity: float = 1.0

    def __post_init__(self) -> None:
        require_some(shares=self.shares)
        require_share(sensitivity=self.sensitivity, specificity=self.specificity)
        for share in self.shares:
            require_share(share=share)

    def counts(self) -> Floats:
        """Return P(0 yes), ..., P(all yes), of what is true."""
        counts: Floats = self.joint().sum(axis=1)
        return counts

    def joint(self) -> Floats:
        """Return the chance of each pair (true, heard), shape (n + 1, n + 1).

        One question after the other is added: a convolution over the four cases of
        true and heard. Source: the Poisson binomial law.
        """
        size = len(self.shares) + 1
        law = np.zeros((size, size))
        law[0, 0] = 1.0
        hit, miss = self.sensitivity, 1 - self.sensitivity
        right, false = self.specificity, 1 - self.specificity
        for share in self.shares:
            more = (1 - share) * right * law
            more[:, 1:] += (1 - share) * false * law[:, :-1]
            more[1:, :] += share * miss * law[:-1, :]
            more[1:, 1:] += share * hit * law[:-1, :-1]
            law = more
        return law

    def passing(self, needed: int) -> float:
        """Return the share of leads with at least `needed` answers heard as yes."""
        self._require_known(needed)
        return min(1.0, float(self.joint()[:, needed:].sum()))

    def won(self, needed: int, wins: Sequence[float]) -> float:
        """Return the share of passing leads that is won.

        Parameters
        ----------
        needed : int
            How many answers must sound like yes.
        wins : sequence of float
            Share won by the true count of yes, from 0 to all.
        """
        self._require_known(needed)
        if len(wins) != len(self.shares) + 1:
            raise TheoryError(
                f"wins must hold {len(self.shares) + 1} shares, from no yes to all; "
                f"given: {len(wins)}"
            )
        for share in wins:
            require_share(wins=share)
        passing = self.joint()[:, needed:].sum(axis=1)
        total = passing.sum()
        return float(passing @ np.asarray(wins) / total) if total > 0 else float("nan")

    def _require_known(self, needed: int) -> None:
        if needed not in range(len(self.shares) + 1):
            raise TheoryError(
                f"needed must be a whole number from 0 to {len(self.shares)}; "
                f"given: {needed!r}"
            )
