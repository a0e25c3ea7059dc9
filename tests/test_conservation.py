"""What no scenario can break: nobody is lost, doubled, idle for nothing or early.

The laws are checked on the log of any scenario, by walking through it as an auditor
would, with no help from either engine.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby, pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import CV, MEAN, scenarios, tied_scenarios

from simlib.calendars import is_open
from simlib.log import END, ENTER, FINISH, GIVE_UP, QUEUE, START, EventLog
from simlib.run import simulate
from simlib.scenario import Scenario

ANY = st.one_of(scenarios(), tied_scenarios())
# What may follow what in one life; an `enter` may lead anywhere else.
NEXT = {
    ENTER: {ENTER, QUEUE, END},
    QUEUE: {START, GIVE_UP},
    START: {FINISH, ENTER, END},
    FINISH: {ENTER, END},
    GIVE_UP: {ENTER, END},
    END: set(),
}

Row = tuple[float, int, int, int]


def rows(log: EventLog) -> list[Row]:
    """Return (time, lead, event, stage) of each event."""
    columns = (log.time, log.lead, log.event, log.stage)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def lives(log: EventLog) -> dict[int, list[Row]]:
    """Return each lead's events in their order."""
    told: dict[int, list[Row]] = {}
    for row in rows(log):
        told.setdefault(row[1], []).append(row)
    return told


@settings(max_examples=60)
@given(ANY)
def test_time_does_not_run_backwards(scenario):
    """Events stand in order of time and lead, from day 0 to before the horizon."""
    log = simulate(scenario).log
    keys = [row[:2] for row in rows(log)]

    assert keys == sorted(keys)
    assert all(0 <= time < scenario.horizon for time, _ in keys)


@settings(max_examples=60)
@given(ANY)
def test_everybody_who_arrives_has_one_life(scenario):
    """Each lead begins with one step into its source's entry, and the log knows it."""
    log = simulate(scenario).log
    entries = [log.graph.stage_code(at.entry) for at in scenario.sources.values()]
    begun = {lead: life[0][2:] for lead, life in lives(log).items()}

    assert begun == {
        lead: (ENTER, entries[source]) for lead, source in enumerate(log.leads.source)
    }


@settings(max_examples=60)
@given(ANY)
def test_nobody_is_in_two_stages(scenario):
    """Whatever happens to a lead happens in the stage that it entered last.

    And in an order that makes sense: no start without a queue, nothing after an end.
    """
    log = simulate(scenario).log
    ends = {code for code, stage in enumerate(log.graph.stages) if stage.terminal}
    for life in lives(log).values():
        stage = life[0][3]
        for (_, _, event, _), (_, _, then, where) in pairwise(life):
            assert then in NEXT[event]
            assert stage not in ends
            assert where == stage or then in {ENTER, END}
            stage = where


@settings(max_examples=60)
@given(ANY)
def test_leads_are_conserved_at_every_instant(scenario):
    """Who has arrived is in exactly one stage or has come to an end, at all times."""
    log = simulate(scenario).log
    inside: Counter[int] = Counter()
    last: dict[int, int] = {}
    ended = 0
    for _, lead, event, stage in rows(log):
        if event == ENTER:
            inside[stage] += 1
        if event in {ENTER, END} and lead in last:
            inside[last[lead]] -= 1
        ended += event == END
        if event == ENTER:
            last[lead] = stage

        assert len(last) == ended + sum(inside.values())
        assert min(inside.values()) >= 0


@settings(max_examples=60)
@given(ANY)
def test_every_lead_has_come_to_an_end_or_is_in_progress(scenario):
    """At the horizon each lead is in an end, at its cap, or before an open event."""
    log = simulate(scenario).log
    graph = log.graph
    for life in lives(log).values():
        _, _, event, code = life[-1]
        stage = graph.stages[code]
        in_an_end = event == ENTER and bool(stage.terminal)
        at_the_cap = event == END
        waits = event == QUEUE and stage.team != ""
        is_served = event == START and stage.team != ""
        on_the_way = event in {ENTER, FINISH, GIVE_UP} and not stage.terminal

        assert 1 == in_an_end + at_the_cap + waits + is_served + on_the_way


