"""A score and its threshold: what each setting of the dial does, and how true it is.

In: tables of `simlib.scoring`. Out: an Axes. It computes no figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simlib.plots.ends import End, name_ends
from simlib.plots.style import DARK, INK, LIGHT, look_of, need, titled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

SHOWN = ("precision", "recall", "false_alarms")


def threshold_dial(
    table: pd.DataFrame, ax: Axes | None = None, title: str = ""
) -> Axes:
    """Draw precision, recall and false alarms by threshold.

    Parameters
    ----------
    table : DataFrame
        As from `scoring.dial`: ``threshold`` and shares from 0 to 1.
    """
    need(table, "threshold_dial", "threshold", *SHOWN)
    ax = titled(ax, title or "What the threshold passes, and what it misses")
    ends: list[End] = []
    for turn, name in enumerate(SHOWN):
        line = table.dropna(subset=[name])
        x, y, look = line["threshold"], line[name], look_of(turn)
        ax.plot(x, y, **look)
        if len(line):
            end = (name.replace("_", " "), float(x.iloc[-1]), float(y.iloc[-1]))
            ends.append((*end, look["color"]))
    ax.set(xlabel="threshold (points)", ylabel="share of leads", ylim=(0, 1.02))
    name_ends(ax, ends)
    return ax


def calibration(table: pd.DataFrame, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw the share of ready leads in bands of a score, each with its 95% interval.

    Parameters
    ----------
    table : DataFrame
        As from `scoring.calibration`: ``low``, ``high``, ``mean``, ``share``,
        ``share_low`` and ``share_high``.
    """
    need(table, "calibration", "low", "high", "mean", "share", "share_low")
    ax = titled(ax, title or "Who has so many points is ready so often")
    whiskers = [
        table["share"] - table["share_low"],
        table["share_high"] - table["share"],
    ]
    ax.hlines(table["share"], table["low"], table["high"], color=LIGHT, lw=6)
    ax.errorbar(
        table["mean"], table["share"], yerr=whiskers, fmt="o", color=DARK, ecolor=INK,
        capsize=3,
    )  # fmt: skip
    ax.set(
        xlabel="score (bar: its band)", ylabel="share of ready leads", ylim=(0, 1.02)
    )
    return ax
