"""The fast engine: the same log from the same people, some hundred times sooner.

In: a `Population`. Out: the `EventLog` that `simlib.simpy_engine` writes, line by line.
It draws no number and knows no distribution. Leads on ways on which nobody is needed
walk all at once, as columns (`walks`); an event loop lets them meet at the desks
(`floor`, `loop`, `desks`), compiled by numba where it is installed (`compiling`).
"""

from __future__ import annotations

import numpy as np

from simlib.fast_engine.floor import Floor
from simlib.fast_engine.record import Record
from simlib.fast_engine.tables import tables_of
from simlib.fast_engine.walks import Walks
from simlib.log import EventLog
from simlib.population import Population

__all__ = ["simulate"]

# Allocated and freed at once: the C library of Linux then keeps what a run frees for
# the next one, and a run of 2,000 leads meets no fresh page of memory.
np.empty(1 << 24, dtype=np.uint8)


def simulate(people: Population) -> EventLog:
    """Return what happens to a population before the horizon of its plan."""
    tables, record = tables_of(people.plan), Record()
    walks = Walks(people, record)
    if not tables.all_in_loop:
        walks.begin()
    moody = any(team.mood for team in people.plan.teams)
    if walks.arrived or tables.all_in_loop or moody:
        floor = Floor(walks, tables)
        floor.play()
        floor.write(record)
        if moody:
            record.evenings = floor.evenings()
        floor.part()
    return record.log(people)
