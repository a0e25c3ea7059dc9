"""Draw the picture of the README: the baseline firm's funnel.

In: nothing. Out: docs/images/funnel.png, the same bytes on the same machine.

Usage: python tools/make_images.py
"""

from __future__ import annotations

from pathlib import Path

import simlib as sl

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"


def main() -> None:
    """Run the baseline once and draw its funnel."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    run = sl.simulate(sl.load("baseline"), seed=1)
    title = "Two years of a mid-market firm: how far leads come, and where they leak"
    ax = sl.plots.funnel(sl.funnel.by_stage(run.log), title=title)
    print(sl.plots.save(ax, IMAGES / "funnel.png"))


if __name__ == "__main__":
    main()
