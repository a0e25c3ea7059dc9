"""The event loop: what happens next, and who walks on because of it.

In: a `World`. Out: the same one, later. This is one source: numba compiles it, and
where there is no numba it runs as it is. A lead that needs a number which is not in its
hand, or a line where the record is full, stops the loop; the caller provides it and
lets the loop go on from there.
"""

from __future__ import annotations

import math
from typing import Any

from simlib import calendars, draws, morale, variates
from simlib.compiling import key_of_sources, part, whole
from simlib.fast_engine import stores
from simlib.fast_engine.coming import arrive, in_own_record, next_event
from simlib.fast_engine.desks import (
    call_next,
    is_ignored,
    join,
    let_evening_pass,
    let_go,
    step_out,
    tell_of,
)
from simlib.fast_engine.tables import NONE
from simlib.fast_engine.world import (
    AT_A_DESK,
    AWAY,
    COMING,
    ENDED,
    GONE,
    KEY_BITS,
    LEFT,
    NO_HAND,
    NO_ROOM,
    NOW,
    QUEUED,
    SERVED,
    World,
    chosen_way,
    days_of,
    leave,
    look,
    number,
    plan_event,
    write,
)
from simlib.log import END, ENTER, FINISH, GIVE_UP, KINDS
from simlib.plan import (
    ARRIVES,
    EVENING,
    HOURS,
    LAG_ENDS,
    NOT_YET,
    PATIENCE_ENDS,
    READY,
    WORK_ENDS,
)

KINDS_IN_ALL = len(KINDS)


@part
def hand_of(w: World, lead: int, stage: int, visit: int) -> int:
    """Return where a lead's numbers for a visit begin, or NONE."""
    run = w.run[0]
    if w.stages[stage].drawn:
        return int((visit - 1) * run.laws) if visit <= run.drawn_depth else NONE
    depth = run.depth
    if visit >= depth:
        return NONE
    page = w.pages[stage * depth + visit]
    if page == NONE:
        return NONE
    return int(w.hands[page * len(w.leads) + lead])


@part
def be_stirred(w: World, me: Any, leaves_at: float) -> int:
    """Wait until the buyer stirs; return the way: 0 it wakes, 1 it leaves, 2 a hand."""
    while me.next_signal < me.last_signal and w.stirs[me.next_signal] <= me.time:
        me.next_signal += 1
    stirs_at, way = math.inf, 0
    if me.next_signal < me.last_signal:
        stirs_at = w.stirs[me.next_signal]
        way = 2 * w.hands_raised[me.next_signal]
    me.time = min(stirs_at, leaves_at)
    me.by = LAG_ENDS
    return 1 if leaves_at < stirs_at else way


@part
def be_nurtured(w: World, me: Any, pool: int) -> int:
    """Let two clocks race; return 0 if the lead wakes, and is ready, 1 if it leaves."""
    stage, rates = w.stages[me.stage], w.rates
    leaves_in = number(w, me, stage, 1) * rates[pool + KINDS_IN_ALL]
    if me.buyer != NONE:
        return be_stirred(w, me, me.time + leaves_in)
    wakes_in = number(w, me, stage, 0) * rates[pool + me.kind]
    me.time += min(wakes_in, leaves_in)
    me.by = LAG_ENDS
    if leaves_in < wakes_in:
        return 1
    if me.kind == NOT_YET:
        me.kind = READY
    return 0


@part
def gather_points(w: World, me: Any, stage: Any) -> int:
    """Gather points until they are enough or the window is over; return the way."""
    passes_in = number(w, me, stage, stage.score + me.kind)
    days = min(passes_in, stage.window)
    if days > 0:
        me.time += days
        me.by = LAG_ENDS
    if passes_in > stage.window:
        return int(stage.last_way)
    look(w, me)
    return chosen_way(w, me, stage)


@part
def be_handed_over(w: World, me: Any, stage: Any) -> None:
    """Let the delay of the hand-off pass before a lead joins the queue."""
    me.entered = me.time
    delay = days_of(w, me, stage, stage.delay, stage.delay_days)
    if delay > 0:
        me.time += delay
        me.by = LAG_ENDS


@part
def come_in(w: World, me: Any) -> bool:
    """Return whether a lead is new: its buyer is in the funnel once at a time."""
    if me.buyer != NONE:
        if w.free_at[me.buyer] >= me.time:
            return False
        w.free_at[me.buyer] = math.inf
    return True


@part
def go_out(w: World, me: Any) -> None:
    """Let a lost buyer come again; a customer does not."""
    if me.buyer != NONE:
        w.free_at[me.buyer] = me.time


