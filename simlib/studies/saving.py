"""Studies on disk: Parquet with everything that is needed to run them again.

In: what a study found. Out: one file whose table holds the figures, and whose metadata
hold the scenarios, the seed and the versions; and the same object back from it.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.errors import StudyError
from simlib.execution import model_version
from simlib.files import written_safely
from simlib.scenario import Scenario, parse_value

if TYPE_CHECKING:
    import pandas as pd

    from simlib.studies.study import Study

KEY = b"simlib.studies"
ALL = ""
PLACES = ("world", "replication", "source")
LIBRARIES = ("simlib", "simpy", "numpy", "scipy", "pandas", "numba")
Said = dict[str, Any]
Reader = Callable[["pd.DataFrame", Said], Any]


@cache
def versions() -> Mapping[str, str]:
    """Return the versions of Python and of what the figures depend on.

    ``model`` is the digest by which a store tells models apart.
    """
    found = {"python": platform.python_version(), "model": model_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def write_table(
    frame: pd.DataFrame,
    kind: str,
    said: Said,
    path: str | Path,
    made_by: Mapping[str, str],
) -> Path:
    """Write a table and what is said of it as one Parquet file, whole or not at all.

    Parameters
    ----------
    frame : DataFrame
    kind : str
        What kind of study it is.
    said : dict
        All that JSON can hold, and NumPy's numbers.
    path : str or Path
    made_by : mapping of str to str
        The versions that the study was made with, perhaps long ago.

    Raises
    ------
    StudyError
        If the name does not end in ``.parquet``.
    FileError
        If the file cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = Path(path)
    if path.suffix != ".parquet":
        raise StudyError(f"{path}: a study is written as .parquet")
    table = pa.Table.from_pandas(frame, preserve_index=False)
    whole = {"kind": kind, "versions": dict(made_by), **said}
    text = json.dumps(whole, default=lambda number: number.item())
    metadata = {**(table.schema.metadata or {}), KEY: text}
    with written_safely(path) as temporary:
        pq.write_table(table.replace_schema_metadata(metadata), temporary)
    return path


def read_table(path: str | Path) -> tuple[pd.DataFrame, Said]:
    """Return a table that `write_table` wrote, and what was said of it.

    Raises
    ------
    StudyError
        If the file is missing or holds something else.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = Path(path)
    try:
        table = pq.read_table(path)
        said = json.loads((table.schema.metadata or {})[KEY])
    except FileNotFoundError:
        raise StudyError(f"{path}: there is no such file") from None
    except (OSError, pa.ArrowException, KeyError, ValueError):
        raise StudyError(f"{path}: is not a saved study of Lead Lab") from None
    return table.to_pandas(), said


def scenario_of(text: str) -> Scenario:
    """Return a scenario from the YAML text in a saved study."""
    return Scenario.of(parse_value(text, "the saved scenario"))


def save_studies(
    studies: Mapping[str, Study],
    path: str | Path,
    kind: str = "comparison",
    said: Said | None = None,
) -> Path:
    """Write studies as one file: a row for each world, replication and source.

    Figures by source are part of it; where nobody has asked for them yet, the
    replications are run again for them.

    Parameters
    ----------
    studies : mapping of str to Study
    path : str or Path
    kind : str
    said : dict, optional
        What else is said of them.

    Raises
    ------
    StudyError, FileError
        As for `write_table`.
    """
    import pandas as pd

    frame = pd.concat([_frame(world, study) for world, study in studies.items()])
    worlds = {
        world: {
            "seed": study.seed,
            "scenario": study.scenario.to_yaml(),
            "metrics": study.names,
            "sources": list(study.scenario.sources),
        }
        for world, study in studies.items()
    }
    made_by = next(iter(studies.values())).versions
    return write_table(frame, kind, {**(said or {}), "worlds": worlds}, path, made_by)


def _frame(world: str, study: Study) -> pd.DataFrame:
    """Return a study as rows: first all sources together, then each source."""
    import pandas as pd

    blocks = [study.table, *np.moveaxis(study.sources, 1, 0)]
    parts = []
    for source, block in zip([ALL, *study.scenario.sources], blocks, strict=True):
        part = pd.DataFrame(block, columns=list(study.names))
        part.insert(0, "source", source)
        part.insert(0, "replication", range(len(part)))
        part.insert(0, "world", world)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def read_studies(path: str | Path) -> tuple[dict[str, Study], dict[str, str]]:
    """Return the studies of a file, by world, and the versions that made them.

    Raises
    ------
    StudyError
        If the file is missing or was not written by `save_studies`.
    """
    frame, said = read_table(path)
    if "worlds" not in said:
        raise StudyError(f"{path}: holds a {said['kind']}, not studies")
    return studies_from(frame, said), said["versions"]


def studies_from(frame: pd.DataFrame, said: Said) -> dict[str, Study]:
    """Return the studies in a table, by world."""
    by_world = dict(iter(frame.groupby("world", sort=False)))
    return {
        world: _study(by_world[world], about, said["versions"])
        for world, about in said["worlds"].items()
    }


def _study(
    frame: pd.DataFrame, about: Mapping[str, Any], made_by: Mapping[str, str]
) -> Study:
    from simlib.studies.study import Study

    scenario = scenario_of(about["scenario"])
    # Worlds of one file may have other metrics: theirs are no columns of this one.
    names = tuple(about["metrics"])
    by_source = {
        source: frame[frame["source"] == source][list(names)].to_numpy(float)
        for source in [ALL, *about["sources"]]
    }
    whole = by_source.pop(ALL)
    sources = np.stack(list(by_source.values()), axis=1)
    seed, count = about["seed"], len(whole)
    return Study(scenario, seed, count, names, whole, sources, versions=made_by)
