"""Replications of one scenario: the same assumptions, other luck.

In: a `Scenario`, a seed and how many replications. Out: `Study`, the metrics of every
replication, for the whole and by source. It keeps no logs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simlib.errors import StudyError, nearest
from simlib.metrics import describe, metrics_by_source, metrics_of
from simlib.plan import compiled
from simlib.run import simulate
from simlib.scenario import Scenario
from simlib.studies.intervals import Floats, interval
from simlib.studies.saving import save_studies

if TYPE_CHECKING:
    import pandas as pd

MOST_REPLICATIONS = 1_000_000
Progress = Callable[[int], None]


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
    """

    scenario: Scenario
    seed: int
    replications: int
    names: tuple[str, ...]
    table: Floats
    sources: Floats

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
        return save_studies({self.scenario.name: self}, path)

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
        return pd.DataFrame(rows)


def replicate(
    scenario: Scenario,
    replications: int = 30,
    seed: int = 0,
    engine: str = "auto",
    progress: Progress | None = None,
) -> Study:
    """Run a scenario several times, each time with other luck.

    Parameters
    ----------
    scenario : Scenario
    replications : int
    seed : int
        The same seed gives the same replications, in every world.
    engine : {"auto", "simpy", "fast"}
    progress : callable
        Called with the number of replications done after each one.

    Raises
    ------
    StudyError
        If the number of replications is not a whole number from 1.
    """
    if isinstance(replications, bool) or not isinstance(replications, int):
        raise StudyError(f"replications is {replications!r}; give a whole number")
    if not 1 <= replications <= MOST_REPLICATIONS:
        raise StudyError(
            f"replications is {replications:,}; it must be 1 to {MOST_REPLICATIONS:,}"
        )
    names: tuple[str, ...] = ()
    rows, by_source, plan = [], [], compiled(scenario)
    for number in range(replications):
        run = simulate(plan, seed, number, engine)
        found = metrics_of(run)
        names = tuple(found)
        rows.append(list(found.values()))
        each = metrics_by_source(run)
        by_source.append([[each[s][n] for n in names] for s in scenario.sources])
        if progress:
            progress(number + 1)
    table, sources = np.array(rows, float), np.array(by_source, float)
    return Study(scenario, seed, replications, names, table, sources)
