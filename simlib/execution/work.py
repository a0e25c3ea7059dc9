"""What one worker does: run some replications and say what came of them.

In: `Task`, small enough to be sent to another machine. Out: `Result`, numbers only.
A worker keeps no log, writes no file and knows nothing of other workers.
"""

from __future__ import annotations

import hashlib
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simlib.compiling import COMPILED
from simlib.errors import StudyError
from simlib.funnel import histories, monthly_counts, periods
from simlib.metrics import metrics_by_source, metrics_of
from simlib.money.booking import costs, month_edges
from simlib.plan import Plan, compiled
from simlib.run import Run, simulate
from simlib.scenario import Scenario

Floats = NDArray[np.float64]
WHOLE, FIGURES, MONTHS = "whole", "figures", "months"
# The rooms on which a figure depends; what only shows figures is not among them.
ROOMS = (
    *("arrivals", "behaviour", "calendars", "compiling", "content", "dealt", "draws"),
    *("fast_engine", "funnel", "lags", "log", "market", "metrics", "money", "morale"),
    *("plan", "points", "population", "reputation", "run", "scenario", "shocks"),
    *("simpy_engine", "sorting", "traits", "uptake", "variates", "execution/work"),
)
COUNTED = ("leads", "customers", "lost")
ENTERED, OF_COHORT = "entered_", "cohort.customers"


@dataclass(frozen=True)
class Span:
    """Some replications of a scenario: `count` of them, from number `first`."""

    scenario: Scenario
    seed: int
    first: int
    count: int


@dataclass(frozen=True)
class Figures:
    """What was measured in some replications.

    Attributes
    ----------
    names : tuple of str
        What the columns are.
    numbers : array of float64, shape (replications, rows, columns)
        Rows of `WHOLE`: the whole. Rows of `FIGURES`: the whole, then each source.
        Rows of `MONTHS`: months.
    """

    names: tuple[str, ...]
    numbers: Floats


@dataclass(frozen=True)
class Task:
    """What is sent to a worker.

    Attributes
    ----------
    spans : tuple of Span
    engine, measure : str
    version : str
        Of the model, as `model_version` says; "" for a worker in this process.
    """

    spans: tuple[Span, ...]
    engine: str
    measure: str
    version: str = ""


@dataclass(frozen=True)
class Result:
    """What a worker sends back: figures for each span, and how long it took."""

    figures: tuple[Figures, ...]
    seconds: float


def work(task: Task) -> Result:
    """Run a task.

    Raises
    ------
    StudyError
        If this worker has another version of the model than who sent the task.
    """
    if task.version and task.version != model_version():
        raise StudyError(
            f"a worker has another version of the model ({model_version()} instead of "
            f"{task.version}); install the same packages on all workers"
        )
    start = time.perf_counter()
    found = tuple(figures_of(span, task.engine, task.measure) for span in task.spans)
    return Result(found, time.perf_counter() - start)


def figures_of(span: Span, engine: str, measure: str) -> Figures:
    """Return what is measured in each replication of a span."""
    plan, look = _plan(span.scenario), MEASURES[measure]
    names: tuple[str, ...] = ()
    values = []
    for number in range(span.first, span.first + span.count):
        names, found = look(simulate(plan, span.seed, number, engine))
        values.append(found)
    return Figures(names, np.array(values, np.float64))


@lru_cache(maxsize=64)
def _plan(scenario: Scenario) -> Plan:
    return compiled(scenario)


def _whole(run: Run) -> tuple[tuple[str, ...], Floats]:
    """Return all metrics, for the whole alone: by source they take twice as long."""
    found = metrics_of(run)
    return tuple(found), np.array([list(found.values())])


def _figures(run: Run) -> tuple[tuple[str, ...], Floats]:
    """Return all metrics, for the whole and by source."""
    whole, by_source = metrics_of(run), metrics_by_source(run)
    names = tuple(whole)
    rows = [whole, *(by_source[source] for source in run.scenario.sources)]
    return names, np.array([[row[name] for name in names] for row in rows])


def _months(run: Run) -> tuple[tuple[str, ...], Floats]:
    """Return counts of events by month; customers also by month of their capture."""
    frame = periods(run.log)
    names = [
        str(name) for name in frame if name in COUNTED or str(name).startswith(ENTERED)
    ]
    shown = [name.replace(ENTERED, "reached.") for name in names]
    values = frame[names].to_numpy(np.float64)
    past = histories(run.log)
    won = monthly_counts(run.log, past.captured[past.is_customer])
    more = {"spend": costs(run, month_edges(run)).total.sum(axis=1), OF_COHORT: won}
    if run.lives:
        more["hand_raisers"] = monthly_counts(run.log, run.lives.hands)
    return (*shown, *more), np.column_stack([values, *more.values()])


MEASURES: dict[str, Callable[[Run], tuple[tuple[str, ...], Floats]]] = {
    WHOLE: _whole,
    FIGURES: _figures,
    MONTHS: _months,
}


@cache
def model_version() -> str:
    """Return the version of all that a figure depends on.

    The package's version and a digest of its sources, and of NumPy, SciPy, the kind of
    machine and whether the engine is compiled: logarithms may differ in the last bit.
    """
    import scipy

    try:
        said = version("simlib")
    except PackageNotFoundError:  # used from its sources
        said = "0"
    kind = "compiled" if COMPILED else "plain"
    parts = (np.__version__, scipy.__version__, platform.machine(), kind)
    digest = hashlib.blake2b(" ".join(parts).encode(), digest_size=6)
    folder = Path(__file__).parent.parent
    for room in ROOMS:
        files = sorted((folder / room).rglob("*.py")) or [folder / f"{room}.py"]
        for path in files:
            digest.update(path.name.encode() + path.read_bytes())
    return f"{said}-{digest.hexdigest()}"
