"""One complete set of a funnel's parameters, and the scenario that says the same.

In: fits of stages, or one of their draws. Out: `Funnel`, from which one can compute,
forecast, or write a scenario. It estimates nothing.

A scenario has no teams here: what leads wait for people is part of the lags. Stays
that never end are a leak with a lag of a hundred years, so that in the CRM view of a
run they stay open, as they do in the export.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simlib.crm.arrivals_fit import ArrivalFit
from simlib.crm.fitting import StageFit
from simlib.crm.laws import Form, spec
from simlib.crm.passage import Passage, Step, passage
from simlib.crm.uncertainty import StageDraws
from simlib.draws import Floats
from simlib.log import KINDS, Graph
from simlib.scenario import Scenario
from simlib.scenario.values import LONGEST_HORIZON

NEVER_DAYS = 36_500.0
NEVER = "never closed"
LOOPS = 20
SHARES = 1e6  # rates are written with six digits, rounded down
LEAST_RATE = 1e-9
LONGEST_NAME = 50
RESERVED = (*KINDS, "default")


@dataclass(frozen=True)
class Stay:
    """What becomes of those who enter one stage.

    Attributes
    ----------
    stage : int
    ways : tuple of int
        Codes of the stages that follow.
    shares : array, shape (K, J + 1)
        By source; the last way is "never".
    forms : tuple of Form
    thetas : tuple of array
        Parameters of each way's lag.
    """

    stage: int
    ways: tuple[int, ...]
    shares: Floats
    forms: tuple[Form, ...]
    thetas: tuple[Floats, ...]


@dataclass(frozen=True)
class Funnel:
    """All stages together.

    Attributes
    ----------
    stays : tuple of Stay
    graph : Graph
        Names of the log.
    entry : int
        Code of the stage in which leads begin.
    """

    stays: tuple[Stay, ...]
    graph: Graph
    entry: int

    @property
    def won(self) -> tuple[int, ...]:
        """Codes of the ends that are wins."""
        ends = enumerate(self.graph.stages)
        return tuple(code for code, stage in ends if stage.terminal == "won")

    @property
    def steps(self) -> list[Step]:
        """All ways of all stages."""
        return [
            Step(stay.stage, to, stay.shares[:, way], stay.forms[way], stay.thetas[way])
            for stay in self.stays
            for way, to in enumerate(stay.ways)
        ]

    def passage(self) -> Passage:
        """Return the final share won and the time to a win, by source."""
        return passage(self.steps, self.won, len(self.graph.stages) + 1, self.entry)


def best_stay(fit: StageFit) -> Stay:
    """Return the most likely parameters of a stage."""
    thetas = tuple(fit.theta(way) for way in range(len(fit.ways)))
    return Stay(fit.stage, fit.ways, fit.shares, fit.forms, thetas)


def drawn_stay(fit: StageFit, draws: StageDraws, number: int) -> Stay:
    """Return one draw of a stage's parameters."""
    which = int(draws.which[number])
    mixture = draws.mixtures[which]
    row = draws.theta[which][number]
    thetas = tuple(row[at] for at in mixture.slices)
    return Stay(fit.stage, fit.ways, draws.shares[number], mixture.forms, thetas)


def valid_names(names: Sequence[str]) -> list[str]:
    """Return names that a scenario may use, each different, in the same order."""
    found: list[str] = []
    for name in names:
        word = re.sub(r"[^A-Za-z0-9]+", "_", name.strip()).strip("_")[:LONGEST_NAME]
        word = word or "unnamed"
        if not word[0].isalpha() or word in RESERVED:
            word = f"source_{word}"
        twin, count = word, 2
        while twin in found:
            twin, count = f"{word}_{count}", count + 1
        found.append(twin)
    return found


@dataclass(frozen=True)
class Frame:
    """What a scenario needs besides the funnel.

    Attributes
    ----------
    name, description : str
    arrivals : tuple of ArrivalFit, one for each source of the log
    rates : array, shape (K,)
        Leads a day of each source.
    deal : dict or None
    """

    name: str
    description: str
    arrivals: tuple[ArrivalFit, ...]
    rates: Floats
    deal: dict[str, Any] | None


