"""Which controls suit a scenario that nobody has chosen any for.

In: a scenario. Out: paths, the most telling first. No widget is made here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any

from simlib.scenario import Scenario

MOST = 6
FEW_SOURCES = 2


def paths(scenario: Scenario) -> list[str]:
    """Return up to six paths: demand, form, teams, the holes, nurture, prices."""
    parts = chain(
        _demand(scenario),
        _gating(scenario),
        _teams(scenario),
        _rates(scenario),
        _nurture(scenario),
        _prices(scenario),
    )
    return list(islice(dict.fromkeys(parts), MOST))


def _demand(scenario: Scenario) -> Iterator[str]:
    """Yield how many come, from each source or from all."""
    leads = {
        name: "per_month" if source.leads.per_month is not None else "per_day"
        for name, source in scenario.sources.items()
        if source.leads.per_month or source.leads.per_day
    }
    if len(leads) <= FEW_SOURCES:
        yield from (f"sources.{name}.leads.{key}" for name, key in leads.items())
    else:
        keys = dict.fromkeys(leads.values())  # a firm may count some by day
        yield from (f"sources.*.leads.{key}" for key in keys)
    meets = {name: one.meets for name, one in scenario.sources.items() if one.meets}
    for name in [name for name, one in meets.items() if one.per_month][:FEW_SOURCES]:
        yield f"sources.{name}.meets.per_month"


def _gating(scenario: Scenario) -> Iterator[str]:
    """Yield what stands behind a form, where there is a market."""
    if scenario.market and isinstance(scenario.market.gating, str):
        yield "market.gating"


def _teams(scenario: Scenario) -> Iterator[str]:
    """Yield the people of the teams, and in which order they work."""
    asked = [stage.team for stage in scenario.stages.values() if stage.team]
    for team in list(scenario.teams)[:2]:
        yield f"teams.{team}.people"
    if asked:
        yield f"teams.{asked[0]}.order"


def _rates(scenario: Scenario) -> Iterator[str]:
    """Yield the rates on the way to a customer, the last ones first."""
    for name, stage in reversed(scenario.stages.items()):
        for to, way in islice(stage.next.items(), 1):
            path = f"stages.{name}.next.{to}.rate"
            rate: Any = way.rate
            by_name = isinstance(rate, Mapping)
            named = [each for each in scenario.sources if by_name and each in rate]
            if named and not any(isinstance(rate[each], Mapping) for each in named):
                yield from (f"{path}.{each}" for each in named)
            else:
                yield path


def _nurture(scenario: Scenario) -> Iterator[str]:
    """Yield how fast nurture wakes leads."""
    if scenario.nurture and scenario.nurture.ready_rate("not_yet"):
        yield "nurture.ready_per_month"


def _prices(scenario: Scenario) -> Iterator[str]:
    """Yield what the first source costs."""
    name, source = next(iter(scenario.sources.items()))
    if source.cost.per_lead:
        yield f"sources.{name}.cost.per_lead"
    elif source.cost.per_month:
        yield f"sources.{name}.cost.per_month"
