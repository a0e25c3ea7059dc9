"""An arm of E11: whose hours a lead takes, if calls are made by people (S5).

One desk makes outbound's calls and works the leads of both sources. A conversation
takes 48 calls of five minutes: 370 to a meeting [V36], of which .13 come of a
conversation. A lead takes two and a half hours, wherever it comes from. Bands were
written before the first run. Each runs quickly and at full precision; see efforts.py.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from efforts import Effort

import simlib as sl
from simlib.funnel import histories

CALLS, HOUR = 48, 0.175
"""Calls to a conversation; an office hour in days of a clock that never stops."""
STOP = 730.5


def at_one_desk(people: int, **outbound: object) -> sl.Scenario:
    """Return content and outbound before one desk of so many people."""
    said = sl.load("compounds_or_stops").said()
    work = {"dist": "exponential", "mean": 2.5 * HOUR}
    call = {"dist": "exponential", "mean": HOUR / 12}
    said["stages"]["captured"] |= {"team": "sdr", "work": work}
    said["stages"]["called"] = {
        "anonymous": True,
        "team": "sdr",
        "work": call,
        "next": {"captured": {"rate": 1 / CALLS, "lag": 0}},
        "leak": {"to": "lost", "reason": "no answer"},
    }
    said["teams"] = {"sdr": {"people": people, "calendar": "always_on"}}
    calls = {"shape": "effort", "per_month": 24 * CALLS, "stop": STOP, **outbound}
    said["sources"]["outbound"] |= {"entry": "called", "leads": calls}
    return sl.Scenario.of(said)


@cache
def hours(effort: Effort) -> dict[str, np.ndarray]:
    """Return leads and hours of work in two years, and hours in the one after."""
    found: dict[str, np.ndarray] = {}
    for number in range(effort.of(4, 64)):
        log = sl.simulate(at_one_desk(3), seed=1, replication=number).log
        past = histories(log)
        source, begun = past.source[past.works.lead], past.works.begun
        captured = log.graph.stage_code("captured")
        first = np.unique(past.visits.lead[past.visits.stage == captured])
        came = past.source[first], past.arrived[first]
        for name, here, weights in (
            ("leads", came[0][came[1] < STOP], None),
            ("before", source[begun < STOP], past.works.days[begun < STOP] / HOUR),
            ("after", source[begun >= STOP + 7], None),
        ):
            sums = np.bincount(here, weights, minlength=2)
            found[name] = found.get(name, 0) + sums
    return found


def test_e11_a_lead_by_calls_takes_two_and_a_half_times_the_hours(effort):
    """By content 2.5 hours; by outbound 48 x 5 minutes more: 6.5, or 2.6 times."""
    content, outbound = hours(effort)["before"] / hours(effort)["leads"]

    assert content == pytest.approx(2.5, rel=effort.of(0.04, 0.01))
    assert outbound / content == pytest.approx(2.6, rel=effort.of(0.05, 0.0125))


def test_e11_when_the_calls_stop_only_content_has_work_for_people(effort):
    """A week after the stop nobody calls; content's leads still come to the desk."""
    content, outbound = hours(effort)["after"]

    assert outbound == 0 < content


def test_e11_calls_make_the_others_wait(effort):
    """Two people: with outbound's calls content's leads wait at least twice as long."""
    worlds = {"calls": at_one_desk(2), "none": at_one_desk(2, per_month=0.0)}
    study = sl.compare(
        {name: world.changed({"horizon": STOP}) for name, world in worlds.items()},
        replications=effort.of(4, 64),
    )
    waits = [
        study.studies[name].values("wait_days.sdr.mean", "content").mean()
        for name in worlds
    ]

    assert waits[0] > 2 * waits[1]
