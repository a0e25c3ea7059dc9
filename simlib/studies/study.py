"""A study: what the replications of one scenario came to.

In: metrics of every replication. Out: `Study`, which answers with means and intervals;
figures by source are found when somebody first asks. It keeps no logs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from simlib.errors import StudyError, nearest
from simlib.execution import FIGURES, How, Span, measured
from simlib.metrics import describe
from simlib.scenario import Scenario
from simlib.studies.intervals import Floats, interval
from simlib.studies.saving import save_studies, versions

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("metric", "mean", "low", "high", "unit", "replications")


def names_of(names: str | Iterable[str]) -> list[str]:
    """Return names of metrics as a list; one alone may be a plain string."""
    return [names] if isinstance(names, str) else list(names)


@dataclass(frozen=True, repr=False)
class Study:
    """The metrics of a scenario's replications.

    Attributes
    ----------
    scenario : Scenario
    seed, replications : int
    names : tuple of str
        The metrics, in order.
    table : array of float64, shape (replications, metrics)
    kept_sources : array of float64, shape (replications, sources, metrics), or None
        None if nobody has asked for figures by source yet; see `sources`.
    first : int
        The number of the first replication.
    how : How
        Engine, executor and store, for what must be run again.
    versions : mapping of str to str
        Of Python and of what the figures depend on.
    """

    scenario: Scenario
    seed: int
    replications: int
    names: tuple[str, ...]
    table: Floats
    kept_sources: Floats | None = field(default=None, repr=False)
    first: int = 0
    how: How = field(default_factory=How, repr=False)
    versions: Mapping[str, str] = field(default_factory=versions, repr=False)

    def __repr__(self) -> str:
        return (
            f"Study of '{self.scenario.name}': {self.replications:,} runs, seed "
            f"{self.seed}; summary() has the figures"
        )

    @property
    def span(self) -> Span:
        """The replications of this study, as they are run."""
        return Span(self.scenario, self.seed, self.first, self.replications)

    @cached_property
    def sources(self) -> Floats:
        """The metrics by source, shape (replications, sources, metrics).

        Unless they were measured at once, the replications are run again for them.
        """
        if self.kept_sources is not None:
            return self.kept_sources
        sources: Floats = measured([self.span], FIGURES, self.how)[0].numbers[:, 1:]
        return sources

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
        self, names: str | Iterable[str] | None = None, by: str | None = None
    ) -> pd.DataFrame:
        """Return means with their 95% intervals.

        Parameters
        ----------
        names : str, or iterable of str
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
        chosen = names_of(self.names if names is None else names)
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
