"""What a threshold does: whom it passes, whom it misses, and whose hours it costs.

In: a table with a score and the truth. Out: a row for each threshold, or for each band
of scores. It assumes nothing of how the score was made.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simlib.errors import StudyError, nearest

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
PER = 100.0
Z = 1.959964


def dial(
    table: pd.DataFrame,
    thresholds: Sequence[float],
    *,
    by: str = "points",
    truth: str = "ready",
    hours_per_lead: float = 2.5,
) -> pd.DataFrame:
    """Return what each threshold does, on both sides of the hand-off.

    Parameters
    ----------
    table : DataFrame
        As from `seen`: a column with a score, and one with the truth (booleans).
    thresholds : sequence of float
    by, truth : str
        Names of these columns.
    hours_per_lead : float
        A rep's hours for a lead that passes.

    Returns
    -------
    DataFrame
        ``threshold``; ``passed_share``; ``precision``, ready among the passed, nan if
        nobody passes; ``recall``, passed among the ready; ``false_alarms``, passed
        among the others; and per 100 leads ``hours_on_ready`` and ``hours_on_others``
        of reps, and ``ready_held_back`` by marketing.
    """
    import pandas as pd

    score, good = _columns(table, by, truth)
    rows, ready = [], int(np.count_nonzero(good))
    for threshold in thresholds:
        passed = score >= threshold
        both = int(np.count_nonzero(passed & good))
        alarms = int(np.count_nonzero(passed & ~good))
        per = PER / len(score)
        rows.append(
            {
                "threshold": float(threshold),
                "passed_share": float(np.mean(passed)),
                "precision": _share(both, both + alarms),
                "recall": _share(both, ready),
                "false_alarms": _share(alarms, len(good) - ready),
                "hours_on_ready": both * hours_per_lead * per,
                "hours_on_others": alarms * hours_per_lead * per,
                "ready_held_back": (ready - both) * per,
            }
        )
    return pd.DataFrame(rows)


def ranking(table: pd.DataFrame, *, by: str = "points", truth: str = "ready") -> float:
    """Return how well a score ranks: the area under its ROC curve.

    The chance that a ready lead has a higher score than another, ties counted half
    (Mann and Whitney); .5 is a toss-up, 1 perfect.
    """
    from scipy.stats import rankdata

    score, good = _columns(table, by, truth)
    ready, others = np.count_nonzero(good), np.count_nonzero(~good)
    if not ready or not others:
        raise StudyError(f"ranking: '{truth}' is the same for all leads of the table")
    ranks = float(rankdata(score)[good].sum())
    return (ranks - ready * (ready + 1) / 2) / (ready * others)


def calibration(
    table: pd.DataFrame, *, by: str = "points", truth: str = "ready", bands: int = 8
) -> pd.DataFrame:
    """Return the share of ready leads in bands of a score, each with as many leads.

    Parameters
    ----------
    bands : int
        How many at most: equal scores stay together.

    Returns
    -------
    DataFrame
        ``low``, ``high`` (scores), ``mean`` (score), ``leads``, ``share`` of ready
        leads, and its 95% interval ``share_low`` and ``share_high`` (Wilson).
    """
    import pandas as pd

    score, good = _columns(table, by, truth)
    if bands < 1:
        raise StudyError(f"bands: it must be 1 or more; given: {bands}")
    edges = np.unique(np.quantile(score, np.arange(bands) / bands))
    band = np.searchsorted(edges, score, side="right")
    rows = []
    for number in np.unique(band).tolist():
        mine, share = score[band == number], float(np.mean(good[band == number]))
        low, high = _wilson(share, len(mine))
        rows.append((mine.min(), mine.max(), mine.mean(), len(mine), share, low, high))
    names = ["low", "high", "mean", "leads", "share", "share_low", "share_high"]
    return pd.DataFrame(rows, columns=names)


def _columns(
    table: pd.DataFrame, by: str, truth: str
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the score and the truth of a table."""
    for name in (by, truth):
        if name not in table.columns:
            known = [str(column) for column in table.columns]
            raise StudyError(
                f"'{name}' is no column of the table; it has {', '.join(known)}."
                f"{nearest(name, known)}"
            )
    if not len(table):
        raise StudyError("the table is empty: no lead had a whole window")
    return table[by].to_numpy(dtype=np.float64), table[truth].to_numpy(dtype=bool)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def _wilson(share: float, leads: int) -> tuple[float, float]:
    """Return the 95% interval of a share (Wilson 1927)."""
    weight = Z**2 / leads
    centre = (share + weight / 2) / (1 + weight)
    half = Z * math.sqrt(share * (1 - share) / leads + weight / (4 * leads))
    low, high = centre - half / (1 + weight), centre + half / (1 + weight)
    return max(low, 0.0), min(high, 1.0)
