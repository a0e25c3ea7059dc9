"""Names at the ends of lines: inside the axes, apart, and over nothing else.

In: finished Axes, and where lines end. Out: the same Axes with names that can be read.
It draws no figures of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patheffects import withStroke

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation
    from matplotlib.transforms import Bbox
    from numpy.typing import NDArray

# What a line is called, where it ends, and its shade.
End = tuple[str, float, float, str]
LINE_HEIGHT = 0.18  # inches
LEAST_CONTRAST = 4.5  # WCAG 2.1, level AA


def _settle(ax: Axes) -> None:
    """Find where an Axes lies and how far it reaches, without drawing it."""
    figure: Any = ax.figure
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    # Limits wait to be computed from the data until somebody asks for them.
    ax.get_xlim()
    ax.get_ylim()


def readable(shade: str) -> str:
    """Return a shade as letters need it: as dark on white as WCAG asks of text."""
    parts = np.asarray(to_rgb(shade))
    while _contrast_with_white(parts) < LEAST_CONTRAST:
        parts = 0.95 * parts
    return to_hex(tuple(parts))


def _contrast_with_white(parts: NDArray[np.float64]) -> float:
    """Return the contrast of a colour with white, 1 to 21 (WCAG 2.1)."""
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return 1.05 / (float(linear @ (0.2126, 0.7152, 0.0722)) + 0.05)


def _apart(
    heights: NDArray[np.float64], line: float, bottom: float, top: float
) -> NDArray[np.float64]:
    """Return rising heights moved apart by a line, none below bottom or above top."""
    line = min(line, (top - bottom) / max(len(heights) - 1, 1))
    steps = line * np.arange(len(heights))
    # Up, each above the one before; then down again from the top, as far as need be.
    up = np.maximum.accumulate(np.maximum(heights, bottom) - steps) + steps
    ceiling = top - steps[::-1]
    return np.asarray(np.minimum(up, ceiling))


def name_ends(ax: Axes, ends: list[End]) -> None:
    """Write each line's name at its end, moved apart where they would overlap.

    All names stay between the lower and the upper end of the axes, and none lies over
    a line that goes on beyond it if there is room above or below. Call it last: it
    reads where the ends lie on the finished axes.
    """
    _settle(ax)
    order = sorted(
        range(len(ends)), key=lambda i: float(ax.transData.transform(ends[i][1:3])[1])
    )
    found = np.array([ax.transData.transform(ends[i][1:3])[1] for i in order])
    line = LINE_HEIGHT * float(ax.figure.dpi)
    heights = _apart(found, line, ax.bbox.y0 + line / 2, ax.bbox.y1 - line / 2)
    written = [
        _write_end(ax, ends[index], float(moved))
        for index, moved in zip(order, heights - found, strict=True)
    ]
    _clear_lines(ax, written)


def _write_end(ax: Axes, end: End, moved: float) -> Annotation:
    """Write a name at the end of its line, so many pixels higher."""
    text, x, y, shade = end
    return ax.annotate(
        text,
        (x, y),
        xytext=(6, moved * 72 / ax.figure.dpi),
        textcoords="offset points",
        va="center",
        color=readable(shade),
        annotation_clip=False,
        # White around the letters, not a box: what is below can still be seen.
        path_effects=[withStroke(linewidth=2.5, foreground="white")],
    )


def _clear_lines(ax: Axes, names: list[Annotation]) -> None:
    """Move names that lie over a line, or over one another, to the nearest free place.

    A thin line then leads to the name. Where all lines end together nothing lies beyond
    their names, and nothing is measured.
    """
    places = _points(ax)
    if not len(places):
        return
    line = LINE_HEIGHT * float(ax.figure.dpi)
    boxes = {name: name.get_window_extent() for name in names}
    for name in names:
        rest = [box for other, box in boxes.items() if other is not name]
        for right, up in _shifts(line):
            moved = boxes[name].translated(right, up)
            if _is_inside(moved, ax) and _is_free(moved, places, rest):
                boxes[name] = moved
                _shift(ax, name, right, up)
                break


def _shifts(line: float) -> list[tuple[float, float]]:
    """Return how far a name may move, in pixels to the right and up, nearest first."""
    steps = [0.5 * line * step for step in range(-10, 11)]
    near = [(2 * right, up) for right in steps if right >= 0 for up in steps]
    return sorted(near, key=lambda at: (np.hypot(*at), -at[1]))


def _shift(ax: Axes, name: Annotation, right: float, up: float) -> None:
    """Move a name by so many pixels, with a thin line from the end that it names."""
    if not (right or up):
        return
    x, y = name.get_position()
    points = 72 / float(ax.figure.dpi)
    name.set_position((x + right * points, y + up * points))
    shade = str(name.get_color())
    arrow = {"arrowstyle": "-", "lw": 0.7, "color": shade, "shrinkA": 0, "shrinkB": 2}
    ax.annotate(
        "",
        name.xy,
        xytext=name.get_position(),
        textcoords="offset points",
        arrowprops=arrow,
    )


def _is_inside(box: Bbox, ax: Axes) -> bool:
    """Return whether a box lies between the lower and the upper end of an Axes."""
    return bool(ax.bbox.y0 <= box.y0 and box.y1 <= ax.bbox.y1)


def _is_free(box: Bbox, places: NDArray[np.float64], rest: list[Bbox]) -> bool:
    """Return whether no point of a line and no other name lies in a box."""
    inside = (
        (box.x0 <= places[:, 0])
        & (places[:, 0] <= box.x1)
        & (box.y0 <= places[:, 1])
        & (places[:, 1] <= box.y1)
    )
    return not inside.any() and not any(box.overlaps(other) for other in rest)


def _points(ax: Axes) -> NDArray[np.float64]:
    """Return where the lines of an Axes are, in pixels; empty if all end together."""
    paths = paths_of(ax)
    last = {float(path[-1, 0]) for path in paths if len(path)}
    if len(last) < 2:
        return np.empty((0, 2))
    pixels = [ax.transData.transform(path) for path in paths if len(path)]
    return np.concatenate([_dense(path) for path in pixels])


def paths_of(ax: Axes) -> list[NDArray[np.float64]]:
    """Return the points that each line of an Axes joins, shape (n, 2) each."""
    drawn = [
        np.asarray(one.get_xydata(), float)
        for one in ax.lines
        if one.get_transform() == ax.transData  # no line across the whole picture
    ]
    return [path[np.isfinite(path).all(axis=1)] for path in drawn]


def _dense(path: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the points of a line in pixels, with more of them where it is sparse."""
    along = np.r_[0, np.hypot(*np.diff(path, axis=0).T).cumsum()]
    steps = np.arange(0, along[-1], 2.0)
    return np.column_stack([np.interp(steps, along, path[:, k]) for k in (0, 1)])
