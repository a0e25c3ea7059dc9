"""One buyer's life as text, for a person who asks why.

In: `Lives`, the sources' names, a buyer. Out: one line of days and what happened on
them. It computes nothing that the lives do not hold.
"""

from __future__ import annotations

import numpy as np

from simlib.market.life import LEFT_A_NAME, TURNED_AWAY
from simlib.market.lives import Lives
from simlib.market.meetings import ENTERS, RAISES_HAND


def story_of(lives: Lives, sources: tuple[str, ...], buyer: int) -> str:
    """Return what happened to a buyer from day 0 on, before it became a lead and after.

    Parameters
    ----------
    lives : Lives
    sources : tuple of str
        Names by code.
    buyer : int
    """
    rows = lives.rows
    first, last = np.searchsorted(rows.buyer, [buyer, buyer + 1])
    told = [
        f"day {rows.time[row]:.1f} {_moment(lives, sources, row)}"
        for row in range(first, last)
        if lives.happened[row] and rows.time[row] >= 0
    ]
    return ", ".join(told) or "never met us"


def _moment(lives: Lives, sources: tuple[str, ...], row: int) -> str:
    """Return what a row was, in a few words."""
    rows = lives.rows
    if rows.what[row] == RAISES_HAND:
        return "raises a hand"
    if rows.what[row] == ENTERS:
        thought = lives.considered[rows.window[row]]
        what = "thinks of us" if thought else "does not think of us"
        return f"in the market, {what} (memory {lives.memory[row]:.2f})"
    became = {LEFT_A_NAME: ", leaves a name", TURNED_AWAY: ", turns away from the form"}
    return f"meets {sources[rows.source[row]]}{became.get(int(lives.became[row]), '')}"
