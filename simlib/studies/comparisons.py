"""The same buyers in several worlds: paired comparisons.

In: scenarios by name. Out: `Comparison`: means, differences and ratios with 95%
intervals. The worlds share their seed, so that each replication is the same buyers
and leads in all of them, and a difference is what the scenarios make of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from simlib.errors import StudyError, nearest
from simlib.execution import How, Progress, Ticker, lasting
from simlib.metrics import describe
from simlib.scenario import Scenario
from simlib.studies.choice import Choice, best_of
from simlib.studies.intervals import Floats, Interval, interval, ratio_interval
from simlib.studies.periods import period_values
from simlib.studies.precision import Precision
from simlib.studies.replications import Order, studied
from simlib.studies.saving import save_studies
from simlib.studies.study import Study, names_of

if TYPE_CHECKING:
    import pandas as pd

Contrast = Callable[[Floats, Floats], Interval]
TOTAL = "total"


@dataclass(frozen=True, repr=False)
class Comparison:
    """Studies of several worlds on the same replications.

    Attributes
    ----------
    studies : mapping of str to Study
        One for each world, in the order in which they were given.
    how : How
        Engine, executor and store, for what must be run again.
    """

    studies: Mapping[str, Study]
    how: How = field(default_factory=How, repr=False)

    def __repr__(self) -> str:
        study = next(iter(self.studies.values()))
        return (
            f"Comparison of {', '.join(self.studies)}: {study.replications:,} runs of "
            f"each, seed {study.seed}; summary() has the figures, difference(METRIC) "
            "what sets them apart"
        )

    @property
    def scenarios(self) -> dict[str, Scenario]:
        """The worlds' scenarios, by name."""
        return {world: study.scenario for world, study in self.studies.items()}

    def _study(self, world: str) -> Study:
        if world not in self.studies:
            known = ", ".join(self.studies)
            hint = nearest(world, self.studies)
            raise StudyError(f"world '{world}': it must be one of {known}.{hint}")
        return self.studies[world]

    def table(self, names: str | Iterable[str]) -> pd.DataFrame:
        """Return the means alone: one row a world, one column a metric.

        `summary` has their intervals.
        """
        import pandas as pd

        chosen = names_of(names)
        rows = [
            [interval(study.values(name)).mean for name in chosen]
            for study in self.studies.values()
        ]
        return pd.DataFrame(rows, index=list(self.studies), columns=chosen)

    def summary(
        self, names: str | Iterable[str] | None = None, by: str | None = None
    ) -> pd.DataFrame:
        """Return the means of all worlds with their 95% intervals.

        Parameters
        ----------
        names, by
            As for `Study.summary`.

        Returns
        -------
        DataFrame
            ``world``, then the columns of `Study.summary`.
        """
        import pandas as pd

        chosen = None if names is None else names_of(names)
        parts = []
        for world, study in self.studies.items():
            part = study.summary(chosen, by)
            part.insert(0, "world", world)
            parts.append(part)
        return pd.concat(parts, ignore_index=True)

    def means(self, name: str) -> pd.DataFrame:
        """Return a metric's mean and interval in each world.

        Returns
        -------
        DataFrame
            ``name`` (of the world), ``mean``, ``low``, ``high``, ``replications``
            (in how many it was defined) and ``unit``.
        """
        found = [interval(study.values(name)) for study in self.studies.values()]
        return _by_group("name", list(self.studies), found, describe(name).unit)

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
        by : {None, "total", "month", "quarter", "year", "source"}
            The whole horizon, as an interval or as a table of one row; each period (a
            count of events); or each source that both worlds have.

        Returns
        -------
        Interval, or DataFrame
            The table has the period or source, ``mean``, ``low``, ``high``,
            ``replications`` and ``unit``. Each interval holds by itself: of twenty
            rows, expect one to miss the truth.
        """
        pair = self._pair(world, reference)
        unit = describe(name).unit
        return self._contrast(name, pair, by, (lambda a, b: interval(a - b)), unit)

    def ratio(
        self,
        name: str,
        world: str | None = None,
        reference: str | None = None,
        by: str | None = None,
    ) -> Interval | pd.DataFrame:
        """Return the ratio of a metric's means, `world` over `reference`, paired.

        Parameters
        ----------
        name, world, reference, by
            As for `difference`; the interval is that of
            `simlib.studies.intervals.ratio_interval`, nan where the reference has
            nothing.

        Returns
        -------
        Interval, or DataFrame
            As for `difference`.
        """
        pair = self._pair(world, reference)
        return self._contrast(name, pair, by, ratio_interval, "times")

    def _contrast(
        self,
        name: str,
        pair: tuple[Study, Study],
        by: str | None,
        contrast: Contrast,
        unit: str,
    ) -> Interval | pd.DataFrame:
        """Return an interval from a pair of studies, or one for each group."""
        first, second = pair
        if by in {None, TOTAL}:
            whole = contrast(first.values(name), second.values(name))
            return whole if by is None else _by_group(TOTAL, [TOTAL], [whole], unit)
        groups: Sequence[object]
        if by == "source":
            shared = second.scenario.sources
            known = [at for at in first.scenario.sources if at in shared]
            found = [
                contrast(first.values(name, at), second.values(name, at))
                for at in known
            ]
            return _by_group(by, known, found, unit)
        one, two = (period_values(study, name, by, self.how) for study in pair)
        groups = range(1, min(one.shape[1], two.shape[1]) + 1)
        found = [contrast(*each) for each in zip(one.T, two.T, strict=False)]
        return _by_group(by, groups, found, unit)

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
        return save_studies(self.studies, path, "comparison")


def _by_group(
    title: str, groups: Sequence[object], found: Sequence[Interval], unit: str
) -> pd.DataFrame:
    """Return a table of intervals, one row for each world, period or source."""
    import pandas as pd

    parts = ("mean", "low", "high", "replications")
    columns = {part: [getattr(each, part) for each in found] for part in parts}
    return pd.DataFrame({title: groups, **columns, "unit": unit})


def compare(  # noqa: PLR0913  (as `replicate`)
    worlds: Mapping[str, Scenario],
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
) -> Comparison:
    """Run several scenarios on the same replications.

    Parameters
    ----------
    worlds : mapping of str to Scenario
        Two or more, by name.
    replications, seed, engine, executor, store, progress
        As for `replicate`; replications are those of each world.
    until, maximum, by_source
        As for `replicate`; all worlds get as many replications as the one that needs
        most.

    Raises
    ------
    StudyError
        For fewer than two worlds.
    """
    if len(worlds) < 2:
        raise StudyError(f"compare: got {len(worlds)} world; a comparison needs two")
    how = How(engine=engine, executor=executor, store=store, progress=progress)
    goal = None if until is None else Precision(until, replications, maximum)
    order = Order(replications, seed, by_source=by_source, goal=goal)
    studies = studied(list(worlds.values()), order, how)
    return Comparison(dict(zip(worlds, studies, strict=True)), lasting(how))
