"""The life of a lead, told as a SimPy process, and the office in which it is led.

In: a `Population`. Out: lines of the record, as they happen. A life only waits, queues
and compares: it draws no number and knows no distribution.
"""

from __future__ import annotations

from simlib import calendars, morale
from simlib.dealt import Numbers, NumbersOfStages, known
from simlib.log import (
    END,
    ENTER,
    FINISH,
    GIVE_UP,
    QUEUE,
    START,
)
from simlib.plan import (
    LAG_ENDS,
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
from simlib.simpy_engine.clock import Clock, Story
from simlib.simpy_engine.desks import Desk


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
