"""Pictures of one world, or of two on the same buyers, with the luck of many runs.

In: tables with a column ``world``. Out: the Axes that was drawn on. A band or a
whisker holds nine of ten runs: it is luck, and not the interval of a mean.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patheffects import withStroke

from simlib.plots.ends import End, name_ends, paths_of
from simlib.plots.style import (
    ACCENT,
    DARK,
    INK,
    LIGHT,
    PALE,
    STYLE,
    look_of,
    need,
    titled,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

SMALL = (5.2, 3.7)
DOTS_AN_INCH = 120
TOP = 0.9
LABEL = 0.5  # where the name of the x axis begins, as a share of the lower margin
FILLS: tuple[dict[str, Any], ...] = (
    {"color": LIGHT, "edgecolor": DARK},
    {"color": "white", "edgecolor": ACCENT},
)
NUMBER = 13.0  # points that a number takes in height
TALL = (0.0, 0.72, 0.38)


def quick_axes(
    left: float = 0.13,
    right: float = 0.97,
    bottom: float = 0.14,
    size: tuple[float, float] = SMALL,
) -> Axes:
    """Return Axes with fixed margins, which are drawn in half the time.

    Parameters
    ----------
    left, right, bottom : float
        Where the axes begin and end, as shares of width and height.
    size : tuple of float
        Inches.
    """
    return quick_panels(1, left, right, bottom, size=size)[0]


def quick_panels(
    columns: int,
    left: float = 0.13,
    right: float = 0.97,
    bottom: float = 0.14,
    between: float = 0.2,
    size: tuple[float, float] = SMALL,
    dots_an_inch: float = DOTS_AN_INCH,
) -> list[Axes]:
    """Return Axes beside each other with fixed margins, the left one first.

    Parameters
    ----------
    columns : int
        How many.
    left, right, bottom, size
        As for `quick_axes`, of the whole figure.
    between : float
        Room between two Axes, as a share of the width of one.
    dots_an_inch : float
        Of the PNG.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.transforms import blended_transform_factory

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=size, dpi=dots_an_inch)
        FigureCanvasAgg(figure)
        grid = figure.subplots(1, columns, squeeze=False)
        figure.subplots_adjust(left, bottom, right, TOP, wspace=between)
    for ax in grid[0]:
        # In a fixed place it need not be found below the numbers with each drawing.
        across = blended_transform_factory(ax.transAxes, figure.transFigure)
        ax.xaxis.set_label_coords(0.5, bottom * LABEL, transform=across)
    return list(grid[0])


def png(ax: Axes) -> bytes:
    """Return the figure that an Axes belongs to, as PNG at its own resolution."""
    figure: Any = ax.figure
    with io.BytesIO() as file:
        figure.savefig(
            file,
            format="png",
            dpi="figure",
            metadata={"Software": None},
            pil_kwargs={"compress_level": 1},
        )
        return file.getvalue()


def svg(ax: Axes) -> bytes:
    """Return the figure that an Axes belongs to as SVG; its letters stay letters."""
    import matplotlib as mpl

    figure: Any = ax.figure
    with io.BytesIO() as file, mpl.rc_context({"svg.fonttype": "none"}):
        figure.savefig(file, format="svg", metadata={"Date": None})
        return file.getvalue()


