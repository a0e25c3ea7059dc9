"""A folder of finished replications, so that nothing is ever computed twice.

In: spans of replications, and their figures. Out: the same figures on another day.
Each entry is one Parquet file of its own, under

    FOLDER/MODEL VERSION/MEASURE-SCENARIO DIGEST/SEED/FIRST-COUNT-DIGEST.parquet

The digest in the name is of the file's bytes and of where it belongs: an entry that
was cut off, changed or mixed up is noticed, reported, removed, and computed anew.
Entries are written under a temporary name and moved, so that a kill leaves only whole
ones, and several studies may use one folder at a time without a lock. Figures are
numbers, never pickled objects: reading a store runs no code. To forget everything,
delete the folder.

The engine is not part of the key, since all engines write the same log.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from simlib.errors import FileError
from simlib.execution.work import Figures, Span, model_version
from simlib.files import written_safely

LOGGER = logging.getLogger("simlib")
NAME = re.compile(r"(\d+)-(\d+)-([0-9a-f]{32})\.parquet")
KEYS = ("replication", "row")


class Store:
    """Finished replications in a folder.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    measure : str
        What was measured, as a part of the key.

    Raises
    ------
    FileError
        If there is no such folder and it cannot be made.
    """

    def __init__(self, folder: str | Path, measure: str) -> None:
        self.folder, self.measure = Path(folder), measure
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or str(error)
            raise FileError(f"{folder}: is no folder for a store ({reason})") from None

    def place(self, span: Span) -> Path:
        """Return the folder of a span's entries."""
        what = f"{self.measure}-{span.scenario.digest}"
        return self.folder / model_version() / what / str(span.seed)

    def _address(self, span: Span) -> str:
        """Return all that an entry's numbers depend on."""
        scenario, version = span.scenario.digest, model_version()
        parts = (version, self.measure, scenario, span.seed, span.first, span.count)
        return "/".join(str(part) for part in parts)

    def read(self, span: Span) -> Iterator[tuple[int, Figures]]:
        """Give the entries that hold some of a span: first replication, figures."""
        end = span.first + span.count
        for path in sorted(self.place(span).glob("*.parquet")):
            named = NAME.fullmatch(path.name)
            if not named:
                continue
            first, count = int(named[1]), int(named[2])
            if first < end and span.first < first + count:
                part = Span(span.scenario, span.seed, first, count)
                found = _read(path, named[3], self._address(part), count)
                if found is not None:
                    yield first, found

    def write(self, span: Span, figures: Figures) -> None:
        """Add an entry.

        Raises
        ------
        FileError
            If it cannot be written; what is there already stays as it is.
        """
        place = self.place(span)
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or str(error)
            raise FileError(f"{place}: cannot be made ({reason})") from None
        content = _content(span, figures)
        digest = _digest(content, self._address(span))
        name = f"{span.first}-{span.count}-{digest}.parquet"
        with written_safely(place / name) as temporary:
            temporary.write_bytes(content)


def _digest(content: bytes, address: str) -> str:
    whole = hashlib.blake2b(address.encode(), digest_size=16)
    whole.update(content)
    return whole.hexdigest()


def _content(span: Span, figures: Figures) -> bytes:
    """Return an entry as the bytes of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    count, rows, width = figures.numbers.shape
    flat = figures.numbers.reshape(count * rows, width)
    numbers = np.arange(span.first, span.first + count)
    columns = {
        KEYS[0]: np.repeat(numbers, rows),
        KEYS[1]: np.tile(np.arange(rows), count),
        **dict(zip(figures.names, flat.T, strict=True)),
    }
    buffer = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), buffer, write_statistics=False)
    content: bytes = buffer.getvalue().to_pybytes()
    return content


def _read(path: Path, digest: str, address: str, count: int) -> Figures | None:
    """Return an entry; a damaged one is reported and removed."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        content = path.read_bytes()
    except FileNotFoundError:  # another study found it damaged at the same time
        return None
    except OSError as error:
        LOGGER.warning("%s: cannot be read (%s); computed anew", path, error.strerror)
        return None
    if _digest(content, address) != digest:
        LOGGER.warning("%s: is damaged; removed and computed anew", path)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            LOGGER.warning("%s: cannot be removed (%s)", path, error.strerror)
        return None
    table = pq.read_table(pa.BufferReader(content))
    names = tuple(name for name in table.column_names if name not in KEYS)
    flat = np.column_stack([table[name].to_numpy() for name in names])
    return Figures(names, flat.reshape(count, -1, len(names)))
