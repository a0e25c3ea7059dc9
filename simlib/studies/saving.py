"""Studies on disk: Parquet with everything that is needed to run them again.

In: a `Study` or a `Comparison`. Out: one file whose table has a row for each world,
replication and source, and whose metadata hold the scenarios, the seed and the
versions; and the same object back from it.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.errors import StudyError
from simlib.files import written_safely
from simlib.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from simlib.studies.replications import Study

KEY = b"simlib.studies"
ALL = ""
PLACES = ("world", "replication", "source")
LIBRARIES = ("simlib", "simpy", "numpy", "scipy", "pandas", "numba")


def versions() -> dict[str, str]:
    """Return the versions of Python and of what the figures depend on."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def save_studies(studies: Mapping[str, Study], path: str | Path) -> Path:
    """Write studies as one Parquet file, whole or not at all.

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
    import pandas as pd

    frame = pd.concat([_frame(world, study) for world, study in studies.items()])
    said = {
        "versions": versions(),
        "worlds": {
            world: {"seed": study.seed, "scenario": study.scenario.to_yaml()}
            for world, study in studies.items()
        },
    }
    table = pa.Table.from_pandas(frame, preserve_index=False)
    metadata = {**(table.schema.metadata or {}), KEY: json.dumps(said)}
    with written_safely(path) as temporary:
        pq.write_table(table.replace_schema_metadata(metadata), temporary)
    return path


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
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = Path(path)
    try:
        table = pq.read_table(path)
        said = json.loads((table.schema.metadata or {})[KEY])
    except FileNotFoundError:
        raise StudyError(f"{path}: there is no such file") from None
    except (OSError, pa.ArrowInvalid, KeyError):
        raise StudyError(f"{path}: is not a saved study of Lead Lab") from None
    frame = table.to_pandas()
    worlds = said["worlds"]
    studies = {
        world: _study(frame[frame["world"] == world], worlds[world]) for world in worlds
    }
    return studies, said["versions"]


def _study(frame: pd.DataFrame, said: Mapping[str, Any]) -> Study:
    from simlib.scenario import parse_value
    from simlib.studies.replications import Study

    scenario = Scenario.of(parse_value(said["scenario"], "the saved scenario"))
    names = tuple(str(name) for name in frame.columns if name not in PLACES)
    by_source = {
        source: frame[frame["source"] == source][list(names)].to_numpy(float)
        for source in [ALL, *scenario.sources]
    }
    whole = by_source.pop(ALL)
    sources = np.stack(list(by_source.values()), axis=1)
    return Study(scenario, said["seed"], len(whole), names, whole, sources)