def funnels(table: pd.DataFrame, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw how many reached each stage in one world, or in two beside each other.

    Parameters
    ----------
    table : DataFrame
        Columns ``world``, ``stage``, ``reached``, ``low`` and ``high`` (of nine runs
        of ten) and ``lost``, all counts, in funnel order. In a column ``aside``
        (bool), stages beside the way: they stand last, below a line.
    """
    need(table, "funnels", "world", "stage", "reached", "low", "high", "lost")
    ax = titled(ax, title or "How far they come, and where they leak")
    worlds, stages = list(table["world"].unique()), list(table["stage"].unique())
    tall, most = TALL[min(len(worlds), 2)], max(float(table["high"].max()), 1.0)
    for turn, world in enumerate(worlds):
        one = table[table["world"] == world].set_index("stage").reindex(stages)
        one = one.fillna(0.0)
        middle = (len(worlds) - 1) / 2
        places = np.arange(len(stages))[::-1] + (middle - turn) * tall
        reached = one["reached"].to_numpy(float)
        ax.barh(places, reached, height=tall * 0.94, label=world, **FILLS[turn % 2])
        ax.barh(
            places,
            one["lost"].to_numpy(float),
            height=tall * 0.4,
            color=PALE,
            edgecolor=ACCENT,
            hatch="//",
        )
        ax.hlines(places, one["low"], one["high"], color=INK, lw=1.5)
        name = f"{world}: " if len(worlds) > 1 else ""
        for place, count, high in zip(places, reached, one["high"], strict=True):
            text = f" {name}{_short(count)}"
            ax.text(max(count, high) + most * 0.01, place, text, va="center")
    ax.set_yticks(np.arange(len(stages))[::-1], stages)
    _apart(ax, table)
    ax.set_xlim(0, most * 1.3)
    ax.locator_params(axis="x", nbins=5)
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.set_xlabel("people (hatched: lost here; line: 9 of 10 runs)")
    return ax


def _apart(ax: Axes, table: pd.DataFrame) -> None:
    """Draw a line above the stages that stand beside the way, and say so."""
    beside = table["stage"][table["aside"]].nunique() if "aside" in table else 0
    if beside:
        ax.axhline(beside - 0.5, color=INK, lw=0.8, ls=":")
        ax.text(
            0.99,
            beside - 0.5,
            "beside the way",
            va="top",
            ha="right",
            fontsize=8,
            transform=ax.get_yaxis_transform(),
        )


def bands(
    table: pd.DataFrame,
    ax: Axes | None = None,
    title: str = "",
    xlabel: str = "",
    ylabel: str = "",
) -> Axes:
    """Draw a line for each world, and the band in which nine of ten runs lie.

    Parameters
    ----------
    table : DataFrame
        Columns ``world``, ``x``, ``mean``, ``low`` and ``high``.
    xlabel, ylabel : str
        What is counted, with units.
    """
    need(table, "bands", "world", "x", "mean", "low", "high")
    ax = titled(ax, title or "Mean of the runs; band: 9 of 10 runs")
    ends: list[End] = []
    for turn, world in enumerate(table["world"].unique()):
        one, look = table[table["world"] == world], look_of(turn)
        ax.fill_between(
            one["x"], one["low"], one["high"], color=look["color"], alpha=0.18, lw=0
        )
        ax.plot(one["x"], one["mean"], **look)
        x, y = float(one["x"].iloc[-1]), float(one["mean"].iloc[-1])
        ends.append((str(world), x, y, look["color"]))
    right = float(table["x"].max())
    ax.set_xlim(min(0.0, float(table["x"].min())), right * 1.12 if right > 0 else 1)
    ax.set_ylim(0, max(float(table["high"].max()) * 1.05, 1e-9))
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if len(ends) > 1:
        name_ends(ax, ends)
    return ax


def turns(ax: Axes, places: Mapping[float, str]) -> None:
    """Draw a dashed line with a word wherever something changes.

    Parameters
    ----------
    places : mapping of float to str
        From the place on the x axis to the word.
    """
    for place, word in places.items():
        high = _is_freer_above(ax, place)
        ax.axvline(place, color=INK, lw=1, ls="--")
        ax.annotate(
            word,
            (place, float(high)),
            xycoords=ax.get_xaxis_transform(),
            xytext=(-2, -2 if high else 2),
            textcoords="offset points",
            rotation=90,
            ha="right",
            va="top" if high else "bottom",
            fontsize=8,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
        )


def _is_freer_above(ax: Axes, place: float) -> bool:
    """Return whether there is more room above the lines near a place than below."""
    points = np.concatenate([np.empty((0, 2)), *paths_of(ax)])
    near = points[np.abs(points[:, 0] - place) <= 1, 1]
    low, high = ax.get_ylim()
    return not len(near) or bool(high - near.max() >= near.min() - low)


def spread(
    table: pd.DataFrame, ax: Axes | None = None, title: str = "", label: str = ""
) -> Axes:
    """Draw each run as a mark, one row a world; the line is the mean.

    Parameters
    ----------
    table : DataFrame
        Columns ``world`` and ``value``, a row a run.
    label : str
        What is counted.
    """
    need(table, "spread", "world", "value")
    ax = titled(ax, title or "Every run, and their mean")
    worlds = list(table["world"].unique())
    top = _stem(ax, len(worlds))
    for turn, world in enumerate(worlds):
        values = np.sort(table[table["world"] == world]["value"].to_numpy(float))
        seen, times = np.unique(values, return_counts=True)
        heights = np.concatenate([np.arange(count) for count in times])
        place = len(worlds) - 1 - turn
        tall = (top + 0.18) / max(float(times.max(initial=1)), 4.0)
        shade = look_of(turn)["color"]
        marks = place - 0.25 + heights * tall
        ax.plot(np.repeat(seen, times), marks, "os"[turn % 2], color=shade, alpha=0.6)
        mean = float(values.mean()) if len(values) else 0.0
        ax.vlines(mean, place - 0.3, place + top, color=INK, lw=1.5)
        ax.text(mean, place + top, f"{_short(mean)}", ha="center", va="bottom")
    ax.set_yticks(np.arange(len(worlds))[::-1], worlds)
    ax.set_ylim(-0.4, len(worlds) - 0.4)
    ax.locator_params(axis="x", integer=True)
    ax.set_xlabel(label)
    return ax


def _stem(ax: Axes, rows: int) -> float:
    """Return how far a row's line rises, in rows, so that its number stays below."""
    points = ax.bbox.height * 72 / float(ax.figure.dpi)
    return min(0.42, 0.62 - NUMBER * rows / points)


def _short(count: float) -> str:
    """Return a mean with a decimal where it is small."""
    return f"{count:,.0f}" if abs(count) >= 100 else f"{count:,.1f}"
