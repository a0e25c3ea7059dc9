"""Sweeps: one study at each point of a grid, or at each row of a table.

In: a scenario and settings, by path. Out: `Sweep`, a tidy table of settings and
metrics with 95% intervals. All points share their replications, so that neighbours
differ by their settings and not by luck.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from simlib.errors import ScenarioError, StudyError
from simlib.execution import How
from simlib.scenario import Scenario
from simlib.studies.precision import Precision
from simlib.studies.replications import Order, studied
from simlib.studies.saving import Said, save_studies, scenario_of, studies_from
from simlib.studies.setting_tables import Settings, rows_of
from simlib.studies.study import Study

if TYPE_CHECKING:
    import pandas as pd

MOST_POINTS = 100_000


@dataclass(frozen=True, repr=False)
class Sweep:
    """Studies at several settings of one scenario.

    Attributes
    ----------
    scenario : Scenario
        The scenario that the settings change.
    points : list of dict
        From path to value, one for each study.
    studies : list of Study
    """

    scenario: Scenario
    points: Sequence[Settings]
    studies: Sequence[Study] = field(repr=False)

    def __repr__(self) -> str:
        study = self.studies[0]
        return (
            f"Sweep of '{self.scenario.name}': {len(self.points):,} points, "
            f"{study.replications:,} runs of each, seed {study.seed}; table() has the "
            "figures"
        )

    @property
    def versions(self) -> Mapping[str, str]:
        """Versions of Python and of what the figures depend on."""
        return self.studies[0].versions

    def table(
        self, names: Iterable[str] | None = None, by: str | None = None
    ) -> pd.DataFrame:
        """Return means and intervals at each point.

        Parameters
        ----------
        names, by
            As for `Study.summary`.

        Returns
        -------
        DataFrame
            One column for each path, then the columns of `Study.summary`: ``metric``,
            ``mean``, ``low``, ``high``, ``unit`` and ``replications``. A path that a
            row of a table left alone is empty.
        """
        import pandas as pd

        chosen = None if names is None else list(names)
        paths = list(dict.fromkeys(path for point in self.points for path in point))
        parts = []
        for point, study in zip(self.points, self.studies, strict=True):
            part = study.summary(chosen, by)
            for place, path in enumerate(paths):
                part.insert(place, path, [point.get(path)] * len(part))
            parts.append(part)
        return pd.concat(parts, ignore_index=True)

    def save(self, path: str | Path) -> Path:
        """Write all points to a ``.parquet`` file, with scenario, seed, versions."""
        studies = {str(number): study for number, study in enumerate(self.studies)}
        points = [dict(point) for point in self.points]
        said = {"base": self.scenario.to_yaml(), "points": points}
        return save_studies(studies, path, "sweep", said)

    @classmethod
    def loaded(cls, frame: pd.DataFrame, said: Said) -> Sweep:
        """Return the sweep of a saved table."""
        studies = list(studies_from(frame, said).values())
        return cls(scenario_of(said["base"]), said["points"], studies)


def sweep(
    scenario: Scenario,
    settings: Mapping[str, Sequence[Any]] | str | Path | pd.DataFrame,
    replications: int = 30,
    seed: int = 0,
    *,
    until: Mapping[str, float] | None = None,
    maximum: int = 10_000,
    by_source: bool = False,
    **how: Unpack[How],
) -> Sweep:
    """Study a scenario at each point of a grid, or at each row of a table.

    Parameters
    ----------
    scenario : Scenario
    settings : mapping, DataFrame, or path of a CSV file
        A mapping from paths to lists of values is a grid: every combination is
        studied. A table has one path a column and one scenario a row; an empty cell
        leaves the path as it is (`simlib.studies.setting_tables`).
    replications, seed
        The same for each point.
    until, maximum, by_source
        As for `replicate`; all points get as many replications as the one that needs
        most.
    **how
        Engine, executor, store and progress, as for `replicate`.

    Raises
    ------
    StudyError, DataError, ScenarioError
        For an empty grid, an unreadable table, or an impossible value.
    """
    rows = _grid(settings) if isinstance(settings, Mapping) else rows_of(settings)
    if not rows:
        raise StudyError("sweep: there is nothing to vary; give paths and values")
    points = list(rows.values())
    worlds = [_changed(scenario, place, point) for place, point in rows.items()]
    goal = None if until is None else Precision(until, replications, maximum)
    order = Order(replications, seed, by_source=by_source, goal=goal)
    return Sweep(scenario, points, studied(worlds, order, how))


def _changed(scenario: Scenario, place: str, point: Settings) -> Scenario:
    try:
        return scenario.changed(dict(point))
    except ScenarioError as error:
        raise ScenarioError(f"{place}: {error}") from None


def _grid(settings: Mapping[str, Sequence[Any]]) -> dict[str, Settings]:
    """Return every combination of values, the last path varying fastest."""
    lists = {path: _several(path, values) for path, values in settings.items()}
    count = math.prod(len(values) for values in lists.values())
    if count > MOST_POINTS:
        raise StudyError(f"sweep: {count:,} points are more than {MOST_POINTS:,}")
    if not lists:
        return {}
    combinations = itertools.product(*lists.values())
    return {
        f"sweep: point {number:,}": dict(zip(lists, values, strict=True))
        for number, values in enumerate(combinations, 1)
    }


def _several(path: str, values: Any) -> list[Any]:
    if isinstance(values, str | Mapping) or not isinstance(values, Iterable):
        raise StudyError(f"sweep: {path} is {values!r}; give a list of values")
    found = list(values)
    if not found:
        raise StudyError(f"sweep: {path} has no values")
    return found
