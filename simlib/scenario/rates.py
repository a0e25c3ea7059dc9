"""What a rate of a scenario comes to, for a lead of a source, a kind and some traits.

In: a scenario's fields. Out: numbers, and the traits that some rate tells apart. It
checks nothing; see `simlib.scenario.checks`.
"""

from __future__ import annotations

from operator import mul
from typing import Any

from simlib.log import KINDS
from simlib.scenario.meetings import Abm, Meets
from simlib.scenario.models import ScenarioFields, Stage
from simlib.scenario.qualification import Asked, Trait, traits_of
from simlib.scenario.values import OTHERS, Rate


def rate_of(rate: Rate, source: str, kind: str) -> float:
    """Return the rate for a lead of a source and a kind, from any form of it."""
    found: Any = rate
    if isinstance(found, dict) and not set(found) <= set(KINDS):
        found = found.get(source, found.get(OTHERS, 0.0))
    if isinstance(found, dict):
        found = found.get(kind, 0.0)
    return float(found)


def ways_of(scenario: ScenarioFields) -> list[Asked]:
    """Return all transitions of a scenario."""
    return [way for at in scenario.stages.values() for way in at.next.values()]


def traits(scenario: ScenarioFields) -> list[Trait]:
    """Return every trait that the rates of a scenario tell from others."""
    listed = scenario.checklist.questions if scenario.checklist else {}
    return traits_of(ways_of(scenario), listed, abm_of(scenario).wins_times)


def the_list(scenario: ScenarioFields) -> Meets | None:
    """Return how the list of accounts is met for which something is done (ABM)."""
    meeting = (at.meets for at in scenario.sources.values() if at.meets)
    return next((meets for meets in meeting if meets.abm), None)


def abm_of(scenario: ScenarioFields) -> Abm:
    """Return what is done for the accounts of that list; nothing without one."""
    listed = the_list(scenario)
    nothing = Abm(contacts=1, wins_times=1.0, value_times=1.0)
    return listed.abm or nothing if listed else nothing


def lifts(stage: Stage, scenario: ScenarioFields, trait: Trait) -> list[float]:
    """Return the factors on a stage's rates of who is sold to with more care.

    That is context of a hand-off, for all ways but ends, and a list of accounts, for
    the way to an end that is won.
    """
    said = stage.hand_off
    context = said.rate_times if said and said.context else 1.0
    won = abm_of(scenario).wins_times if trait.listed else 1.0
    factors = {None: context, "won": won, "lost": 1.0}
    ends = [getattr(scenario.stages.get(to), "terminal", None) for to in stage.next]
    return [factors[end] for end in ends]


def factors_of(
    stage: Stage, scenario: ScenarioFields, trait: Trait, kind: str
) -> tuple[float, ...]:
    """Return the factors on a stage's rates of a kind of lead with a trait."""
    asked = (way.factor(trait, kind) for way in stage.next.values())
    return tuple(map(mul, lifts(stage, scenario, trait), asked))
