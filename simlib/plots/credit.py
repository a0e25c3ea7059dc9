"""Who gets the credit: bars of each source by each way of counting.

In: a table. Out: an Axes. It computes no figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simlib.plots.style import ACCENT, DARK, INK, LIGHT, need, titled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

LOOKS = ((LIGHT, "///"), (DARK, ""), (ACCENT, "..."))
LABELS = {
    "customers": "customers",
    "pipeline": "pipeline opened",
    "revenue": "annual value of contracts won",
    "cost_per_customer": "cost per customer",
}


def credit(
    table: pd.DataFrame, metric: str = "customers", ax: Axes | None = None
) -> Axes:
    """Draw what each source is given credit for, by each way of counting.

    Ways differ in hatching as well as in shade; bars carry their 95% interval.

    Parameters
    ----------
    table : DataFrame
        Columns ``source``, ``credit``, ``metric``, ``mean``, ``low`` and ``high``.
    metric : str
        Which of the table's metrics.
    """
    need(table, "credit", "source", "credit", "metric", "mean", "low", "high")
    ax = titled(ax, "Who gets the credit")
    rows = table[table["metric"] == metric]
    sources, ways = rows["source"].unique(), rows["credit"].unique()
    places, width = np.arange(len(sources))[::-1], 0.8 / len(ways)
    for turn, way in enumerate(ways):
        here = rows[rows["credit"] == way].set_index("source").loc[list(sources)]
        mean = here["mean"].to_numpy(float)
        shade, hatch = LOOKS[turn % len(LOOKS)]
        ax.barh(
            places + (len(ways) / 2 - turn - 0.5) * width,
            mean,
            width * 0.9,
            xerr=(mean - here["low"], here["high"] - mean),
            color=shade,
            edgecolor=INK if hatch else shade,
            hatch=hatch,
            error_kw={"ecolor": INK, "capsize": 2, "lw": 1},
            label=way,
        )
    ax.axvline(0, color=INK, lw=0.8)
    ax.set_yticks(places, list(sources))
    ax.set_xlabel(LABELS.get(metric, metric))
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=8)
    return ax
