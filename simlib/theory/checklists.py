"""Checklists such as BANT: how many answers are yes, and how many sales think are.

In: the share of leads for whom each answer is yes, how much the answers of a lead go
together, and how well a call finds them out. Out: laws of the counts, who passes, and
how often those are won. It assumes that the call errs independently.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simlib.draws import Floats
from simlib.errors import TheoryError
from simlib.theory.guards import require_share, require_some

FARTHEST = 9.0
"""Standard deviations of a factor, beyond which there is 1e-18 of it left."""


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
    common : float
        Correlation, 0 to below 1, of the normal variates behind any two answers; the
        shares stay what they are. 0: the answers are independent.

    Examples
    --------
    >>> bant = Checklist([0.55, 0.45, 0.65, 0.40], 0.90, 0.85)
    >>> round(bant.passing(3), 6)
    0.363432
    >>> alike = Checklist([0.55, 0.45, 0.65, 0.40], 0.90, 0.85, common=0.5)
    >>> round(alike.passing(3), 6), round(alike.passing(4), 6)
    (0.409757, 0.156077)
    """

    shares: Sequence[float]
    sensitivity: float = 1.0
    specificity: float = 1.0
    common: float = 0.0

    def __post_init__(self) -> None:
        require_some(shares=self.shares)
        require_share(sensitivity=self.sensitivity, specificity=self.specificity)
        for share in self.shares:
            require_share(share=share)
        require_share(common=self.common)
        if self.common == 1:
            raise TheoryError("common must be below 1; given: 1")

    def counts(self) -> Floats:
        """Return P(0 yes), ..., P(all yes), of what is true."""
        counts: Floats = self.joint().sum(axis=1)
        return counts

    def joint(self) -> Floats:
        """Return the chance of each pair (true, heard), shape (n + 1, n + 1).

        Where answers go together they do so by one factor: given its value they are
        independent, and the law is the mean over its values, by quadrature to 1e-9.
        Source: one-factor Gaussian copula; Vasicek, Probability of loss on loan
        portfolio (1987).
        """
        if self.common == 0:
            return self._independent(self.shares)
        from scipy.integrate import quad_vec

        law: Floats = quad_vec(
            self._given, -FARTHEST, FARTHEST, epsabs=1e-12, points=self._steps()
        )[0]
        return law

    def _steps(self) -> list[float]:
        """Return between which values of the factor an answer turns to yes or no."""
        from scipy.special import ndtri

        width = 7 * math.sqrt((1 - self.common) / self.common)
        middles = ndtri(self.shares) / math.sqrt(self.common)
        steps = [x + part * width for x in middles for part in (-1, 0, 1)]
        return [x for x in steps if abs(x) < FARTHEST]

    def _given(self, factor: float) -> Floats:
        """Return the law where the common factor has a value, times its density."""
        from scipy.special import ndtr, ndtri

        density = math.exp(-(factor**2) / 2) / math.sqrt(2 * math.pi)
        moved = ndtri(self.shares) - math.sqrt(self.common) * factor
        return density * self._independent(ndtr(moved / math.sqrt(1 - self.common)))

    def _independent(self, shares: Sequence[float]) -> Floats:
        """Return the law of answers that are independent of each other.

        One question after the other is added: a convolution over the four cases of
        true and heard. Source: the Poisson binomial law.
        """
        size = len(shares) + 1
        law = np.zeros((size, size))
        law[0, 0] = 1.0
        hit, miss = self.sensitivity, 1 - self.sensitivity
        right, false = self.specificity, 1 - self.specificity
        for share in shares:
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
