"""What the strategies draw: every mechanism, and often enough that it happens.

Two engines agree about any scenario only if every kind of scenario is drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import scenarios, tied_scenarios
from town_strategies import markets

from simlib import fast_engine
from simlib.log import ENTER, GIVE_UP, START, EventLog
from simlib.plan import compiled
from simlib.population import Population
from simlib.scenario import Scenario
from simlib.scenario.models import Source, Stage
from simlib.scenario.qualification import Asked

EXAMPLES, ENOUGH = 300, 3
Happens = Callable[[Scenario, EventLog], object]


def entered(scenario: Scenario, log: EventLog) -> list[Stage]:
    """Return the stages that somebody entered."""
    names = names_of(log, ENTER)
    return [scenario.stages[name] for name in names if name in scenario.stages]


def names_of(log: EventLog, event: int) -> list[str]:
    """Return the names of the stages in which some event happens."""
    codes = np.unique(log.stage[log.event == event])
    return [log.graph.stage_names[code] for code in codes]


def ways(scenario: Scenario, log: EventLog) -> Iterator[Asked]:
    """Return the ways out of the stages that somebody entered."""
    return (way for at in entered(scenario, log) for way in at.next.values())


def bringing(scenario: Scenario, log: EventLog) -> list[Source]:
    """Return the sources of which somebody came."""
    codes = np.unique(log.leads.source)
    return [scenario.sources[log.graph.sources[code]] for code in codes]


def comes_back(_: Scenario, log: EventLog) -> bool:
    """Whether somebody entered a stage twice."""
    visits = np.column_stack([log.lead, log.stage])[log.event == ENTER]
    return len(np.unique(visits, axis=0)) < len(visits)


def at_one_moment(_: Scenario, log: EventLog) -> bool:
    """Whether two people were taken on at one moment."""
    started = log.time[log.event == START]
    return len(np.unique(started)) < len(started)


def serving(scenario: Scenario, log: EventLog, key: str, value: str) -> bool:
    """Whether somebody started in a team of some kind."""
    stages = [scenario.stages[name] for name in names_of(log, START)]
    teams = [scenario.teams[str(at.team or at.slots)] for at in stages]
    return any(getattr(team, key) == value for team in teams)


def place_left(_: Scenario, log: EventLog) -> bool:
    """Whether somebody quit."""
    return log.evenings is not None and bool((log.evenings["quitted"] > 0).any())


def dealt_past_a_place(scenario: Scenario, log: EventLog) -> bool:
    """Whether somebody quit whose colleagues go on being dealt leads in turn."""
    if log.evenings is None:
        return False
    left = np.unique(log.evenings["team"][log.evenings["quitted"] > 0])
    teams = [[*scenario.teams.values()][number] for number in left]
    return any(team.order == "round_robin" and team.people > 1 for team in teams)


def burnt(scenario: Scenario, log: EventLog) -> bool:
    """Whether a list burnt the reputation of a sender whose mails bring leads."""
    found = bringing(scenario, log)
    drops = [scenario.reputation.drop(at.burn) for at in found if at.burn]
    return max(drops, default=0) > 0 and any(at.by_mail for at in found)


MECHANISMS: dict[str, Happens] = {
    "loops": comes_back,
    "several teams": lambda s, log: (
        len(
            {
                s.stages[name].team or s.stages[name].slots
                for name in names_of(log, START)
            }
        )
        > 1
    ),
    "calls in order of heat": lambda s, log: serving(s, log, "order", "hot_first"),
    "last in, first out": lambda s, log: serving(s, log, "order", "lifo"),
    "dealt in turn": lambda s, log: serving(s, log, "order", "round_robin"),
    "dealt past an empty place": dealt_past_a_place,
    "giving up": lambda _, log: GIVE_UP in log.event,
    "working hours": lambda s, log: serving(s, log, "calendar", "business_hours"),
    "slots": lambda s, log: any(at.slots for at in entered(s, log)),
    "one-off imports": lambda s, log: any(at.leads.imports for at in bringing(s, log)),
    "ties": at_one_moment,
    "nurture": lambda s, log: s.nurture and "nurture" in log.graph.stage_names,
    "buyers": lambda _, log: (
        log.leads.buyer is not None and (log.leads.buyer >= 0).any()
    ),
    "needs of some regularity": lambda s, log: (
        s.market
        and {s.market.out_cv, s.market.in_cv} != {1.0}
        and (log.leads.buyer >= 0).any()
    ),
    "raised hands": lambda s, log: any(
        at.meets and at.meets.by == "hand_raise" for at in bringing(s, log)
    ),
    "one memory for all": lambda s, log: (
        s.market and s.market.goodwill and (log.leads.buyer >= 0).any()
    ),
    "activation": lambda s, log: any(
        s.market and s.market.goodwill and s.market.goodwill.activation
        for at in bringing(s, log)
        if at.meets and at.meets.by == "hand_raise"
    ),
    "a list of accounts": lambda s, log: any(
        at.meets and at.meets.abm for at in bringing(s, log)
    ),
    "bought meetings": lambda s, log: any(
        at.meets and at.meets.first_meeting_costs for at in bringing(s, log)
    ),
    "a habit that spreads": lambda s, log: any(
        at.leads.uptake for at in bringing(s, log)
    ),
    "morale": place_left,
    "ignored leads": lambda _, log: "ignored" in reasons(log),
    "scoring": lambda s, log: any(at.score for at in entered(s, log)),
    "hand-off": lambda s, log: any(at.hand_off for at in entered(s, log)),
    "contact": lambda _, log: "not reached" in reasons(log),
    "checklist": lambda s, log: any(way.checked for way in ways(s, log)),
    "answers that go together": lambda s, log: (
        s.checklist
        and s.checklist.common
        and any(way.checked or way.by_yes for way in ways(s, log))
    ),
    "answers in truth": lambda s, log: any(way.by_yes for way in ways(s, log)),
    "intent": lambda s, log: any(way.intent for way in ways(s, log)),
    "fields of forms": lambda s, log: any(way.by_fields for way in ways(s, log)),
    "forms": lambda s, log: any(at.form for at in bringing(s, log)),
    "shocks": lambda s, log: any(at.shocks for at in bringing(s, log)),
    "content": lambda s, log: any(at.leads.content for at in bringing(s, log)),
    "growth": lambda s, log: any(at.leads.growth_per_month for at in bringing(s, log)),
    "reputation": burnt,
}


def reasons(log: EventLog) -> set[str]:
    """Return every reason that stands in a log."""
    return {log.graph.reasons[code] for code in np.unique(log.reason)}


@pytest.fixture(scope="module")
def often() -> Counter[str]:
    """Return in how many of some hundred scenarios each mechanism is at work."""
    found: Counter[str] = Counter()

    @settings(max_examples=EXAMPLES, derandomize=True, database=None, deadline=None)
    @given(st.one_of(scenarios(), tied_scenarios(), markets()))
    def count(scenario: Scenario) -> None:
        log = fast_engine.simulate(Population(compiled(scenario), 1, 0))
        found.update(name for name, at in MECHANISMS.items() if at(scenario, log))

    count()
    return found


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_every_mechanism_is_drawn_and_happens(mechanism, often):
    """It happens to somebody in one of a hundred scenarios, or in more."""
    assert often[mechanism] >= ENOUGH
