"""Where leads are on several days: small pictures side by side, for print.

In: a table of counts. Out: one Axes for each world and day. Groups are told apart by
shade and by hatching.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.plots.style import INK, MARKS, SHADES, need, new_panels

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

HATCHES = ("", "////", "....", "xxxx", "\\\\\\\\", "----")
OTHERS = "others"
PANEL = (2.5, 0.42)


def mark_of(turn: int) -> dict[str, str]:
    """Return colour and marker of the n-th group; 36 pairs come before one repeats."""
    shades, marks = len(SHADES), len(MARKS)
    shape = MARKS[(turn + turn // shades) % marks]
    return {"color": SHADES[turn % shades], "shape": shape}


def whereabouts(table: pd.DataFrame, title: str = "") -> list[Axes]:
    """Draw how many are in each stage on some days: a row a world, a column a day.

    Parameters
    ----------
    table : DataFrame
        Columns ``world``, ``day``, ``stage``, ``group`` and ``count``; the stages in
        the order of the funnel. The smallest groups are drawn as one if there are
        more than six, and a group without anybody is left out.
    """
    need(table, "whereabouts", "world", "day", "stage", "group", "count")
    table = table.assign(group=_few(table))
    worlds, days, stages, groups = (
        list(dict.fromkeys(table[name])) for name in ("world", "day", "stage", "group")
    )
    sizes = table.groupby("group")["count"].sum()
    groups = [group for group in groups if sizes[group]] or groups
    groups.sort(key=lambda group: group == OTHERS)
    wide, tall = PANEL[0] * len(days) + 1.2, PANEL[1] * len(stages) + 0.6
    grid = new_panels(len(worlds), len(days), (wide, tall * len(worlds) + 0.9))
    most = table.groupby(["world", "day", "stage"])["count"].sum().max()
    for row, world in zip(grid, worlds, strict=True):
        for ax, day in zip(row, days, strict=True):
            one = table[(table["world"] == world) & (table["day"] == day)]
            counts = one.pivot_table(
                index="stage", columns="group", values="count", aggfunc="sum"
            )
            _bars(ax, counts.reindex(index=stages, columns=groups, fill_value=0))
            ax.set_xlim(0, max(float(most), 1.0) * 1.35)
            ax.set_title(f"{world}, day {day:,.0f}", loc="left", fontsize=10)
    _name(grid, stages, groups, title)
    return [ax for row in grid for ax in row]


def _few(table: pd.DataFrame) -> pd.Series[Any]:
    """Return each row's group; the smallest are one where there are too many."""
    sizes = table.groupby("group", sort=False)["count"].sum()
    if len(sizes) <= len(HATCHES):
        return table["group"]
    kept = sizes.nlargest(len(HATCHES) - 1).index
    return table["group"].where(table["group"].isin(kept), OTHERS)


def _bars(ax: Axes, counts: pd.DataFrame) -> None:
    """Draw one panel: a bar a stage, the groups end to end, the sum at the end."""
    places = np.arange(len(counts))[::-1]
    done = np.zeros(len(counts))
    for turn, group in enumerate(counts):
        values = counts[group].to_numpy(float)
        ax.barh(
            places,
            values,
            left=done,
            height=0.7,
            label=str(group),
            color=SHADES[turn],
            hatch=HATCHES[turn],
            edgecolor="white",
            linewidth=0.5,
        )
        done += values
    for place, total in zip(places, done, strict=True):
        ax.text(total, place, f" {total:,.0f}", va="center", fontsize=9, color=INK)
    ax.set_yticks(places, [""] * len(places))
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)


def _name(
    grid: list[list[Axes]], stages: list[str], groups: list[str], title: str
) -> None:
    """Write what the rows, the colours and the whole picture stand for."""
    for row in grid:
        row[0].set_yticks(np.arange(len(stages))[::-1], stages)
    figure: Any = grid[0][0].figure
    figure.suptitle(
        title or "Where the leads are",
        x=0.01,
        ha="left",
        fontsize=11,
        fontweight="bold",
    )
    figure.legend(
        *grid[0][0].get_legend_handles_labels(),
        loc="outside lower left",
        ncols=len(groups),
        fontsize=9,
    )
