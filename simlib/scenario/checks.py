"""What no single part can see: whether the parts of a scenario fit together.

In: a scenario's fields. Out: nothing, or the first problem as (path, message). Each
check is one function that yields what it finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from simlib.errors import nearest
from simlib.log import KINDS
from simlib.scenario.models import OTHERS, Rate, ScenarioFields, Stage

Problem = tuple[str, str]
NURTURE = "nurture"
TOLERANCE = 1e-9


def problems(scenario: ScenarioFields) -> Iterator[Problem]:
    """Yield every problem between the parts, the most basic ones first."""
    yield from _frame(scenario)
    if scenario.stages:
        yield from _references(scenario)
        for name, stage in scenario.stages.items():
            yield from _stage(name, stage, scenario)
        yield from _rates(scenario)
        yield from _cycles(scenario)


def stage_names(scenario: ScenarioFields) -> list[str]:
    """Return the stages, the nurture pool included where there is one."""
    pool = [NURTURE] if scenario.nurture else []
    return [*scenario.stages, *pool]


def _known(path: str, what: str, given: str, known: Iterable[str]) -> Iterator[Problem]:
    names = list(known)
    if given not in names:
        listed = ", ".join(names) or "none"
        yield path, f"unknown {what} '{given}'; known: {listed}.{nearest(given, names)}"


def _frame(scenario: ScenarioFields) -> Iterator[Problem]:
    if not scenario.stages:
        yield "stages", "there is none; a scenario needs at least one"
    if not scenario.sources:
        yield "sources", "there is none; a scenario needs at least one"
    if scenario.start.weekday() != 0:
        day = scenario.start.strftime("%A")
        yield "start", f"{scenario.start} is a {day}; day 0 must be a Monday"
    if NURTURE in scenario.stages and scenario.nurture:
        yield "nurture", "there is a stage of that name too; keep one of the two"


def _references(scenario: ScenarioFields) -> Iterator[Problem]:
    stages = stage_names(scenario)
    for name, stage in scenario.stages.items():
        here = f"stages.{name}"
        for to in stage.next:
            yield from _known(f"{here}.next.{to}", "stage", to, stages)
        for key in ("leak", "went_cold", "not_reached"):
            way = getattr(stage, key)
            if way is not None:
                yield from _known(f"{here}.{key}.to", "stage", way.to, stages)
        for key in ("team", "slots"):
            team = getattr(stage, key)
            if team is not None:
                yield from _known(f"{here}.{key}", "team", team, scenario.teams)
    if scenario.nurture:
        yield from _known("nurture.to", "stage", scenario.nurture.to, stages)
        if scenario.nurture.drop_out_per_month and not default_leak(scenario):
            yield "nurture.drop_out_per_month", "needs a stage with terminal: lost"
    for name, source in scenario.sources.items():
        entry = source.entry or default_entry(scenario)
        yield from _known(f"sources.{name}.entry", "stage", entry, stages)
    if scenario.deal and "pipeline_stage" in scenario.deal.model_fields_set:
        given = scenario.deal.pipeline_stage
        yield from _known("deal.pipeline_stage", "stage", given, stages)


def _stage(name: str, stage: Stage, scenario: ScenarioFields) -> Iterator[Problem]:
    here = f"stages.{name}"
    if stage.terminal:
        set_here = stage.model_fields_set - {"terminal"}
        if set_here:
            extra = ", ".join(sorted(set_here))
            yield f"{here}.{extra}", "a terminal stage has nothing but its terminal"
        return
    if not stage.next and stage.leak is None:
        yield here, "leads never leave it; give it next, leak or terminal: won | lost"
    if stage.team and stage.slots:
        yield f"{here}.slots", "a stage has a team or slots, not both"
    if stage.team and stage.work is None:
        yield f"{here}.work", "missing: how many days of work a lead takes the team"
    if not stage.team:
        for key in ("work", "contact", "not_reached"):
            if getattr(stage, key) is not None:
                yield f"{here}.{key}", "needs a team that works in this stage"
    if stage.not_reached and not stage.contact:
        yield f"{here}.not_reached", "needs a contact curve"
    if not stage.team and not stage.slots:
        for key in ("patience", "went_cold"):
            if getattr(stage, key) is not None:
                yield f"{here}.{key}", "nobody waits here; name a team or slots"
    if stage.went_cold and stage.patience is None:
        yield f"{here}.went_cold", "needs a patience, else nobody goes cold"
    if stage.leak is None and default_leak(scenario) is None:
        yield from _nowhere_to_leak(here, stage, scenario)


def _nowhere_to_leak(
    here: str, stage: Stage, scenario: ScenarioFields
) -> Iterator[Problem]:
    """Yield a problem if some lead might leak and there is no stage to leak to."""
    waits = stage.patience is not None and stage.went_cold is None
    unreached = stage.contact is not None and stage.not_reached is None
    if waits or unreached or not _all_pass(stage, scenario):
        yield f"{here}.leak", "missing: where leads go that take no transition"


def _all_pass(stage: Stage, scenario: ScenarioFields) -> bool:
    """Return whether the rates sum to 1 for each source and kind."""
    pairs = ((source, kind) for source in scenario.sources for kind in KINDS)
    return all(
        sum(rate_of(way.rate, *pair) for way in stage.next.values()) > 1 - TOLERANCE
        for pair in pairs
    )


def default_leak(scenario: ScenarioFields) -> str | None:
    """Return the stage for leads without a leak of their own: the first lost one."""
    ends = (name for name, at in scenario.stages.items() if at.terminal == "lost")
    return next(ends, None)


def default_entry(scenario: ScenarioFields) -> str:
    """Return the stage that leads enter: captured if there is one, else the first."""
    return "captured" if "captured" in scenario.stages else next(iter(scenario.stages))


def rate_of(rate: Rate, source: str, kind: str) -> float:
    """Return the rate for a lead of a source and a kind, from any form of it."""
    found: Any = rate
    if isinstance(found, dict) and not set(found) <= set(KINDS):
        found = found.get(source, found.get(OTHERS, 0.0))
    if isinstance(found, dict):
        found = found.get(kind, 0.0)
    return float(found)


def _rates(scenario: ScenarioFields) -> Iterator[Problem]:
    for name, stage in scenario.stages.items():
        for to, way in stage.next.items():
            yield from _rate_keys(f"stages.{name}.next.{to}.rate", way.rate, scenario)
        for source in scenario.sources:
            yield from _rate_sum(name, stage, source)
    for name, team in scenario.teams.items():
        yield from _rate_keys(f"teams.{name}.hot", team.hot, scenario)


def _rate_keys(path: str, rate: Rate, scenario: ScenarioFields) -> Iterator[Problem]:
    if not isinstance(rate, dict):
        return
    if not rate:
        yield path, "is empty; give a number, or a rate for each kind or source"
    if set(rate) <= set(KINDS):
        yield from _missing_kinds(path, rate)
        return
    for key, inner in rate.items():
        if key in KINDS:
            yield path, f"mixes kinds ('{key}') and sources; nest kinds inside sources"
        elif key != OTHERS:
            known = [*scenario.sources, OTHERS, *KINDS]
            yield from _known(f"{path}.{key}", "source or kind", key, known)
        if isinstance(inner, dict):
            yield from _missing_kinds(f"{path}.{key}", inner)
    left_out = [name for name in scenario.sources if name not in rate]
    if left_out and OTHERS not in rate:
        yield path, f"no rate for source {left_out[0]}; add it, or '{OTHERS}'"


def _missing_kinds(path: str, rate: dict[Any, Any]) -> Iterator[Problem]:
    missing = [kind for kind in KINDS if kind not in rate]
    if missing:
        yield path, f"no rate for kind {', '.join(missing)}; 0 is a rate too"


def _rate_sum(name: str, stage: Stage, source: str) -> Iterator[Problem]:
    for kind in KINDS:
        total = sum(rate_of(way.rate, source, kind) for way in stage.next.values())
        if total > 1 + TOLERANCE:
            yield (
                f"stages.{name}.next",
                f"the rates sum to {total:g} (source {source}, kind {kind}); "
                "they must sum to 1 or less",
            )
            return


def ways_out(name: str, scenario: ScenarioFields) -> list[str]:
    """Return every stage that a lead may enter from a stage."""
    if name == NURTURE and scenario.nurture:
        lost = default_leak(scenario)
        return [scenario.nurture.to, *([lost] if lost else [])]
    stage = scenario.stages[name]
    if stage.terminal:
        return []
    exits = [stage.leak, stage.went_cold, stage.not_reached]
    fallback = default_leak(scenario) if stage.leak is None else None
    listed = [*stage.next, *(way.to for way in exits if way)]
    return [*listed, fallback] if fallback else listed


def _cycles(scenario: ScenarioFields) -> Iterator[Problem]:
    """Yield a cycle in which no stage caps its visits."""
    free = {name for name, at in scenario.stages.items() if at.visits is None}
    graph = {name: free.intersection(ways_out(name, scenario)) for name in free}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        loop = list(reversed(error.args[1]))
        yield (
            f"stages.{loop[0]}.visits",
            f"leads may go round for ever ({' -> '.join(loop)}); cap the visits of "
            "one of these stages",
        )