def scenario_of(funnel: Funnel, frame: Frame) -> Scenario:
    """Return the scenario that says what a funnel's parameters are."""
    graph = funnel.graph
    used = [k for k, fit in enumerate(frame.arrivals) if fit.leads]
    names = valid_names(graph.sources)
    said: dict[str, Any] = {
        "name": frame.name,
        "description": frame.description,
        "horizon": float(np.clip(graph.horizon, 1.0, LONGEST_HORIZON)),
        "start": graph.start,
        "days_per_month": graph.days_per_month,
        "stages": _stages(funnel, {names[k]: k for k in used}),
        "sources": {
            names[k]: {
                "leads": _leads(frame.arrivals[k], float(frame.rates[k])),
                "entry": valid_names(graph.stage_names)[funnel.entry],
            }
            for k in used
        },
    }
    if frame.deal:
        said["deal"] = dict(frame.deal)
        if graph.pipeline_stage in graph.stage_names:
            code = graph.stage_code(graph.pipeline_stage)
            said["deal"]["pipeline_stage"] = valid_names(graph.stage_names)[code]
            if said["deal"]["pipeline_stage"] not in said["stages"]:
                del said["deal"]["pipeline_stage"]
    return Scenario.of(said)


def _stages(funnel: Funnel, sources: dict[str, int]) -> dict[str, Any]:
    graph = funnel.graph
    names = valid_names(graph.stage_names)
    lost = [names[c] for c, at in enumerate(graph.stages) if at.terminal == "lost"]
    grave = lost[0] if lost else next(iter(valid_names([*names, "lost"])[-1:]))
    by_code = [*names, grave]
    by_stage = {stay.stage: stay for stay in funnel.stays}
    reached = {funnel.entry} | {to for stay in funnel.stays for to in stay.ways}
    said: dict[str, Any] = {}
    leak = {"to": grave, "lag": NEVER_DAYS, "reason": NEVER}
    loops = _has_loop(funnel)
    for code, info in enumerate(graph.stages):
        if info.terminal:
            said[names[code]] = {"terminal": info.terminal}
        elif code in by_stage:
            said[names[code]] = _stage(by_stage[code], by_code, sources) | {
                "leak": leak
            }
        elif code in reached:
            said[names[code]] = {"leak": leak}
        if loops and code in by_stage:
            said[names[code]]["visits"] = LOOPS
    said.setdefault(grave, {"terminal": "lost"})
    return said


def _stage(stay: Stay, names: list[str], sources: dict[str, int]) -> dict[str, Any]:
    totals: dict[str, Floats] = {}
    lags: dict[str, Any] = {}
    for way, to in enumerate(stay.ways):
        rates = np.floor(stay.shares[:, way] * SHARES) / SHARES
        # Two codes may lead to one name: the visit cap ends where losses do.
        totals[names[to]] = totals.get(names[to], 0.0) + rates
        lags.setdefault(names[to], spec(stay.forms[way], stay.thetas[way]))
    ways: dict[str, Any] = {}
    for goal, rates in totals.items():
        said = {name: float(rates[k]) for name, k in sources.items()}
        rate = said if len(said) > 1 else next(iter(said.values()))
        ways[goal] = {"rate": rate, "lag": lags[goal]}
    return {"next": ways}


def _has_loop(funnel: Funnel) -> bool:
    """Return whether a lead can come to a stage twice."""
    follows = {stay.stage: set(stay.ways) for stay in funnel.stays}
    for stage, onward in follows.items():
        seen: set[int] = set()
        queue = list(onward)
        while queue:
            here = queue.pop()
            if here == stage:
                return True
            if here not in seen:
                seen.add(here)
                queue += follows.get(here, ())
    return False


def _leads(fit: ArrivalFit, per_day: float) -> dict[str, Any]:
    said: dict[str, Any] = {"per_day": float(f"{per_day:.6g}")}
    if fit.weekdays.std() > 0:
        said["weekdays"] = [float(f"{weight:.4g}") for weight in fit.weekdays]
    if fit.overdispersion > 1.01:
        said["overdispersion"] = float(f"{fit.overdispersion:.4g}")
    if fit.start > 0:
        said["start"] = fit.start
    if fit.is_over:
        said["stop"] = fit.stop
    if fit.imports:
        said["imports"] = [{"day": day, "leads": leads} for day, leads in fit.imports]
    return said
