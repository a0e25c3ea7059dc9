"""What would happen to each buyer: every meeting that its sources might bring about.

In: what a scenario says of a source and of the market, and an address. Out: rows of
possible meetings in order of (buyer, time). A row has a level, the rate (meetings a
day) above which it comes about: so more reach adds meetings and removes none. Rows at
levels that no rate reaches, whatever happens, are left out. What a meeting does, and
whether it comes about, is told in `simlib.market.life`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simlib.arrivals import spread
from simlib.draws import Floats, entity_keys, exponentials, stream_key
from simlib.market.ordering import by_buyer_and_time
from simlib.market.windows import Run, Windows
from simlib.scenario.market import Market
from simlib.scenario.meetings import Meets
from simlib.variates import uniforms

ENTERS, RAISES_HAND, MEETS = range(3)
NOBODY = -1
LOWEST_BAND = 1e-3
"""Meetings of one buyer a day; the bands of rate double from here."""

Ints = NDArray[np.int64]


class Rows(NamedTuple):
    """Possible meetings, one row each.

    Attributes
    ----------
    buyer : array of int64
    time : array of float64, days
    what : array of int8
        `ENTERS` a window, `RAISES_HAND` in it, or `MEETS` a source.
    source : array of int16
    window : array of int64
        The window that it belongs to, or `NOBODY`.
    level : array of float64
        The rate, in meetings a day, above which it comes about.
    luck, second : array of float64
        Uniform numbers for what comes of it.
    strength : array of float64
        The source's share of its full rate then; 1 where no source meets.
    """

    buyer: Ints
    time: Floats
    what: NDArray[np.int8]
    source: NDArray[np.int16]
    window: Ints
    level: Floats
    luck: Floats
    second: Floats
    strength: Floats


TYPES = ("i8", "f8", "i1", "i2", "i8", "f8", "f8", "f8", "f8")


class Span(NamedTuple):
    """Stretches of time laid end to end: every buyer's whole time, or all windows.

    Attributes
    ----------
    buyer, window : array of int64, shape (n,)
    start, days : array of float64
    """

    buyer: Ints
    window: Ints
    start: Floats
    days: Floats


def whole_time(who: Ints, market: Market, end: float) -> Span:
    """Return each buyer's time from the history to the horizon."""
    count = len(who)
    return Span(
        who,
        np.full(count, NOBODY),
        np.full(count, -market.history),
        np.full(count, end + market.history),
    )


def time_in_market(windows: Windows, end: float, listed: Ints | None) -> Span:
    """Return all windows up to the horizon, of listed buyers if there is a list."""
    kept = np.arange(len(windows))
    if listed is not None:
        kept = kept[np.isin(windows.buyer, listed)]
    stop = np.minimum(windows.end[kept], end)
    start = windows.start[kept]
    return Span(windows.buyer[kept], kept, start, stop - start)


def bands(low: float, high: float) -> Iterator[tuple[int, tuple[float, float]]]:
    """Yield the bands of rate between two rates: number, and edges; all in full."""
    number, bottom, top = 0, 0.0, LOWEST_BAND
    while bottom < high:
        if bottom >= low:
            yield number, (bottom, top)
        number, bottom, top = number + 1, top, 2 * top


def top_of(rate: float) -> float:
    """Return the top of the band that a rate lies in; 0 for no rate."""
    return max((top for _, (_, top) in bands(0.0, rate)), default=0.0)


class Heights(NamedTuple):
    """Which bands of rate are drawn, and how much of them can matter.

    Attributes
    ----------
    low, high : float, meetings of one buyer a day
    most : array of float64, shape (buyers,), meetings a day
        No full rate of theirs is higher.
    strength : callable
        From times (days) to the shares (0 to 1) of full rates that are reached.
    """

    low: float
    high: float
    most: Floats
    strength: Callable[[Floats], Floats]


def scattered(span: Span, source: int, name: str, heights: Heights, run: Run) -> Rows:
    """Return the possible meetings of a source in a span, level by level."""
    parts = [
        _of_band(
            span,
            source,
            f"{name}.meets.{band}",
            heights._replace(low=low, high=high),
            run,
        )
        for band, (low, high) in bands(heights.low, heights.high)
    ]
    return joined(parts)


