"""How the people of a team begin: what a scenario says of morale, by the working day.

In: a team of a `Scenario`. Out: its `Mood` on the first morning, and its evenings.
"""

from __future__ import annotations

import math

from simlib.calendars import CALENDARS
from simlib.morale import WORKING_DAYS_A_MONTH, Mood, evenings, most_stays
from simlib.scenario import Scenario
from simlib.scenario.models import Team

WORKING_DAYS_A_YEAR = 12 * WORKING_DAYS_A_MONTH


def of(team: Team, scenario: Scenario) -> tuple[Mood | None, tuple[float, ...]]:
    """Return a team's mood and its evenings (days); nothing where morale is off."""
    said = team.morale
    if said is None:
        return None, ()
    calendar = CALENDARS.index(team.calendar)
    days = evenings(calendar, scenario.horizon, scenario.days_per_month)
    mood = Mood(
        memory=said.trust_from_leads,
        expects=said.expects,
        weight_of_trust=said.weight_of_trust,
        weight_of_backlog=said.weight_of_backlog,
        backlog=said.backlog_per_person,
        gain=-math.expm1(-1 / said.adapts_in),
        slowest=said.slowest,
        quits=said.quits_per_year / WORKING_DAYS_A_YEAR,
        exponent=said.quits_exponent,
        empty_days=_working_days(said.vacancy_months),
        learning_days=_working_days(said.ramp_months),
        learns_at=said.ramp_output,
        ignores=said.ignores,
    )
    stays = most_stays(len(days), mood.empty_days)
    return mood.at_work(team.people, stays), tuple(days)


def _working_days(months: float) -> int:
    return round(months * WORKING_DAYS_A_MONTH)
