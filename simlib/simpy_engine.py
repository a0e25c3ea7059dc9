"""The reference engine: the life of a lead, told as a SimPy process.

In: a `Population` (with its plan). Out: the `EventLog`. This room is the definition
of the model, written to be read aloud. It draws no number and knows no distribution:
everybody's durations and chances are in the population, and a life only waits,
queues and compares.

Ties. SimPy orders events of the same moment by insertion, an accident of the code.
Here the moment's order is part of the model: working hours begin, then work ends,
then newcomers arrive, then lags end, then patience ends; within one kind, by lead.
"""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappush
from typing import Any, cast

import numpy as np
import simpy
from simpy.resources.resource import PriorityRequest

from simlib import calendars
from simlib.lags import Lag
from simlib.log import END, ENTER, FINISH, GIVE_UP, QUEUE, START, EventLog
from simlib.plan import HOT_FIRST, LIFO, NOT_YET, READY, Pool, StagePlan, TeamPlan, Way
from simlib.population import Population

HOURS, WORK_ENDS, ARRIVES, LAG_ENDS, PATIENCE_ENDS = range(5)

Story = Generator[simpy.Event, Any, Any]
Row = tuple[float, int, int, int, int, int]


class Clock(simpy.Environment):
    """SimPy's environment, with a stated order for events of the same moment."""

    def at(self, time: float, kind: int, lead: int) -> simpy.Event:
        """Return an event at an absolute time (days), ordered by (kind, lead)."""
        event = simpy.Event(self)
        event._ok, event._value = True, None
        # SimPy keeps the priorities 0 and 1 for its own bookkeeping.
        order = cast("Any", 2 + (kind << 40) + lead)
        heappush(self._queue, (time, order, next(self._eid), event))
        return event


class Desk(simpy.PriorityResource):
    """A team's people, or its slots: they take up leads only while the team works."""

    def __init__(self, clock: Clock, team: TeamPlan, slots: bool) -> None:
        super().__init__(clock, capacity=team.slots if slots else team.people)
        self.team = team
        self.is_open = calendars.is_open(team.calendar, clock.now)
        self.joined = 0

    def _do_put(self, event: Any) -> None:
        if self.is_open:
            super()._do_put(event)

    def set_hours(self, is_open: bool) -> None:
        """Open or close; who waits at the opening is served at once."""
        self.is_open = is_open
        while is_open and self.queue and self.count < self.capacity:
            self._trigger_put(None)

    def join(self, office: Office, lead: int) -> PriorityRequest:
        """Return a lead's place in the queue: by arrival, or the hot ones first."""
        self.joined += 1
        rank = 0
        if self.team.order == LIFO:
            rank = -self.joined
        elif self.team.order == HOT_FIRST:
            rank = 0 if office.looks_hot(lead, self.team) else 1
        return self.request(priority=rank)


class Office:
    """One run: the clock, the desks, everybody's numbers, and the record."""

    def __init__(self, people: Population) -> None:
        self.people = people
        self.plan = people.plan
        self.clock = Clock()
        self.desks = self._opened_desks()
        self.kind: list[int] = people.kind.tolist()
        self.source: list[int] = people.source.tolist()
        self.rows: list[Row] = []
        self._numbers: dict[tuple[Any, ...], list[float]] = {}

    def _opened_desks(self) -> dict[int, Desk]:
        """Return the desk of each stage that has a team or slots, by stage."""
        desks = {
            (team.index, slots): Desk(self.clock, team, slots)
            for team in self.plan.teams
            for slots in (False, True)
        }
        staffed = (stage for stage in self.plan.stages if stage.team >= 0)
        return {stage.index: desks[stage.team, stage.slots] for stage in staffed}

    def write(self, lead: int, event: int, stage: StagePlan, reason: int = 0) -> None:
        """Write one line into the record."""
        now = self.clock.now
        self.rows.append((now, lead, event, stage.index, reason, self.kind[lead]))

    def luck(self, lead: int, stream: str, visit: int) -> float:
        """Return a lead's uniform number for its k-th decision of a kind."""
        return self._list(self.people.luck, stream, visit)[lead]

    def days(self, lead: int, stream: str, visit: int, lag: Lag) -> float:
        """Return how many days something takes for a lead, the k-th time."""
        return self._list(self.people.days, stream, visit, lag)[lead]

    def spell(self, lead: int, stream: str, visit: int) -> float:
        """Return a lead's exponential number of mean 1, the k-th time."""
        return self._list(self.people.spell, stream, visit)[lead]

    def still_reached(self, lead: int, stage: StagePlan, visit: int) -> float:
        """Return how many days a lead may wait and still be reached."""
        return self._list(self.people.reachable, stage, visit)[lead]

    def _list(self, of: Any, *address: Any) -> list[float]:
        """Return everybody's numbers at an address as a list, made once a run."""
        found = self._numbers.get(address)
        if found is None:
            found = self._numbers[address] = of(*address).tolist()
        return found

    def looks_hot(self, lead: int, team: TeamPlan) -> bool:
        """Return whether sales see a lead as hot."""
        chance = team.hot[self.kind[lead]][self.source[lead]]
        return self.luck(lead, team.hot_stream, 1) < chance

    def outcome(self, lead: int, stage: StagePlan, visit: int) -> Way:
        """Return the way that a lead takes: one number against cumulated rates."""
        luck = self.luck(lead, stage.outcome_stream, visit)
        thresholds = stage.thresholds[self.kind[lead]][self.source[lead]]
        for number, threshold in enumerate(thresholds):
            if luck < threshold:
                return stage.ways[number]
        return stage.ways[-1]


