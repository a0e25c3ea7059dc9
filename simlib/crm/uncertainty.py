"""How sure the estimates of one stage are: draws of lags and shares together.

In: fitted mixtures. Out: `StageDraws`, equally likely sets of parameters. Nothing here
simulates leads.

Lags by importance resampling: parameters are proposed from a wide bell around the mode
(Student, 5 degrees of freedom, the curvature of the log posterior), weighted by the
posterior, and resampled; when the weights are too uneven the bell is moved onto them
and it is done again. Shares given the lags by an independence chain (Metropolis and
Hastings) with scaled Dirichlet proposals, one chain for each draw and source. Families
that fit about as well each take part by their Akaike weight, because beyond the
follow-up it is the family that decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simlib.crm.chance import Chance
from simlib.crm.lag_fits import Fitted
from simlib.crm.mixtures import LEAST_SHARE, Mixture, Spread
from simlib.crm.pooling import Pooling, known
from simlib.draws import Floats
from simlib.funnel.columns import Ints

STEP = 0.02
PROPOSALS = 3  # for each draw that is kept
FREEDOM = 5.0
ROUNDS = 4
EVEN_ENOUGH = 0.3  # effective share of the proposals
CHAIN = 12
NARROWEST, WIDEST = 1e-4, 4.0  # of a parameter's variance


@dataclass(frozen=True)
class StageDraws:
    """Equally likely parameters of one stage; n draws.

    Attributes
    ----------
    mixtures : tuple of Mixture
        The choices of families that take part.
    which : array of int, shape (n,)
        Which of them each draw belongs to.
    theta : tuple of array, shape (n, size of that mixture)
        Parameters by mixture; rows of other mixtures are not used.
    shares : array, shape (n, K, J + 1)
        Shares of ways; the last is "never", 0 where everything ends.
    """

    mixtures: tuple[Mixture, ...]
    which: Ints
    theta: tuple[Floats, ...]
    shares: Floats


def stage_draws(
    close: list[Fitted], pool: Pooling, count: int, chance: Chance
) -> StageDraws:
    """Return draws from the families that fit about as well, by Akaike weight."""
    behind = np.array([one.aic - close[0].aic for one in close])
    weights = np.exp(-behind / 2)
    which = np.sort(chance.picked(weights, count))
    used = np.unique(which)
    kept = [close[i] for i in used]
    which = np.searchsorted(used, which)
    sources, ways = len(close[0].mixture.cells.counts), len(close[0].mixture.forms)
    shares = np.zeros((count, sources, ways + 1))
    thetas = []
    for number, one in enumerate(kept):
        rows = np.flatnonzero(which == number)
        theta = _lags(one, len(rows), chance)
        spread = one.mixture.spread(theta)
        prior = _priors(one.mixture, spread, pool, chance)
        found = _shares(replace(one.mixture, prior=prior), spread, chance)
        shares[rows, :, : found.shape[2]] = found
        table = np.zeros((count, one.mixture.size))
        table[rows] = theta
        thetas.append(table)
    mixtures = tuple(one.mixture for one in kept)
    return StageDraws(mixtures, which, tuple(thetas), shares)


def _lags(one: Fitted, count: int, chance: Chance) -> Floats:
    """Return draws of the lags' parameters, shape (count, size).

    Each source has shares of its own here, and hardly a prior: pooling towards a mean
    that was found with the best lags would pin the lags to them.
    """
    weak = one.mixture.prior / one.mixture.prior.sum()
    mixture = replace(one.mixture, prior=weak)
    if not mixture.size:
        return np.zeros((count, 0))
    middle, spread = one.theta, _covariance(mixture, one.theta)
    for _ in range(ROUNDS):
        around, density = _bell(middle, spread, PROPOSALS * count + 200, chance)
        value, _ = mixture.log_posterior(around)
        logs = np.where(np.isfinite(value), value, -np.inf) - density
        weights = np.exp(logs - logs.max())
        weights /= weights.sum()
        if 1 / np.sum(weights**2) > EVEN_ENOUGH * len(weights):
            break
        middle = weights @ around
        off = around - middle
        spread = _sound((off * weights[:, None]).T @ off)
    return np.asarray(around[chance.picked(weights, count)])


def _priors(mixture: Mixture, spread: Spread, pool: Pooling, chance: Chance) -> Floats:
    """Return a prior of the shares for each draw of the lags, shape (n, 1, J').

    Its strength is drawn from the likely ones. Its mean is drawn around the shares of
    all sources together with these lags, as surely as so many sources, that differ as
    much, can tell it: n leads of a source count for n s / (n + s) of the mean.
    """
    count = len(spread.open)
    strength = pool.strengths[chance.picked(pool.weights, count)]
    strength = strength[np.argsort(chance.uniform(count))][:, None, None]
    weak = mixture.prior / mixture.prior.sum()
    together = replace(mixture, cells=mixture.cells.pooled(), prior=weak)
    mean = together.shares(spread)
    told = known(together, mean, spread)
    leads = mixture.cells.entered
    counted = leads * strength[:, 0] / (leads + strength[:, 0])
    surely = counted.sum(axis=1) / max(leads.sum(), 1.0)
    drawn = _proposed(mean, told * surely[:, None, None] + weak, chance)
    return np.asarray(strength * drawn)


def _covariance(mixture: Mixture, theta: Floats) -> Floats:
    """Return the inverse curvature of the log posterior at its mode."""
    size = len(theta)
    unit = STEP * np.eye(size)
    pairs = [(i, j) for i in range(size) for j in range(i, size)]
    corners = [
        theta + a * unit[i] + b * unit[j]
        for i, j in pairs
        for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))
    ]
    value = mixture.log_posterior(np.array(corners))[0].reshape(-1, 4)
    mixed = (value[:, 0] - value[:, 1] - value[:, 2] + value[:, 3]) / (4 * STEP**2)
    bend = np.zeros((size, size))
    for (i, j), one in zip(pairs, mixed, strict=True):
        bend[i, j] = bend[j, i] = -one
    values, axes = np.linalg.eigh(bend)
    limited = np.clip(values, 1 / WIDEST, 1 / NARROWEST**2)
    return np.asarray((axes / limited) @ axes.T)


def _sound(matrix: Floats) -> Floats:
    """Return a covariance matrix with no axis flatter or wider than is sensible."""
    values, axes = np.linalg.eigh(matrix)
    return np.asarray((axes * np.clip(values, NARROWEST**2, WIDEST)) @ axes.T)


def _bell(
    middle: Floats, spread: Floats, count: int, chance: Chance
) -> tuple[Floats, Floats]:
    """Return points of a multivariate Student law and their log density (+ const)."""
    size = len(middle)
    root = np.linalg.cholesky(spread)
    normal = chance.normal(count, size)
    chi2 = 2 * chance.gamma(np.full(count, FREEDOM / 2))
    off = normal * np.sqrt(FREEDOM / chi2)[:, None]
    density = -(FREEDOM + size) / 2 * np.log1p(np.sum(off**2, axis=1) / FREEDOM)
    return middle + off @ root.T, density


def _shares(mixture: Mixture, spread: Spread, chance: Chance) -> Floats:
    """Return one draw of the shares for each draw of the lags, shape (n, K, J')."""
    best = mixture.shares(spread)
    shape = known(mixture, best, spread) + mixture.prior
    now = _proposed(best, shape, chance)
    level = _target(mixture, now, spread) - _density(now, best, shape)
    for _ in range(CHAIN):
        new = _proposed(best, shape, chance)
        other = _target(mixture, new, spread) - _density(new, best, shape)
        take = np.log(chance.uniform(*level.shape)) < other - level
        now = np.where(take[..., None], new, now)
        level = np.where(take, other, level)
    return now


def _proposed(best: Floats, shape: Floats, chance: Chance) -> Floats:
    raw = best * chance.gamma(shape) / shape
    raw = np.maximum(raw, LEAST_SHARE)
    return np.asarray(raw / raw.sum(axis=-1, keepdims=True))


def _target(mixture: Mixture, shares: Floats, spread: Spread) -> Floats:
    prior = np.sum((mixture.prior - 1) * np.log(shares), axis=-1)
    return np.asarray(mixture.log_shares(shares, spread) + prior)


def _density(shares: Floats, best: Floats, shape: Floats) -> Floats:
    """Return the log density of a scaled Dirichlet law (+ const), shape (n, K)."""
    rate = shape / best
    parts = (shape - 1) * np.log(shares)
    whole = np.log(np.sum(rate * shares, axis=-1))
    return np.asarray(np.sum(parts, axis=-1) - shape.sum(axis=-1) * whole)
