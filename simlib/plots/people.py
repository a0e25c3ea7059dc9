"""The people at a desk: morale through time, and when somebody quits.

In: tables of morale. Out: an Axes. It computes no figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simlib.plots.ends import End, name_ends
from simlib.plots.style import look_of, need, titled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def morale(
    tables: dict[str, pd.DataFrame], title: str = "", ax: Axes | None = None
) -> Axes:
    """Draw the morale of teams, or of one team in several worlds; a cross is a quit.

    Parameters
    ----------
    tables : dict of str to DataFrame
        By the name of the line: ``month``, ``morale`` (0 to 1) and ``quits`` (so far),
        as `simlib.funnel.morale` returns them for one team.
    """
    ax = titled(ax, title or "Morale, and who quits")
    ends: list[End] = []
    for turn, (name, table) in enumerate(tables.items()):
        need(table, "morale", "month", "morale", "quits")
        look = look_of(turn)
        month = table["month"].to_numpy(float)
        share = 100 * table["morale"].to_numpy(float)
        ax.plot(month, share, **look)
        quits = np.diff(table["quits"].to_numpy(), prepend=0) > 0
        mark = {"ls": "", "marker": "x", "ms": 9, "mew": 2, "color": look["color"]}
        ax.plot(month[quits], share[quits], **mark)
        ends.append((name, float(month[-1]), float(share[-1]), look["color"]))
    ax.set(xlabel="month", ylabel="morale (%); a cross: somebody quits")
    ax.set_ylim(0, 104)
    name_ends(ax, ends)
    return ax
