"""Sweeps: one study at each point of a grid, or at each row of a table.

In: a scenario and settings, by path. Out: `Sweep`, a tidy table of settings and
metrics with 95% intervals. All points share their replications, so that neighbours
differ by their settings and not by luck.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simlib.errors import DataError, StudyError
from simlib.scenario import Scenario, parse_value
from simlib.studies.replications import Study, replicate

if TYPE_CHECKING:
    import pandas as pd

MOST_POINTS = 100_000
Settings = Mapping[str, Any]


@dataclass(frozen=True)
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

    def table(self, names: Iterable[str] | None = None) -> pd.DataFrame:
        """Return means and intervals at each point.

        Returns
        -------
        DataFrame
            One column for each path, then ``metric``, ``mean``, ``low``, ``high``,
            ``unit`` and ``replications``.
        """
        import pandas as pd

        chosen = None if names is None else list(names)
        parts = []
        for point, study in zip(self.points, self.studies, strict=True):
            part = study.summary(chosen)
            for place, (path, value) in enumerate(point.items()):
                part.insert(place, path, [value] * len(part))
            parts.append(part)
        return pd.concat(parts, ignore_index=True)


def sweep(
    scenario: Scenario,
    settings: Mapping[str, Sequence[Any]] | str | Path | pd.DataFrame,
    replications: int = 30,
    seed: int = 0,
    **how: Any,
) -> Sweep:
    """Study a scenario at each point of a grid, or at each row of a table.

    Parameters
    ----------
    scenario : Scenario
    settings : mapping, DataFrame, or path of a CSV file
        A mapping from paths to lists of values is a grid: every combination is
        studied. A table has one path a column and one scenario a row.
    replications, seed
        The same for each point.
    **how
        Passed on to `replicate`: engine, executor, store, progress.

    Raises
    ------
    StudyError, DataError, ScenarioError
        For an empty grid, an unreadable table, or an impossible value.
    """
    points = _grid(settings) if isinstance(settings, Mapping) else _rows(settings)
    if not points:
        raise StudyError("sweep: there is nothing to vary; give paths and values")
    worlds = [scenario.changed(dict(point)) for point in points]
    studies = [replicate(world, replications, seed, **how) for world in worlds]
    return Sweep(scenario, points, studies)


def _grid(settings: Mapping[str, Sequence[Any]]) -> list[Settings]:
    """Return every combination of values, the last path varying fastest."""
    lists = {path: list(values) for path, values in settings.items()}
    empty = [path for path, values in lists.items() if not values]
    if empty:
        raise StudyError(f"sweep: {empty[0]} has no values")
    count = 1
    for values in lists.values():
        count *= len(values)
    if count > MOST_POINTS:
        raise StudyError(f"sweep: {count:,} points are more than {MOST_POINTS:,}")
    if not lists:
        return []
    combinations = itertools.product(*lists.values())
    return [dict(zip(lists, values, strict=True)) for values in combinations]


def _rows(table: Any) -> list[Settings]:
    """Return the rows of a table as settings; an empty cell leaves the path alone."""
    import pandas as pd

    frame = table if isinstance(table, pd.DataFrame) else _read(Path(table))
    rows = frame.to_dict("records")
    return [
        {str(path): value for path, value in row.items() if not _is_empty(value)}
        for row in rows
    ]


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value)  # noqa: PLR0124


def _read(path: Path) -> pd.DataFrame:
    """Return a CSV file whose cells are read as scenario values."""
    import pandas as pd

    try:
        frame = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file") from None
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"{path}: cannot be read as a CSV table ({reason})") from None
    return frame.map(
        lambda cell: cell if _is_empty(cell) else parse_value(cell, str(path))
    )
