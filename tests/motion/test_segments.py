"""Where leads are at each moment: by hand, and against the log of any scenario."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from logs import NOTHING, STORY, any_log
from strategies import scenarios

from simlib.funnel import queue_length, work_in_progress
from simlib.log import END, ENTER, EventLog
from simlib.motion import Place, places, segments, spots
from simlib.run import simulate

LOGS = st.one_of(any_log(), scenarios().map(lambda made: simulate(made).log))


def where(log: EventLog, day: float) -> list[tuple[int, Place]]:
    """Return lead and place of every stay that goes on at a time."""
    found, known = segments(log), places(log.graph)
    now = found.at(day)
    pairs = zip(found.lead[now], found.place[now], strict=True)
    return sorted((int(lead), known[place]) for lead, place in pairs)


def test_the_story_on_day_three():
    """On day 3.2 one has been worked on, one is lost, one is at work, one waits."""
    assert where(STORY, 3.2) == [
        (0, Place("mql", "here")),
        (1, Place("lost", "here")),
        (2, Place("mql", "served")),
        (3, Place("mql", "waiting")),
    ]


def test_the_story_on_day_nine():
    """On day 9.2 one is won, two are lost, one is back at a desk, one met the cap."""
    assert where(STORY, 9.2) == [
        (0, Place("customer", "here")),
        (1, Place("lost", "here")),
        (2, Place("mql", "served")),
        (3, Place("lost", "here")),
        (4, Place("opportunity", "served")),
        (5, Place("visit cap", "here")),
        (6, Place("captured", "here")),
    ]


def test_one_life_in_segments():
    """The third lead's stays: from where, to where, from when, until when."""
    found, known = segments(STORY), [*places(STORY.graph), None]
    rows = np.flatnonzero(found.lead == 2)
    captured, nurture = Place("captured", "here"), Place("nurture", "here")
    here, waits, served = (Place("mql", at) for at in ("here", "waiting", "served"))
    columns = (found.came_from, found.place)
    told = [
        (*(known[column[row]] for column in columns), found.begun[row])
        for row in rows.tolist()
    ]

    assert told == [
        (None, captured, 1),
        (captured, here, 2.5),
        (here, waits, 2.5),
        (waits, served, 3),
        (served, here, 4),
        (here, nurture, 4),
        (nurture, here, 8),
        (here, waits, 8),
        (waits, served, 8),
    ]
    assert found.until[rows].tolist() == [2.5, 2.5, 3, 4, 4, 8, 8, 8, np.inf]


def test_nobody_comes():
    """A log without leads has no stays, and they need no spots."""
    found = segments(NOTHING)

    assert (0, []) == (len(found), spots(found, 5).tolist())


@settings(max_examples=60)
@given(LOGS, st.floats(0, 1))
def test_everybody_who_has_come_is_in_exactly_one_place(log, share):
    """At any time each lead that has come is there once, and nobody else is."""
    day = share * log.graph.horizon
    come = np.unique(log.lead[log.time <= day]).tolist()

    assert come == [lead for lead, _ in where(log, day)]


@settings(max_examples=60)
@given(LOGS, st.floats(0, 1))
def test_stages_hold_whom_the_log_says(log, share):
    """Who is in a stage is whose last step up to then led there."""
    day = share * log.graph.horizon
    last: dict[int, str] = {}
    for row in np.flatnonzero((log.time <= day) & np.isin(log.event, [ENTER, END])):
        stage = log.graph.stage_names[log.stage[row]]
        last[int(log.lead[row])] = "visit cap" if log.event[row] == END else stage

    assert Counter(last.values()) == Counter(at.stage for _, at in where(log, day))


@settings(max_examples=40)
@given(LOGS)
def test_numbers_are_those_of_the_tables(log):
    """Day by day stages, queues and desks hold as many as the funnel's tables say."""
    teams = {at.name: at.team for at in log.graph.stages}
    counted: Counter[tuple[float, str]] = Counter()
    for day in {*work_in_progress(log)["day"]}:
        for _, at in where(log, day):
            counted[day, at.stage] += 1
            if at.state != "here" and teams[at.stage]:
                counted[day, f"{at.state} {teams[at.stage]}"] += 1
    stock, desks = work_in_progress(log), queue_length(log)
    said = [((day, at), n) for day, at, n in stock.itertuples(index=False)]
    for day, team, waiting, in_hand in desks.itertuples(index=False):
        said += [
            ((day, f"waiting {team}"), waiting),
            ((day, f"served {team}"), in_hand),
        ]

    assert said == [(key, counted[key]) for key, _ in said]


@settings(max_examples=60)
@given(LOGS)
def test_no_two_share_a_spot(log):
    """Spots in a place are used by one at a time, and no more than are ever needed."""
    found = segments(log)
    taken = spots(found, len(places(log.graph)))
    most: Counter[int] = Counter()
    for day in np.unique(found.begun):
        rows = np.flatnonzero(found.at(day))
        used = list(zip(found.place[rows].tolist(), taken[rows].tolist(), strict=True))
        for place, number in Counter(place for place, _ in used).items():
            most[place] = max(most[place], number)

        assert len(used) == len(set(used))
    lasting = found.until > found.begun
    needed = {
        place: int(taken[lasting & (found.place == place)].max()) + 1 for place in most
    }

    assert needed == dict(most)
