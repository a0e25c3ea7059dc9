"""Optimise: the best settings under constraints, and how sure one can be of them.

In: a scenario, ranges of settings, perhaps a total that they share. Out: `Optimum`:
the best settings, the runner-up, and the confidence that the first beats the second.
All candidates live through the same replications (common random numbers). The better
half survives and gets twice the replications, until two are left; then the same once
more around the winner. The last two meet again in replications that neither has seen:
a winner is picked for its luck as well, and only fresh luck can tell how much of it.

Source: sequential halving, Karnin, Koren and Somekh (2013).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from simlib.errors import StudyError
from simlib.execution import How, ticking
from simlib.metrics import describe
from simlib.scenario import Scenario
from simlib.studies.candidates import Allowed, around, spread
from simlib.studies.choice import ENOUGH, best_of, percent_sure
from simlib.studies.influence import (
    Point,
    Range,
    check_metric,
    check_ranges,
    worlds_at,
)
from simlib.studies.intervals import Floats, Interval, interval
from simlib.studies.replications import Order, studied
from simlib.studies.saving import Said, scenario_of, versions, write_table
from simlib.studies.setting_tables import told
from simlib.studies.told import in_words, unit_of

if TYPE_CHECKING:
    import pandas as pd

FRESH = 30
SIMPLE = ("metric", "largest", "best", "runner_up", "confidence", "seed")
PARTS = ("value", "runner_up_value", "difference")


@dataclass(frozen=True, repr=False)
class Optimum:
    """The best settings found.

    Attributes
    ----------
    scenario : Scenario
    metric : str
    largest : bool
    best, runner_up : dict
        From path to value.
    value, runner_up_value : Interval
        The metric there, with its 95% interval, in the fresh replications.
    difference : Interval
        Best minus runner-up, paired, in the fresh replications.
    confidence : float
        At least this sure, 0 to 1, that the best truly beats the runner-up
        (`simlib.studies.choice.best_of`). It says nothing of settings that were
        never tried.
    tried : DataFrame
        Every candidate: its settings, ``mean`` of the metric in the search, its
        ``unit`` and the ``replications`` that it was given. The means of survivors
        are flattered.
    seed : int
    versions : mapping of str to str
    ranges : mapping of str to (low, high)
    total : float or None
        What was searched, and under which sum.
    """

    scenario: Scenario
    metric: str
    largest: bool
    best: Point
    runner_up: Point
    value: Interval
    runner_up_value: Interval
    difference: Interval
    confidence: float
    tried: pd.DataFrame
    seed: int
    versions: Mapping[str, str] = field(default_factory=versions, repr=False)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    total: float | None = None

    def __repr__(self) -> str:
        return f"{self.sentence()} tried has all {len(self.tried):,} candidates"

    def sentence(self) -> str:
        """Return the finding in one line, with its confidence."""
        unit = unit_of(self.metric, [self.scenario])
        value = in_words(self.metric, self.value, unit)
        found = f"Best: {told(self.best)}: {describe(self.metric).title} {value}."
        if self.difference.low == self.difference.high == 0:
            return f"{found} The runner-up is the same in every run."
        verdict = "beats" if self.confidence >= ENOUGH else "cannot be told from"
        sure = percent_sure(self.confidence)
        return f"{found} It {verdict} the runner-up (confidence {sure})."

    def save(self, path: str | Path) -> Path:
        """Write all to a ``.parquet`` file, with scenario, seed and versions."""
        said = {
            "base": self.scenario.to_yaml(),
            **{name: getattr(self, name) for name in SIMPLE},
            **{part: dataclasses.asdict(getattr(self, part)) for part in PARTS},
            "ranges": {path: list(ends) for path, ends in self.ranges.items()},
            "total": self.total,
        }
        return write_table(self.tried, "optimum", said, path, self.versions)

    @classmethod
    def loaded(cls, frame: pd.DataFrame, said: Said) -> Optimum:
        """Return the optimum of a saved table."""
        parts: dict[str, Any] = {name: said[name] for name in SIMPLE}
        parts |= {part: Interval(**said[part]) for part in PARTS}
        parts |= {"tried": frame, "versions": said["versions"]}
        ranges = said.get("ranges", {}).items()
        return cls(
            scenario=scenario_of(said["base"]),
            ranges={path: (ends[0], ends[1]) for path, ends in ranges},
            total=said.get("total"),
            **parts,
        )


def optimise(  # noqa: PLR0913  (what is searched, how long, and under what)
    scenario: Scenario,
    ranges: Mapping[str, Range],
    metric: str,
    *,
    largest: bool = True,
    total: float | None = None,
    allowed: Allowed | None = None,
    candidates: int = 32,
    replications: int = 8,
    seed: int = 0,
    **how: Unpack[How],
) -> Optimum:
    """Find the settings with the best mean of a metric.

    Parameters
    ----------
    scenario : Scenario
    ranges : mapping of str to (low, high)
        From path to range; whole numbers stay whole.
    metric : str
    largest : bool
        Whether more is better.
    total : float
        If given, the values always sum to it: a budget to split.
    allowed : callable
        From settings to bool: any further constraint.
    candidates : int
        How many settings are tried in each of the two rounds, 4 or more.
    replications : int
        For each at first; survivors get twice as many each time.
    seed : int
    **how
        Engine, executor, store and progress, as for `replicate`.

    Raises
    ------
    StudyError
        If fewer than two candidates meet the constraints, or for an unknown metric.
    ScenarioError
        If the ranges hold what cannot be.
    """
    check_ranges("optimise", ranges)
    if candidates < 4 or replications < 2:
        raise StudyError("optimise: give 4 or more candidates, 2 or more replications")
    check_metric(scenario, metric, seed)
    limits = dict(ranges)
    with ticking(how.get("progress")) as ticker:
        how["progress"] = ticker
        search = _Search(scenario, limits, metric, largest, seed, how)
        first = search.halve(
            spread(limits, total, allowed, candidates, seed), replications
        )
        near = around(limits, first[0], total, allowed, candidates - 1, seed + 1)
        # Few whole numbers may have nothing between them: then the first two meet.
        last = search.halve([first[0], *near], replications) if near else first
        return search.optimum(last, total)


class _Search:
    """Evaluates candidates and remembers what was found."""

    def __init__(
        self,
        scenario: Scenario,
        ranges: Mapping[str, Range],
        metric: str,
        largest: bool,  # noqa: FBT001
        seed: int,
        how: How,
    ) -> None:
        self.scenario, self.ranges, self.metric = scenario, ranges, metric
        self.largest, self.seed, self.how = largest, seed, how
        self.found: dict[tuple[float, ...], Floats] = {}

    def halve(self, points: Sequence[Point], replications: int) -> list[Point]:
        """Return the points that survive, the best first, at most two."""
        alive = list({tuple(point.values()): point for point in points}.values())
        while True:
            self._learn(alive, replications)
            alive.sort(key=lambda point: self._rank(point, replications))
            if len(alive) <= 2:
                return alive
            alive = alive[: max(2, math.ceil(len(alive) / 2))]
            replications *= 2

    def _learn(self, points: Sequence[Point], replications: int) -> None:
        """Give each point so many replications; those that it has are kept."""
        nothing = np.empty(0)
        groups: dict[int, list[Point]] = {}
        for point in points:
            have = len(self.found.get(tuple(point.values()), nothing))
            groups.setdefault(have, []).append(point)
        for have, some in groups.items():
            if have < replications:
                values = self._values(some, have, replications - have)
                for point, found in zip(some, values, strict=True):
                    address = tuple(point.values())
                    known = self.found.get(address, nothing)
                    self.found[address] = np.concatenate([known, found])

    def _values(self, points: Sequence[Point], first: int, count: int) -> list[Floats]:
        """Return the metric of each point in some replications."""
        worlds = worlds_at("optimise", self.scenario, points)
        studies = studied(worlds, Order(count, self.seed, first), self.how)
        return [study.values(self.metric) for study in studies]

    def _rank(self, point: Point, replications: int) -> float:
        mean = interval(self.found[tuple(point.values())][:replications]).mean
        if math.isnan(mean):
            return math.inf
        return -mean if self.largest else mean

    def optimum(self, last: Sequence[Point], total: float | None) -> Optimum:
        """Let the last two meet in fresh replications, and return the finding."""
        if len(last) < 2:
            raise StudyError(
                "optimise: only one candidate meets the constraints; widen the ranges"
            )
        seen = max(len(values) for values in self.found.values())
        fresh = self._values(last, seen, max(FRESH, seen))
        values = dict(zip(("0", "1"), fresh, strict=True))
        choice = best_of(values, self.metric, largest=self.largest)
        best, runner_up = int(choice.world), int(choice.runner_up)
        return Optimum(
            scenario=self.scenario,
            metric=self.metric,
            largest=self.largest,
            best=last[best],
            runner_up=last[runner_up],
            value=interval(fresh[best]),
            runner_up_value=interval(fresh[runner_up]),
            difference=choice.lead,
            confidence=choice.confidence,
            tried=self._tried(),
            seed=self.seed,
            ranges=self.ranges,
            total=total,
        )

    def _tried(self) -> pd.DataFrame:
        import pandas as pd

        unit = describe(self.metric).unit
        rows = [
            (*point, interval(values).mean, unit, len(values))
            for point, values in self.found.items()
        ]
        columns = [*self.ranges, "mean", "unit", "replications"]
        return pd.DataFrame(rows, columns=columns)
