"""A stock that fades while something flows in, such as goodwill.

In: what flows in, from one day to another. Out: the stock at any time between. It does
not know what is stocked. Compiled lives look it up by the same function as everybody.

Source: Nerlove and Arrow (1962), dG/dt = u - delta G. Over a day of constant u, G goes
to G exp(-delta) + u (1 - exp(-delta)) / delta, which is Koyck's lag.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from simlib.draws import Floats


class Stock(NamedTuple):
    """A stock whose inflow is constant from edge to edge.

    Attributes
    ----------
    edges : array of float64, shape (n + 1,), days, ascending
    level : array of float64, shape (n + 1,)
        The stock at each edge.
    inflow : array of float64, shape (n,), units a day
    by_day : array of int64
        For each whole day since the first edge, how many edges lie before it.
    fading : float, a day
    """

    edges: Any
    level: Any
    inflow: Any
    by_day: Any
    fading: float


NONE = np.zeros(0)
NOTHING = Stock(NONE, NONE, NONE, np.zeros(0, dtype=np.int64), 0.0)


def edges_of(first: float, last: float, turns: Iterable[float | None]) -> Floats:
    """Return the days from first to last, and those turns that lie between."""
    inside = [day for day in turns if day is not None and first < day < last]
    return np.unique([*np.arange(first, last), last, *inside])


def stock_of(edges: Floats, inflow: Floats, half_life: float) -> Stock:
    """Return the stock that is empty at the first edge.

    Parameters
    ----------
    edges : array of float64, shape (n + 1,), days, ascending
    inflow : array of float64, shape (n,), units a day
        From one edge to the next.
    half_life : float, days
    """
    fading = math.log(2) / half_life
    kept = np.exp(-fading * np.diff(edges))
    added = inflow * (1 - kept) / fading
    level = [0.0]
    for share, more in zip(kept.tolist(), added.tolist(), strict=True):
        level.append(level[-1] * share + more)
    # One day more than there are: a time just before the last edge may round up to it.
    days = edges[0] + np.arange(math.ceil(edges[-1] - edges[0]) + 1)
    before = np.searchsorted(edges[:-1], days, side="right") - 1
    return Stock(edges, np.array(level), inflow, before.astype(np.int64), fading)


def level_at(stock: Any, now: float) -> float:
    """Return a stock at a time (days), from the first edge to just before the last."""
    place = stock.by_day[int(now - stock.edges[0])]
    while stock.edges[place + 1] <= now:
        place += 1
    kept = math.exp(-stock.fading * (now - stock.edges[place]))
    full = stock.inflow[place] / stock.fading
    return float(full + (stock.level[place] - full) * kept)
