"""What no single part can see: whether the parts of a scenario fit together.

In: a scenario's fields. Out: nothing, or the first problem as (path, message). Each
check is one function that yields what it finds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import product
from operator import mul
from typing import Any

from simlib.errors import nearest
from simlib.log import KINDS
from simlib.scenario.market import Market
from simlib.scenario.meetings import Meets
from simlib.scenario.models import ScenarioFields, Source, Stage
from simlib.scenario.qualification import Trait
from simlib.scenario.rates import factors_of, rate_of, traits
from simlib.scenario.values import OTHERS, Rate

Found = tuple[str, str]
NURTURE = "nurture"
TOLERANCE = 1e-9
MOST_LEADS = 20_000_000
MOST_ACTIONS = 1_000
MOST_WITH_MORALE = 200
EXITS = ("leak", "went_cold", "not_reached")


def problems(scenario: ScenarioFields) -> Iterator[Found]:
    """Yield every problem between the parts, the most basic ones first."""
    yield from _frame(scenario)
    yield from _references(scenario)
    for name, stage in scenario.stages.items():
        yield from _stage(name, stage, scenario)
    yield from _teams(scenario)
    yield from _rates(scenario)
    yield from _market(scenario)
    yield from _cycles(scenario)
    yield from _sizes(scenario)


def stage_names(scenario: ScenarioFields) -> list[str]:
    """Return the stages, the nurture pool included where there is one."""
    pool = [NURTURE] if scenario.nurture else []
    return [*scenario.stages, *pool]


def _known(path: str, what: str, given: str, known: Iterable[str]) -> Iterator[Found]:
    names = list(known)
    if given not in names:
        listed = ", ".join(names) or "none"
        yield path, f"unknown {what} '{given}'; known: {listed}.{nearest(given, names)}"


def _frame(scenario: ScenarioFields) -> Iterator[Found]:
    monday = scenario.start - dt.timedelta(days=scenario.start.weekday())
    if monday != scenario.start:
        yield "start", f"{scenario.start} is no Monday; day 0 must be one: {monday}"
    if NURTURE in scenario.stages and scenario.nurture:
        yield "nurture", "there is a stage of that name too; keep one of the two"
    for name in scenario.sources:
        if name in {*KINDS, OTHERS}:
            yield f"sources.{name}", "rates use this word; give it another name"


def _references(scenario: ScenarioFields) -> Iterator[Found]:
    for name, stage in scenario.stages.items():
        yield from _references_of(f"stages.{name}", stage, scenario)
    stages = stage_names(scenario)
    if scenario.nurture:
        yield from _known("nurture.to", "stage", scenario.nurture.to, stages)
        hand_to = scenario.nurture.hand_to or scenario.nurture.to
        yield from _known("nurture.hand_to", "stage", hand_to, stages)
        if scenario.nurture.drop_out_per_month and not default_leak(scenario):
            yield "nurture.drop_out_per_month", "needs a stage with terminal: lost"
    for name, source in scenario.sources.items():
        entry = source.entry or default_entry(scenario)
        path = f"sources.{name}.entry"
        yield from _known(path, "stage", entry, stages)
        if entry in scenario.stages and scenario.stages[entry].terminal:
            yield path, f"'{entry}' is an end; name the stage in which leads begin"
    if scenario.deal and "pipeline_stage" in scenario.deal.model_fields_set:
        given = scenario.deal.pipeline_stage
        yield from _known("deal.pipeline_stage", "stage", given, stages)


def _references_of(
    here: str, stage: Stage, scenario: ScenarioFields
) -> Iterator[Found]:
    stages = stage_names(scenario)
    for to in stage.next:
        yield from _known(f"{here}.next.{to}", "stage", to, stages)
    for key in EXITS:
        way = getattr(stage, key)
        if way is not None:
            yield from _known(f"{here}.{key}.to", "stage", way.to, stages)
    for key in ("team", "slots"):
        team = getattr(stage, key)
        if team is not None:
            yield from _known(f"{here}.{key}", "team", team, scenario.teams)


def _stage(name: str, stage: Stage, scenario: ScenarioFields) -> Iterator[Found]:
    here = f"stages.{name}"
    if stage.terminal:
        for extra in sorted(_given(stage) - {"terminal"}):
            yield f"{here}.{extra}", "an end has nothing but its terminal; take it out"
        return
    if not stage.next and stage.leak is None:
        yield here, "leads never leave it; give it next, leak or terminal: won | lost"
    yield from _desk(here, stage)
    yield from _score(here, stage)
    if stage.leak is None and default_leak(scenario) is None:
        yield from _nowhere_to_leak(here, stage, scenario)


def _given(stage: Stage) -> set[str]:
    """Return the keys of a stage that say something."""
    empty: tuple[Any, ...] = (None, False, {})
    return {key for key in stage.model_fields_set if getattr(stage, key) not in empty}


def _desk(here: str, stage: Stage) -> Iterator[Found]:
    """Yield what does not fit together in a stage's team, slots, work and waiting."""
    if stage.team and stage.slots:
        yield f"{here}.slots", "a stage has a team or slots, not both"
    if stage.team and stage.work is None:
        yield f"{here}.work", "is missing: how many days of work a lead takes the team"
    for key in ("work", "contact", "not_reached", "hand_off"):
        if not stage.team and getattr(stage, key) is not None:
            yield f"{here}.{key}", "needs a team that works in this stage"
    if stage.not_reached and not stage.contact:
        yield f"{here}.not_reached", "needs a contact curve (contact)"
    for key in ("patience", "went_cold"):
        if not stage.team and not stage.slots and getattr(stage, key) is not None:
            yield f"{here}.{key}", "nobody waits here; name a team or slots"
    if stage.went_cold and stage.patience is None:
        yield f"{here}.went_cold", "needs a patience, else nobody goes cold"


