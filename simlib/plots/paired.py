"""Two worlds through time: how one stands to the other, quarter by quarter.

In: tables of paired ratios or differences. Out: an Axes. It computes no figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simlib.errors import StudyError
from simlib.plots.ends import End, name_ends
from simlib.plots.style import INK, look_of, need, titled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def through_time(  # noqa: PLR0913 - what is drawn, and what it is called
    tables: dict[str, pd.DataFrame],
    even: float = 1.0,
    change: float | None = None,
    label: str = "",
    title: str = "",
    ax: Axes | None = None,
    *,
    worlds: tuple[str, str] | None = None,
    measure: str = "",
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
    label, title : str
        What is compared, with its unit; by default as `worlds` and `measure` say it.
    worlds : (str, str), optional
        What the first world is called, and what the one that it is held against.
    measure : str
        What of them is compared; by default the names of the lines.

    Raises
    ------
    StudyError
        If neither a title, nor a label, nor worlds say what is compared.
    """
    from matplotlib.ticker import MaxNLocator

    measure = measure or " and ".join(tables)
    if worlds:
        sign = "/" if even else "-"
        label = label or f"{measure}, {worlds[0]} {sign} {worlds[1]}"
        title = title or f"{measure}: {worlds[0]} against {worlds[1]}"
    ax = titled(ax, _begun(title or label))
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


def _begun(title: str) -> str:
    """Return a title with its first letter large; SQL and the like stay as they are.

    Raises
    ------
    StudyError
        If there is none: a picture of two worlds says which.
    """
    if not title:
        raise StudyError(
            "through_time: say what is compared, as in worlds=('cut', 'funded'), "
            "measure='customers', or with a title"
        )
    return title[:1].upper() + title[1:]
