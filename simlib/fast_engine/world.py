"""What the event loop reads and changes, and the smallest steps of it.

In: tables, numbers and everybody's state, as columns and records. Out: `World`, and
functions that write a line, plan an event, or set a lead on its way. They are compiled
where numba is installed; uncompiled, lists of objects take the place of the arrays.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from simlib.compiling import part
from simlib.fast_engine import stores
from simlib.fast_engine.columns import Column, Records
from simlib.fast_engine.tables import NONE
from simlib.plan import LAG_ENDS, NOT_YET, READY
from simlib.variates import quantile, uniform

# Where a lead is.
AWAY, QUEUED, SERVED, LEFT, GONE, COMING = range(6)
# What became of a walk, or of the whole course of events.
ENDED, AT_A_DESK, NO_HAND, NO_ROOM = range(4)
NOW = -1
KEY_BITS = 40

LEAD = np.dtype(
    [
        ("time", "f8"),  # of the last or, on the way to a desk, the next event
        ("entered", "f8"),
        ("deadline", "f8"),
        ("key", "u8"),  # its address for drawing numbers
        ("hand", "i8"),  # where its numbers for this visit begin
        ("number", "i4"),  # its row in the population
        ("desk", "i4"),  # where it is or was last
        ("line", "i4"),
        ("before", "i4"),
        ("after", "i4"),
        ("base", "i4"),  # its column of tables of rates, at first and by now
        ("column", "i4"),
        ("buyer", "i4"),  # whose lead it is, in a market, or NONE
        ("first_window", "i4"),  # of its buyer's windows; those to come; one too far
        ("next_window", "i4"),
        ("last_window", "i4"),
        ("next_signal", "i4"),
        ("last_signal", "i4"),
        ("stage", "i2"),
        ("reason", "i2"),
        ("way", "i2"),
        ("source", "i2"),
        ("kind", "i1"),
        ("place", "i1"),
        ("by", "i1"),  # the kind of event that brings it to where it is
        ("missed", "i1"),
    ],
    align=True,
)
QUEUE_ENDS = np.dtype([("first", "i8"), ("last", "i8")])
RUN = np.dtype(
    [
        ("horizon", "f8"),
        ("stages", "i8"),  # how many
        ("returns", "i8"),  # 1: leads come back to some of them
        ("sources", "i8"),
        ("columns", "i8"),
        ("stride", "i8"),  # how far a column moves for a buyer who was found
        ("depth", "i8"),  # how many visits the pages go up to
        ("laws", "i8"),  # of drawn numbers, how many
        ("drawn_depth", "i8"),  # how many visits the streams go up to
        ("normal", "i8"),  # addresses of quantiles
        ("gamma", "i8"),
        ("visit_cap", "i8"),  # the code of that reason
        ("room", "i8"),  # for lines; for events to come
        ("heap_room", "i8"),
        ("lines", "i8"),  # written so far
        ("coming", "i8"),  # events to come
        ("waiting", "i8"),  # leads in queues
        ("to_come", "i8"),  # how many leads come to where they are first seen
        ("first", "i8"),  # of them, who is next
        ("arriving", "i8"),  # 1: the loop fills their records when they arrive
        ("clocks", "i8"),  # 1: desks keep hours, or teams have evenings
        ("hour", "i8"),  # how often desks have opened and closed
        ("evening", "i8"),  # how many evenings of teams have passed
        ("stopped_at", "i8"),  # the lead that could not go on, or NONE
    ]
)


class Arrivals(NamedTuple):
    """Leads without a market that the loop lets arrive, in their order, or nobody.

    Arrays of shape (leads,): when they arrive, their key, source, kind and column of
    tables of rates. And by source, the stage that they enter.
    """

    time: Column
    key: Column
    source: Column
    kind: Column
    column: Column
    entries: Column


class World(NamedTuple):
    """One run: tables, numbers, everybody's state, what is to come, what was.

    Leads are numbered here from 0 in the order of the population, those only who come
    to a desk; `number` in their record is their row there. Each desk has two queues;
    the hot ones stand in the first. Where leads are dealt in turn, each person has a
    desk. In a market, windows open and close, contacts in
    nurture stir, and a buyer is free to come again when the last lead is lost. Teams
    with morale have a mood, and seats for their people; each of their evenings has a
    line in the diary.
    """

    run: Records
    stages: Records
    ways: Records
    desks: Records
    rates: Column
    lag_times: Column
    hours: Column
    evenings: Column
    evening_desks: Column
    diary: Records
    moods: Records
    seats: Records
    stays: Column
    pages: Column
    hands: Column
    numbers: Column
    laws: Records
    streams: Column
    leads: Records
    queues: Records
    visits: Column
    first_times: Column
    first_keys: Column
    to_come: Arrivals
    opens: Column
    closes: Column
    found: Column
    stirs: Column
    hands_raised: Column
    free_at: Column
    heap: Records
    lines: Records


@part
def write(run: Any, lines: Records, me: Any, event: int, reason: int) -> None:
    """Write a line about a lead, at its time."""
    line = (me.time, me.number, event, me.stage, reason, me.kind)
    stores.write_line(lines, run.lines, line)
    run.lines += 1


@part
def plan_event(run: Any, heap: Records, time: float, kind: int, lead: int) -> None:
    """Let something happen to a lead at a time, unless that is after the end."""
    if time < run.horizon:
        stores.push(heap, run.coming, time, (kind << KEY_BITS) + lead)
        run.coming += 1


@part
def look(w: World, me: Any) -> None:
    """Read what a lead is by now, if there is a buyer with a life behind it."""
    if me.last_window == NONE:
        return
    while me.next_window < me.last_window and w.opens[me.next_window] <= me.time:
        me.next_window += 1
    me.kind, found = NOT_YET, 1
    if me.next_window > me.first_window:
        if me.time < w.closes[me.next_window - 1]:
            me.kind = READY
        found = w.found[me.next_window - 1]
    me.column = me.base + w.run[0].stride * found


@part
def luck(w: World, me: Any, stage: Any, slot: int) -> float:
    """Return a lead's own uniform number for this visit: drawn now, or dealt before."""
    if stage.drawn:
        stream = w.streams[me.hand + stage.laws + slot]
        return uniform(stream, me.key)
    dealt: float = w.numbers[me.hand + slot]
    return dealt


