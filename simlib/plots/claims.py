"""Where a claim holds: a map of points over two settings.

In: a table of points with their effects. Out: an Axes. It computes no figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simlib.plots.style import ACCENT, DARK, INK, need, titled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

RATIO_FOR_LOGARITHMS = 8


def where_it_holds(
    table: pd.DataFrame,
    x: str,
    y: str,
    usual: tuple[float, float] | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw where a claim holds, over the two settings that matter most.

    A filled disc holds, an open triangle does not; a faint one is within chance (its
    interval holds the line). Other settings differ from point to point as well.

    Parameters
    ----------
    table : DataFrame
        One row a point: columns `x` and `y`, ``holds`` and ``clear`` (bools).
    x, y : str
        The paths of two settings.
    usual : tuple of float, optional
        Their usual values, drawn as a cross.
    """
    need(table, "where_it_holds", x, y, "holds", "clear")
    ax = titled(ax, title or "Where the claim holds")
    for holds, mark, shade, name in (
        (True, "o", DARK, "holds"),
        (False, "^", ACCENT, "does not hold"),
    ):
        for clear, alpha in ((True, 1.0), (False, 0.35)):
            rows = table[(table["holds"] == holds) & (table["clear"] == clear)]
            ax.scatter(
                rows[x],
                rows[y],
                s=60,
                marker=mark,
                facecolors=shade if holds else "none",
                edgecolors=shade,
                alpha=alpha,
                label=name if clear else f"{name}, within chance",
            )
    if usual:
        ax.scatter(*usual, s=110, marker="+", color=INK, label="usual settings")
    for path, scale in ((x, ax.set_xscale), (y, ax.set_yscale)):
        least, most = float(table[path].min()), float(table[path].max())
        if least > 0 and most / least >= RATIO_FOR_LOGARITHMS:
            scale("log")
    ax.set(xlabel=x, ylabel=y)
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=8)
    return ax
