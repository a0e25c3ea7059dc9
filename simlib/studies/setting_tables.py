"""Tables of settings: one path a column, one scenario a row.

In: a DataFrame, or a CSV file as people write it by hand or from a spreadsheet. Out:
settings by the place where they stand, for messages. A cell that cannot be understood
is never skipped or shifted: the message names the file and the line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simlib.errors import DataError
from simlib.scenario import parse_value

if TYPE_CHECKING:
    import pandas as pd

Settings = Mapping[str, Any]
# What spreadsheets put between columns, by country.
SEPARATORS = ",;\t"


def told(point: Settings) -> str:
    """Return settings as text, ``path = value`` each."""
    parts = [f"{path} = {value_told(value)}" for path, value in point.items()]
    return ", ".join(parts) or "as it is"


def value_told(value: Any) -> str:
    """Return a value in as many digits as one reads, never in powers of ten."""
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 1e6 else f"{value:.6g}"
    return str(value)


def rows_of(table: Any) -> dict[str, Settings]:
    """Return the rows of a table as settings; an empty cell leaves its path alone.

    Parameters
    ----------
    table : DataFrame, or path of a CSV file
        Columns of a file are separated by commas, semicolons or tabs.

    Returns
    -------
    dict
        From a place, such as ``plan.csv: line 3``, to paths and values.

    Raises
    ------
    DataError
        If there is no such file, or it is no table of paths.
    """
    if isinstance(table, str | Path):
        return _read(Path(table))
    return _rows_of_frame(table)


def _rows_of_frame(frame: pd.DataFrame) -> dict[str, Settings]:
    if not frame.columns.is_unique:
        raise DataError("sweep: two columns of the table have the same path")
    columns = {str(path): _values(frame[path]) for path in frame}
    rows = zip(*columns.values(), strict=True)
    return {
        f"sweep: row {number:,}": {
            path: value
            for path, value in zip(columns, row, strict=True)
            if not _is_empty(value)
        }
        for number, row in enumerate(rows, 1)
    }


def _values(column: pd.Series[Any]) -> list[Any]:
    """Return a column; numbers that an empty cell made decimal are whole again."""
    values = column.tolist()
    if column.dtype.kind == "f" and column.isna().any():
        return [int(at) if at.is_integer() else at for at in values]
    return values


def _is_empty(value: Any) -> bool:
    import pandas as pd

    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _read(path: Path) -> dict[str, Settings]:
    """Return the rows of a CSV file, whose cells are read as scenario values."""
    text = _text(path)
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    lines = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    found = {}
    try:
        paths = _paths(path, next(lines, []))
        for cells in filter(None, lines):
            place = f"{path}: line {lines.line_num}"
            found[place] = _settings(place, paths, [cell.strip() for cell in cells])
    except csv.Error as error:
        raise DataError(f"{path}: line {lines.line_num}: {error}") from None
    if not found:
        raise DataError(f"{path}: has no row below its paths; a row is a scenario")
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file") from None
    except UnicodeError:
        reason = "it is no text in UTF-8"
    except OSError as error:
        reason = error.strerror or str(error)
    raise DataError(f"{path}: cannot be read as a CSV table ({reason})")


def _paths(path: Path, cells: list[str]) -> list[str]:
    """Return the paths in the first line; columns without a name may only be empty."""
    paths = [cell.strip() for cell in cells]
    if not any(paths):
        raise DataError(
            f"{path}: line 1: names no path; name one a column, such as "
            "teams.sdr.people"
        )
    for name in filter(None, paths):
        if paths.count(name) > 1:
            raise DataError(f"{path}: line 1: {name} is there twice")
    return paths


def _settings(place: str, paths: list[str], cells: list[str]) -> Settings:
    if len(cells) != len(paths):
        raise DataError(
            f"{place}: the number of cells is {len(cells)}, in line 1 it is "
            f"{len(paths)}; an empty cell leaves its path alone"
        )
    found = {}
    for name, cell in zip(paths, cells, strict=True):
        if cell and not name:
            raise DataError(f"{place}: '{cell}' stands below no path")
        if cell:
            found[name] = parse_value(cell, f"{place}: {name}")
    return found
