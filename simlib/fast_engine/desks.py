"""Desks: who is served at once, who waits in which line, and who is next.

In: a `World` and a lead that has come to a desk. Out: the same one, with the lead in a
line or at work. It knows the orders of service; where leads come from and go to is
told in `simlib.fast_engine.loop`.
"""

from __future__ import annotations

from typing import Any

from simlib import calendars, morale
from simlib.compiling import part, part_of
from simlib.fast_engine.tables import NONE
from simlib.fast_engine.world import (
    AWAY,
    NOW,
    QUEUED,
    SERVED,
    World,
    chosen_way,
    days_of,
    lag_of,
    leave,
    look,
    luck,
    number,
    plan_event,
    write,
)
from simlib.log import QUEUE, START
from simlib.morale import EMPTY
from simlib.plan import (
    HOT_FIRST,
    LAG_ENDS,
    LIFO,
    PATIENCE_ENDS,
    READY,
    WORK_ENDS,
)

is_open = part_of(calendars.is_open)
next_opening = part_of(calendars.next_opening, is_open=is_open)
finish_time = part_of(calendars.finish_time, next_opening=next_opening)
missing_trust = part_of(morale.missing_trust)
heading = part_of(morale.heading, missing_trust=missing_trust)
pass_evening = part_of(
    morale.pass_evening,
    heading=heading,
    pace_of=part_of(morale.pace_of),
    take_seat=part_of(morale.take_seat),
    leave_seat=part_of(morale.leave_seat),
)
judge = part_of(morale.judge)


@part
def join(w: World, lead: int) -> None:
    """Ask for a person or a slot: be served at once, or stand in the queue."""
    me = w.leads[lead]
    stage = w.stages[me.stage]
    me.desk = dealt_to(w, stage.desk) if stage.in_turn else stage.desk
    desk = w.desks[me.desk]
    write(w.run[0], w.lines, me, QUEUE, 0)
    if desk.open and desk.free > 0:
        serve(w, lead, me.time)
        return
    stand_in_line(w, lead, is_second_class(w, me, stage, desk))
    me.place = QUEUED
    patience = days_of(w, me, stage, stage.patience, stage.patience_days)
    me.deadline = me.time + patience
    plan_event(w.run[0], w.heap, me.deadline, PATIENCE_ENDS, lead)


@part
def dealt_to(w: World, at: int) -> int:
    """Return the desk of who is next of those who are there, or of all if nobody is."""
    team = w.desks[at]
    place = team.turn
    for _ in range(team.desks):
        if w.desks[at + place].there:
            break
        place = (place + 1) % team.desks
    team.turn = (place + 1) % team.desks
    return int(at + place)


@part
def is_second_class(w: World, me: Any, stage: Any, desk: Any) -> int:
    """Return 1 if the hot ones go before this lead, else 0."""
    if desk.order != HOT_FIRST:
        return 0
    chance = w.rates[desk.hot + me.kind * w.run[0].sources + me.source]
    return int(luck(w, me, stage, stage.hot) >= chance)


@part
def stand_in_line(w: World, lead: int, second: int) -> None:
    """Put a lead at the end of one of its desk's two lines."""
    me = w.leads[lead]
    me.line = 2 * me.desk + second
    line = w.queues[me.line]
    me.before = line.last
    me.after = NONE
    if line.last == NONE:
        line.first = lead
    else:
        w.leads[line.last].after = lead
    line.last = lead
    w.run[0].waiting += 1
    w.desks[me.desk].waiting += 1


@part
def step_out(w: World, lead: int) -> None:
    """Take a lead out of its line."""
    me = w.leads[lead]
    line = w.queues[me.line]
    if me.before == NONE:
        line.first = me.after
    else:
        w.leads[me.before].after = me.after
    if me.after == NONE:
        line.last = me.before
    else:
        w.leads[me.after].before = me.before
    w.run[0].waiting -= 1
    w.desks[me.desk].waiting -= 1


