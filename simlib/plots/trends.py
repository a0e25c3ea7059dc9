"""Months in a row: a trend that breaks, and a pipeline beside what came of it.

In: numbers by month, and tables of `simlib.money`. Out: an Axes. It computes no figure
but the straight line through some months.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.errors import StudyError
from simlib.plots.style import ACCENT, DARK, INK, LIGHT, MIDDLE, need, titled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def trend(
    values: Sequence[float],
    change: float | None = None,
    ax: Axes | None = None,
    title: str = "",
    label: str = "",
) -> Axes:
    """Draw a figure by month, its trendline, and where something changed.

    The dashed line is the straight one through all months, as a spreadsheet draws it;
    the full ones are those before and after the change.

    Parameters
    ----------
    values : sequence of numbers
        The first month first.
    change : float, optional
        After how many months something changed, such as a definition.
    label : str
        What is shown, with its unit.
    """
    shown = np.asarray(values, dtype=float)
    months = np.arange(1.0, len(shown) + 1)
    if len(shown) < 2 or not np.all(np.isfinite(shown)):
        raise StudyError("plots.trend: give it a number for each of 2 months or more")
    ax = titled(ax, title or f"Month by month: {label}")
    ax.plot(months, shown, "o", color=DARK)
    _line(ax, months, shown, color=ACCENT, ls="--", label="trendline of all months")
    if change is not None:
        ax.axvline(change + 0.5, color=INK, lw=1, ls=":")
        for part in (months <= change, months > change):
            _line(ax, months[part], shown[part], color=INK, ls="-")
        ax.plot([], [], color=INK, label="before and after the change")
    ax.set(xlabel="month", ylabel=label)
    ax.legend()
    return ax


def _line(ax: Axes, months: np.ndarray, shown: np.ndarray, **look: Any) -> None:
    """Draw the straight line through some months; through one there is none."""
    if len(months) > 1:
        slope, level = np.polyfit(months, shown, 1)
        ax.plot(months, level + slope * months, **look)


def pipeline(table: pd.DataFrame, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw the value of the deals opened in each month beside what came of them.

    Parameters
    ----------
    table : DataFrame
        As `simlib.money.pipeline` returns it.
    """
    need(table, "pipeline", "period", "pipeline_value", "later_won_value")
    ax = titled(ax, title or "Pipeline opened, and what came of it")
    months = table["period"].to_numpy(float)
    opened, won, open_ = (
        table[name].to_numpy(float) / 1000
        for name in ("pipeline_value", "later_won_value", "still_open_value")
    )
    look: dict[str, Any] = {"width": 0.4, "edgecolor": DARK}
    ax.bar(months - 0.2, opened, color=LIGHT, label="opened", **look)
    ax.bar(months + 0.2, won, color=DARK, label="won later", **look)
    look |= {"bottom": won, "hatch": "//"}
    ax.bar(months + 0.2, open_, color=MIDDLE, label="still open", **look)
    ax.set(
        xlabel="month in which the deals were opened",
        ylabel=f"value (1,000 {table['currency'].iloc[0]} a year)",
    )
    ax.legend()
    return ax