def _of_band(span: Span, source: int, name: str, band: Heights, run: Run) -> Rows:
    """Return those points of a Poisson process over a span that a rate may reach."""
    bottom, top, most, strength_at = band
    ends = np.cumsum(span.days)
    length = float(ends[-1]) if len(ends) else 0.0
    expected = length * (top - bottom)
    origin = stream_key(*run, name)
    keys = entity_keys(origin, math.ceil(expected + 6 * math.sqrt(expected) + 10))
    place = np.cumsum(exponentials(origin, keys)) / (top - bottom)
    inside = int(np.searchsorted(place, length))
    keys, place = keys[:inside], place[:inside]
    where = np.minimum(np.searchsorted(ends, place, side="right"), len(ends) - 1)
    level = bottom + (top - bottom) * uniforms(stream_key(*run, f"{name}.a"), keys)
    buyer, time = span.buyer[where], span.start[where] + place
    time -= (ends - span.days)[where]
    strength = strength_at(time)
    kept = np.flatnonzero(level < most[buyer] * strength)
    streams = [[stream_key(*run, f"{name}.{part}")] for part in "bc"]
    luck, second = uniforms(np.array(streams, np.uint64), keys[kept])
    return Rows(
        buyer=buyer[kept],
        time=time[kept],
        what=np.full(len(kept), MEETS, dtype=np.int8),
        source=np.full(len(kept), source, dtype=np.int16),
        window=span.window[where[kept]],
        level=level[kept],
        luck=luck,
        second=second,
        strength=strength[kept],
    )


def of_windows(windows: Windows, hand: int, run: Run) -> list[Rows]:
    """Return the entries into the market, and the moments to raise a hand."""

    def numbers(name: str) -> Floats:
        return uniforms(stream_key(*run, f"market.{name}"), windows.key)

    moment = windows.start + numbers("moment") * (windows.end - windows.start)
    lifted = np.where(windows.extra, numbers("lift"), NOBODY)
    made = [(ENTERS, windows.start, lifted, numbers("considers"), numbers("raises"))]
    if hand != NOBODY:
        made.append((RAISES_HAND, moment, lifted, lifted, lifted))
    size = len(windows)
    return [
        Rows(
            windows.buyer,
            time,
            np.full(size, what, dtype=np.int8),
            np.full(size, hand, dtype=np.int16),
            np.arange(size),
            level,
            luck,
            second,
            np.ones(size),
        )
        for what, time, level, luck, second in made
    ]


def joined(parts: list[Rows]) -> Rows:
    """Return several parts as one, in no order."""
    columns: Any = (
        np.concatenate([np.zeros(0, dtype=kind), *column], dtype=kind, casting="unsafe")
        for kind, *column in zip(TYPES, *parts, strict=True)
    )
    return Rows(*columns)


def in_order(rows: Rows, end: float) -> Rows:
    """Return the rows before the horizon in order of (buyer, time)."""
    kept = np.flatnonzero(rows.time < end)
    keys = (rows.buyer[kept], rows.time[kept], rows.what[kept])
    order = kept[by_buyer_and_time(*keys)]
    columns: Any = (column[order] for column in rows)
    return Rows(*columns)


def strength(meets: Meets, time: Floats, month: float) -> Floats:
    """Return the share (0 to 1) of a source's full rate at times (days).

    Without a start it ran in full all through the history.
    """
    start = -math.inf if meets.start is None else meets.start
    stop = math.inf if meets.stop is None else meets.stop
    share = spread(meets.uptake, time, month) if meets.uptake else 1.0
    decay = math.log(2) / (meets.half_life_months * month)
    if meets.shape == "steady":
        return share * ((time >= start) & (time < stop)).astype(np.float64)
    built = np.maximum(np.minimum(time, stop) - start, 0.0)
    to_full = meets.months_to_full * month
    stock = np.minimum(np.expm1(-decay * built) / math.expm1(-decay * to_full), 1.0)
    stock *= np.exp(-decay * np.maximum(time - stop, 0.0))
    return share * stock
