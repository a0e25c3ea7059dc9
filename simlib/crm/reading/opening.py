"""Opening a file that somebody names, whatever it turns out to be.

In: paths. Out: `Sheet` for each, or one message that says what to do instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from simlib.crm.reading.sheets import Sheet
from simlib.crm.reading.text_files import IsHeader, text_sheet
from simlib.crm.reading.workbooks import parquet_sheet, workbook_sheet
from simlib.errors import DataError

OTHER = {
    b"\xd0\xcf\x11\xe0": "an old Excel file, or a locked one; save it as XLSX or CSV",
    b"\x1f\x8b": "packed with gzip; unpack it first",
    b"BZh": "packed with bzip2; unpack it first",
    b"7z\xbc\xaf": "packed with 7-Zip; unpack it first",
    b"Rar!": "packed with RAR; unpack it first",
    b"%PDF": "a PDF; export the table as CSV or XLSX",
    b"\x89PNG": "a picture; export the table as CSV or XLSX",
    b"\xff\xd8\xff": "a picture; export the table as CSV or XLSX",
    b"SQLite": "a database; export the table as CSV",
}


def opened(path: Path, is_header: IsHeader) -> Sheet:
    """Return the table of a file.

    Parameters
    ----------
    path : Path
    is_header : callable
        Whether a row of cells looks like a header that is known.

    Raises
    ------
    DataError
        If there is no such file, it is a folder, or holds no table.
    """
    start = _start(path)
    for mark, what in OTHER.items():
        if start.startswith(mark):
            raise DataError(f"{path.name}: this is {what}")
    if start.startswith(b"PAR1"):
        return parquet_sheet(path)
    if start.startswith(b"PK"):
        return workbook_sheet(path, is_header)
    return text_sheet(path, is_header)


def _start(path: Path) -> bytes:
    if path.is_dir():
        inside = sorted(
            child.name
            for child in path.iterdir()
            if child.suffix.lower() in {".csv", ".tsv", ".xlsx", ".parquet"}
        )
        named = f" It holds {', '.join(inside[:3])}." if inside else ""
        raise DataError(f"{path}: this is a folder; name the files in it.{named}")
    try:
        with path.open("rb") as file:
            return file.read(8)
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(f"{path}: cannot be read ({reason})") from None


def each_once(paths: Sequence[Path]) -> list[Path]:
    """Return the paths, or refuse a file that is named twice."""
    if not paths:
        raise DataError("no file was given; name one or more exports")
    seen: set[Path] = set()
    for path in paths:
        whole = path.resolve()
        if whole in seen:
            raise DataError(f"{path}: this file is named twice")
        seen.add(whole)
    return list(paths)
