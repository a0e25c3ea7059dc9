"""Replications of one scenario: the same assumptions, other luck.

In: a `Scenario`, a seed and how many replications. Out: `Study`, the metrics of every
replication, for the whole and by source. It keeps no logs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simlib.errors import StudyError, nearest
from simlib.execution import Figures, How, Progress, Span, Ticker, replicated, ticking
from simlib.metrics import describe
from simlib.scenario import Scenario
from simlib.studies.intervals import Floats, interval
from simlib.studies.precision import Precision
from simlib.studies.saving import save_studies, versions

if TYPE_CHECKING:
    import pandas as pd

MOST_REPLICATIONS = 1_000_000
COLUMNS = ("metric", "mean", "low", "high", "unit", "replications")


@dataclass(frozen=True)
class Study:
    """The metrics of a scenario's replications.

    Attributes
    ----------
    scenario : Scenario
    seed, replications : int
    names : tuple of str
        The metrics, in order.
    table : array of float64, shape (replications, metrics)
    sources : array of float64, shape (replications, sources, metrics)
    versions : mapping of str to str
        Of Python and of what the figures depend on.
    """

    scenario: Scenario
    seed: int
    replications: int
    names: tuple[str, ...]
    table: Floats
    sources: Floats
    versions: Mapping[str, str] = field(default_factory=versions, repr=False)

    def values(self, name: str, source: str | None = None) -> Floats:
        """Return a metric in every replication, shape (replications,).

        Raises
        ------
        StudyError
            For an unknown metric or source.
        """
        column = self._column(name)
        if source is None:
            return self.table[:, column]
        known = list(self.scenario.sources)
        if source not in known:
            hint = f"it must be one of {', '.join(known)}.{nearest(source, known)}"
            raise StudyError(f"source '{source}': {hint}")
        return self.sources[:, known.index(source), column]

    def _column(self, name: str) -> int:
        if name not in self.names:
            hint = nearest(name, self.names)
            raise StudyError(
                f"metric '{name}': this study has {', '.join(self.names)}.{hint}"
            )
        return self.names.index(name)

    def save(self, path: str | Path) -> Path:
        """Write the study to a ``.parquet`` file, with scenario, seed and versions."""
        return save_studies({self.scenario.name: self}, path, "study")

    def summary(
        self, names: Iterable[str] | None = None, by: str | None = None
    ) -> pd.DataFrame:
        """Return means with their 95% intervals.

        Parameters
        ----------
        names : iterable of str
            The metrics; all by default.
        by : {None, "source"}

        Returns
        -------
        DataFrame
            ``source`` (only by source), ``metric``, ``mean``, ``low``, ``high``,
            ``unit`` and ``replications``, in how many the figure was defined.
        """
        import pandas as pd

        if by not in {None, "source"}:
            raise StudyError(f"by '{by}': it must be None or 'source'")
        chosen = list(self.names if names is None else names)
        groups: list[str | None] = list(self.scenario.sources) if by else [None]
        rows = []
        for source in groups:
            for name in chosen:
                found = interval(self.values(name, source))
                rows.append(
                    {
                        **({"source": source} if source else {}),
                        "metric": name,
                        "mean": found.mean,
                        "low": found.low,
                        "high": found.high,
                        "unit": describe(name).unit,
                        "replications": found.replications,
                    }
                )
        columns = ["source", *COLUMNS] if by else list(COLUMNS)
        return pd.DataFrame(rows, columns=columns)


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

    Raises
    ------
    StudyError
        If the number of replications is not a whole number from 1, or for an unknown
        engine, executor or metric.
    FileError
        If the store is no folder.
    """
    count = _whole("replications", replications)
    how = How(engine=engine, executor=executor, store=store)
    if until is None:
        return studies_of([scenario], count, seed, {**how, "progress": progress})[0]
    goal = Precision(until, count, _whole("maximum", maximum))
    study: Study | None = None
    with ticking(progress) as ticker:
        how["progress"] = ticker
        while study is None or goal.wanted(study) > study.replications:
            first = study.replications if study else 0
            more = (goal.wanted(study) if study else count) - first
            (found,) = studies_of([scenario], more, seed, how, first)
            study = _joined(study, found) if study else found
    goal.report(study)
    return study


def studies_of(
    scenarios: Sequence[Scenario],
    replications: int,
    seed: int,
    how: How,
    first: int = 0,
) -> list[Study]:
    """Return a study of each scenario, all run as one piece of work.

    Parameters
    ----------
    scenarios : sequence of Scenario
    replications, seed : int
    how : How
    first : int
        The number of the first replication.
    """
    count = _whole("replications", replications)
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
        raise StudyError(f"seed is {seed!r}; give a whole number")
    spans = [Span(scenario, int(seed), first, count) for scenario in scenarios]
    return [
        _study(span, figures)
        for span, figures in zip(spans, replicated(spans, how), strict=True)
    ]


def _study(span: Span, found: Figures) -> Study:
    whole, sources = found.numbers[:, 0], found.numbers[:, 1:]
    return Study(span.scenario, span.seed, span.count, found.names, whole, sources)


def _joined(one: Study, two: Study) -> Study:
    """Return two studies of one scenario, the second going on where the first ends."""
    return Study(
        one.scenario,
        one.seed,
        one.replications + two.replications,
        one.names,
        np.concatenate([one.table, two.table]),
        np.concatenate([one.sources, two.sources]),
        one.versions,
    )


def _whole(what: str, number: int) -> int:
    if isinstance(number, bool) or not isinstance(number, int | np.integer):
        raise StudyError(f"{what} is {number!r}; give a whole number")
    if not 1 <= number <= MOST_REPLICATIONS:
        raise StudyError(f"{what} is {number:,}; it must be 1 to {MOST_REPLICATIONS:,}")
    return int(number)
