"""How good a forecast was: bands, coverage, bias and a proper score.

In: futures (draws of a count) and what happened. Out: numbers. It knows no funnel.

The score is the continuous ranked probability score, the mean distance of a future to
the outcome less half the mean distance between two futures, in wins: smaller is
better, and no forecaster gains by saying anything but what they believe (Gneiting and
Raftery 2007).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simlib.draws import Floats

POINTS = (0.05, 0.25, 0.75, 0.95)
MOST_COUNTS = 100_000


def bands(futures: Floats) -> dict[str, float]:
    """Return mean and 5, 25, 75 and 95% points of futures, shape (n,)."""
    p05, p25, p75, p95 = np.quantile(futures, POINTS)
    return {
        "mean": float(np.mean(futures)),
        "p05": float(p05),
        "p25": float(p25),
        "p75": float(p75),
        "p95": float(p95),
    }


def crps(futures: Floats, actual: float) -> float:
    """Return the score of futures, shape (n,), in the unit of the count."""
    ordered = np.sort(futures)
    size = len(ordered)
    weights = 2 * np.arange(1, size + 1) - size - 1
    between = float(weights @ ordered) / size**2
    return float(np.mean(np.abs(ordered - actual)) - between)


def poisson_crps(mean: float, actual: float) -> float:
    """Return the score of a Poisson forecast: sum of (F(k) - 1[actual <= k])^2."""
    from scipy.special import pdtr

    if mean <= 0:
        return float(actual)
    top = int(min(max(actual, mean) + 12 * np.sqrt(max(mean, 1)) + 20, MOST_COUNTS))
    counts = np.arange(top + 1)
    return float(np.sum((pdtr(counts, mean) - (counts >= actual)) ** 2))


def place(futures: Floats, actual: float) -> float:
    """Return the share of futures below what happened, ties by half, 0 to 1."""
    below, same = np.mean(futures < actual), np.mean(futures == actual)
    return float(below + same / 2)


@dataclass(frozen=True)
class Score:
    """How good a forecast of several counts was.

    Attributes
    ----------
    crps : float
        Mean score, in wins.
    bias : float
        Sum of forecast means less the sum of outcomes, in wins.
    covers_50, covers_90 : float
        Share of the outcomes inside the bands; nan without bands.
    cells : int
        How many counts there were.
    """

    crps: float
    bias: float
    covers_50: float
    covers_90: float
    cells: int


def score(futures: Floats, actual: Floats) -> Score:
    """Return the score of futures, shape (n, cells), against outcomes (cells,)."""
    p05, p25, p75, p95 = np.quantile(futures, POINTS, axis=0)
    scores = [crps(futures[:, i], actual[i]) for i in range(len(actual))]
    return Score(
        crps=float(np.mean(scores)),
        bias=float(futures.mean(axis=0).sum() - actual.sum()),
        covers_50=float(np.mean((actual >= p25) & (actual <= p75))),
        covers_90=float(np.mean((actual >= p05) & (actual <= p95))),
        cells=len(actual),
    )


def point_score(
    means: Floats,
    actual: Floats,
    one: Callable[[float, float], float] = poisson_crps,
) -> Score:
    """Return the score of Poisson forecasts with given means, shape (cells,)."""
    scores = [one(float(m), float(a)) for m, a in zip(means, actual, strict=True)]
    bias = float(means.sum() - actual.sum())
    return Score(float(np.mean(scores)), bias, np.nan, np.nan, len(actual))
