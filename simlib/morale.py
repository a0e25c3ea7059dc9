"""Morale and trust: what people at a desk make of the leads that they are sent.

In: a team's `Mood` and `Seat` records, who waits, and how the last lead turned out.
Out: the same records, one working day later: how fast they work, who quits and who
comes. Plain arithmetic, so that both engines use the same functions on records of
their own. It draws nothing: how much each person puts up with is drawn before.

The rules. Trust is the share of the last leads worked that were ready and reached. At
the end of each working day, an evening, morale moves towards what backlog and trust
make of it. Morale slows the work, and who has low morale is nearer to quitting. A
quitter's place stays empty for a while; whoever comes learns at a part of the output.
People finish what they have in hand before they go.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from simlib import calendars

WORKING_DAYS_A_MONTH = 21
FULL, EMPTY, LEARNING = range(3)


@dataclass
class Mood:
    """How a team's people are, and how they feel: parameters first, then state.

    Attributes
    ----------
    memory : float
        How many of the last leads trust is made of.
    expects : float
        Share of leads ready and reached at which trust is whole.
    weight_of_trust, weight_of_backlog : float
        What their lack and their excess cost of morale, 0 to 1.
    backlog : float
        Leads waiting for each person present at which the backlog costs all of it.
    gain : float
        Share of the way to where morale is heading that an evening takes it.
    slowest : float
        Pace without any morale; 1 is the usual pace.
    quits : float
        Chance of quitting of one person in a working day at full morale.
    exponent : float
        The chance is multiplied by e to the power of this x (1 - morale).
    empty_days, learning_days : int
        Working days for which a place stays empty, and for which a newcomer learns.
    learns_at : float
        Output of a newcomer, of a full one.
    ignores : float
        Chance that an MQL is ignored where trust is gone.
    people, first_seat, first_stay, stays : int
        How many places; where in lists of seats and of stays they begin; how many
        stays are drawn for each place.
    morale, trust, pace : float
        At first 1, as expected, and 1.
    present, learning, quitted, evening : int
        Who is there; of them, who learns; who quit so far; evenings so far.
    """

    memory: float
    expects: float
    weight_of_trust: float
    weight_of_backlog: float
    backlog: float
    gain: float
    slowest: float
    quits: float
    exponent: float
    empty_days: int
    learning_days: int
    learns_at: float
    ignores: float
    people: int = 0
    first_seat: int = 0
    first_stay: int = 0
    stays: int = 0
    morale: float = 1.0
    trust: float = 0.0
    pace: float = 1.0
    present: int = 0
    learning: int = 0
    quitted: int = 0
    evening: int = 0

    def at_work(self, people: int, stays: int) -> Mood:
        """Return the mood of a team of `people` on its first morning."""
        here = {"people": people, "present": people, "stays": stays}
        return replace(self, trust=self.expects, **here)


@dataclass
class Seat:
    """One place in a team.

    Attributes
    ----------
    state : int
        `FULL`, `EMPTY` or `LEARNING`.
    until : int
        The evening on which it is no longer `EMPTY` or `LEARNING`.
    holder : int
        How many have held the place before.
    fed_up : float
        Chances of quitting summed over the days of its holder, against their stay.
    """

    state: int = FULL
    until: int = 0
    holder: int = 0
    fed_up: float = 0.0


def layout(record: type[Mood | Seat]) -> np.dtype[np.void]:
    """Return the record as NumPy lays it out, field by field."""
    kinds = {"int": "i8", "float": "f8"}
    return np.dtype(
        [(each.name, kinds[str(each.type)]) for each in fields(record)], align=True
    )


def evenings(calendar: int, horizon: float, month: float) -> list[float]:
    """Return the evenings of a team before the horizon (days).

    With working hours they are the closing times; a team that never shuts has 21 in a
    month, evenly spaced.
    """
    if calendar != calendars.ALWAYS_ON:
        openings = calendars.opening_times(calendar, horizon)
        closings = (calendars.closing_after(opening) for opening in openings)
        return [closing for closing in closings if closing < horizon]
    day = month / WORKING_DAYS_A_MONTH
    days = (day * n for n in range(1, math.ceil(horizon / day) + 1))
    return [evening for evening in days if evening < horizon]


def most_stays(evenings: int, empty_days: int) -> int:
    """Return how many people can hold one place in turn at most."""
    return evenings // (max(empty_days, 1) + 1) + 2


def judge(mood: Any, was_good: float) -> None:
    """Let trust know of a lead that was worked: 1.0 if ready and reached, else 0.0."""
    mood.trust += (was_good - mood.trust) / mood.memory


def missing_trust(mood: Any) -> float:
    """Return the share (0 to 1) of the trust that is gone."""
    return float(max((mood.expects - mood.trust) / mood.expects, 0.0))


def heading(mood: Any, waiting: int) -> float:
    """Return the morale (0 to 1) at which a team would end if all stayed as it is."""
    crowd = 1.0
    if waiting < mood.present * mood.backlog:
        crowd = waiting / (mood.present * mood.backlog)
    lost = mood.weight_of_backlog * crowd + mood.weight_of_trust * missing_trust(mood)
    return float(max(1.0 - lost, 0.0))


def pace_of(mood: Any) -> float:
    """Return the pace of a team's work; 1 is that of full morale and no newcomers."""
    if mood.present == 0:
        return 1.0  # nobody takes anything up
    output = (mood.present - (1.0 - mood.learns_at) * mood.learning) / mood.present
    return float((mood.slowest + (1.0 - mood.slowest) * mood.morale) * output)


def pass_evening(mood: Any, seats: Any, stays: Any, waiting: int) -> int:
    """Let an evening pass.

    Parameters
    ----------
    mood : Mood, or a record like it
    seats : sequence of Seat, or of records like it
    stays : sequence of float
        How much each holder of each place puts up with, in chances of quitting.
    waiting : int
        Leads in the queue.

    Returns
    -------
    int
        How many more people are there than before; below 0 for fewer.
    """
    mood.evening += 1
    mood.morale += (heading(mood, waiting) - mood.morale) * mood.gain
    chance = mood.quits * math.exp(mood.exponent * (1.0 - mood.morale))
    before = mood.present
    for place in range(mood.people):
        seat = seats[mood.first_seat + place]
        if seat.state == EMPTY:
            if mood.evening >= seat.until:
                take_seat(mood, seat)
            continue
        if seat.state == LEARNING and mood.evening >= seat.until:
            seat.state = FULL
            mood.learning -= 1
        seat.fed_up += chance
        if seat.fed_up >= stays[mood.first_stay + place * mood.stays + seat.holder]:
            leave_seat(mood, seat)
    mood.pace = pace_of(mood)
    return int(mood.present - before)


def take_seat(mood: Any, seat: Any) -> None:
    """Let somebody new take a place."""
    seat.state = LEARNING
    seat.until = mood.evening + mood.learning_days
    seat.holder += 1
    seat.fed_up = 0.0
    mood.learning += 1
    mood.present += 1


def leave_seat(mood: Any, seat: Any) -> None:
    """Let whoever holds a place quit."""
    if seat.state == LEARNING:
        mood.learning -= 1
    seat.state = EMPTY
    seat.until = mood.evening + mood.empty_days
    mood.present -= 1
    mood.quitted += 1
