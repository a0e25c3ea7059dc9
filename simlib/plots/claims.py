"""Where a claim holds: a map of points over two settings.

In: a table of points with their effects. Out: an Axes. It computes no figure.
"""

from __future__ import annotations

import textwrap
from collections.abc import Collection
from typing import TYPE_CHECKING

from simlib.plots.style import ACCENT, DARK, INK, WIDE, need, new_axes, titled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

RATIO_FOR_LOGARITHMS = 8
STEPS_OF_TEN = (1.0, 2.0, 5.0)
BIG, SMALL = 60, 18
NOTE_WIDTH, NOTE_SIZE, NOTE_LINE = 100, 8.5, 11.5


def where_it_holds(
    table: pd.DataFrame,
    x: str,
    y: str,
    usual: tuple[float, float] | None = None,
    title: str = "",
    ax: Axes | None = None,
    *,
    even: Collection[str] = (),
) -> Axes:
    """Draw where a claim holds, over the two settings that matter most.

    A filled disc holds, an open triangle does not; a small one is within chance (its
    interval holds the line). Other settings differ from point to point as well.

    Parameters
    ----------
    table : DataFrame
        One row a point: columns `x` and `y`, ``holds`` and ``clear`` (bools).
    x, y : str
        The names of two settings, with their units.
    usual : tuple of float, optional
        Their usual values, drawn as a cross.
    title : str
        Its first line is the title; what follows, such as what to see, stands below.
    even : collection of str
        Those of the two that stay linear; else one whose ends are far apart does not.
    """
    need(table, "where_it_holds", x, y, "holds", "clear")
    title, _, note = (title or "Where the claim holds").partition("\n")
    ax = titled(ax or new_axes(WIDE), title)
    for holds, mark, shade, name in (
        (True, "o", DARK, "holds"),
        (False, "^", ACCENT, "does not hold"),
    ):
        for clear, size in ((True, BIG), (False, SMALL)):
            rows = table[(table["holds"] == holds) & (table["clear"] == clear)]
            if rows.empty:  # a mark that is nowhere is none to look for
                continue
            ax.scatter(
                rows[x],
                rows[y],
                s=size,
                marker=mark,
                facecolors=shade if holds else "none",
                edgecolors=shade,
                label=name if clear else f"{name}, within chance",
            )
    if usual:
        _cross(ax, usual)
    _scale(ax, table, (x, y), even)
    ax.set(xlabel=x, ylabel=y)
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=8)
    _write(ax, note)
    return ax


def _cross(ax: Axes, at: tuple[float, float]) -> None:
    """Mark the usual settings, with a white edge that is seen on a dark disc."""
    from matplotlib.patheffects import withStroke

    cross = ax.scatter(*at, s=130, marker="+", color=INK, lw=1.8)
    edge = withStroke(linewidth=3.5, foreground="white")
    cross.set(label="usual settings", path_effects=[edge])


def _scale(
    ax: Axes, table: pd.DataFrame, names: tuple[str, str], even: Collection[str]
) -> None:
    """Make an axis whose ends are far apart logarithmic, with plain numbers on it."""
    scales = (ax.xaxis, ax.set_xscale), (ax.yaxis, ax.set_yscale)
    for name, (axis, scale) in zip(names, scales, strict=True):
        least, most = float(table[name].min()), float(table[name].max())
        far = least > 0 and most / least >= RATIO_FOR_LOGARITHMS
        if far and name not in even:
            scale("log")
        _plain_numbers(axis)


def _plain_numbers(axis: Axis) -> None:
    """Write 200 and not 2 x 10^2, and no more numbers than there is room for."""
    from matplotlib import ticker

    if axis.get_scale() == "log":
        axis.set_major_locator(ticker.LogLocator(subs=STEPS_OF_TEN))
        axis.set_minor_locator(ticker.NullLocator())
    axis.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:,.6g}"))


def _write(ax: Axes, note: str) -> None:
    """Write a note between the title and the picture."""
    if not note:
        return
    lines = textwrap.wrap(note, NOTE_WIDTH)
    ax.annotate(
        "\n".join(lines),
        (0, 1),
        xytext=(0, 5),
        xycoords="axes fraction",
        textcoords="offset points",
        va="bottom",
        fontsize=NOTE_SIZE,
    )
    ax.set_title(
        ax.get_title(loc="left"),
        loc="left",
        pad=9 + NOTE_LINE * len(lines),
        fontweight="bold",
        fontsize=11,
    )
