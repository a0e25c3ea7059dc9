"""Every combination of some settings, side by side in a few figures.

In: a table for each figure. Out: Axes. It computes no figure.
"""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.plots.style import (
    ACCENT,
    DARK,
    INK,
    LIGHT,
    MARKS,
    SHADES,
    need,
    new_panels,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

WIDTH = 9.6
ROW = 0.4
EDGES = 1.2
TITLE = 22


def crossed(panels: dict[str, pd.DataFrame], dials: list[str]) -> list[Axes]:
    """Draw means with 95% intervals of every combination, a panel for each figure.

    Rows are combinations, the same in every panel; the mark and the shade tell the
    setting of the first dial. A dotted line stands where the first row is.

    Parameters
    ----------
    panels : dict of str to DataFrame
        By the figure's title: a column with words for each dial, then ``mean``,
        ``low`` and ``high``; nan where the figure is not defined.
    dials : list of str
        The dials' columns.
    """
    tables = list(panels.values())
    for table in tables:
        need(table, "crossed", *dials, "mean", "low", "high")
    rows = len(tables[0])
    size = (WIDTH, EDGES + ROW * rows)
    [axes] = new_panels(1, len(panels), size)
    for ax, (title, table) in zip(axes, panels.items(), strict=True):
        _panel(ax, title, table, dials[0])
    places = np.arange(rows)[::-1]
    names = [", ".join(row) for row in tables[0][dials].itertuples(index=False)]
    axes[0].set_yticks(places, names)
    for ax in axes[1:]:
        ax.set_yticks(places, [])
    return axes


def _panel(ax: Axes, title: str, table: pd.DataFrame, first: str) -> None:
    """Draw one figure."""
    places = np.arange(len(table))[::-1]
    settings = list(dict.fromkeys(table[first]))
    for turn, setting in enumerate(settings):
        at = (table[first] == setting).to_numpy()
        mean = table["mean"].to_numpy(float)[at]
        low, high = (table[end].to_numpy(float)[at] for end in ("low", "high"))
        shade = (DARK, ACCENT, *SHADES[2:])[turn % len(SHADES)]
        look: Any = {"color": shade, "fmt": MARKS[turn % len(MARKS)], "capsize": 3}
        ends = np.nan_to_num(np.array([mean - low, high - mean]))
        ax.errorbar(mean, places[at], xerr=ends, **look)
    for place in places[1::2]:
        ax.axhspan(place - 0.5, place + 0.5, color=LIGHT, alpha=0.25, lw=0, zorder=0)
    ax.axvline(float(table["mean"].iloc[0]), color=INK, lw=1, ls=":", zorder=0)
    ax.set_title(fill(title, TITLE), loc="left", fontweight="bold", fontsize=10)
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.xaxis.set_major_formatter("{x:,g}")
    ax.locator_params(axis="x", nbins=4)
    ax.tick_params(axis="y", length=0)
