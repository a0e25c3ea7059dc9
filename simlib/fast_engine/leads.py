"""Leads as the event loop knows them, before anything has happened there.

In: the leads of a population. Out: `LEAD` records: of all of them, before they arrive,
or of those only who have walked to a first desk.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.compiling import COMPILED, key_of_sources, whole
from simlib.fast_engine.tables import NONE
from simlib.fast_engine.walks import Walks
from simlib.fast_engine.world import COMING, LEAD
from simlib.plan import ARRIVES, LAG_ENDS
from simlib.population import Population

Ints = NDArray[np.integer]


def newcomers(walks: Walks) -> NDArray[np.void]:
    """Return the leads that have come to a first desk, in the population's order."""
    if not walks.arrived:
        return np.zeros(0, dtype=LEAD)
    parties = walks.arrived.values()
    number = np.concatenate([party.lead for party in parties])
    order = np.argsort(number)
    stages = np.array(list(walks.arrived))
    stage = np.repeat(stages, [len(party.lead) for party in parties])
    moved = np.concatenate(
        [np.broadcast_to(party.moved, len(party.lead)) for party in parties]
    )
    rows = np.zeros(len(number), dtype=LEAD)
    rows["number"] = number = number[order]
    rows["time"] = np.concatenate([party.time for party in parties])[order]
    rows["stage"] = stage[order]
    rows["by"] = np.where(moved[order], LAG_ENDS, ARRIVES)
    rows["kind"] = walks.kind[number]
    rows["source"] = walks.people.source[number]
    rows["base"] = rows["column"] = walks.people.column[number]
    rows["buyer"] = rows["last_window"] = NONE
    return rows


def everybody(people: Population) -> NDArray[np.void]:
    """Return all leads before they arrive; of a market, with their buyers' lives."""
    rows, buyers = np.empty(len(people), dtype=LEAD), people.buyers
    entries = np.array(people.plan.entries, dtype=np.int16)
    if COMPILED:
        base = people.column.astype(np.int32, copy=False)
        _arrive(rows, people.time, people.source, people.kind, base, entries)
    else:
        rows[:] = np.zeros((), dtype=LEAD)
        rows["number"] = np.arange(len(people))
        rows["time"], rows["by"], rows["place"] = people.time, ARRIVES, COMING
        rows["kind"], rows["source"] = people.kind, people.source
        rows["base"] = rows["column"] = people.column
        rows["stage"] = entries[people.source]
        rows["buyer"] = rows["last_window"] = NONE
    if buyers is not None:
        rows["buyer"] = buyers.number
        rows["first_window"], last = buyers.windows
        rows["next_window"] = rows["first_window"]
        rows["last_window"] = np.where(buyers.fits, last, NONE)
        rows["next_signal"], rows["last_signal"] = buyers.signals
    return rows


def _arriver(sources: str) -> Callable[..., None]:
    """Return the function that fills records, for a digest of its sources."""

    def arrive(
        rows: Any, time: Any, source: Ints, kind: Ints, base: Ints, entries: Ints
    ) -> None:
        """Fill the records of leads without a market."""
        assert sources
        for number in range(len(rows)):
            me = rows[number]
            me.number, me.time, me.source = number, time[number], source[number]
            me.stage, me.kind = entries[source[number]], kind[number]
            me.base = me.column = base[number]
            me.by, me.place = ARRIVES, COMING
            me.buyer = me.last_window = NONE
            me.entered = me.deadline = 0.0
            me.hand = me.line = me.before = me.after = 0
            me.first_window = me.next_window = me.next_signal = me.last_signal = 0
            me.reason = me.way = me.missed = 0

    return whole(arrive)


_arrive = _arriver(key_of_sources(__file__))
