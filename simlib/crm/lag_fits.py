"""Choosing families of lags and finding their parameters.

In: `Cells` of a stage. Out: `LagFit`: for each way the form with the least AIC, all
that came close to it, and the parameters. Shares are found on the way, without pooling;
they are estimated properly elsewhere (`fitting`).

The likelihood is our own, maximised with `scipy.optimize`: the ready-made fits
(`scipy.stats.CensoredData`, lifelines) know censoring, but neither competing ways with
shares of their own nor stays that never end.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simlib.crm.cells import Cells, Ends
from simlib.crm.laws import CONTINUOUS, TINY_DAYS, Form, first_guess
from simlib.crm.mixtures import Mixture, usual_prior
from simlib.draws import Floats

STEP = 1e-4
FEW = 8  # fewer ends than this carry no shape: the simplest family then
CONSTANT = 1e-3  # spread / mean below which a lag is fixed
CLOSE_AIC = 6.0  # families further behind than this are left out of the averaging
MOST_PRODUCTS = 4096
MOST_TOGETHER = 12


@dataclass(frozen=True)
class Fitted:
    """One choice of forms with its best parameters.

    Attributes
    ----------
    mixture : Mixture
    theta : array, shape (size,)
    shares : array, shape (K, J')
    aic : float
        2 (number of parameters) - 2 (log likelihood).
    """

    mixture: Mixture
    theta: Floats
    shares: Floats
    aic: float


@dataclass(frozen=True)
class LagFit:
    """The forms of a stage's lags.

    Attributes
    ----------
    best : Fitted
        All sources as one.
    close : tuple of Fitted
        The choices within `CLOSE_AIC` of the best, which is the first of them.
    aic : tuple of dict, one for each way
        AIC by the form's label, the other ways at their best.
    """

    best: Fitted
    close: tuple[Fitted, ...]
    aic: tuple[dict[str, float], ...]


def fit(mixture: Mixture, start: Floats | None = None) -> Fitted:
    """Return the most likely parameters of a mixture (the mode of the posterior)."""
    from scipy.optimize import minimize

    if start is None:
        start = _start(mixture)
    if not mixture.size:
        return _fitted(mixture, np.zeros(0))
    kept: list[Floats] = []

    def cost(theta: Floats) -> tuple[float, Floats]:
        around = theta + STEP * np.vstack(
            [np.zeros(len(theta)), np.eye(len(theta)), -np.eye(len(theta))]
        )
        warm = (
            np.broadcast_to(kept[-1], (len(around), *kept[-1].shape)) if kept else None
        )
        value, shares = mixture.log_posterior(around, warm)
        kept[:] = [shares[0]]
        up, down = value[1 : len(theta) + 1], value[len(theta) + 1 :]
        return -float(value[0]), -(up - down) / (2 * STEP)

    found = minimize(
        cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 80, "ftol": 1e-9}
    )
    return _fitted(mixture, np.asarray(found.x))


def _fitted(mixture: Mixture, theta: Floats) -> Fitted:
    _, shares = mixture.log_posterior(theta[None])
    likely = float(mixture.log_likelihood(theta[None], shares)[0])
    free = mixture.size + shares[0].size - len(shares[0])
    return Fitted(mixture, theta, shares[0], 2 * free - 2 * likely)


def _start(mixture: Mixture) -> Floats:
    typical, parts = mixture.cells.typical_days, []
    for form, ends in zip(mixture.forms, mixture.cells.ends, strict=True):
        total = max(float(ends.weight.sum()), 1.0)
        nil = float(ends.weight[ends.days <= TINY_DAYS].sum()) / total
        later = ends.days > TINY_DAYS
        middle = typical
        if later.any():
            logs = np.log(ends.days[later])
            middle = float(np.exp(np.average(logs, weights=ends.weight[later])))
        parts.append(first_guess(form, max(middle, 1e-3), nil))
    return np.concatenate(parts) if parts else np.zeros(0)


def choices(ends: Ends, *, whole_days: bool) -> list[Form]:
    """Return the forms worth trying for a way, the usual one first."""
    total = float(ends.weight.sum())
    nil = float(ends.weight[ends.days <= TINY_DAYS].sum())
    if total and nil == total:
        return [Form("fixed", values=(0.0,), shares=(1.0,))]
    mean = float(np.average(ends.days, weights=ends.weight))
    spread = float(np.sqrt(np.average((ends.days - mean) ** 2, weights=ends.weight)))
    if not whole_days and total >= FEW and spread < CONSTANT * mean:
        return [Form("fixed", values=(mean,), shares=(1.0,))]
    if total - nil < FEW:
        return [Form("exponential", at_once=bool(nil))]
    if whole_days:
        tried = [Form(family) for family in CONTINUOUS]
        # Worth asking only where more end on the first day than on the next ones.
        if nil > 0.02 * total:
            tried += [Form(family, at_once=True) for family in CONTINUOUS]
        return tried
    return [Form(family, at_once=bool(nil)) for family in CONTINUOUS]


def fit_lags(cells: Cells, *, never: bool) -> LagFit:
    """Return the best form of each way's lag, all sources taken as one.

    Each way in turn tries its forms while the others keep their best one; then the
    forms that came close are tried together.
    """
    search = _Search(cells.pooled(), never=never)
    tried = [choices(ends, whole_days=cells.whole_days) for ends in cells.ends]
    best = search.of([some[0] for some in tried])
    table: list[dict[str, float]] = []
    for way, some in enumerate(tried):
        forms = best.mixture.forms
        found = [search.of([*forms[:way], form, *forms[way + 1 :]]) for form in some]
        row = zip(some, found, strict=True)
        table.append({form.label: one.aic for form, one in row})
        best = min(found, key=lambda one: one.aic)
    for combination in _together(tried, table):
        search.of(combination)
    ranked = sorted(search.found.values(), key=lambda one: one.aic)
    best = ranked[0]
    close = tuple(one for one in ranked if one.aic <= best.aic + CLOSE_AIC)
    return LagFit(best, close, tuple(table))


def roomy(some: Sequence[Form]) -> list[Form]:
    """Return forms without those that are a special case of another one.

    An exponential lag is a gamma and a Weibull one of shape 1. As an estimate it may be
    the best; but to say how unsure one is, the shape must be free.
    """
    free = [form for form in some if form.family != "exponential"]
    return free or list(some)


def _together(
    tried: list[list[Form]], table: list[dict[str, float]]
) -> list[list[Form]]:
    """Return combinations of forms that may come close, the likeliest ones."""
    near: list[list[tuple[float, Form]]] = []
    for some, row in zip(tried, table, strict=True):
        behind = [(row[form.label] - min(row.values()), form) for form in roomy(some)]
        near.append(
            [one for one in behind if one[0] <= CLOSE_AIC]
            or [min(behind, key=lambda one: one[0])]
        )
    sums = [
        (sum(one[0] for one in combination), [one[1] for one in combination])
        for combination in itertools.islice(itertools.product(*near), MOST_PRODUCTS)
    ]
    sums.sort(key=lambda one: one[0])
    return [forms for off, forms in sums[:MOST_TOGETHER] if off <= CLOSE_AIC]


class _Search:
    """Fits of forms, each made once, from the best start there is."""

    def __init__(self, pooled: Cells, *, never: bool) -> None:
        self.pooled, self.never = pooled, never
        self.found: dict[tuple[Form, ...], Fitted] = {}

    def of(self, forms: list[Form]) -> Fitted:
        """Return the fit with these forms."""
        key = tuple(forms)
        if key not in self.found:
            prior = usual_prior(forms, never=self.never)
            mixture = Mixture(self.pooled, key, self.never, prior)
            self.found[key] = fit(mixture, self._start(mixture))
        return self.found[key]

    def _start(self, mixture: Mixture) -> Floats:
        """Return a start: for each way its best parameters with that form, if any."""
        start = _start(mixture)
        for way, at in enumerate(mixture.slices):
            known = [
                one
                for one in self.found.values()
                if one.mixture.forms[way] == mixture.forms[way]
            ]
            if known:
                best = min(known, key=lambda one: one.aic)
                start[at] = best.theta[best.mixture.slices[way]]
        return start