def present(log: EventLog, name: str, time: float) -> int:
    """Return how many people or slots a team has, after an instant."""
    names = [team.name for team in log.graph.teams]
    if log.evenings is not None:
        mine = log.evenings[log.evenings["team"] == names.index(name)]
        passed = mine[mine["time"] <= time]
        if len(passed):
            return int(passed["present"][-1])
    return log.graph.teams[names.index(name)].servers


def least_busy(scenario: Scenario, log: EventLog, name: str, time: float) -> int:
    """Return how many people or slots of a team must be in use where a lead waits.

    Who was dealt to one person waits for that one, or for who comes when that one quit.
    """
    team = scenario.teams[name]
    if team.order != "round_robin":
        return present(log, name, time)
    servers = {at.name: at.servers for at in log.graph.teams}[name]
    return 0 if team.morale else servers // team.people


@settings(max_examples=80)
@given(ANY)
def test_nobody_is_idle_while_a_lead_waits(scenario):
    """After each instant of an open desk all present are busy, or nobody waits there.

    Where leads are dealt in turn, somebody is busy at least; with morale not even that,
    for all who wait may wait for one who quit. And never are more leads served at once
    than there are people or slots.
    """
    log = simulate(scenario).log
    stages, teams = log.graph.stages, {team.name: team for team in log.graph.teams}
    waiting: Counter[str] = Counter()
    busy: Counter[str] = Counter()
    holds: dict[int, str] = {}
    for time, events in groupby(rows(log), key=lambda row: row[0]):
        for _, lead, event, code in events:
            team = stages[code].team
            if event == ENTER and lead in holds:
                busy[holds.pop(lead)] -= 1
            waiting[team] += (event == QUEUE) - (event in {START, GIVE_UP})
            busy[team] += (event == START) - (event == FINISH)
            if event == START and stages[code].slots:
                holds[lead] = team
            if event == END and lead in holds:
                busy[holds.pop(lead)] -= 1
        for name, team in teams.items():
            assert busy[name] <= team.servers
            if waiting[name] and is_open(team.calendar, time):
                assert busy[name] >= least_busy(scenario, log, name, time)


WORK = st.one_of(
    st.sampled_from([0, 0.25, 1]),
    st.builds(lambda mean, cv: {"dist": "gamma", "mean": mean, "cv": cv}, MEAN, CV),
)


def one_desk(people: int, work: Any, per_day: float, **others: Any) -> Scenario:
    """Return a scenario of one queue, first come first served."""
    stage = {"team": "sdr", "work": work, "next": {"won": {"rate": 1}}, **others}
    return Scenario.of(
        {
            "name": "one desk",
            "horizon": 30,
            "stages": {
                "captured": stage,
                "won": {"terminal": "won"},
                "lost": {"terminal": "lost"},
            },
            "teams": {"sdr": {"people": people}},
            "sources": {"web": {"leads": {"per_day": per_day, "overdispersion": 3}}},
        }
    )


def starts(scenario: Scenario, seed: int) -> np.ndarray:
    """Return when each lead's work began, infinity if it did not."""
    log = simulate(scenario, seed=seed).log
    start = np.full(len(log.leads), np.inf)
    begun = log.event == START
    start[log.lead[begun]] = log.time[begun]
    return start


@settings(max_examples=60)
@given(WORK, st.integers(1, 3), st.sampled_from([0.5, 2, 4]), st.booleans())
def test_first_come_first_served(work, people, per_day, gives_up):
    """Who came earlier is not served later, whether or not others give up."""
    patience = {"patience": {"dist": "exponential", "mean": 1}} if gives_up else {}
    start = starts(one_desk(people, work, per_day, **patience), seed=3)
    served = start[np.isfinite(start)]

    assert np.all(np.diff(served) >= 0)


@settings(max_examples=60)
@given(WORK, st.integers(1, 3), st.sampled_from([0.5, 2, 4]), st.integers(0, 9))
def test_more_people_never_make_anybody_wait_longer(work, people, per_day, seed):
    """On the same population one more person delays nobody's start, not by a bit.

    It is a theorem for one first-come-first-served desk without giving up and without
    ways back (the ordered workloads of c + 1 servers lie below those of c; Kiefer and
    Wolfowitz 1955). With patience, loops or several desks it is none: who is served
    sooner, or at all, may take a person away from somebody else.
    """
    few = starts(one_desk(people, work, per_day), seed)
    many = starts(one_desk(people + 1, work, per_day), seed)

    assert np.all(many <= few)
