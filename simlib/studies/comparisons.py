"""The same buyers in several worlds: paired comparisons.

In: scenarios by name. Out: `Comparison`: means, differences and ratios with 95%
intervals. The worlds share their seed, so that each replication is the same buyers
and leads in all of them, and a difference is what the scenarios make of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simlib.errors import StudyError, nearest
from simlib.scenario import Scenario
from simlib.studies.intervals import Interval, interval, ratio_interval
from simlib.studies.replications import Progress, Study, replicate

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

    def difference(self, name: str, world: str, reference: str) -> Interval:
        """Return the paired difference of a metric, `world` minus `reference`."""
        values = self._study(world).values(name) - self._study(reference).values(name)
        return interval(values)

    def ratio(self, name: str, world: str, reference: str) -> Interval:
        """Return the ratio of a metric's means, `world` over `reference`, paired."""
        return ratio_interval(
            self._study(world).values(name), self._study(reference).values(name)
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
