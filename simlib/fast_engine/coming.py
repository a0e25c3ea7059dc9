"""Who comes next: leads that arrive, events to come, desks' hours and evenings.

In: a `World`. Out: the earliest event, taken; a lead in the record in which it walks.
What then happens is told in `simlib.fast_engine.loop`.
"""

from __future__ import annotations

import math

from simlib.compiling import part
from simlib.fast_engine import stores
from simlib.fast_engine.tables import NONE
from simlib.fast_engine.world import AWAY, KEY_BITS, NOW, World
from simlib.plan import EVENING, HOURS


@part
def next_event(w: World) -> tuple[float, int]:
    """Take the earliest event: of the heap, of those first to come, of the hours."""
    run, of_heap, time, key = w.run[0], False, math.inf, 0
    if run.first < run.to_come:
        time, key = w.first_times[run.first], w.first_keys[run.first]
    if run.coming > 0:
        event = w.heap[0]
        if event[0] < time or (event[0] == time and event[1] < key):
            time, key, of_heap = event[0], event[1], True
    if run.clocks:
        hour = w.hours[run.hour] if run.hour < len(w.hours) else math.inf
        if run.evening < len(w.evenings):
            evening = w.evenings[run.evening]
            if evening < time and evening < hour:
                return evening, (EVENING << KEY_BITS) + w.evening_desks[run.evening]
        if hour <= time and hour < math.inf:
            return hour, HOURS << KEY_BITS
    if of_heap:
        stores.pop(w.heap, run.coming)
        run.coming -= 1
    else:
        run.first += 1
    return time, key


@part
def arrive(w: World, lead: int) -> int:
    """Let a lead arrive, in the last record of all; return where that is."""
    here, come, stages = len(w.leads) - 1, w.to_come, w.run[0].stages
    me, source = w.leads[here], come.source[lead]
    me.number, me.key = lead, come.key[lead]
    me.time, me.source = come.time[lead], source
    me.stage, me.kind = come.entries[source], come.kind[lead]
    me.base = me.column = come.column[lead]
    me.by, me.place = NOW, AWAY
    me.buyer = me.last_window = NONE
    me.entered, me.reason = 0.0, 0
    if w.run[0].returns:
        for stage in range(stages):
            w.visits[here * stages + stage] = 0
    return here


@part
def in_own_record(w: World, lead: int) -> int:
    """Give who has arrived and must wait a record of its own; return where that is.

    Most leads never wait. All of them pass through one record, which stays at hand.
    """
    if not w.run[0].arriving or lead < len(w.leads) - 1:
        return lead
    number, stages = int(w.leads[lead].number), w.run[0].stages
    w.leads[number] = w.leads[lead]
    if w.run[0].returns:
        for stage in range(stages):
            w.visits[number * stages + stage] = w.visits[lead * stages + stage]
    return number
