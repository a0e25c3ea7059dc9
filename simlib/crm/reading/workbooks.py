"""Tables in XLSX workbooks and in Parquet files.

In: the path of a file. Out: `Sheet`. A workbook is judged by its directory before
anything in it is unpacked; what would unfold to gigabytes is refused. Formulas are
never computed: what a cell last showed is read.
"""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from simlib.crm.reading.sheets import PIECE, Piece, Sheet
from simlib.crm.reading.text_files import TOP, IsHeader
from simlib.errors import DataError

# What a parser of broken XML or a broken archive raises.
BROKEN = (KeyError, ValueError, TypeError, SyntaxError, zipfile.BadZipFile, zlib.error)
LARGEST = 2 << 30  # bytes that a workbook may unfold to
TIGHTEST, SMALL = 200, 50 << 20  # packed more tightly than that, and not small: a bomb


def workbook_sheet(path: Path, is_header: IsHeader) -> Sheet:
    """Return the first table of a workbook, that with a known header before others.

    Raises
    ------
    DataError
        If it is no workbook, is locked, or unfolds to too much.
    """
    _refuse_bomb(path)
    with _opened(path) as book:
        tops = {
            sheet.title: [
                [_text(cell) for cell in row]
                for row in islice(sheet.iter_rows(values_only=True), TOP)
            ]
            for sheet in book.worksheets
        }
    title, at = _header(path, tops, is_header)
    return Sheet(
        file=path.name,
        header=tuple(cell.strip() for cell in tops[title][at]),
        header_row=at + 1,
        read=_Workbook(path, title, at),
        says=f"XLSX, sheet '{title}'",
    )


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _broken(path) from error
    if not any(part.filename.startswith("xl/") for part in parts):
        raise DataError(f"{path.name}: a ZIP archive, no workbook; unpack it first")
    size = sum(part.file_size for part in parts)
    tight = any(
        part.file_size > SMALL
        and part.file_size > TIGHTEST * max(part.compress_size, 1)
        for part in parts
    )
    if size > LARGEST or tight or len(parts) > 10_000:
        raise DataError(
            f"{path.name}: would unfold to {size / 1e6:,.0f} MB from "
            f"{path.stat().st_size / 1e6:,.1f} MB and is not opened; export it as CSV"
        )


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Give the workbook, whatever its file is called, and close it."""
    import openpyxl

    # Exports lack styles and the like, of which nothing is read.
    with path.open("rb") as file, warnings.catch_warnings(action="ignore"):
        try:
            book = openpyxl.load_workbook(
                file, read_only=True, data_only=True, keep_links=False
            )
        except Exception as error:  # openpyxl raises whatever its parsers raise
            raise _broken(path) from error
        try:
            yield book
        except BROKEN as error:
            raise _broken(path) from error
        finally:
            book.close()


def _broken(path: Path) -> DataError:
    return DataError(
        f"{path.name}: not a workbook that can be read (broken, or locked with a "
        "password); export it again as XLSX or CSV"
    )


def _header(
    path: Path, tops: dict[str, list[list[str]]], is_header: IsHeader
) -> tuple[str, int]:
    for title, rows in tops.items():
        for at, row in enumerate(rows):
            if is_header(row):
                return title, at
    for title, rows in tops.items():
        for at, row in enumerate(rows):
            if sum(bool(cell.strip()) for cell in row) > 1:
                return title, at
    raise DataError(f"{path.name}: no sheet has a table in it")


def _text(cell: Any) -> str:
    """Return what a cell holds as text: times as 2025-03-31 14:00:00."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


class _Workbook:
    """Reads chosen columns of one sheet, piece by piece."""

    def __init__(self, path: Path, title: str, header: int) -> None:
        self.path, self.title, self.header = path, title, header

    def __call__(self, columns: Sequence[int]) -> Iterator[Piece]:
        import pyarrow as pa

        with _opened(self.path) as book:
            rows = book[self.title].iter_rows(min_row=self.header + 2, values_only=True)
            while piece := list(islice(rows, PIECE)):
                yield {
                    at: pa.array(
                        [_text(row[at]) if at < len(row) else "" for row in piece],
                        pa.string(),
                    )
                    for at in columns
                }


def parquet_sheet(path: Path) -> Sheet:
    """Return the table of a Parquet file.

    Raises
    ------
    DataError
        If it is no Parquet file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    broken = (pa.ArrowException, OSError, UnicodeDecodeError)
    try:
        names = tuple(pq.ParquetFile(path).schema_arrow.names)
    except broken as error:
        raise DataError(f"{path.name}: not a Parquet file that can be read") from error

    def read(columns: Sequence[int]) -> Iterator[Piece]:
        wanted = [names[at] for at in columns]
        try:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(PIECE, columns=wanted):
                    yield {at: _as_text(batch.column(names[at])) for at in columns}
        except broken as error:
            listed = ", ".join(f"'{name}'" for name in wanted)
            raise DataError(
                f"{path.name}: one of the columns {listed} is broken, or holds neither "
                "text, numbers nor dates"
            ) from error

    return Sheet(path.name, names, 0, read, says="Parquet")


def _as_text(column: Any) -> Any:
    """Return a column of Parquet as strings; what has no text is refused."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_timestamp(kind):
        aware = kind.tz is not None
        column = column.cast(pa.timestamp("s", tz="UTC" if aware else None), safe=False)
    text = column.cast(pa.string())
    return text.fill_null("")
