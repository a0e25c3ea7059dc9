"""The picture of docs/performance.md, drawn from the figures that stand on the page.

Usage: python benchmarks/picture.py

It measures nothing: whoever wants another picture of the same figures draws it anew.
"""

from __future__ import annotations

import re
from pathlib import Path

from matplotlib.axes import Axes

from simlib.plots import save
from simlib.plots.ends import End, name_ends
from simlib.plots.style import INK, MARKS, new_axes

DOCS = Path(__file__).parent.parent / "docs"
# What an engine is called on the page, and at the end of its line.
SHOWN = {
    "our fast engine, drawing included": "fast engine",
    "our SimPy engine, drawing included": "SimPy engine",
    "SimPy, hand-written, one shared stream": "hand-written SimPy",
    "R simmer, closures": "R simmer",
    "Ciw": "Ciw",
    "salabim, with yield, no trace": "salabim",
}
SIZE = (8.0, 4.5)
Speeds = dict[str, list[tuple[int, float]]]


def main() -> None:
    """Draw the picture of the page as it stands."""
    page = (DOCS / "performance.md").read_text(encoding="utf-8")
    print(save(drawn(speeds_of(page)), DOCS / "images" / "performance.png"))


def speeds_of(page: str) -> Speeds:
    """Return leads in a run and leads per second of each engine, by its short name."""
    found: Speeds = {name: [] for name in SHOWN.values()}
    size = 0
    for line in page.splitlines():
        if heading := re.fullmatch(r"## ([\d,]+) leads \(.*\)", line):
            size = int(heading[1].replace(",", ""))
        cells = [cell.strip() for cell in line.split("|")]
        if line.startswith("## ") and not heading:
            break  # what follows are ratios of these
        if size and len(cells) > 3 and cells[1] in SHOWN:
            speed = float(cells[3].replace(",", ""))
            found[SHOWN[cells[1]]].append((size, speed))
    return {name: points for name, points in found.items() if points}


def drawn(speeds: Speeds) -> Axes:
    """Return leads per second against size, one line an engine, named at its end."""
    ax = new_axes(SIZE)
    ends: list[End] = []
    for (name, points), mark in zip(speeds.items(), MARKS, strict=False):
        ax.plot(*zip(*points, strict=True), marker=mark, color=INK)
        ends.append((name, *points[-1], INK))
    ax.set(xscale="log", yscale="log", xlabel="leads in one run")
    ax.set_ylabel("leads per second, one core")
    ax.margins(x=0.25)
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.yaxis.set_major_formatter("{x:,.0f}")
    name_ends(ax, ends)
    return ax


if __name__ == "__main__":
    main()