def life_of(office: Office, lead: int) -> Story:
    """Tell one person's way through the stages, to an end or to the horizon."""
    clock, plan = office.clock, office.plan
    stage, reason = plan.stages[plan.entries[office.source[lead]]], 0
    visits: dict[int, int] = {}
    while True:
        visit = visits[stage.index] = visits.get(stage.index, 0) + 1
        if stage.visits and visit > stage.visits:
            office.write(lead, END, stage, plan.visit_cap)
            return
        office.write(lead, ENTER, stage, reason)
        if stage.terminal:
            return

        slot = None
        if stage.pool:
            way = yield from nurtured(office, lead, stage.pool, visit)
        elif stage.slots:
            slot, way = yield from holding_a_slot(office, lead, stage, visit)
        elif stage.team >= 0:
            way = yield from worked_on(office, lead, stage, visit)
        else:
            way = office.outcome(lead, stage, visit)

        lag = office.days(lead, stage.lag_stream, visit, way.lag)
        if lag > 0:
            yield clock.at(clock.now + lag, LAG_ENDS, lead)
        if slot:
            office.desks[stage.index].release(slot)
        stage, reason = plan.stages[way.to], way.reason


def worked_on(office: Office, lead: int, stage: StagePlan, visit: int) -> Story:
    """Wait for a person, be worked on, and return the way that came of it."""
    clock, desk = office.clock, office.desks[stage.index]
    joined = clock.now
    person = yield from waiting(office, lead, stage, visit)
    if person is None:
        return stage.went_cold
    waited = clock.now - joined

    work = office.days(lead, stage.work_stream, visit, stage.work)
    done = calendars.finish_time(desk.team.calendar, clock.now, work)
    yield clock.at(done, WORK_ENDS, lead)
    office.write(lead, FINISH, stage)
    desk.release(person)

    if stage.curve and waited > office.still_reached(lead, stage, visit):
        return stage.not_reached
    return office.outcome(lead, stage, visit)


def holding_a_slot(office: Office, lead: int, stage: StagePlan, visit: int) -> Story:
    """Wait for a free slot, and return it with the way that the lead will take."""
    slot = yield from waiting(office, lead, stage, visit)
    if slot is None:
        return None, stage.went_cold
    return slot, office.outcome(lead, stage, visit)


def waiting(office: Office, lead: int, stage: StagePlan, visit: int) -> Story:
    """Stand in the queue; return who or what was free, or None if patience ended."""
    clock, desk = office.clock, office.desks[stage.index]
    office.write(lead, QUEUE, stage)
    request = desk.join(office, lead)
    if not request.triggered:
        if stage.patience is None:
            yield request
        else:
            patience = office.days(lead, stage.patience_stream, visit, stage.patience)
            yield request | clock.at(clock.now + patience, PATIENCE_ENDS, lead)
    if not request.triggered:
        request.cancel()
        office.write(lead, GIVE_UP, stage)
        return None
    office.write(lead, START, stage)
    return request


def nurtured(office: Office, lead: int, pool: Pool, visit: int) -> Story:
    """Let two clocks race: the lead wakes and is ready, or it drops out."""
    kind = office.kind[lead]
    wakes_in = office.spell(lead, "nurture.ready", visit) * pool.days_to_ready[kind]
    leaves_in = office.spell(lead, "nurture.drop", visit) * pool.days_to_drop_out
    now = office.clock.now
    yield office.clock.at(now + min(wakes_in, leaves_in), LAG_ENDS, lead)
    if leaves_in < wakes_in:
        return pool.drops_out
    if kind == NOT_YET:
        office.kind[lead] = READY
    return pool.wakes


def newcomers(office: Office) -> Story:
    """Let everybody begin their life on the day that they arrive."""
    for lead, day in enumerate(office.people.time.tolist()):
        yield office.clock.at(day, ARRIVES, lead)
        office.clock.process(life_of(office, lead))


def hours_of(clock: Clock, desk: Desk, horizon: float) -> Story:
    """Open and close a desk by its team's calendar."""
    calendar, number = desk.team.calendar, desk.team.index
    for opening in calendars.opening_times(calendar, horizon):
        yield clock.at(opening, HOURS, number)
        desk.set_hours(is_open=True)
        yield clock.at(calendars.closing_after(opening), HOURS, number)
        desk.set_hours(is_open=False)


def simulate(people: Population) -> EventLog:
    """Return what happens to a population before the horizon of its plan."""
    office = Office(people)
    clock = office.clock
    clock.process(newcomers(office))
    for desk in set(office.desks.values()):
        if desk.team.calendar != calendars.ALWAYS_ON:
            clock.process(hours_of(clock, desk, office.plan.horizon))
    clock.run(until=office.plan.horizon)
    return _log(office)


def _log(office: Office) -> EventLog:
    """Return the record as columns, in order of (time, lead, what came first)."""
    types = (np.float64, np.int32, np.int8, np.int16, np.int16, np.int8)
    columns = zip(*office.rows, strict=True) if office.rows else [()] * len(types)
    arrays = [np.array(c, dtype=t) for c, t in zip(columns, types, strict=True)]
    order = np.lexsort((arrays[1], arrays[0]))
    time, lead, event, stage, reason, kind = (column[order] for column in arrays)
    return EventLog(
        time=time,
        lead=lead,
        event=event,
        stage=stage,
        reason=reason,
        kind=kind,
        leads=office.people.leads,
        graph=office.plan.graph(),
    )
