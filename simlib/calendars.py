"""Working hours: when a team is open, and when a piece of work will be done.

In: a calendar's code and times in days (day 0 is a Monday at midnight). Out: times in
days. Plain arithmetic without any state, so that both engines use the same functions.

With ``business_hours`` people work Monday to Friday from 9:00 to 17:00; a day of work
is then eight hours, and work pauses overnight and resumes. With ``always_on`` a day of
work is 24 hours.
"""

from __future__ import annotations

import math

ALWAYS_ON = 0
BUSINESS_HOURS = 1
CALENDARS = ("always_on", "business_hours")

OPENS = 9 / 24
CLOSES = 17 / 24
WORKDAY = 8 / 24
WORKDAYS_A_WEEK = 5
WORKWEEK = WORKDAYS_A_WEEK * WORKDAY
A_LIFETIME = 1e6  # in days of work; longer than any horizon
ROUNDING = 1e-9  # in days


def is_open(calendar: int, time: float) -> bool:
    """Return whether a team works at `time` (days); closing time itself is closed."""
    if calendar == ALWAYS_ON:
        return True
    day = math.floor(time)
    if day % 7 >= WORKDAYS_A_WEEK:
        return False
    return day + OPENS <= time < day + CLOSES


def next_opening(calendar: int, time: float) -> float:
    """Return the first moment at or after `time` (days) at which a team is open."""
    if is_open(calendar, time):
        return time
    day = math.floor(time)
    if time >= day + OPENS:
        day += 1
    while day % 7 >= WORKDAYS_A_WEEK:
        day += 1
    return day + OPENS


def finish_time(calendar: int, start: float, work: float) -> float:
    """Return when `work` (days of work) begun at `start` (days) is done.

    Work that would end at closing time but for rounding ends at closing time. Work of
    more than `A_LIFETIME` is never done: infinity.
    """
    if calendar == ALWAYS_ON:
        return start + work
    if not work < A_LIFETIME:
        return math.inf
    now, left = next_opening(calendar, start), work * WORKDAY
    whole_weeks = max(math.ceil(left / WORKWEEK - ROUNDING) - 1, 0)
    now += 7.0 * whole_weeks
    left = max(left - whole_weeks * WORKWEEK, 0.0)
    while True:
        today = math.floor(now) + CLOSES - now
        if left <= today + ROUNDING:
            return now + left
        left -= today
        now = next_opening(calendar, math.floor(now) + CLOSES)


def opening_times(calendar: int, horizon: float) -> list[float]:
    """Return every opening (days) before `horizon`; none if a team never shuts."""
    if calendar == ALWAYS_ON:
        return []
    days = range(math.ceil(horizon))
    openings = (day + OPENS for day in days if day % 7 < WORKDAYS_A_WEEK)
    return [opening for opening in openings if opening < horizon]


def closing_after(opening: float) -> float:
    """Return when a team that opened at `opening` (days) closes on that day."""
    return math.floor(opening) + CLOSES


def open_days(calendar: int, until: float) -> float:
    """Return the open time (calendar days) between day 0 and `until` (days)."""
    if calendar == ALWAYS_ON:
        return until
    whole = math.floor(until)
    full = (whole // 7) * WORKDAYS_A_WEEK + min(whole % 7, WORKDAYS_A_WEEK)
    today = 0.0
    if whole % 7 < WORKDAYS_A_WEEK:
        today = min(max(until - whole - OPENS, 0.0), WORKDAY)
    return full * WORKDAY + today