def _score(here: str, stage: Stage) -> Iterator[Found]:
    """Yield what does not fit together in a stage's score."""
    if stage.score is None:
        return
    if stage.team or stage.slots:
        yield f"{here}.score", "a stage has a team, slots or a score, one of them"
    for name, action in stage.score.actions.items():
        often = max(action.rate(kind) for kind in KINDS) * stage.score.window_months
        if often > MOST_ACTIONS:
            yield (
                f"{here}.score.actions.{name}.per_month",
                f"comes to {often:,.0f} times in the window of "
                f"{stage.score.window_months:g} months; at most {MOST_ACTIONS:,}",
            )


def _nowhere_to_leak(
    here: str, stage: Stage, scenario: ScenarioFields
) -> Iterator[Found]:
    """Yield a problem if some lead might leak and there is no stage to leak to."""
    waits = stage.patience is not None and stage.went_cold is None
    unreached = stage.contact is not None and stage.not_reached is None
    asks = any(way.asks for way in stage.next.values())
    if waits or unreached or stage.score or asks or not _all_pass(stage, scenario):
        yield (
            f"{here}.leak",
            "is missing: where leads go that take no transition; add it, or a stage "
            "with terminal: lost",
        )


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


def _teams(scenario: ScenarioFields) -> Iterator[Found]:
    """Yield a team that both works on leads and lends slots."""
    for name in scenario.teams:
        works = [at for at, stage in scenario.stages.items() if stage.team == name]
        lends = [at for at, stage in scenario.stages.items() if stage.slots == name]
        if works and lends:
            yield (
                f"teams.{name}",
                f"works in {works[0]} and lends slots in {lends[0]}; make it two teams",
            )
        yield from _morale(name, works, lends, scenario)


def _morale(
    name: str, works: list[str], lends: list[str], scenario: ScenarioFields
) -> Iterator[Found]:
    """Yield what does not fit between a team's morale and the team."""
    team = scenario.teams[name]
    if team.morale is None:
        return
    path = f"teams.{name}.morale"
    if lends:
        yield path, f"goes with people who work, and {lends[0]} holds their slots"
    if team.people > MOST_WITH_MORALE:
        yield path, f"is for at most {MOST_WITH_MORALE} people; given: {team.people:,}"
    if team.morale.ignores and default_leak(scenario) is None:
        for stage in (at for at in works if scenario.stages[at].leak is None):
            yield f"stages.{stage}.leak", "is missing: where those go who are ignored"


def _rates(scenario: ScenarioFields) -> Iterator[Found]:
    for name, stage in scenario.stages.items():
        for to, way in stage.next.items():
            yield from sources_of(f"stages.{name}.next.{to}.rate", way.rate, scenario)
        for source in scenario.sources:
            yield from _rate_sum(name, source, traits(scenario), scenario)
    for name, team in scenario.teams.items():
        yield from sources_of(f"teams.{name}.hot", team.hot, scenario)


