"""Lines written in any order, put in order of (time, lead, order of happening).

In: blocks of lines, each lead's in the order in which they happened. Out: `EventLog`.
An event, a stage and a reason make one code, so that a line has four columns.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from simlib.draws import Floats
from simlib.fast_engine.sorting import in_order
from simlib.log import EVENTS, EventLog
from simlib.plan import Plan
from simlib.population import Population

Ints = NDArray[np.integer]


@lru_cache(maxsize=64)
def _meanings(
    stages: int, reasons: int
) -> tuple[NDArray[np.int8], NDArray[np.int16], NDArray[np.int16]]:
    """Return the event, the stage and the reason of each code."""
    events = len(EVENTS)
    event, stage, reason = np.indices((events, stages, reasons)).reshape(3, -1)
    return event.astype(np.int8), stage.astype(np.int16), reason.astype(np.int16)


class Record:
    """The lines of one run, as blocks of columns.

    A code is ``(event * stages + stage) * reasons + reason``.
    """

    def __init__(self, plan: Plan) -> None:
        self.stages, self.reasons = len(plan.stages), len(plan.reasons)
        self._time: list[Floats] = []
        self._lead: list[Ints] = []
        self._code: list[Ints] = []
        self._kind: list[NDArray[np.int8] | None] = []
        self.evenings: NDArray[np.void] | None = None

    def code(self, event: int, stage: int, reason: int) -> int:
        """Return the code of an event in a stage for a reason."""
        return (event * self.stages + stage) * self.reasons + reason

    def add(
        self,
        time: Floats,
        lead: Ints,
        code: int | Ints,
        kind: NDArray[np.int8] | None = None,
    ) -> None:
        """Add lines: arrays of shape (n,), and one code for all or one for each.

        Where no kind is given, it is the lead's kind at arrival.
        """
        self._time.append(time)
        self._lead.append(lead)
        if isinstance(code, int):
            code = np.full(len(time), code, dtype=np.int32)
        self._code.append(code)
        self._kind.append(kind)

    def log(self, people: Population) -> EventLog:
        """Return the lines in order, as a log."""
        if not self._time:
            self.add(np.zeros(0), np.zeros(0, dtype=np.int32), 0)
        lead = np.concatenate(self._lead, dtype=np.int32, casting="same_kind")
        order, time = in_order(np.concatenate(self._time), lead)
        code = np.concatenate(self._code)[order]
        event, stage, reason = _meanings(self.stages, self.reasons)
        return EventLog(
            time=time,
            lead=lead[order],
            event=event[code],
            stage=stage[code],
            reason=reason[code],
            kind=self._kinds(people)[order],
            leads=people.leads,
            graph=people.plan.graph,
            evenings=self.evenings,
        )

    def _kinds(self, people: Population) -> NDArray[np.int8]:
        """Return the kind of each line's lead."""
        return np.concatenate(
            [
                people.kind[lead] if kind is None else kind
                for lead, kind in zip(self._lead, self._kind, strict=True)
            ]
        )
