"""Open time of many spans at once: working hours for whole columns.

In: a calendar's code and columns of times (days). Out: columns of days. The same
arithmetic as `simlib.calendars.open_days`, which serves one moment at a time.
"""

from __future__ import annotations

import numpy as np

from simlib.calendars import ALWAYS_ON, OPENS, WORKDAY, WORKDAYS_A_WEEK
from simlib.funnel.columns import Floats, added
from simlib.funnel.history import Histories


def open_days_until(calendar: int, until: Floats) -> Floats:
    """Return the open time (calendar days) between day 0 and each of `until`."""
    if calendar == ALWAYS_ON:
        return until
    whole = np.floor(until)
    weekday = whole % 7
    full = whole // 7 * WORKDAYS_A_WEEK + np.minimum(weekday, WORKDAYS_A_WEEK)
    today = np.clip(until - whole - OPENS, 0.0, WORKDAY)
    return np.asarray(full * WORKDAY + np.where(weekday < WORKDAYS_A_WEEK, today, 0.0))


def busy_days(past: Histories) -> Floats:
    """Return the open time that each piece of work took before the horizon, in days.

    Where a team holds slots, its servers are slots: then only the slots that are held
    count, and what its people do at other stages counts nothing.
    """
    works, marks = past.works, past.marks
    days = works.days
    for code, team in enumerate(past.graph.teams):
        if team.calendar != ALWAYS_ON:
            mine = works.team == code
            until = open_days_until(team.calendar, works.until[mine])
            days[mine] = until - open_days_until(team.calendar, works.begun[mine])
    if not marks.holds_slots.any():
        return days
    counts = marks.holds_slots[works.team] == marks.has_slots[works.stage]
    return np.where(counts, days, 0.0)


def busy_by_team(past: Histories) -> Floats:
    """Return the busy open time of each team, shape (teams,), in days."""
    return added(past.works.team, busy_days(past), len(past.graph.teams))
