"""Lines written in any order, and the log that they become.

In: blocks of lines, each lead's in the order in which they happened. Out: `EventLog`.
Its lines are put in the order of (time, lead, order of happening) when somebody first
looks at them: figures, which go lead by lead, never do.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.fast_engine.stores import LINE, Lines
from simlib.log import EventLog
from simlib.population import Population
from simlib.sorting import in_order, put_in

NOTHING = Lines(np.zeros(0), *[0] * 5)


class Record:
    """The lines of one run, as blocks of columns."""

    def __init__(self) -> None:
        self.blocks: list[Lines] = []
        self.evenings: NDArray[np.void] | None = None

    def add(self, block: Lines) -> None:
        """Add lines: arrays of shape (n,), or one event, stage or reason for all."""
        self.blocks.append(block)

    def log(self, people: Population) -> EventLog:
        """Return the lines as a log."""
        log = object.__new__(LogOfRun)
        found = {
            "written": self._lines(),
            "leads": people.leads,
            "graph": people.plan.graph,
            "meta": {},
            "evenings": self.evenings,
        }
        vars(log).update(found)
        return log

    def _lines(self) -> Lines:
        """Return all blocks as one."""
        blocks = [_filled(block) for block in self.blocks or [NOTHING]]
        if len(blocks) == 1:
            return blocks[0]
        return Lines(*map(np.concatenate, zip(*blocks, strict=True)))


def _filled(block: Lines) -> Lines:
    """Return a block of columns; what is the same for all lines becomes one too."""
    count = len(block.time)
    return Lines(
        *[
            column.astype(kind, copy=False)
            if isinstance(column, np.ndarray)
            else np.full(count, column, dtype=kind)
            for column, kind in zip(block, LINE, strict=True)
        ]
    )


def _ordered(name: str) -> Any:
    """Return a column of a log that is taken from its ordered lines when asked for."""
    return cached_property(lambda log: getattr(log.ordered, name))


class LogOfRun(EventLog):
    """A log whose lines are put in order when somebody first looks at them.

    A changed copy (`dataclasses.replace`) has its columns, in order, and nothing else.
    """

    written: Lines

    time = _ordered("time")
    lead = _ordered("lead")
    event = _ordered("event")
    stage = _ordered("stage")
    reason = _ordered("reason")
    kind = _ordered("kind")

    @cached_property
    def ordered(self) -> Lines:
        """The lines in order of (time, lead, order of happening)."""
        order, time = in_order(self.written.time, self.written.lead)
        return Lines(time, *put_in(order, self.written[1:]))

    def __len__(self) -> int:
        return len(self.columns[0])

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        """As `EventLog.columns`, in the order in which the lines were written."""
        written: Lines | None = vars(self).get("written")
        return super().columns if written is None else written[:5]