@part
def next_in_line(w: World, at: int) -> int:
    """Return who is to be served next at a desk, or NONE."""
    if w.desks[at].order == LIFO:
        return int(w.queues[2 * at].last)
    hot = w.queues[2 * at].first
    return int(hot if hot != NONE else w.queues[2 * at + 1].first)


@part
def call_next(w: World, at: int, now: float) -> None:
    """Serve who waits at a desk, as long as it is open and somebody is free."""
    desk = w.desks[at]
    while desk.open and desk.free > 0:
        lead = next_in_line(w, at)
        if lead == NONE:
            return
        step_out(w, lead)
        serve(w, lead, now)


@part
def serve(w: World, lead: int, now: float) -> None:
    """Give a lead a person for its work, or a slot until it leaves the stage."""
    me = w.leads[lead]
    stage = w.stages[me.stage]
    desk = w.desks[me.desk]
    desk.free -= 1
    me.time = now
    me.place = SERVED
    write(w.run[0], w.lines, me, START, 0)
    if stage.slots:
        look(w, me)
        me.way = chosen_way(w, me, stage)
        way = w.ways[me.way]
        lag = lag_of(w, me, stage, way)
        plan_event(w.run[0], w.heap, now + lag, LAG_ENDS, lead)
        return
    if stage.reach != NONE:
        me.missed = now - me.entered > number(w, me, stage, stage.reach)
    work = days_of(w, me, stage, stage.work, stage.work_days)
    if desk.mood != NONE:
        work /= w.moods[desk.mood].pace
    plan_event(w.run[0], w.heap, finish_time(desk.calendar, now, work), WORK_ENDS, lead)


@part
def let_go(w: World, me: Any, now: float) -> None:
    """Free the person or the slot of a lead, for the next in line."""
    me.place = AWAY
    me.time = now
    me.by = NOW
    w.desks[me.desk].free += 1
    call_next(w, me.desk, now)


@part
def is_ignored(w: World, lead: int) -> bool:
    """Return whether a team leaves a lead alone that comes to it; it then sets out."""
    me = w.leads[lead]
    stage = w.stages[me.stage]
    if stage.ignored == NONE:
        return False
    mood = w.moods[w.desks[stage.desk].mood]
    chance = mood.ignores * missing_trust(mood)
    if luck(w, me, stage, stage.ignored) >= chance:
        return False
    me.place, me.by = AWAY, NOW
    leave(w, me, stage, w.ways[stage.missed + 1])
    return True


@part
def tell_of(w: World, me: Any, stage: Any) -> None:
    """Let the trust of a team know what became of a lead that was worked."""
    mood = w.desks[stage.desk].mood
    if mood != NONE:
        reached = stage.reach == NONE or not me.missed
        judge(w.moods[mood], 1.0 if reached and me.kind == READY else 0.0)


@part
def let_evening_pass(w: World, at: int, now: float) -> None:
    """Let a team take stock: some may quit, others come and take up who waits."""
    team, line = w.desks[at], w.diary[w.run[0].evening]
    mood, waiting = w.moods[team.mood], 0
    for desk in range(at, at + team.desks):
        waiting += w.desks[desk].waiting
    line.time, line.team, line.waiting = now, team.team, waiting
    more = pass_evening(mood, w.seats, w.stays, waiting)
    line.morale, line.trust = mood.morale, mood.trust
    line.present, line.learning = mood.present, mood.learning
    line.quitted = mood.quitted
    w.run[0].evening += 1
    come_and_go(w, at, more)
    for desk in range(at, at + team.desks):
        call_next(w, desk, now)


@part
def come_and_go(w: World, at: int, more: int) -> None:
    """Let who came and who quit be there or not: so many more, or each at a desk."""
    team = w.desks[at]
    if team.desks == 1:
        team.free += more
        return
    first_seat = w.moods[team.mood].first_seat
    for place in range(team.desks):
        desk = w.desks[at + place]
        there = int(w.seats[first_seat + place].state != EMPTY)
        desk.free += there - desk.there
        desk.there = there
