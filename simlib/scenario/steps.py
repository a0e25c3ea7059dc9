"""Steps: the stages of a scenario in the order in which leads take them.

In: a scenario, whose file may name its stages in any order. Out: their names, those
beside the way apart. Nothing here runs a scenario.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from simlib.scenario import Scenario
from simlib.scenario.checks import default_entry

NURTURE = "nurture"
Ways = Mapping[str, list[str]]
Place = TypeVar("Place", bound=Hashable)


def in_order(scenario: Scenario) -> list[str]:
    """Return the stages on the way to a customer: each after all that lead to it.

    Lost ends and side stations are left out, and won ends come last. Where leads go
    round in a circle, and where nothing else decides, the file's order counts.
    """
    ends = {name: stage.terminal for name, stage in scenario.stages.items()}
    beside = side_stations(scenario)
    left = [name for name in ends if not ends[name] and name not in beside]
    ways, found = _forward(scenario), list[str]()
    while left:
        behind = {to for name in left for to in ways[name]}
        found.append(next(name for name in left if name not in behind))
        left.remove(found[-1])
    return [*found, *(name for name, end in ends.items() if end == "won")]


def side_stations(scenario: Scenario) -> list[str]:
    """Return the stages that are a detour: one step leads past each of them."""
    ways = _forward(scenario)
    # The way from one side station to another is not what it leads past.
    return _detours(ways, set(_detours(ways, set())))


def _detours(ways: Ways, beside: set[str]) -> list[str]:
    return [
        name
        for name, onwards in ways.items()
        if any(name in to and set(onwards) & set(to) - beside for to in ways.values())
    ]


def passed_by(scenario: Scenario) -> set[str]:
    """Return the stages that some who become customers need never have been in."""
    ways, entries = _all_ways(scenario), _entries(scenario)
    won = {name for name, one in scenario.stages.items() if one.terminal == "won"}
    ahead = {
        name: reached(entries - {name}, ways, without=name)
        for name in set(scenario.stages) - won
    }
    return {name for name, there in ahead.items() if won & there}


def takes_time(scenario: Scenario) -> bool:
    """Return whether a lead is some time on its way."""
    ways = [way for stage in scenario.stages.values() for way in stage.next.values()]
    return any(way.lag != 0 for way in ways)


def _forward(scenario: Scenario) -> dict[str, list[str]]:
    """Return the steps forward from each stage: in a circle, those of the file."""
    stages = scenario.stages
    every = {name: list(stage.next) for name, stage in stages.items()}
    place = {name: number for number, name in enumerate(stages)}
    return {
        name: [
            to
            for to in onwards
            if to in stages
            and stages[to].terminal != "lost"
            and (place[name] < place[to] or name not in reached({to}, every))
        ]
        for name, onwards in every.items()
    }


def _all_ways(scenario: Scenario) -> dict[str, list[str]]:
    """Return where leads may go from each stage, nurture included."""
    ways = {name: list(stage.next) for name, stage in scenario.stages.items()}
    for name, stage in scenario.stages.items():
        ends = (stage.leak, stage.went_cold, stage.not_reached)
        ways[name] += [end.to for end in ends if end]
    if scenario.nurture:
        nurture = scenario.nurture
        ways[NURTURE] = [to for to in (nurture.to, nurture.hand_to) if to]
    return ways


def _entries(scenario: Scenario) -> set[str]:
    usual = default_entry(scenario)
    return {source.entry or usual for source in scenario.sources.values()}


def reached(
    starts: Iterable[Place],
    steps: Mapping[Place, Iterable[Place]],
    without: Place | None = None,
) -> set[Place]:
    """Return the places, such as stages, that can be reached from some, and these.

    Parameters
    ----------
    starts : iterable
    steps : mapping
        From a place to those that follow; nothing follows one that is not in it.
    without : optional
        A place that may not be entered.
    """
    found, waiting = set[Place](), list(starts)
    while waiting:
        place = waiting.pop()
        if place not in found and place != without:
            found.add(place)
            waiting += steps.get(place, ())
    return found
