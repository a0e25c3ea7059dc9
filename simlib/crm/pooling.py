"""Partial pooling: what the other sources say about one source's shares.

In: a `Mixture` with its best parameters. Out: the exponents of the Dirichlet prior
that the sources share, by empirical Bayes. Sources that resemble each other pull a
small one towards their mean, so that 0 of 16 is neither 0% nor certain; sources that
differ leave it alone.

The strength is judged by the Dirichlet-multinomial likelihood of each source's known
outcomes (Minka 2000), where a stay that goes on counts as far as its way is known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simlib.crm.mixtures import Mixture, Spread, usual_prior
from simlib.draws import Floats

STRENGTHS = np.geomspace(1.0, 1000.0, 25)


@dataclass(frozen=True)
class Pooling:
    """The prior that the sources share.

    Attributes
    ----------
    mean : array, shape (J',)
        Shares of all sources together.
    strengths : array, shape (s,)
        How many leads the prior counts for, as a grid.
    weights : array, shape (s,)
        How likely each strength is; they sum to 1.
    """

    mean: Floats
    strengths: Floats
    weights: Floats

    @property
    def strength(self) -> float:
        """The strength to work with: the middle of the likely ones (geometric)."""
        return float(np.exp(np.dot(np.log(self.strengths), self.weights)))

    @property
    def prior(self) -> Floats:
        """Exponents of the Dirichlet prior, shape (J',)."""
        return self.mean * self.strength


def known(mixture: Mixture, shares: Floats, spread: Spread) -> Floats:
    """Return how many leads of each source have a known way, shape (m, K, J').

    Ends count whole. A stay that goes on counts for a way by how much more likely the
    way has become than it was at the start: fully if no other is left, not at all if
    nothing was learnt. (The diagonal of Louis's observed information, 1982.)
    """
    mixed = shares @ spread.open
    per_cell = mixture.cells.going_on / mixed**2
    twice = shares**2 * (per_cell @ (spread.open**2).swapaxes(1, 2))
    per_cell = mixture.cells.going_on / mixed
    once = shares**2 * (per_cell @ spread.open.swapaxes(1, 2))
    learnt = np.maximum(twice - once, 0) / np.maximum(1 - shares, 1e-9)
    out: Floats = mixture.counts + np.minimum(learnt, mixture.cells.entered[:, None])
    return out


def pooling(mixture: Mixture, theta: Floats) -> Pooling:
    """Return the prior for a mixture whose lags are fitted.

    Parameters
    ----------
    mixture : Mixture
        Its own prior is not looked at.
    theta : array, shape (size,)
    """
    ways = range(len(mixture.forms))
    jeffreys = usual_prior(ways, never=mixture.never)
    together = replace(mixture, cells=mixture.cells.pooled(), prior=jeffreys)
    spread = together.spread(theta[None])
    mean = together.shares(spread)[0, 0]
    apart = replace(mixture, prior=jeffreys)
    told = known(apart, apart.shares(spread), spread)[0]
    told = told[told.sum(axis=1) > 0]
    if len(told) < 2:
        return Pooling(mean, np.array([jeffreys.sum()]), np.ones(1))
    logs = np.array([_log_likelihood(told, mean * s) for s in STRENGTHS])
    weights = np.exp(logs - logs.max())
    return Pooling(mean, STRENGTHS, weights / weights.sum())


def _log_likelihood(told: Floats, prior: Floats) -> float:
    from scipy.special import gammaln

    total = prior.sum()
    parts = gammaln(total) - gammaln(total + told.sum(axis=1))
    parts = parts + np.sum(gammaln(told + prior) - gammaln(prior), axis=1)
    return float(parts.sum())
