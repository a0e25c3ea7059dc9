"""Working hours: Monday to Friday, nine to five, and work that pauses overnight."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.calendars import (
    A_LIFETIME,
    ALWAYS_ON,
    BUSINESS_HOURS,
    CLOSES,
    OPENS,
    WORKDAY,
    closing_after,
    finish_time,
    is_open,
    next_opening,
    open_days,
    opening_times,
)

TIME = st.one_of(
    st.floats(0, 800),
    st.integers(0, 800).map(float),
    st.integers(0, 800).map(lambda day: day + OPENS),
    st.integers(0, 800).map(lambda day: day + CLOSES),
)
WORK = st.one_of(st.floats(0, 40), st.integers(0, 40).map(float), st.just(0.5))
FRIDAY, SATURDAY, NEXT_MONDAY = 4, 5, 7


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (0.0, False),
        (OPENS, True),
        (0.5, True),
        (CLOSES, False),
        (FRIDAY + 0.5, True),
        (SATURDAY + 0.5, False),
        (NEXT_MONDAY - 0.5, False),
        (NEXT_MONDAY + 0.5, True),
    ],
)
def test_office_hours(time, expected):
    """A team is open from nine on and closed from five on, and all weekend."""
    assert expected == is_open(BUSINESS_HOURS, time)


@pytest.mark.parametrize(
    ("start", "work", "end"),
    [
        (0.5, 0.5, 0.5 + 4 / 24),  # noon to four
        (0.5, 1, 1 + 12 / 24),  # five hours on Monday, three on Tuesday
        (0.0, 1, CLOSES),  # a whole day ends at five, not at nine the next day
        (OPENS, 5, FRIDAY + CLOSES),  # and a whole week on Friday
        (OPENS, 5.125, NEXT_MONDAY + 10 / 24),
        (OPENS, 50, 9 * 7 + FRIDAY + CLOSES),
        (FRIDAY + 16 / 24, 0.5, NEXT_MONDAY + 12 / 24),
        (SATURDAY + 0.5, 0, NEXT_MONDAY + OPENS),
        (700 + OPENS, 1, 700 + CLOSES),
        (OPENS, math.inf, math.inf),
        (OPENS, A_LIFETIME, math.inf),
    ],
)
def test_work_pauses_and_resumes(start, work, end):
    """Eight hours are a day of work; it pauses overnight and over the weekend."""
    assert end == pytest.approx(finish_time(BUSINESS_HOURS, start, work), abs=1e-9)


@given(TIME, WORK)
def test_always_on_never_pauses(start, work):
    """Without a calendar work is done when its time has passed."""
    assert start + work == finish_time(ALWAYS_ON, start, work)
    assert start == next_opening(ALWAYS_ON, start)
    assert is_open(ALWAYS_ON, start)
    assert [] == opening_times(ALWAYS_ON, start)
    assert start == open_days(ALWAYS_ON, start)


@given(TIME, WORK)
def test_the_work_done_is_the_work_asked_for(start, work):
    """Between start and end a team is open for exactly the work's time."""
    end = finish_time(BUSINESS_HOURS, start, work)
    worked = open_days(BUSINESS_HOURS, end) - open_days(BUSINESS_HOURS, start)

    assert work * WORKDAY == pytest.approx(worked, abs=1e-7)
    assert end >= start


@given(TIME, WORK, st.floats(0, 3))
def test_more_work_ends_no_sooner(start, work, more):
    """Who begins later or has more to do is not done sooner."""
    end = finish_time(BUSINESS_HOURS, start, work)

    assert end <= finish_time(BUSINESS_HOURS, start, work + more) + 1e-9
    assert end <= finish_time(BUSINESS_HOURS, start + more, work) + 1e-9


@given(TIME)
def test_the_next_opening_is_the_first_one(time):
    """The next opening is now, or the first opening after now."""
    opening = next_opening(BUSINESS_HOURS, time)
    after = [at for at in opening_times(BUSINESS_HOURS, time + 8) if at >= time]

    assert is_open(BUSINESS_HOURS, opening)
    assert opening == (time if is_open(BUSINESS_HOURS, time) else after[0])


@given(TIME)
def test_openings_and_closings(horizon):
    """A team opens once each working day, and closes eight hours later."""
    openings = opening_times(BUSINESS_HOURS, horizon)
    closings = [closing_after(opening) for opening in openings]
    open_time = sum(
        min(close, horizon) - start
        for start, close in zip(openings, closings, strict=True)
    )

    assert open_time == pytest.approx(open_days(BUSINESS_HOURS, horizon), abs=1e-7)
    assert all(is_open(BUSINESS_HOURS, opening) for opening in openings)
    assert not any(is_open(BUSINESS_HOURS, closing) for closing in closings)
