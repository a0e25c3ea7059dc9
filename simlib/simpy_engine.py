"""The reference engine: the life of a lead, told as a SimPy process.

In: a `Population` (with its plan). Out: the `EventLog`. This room is the definition
of the model, written to be read aloud. It draws no number and knows no distribution:
everybody's durations and chances are in the population, and a life only waits,
queues and compares.

Ties. SimPy orders events of the same moment by insertion, an accident of the code.
Here the moment's order is part of the model: working hours begin, then work ends,
then newcomers arrive, then lags end, then patience ends, then a team's evening comes;
within one kind, by lead (or team).
Who is let go makes room for the next in the queue before going on, and who is taken
up does nothing else at that moment: so only one lead at a time goes on its way, and
no order of insertion can be seen.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Generator
from heapq import heappush
from typing import Any, cast

import numpy as np
import simpy
from simpy.events import NORMAL
from simpy.resources.resource import PriorityRequest

from simlib import calendars, morale
from simlib.dealt import Numbers, NumbersOfStages, known
from simlib.log import (
    END,
    ENTER,
    EVENINGS,
    FINISH,
    GIVE_UP,
    QUEUE,
    START,
    EventLog,
)
from simlib.plan import (
    ARRIVES,
    EVENING,
    HOT_FIRST,
    HOURS,
    LAG_ENDS,
    LIFO,
    NOT_YET,
    PATIENCE_ENDS,
    READY,
    WORK_ENDS,
    Pool,
    StagePlan,
    TeamPlan,
    Way,
)
from simlib.population import Population

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


class Desk(simpy.PriorityResource):
    """A team's people, or its slots: they take up leads only while the team works."""

    def __init__(self, clock: Clock, team: TeamPlan, slots: bool) -> None:
        super().__init__(clock, capacity=team.slots if slots else team.people)
        self.team = team
        self.is_open = calendars.is_open(team.calendar, clock.now)
        self.joined = 0
        self.mood = dataclasses.replace(team.mood) if team.mood else None
        self.seats = [morale.Seat() for _ in range(team.people if team.mood else 0)]

    def _do_put(self, event: Any) -> None:
        if self.is_open:
            super()._do_put(event)

    def set_hours(self, is_open: bool) -> None:
        """Open or close; who waits at the opening is served at once."""
        self.is_open = is_open
        self.call_next()

    def call_next(self) -> None:
        """Serve who waits, as long as somebody is free."""
        while self.is_open and self.queue and self.count < self.capacity:
            self._trigger_put(None)

    def pass_evening(self, stays: list[float]) -> None:
        """Take stock of the day: some may quit, others come and take up who waits."""
        change = morale.pass_evening(self.mood, self.seats, stays, len(self.queue))
        self._capacity += change
        self.call_next()

    def let_go(self, taken: PriorityRequest) -> None:
        """Free a person or a slot; the next in the queue is taken up at once."""
        self.release(taken)
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
        self.column: list[int] = people.column.tolist()
        self.record: list[float] = []
        self.numbers = NumbersOfStages(people)
        self.buyers = known(people.buyers)
        self.evenings: list[tuple[float, ...]] = []

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
        """Write one line into the record: when, who, what, where, why."""
        now = self.clock.now
        self.record += (now, lead, event, stage.index, reason, self.kind[lead])

    def look(self, lead: int) -> None:
        """Read what a lead is by now, if there is a buyer with a life behind it."""
        if self.buyers and self.buyers.fits[lead]:
            self.kind[lead], found = self.buyers.state(lead, self.clock.now)
            first = int(self.people.column[lead])
            self.column[lead] = self.plan.columns.moved(first, found)

    def looks_hot(self, lead: int, team: TeamPlan) -> bool:
        """Return whether sales see a lead as hot."""
        chance = team.hot[self.kind[lead]][self.source[lead]]
        return bool(self.people.luck(team.hot_stream, 1)[lead] < chance)

    def ignores(self, lead: int, stage: StagePlan, numbers: Numbers) -> bool:
        """Return whether a team has lost so much trust that it leaves a lead alone."""
        mood = self.desks[stage.index].mood
        if mood is None or not stage.may_be_ignored:
            return False
        chance = mood.ignores * morale.missing_trust(mood)
        return bool(numbers.ignored[lead] < chance)

    def outcome(self, lead: int, stage: StagePlan, luck: float) -> Way:
        """Return the way that a lead takes: one number against cumulated rates."""
        thresholds = stage.thresholds[self.kind[lead]][self.column[lead]]
        for way, threshold in enumerate(thresholds):
            if luck < threshold:
                return stage.ways[way]
        return stage.ways[-1]


