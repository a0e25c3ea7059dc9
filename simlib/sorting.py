"""An order by time and a key, at the cost of reading the numbers a few times.

In: times (days) and keys. Out: the order of (time, key), in which equals keep their
places. Times are spread over as many buckets as there are times, and what is left in
disorder is put right by insertion. Where that is too much (nearly all at one time, but
in disorder), and where nothing is compiled, NumPy sorts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.compiling import COMPILED, key_of_sources, part, whole

Floats = NDArray[np.float64]
Keys = NDArray[np.int32]
Places = NDArray[np.int32]
Columns = tuple[NDArray[Any], ...]

MOST_MOVES = 16
"""So many moves by insertion, per place, are as dear as sorting by NumPy."""


def in_order(time: Floats, key: Keys) -> tuple[Places, Floats]:
    """Return the places of a stable order by (time, key), and the times in order.

    Times are finite and not negative; all arrays have the shape of `time`.
    """
    if COMPILED and len(time):
        order, ordered = np.empty(len(time), dtype=np.int32), np.empty(len(time))
        if _spread(time, key, np.zeros(len(time) + 1, np.int32), order, ordered):
            return order, ordered
    places = np.lexsort((key, time)).astype(np.int32)
    return places, time[places]


def put_in(order: Places, columns: Columns) -> list[NDArray[Any]]:
    """Return the five columns of a line, each of shape (n,), in an order."""
    if not COMPILED:
        return [column[order] for column in columns]
    out = tuple(np.empty(len(order), dtype=column.dtype) for column in columns)
    _gather(order, columns, out)
    return list(out)


def _gatherer(sources: str) -> Callable[..., None]:
    """Return the function that gathers, for a digest of its sources."""

    def gather(order: Places, columns: Columns, out: Columns) -> None:
        """Fill `out`."""
        assert sources
        for place, row in enumerate(order):
            out[0][place] = columns[0][row]
            out[1][place] = columns[1][row]
            out[2][place] = columns[2][row]
            out[3][place] = columns[3][row]
            out[4][place] = columns[4][row]

    return whole(gather)


def _made_of(sources: str) -> Callable[[Floats, Keys, Keys, Keys, Floats], bool]:
    """Return the function that spreads and sorts, for a digest of its sources."""

    def spread(
        time: Floats, key: Keys, start: Keys, order: Keys, ordered: Floats
    ) -> bool:
        """Fill `order` and `ordered`; return False if it would take too long."""
        assert sources
        count, latest = len(time), 0.0
        for when in time:
            latest = max(latest, when)
        # Below the next whole number, so that the latest time, too, has a bucket.
        scale = count / latest * (1 - 1e-9) if latest > 1e-9 else 0.0
        for place in range(count):
            start[int(time[place] * scale) + 1] += 1
        for bucket in range(count):
            start[bucket + 1] += start[bucket]
        for place in range(count):
            bucket = int(time[place] * scale)
            to = start[bucket]
            start[bucket] = to + 1
            order[to] = place
            ordered[to] = time[place]
        return insert(ordered, key, order)

    return whole(spread)


@part
def insert(time: Floats, key: Keys, order: Keys) -> bool:
    """Put right what is still in disorder; return False if that is too much."""
    moves = MOST_MOVES * len(time)
    for place in range(1, len(time)):
        when, to = time[place], place
        if time[place - 1] < when:
            continue
        this = order[place]
        while to > 0 and (
            time[to - 1] > when
            or (time[to - 1] == when and key[order[to - 1]] > key[this])
        ):
            order[to] = order[to - 1]
            time[to] = time[to - 1]
            to -= 1
        order[to] = this
        time[to] = when
        moves -= place - to
        if moves < 0:
            return False
    return True


_SOURCES = key_of_sources(__file__)
_spread, _gather = _made_of(_SOURCES), _gatherer(_SOURCES)