@part
def number(w: World, me: Any, stage: Any, slot: int) -> float:
    """Return what such a number means, by the law of its slot."""
    if stage.drawn:
        run, law = w.run[0], w.laws[stage.laws + slot]
        return quantile(law, luck(w, me, stage, slot), run.normal, run.gamma)
    dealt: float = w.numbers[me.hand + slot]
    return dealt


@part
def days_of(w: World, me: Any, stage: Any, slot: int, days: float) -> float:
    """Return a duration: the lead's own, or everybody's."""
    return days if slot == NONE else number(w, me, stage, slot)


@part
def lag_of(w: World, me: Any, stage: Any, way: Any) -> float:
    """Return how long a way takes a lead."""
    days = way.lag_days if way.lag == NONE else number(w, me, stage, way.lag)
    lag: float = days * w.lag_times[me.source]
    return lag


@part
def chosen_way(w: World, me: Any, stage: Any) -> int:
    """Return the way that a lead takes: one number against cumulated rates."""
    first = stage.bounds + (me.kind * w.run[0].columns + me.column) * stage.choices
    mine = luck(w, me, stage, 0)
    for choice in range(stage.choices):
        if mine < w.rates[first + choice]:
            return int(stage.first_way + choice)
    return int(stage.last_way)


@part
def leave(w: World, me: Any, stage: Any, way: Any) -> None:
    """Set out on a way: its lag passes, then the lead stands before the next stage."""
    lag = lag_of(w, me, stage, way)
    if lag > 0:
        me.time += lag
        me.by = LAG_ENDS
    me.stage = way.to
    me.reason = way.reason