def life_of(office: Office, lead: int) -> Story:
    """Tell one person's way through the stages, to an end or to the horizon."""
    clock, plan, buyers = office.clock, office.plan, office.buyers
    if buyers and not buyers.comes_in(lead):
        return
    stage, reason = plan.stages[plan.entries[office.source[lead]]], 0
    visits: dict[int, int] = {}
    while True:
        visit = 1
        if stage.comes_back:
            visit = visits[stage.index] = visits.get(stage.index, 0) + 1
            if stage.visits and visit > stage.visits:
                office.write(lead, END, stage, plan.visit_cap)
                break
        office.look(lead)
        office.write(lead, ENTER, stage, reason)
        if stage.terminal:
            break

        numbers, slot = office.numbers[stage.index, visit], None
        if stage.pool:
            way = yield from nurtured(office, lead, stage.pool, numbers)
        elif stage.slots:
            slot, way = yield from holding_a_slot(office, lead, stage, numbers)
        elif stage.team >= 0:
            way = yield from worked_on(office, lead, stage, numbers)
        elif stage.score:
            way = yield from scored(office, lead, stage, numbers)
        else:
            way = office.outcome(lead, stage, numbers.luck[lead])

        lag = numbers.lags[way.number][lead]
        if lag > 0 or slot:
            yield clock.at(clock.now + lag, LAG_ENDS, lead)
        if slot:
            office.desks[stage.index].let_go(slot)
        stage, reason = plan.stages[way.to], way.reason
    if buyers and not stage.won:
        buyers.goes_out(lead)


def worked_on(office: Office, lead: int, stage: StagePlan, numbers: Numbers) -> Story:
    """Wait for a person, be worked on, and return the way that came of it."""
    clock, desk = office.clock, office.desks[stage.index]
    entered, delay = clock.now, numbers.delay[lead]
    if delay > 0:
        yield clock.at(entered + delay, LAG_ENDS, lead)
    if office.ignores(lead, stage, numbers):
        return stage.ignored
    person = yield from waiting(office, lead, stage, numbers)
    if person is None:
        return stage.went_cold
    waited = clock.now - entered

    work = numbers.work[lead]
    if desk.mood:
        work /= desk.mood.pace
    yield clock.at(
        calendars.finish_time(desk.team.calendar, clock.now, work), WORK_ENDS, lead
    )
    office.look(lead)
    office.write(lead, FINISH, stage)
    reached = not stage.curve or waited <= numbers.reachable[lead]
    if desk.mood:
        morale.judge(desk.mood, reached and office.kind[lead] == READY)
    desk.let_go(person)

    if not reached:
        return stage.not_reached
    return office.outcome(lead, stage, numbers.luck[lead])


def scored(office: Office, lead: int, stage: StagePlan, numbers: Numbers) -> Story:
    """Gather points until they are enough or the window is over; return the way."""
    clock, kind = office.clock, office.kind[lead]
    passes_in, window = numbers.passes[kind][lead], stage.score[kind].window
    days = min(passes_in, window)
    if days > 0:
        yield clock.at(clock.now + days, LAG_ENDS, lead)
    if passes_in > window:
        return stage.ways[-1]
    office.look(lead)
    return office.outcome(lead, stage, numbers.luck[lead])


def holding_a_slot(
    office: Office, lead: int, stage: StagePlan, numbers: Numbers
) -> Story:
    """Wait for a free slot, and return it with the way that the lead will take."""
    slot = yield from waiting(office, lead, stage, numbers)
    if slot is None:
        return None, stage.went_cold
    office.look(lead)
    return slot, office.outcome(lead, stage, numbers.luck[lead])


