"""The same buyers in several worlds: paired comparisons.

In: scenarios by name. Out: `Comparison`: means, differences and ratios with 95%
intervals. The worlds share their seed, so that each replication is the same buyers
and leads in all of them, and a difference is what the scenarios make of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simlib.errors import StudyError, nearest
from simlib.scenario import Scenario
from simlib.studies.choice import Choice, best_of
from simlib.studies.intervals import Floats, Interval, interval, ratio_interval
from simlib.studies.periods import period_values
from simlib.studies.replications import Progress, Study, replicate
from simlib.studies.saving import save_studies

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Comparison:
    """Studies of several worlds on the same replications.

    Attributes
    ----------
    studies : mapping of str to Study
        One for each world, in the order in which they were given.
    """

    studies: Mapping[str, Study]

    def _study(self, world: str) -> Study:
        if world not in self.studies:
            known = ", ".join(self.studies)
            hint = nearest(world, self.studies)
            raise StudyError(f"world '{world}': it must be one of {known}.{hint}")
        return self.studies[world]

    def table(self, names: Iterable[str]) -> pd.DataFrame:
        """Return the means: one row a world, one column a metric."""
        import pandas as pd

        chosen = list(names)
        rows = [
            [interval(study.values(name)).mean for name in chosen]
            for study in self.studies.values()
        ]
        return pd.DataFrame(rows, index=list(self.studies), columns=chosen)

    def means(self, name: str) -> pd.DataFrame:
        """Return a metric's mean and interval in each world.

        Returns
        -------
        DataFrame
            ``name`` (of the world), ``mean``, ``low``, ``high``.
        """
        import pandas as pd

        rows = []
        for world, study in self.studies.items():
            found = interval(study.values(name))
            rows.append((world, found.mean, found.low, found.high))
        return pd.DataFrame(rows, columns=["name", "mean", "low", "high"])

    def difference(
        self,
        name: str,
        world: str | None = None,
        reference: str | None = None,
        by: str | None = None,
    ) -> Interval | pd.DataFrame:
        """Return the paired difference of a metric, `world` minus `reference`.

        Parameters
        ----------
        name : str
        world, reference : str
            By default the last world and the first.
        by : {None, "month", "quarter", "source"}
            The whole horizon, each period (a count of events), or each source.

        Returns
        -------
        Interval, or DataFrame
            The table has the period or source, ``mean``, ``low`` and ``high``.
        """
        first, second = self._pair(world, reference)
        if by is None:
            return interval(first.values(name) - second.values(name))
        if by == "source":
            known = [
                at for at in first.scenario.sources if at in second.scenario.sources
            ]
            gaps = [first.values(name, at) - second.values(name, at) for at in known]
            return _by_group("source", known, gaps)
        tables = [
            period_values(each.scenario, name, by, each.seed, each.replications, "auto")
            for each in (first, second)
        ]
        shared = min(table.shape[1] for table in tables)
        gap = tables[0][:, :shared] - tables[1][:, :shared]
        return _by_group(by, list(range(1, shared + 1)), list(gap.T))

    def _pair(self, world: str | None, reference: str | None) -> tuple[Study, Study]:
        names = list(self.studies)
        return self._study(world or names[-1]), self._study(reference or names[0])

    def best(self, name: str, *, largest: bool = True) -> Choice:
        """Return the best world in a metric, with a confidence that is safe to quote.

        See `simlib.studies.choice.best_of`.
        """
        values = {world: study.values(name) for world, study in self.studies.items()}
        return best_of(values, name, largest=largest)

    def save(self, path: str | Path) -> Path:
        """Write all worlds to a ``.parquet`` file, with scenarios, seed, versions."""
        return save_studies(self.studies, path)

    def ratio(
        self, name: str, world: str | None = None, reference: str | None = None
    ) -> Interval:
        """Return the ratio of a metric's means, `world` over `reference`, paired.

        By default the last world over the first.
        """
        first, second = self._pair(world, reference)
        return ratio_interval(first.values(name), second.values(name))


def _by_group(
    title: str, groups: Sequence[object], gaps: Sequence[Floats]
) -> pd.DataFrame:
    """Return a table of intervals, one row for each period or source."""
    import pandas as pd

    found = [interval(gap) for gap in gaps]
    return pd.DataFrame(
        {
            title: groups,
            "mean": [each.mean for each in found],
            "low": [each.low for each in found],
            "high": [each.high for each in found],
        }
    )


def compare(
    worlds: Mapping[str, Scenario],
    replications: int = 30,
    seed: int = 0,
    engine: str = "auto",
    progress: Progress | None = None,
) -> Comparison:
    """Run several scenarios on the same replications.

    Parameters
    ----------
    worlds : mapping of str to Scenario
        Two or more, by name.
    replications, seed, engine, progress
        As for `replicate`.

    Raises
    ------
    StudyError
        For fewer than two worlds.
    """
    if len(worlds) < 2:
        raise StudyError(f"compare: got {len(worlds)} world; a comparison needs two")
    studies = {
        name: replicate(scenario, replications, seed, engine, progress)
        for name, scenario in worlds.items()
    }
    return Comparison(studies)
