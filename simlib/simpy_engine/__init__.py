"""The reference engine: the life of a lead, told as a SimPy process.

In: a `Population` (with its plan). Out: the `EventLog`. This room is the definition
of the model, written to be read aloud: begin with `lives.life_of`. It draws no number
and knows no distribution: everybody's durations and chances are in the population, and
a life only waits, queues and compares.

Ties. SimPy orders events of the same moment by insertion, an accident of the code.
Here the moment's order is part of the model: working hours begin, then work ends,
then newcomers arrive, then lags end, then patience ends, then a team's evening comes;
within one kind, by lead (or team).
Who is let go makes room for the next in the queue before going on, and who is taken
up does nothing else at that moment: so only one lead at a time goes on its way, and
no order of insertion can be seen.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simlib import calendars
from simlib.log import EVENINGS, EventLog
from simlib.plan import ARRIVES, EVENING, HOURS
from simlib.population import Population
from simlib.simpy_engine.clock import Clock, Story
from simlib.simpy_engine.desks import Desk
from simlib.simpy_engine.lives import Office, life_of

__all__ = ["simulate"]


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
        waiting = desk.waiting
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
