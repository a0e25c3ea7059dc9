"""Desks: the people of a team, or their slots, and the queues before them.

In: leads that ask for somebody. Out: requests, and who is taken up next. It knows the
orders of service and the hours; what is done with a lead is told in
`simlib.simpy_engine.lives`.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import simpy
from simpy.resources.resource import PriorityRequest

from simlib import calendars, morale
from simlib.plan import HOT_FIRST, LIFO, ROUND_ROBIN, TeamPlan
from simlib.simpy_engine.clock import Clock

if TYPE_CHECKING:
    from simlib.simpy_engine.lives import Office


class Line(simpy.PriorityResource):
    """A queue, and who takes up leads from it, but only while the team works."""

    def __init__(self, clock: Clock, places: int, is_open: bool) -> None:
        super().__init__(clock, capacity=places)
        self.is_open = is_open

    def _do_put(self, event: Any) -> None:
        if self.is_open:
            super()._do_put(event)

    def call_next(self) -> None:
        """Serve who waits, as long as somebody is free."""
        while self.is_open and self.queue and self.count < self.capacity:
            self._trigger_put(None)

    def staff(self, places: int) -> None:
        """Let so many people be here from now on; who is new takes up who waits."""
        self._capacity = places
        self.call_next()


class Desk:
    """A team's people, or its slots: one line for all, or one for each person."""

    def __init__(self, clock: Clock, team: TeamPlan, slots: bool) -> None:
        self.team = team
        is_open = calendars.is_open(team.calendar, clock.now)
        places = (team.slots if slots else team.people) // team.lines
        self.lines = [Line(clock, places, is_open) for _ in range(team.lines)]
        self.joined = self.turn = 0
        self.mood = dataclasses.replace(team.mood) if team.mood else None
        self.seats = [morale.Seat() for _ in range(team.people if team.mood else 0)]

    @property
    def waiting(self) -> int:
        """How many leads wait."""
        return sum(len(line.queue) for line in self.lines)

    def set_hours(self, is_open: bool) -> None:
        """Open or close; who waits at the opening is served at once."""
        for line in self.lines:
            line.is_open = is_open
            line.call_next()

    def pass_evening(self, stays: list[float]) -> None:
        """Take stock of the day: some may quit, others come and take up who waits."""
        morale.pass_evening(self.mood, self.seats, stays, self.waiting)
        here = [int(seat.state != morale.EMPTY) for seat in self.seats]
        if len(self.lines) == 1:
            here = [sum(here)]
        for line, people in zip(self.lines, here, strict=True):
            line.staff(people)

    def let_go(self, taken: PriorityRequest) -> None:
        """Free a person or a slot; the next in the queue is taken up at once."""
        line = taken.resource
        line.release(taken)
        line._trigger_put(None)

    def join(self, office: Office, lead: int) -> PriorityRequest:
        """Return a lead's place in a queue, as the team's order has it."""
        self.joined += 1
        rank = 0
        if self.team.order == LIFO:
            rank = -self.joined
        elif self.team.order == HOT_FIRST:
            rank = 0 if office.looks_hot(lead, self.team) else 1
        line = self.line_in_turn() if self.team.order == ROUND_ROBIN else self.lines[0]
        return line.request(priority=rank)

    def line_in_turn(self) -> Line:
        """Deal a lead to the next person who is there, or the next if nobody is."""
        count = len(self.lines)
        in_turn = ((self.turn + step) % count for step in range(count))
        place = next((at for at in in_turn if self.lines[at].capacity), self.turn)
        self.turn = (place + 1) % count
        return self.lines[place]
