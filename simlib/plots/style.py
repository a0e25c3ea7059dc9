"""The house style: shades, dashes and axes.

In: Axes. Out: Axes that can be read without colour. It draws no figures of its own.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

from simlib.errors import StudyError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

INK = "#1d2b3a"
DARK = "#1f4e79"
MIDDLE = "#5b9bc8"
LIGHT = "#c9deee"
ACCENT = "#c1440e"
PALE = "#e8a87c"
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))
SHADES = (DARK, ACCENT, MIDDLE, "#777777", "#2f2f2f", PALE)
MARKS = "osD^vP"
WIDE = (7.5, 4.2)
MANY = 1000
MOST_LABELS = 12
STYLE: Any = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    "figure.dpi": 100,
    "savefig.dpi": 120,
}


@cache
def _load_backend() -> None:
    """Load matplotlib's backend once, before any style is set for a while.

    A notebook's backend makes figures appear by changing settings when it is first
    used; inside a style's context that change would be undone with the style.
    """
    from matplotlib import pyplot as plt

    if not plt.get_fignums():  # where there is a figure, the backend is loaded
        plt.switch_backend(mpl.get_backend())


def new_axes(size: tuple[float, float] = WIDE) -> Axes:
    """Return fresh Axes in the house style, `size` in inches."""
    from matplotlib import pyplot as plt

    _load_backend()
    with mpl.rc_context(STYLE):
        _, ax = plt.subplots(figsize=size, layout="constrained")
    return ax


def new_panels(rows: int, columns: int, size: tuple[float, float]) -> list[list[Axes]]:
    """Return fresh Axes in the house style, row by row, of `size` inches in all."""
    from matplotlib import pyplot as plt

    _load_backend()
    with mpl.rc_context(STYLE):
        _, grid = plt.subplots(
            rows, columns, figsize=size, layout="constrained", squeeze=False
        )
    return [list(row) for row in grid]


def save(ax: Axes, path: str | Path) -> Path:
    """Write the figure that an Axes belongs to, whole or not at all."""
    from simlib.files import written_safely

    path = Path(path)
    with written_safely(path) as temporary:
        figure: Any = ax.figure
        figure.savefig(temporary, format=path.suffix.lstrip(".") or "png")
    return path


def close(ax: Axes) -> None:
    """Let go of the figure that an Axes belongs to, once it is written."""
    from matplotlib import pyplot as plt

    figure: Any = ax.figure
    plt.close(figure)


def titled(ax: Axes | None, title: str) -> Axes:
    """Return the Axes, or fresh ones, with a title."""
    ax = ax or new_axes()
    figure: Any = ax.figure
    # Where margins are fixed so is the title: it need not look for ticks above.
    height = 1.0 if figure.get_layout_engine() is None else None
    ax.set_title(title, loc="left", y=height, fontweight="bold", fontsize=11)
    return ax


def look_of(turn: int) -> dict[str, Any]:
    """Return colour and dash of the n-th line; the dash alone tells them apart."""
    return {
        "color": SHADES[turn % len(SHADES)],
        "ls": LINES[turn % len(LINES)],
        "lw": 1.8,
    }


def room_for_names(ax: Axes) -> None:
    """Begin both axes at 0 and leave space at the right for the lines' names."""
    right = float(ax.dataLim.x1)
    ax.set_xlim(0, right * 1.2 if right > 0 else 1)
    ax.set_ylim(bottom=0)


def need(table: pd.DataFrame, picture: str, *columns: str) -> None:
    """Raise `StudyError` if a picture's table lacks a column."""
    missing = [name for name in columns if name not in table]
    if missing:
        has = ", ".join(map(str, table.columns))
        raise StudyError(
            f"plots.{picture}: the table has no column {', '.join(missing)}; it has "
            f"{has}"
        )


def write_out(ax: Axes) -> None:
    """Write the numbers of an upright log axis as 10,000, not as powers of ten."""
    from matplotlib.ticker import LogLocator

    ax.yaxis.set_major_formatter("{x:,.0f}")
    ax.yaxis.set_minor_locator(LogLocator(subs=(2, 5)))
    ax.yaxis.set_minor_formatter("{x:,.0f}")
    ax.tick_params(axis="y", which="both", labelsize=9)
