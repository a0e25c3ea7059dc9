"""When each buyer is in the market: alternating spells, in their stationary state.

In: what a scenario says of the market, and an address. Out: `Windows`. Whether a buyer
is in the market depends on no marketing; a scenario with an `entry_lift` has windows
more that open only to those who remember us (`Windows.extra`).

Source: alternating renewal process with gamma spells, by default exponential ones; the
share in the market is in_days / (in_days + out_days) whatever their spread. The spell
that the history begins in is cut by that day: what is left of it is a uniform share of
a length-biased spell (Cox, Renewal Theory, 1962).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from simlib.draws import Floats, Keys, exponentials, keys_of, stream_key
from simlib.lags import Lag, lag_of
from simlib.scenario.market import Market
from simlib.variates import uniforms

Run = tuple[int, int]
SHORTEST = 1 / 86_400
"""A second, in days: the least spell, where most of a wide law are all but nothing."""


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
    outside, inside = _laws(market)
    who = np.flatnonzero(buyers)
    keys = buyers[who]
    start, stop = _first(market, keys, run)
    rows = [(who[:0], start[:0], stop[:0], keys[:0])]
    spell = 1
    while len(who):
        here = start < end
        number = np.full(len(who), spell)
        rows.append((who[here], start[here], stop[here], keys_of(keys, number)[here]))
        who, keys, now = who[here], keys[here], stop[here]
        spell += 1
        start = now + _spells(outside, stream_key(*run, "market.out", spell), keys)
        stop = start + _spells(inside, stream_key(*run, "market.in", spell), keys)
    buyer, start, stop, key = (
        np.concatenate(column) for column in zip(*rows, strict=True)
    )
    order = np.lexsort((start, buyer))
    extra = np.zeros(len(order), dtype=bool)
    return Windows(buyer[order], start[order], stop[order], extra, key[order])


def _laws(market: Market) -> tuple[Lag, Lag]:
    """Return how long spells out of the market last, and those in it."""
    outside, inside = (
        lag_of("exponential" if cv == 1 else "gamma", mean=days, cv=cv)
        for days, cv in (
            (market.out_days, market.out_cv),
            (market.in_days, market.in_cv),
        )
    )
    return outside, inside


def _first(market: Market, keys: Keys, run: Run) -> tuple[Floats, Floats]:
    """Return the first window of each buyer, who may be in the market by then."""
    outside, inside = _laws(market)
    share = market.in_days / (market.in_days + market.out_days)
    now = uniforms(stream_key(*run, "market.inside"), keys) < share
    out = _left(outside, "market.out", keys, run)
    out[now] = 0.0
    stay = _spells(inside, stream_key(*run, "market.in"), keys)
    stay[now] = _left(inside, "market.in", keys[now], run)
    start = out - market.history
    return start, start + stay


def _spells(law: Lag, stream: int, keys: Keys) -> Floats:
    """Return the length of each buyer's spell, in days."""
    days = law.days(stream, keys)
    return days if law.family == "exponential" else np.maximum(days, SHORTEST)


def _left(law: Lag, name: str, keys: Keys, run: Run) -> Floats:
    """Return what is left of each buyer's spell on the day the history begins."""
    if law.family == "exponential":  # it forgets how long it has lasted
        return law.days(stream_key(*run, name), keys)
    whole = replace(law, shape=law.shape + 1)
    days = whole.days(stream_key(*run, f"{name}.whole"), keys)
    days *= uniforms(stream_key(*run, f"{name}.left"), keys)
    return np.maximum(days, SHORTEST)


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
    days = _spells(_laws(market)[1], stream_key(*run, "market.lifted.in"), key)
    buyer = who[(place // whole).astype(np.int64)]
    return Windows(buyer, start, start + days, np.ones(len(key), dtype=bool), key)