def waiting(office: Office, lead: int, stage: StagePlan, numbers: Numbers) -> Story:
    """Stand in the queue; return who or what was free, or None if patience ended."""
    clock, desk = office.clock, office.desks[stage.index]
    office.write(lead, QUEUE, stage)
    request = desk.join(office, lead)
    if not request.triggered:
        if stage.patience is None:
            yield request
        else:
            deadline = clock.now + numbers.patience[lead]
            yield request | clock.at(deadline, PATIENCE_ENDS, lead)
    if not request.triggered:
        request.cancel()
        office.write(lead, GIVE_UP, stage)
        return None
    office.write(lead, START, stage)
    return request


def nurtured(office: Office, lead: int, pool: Pool, numbers: Numbers) -> Story:
    """Let two clocks race: the lead wakes and is ready, or it drops out."""
    clock, kind = office.clock, office.kind[lead]
    leaves_in = numbers.drop[lead] * pool.days_to_drop_out
    if office.buyers and office.buyers.buyer[lead] >= 0:
        stirs_at, raised = office.buyers.next_signal(lead, clock.now)
        leaves_at = clock.now + leaves_in
        yield clock.at(min(stirs_at, leaves_at), LAG_ENDS, lead)
        if leaves_at < stirs_at:
            return pool.drops_out
        return pool.raises if raised else pool.wakes
    wakes_in = numbers.ready[lead] * pool.days_to_ready[kind]
    yield clock.at(clock.now + min(wakes_in, leaves_in), LAG_ENDS, lead)
    if leaves_in < wakes_in:
        return pool.drops_out
    if kind == NOT_YET:
        office.kind[lead] = READY
    return pool.wakes


def newcomers(office: Office) -> Story:
    """Let everybody begin their life on the day that they arrive."""
    clock = office.clock
    for lead, day in enumerate(office.people.time.tolist()):
        arrival = clock.at(day, ARRIVES, lead)
        clock.begin(life_of(office, lead), arrival)
        yield arrival


def hours_of(clock: Clock, desk: Desk, horizon: float) -> Story:
    """Open and close a desk by its team's calendar."""
    calendar, number = desk.team.calendar, desk.team.index
    for opening in calendars.opening_times(calendar, horizon):
        yield clock.at(opening, HOURS, number)
        desk.set_hours(is_open=True)
        yield clock.at(calendars.closing_after(opening), HOURS, number)
        desk.set_hours(is_open=False)


def evenings_of(office: Office, desk: Desk) -> Story:
    """Let the people of a desk take stock at the end of each working day."""
    mood, number = desk.mood, desk.team.index
    assert mood is not None
    stays = office.people.stays(desk.team).ravel().tolist()
    for day in desk.team.evenings:
        yield office.clock.at(day, EVENING, number)
        waiting = len(desk.queue)
        desk.pass_evening(stays)
        people = (mood.present, mood.learning, waiting, mood.quitted)
        office.evenings.append((day, number, mood.morale, mood.trust, *people))


def simulate(people: Population) -> EventLog:
    """Return what happens to a population before the horizon of its plan."""
    office = Office(people)
    clock = office.clock
    clock.process(newcomers(office))
    for desk in dict.fromkeys(office.desks.values()):
        if desk.team.calendar != calendars.ALWAYS_ON:
            clock.process(hours_of(clock, desk, office.plan.horizon))
        if desk.mood:
            clock.process(evenings_of(office, desk))
    clock.run(until=office.plan.horizon)
    return _log(office)


def _log(office: Office) -> EventLog:
    """Return the record as columns, in order of (time, lead, what came first)."""
    names = ("time", "lead", "event", "stage", "reason", "kind")
    types = (np.float64, np.int32, np.int8, np.int16, np.int16, np.int8)
    record = np.array(office.record, dtype=np.float64).reshape(-1, len(names))
    if np.any(record[1:, 0] == record[:-1, 0]):
        record = record[np.lexsort((record[:, 1], record[:, 0]))]
    columns: dict[str, Any] = {
        name: record[:, number].astype(kind)
        for number, (name, kind) in enumerate(zip(names, types, strict=True))
    }
    if any(team.mood for team in office.plan.teams):
        columns["evenings"] = np.array(office.evenings, dtype=EVENINGS)
    return EventLog(**columns, leads=office.people.leads, graph=office.plan.graph)
