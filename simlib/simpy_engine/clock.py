"""The clock of the reference engine: SimPy's, with a stated order for ties.

In: moments at absolute times (days). Out: what happens at them, one after the other.
It knows no leads and no desks.
"""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappush
from typing import Any, cast

import simpy
from simpy.events import NORMAL

Story = Generator[simpy.Event, Any, Any]


class Moment(simpy.Event):
    """An event at an absolute time; it cannot fail and carries no value."""

    def __init__(self, clock: Clock) -> None:
        self.env, self.callbacks = clock, []
        self._ok, self._value = True, None


class Clock(simpy.Environment):
    """SimPy's environment, with a stated order for events of the same moment."""

    def at(self, time: float, kind: int, lead: int) -> Moment:
        """Return an event at an absolute time (days), ordered by (kind, lead)."""
        moment = Moment(self)
        queue: list[Any] = self._queue
        # SimPy keeps the priorities 0 and 1 for its own bookkeeping.
        heappush(queue, (time, 2 + (kind << 40) + lead, next(self._eid), moment))
        return moment

    def begin(self, story: Story, start: Moment) -> None:
        """Let a process begin at a moment, where SimPy would begin it now."""
        process = simpy.Process.__new__(simpy.Process)
        process.env, process.callbacks, process._generator = self, [], story
        process._target = start
        start.callbacks.append(process._resume)

    def schedule(
        self, event: simpy.Event, priority: Any = NORMAL, delay: float = 0
    ) -> None:
        """Schedule an event, unless nobody waits for it: then it is over at once."""
        if event.callbacks or priority != NORMAL or delay or not event._ok:
            super().schedule(event, priority, delay)
        else:
            event.callbacks = cast("Any", None)
