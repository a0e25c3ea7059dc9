"""A log, read lead by lead in one pass: stays, waits and pieces of work as columns.

In: the columns of a log. Out: columns in the order of (lead, time). This is one source:
numba compiles it, and where there is no numba it runs as it is. The longest loops have
no branches, since which event comes next cannot be guessed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simlib.compiling import key_of_sources, part, whole
from simlib.funnel.columns import Flags, Floats
from simlib.funnel.marks import Marks
from simlib.log import END, ENTER, QUEUE, START, Graph

STILL = -1
TYPES = tuple(map(np.dtype, ("f8", "i4", "i1", "i2", "i2")))


class Lines(NamedTuple):
    """The columns of a log, and the order that gathers each lead's lines."""

    time: Any
    lead: Any
    event: Any
    stage: Any
    reason: Any
    order: Any


class Stays(NamedTuple):
    """Visits to stages; see `history.Visits`. The last place stands for nowhere."""

    lead: Any
    stage: Any
    reason: Any
    entered: Any
    left: Any
    is_over: Any
    is_first: Any


class Pieces(NamedTuple):
    """Waits, or pieces of work; see `history.Spans`."""

    lead: Any
    stage: Any
    begun: Any
    until: Any
    end: Any


class Ends(NamedTuple):
    """Each lead's first and last stay, or -1 and nan where the log is silent.

    Attributes
    ----------
    first_stage, last_stage : array of int, shape (leads,)
    first_entry, last_entry : array of float64, shape (leads,), days
    """

    first_stage: Any
    last_stage: Any
    first_entry: Any
    last_entry: Any


class Reading(NamedTuple):
    """What was read."""

    stays: Stays
    waits: Pieces
    works: Pieces
    ends: Ends


@part
def put_in_order(lines: Lines, starts: Any) -> None:
    """Gather each lead's lines, and keep their sequence."""
    for who in lines.lead:
        starts[who + 1] += 1
    for who in range(len(starts) - 1):
        starts[who + 1] += starts[who]
    for row in range(len(lines.lead)):
        who = lines.lead[row]
        lines.order[starts[who]] = row
        starts[who] += 1


@part
def gather_stays(lines: Lines, ended: int, stays: Stays) -> int:
    """Write down who entered which stage when; return how many did.

    Other lines are written too, and written over by the next one.
    """
    stay = 0
    for row in lines.order:
        what = lines.event[row]
        is_end = what == END
        stays.lead[stay] = lines.lead[row]
        stays.stage[stay] = ended * is_end + lines.stage[row] * (not is_end)
        stays.reason[stay] = lines.reason[row]
        stays.entered[stay] = lines.time[row]
        stay += is_end | (what == ENTER)
    stays.lead[stay], stays.stage[stay], stays.entered[stay] = -1, -1, math.nan
    return stay


@part
def compare_stays(found: Reading, count: int, horizon: float, seen: Any) -> None:
    """Say when each stay was over, which came first, and what a lead's ends are."""
    stays, ends = found.stays, found.ends
    for who in range(len(ends.first_stage)):
        ends.first_stage[who] = ends.last_stage[who] = -1
        ends.first_entry[who] = ends.last_entry[who] = math.nan
    for stay in range(count):
        who, where = stays.lead[stay], stays.stage[stay]
        stays.is_first[stay] = seen[where] != who
        seen[where] = who
        ends.last_stage[who], ends.last_entry[who] = where, stays.entered[stay]
        goes_on, until = stays.lead[stay + 1] == who, stays.entered[stay + 1]
        stays.is_over[stay] = goes_on
        stays.left[stay] = until if goes_on else horizon
    for back in range(count):
        stay = count - 1 - back
        who = stays.lead[stay]
        ends.first_stage[who] = stays.stage[stay]
        ends.first_entry[who] = stays.entered[stay]


@part
def gather_pieces(lines: Lines, found: Reading, horizon: float) -> None:
    """Write down what begins with a line and ends with the lead's next one."""
    wait = work = 0
    count = len(lines.order)
    for place in range(count):
        row = lines.order[place]
        event = lines.event[row]
        if event == QUEUE:
            write_piece(lines, found.waits, wait, place, horizon)
            wait += 1
        elif event == START:
            write_piece(lines, found.works, work, place, horizon)
            work += 1


