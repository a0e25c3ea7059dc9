"""Two worlds through time: how one stands to the other, quarter by quarter.

In: tables of paired ratios or differences. Out: an Axes. It computes no figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simlib.plots.style import INK, End, look_of, name_ends, need, titled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def through_time(
    tables: dict[str, pd.DataFrame],
    even: float = 1.0,
    change: float | None = None,
    label: str = "",
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw paired ratios or differences by period, each with its 95% interval.

    Parameters
    ----------
    tables : dict of str to DataFrame
        By the name of the line: the period in the first column, ``mean``, ``low`` and
        ``high``; as `Comparison.ratio` and `Comparison.difference` return them.
    even : float
        Where both worlds are alike: 1 for a ratio, 0 for a difference.
    change : float, optional
        The last period before the worlds part.
    label : str
        What is compared, with its unit.
    """
    from matplotlib.ticker import MaxNLocator

    ax = titled(ax, title or "One world against the other, paired")
    ends: list[End] = []
    period = ""
    for turn, (name, table) in enumerate(tables.items()):
        need(table, "through_time", "mean", "low", "high")
        period, look = str(table.columns[0]), look_of(turn)
        x = table[period].to_numpy(float)
        band = {"color": look["color"], "alpha": 0.18, "lw": 0}
        ax.fill_between(x, table["low"], table["high"], **band)
        ax.plot(x, table["mean"], **look)
        ends.append((name, float(x[-1]), float(table["mean"].iloc[-1]), look["color"]))
    ax.axhline(even, color=INK, lw=1, ls=":")
    if change is not None:
        ax.axvline(change + 0.5, color=INK, lw=1, ls="--")
    ax.set(xlabel=period, ylabel=label)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    name_ends(ax, ends)
    return ax
