"""Two stores that grow during a run: the events to come, and the lines written.

In: events as (time, key), and lines. Out: the earliest event; the lines as they came.
Compiled, both are arrays, and the heap is sifted here; uncompiled, they are lists, and
the standard library sifts. The order of events is the same either way,
because it is an order of (time, key) and of nothing else.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from simlib.compiling import COMPILED, part

EVENT = np.dtype([("time", "f8"), ("key", "i8")])


class Lines(NamedTuple):
    """The lines written, as columns."""

    time: Any
    lead: Any
    event: Any
    stage: Any
    reason: Any
    kind: Any


Line = tuple[float, int, int, int, int, int]
LINE = Lines(np.float64, np.int32, np.int8, np.int16, np.int16, np.int8)


@part
def _is_before(time: float, key: int, other: Any) -> bool:
    return bool(time < other.time or (time == other.time and key < other.key))


@part
def _put(heap: Any, spot: int, time: float, key: int) -> None:
    event = heap[spot]
    event.time = time
    event.key = key


@part
def _sifted_in(heap: Any, size: int, time: float, key: int) -> None:
    """Put an event into a heap of `size` events; each has four below it."""
    spot = size
    while spot > 0:
        above = (spot - 1) >> 2
        if not _is_before(time, key, heap[above]):
            break
        _put(heap, spot, heap[above].time, heap[above].key)
        spot = above
    _put(heap, spot, time, key)


@part
def _sifted_out(heap: Any, size: int) -> None:
    """Take the first of `size` events out of a heap."""
    last = size - 1
    time, key, spot = heap[last].time, heap[last].key, 0
    below = 1
    while below < last:
        first = below
        for other in range(below + 1, min(below + 4, last)):
            if _is_before(heap[other].time, heap[other].key, heap[first]):
                first = other
        if _is_before(time, key, heap[first]):
            break
        _put(heap, spot, heap[first].time, heap[first].key)
        spot, below = first, 4 * first + 1
    _put(heap, spot, time, key)


@part
def _written(lines: Any, at: int, line: Line) -> None:
    lines.time[at], lines.lead[at], lines.event[at] = line[0], line[1], line[2]
    lines.stage[at], lines.reason[at], lines.kind[at] = line[3], line[4], line[5]


@part
def is_full(run: Any) -> bool:
    """Return whether the next event might find no room for what it writes."""
    spare = run.waiting + 8
    return bool(run.lines + spare > run.room or run.coming + spare > run.heap_room)


def _pushed(heap: list[tuple[float, int]], _: int, time: float, key: int) -> None:
    heapq.heappush(heap, (time, key))


def _popped(heap: list[tuple[float, int]], _: int) -> None:
    heapq.heappop(heap)


def _appended(lines: list[float], _: int, line: Line) -> None:
    lines += line


BOUNDED = COMPILED
"""Whether there is room for so many events and lines only."""
push: Callable[[Any, int, float, int], None] = _sifted_in if COMPILED else _pushed
pop: Callable[[Any, int], None] = _sifted_out if COMPILED else _popped
write_line: Callable[[Any, int, Line], None] = _written if COMPILED else _appended


def room_for_lines(count: int) -> Lines | list[float]:
    """Return where lines can be written, so many at first."""
    if not COMPILED:
        return []
    return Lines(*[np.empty(count, dtype=kind) for kind in LINE])


def more_room(lines: Lines) -> Lines:
    """Return the lines with twice the room."""
    return Lines(*[np.concatenate((one, np.empty_like(one))) for one in lines])


def lines_written(lines: Lines | list[float], count: int) -> Lines:
    """Return the lines that were written, as arrays."""
    if isinstance(lines, Lines):
        return Lines(*[one[:count] for one in lines])
    table = np.fromiter(lines, np.float64, len(lines)).reshape(-1, len(LINE)).T
    pairs = zip(table, LINE, strict=True)
    return Lines(*[column.astype(kind) for column, kind in pairs])