@part
def walk(w: World, lead: int) -> int:
    """Carry a lead from stage to stage until it needs somebody, or to its end."""
    me, run = w.leads[lead], w.run[0]
    while me.time < run.horizon:
        stage = w.stages[me.stage]
        if stores.BOUNDED and stores.is_full(run):
            return NO_ROOM
        if not stage.meets:
            me.place = LEFT
            return ENDED
        spot = lead * run.stages + me.stage
        visit = w.visits[spot] + 1 if stage.comes_back else 1
        if stage.visits > 0 and visit > stage.visits:
            write(run, w.lines, me, END, run.visit_cap)
            go_out(w, me)
            break
        if stage.terminal:
            look(w, me)
            write(run, w.lines, me, ENTER, me.reason)
            if not stage.won:
                go_out(w, me)
            break
        me.hand = hand_of(w, lead, me.stage, visit)
        if me.hand == NONE:
            return NO_HAND
        if stage.comes_back:
            w.visits[spot] = visit
        look(w, me)
        write(run, w.lines, me, ENTER, me.reason)
        if stage.desk != NONE:
            be_handed_over(w, me, stage)
            return AT_A_DESK
        if stage.score != NONE:
            way = gather_points(w, me, stage)
        elif stage.pool == NONE:
            way = chosen_way(w, me, stage)
        else:
            way = stage.first_way + be_nurtured(w, me, stage.pool)
        leave(w, me, stage, w.ways[way])
    me.place = GONE
    return ENDED


@part
def walk_on(w: World, lead: int) -> int:
    """Let a lead walk, and queue where it comes to a desk; return what stops it."""
    outcome = walk(w, lead)
    while outcome == AT_A_DESK:
        lead = in_own_record(w, lead)
        me = w.leads[lead]
        if me.by != NOW:
            plan_event(w.run[0], w.heap, me.time, me.by, lead)
            return ENDED
        if not is_ignored(w, lead):
            join(w, lead)
            return ENDED
        outcome = walk(w, lead)
    if outcome != ENDED:
        w.run[0].stopped_at = lead
    return outcome


@part
def finish_work(w: World, lead: int, now: float) -> None:
    """End the work on a lead: it goes the way that came of it."""
    me = w.leads[lead]
    stage = w.stages[me.stage]
    me.time = now
    look(w, me)
    write(w.run[0], w.lines, me, FINISH, 0)
    tell_of(w, me, stage)
    let_go(w, me, now)
    if stage.reach != NONE and me.missed:
        way = stage.missed
    else:
        way = chosen_way(w, me, stage)
    leave(w, me, stage, w.ways[way])


@part
def give_slot_back(w: World, lead: int, now: float) -> None:
    """End a lead's time in a stage in which it held a slot."""
    me = w.leads[lead]
    let_go(w, me, now)
    way = w.ways[me.way]
    me.stage = way.to
    me.reason = way.reason


@part
def give_up(w: World, lead: int, now: float) -> None:
    """Let a lead go cold."""
    me = w.leads[lead]
    step_out(w, lead)
    me.place = AWAY
    me.time = now
    me.by = NOW
    write(w.run[0], w.lines, me, GIVE_UP, 0)
    stage = w.stages[me.stage]
    leave(w, me, stage, w.ways[stage.cold])


@part
def set_hours(w: World, now: float) -> None:
    """Open or close all desks that keep hours; who waits is served at once."""
    opens = w.run[0].hour % 2 == 0
    w.run[0].hour += 1
    for at in range(len(w.desks)):
        if w.desks[at].calendar != calendars.ALWAYS_ON:
            w.desks[at].open = opens
            call_next(w, at, now)


@part
def happen(w: World, now: float, kind: int, lead: int) -> bool:
    """Let one event happen; return whether the lead walks on because of it."""
    me = w.leads[lead]
    if kind == WORK_ENDS:
        finish_work(w, lead, now)
        return True
    if kind == PATIENCE_ENDS:
        waits = me.place == QUEUED and me.deadline == now
        if waits:
            give_up(w, lead, now)
        return bool(waits)
    if me.place == SERVED:
        give_slot_back(w, lead, now)
        return True
    if me.place == COMING:
        me.place, me.by = AWAY, NOW
        return come_in(w, me)
    if is_ignored(w, lead):
        return True
    join(w, lead)
    return False


def _made_of(sources: str) -> Any:
    """Return the loop, for a digest of its sources."""

    def play(w: World) -> int:
        """Let events happen in their order; return what stops it, or ENDED."""
        assert sources
        run = w.run[0]
        outcome, lead = ENDED, run.stopped_at
        if lead != NONE:
            run.stopped_at = NONE
            outcome = walk_on(w, lead)
        while outcome == ENDED:
            if stores.BOUNDED and stores.is_full(run):
                return NO_ROOM
            time, key = next_event(w)
            if time >= run.horizon:
                break
            kind = key >> KEY_BITS
            lead = key - (kind << KEY_BITS)
            if kind == HOURS:
                set_hours(w, time)
            elif kind == EVENING:
                let_evening_pass(w, lead, time)
            elif kind == ARRIVES and run.arriving:
                outcome = walk_on(w, arrive(w, lead))
            elif happen(w, time, kind, lead):
                outcome = walk_on(w, lead)
        return outcome

    return whole(play)


play = _made_of(
    key_of_sources(
        __file__, *(room.__file__ for room in (calendars, draws, morale, variates))
    )
)
