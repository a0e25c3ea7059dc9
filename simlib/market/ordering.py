"""Meetings in order, at the cost of reading them a few times.

In: who is met, when, and what it is. Out: the order of (buyer, time, what), in which
equals keep their places. Rows are dealt out by buyer, and each buyer's few are put
right by insertion. Where that is too much, or nothing is compiled, NumPy sorts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simlib.compiling import COMPILED, whole
from simlib.draws import Floats

Ints = NDArray[np.int64]

MOST_MOVES = 64
"""So many moves by insertion, per row, are as dear as sorting by NumPy."""


def by_buyer_and_time(buyer: Ints, time: Floats, what: NDArray[np.int8]) -> Ints:
    """Return the places of a stable order by (buyer, time, what).

    Buyers are numbered from 0; times are finite. All arrays have one shape.
    """
    if COMPILED and len(buyer):
        start = np.zeros(int(buyer.max()) + 2, dtype=np.int64)
        order = np.empty(len(buyer), dtype=np.int64)
        if deal(buyer, time, what, start, np.zeros_like(start), order):
            return order
    return np.lexsort((what, time, buyer))


def _deal(
    buyer: Ints,
    time: Floats,
    what: NDArray[np.int8],
    start: Ints,
    dealt: Ints,
    order: Ints,
) -> bool:
    """Fill `order`; return False if it would take too long.

    `start` (where each buyer's rows begin) and `dealt` (how many are there) hold zeros.
    """
    for who in buyer:
        start[who + 1] += 1
    for number in range(len(start) - 1):
        start[number + 1] += start[number]
    moves = MOST_MOVES * len(buyer)
    for row in range(len(buyer)):
        who, when = buyer[row], time[row]
        to = start[who] + dealt[who]
        dealt[who] += 1
        while to > start[who]:
            last = order[to - 1]
            if time[last] < when or (time[last] == when and what[last] <= what[row]):
                break
            order[to] = last
            to -= 1
            moves -= 1
        order[to] = row
        if moves < 0:
            return False
    return True


deal = whole(_deal)
