"""Fitting a funnel: each stage's ways, shares by source, and lags, with how sure.

In: `Sojourns`. Out: `StageFit` for each stage: point estimates, the nonparametric
curves to hold them against, the goodness of fit, and draws. It knows no scenario and
no arrivals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from simlib.crm.cells import Cells, cells
from simlib.crm.chance import Chance
from simlib.crm.lag_fits import CLOSE_AIC, Fitted, LagFit, fit, fit_lags
from simlib.crm.laws import Form, days_beyond, survival
from simlib.crm.mixtures import Mixture, usual_prior
from simlib.crm.pooling import Pooling, pooling
from simlib.crm.transitions import Sojourns
from simlib.crm.uncertainty import StageDraws, stage_draws
from simlib.draws import Floats
from simlib.funnel.survival import Incidence

MANY_ENDS = 60  # enough of them to reject every family
REJECTED = 1.6  # sqrt(n) x the largest gap; fits of own parameters seldom pass 1.2
MOST_POINTS = 200
MOST_CHOICES = 8
PLATEAU = 0.9  # share of a way's ends that the follow-up has to cover
FOLLOWED = 0.95  # ... at this point of the ages


@dataclass(frozen=True)
class StageFit:
    """What the data say about one stage.

    Attributes
    ----------
    stage : int
        Code in the log.
    ways : tuple of int
        Codes of the stages that follow.
    close : tuple of Fitted
        The best choice of families and those that fit about as well.
    pool : Pooling
    aic : tuple of dict
        AIC by the form's label, for each way.
    curve : Incidence
        The Aalen-Johansen estimate, all sources together.
    gap : array, shape (J,)
        sqrt(ends) x the largest distance between curve and fit.
    longest_follow_up : float, days
        Age at the horizon of the oldest stays but 5%.
    """

    stage: int
    ways: tuple[int, ...]
    close: tuple[Fitted, ...]
    pool: Pooling
    aic: tuple[dict[str, float], ...]
    curve: Incidence
    gap: Floats
    longest_follow_up: float

    @property
    def best(self) -> Fitted:
        """The choice with the least AIC."""
        return self.close[0]

    @property
    def cells(self) -> Cells:
        """The data, counted."""
        return self.best.mixture.cells

    @property
    def forms(self) -> tuple[Form, ...]:
        """The best form of each way's lag."""
        return self.best.mixture.forms

    def theta(self, way: int) -> Floats:
        """Return the parameters of a way's lag, shape (size,)."""
        return self.best.theta[self.best.mixture.slices[way]]

    @property
    def shares(self) -> Floats:
        """Shares by source, shape (K, J + 1); the last is "never ends"."""
        found = self.best.shares
        pad = len(self.ways) + 1 - found.shape[1]
        return np.pad(found, ((0, 0), (0, pad)))

    def lag_days(self, way: int, chance_of_longer: Sequence[float]) -> Floats:
        """Return the days that lags of a way exceed with given chances."""
        later = np.asarray(chance_of_longer, dtype=float)
        return days_beyond(self.forms[way], self.theta(way), later)

    def fitted_share(self, way: int, days: Floats) -> Floats:
        """Return the fitted share that has taken a way by an age, all sources."""
        weights = self.cells.entered / max(self.cells.entered.sum(), 1)
        beyond = survival(self.forms[way], self.theta(way)[None], days)[0]
        return np.asarray(float(weights @ self.shares[:, way]) * (1 - beyond))

    def covered(self, way: int) -> float:
        """Return which share of a way's lags the follow-up covers, 0 to 1."""
        days = np.array([self.longest_follow_up])
        beyond = survival(self.forms[way], self.theta(way)[None], days)
        return float(1 - beyond[0, 0])

    def has_plateau(self, way: int) -> bool:
        """Return whether the final share of a way can be read from the data."""
        return self.covered(way) >= PLATEAU

    def bounds(self, way: int) -> tuple[float, float]:
        """Return the least and the greatest final share that the data allow.

        Nobody else takes the way, or everybody who still goes on does.
        """
        if not len(self.curve.days):
            return 0.0, 1.0
        least = float(self.curve.share[way, -1])
        return least, least + float(self.curve.going_on[-1])

    def draws(self, count: int, chance: Chance) -> StageDraws:
        """Return equally likely parameters.

        Forms that are a special case of another one leave the word to that one.
        """
        free = [one for one in self.close if _is_roomy(one, self.aic)]
        return stage_draws(free or list(self.close), self.pool, count, chance)


def fit_stage(stays: Sojourns, stage: int, sources: int) -> StageFit | None:
    """Return the fit of one stage, or None if nobody was seen to leave it.

    Parameters
    ----------
    stays : Sojourns
    stage : int
    sources : int
        How many sources the log has.
    """
    rows = cells(stays, stage, sources)
    if not rows.ways:
        return None
    here = stays.of_stage(stage)
    curve = here.incidence(np.array(rows.ways))
    found = _with_never(rows)
    found = _with_tables(found, rows, curve)
    pool = pooling(replace(found.best.mixture, cells=rows), found.best.theta)
    close = [_by_source(one, rows, pool) for one in _kept(found)]
    close.sort(key=lambda one: one.aic)
    best = close[0]
    longest = float(np.quantile(stays.graph.horizon - here.entered, FOLLOWED))
    return StageFit(
        stage=stage,
        ways=rows.ways,
        close=tuple(close),
        pool=pool,
        aic=found.aic,
        curve=curve,
        gap=_gaps(best, rows, curve),
        longest_follow_up=longest,
    )