@part
def write_piece(
    lines: Lines, pieces: Pieces, piece: int, place: int, horizon: float
) -> None:
    """Write down one wait, or one piece of work."""
    row, count = lines.order[place], len(lines.order)
    after = lines.order[place + 1] if place + 1 < count else row
    goes_on = after == row or lines.lead[after] != lines.lead[row]
    pieces.lead[piece], pieces.stage[piece] = lines.lead[row], lines.stage[row]
    pieces.begun[piece] = lines.time[row]
    pieces.until[piece] = horizon if goes_on else lines.time[after]
    pieces.end[piece] = STILL if goes_on else lines.event[after]


def _made_of(sources: str) -> Callable[..., int]:
    """Return the function that reads, for a digest of its sources."""

    def read(lines: Lines, horizon: float, starts: Any, seen: Any, found: Any) -> int:
        """Fill what is found; return how many stays there are."""
        assert sources
        put_in_order(lines, starts)
        stays = gather_stays(lines, len(seen) - 1, found.stays)
        compare_stays(found, stays, horizon, seen)
        gather_pieces(lines, found, horizon)
        return stays

    return whole(read)


def _closer(sources: str) -> Callable[..., None]:
    """Return the function that closes deals, for a digest of its sources."""

    def close(rows: Any, stays: Stays, closes: Any, is_won: Any, out: Any) -> None:
        """Fill when each deal was closed, and whether it was won or lost."""
        assert sources
        closed, won, lost = out
        for deal in range(len(rows)):
            opened = rows[deal]
            after = opened + 1
            while (
                stays.lead[after] == stays.lead[opened]
                and not closes[stays.stage[after]]
                and stays.reason[after] == 0
            ):
                after += 1
            if stays.lead[after] == stays.lead[opened]:
                closed[deal] = stays.entered[after]
                won[deal] = is_won[stays.stage[after]]
                lost[deal] = not won[deal]

    return whole(close)


_SOURCES = key_of_sources(__file__)
_read, _close = _made_of(_SOURCES), _closer(_SOURCES)


def closed_deals(
    stays: Stays, rows: NDArray[np.intp], marks: Marks
) -> tuple[Floats, Flags, Flags]:
    """Return when deals were closed (days, or nan), and which were won, and lost.

    Parameters
    ----------
    stays : Stays
        With the last place, which stands for nowhere.
    rows : array of int
        The stays at whose beginning a deal was opened.
    """
    size = len(rows)
    out = np.full(size, np.nan), np.zeros(size, bool), np.zeros(size, bool)
    _close(rows, stays, marks.closes_deal, marks.is_won, out)
    return out


def reading_of(log: tuple[NDArray[Any], ...], graph: Graph, leads: int) -> Reading:
    """Return a log's stays, waits and works, each in the order of (lead, time).

    Parameters
    ----------
    log : tuple of arrays
        `EventLog.columns`.
    graph : Graph
    leads : int
        How many there are.
    """
    columns = [_plain(column, kind) for column, kind in zip(log, TYPES, strict=True)]
    count = len(columns[0])
    waits, works = (
        int(np.count_nonzero(columns[2] == code)) for code in (QUEUE, START)
    )
    found = Reading(
        _room_for_stays(count - waits - works + 1),
        _room_for_pieces(waits),
        _room_for_pieces(works),
        Ends(*np.empty((2, leads), dtype=np.intp), *np.empty((2, leads))),
    )
    time, lead, event, stage, reason = columns
    order = np.empty(count, dtype=np.int32)
    lines = Lines(time, lead, event, stage, reason, order)
    starts = np.zeros(leads + 1, dtype=np.int32)
    seen = np.full(len(graph.stages) + 1, -1)
    stays = _read(lines, float(graph.horizon), starts, seen, found) + 1
    return found._replace(stays=Stays(*[column[:stays] for column in found.stays]))


def _plain(column: NDArray[Any], kind: np.dtype[Any]) -> NDArray[Any]:
    """Return a column as the compiled function knows it; nearly always itself."""
    flags = column.flags
    if column.dtype == kind and flags.c_contiguous and flags.writeable:
        return column
    return np.array(column, dtype=kind)


def _room_for_stays(count: int) -> Stays:
    """Return empty columns for so many stays."""
    lead, stage = np.empty((2, count), dtype=np.intp)
    entered, left = np.empty((2, count))
    reason = np.empty(count, dtype=np.int16)
    return Stays(lead, stage, reason, entered, left, *np.empty((2, count), np.bool_))


def _room_for_pieces(count: int) -> Pieces:
    """Return empty columns for so many waits, or pieces of work."""
    lead, stage, end = np.empty((3, count), dtype=np.intp)
    begun, until = np.empty((2, count))
    return Pieces(lead, stage, begun, until, end)