def sources_of(path: str, rate: Rate, scenario: ScenarioFields) -> Iterator[Found]:
    """Yield sources of a rate that do not exist, or that it leaves out."""
    if not isinstance(rate, dict) or set(rate) <= set(KINDS):
        return
    for key in rate:
        if key != OTHERS:
            known = [*scenario.sources, OTHERS, *KINDS]
            yield from _known(f"{path}.{key}", "source or kind", key, known)
    left_out = [name for name in scenario.sources if name not in rate]
    if left_out and OTHERS not in rate:
        yield path, f"no rate for source {left_out[0]}; add it, or '{OTHERS}'"


def _rate_sum(
    name: str, source: str, asked: list[Trait], scenario: ScenarioFields
) -> Iterator[Found]:
    stage = scenario.stages[name]
    ways = stage.next.values()
    kept = dict.fromkeys(
        (kind, factors_of(stage, scenario, trait, kind))
        for kind, trait in product(KINDS, asked)
    )
    for kind, factors in kept:
        rates = [rate_of(way.rate, source, kind) for way in ways]
        total = sum(map(mul, rates, factors))
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
        raised = scenario.nurture.hand_to
        return [
            scenario.nurture.to,
            *([raised] if raised else []),
            *([lost] if lost else []),
        ]
    stage = scenario.stages[name]
    if stage.terminal:
        return []
    exits = [getattr(stage, key) for key in EXITS]
    fallback = default_leak(scenario) if stage.leak is None else None
    listed = [*stage.next, *(way.to for way in exits if way)]
    return [*listed, fallback] if fallback else listed


def _cycles(scenario: ScenarioFields) -> Iterator[Found]:
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


def _sizes(scenario: ScenarioFields) -> Iterator[Found]:
    """Yield the largest source if all together are too many for one run."""
    leads = {name: _most(at, scenario) for name, at in scenario.sources.items()}
    if sum(leads.values()) > MOST_LEADS:
        largest = max(leads, key=lambda name: leads[name])
        yield (
            f"sources.{largest}.leads",
            f"brings {leads[largest]:,.0f} leads in {scenario.horizon:,g} days, and a "
            f"run holds {MOST_LEADS:,} of all sources; lower its number or the horizon",
        )


def _most(source: Source, scenario: ScenarioFields) -> float:
    """Return how many leads a source brings at its full rate before the horizon."""
    said, horizon = source.leads, scenario.horizon
    per_day = said.full_per_day(scenario.days_per_month, horizon)
    ends = said.stop is not None and not said.lives_on
    stop = min(said.stop, horizon) if ends and said.stop is not None else horizon
    per_day *= source.form.lift(source.mix) if source.form else 1.0
    imported = sum(at.leads for at in said.imports if at.day < horizon)
    return per_day * max(stop - said.start, 0.0) + imported


def _market(scenario: ScenarioFields) -> Iterator[Found]:
    """Yield what does not fit between the market and the sources that meet it."""
    meeting = {name: at.meets for name, at in scenario.sources.items() if at.meets}
    if scenario.market is None:
        for name in meeting:
            yield f"sources.{name}.meets", "needs a market whose buyers it can meet"
        return
    if not meeting:
        yield "market", "no source meets its buyers; give one of them meets"
    lists = [name for name, meets in meeting.items() if meets.abm]
    for name in lists[1:]:
        yield (
            f"sources.{name}.meets.abm",
            f"there is a list at '{lists[0]}' already; one source is enough",
        )
    raised = [name for name, meets in meeting.items() if meets.by == "hand_raise"]
    for name in raised[1:]:
        yield (
            f"sources.{name}.meets.by",
            f"buyers raise their hands at '{raised[0]}' already; one source is enough",
        )
    if scenario.market.goodwill:
        yield from _goodwill(scenario.market, meeting)


def _goodwill(market: Market, meeting: dict[str, Meets]) -> Iterator[Found]:
    """Yield what one memory for all cannot hold."""
    memory = market.memory
    if memory.mail and memory.mails_opened_per_month:
        yield (
            "market.memory.mail",
            f"is {memory.mail:g}; with market.goodwill it must be 0, for only known "
            "contacts read our mail, and goodwill is the same for all",
        )
    for name, meets in meeting.items():
        if meets.after_visit_days and (meets.by == "visits" or meets.remember):
            yield (
                f"sources.{name}.meets.after_visit_days",
                f"is {meets.after_visit_days:g}; with market.goodwill it needs "
                "by: touches and remember: 0, for whom it follows differs from buyer "
                "to buyer, and goodwill is the same for all",
            )
    asked = any(meets.by == "hand_raise" for meets in meeting.values())
    if market.goodwill and market.goodwill.activation and not asked:
        yield (
            "market.goodwill.activation",
            "needs a source that meets by: hand_raise, for it makes buyers ask",
        )