def _kept(found: LagFit) -> list[Fitted]:
    """Return the best choice of forms and the next ones, not too many.

    Those with an exponential lag are left out beyond the first: see `StageFit.draws`.
    """
    first, *rest = found.close
    roomy = [one for one in rest if _is_roomy(one, found.aic)]
    return [first, *roomy[: MOST_CHOICES - 1]]


def _is_roomy(one: Fitted, aic: tuple[dict[str, float], ...]) -> bool:
    """Return whether no lag has a special form where a wider one was tried."""
    forms = zip(one.mixture.forms, aic, strict=True)
    return all(len(row) == 1 or form.family != "exponential" for form, row in forms)


def _with_never(rows: Cells) -> LagFit:
    """Return the fit with or without stays that never end, whichever AIC prefers.

    One way alone is always given company: that everybody will take it must be shown.
    """
    ends_all = fit_lags(rows, never=False) if len(rows.ways) > 1 else None
    some_stay = fit_lags(rows, never=True)
    if ends_all is None:
        return some_stay
    first, second = sorted((ends_all, some_stay), key=lambda one: one.best.aic)
    merged = sorted((*first.close, *second.close), key=lambda one: one.aic)
    limit = first.best.aic + CLOSE_AIC
    close = tuple(one for one in merged if one.aic <= limit)
    return LagFit(first.best, close, first.aic)


def _by_source(one: Fitted, rows: Cells, pool: Pooling) -> Fitted:
    """Return the fit with shares by source, pooled in part."""
    mixture = one.mixture
    mean = pool.mean[: mixture.counts.shape[1]]
    if mixture.never and len(mean) < mixture.counts.shape[1]:
        mean = np.append(mean, 0.5 / max(pool.strength, 1.0))
    prior = mean / mean.sum() * pool.strength
    ours = replace(mixture, cells=rows, prior=prior)
    fitted = fit(ours, one.theta)
    # Families are compared with all sources as one, so that shares cost them alike.
    return replace(fitted, aic=one.aic)


def _gaps(one: Fitted, rows: Cells, curve: Incidence) -> Floats:
    """Return how far each way's fit is from the curve, in units of chance."""
    mixture = one.mixture
    weights = rows.entered / max(rows.entered.sum(), 1)
    gaps = np.zeros(len(rows.ways))
    for way, (form, at) in enumerate(zip(mixture.forms, mixture.slices, strict=True)):
        share = float(weights @ one.shares[:, way])
        # On whole days a stay of d days is between d - 1 and d + 1: halfway, d + 1/2.
        days = curve.days + (0.5 if rows.whole_days else 0.0)
        fitted = share * (1 - survival(form, one.theta[at][None], days)[0])
        seen = curve.share[way]
        enough = curve.at_risk >= 0.05 * curve.at_risk.max(initial=1)
        gap = np.abs(fitted - seen)[enough].max(initial=0) / max(share, 1e-9)
        gaps[way] = gap * np.sqrt(rows.counts[:, way].sum())
    return gaps


def _with_tables(found: LagFit, rows: Cells, curve: Incidence) -> LagFit:
    """Return the fit with a table of values where no family describes a way.

    Only where the follow-up covers the way: a table says nothing beyond its end.
    """
    pooled = rows.pooled()
    gaps = _gaps(replace(found.best, shares=found.best.shares), pooled, curve)
    many = rows.counts.sum(axis=0) >= MANY_ENDS
    flat = (curve.going_on[-1] if len(curve.days) else 1.0) < 1 - PLATEAU
    wrong = (gaps > REJECTED) & many & flat & (not rows.whole_days)
    if not wrong.any():
        return found
    mixture = found.best.mixture
    forms = list(mixture.forms)
    for way in np.flatnonzero(wrong):
        forms[way] = _table_of(curve, int(way))
    table = Mixture(
        pooled, tuple(forms), mixture.never, usual_prior(forms, never=mixture.never)
    )
    again = fit(table)
    return LagFit(again, (again,), found.aic)


def _table_of(curve: Incidence, way: int) -> Form:
    """Return the lags of a way as a table of values and their shares."""
    steps = np.diff(curve.share[way], prepend=0.0)
    place = np.flatnonzero(steps > 0)
    days, shares = curve.days[place], steps[place] / steps.sum()
    if len(days) > MOST_POINTS:
        group = np.minimum(
            (np.cumsum(shares) * MOST_POINTS).astype(int), MOST_POINTS - 1
        )
        group = np.unique(group, return_inverse=True)[1]
        total = np.bincount(group, shares)
        days, shares = np.bincount(group, shares * days) / total, total
    return Form("empirical", values=tuple(days.tolist()), shares=tuple(shares.tolist()))
