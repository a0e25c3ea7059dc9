"""When each buyer is in the market: alternating spells, in their stationary state.

In: what a scenario says of the market, and an address. Out: `Windows`. Whether a buyer
is in the market depends on no marketing; a scenario with an `entry_lift` has windows
more that open only to those who remember us (`Windows.extra`).

Source: alternating renewal process with exponential spells; the share in the market is
in_days / (in_days + out_days).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simlib.draws import Floats, Keys, exponentials, keys_of, stream_key
from simlib.scenario.market import Market
from simlib.variates import uniforms

Run = tuple[int, int]


@dataclass(frozen=True)
class Windows:
    """Spells in the market, in order of (buyer, start).

    Attributes
    ----------
    buyer : array of int64, shape (n,)
    start, end : array of float64, days; a start before day 0 is in the history
    extra : array of bool
        Opens only to a buyer who remembers us; see `Market.entry_lift`.
    key : array of uint64
        The entity's key for `simlib.draws`.
    """

    buyer: NDArray[np.int64]
    start: Floats
    end: Floats
    extra: NDArray[np.bool_]
    key: Keys

    def __len__(self) -> int:
        return len(self.buyer)


def windows_of(market: Market, buyers: Keys, end: float, run: Run) -> Windows:
    """Return the windows of all buyers who fit, from the history to the horizon.

    Parameters
    ----------
    market : Market
    buyers : array of uint64, shape (buyers,)
        Keys of the buyers who fit; 0 for the others.
    end : float
        The horizon, in days.
    run : (seed, replication)
    """
    base = _alternating(market, buyers, end, run)
    if not market.entry_lift:
        return base
    more = _lifted(market, buyers, end, run)
    parts = [
        np.concatenate([getattr(base, name), getattr(more, name)])
        for name in ("buyer", "start", "end", "extra", "key")
    ]
    order = np.lexsort((parts[1], parts[0]))
    return Windows(*(part[order] for part in parts))


def _alternating(market: Market, buyers: Keys, end: float, run: Run) -> Windows:
    """Return the windows of buyers whose need nobody makes."""
    who = np.flatnonzero(buyers)
    keys, now = buyers[who], np.full(len(who), -market.history)
    inside = market.in_days / (market.in_days + market.out_days)
    first = uniforms(stream_key(*run, "market.inside"), keys) < inside
    rows = [(who[:0], now[:0], now[:0], keys[:0])]
    spell = 1
    while len(who):
        out = exponentials(stream_key(*run, "market.out", spell), keys)
        out *= market.out_days
        out[first & (spell == 1)] = 0.0
        start = now + out
        stop = start + market.in_days * exponentials(
            stream_key(*run, "market.in", spell), keys
        )
        here = start < end
        number = np.full(len(who), spell)
        rows.append((who[here], start[here], stop[here], keys_of(keys, number)[here]))
        who, keys, now, first = who[here], keys[here], stop[here], first[here]
        spell += 1
    buyer, start, stop, key = (
        np.concatenate(column) for column in zip(*rows, strict=True)
    )
    order = np.lexsort((start, buyer))
    extra = np.zeros(len(order), dtype=bool)
    return Windows(buyer[order], start[order], stop[order], extra, key[order])


def _lifted(market: Market, buyers: Keys, end: float, run: Run) -> Windows:
    """Return windows that memory may open, as many as a full memory would open."""
    who = np.flatnonzero(buyers)
    whole, rate = end + market.history, market.entry_lift / market.out_days
    origin = stream_key(*run, "market.lifted")
    expected = rate * whole * len(who)
    count = int(expected + 6 * np.sqrt(expected) + 10)
    key = keys_of(np.uint64(origin), np.arange(count))
    place = np.cumsum(exponentials(stream_key(*run, "market.lifted.at"), key)) / rate
    key, place = key[place < whole * len(who)], place[place < whole * len(who)]
    start = place % whole - market.history
    days = exponentials(stream_key(*run, "market.lifted.in"), key) * market.in_days
    buyer = who[(place // whole).astype(np.int64)]
    return Windows(buyer, start, start + days, np.ones(len(key), dtype=bool), key)
