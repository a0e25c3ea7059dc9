"""Competing ways with shares of their own: a mixture with stays that never end.

In: `Cells`, forms of lags and their parameters, many sets at a time. Out: the shares
that fit best for each set, and the log posterior. It chooses nothing and draws
nothing.

The model. A stay of source k will take way j with probability p_kj, after a lag with
survival S_j; with p_k0 it never ends. A stay seen to end adds log p_kj + log f_j(t),
one that goes on at age c adds log(p_k0 + sum_j p_kj S_j(c)). A stay whose end may have
gone unseen before the age a adds log(p_k0 + sum_j p_kj (S_j(c) + 1 - S_j(a))), and one
that is known only because it went on at age a takes log(p_k0 + sum_j p_kj S_j(a)) off
again. This is the mixture cure model (Boag 1949; Larson and Dinse 1985 for competing
ways). Shares have a Dirichlet prior that sources share (see `pooling`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simlib.crm.cells import Cells
from simlib.crm.laws import Form, log_chance, log_prior, seen_survival
from simlib.draws import Floats

MOST_STEPS = 300
CLOSE_ENOUGH = 1e-7
OVER = 1.5  # over-relaxation of the EM step; below 2 it converges
LEAST_SHARE = 1e-12


@dataclass(frozen=True)
class Spread:
    """Survival of each way at each cell, for m parameter sets.

    Attributes
    ----------
    open : array, shape (m, J', B)
        What a stay that goes on is multiplied with; the last way is "never".
    late : array, shape (m, J', L)
        The same for stays carried over.
    """

    open: Floats
    late: Floats


@dataclass(frozen=True)
class Mixture:
    """The model of one stage.

    Attributes
    ----------
    cells : Cells
    forms : tuple of Form, one for each way
    never : bool
        Whether some stays may never end.
    prior : array, shape (J',) or (m, 1, J')
        Exponents of the Dirichlet prior of shares.
    """

    cells: Cells
    forms: tuple[Form, ...]
    never: bool
    prior: Floats

    @cached_property
    def slices(self) -> tuple[slice, ...]:
        """Where each way's parameters lie in a row of them."""
        ends = np.cumsum([form.size for form in self.forms]).tolist()
        starts = [0, *ends[:-1]]
        return tuple(slice(a, b) for a, b in zip(starts, ends, strict=True))

    @property
    def size(self) -> int:
        """How many parameters the lags have in all."""
        return sum(form.size for form in self.forms)

    @cached_property
    def counts(self) -> Floats:
        """Ends by source and way, with a column of zeros for "never", (K, J')."""
        seen = self.cells.counts
        nothing = np.zeros((len(seen), int(self.never)))
        return np.hstack([seen, nothing])

    def spread(self, theta: Floats) -> Spread:
        """Return the survival of all ways at all cells for parameters (m, size)."""
        rows, at = self.cells, self._survival
        open_ = at(theta, rows.age)
        if rows.since.any():
            unseen = 1 - at(theta, rows.since)
            if self.never:
                unseen[:, -1] = 0
            open_ = np.minimum(open_ + np.where(rows.since > 0, unseen, 0), 1)
        return Spread(open_, at(theta, rows.late_since))

    def _survival(self, theta: Floats, days: Floats) -> Floats:
        parts: list[Floats] = [
            seen_survival(form, theta[:, at], days, whole=self.cells.whole_days)
            for form, at in zip(self.forms, self.slices, strict=True)
        ]
        if self.never:
            parts.append(np.ones((len(theta), len(days))))
        return np.stack(parts, axis=1)

    def shares(self, spread: Spread, start: Floats | None = None) -> Floats:
        """Return the most likely shares for each parameter set, shape (m, K, J').

        By expectation and maximisation: a stay that goes on is dealt out among the
        ways in proportion to how well they explain it.
        """
        size = (len(spread.open), *self.counts.shape)
        base = self.counts + self.prior
        first = base / base.sum(axis=-1, keepdims=True)
        shares = np.broadcast_to(first, size).copy() if start is None else start.copy()
        for _ in range(MOST_STEPS):
            dealt = base + self._imputed(shares, spread)
            new = dealt / dealt.sum(axis=-1, keepdims=True)
            new = shares * (new / shares) ** OVER
            new = np.maximum(new, LEAST_SHARE)
            new /= new.sum(axis=-1, keepdims=True)
            moved = float(np.abs(new - shares).max(initial=0))
            shares = new
            if moved < CLOSE_ENOUGH:
                break
        return shares

    def _imputed(self, shares: Floats, spread: Spread) -> Floats:
        """Return how many unfinished stays each way is expected to take."""
        per_cell = self.cells.going_on / (shares @ spread.open)
        dealt = shares * (per_cell @ spread.open.swapaxes(1, 2))
        if self.cells.late.size:
            ghosts = self.cells.late / (shares @ spread.late)
            dealt += shares * (ghosts @ (1 - spread.late).swapaxes(1, 2))
        out: Floats = dealt
        return out

    def log_shares(self, shares: Floats, spread: Spread) -> Floats:
        """Return the log likelihood of shares given the lags, by source, (m, K)."""
        total = np.sum(self.counts * np.log(shares), axis=-1)
        total += np.sum(self.cells.going_on * np.log(shares @ spread.open), axis=-1)
        if self.cells.late.size:
            late = np.log(shares @ spread.late)
            total -= np.sum(self.cells.late * late, axis=-1)
        out: Floats = total
        return out

    def log_lags(self, theta: Floats) -> Floats:
        """Return the log likelihood of the durations of all ends, shape (m,)."""
        total = np.zeros(len(theta))
        parts = zip(self.forms, self.slices, self.cells.ends, strict=True)
        for form, at, ends in parts:
            chance = log_chance(
                form, theta[:, at], ends.days, whole=self.cells.whole_days
            )
            total += chance @ ends.weight
        return total

    def log_prior(self, theta: Floats) -> Floats:
        """Return the log density of the lags' weak prior, shape (m,)."""
        typical = self.cells.typical_days
        parts = zip(self.forms, self.slices, strict=True)
        each = [log_prior(f, theta[:, at], typical) for f, at in parts]
        return np.asarray(np.sum(each, axis=0))

    def log_likelihood(self, theta: Floats, shares: Floats) -> Floats:
        """Return the log likelihood, shape (m,)."""
        given = self.log_shares(shares, self.spread(theta)).sum(axis=-1)
        return np.asarray(self.log_lags(theta) + given)

    def log_posterior(
        self, theta: Floats, start: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """Return the log posterior at the best shares, (m,), and those shares."""
        spread = self.spread(theta)
        shares = self.shares(spread, start)
        value = self.log_lags(theta) + self.log_prior(theta)
        value += self.log_shares(shares, spread).sum(axis=-1)
        value += np.sum(self.prior * np.log(shares), axis=(-2, -1))
        return value, shares


def usual_prior(ways: Sequence[object], *, never: bool) -> Floats:
    """Return half a lead for each way (Jeffreys), where nothing can be pooled."""
    return np.full(len(ways) + never, 0.5)
