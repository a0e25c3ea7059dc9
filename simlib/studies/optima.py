"""Optimise: the best settings under constraints, and how sure one can be of them.

In: a scenario, ranges of settings, perhaps a total that they share. Out: `Optimum`:
the best settings, the runner-up, and the confidence that the first beats the second.
All candidates live through the same replications (common random numbers). Candidates
are spread over the ranges, the better half survives and gets twice the replications,
until two are left; then the same once more around the winner.

Source: sequential halving, Karnin, Koren and Somekh (2013).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.errors import StudyError
from simlib.scenario import Scenario
from simlib.studies.influence import Range, whole_or_not
from simlib.studies.intervals import Floats, Interval, confidence_above, interval
from simlib.studies.replications import replicate

if TYPE_CHECKING:
    import pandas as pd

Point = dict[str, float]
NEIGHBOURHOOD = 0.25


@dataclass(frozen=True)
class Optimum:
    """The best settings found.

    Attributes
    ----------
    metric : str
    largest : bool
    best, runner_up : dict
        From path to value.
    value, runner_up_value : Interval
        The metric there, with its 95% interval.
    difference : Interval
        Best minus runner-up, paired.
    confidence : float
        That the best truly beats the runner-up (one-sided paired t). It says nothing
        of settings that were never tried.
    tried : DataFrame
        Every candidate: its settings, ``mean`` of the metric and ``replications``
        that it was given.
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

    def sentence(self) -> str:
        """Return the finding in one line, with its confidence."""
        sure = f"{100 * self.confidence:.0f}%"
        settings = ", ".join(f"{path} = {v:g}" for path, v in self.best.items())
        verdict = "beats" if self.confidence >= 0.95 else "cannot be told from"
        return (
            f"Best: {settings}: {self.metric} {self.value}. It {verdict} the "
            f"runner-up (confidence {sure})."
        )


def optimise(  # noqa: PLR0913  (what is searched, how long, and under what)
    scenario: Scenario,
    ranges: Mapping[str, Range],
    metric: str,
    *,
    largest: bool = True,
    total: float | None = None,
    allowed: Callable[[Point], bool] | None = None,
    candidates: int = 32,
    replications: int = 8,
    seed: int = 0,
    **how: Any,
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
        Passed on to `replicate`: engine, executor, store.

    Raises
    ------
    StudyError
        If no candidate meets the constraints.
    """
    if candidates < 4 or replications < 2:
        raise StudyError("optimise: give 4 or more candidates, 2 or more replications")
    search = _Search(scenario, dict(ranges), metric, largest, seed, how)
    spread = _spread(dict(ranges), total, allowed, candidates, seed)
    winner = search.halve(spread, replications)[0]
    around = _around(dict(ranges), winner, total, allowed, candidates - 1, seed + 1)
    best, runner_up = search.halve([winner, *around], replications)[:2]
    return search.optimum(best, runner_up)


class _Search:
    """Evaluates candidates and remembers what was found."""

    def __init__(
        self,
        scenario: Scenario,
        ranges: Mapping[str, Range],
        metric: str,
        largest: bool,  # noqa: FBT001
        seed: int,
        how: Mapping[str, Any],
    ) -> None:
        self.scenario, self.ranges, self.metric = scenario, ranges, metric
        self.largest, self.seed, self.how = largest, seed, how
        self.found: dict[tuple[float, ...], Floats] = {}

    def values(self, point: Point, replications: int) -> Floats:
        """Return the metric in so many replications at a point, computed once."""
        address = tuple(point.values())
        known = self.found.get(address)
        if known is None or len(known) < replications:
            world = self.scenario.changed(dict(point))
            study = replicate(world, replications, self.seed, **self.how)
            self.found[address] = study.values(self.metric)
        return self.found[address]

    def halve(self, points: Sequence[Point], replications: int) -> list[Point]:
        """Return the points that survive, the best first, at least two."""
        alive = list({tuple(point.values()): point for point in points}.values())
        while True:
            alive.sort(key=lambda point: self._rank(point, replications))
            if len(alive) <= 2:
                return alive
            alive = alive[: max(2, math.ceil(len(alive) / 2))]
            replications *= 2

    def _rank(self, point: Point, replications: int) -> float:
        mean = interval(self.values(point, replications)).mean
        if math.isnan(mean):
            return math.inf
        return -mean if self.largest else mean

    def optimum(self, best: Point, runner_up: Point) -> Optimum:
        """Return the finding, on as many replications as both have."""
        first, second = (self.found[tuple(p.values())] for p in (best, runner_up))
        count = min(len(first), len(second))
        gap = first[:count] - second[:count]
        return Optimum(
            scenario=self.scenario,
            metric=self.metric,
            largest=self.largest,
            best=best,
            runner_up=runner_up,
            value=interval(first),
            runner_up_value=interval(second),
            difference=interval(gap),
            confidence=confidence_above(gap if self.largest else -gap),
            tried=self._tried(),
            seed=self.seed,
        )

    def _tried(self) -> pd.DataFrame:
        import pandas as pd

        rows = [
            (*point, interval(values).mean, len(values))
            for point, values in self.found.items()
        ]
        return pd.DataFrame(rows, columns=[*self.ranges, "mean", "replications"])


def _spread(
    ranges: Mapping[str, Range],
    total: float | None,
    allowed: Callable[[Point], bool] | None,
    count: int,
    seed: int,
) -> list[Point]:
    """Return points spread evenly over the ranges (Sobol's sequence, scrambled)."""
    from scipy.stats import qmc

    cube = qmc.Sobol(len(ranges), rng=seed)
    found: list[Point] = []
    for _ in range(64):
        for place in cube.random(2 ** math.ceil(math.log2(count))):
            point = _point(ranges, place, total)
            if point is not None and (allowed is None or allowed(point)):
                found.append(point)
        if len(found) >= count:
            return found[:count]
    if not found:
        raise StudyError(
            "optimise: no settings in the ranges meet the constraints; widen the "
            "ranges or change the total"
        )
    return found


def _point(
    ranges: Mapping[str, Range], place: Floats, total: float | None
) -> Point | None:
    """Return the settings at a place in the unit cube; None if the total fails."""
    if total is None:
        pairs = zip(ranges.items(), place, strict=True)
        return {
            path: whole_or_not(ends, ends[0] + share * (ends[1] - ends[0]))
            for (path, ends), share in pairs
        }
    lows = np.array([low for low, _ in ranges.values()], float)
    shares = -np.log1p(-np.clip(place, 0, 1 - 1e-12))
    values = lows + (total - lows.sum()) * shares / shares.sum()
    highs = np.array([high for _, high in ranges.values()], float)
    if np.any(values < lows) or np.any(values > highs):
        return None
    return dict(zip(ranges, values.tolist(), strict=True))


def _around(
    ranges: Mapping[str, Range],
    centre: Point,
    total: float | None,
    allowed: Callable[[Point], bool] | None,
    count: int,
    seed: int,
) -> list[Point]:
    """Return points near a centre: a quarter of the way to points spread anywhere."""
    anywhere = _spread(ranges, total, None, 4 * count, seed)
    found = []
    for point in anywhere:
        near = {
            path: whole_or_not(
                ends, centre[path] + NEIGHBOURHOOD * (point[path] - centre[path])
            )
            for path, ends in ranges.items()
        }
        if near != centre and (allowed is None or allowed(near)):
            found.append(near)
    return found[:count]
