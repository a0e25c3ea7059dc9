"""Leads as the event loop knows them, before anything has happened there.

In: the leads of a population. Out: `LEAD` records: of all of them, before they arrive,
or of those only who have walked to a first desk.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simlib.fast_engine.tables import NONE
from simlib.fast_engine.walks import Walks
from simlib.fast_engine.world import COMING, LEAD, Arrivals
from simlib.plan import ARRIVES, LAG_ENDS
from simlib.population import Population


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
    rows["kind"], rows["key"] = walks.kind[number], walks.people.key[number]
    rows["source"] = walks.people.source[number]
    rows["base"] = rows["column"] = walks.people.column[number]
    rows["buyer"] = rows["last_window"] = NONE
    return rows


def everybody(people: Population) -> NDArray[np.void]:
    """Return all leads before they arrive; of a market, with their buyers' lives.

    Without a market the loop fills their records itself, when they arrive; the last
    record is for the one who is just arriving.
    """
    buyers = people.buyers
    if buyers is None:
        return np.empty(len(people) + 1, dtype=LEAD)
    rows = np.zeros(len(people), dtype=LEAD)
    rows["number"], rows["key"] = np.arange(len(people)), people.key
    rows["time"], rows["by"], rows["place"] = people.time, ARRIVES, COMING
    rows["stage"] = np.array(people.plan.entries)[people.source]
    rows["kind"], rows["source"] = people.kind, people.source
    rows["base"] = rows["column"] = people.column
    rows["buyer"] = buyers.number
    rows["first_window"], last = buyers.windows
    rows["next_window"] = rows["first_window"]
    rows["last_window"] = np.where(buyers.fits, last, NONE)
    rows["next_signal"], rows["last_signal"] = buyers.signals
    return rows


def to_come(people: Population, *, in_loop: bool) -> Arrivals:
    """Return what the loop fills leads' records with when they arrive, or nothing."""
    if not in_loop or people.buyers is not None:
        kinds = (np.float64, np.uint64, np.int16, np.int8, np.int16, np.int16)
        return Arrivals(*[np.zeros(0, dtype=kind) for kind in kinds])
    column = people.column.astype(np.int16, copy=False)
    entries = np.array(people.plan.entries, dtype=np.int16)
    return Arrivals(
        people.time, people.key, people.source, people.kind, column, entries
    )
