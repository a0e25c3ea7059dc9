"""An order by time and a key, at the cost of reading the numbers a few times.

In: times (days) and keys. Out: the order of (time, key), in which equals keep their
places. Times are spread over as many buckets as there are times, and what is left in
disorder is put right by insertion. Where that is too much (nearly all at one time, but
in disorder), and where nothing is compiled, NumPy sorts.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simlib.draws import Floats
from simlib.fast_engine.compiling import COMPILED, key_of_sources, part, whole

Keys = NDArray[np.int32]
Places = NDArray[np.intp]

MOST_MOVES = 16
"""So many moves by insertion, per place, are as dear as sorting by NumPy."""


def order_of(time: Floats, key: Keys) -> Places:
    """Return the places of a stable order by (time, key), shape as `time`.

    Times are finite and not negative.
    """
    if COMPILED and len(time):
        order = np.empty(len(time), dtype=np.intp)
        if _spread(time, key, order):
            return order
    return np.lexsort((key, time))


def _made_of(sources: str) -> Callable[[Floats, Keys, Places], bool]:
    """Return the function that spreads and sorts, for a digest of its sources."""

    def spread(time: Floats, key: Keys, order: Places) -> bool:
        """Fill `order`; return False, and an unfinished one, if it takes too long."""
        assert sources
        count = len(time)
        latest = time.max()
        scale = count / latest if latest > 0.0 else 0.0
        bucket = np.empty(count, np.int32)
        start = np.zeros(count + 1, np.int32)
        for place in range(count):
            here = min(int(time[place] * scale), count - 1)
            bucket[place] = here
            start[here + 1] += 1
        for here in range(count):
            start[here + 1] += start[here]
        spread_time = np.empty(count, np.float64)
        for place in range(count):
            to = start[bucket[place]]
            start[bucket[place]] = to + 1
            order[to] = place
            spread_time[to] = time[place]
        return insert(spread_time, key, order)

    return whole(spread)


@part
def insert(time: Floats, key: Keys, order: Places) -> bool:
    """Put right what is still in disorder; return False if that is too much."""
    moves = MOST_MOVES * len(time)
    for place in range(1, len(time)):
        this, when, to = order[place], time[place], place
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


_spread = _made_of(key_of_sources())
