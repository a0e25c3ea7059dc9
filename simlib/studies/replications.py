"""Replications of one scenario: the same assumptions, other luck.

In: a `Scenario`, a seed and how many replications. Out: `Study`, the metrics of every
replication.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from simlib.errors import StudyError
from simlib.execution import (
    FIGURES,
    WHOLE,
    Figures,
    How,
    Progress,
    Span,
    Ticker,
    lasting,
    measured,
    ticking,
)
from simlib.scenario import Scenario
from simlib.studies.precision import Precision, whole_number
from simlib.studies.study import Study


def replicate(  # noqa: PLR0913  (what to run, how often, where, and until when)
    scenario: Scenario,
    replications: int = 30,
    seed: int = 0,
    engine: str = "auto",
    executor: str | Executor | None = None,
    store: str | Path | None = None,
    progress: Progress | Ticker | bool | None = None,  # noqa: FBT001
    *,
    until: Mapping[str, float] | None = None,
    maximum: int = 10_000,
    by_source: bool = False,
) -> Study:
    """Run a scenario several times, each time with other luck.

    Parameters
    ----------
    scenario : Scenario
    replications : int
        How many; with `until`, at least how many.
    seed : int
        The same seed gives the same replications, in every world.
    engine : {"auto", "simpy", "fast"}
    executor : str or Executor
        Where replications run: ``auto`` (here, or on threads if that pays),
        ``serial``, ``threads``, ``threads:N``, ``processes``, ``processes:N``,
        ``dask://ADDRESS`` of a running scheduler, or any
        `concurrent.futures.Executor`. The numbers are the same.
    store : path
        A folder that keeps finished replications, so that a study that was stopped
        goes on where it was.
    progress : bool or callable
        True for a bar on standard error; a function is called with the number of
        replications done after each one.
    until : mapping of str to float
        From a metric to the share of its mean that the half-width of its interval
        shall not exceed: ``{"customers": 0.05}``. Replications are added until all
        hold. Intervals that stop when they look narrow cover the truth a little less
        often than 95%; at least 30 replications keep that small.
    maximum : int
        With `until`, at most how many; if that is reached first, a warning is logged.
    by_source : bool
        Whether to measure by source at once. Without it they can be asked for as well:
        then the replications are run again.

    Raises
    ------
    StudyError
        If the number of replications is not a whole number from 1, or for an unknown
        engine, executor or metric.
    FileError
        If the store is no folder.
    """
    how = How(engine=engine, executor=executor, store=store, progress=progress)
    goal = None if until is None else Precision(until, replications, maximum)
    order = Order(replications, seed, by_source=by_source, goal=goal)
    return studied([scenario], order, how)[0]


@dataclass(frozen=True)
class Order:
    """What is to be run of each scenario.

    Attributes
    ----------
    replications : int
        How many; with a goal, how many at first.
    seed : int
    first : int
        The number of the first replication.
    by_source : bool
        Whether to measure by source at once.
    goal : Precision or None
        How well the means of all scenarios shall be known.

    Raises
    ------
    StudyError
        For a number that cannot be.
    """

    replications: int
    seed: int
    first: int = 0
    by_source: bool = False
    goal: Precision | None = None

    def __post_init__(self) -> None:
        whole_number("replications", self.replications)
        if isinstance(self.seed, bool) or not isinstance(self.seed, int | np.integer):
            raise StudyError(f"seed is {self.seed!r}; give a whole number")


def studied(scenarios: Sequence[Scenario], order: Order, how: How) -> list[Study]:
    """Return a study of each scenario; all have the same replications.

    Parameters
    ----------
    scenarios : sequence of Scenario
    order : Order
    how : How
    """
    goal = order.goal
    with ticking(how.get("progress")) as ticker:
        how = {**how, "progress": ticker}
        studies = _run(scenarios, order, how)
        while goal and (more := goal.missing(studies)):
            first = order.first + studies[0].replications
            added = _run(scenarios, replace(order, replications=more, first=first), how)
            studies = [_joined(*pair) for pair in zip(studies, added, strict=True)]
    if goal:
        goal.report(studies)
    return studies


def _run(scenarios: Sequence[Scenario], order: Order, how: How) -> list[Study]:
    """Run all scenarios as one piece of work."""
    count, seed = int(order.replications), int(order.seed)
    spans = [Span(scenario, seed, order.first, count) for scenario in scenarios]
    found = measured(spans, FIGURES if order.by_source else WHOLE, how)
    kept = lasting(how)
    return [_study(*pair, kept) for pair in zip(spans, found, strict=True)]


def _study(span: Span, found: Figures, how: How) -> Study:
    return Study(
        *(span.scenario, span.seed, span.count, found.names, found.numbers[:, 0]),
        kept_sources=found.numbers[:, 1:] if found.numbers.shape[1] > 1 else None,
        first=span.first,
        how=how,
    )


def _joined(one: Study, two: Study) -> Study:
    """Return two studies of one scenario, the second going on where the first ends."""
    is_kept = one.kept_sources is not None and two.kept_sources is not None
    return replace(
        one,
        replications=one.replications + two.replications,
        table=np.concatenate([one.table, two.table]),
        kept_sources=np.concatenate([one.sources, two.sources]) if is_kept else None,
    )
