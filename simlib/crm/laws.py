"""How long a way out of a stage takes: families of lags as formulas of parameters.

In: a `Form` (which family, with or without a share that goes at once) and unbounded
parameters, many sets at a time. Out: survival, likelihood, quantiles, and the lag that
a scenario can say. It knows no data and fits nothing.

Parameters are (log centre, log shape, logit of the share at once), as many as the form
has. The centre is the median of a lognormal, the mean of a gamma or exponential, and
the scale of a Weibull lag, all in days.

Whole days. Where only dates are known, a stay of T days that begins at a random time
of the day is seen as D = floor(U + T), U uniform, so that P(D >= d) is the mean of
the survival function over [d - 1, d]: a law on whole numbers, and exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from simlib.draws import Floats

CONTINUOUS = ("lognormal", "gamma", "weibull", "exponential")
SHAPES = {"lognormal": (0.05, 2.4), "gamma": (0.05, 400.0), "weibull": (0.3, 30.0)}
# Where a shape lies before any data are seen: median, and spread of its logarithm.
PRIOR_SHAPE = {"lognormal": (0.8, 0.7), "gamma": (1.2, 1.1), "weibull": (1.1, 0.6)}
PRIOR_CENTRE_SPREAD = 2.0
LEAST = 1e-300
TINY_DAYS = 1e-9
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(5)


@dataclass(frozen=True)
class Form:
    """A family of lags and what of it is fixed.

    Attributes
    ----------
    family : str
        One of `CONTINUOUS`, or ``"fixed"`` or ``"empirical"``.
    at_once : bool
        Whether a share of lags is 0.
    values, shares : tuple of float
        For ``fixed`` one value, for ``empirical`` all of them, ascending (days), and
        their shares.
    """

    family: str
    at_once: bool = False
    values: tuple[float, ...] = ()
    shares: tuple[float, ...] = ()

    @property
    def is_table(self) -> bool:
        """Whether there is nothing to fit."""
        return self.family not in CONTINUOUS

    @property
    def size(self) -> int:
        """How many parameters it has."""
        if self.is_table:
            return 0
        return 1 + (self.family in SHAPES) + self.at_once

    @property
    def label(self) -> str:
        """What a reader calls it."""
        return f"{self.family}, some at once" if self.at_once else self.family


def _parts(form: Form, theta: Floats) -> tuple[Floats, Floats, Floats]:
    """Return centre, shape and share at once, each of shape (m, 1)."""
    centre = np.exp(np.clip(theta[:, :1], -25, 25))
    shape = np.ones_like(centre)
    if form.family in SHAPES:
        shape = np.exp(np.clip(theta[:, 1:2], *np.log(SHAPES[form.family])))
    at_once = np.zeros_like(centre)
    if form.at_once:
        at_once = 1 / (1 + np.exp(-np.clip(theta[:, -1:], -30, 30)))
    return centre, shape, at_once


def _beyond(family: str, days: Floats, centre: Floats, shape: Floats) -> Floats:
    """Return P(T > days) of a family without a share at once; days above 0."""
    from scipy import special

    if family == "lognormal":
        far: Floats = special.ndtr((np.log(centre) - np.log(days)) / shape)
        return far
    if family == "gamma":
        far = special.gammaincc(shape, days * (shape / centre))
        return far
    return np.exp(-((days / centre) ** shape))


def survival(form: Form, theta: Floats, days: Floats) -> Floats:
    """Return P(T > days), shape (m, n), for parameters (m, size) and days (n,)."""
    if form.is_table:
        shares = np.append(np.cumsum(form.shares[::-1])[::-1], 0.0)
        later = shares[np.searchsorted(form.values, days, side="right")]
        return np.broadcast_to(later, (len(theta), len(days)))
    centre, shape, at_once = _parts(form, theta)
    beyond = _beyond(form.family, np.maximum(days, TINY_DAYS), centre, shape)
    return np.where(days >= 0, (1 - at_once) * beyond, 1.0)


def seen_survival(form: Form, theta: Floats, days: Floats, *, whole: bool) -> Floats:
    """Return the chance that a lag is seen to exceed what `days` rule out.

    Of times: P(T > days). Of whole days: P(D >= days), see the module's text.
    """
    if not whole or form.is_table:
        return survival(form, theta, days - TINY_DAYS if whole else days)
    inside = days[:, None] - 0.5 + 0.5 * _NODES
    at = survival(form, theta, np.maximum(inside, 0.0).ravel())
    mean = at.reshape(len(theta), len(days), len(_NODES)) @ (_WEIGHTS / 2)
    return np.where(days >= 1, mean, 1.0)


def log_chance(form: Form, theta: Floats, days: Floats, *, whole: bool) -> Floats:
    """Return the log of the density (times) or the chance (whole days), (m, n)."""
    if form.is_table:
        return np.zeros((len(theta), len(days)))
    if whole:
        now = seen_survival(form, theta, days, whole=True)
        then = seen_survival(form, theta, days + 1, whole=True)
        return np.log(np.maximum(now - then, LEAST))
    centre, shape, at_once = _parts(form, theta)
    after = np.maximum(days, TINY_DAYS)
    dense = _log_density(form.family, after, centre, shape)
    nil = np.log(np.maximum(at_once, LEAST))
    return np.where(days <= TINY_DAYS, nil, np.log1p(-at_once) + dense)


def _log_density(family: str, days: Floats, centre: Floats, shape: Floats) -> Floats:
    from scipy.special import gammaln

    ratio = np.log(days / centre)
    if family == "lognormal":
        scale = np.log(days * shape * math.sqrt(2 * math.pi))
        return np.asarray(-0.5 * (ratio / shape) ** 2 - scale)
    if family == "gamma":
        unit = np.log(shape) + ratio
        out = shape * unit - np.exp(unit) - gammaln(shape) - np.log(days)
        return np.asarray(out)
    return np.asarray(np.log(shape / days) + shape * ratio - np.exp(shape * ratio))


def log_prior(form: Form, theta: Floats, typical_days: float) -> Floats:
    """Return the log density of the weak prior at parameters (m, size), shape (m,)."""
    if form.is_table:
        return np.zeros(len(theta))
    off = (theta[:, 0] - math.log(typical_days)) / PRIOR_CENTRE_SPREAD
    total = -0.5 * off**2
    if form.family in SHAPES:
        middle, spread = PRIOR_SHAPE[form.family]
        total = total - 0.5 * ((theta[:, 1] - math.log(middle)) / spread) ** 2
    if form.at_once:
        total = total - 0.5 * (theta[:, -1] / 4) ** 2
    return total


def first_guess(form: Form, typical_days: float, share_at_once: float) -> Floats:
    """Return parameters to start a fit from, shape (size,)."""
    guess = [math.log(typical_days)]
    if form.family in SHAPES:
        guess.append(math.log(PRIOR_SHAPE[form.family][0]))
    if form.at_once:
        share = min(max(share_at_once, 0.01), 0.99)
        guess.append(math.log(share / (1 - share)))
    return np.array(guess[: form.size])


def days_beyond(form: Form, theta: Floats, share: Floats) -> Floats:
    """Return days t with P(T > t) = share, for one parameter set; shape of `share`."""
    from scipy import special

    if form.is_table:
        later = np.append(np.cumsum(form.shares[::-1])[::-1], 0.0)
        place = len(form.values) - np.searchsorted(later[::-1], share, side="right")
        return np.asarray(form.values)[np.clip(place, 0, len(form.values) - 1)]
    centre, shape, at_once = (float(part[0, 0]) for part in _parts(form, theta[None]))
    late = np.clip(share / max(1 - at_once, LEAST), LEAST, 1.0)
    if form.family == "lognormal":
        days = centre * np.exp(-shape * special.ndtri(late))
    elif form.family == "gamma":
        days = special.gammainccinv(shape, late) * (centre / shape)
    else:
        days = centre * (-np.log(late)) ** (1 / shape)
    return np.where(share >= 1 - at_once, 0.0, days)


def spec(form: Form, theta: Floats) -> Any:
    """Return the lag as a scenario says it: a number of days, or a mapping."""
    if form.family == "fixed":
        return _round(form.values[0])
    if form.family == "empirical":
        values = [_round(value) for value in form.values]
        return {
            "dist": "empirical",
            "values": values,
            "weights": [_round(share) for share in form.shares],
        }
    centre, shape, at_once = (float(part[0, 0]) for part in _parts(form, theta[None]))
    said: dict[str, Any] = {"dist": form.family}
    if form.family == "lognormal":
        said |= {"median": _round(centre), "cv": _cv(math.sqrt(math.expm1(shape**2)))}
    elif form.family == "gamma":
        said |= {"mean": _round(centre), "cv": _cv(1 / math.sqrt(shape))}
    elif form.family == "weibull":
        said |= {"mean": _round(centre * math.gamma(1 + 1 / shape))}
        spread = math.gamma(1 + 2 / shape) / math.gamma(1 + 1 / shape) ** 2 - 1
        said |= {"cv": _cv(math.sqrt(spread))}
    else:
        said |= {"mean": _round(centre)}
    if form.at_once:
        said["at_once"] = _round(at_once)
    return said


def _cv(value: float) -> float:
    return _round(min(max(value, 0.01), 20.0))


def _round(value: float) -> float:
    return float(f"{value:.6g}")
