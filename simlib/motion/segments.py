"""Where each lead is at each moment: the log, cut into stays.

In: an `EventLog`. Out: `Segments`, one for each event: the lead, the place that it is
in from then on, the place it came from, and until when. At any time a lead that has
come is in exactly one of them. Nothing here draws.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simlib.log import END, QUEUE, START, EventLog, Graph

STATES = ("here", "waiting", "served")
HERE, WAITING, SERVED = range(len(STATES))
NOWHERE = -1
VISIT_CAP = "visit cap"

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Place(NamedTuple):
    """A place: a stage (or the end by `VISIT_CAP`) and what one does there."""

    stage: str
    state: str


def places(graph: Graph) -> tuple[Place, ...]:
    """Return the places in the order of their codes: by stage and state; the cap."""
    found = [Place(stage, state) for stage in graph.stage_names for state in STATES]
    return (*found, Place(VISIT_CAP, "here"))


@dataclass(frozen=True)
class Segments:
    """Stays in places, by the time at which they begin; arrays of one length.

    A stay may last no time at all: it is kept, as part of the lead's story, and
    nobody is ever seen in it.

    Attributes
    ----------
    lead : array of int32, row in the lead table
    place : array of int32, code in `places`
    came_from : array of int32, the place before, or `NOWHERE` at arrival
    begun, until : array of float64, days; infinity for what goes on at the horizon
    event, reason, kind : array of int32, codes of the event that began it
    """

    lead: Ints
    place: Ints
    came_from: Ints
    begun: Floats
    until: Floats
    event: Ints
    reason: Ints
    kind: Ints

    def __len__(self) -> int:
        return len(self.lead)

    def at(self, day: float) -> Flags:
        """Return which stays go on at a time: begun by then, and not yet over."""
        return np.asarray((self.begun <= day) & (day < self.until))


def segments(log: EventLog) -> Segments:
    """Return the stays of every lead of a log, in the order in which they begin."""
    order = np.argsort(log.lead, kind="stable")
    lead = log.lead[order].astype(np.int32)
    goes_on = np.append(lead[1:] == lead[:-1], np.zeros(min(len(lead), 1), bool))
    begun, place = log.time[order], _places(log)[order]
    until, came_from = np.full(len(lead), np.inf), np.full(len(lead), NOWHERE)
    until[:-1][goes_on[:-1]] = begun[1:][goes_on[:-1]]
    came_from[1:][goes_on[:-1]] = place[:-1][goes_on[:-1]]
    back = np.empty(len(order), dtype=np.intp)
    back[order] = np.arange(len(order))
    return Segments(
        lead=lead[back],
        place=place[back],
        came_from=came_from[back].astype(np.int32),
        begun=begun[back],
        until=until[back],
        event=log.event.astype(np.int32),
        reason=log.reason.astype(np.int32),
        kind=log.kind.astype(np.int32),
    )


def _places(log: EventLog) -> Ints:
    """Return the place that each event leads to."""
    state = np.full(len(log), HERE, dtype=np.int32)
    state[log.event == QUEUE] = WAITING
    state[log.event == START] = SERVED
    place = len(STATES) * log.stage.astype(np.int32) + state
    place[log.event == END] = len(STATES) * len(log.graph.stages)
    return np.asarray(place)


def spots(found: Segments, count: int) -> Ints:
    """Return the spot within its place that each stay takes: the lowest free one.

    So a lead stands still while others come and go, no two share a spot, and a place
    needs as many spots as ever were in it at once.

    Parameters
    ----------
    count : int
        How many places there are.

    Returns
    -------
    array of int32, shape (segments,)
        0 for a stay that lasts no time.
    """
    taken = np.zeros(len(found), dtype=np.int32)
    lasting = found.until > found.begun
    for place in range(count):
        rows = np.flatnonzero(lasting & (found.place == place))
        taken[rows] = _lowest_free(found.begun[rows], found.until[rows])
    return taken


def _lowest_free(begun: Floats, until: Floats) -> list[int]:
    """Return a spot for each stay; the stays stand in the order in which they begin."""
    free: list[int] = []
    leaving: list[tuple[float, int]] = []
    taken, made = [], 0
    for begins, ends in zip(begun.tolist(), until.tolist(), strict=True):
        while leaving and leaving[0][0] <= begins:
            heapq.heappush(free, heapq.heappop(leaving)[1])
        if not free:
            heapq.heappush(free, made)
            made += 1
        spot = heapq.heappop(free)
        heapq.heappush(leaving, (ends, spot))
        taken.append(spot)
    return taken
