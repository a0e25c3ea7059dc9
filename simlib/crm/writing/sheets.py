"""Tables on their way to a file: which column holds what, and how it is written.

In: a table of a layout and what its cells hold. Out: files, each whole or not at all.
It invents nothing, and knows no flaw but those of style.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from simlib.crm.layouts import API, REPORT_FOOTER, REPORT_TIME, Column, Layout, Table
from simlib.crm.writing.cells import OWNERS, escaped, times
from simlib.draws import Floats
from simlib.files import written_safely

API_DATES = "%Y-%m-%dT%H:%M:%S.000Z"
DAY = "%Y-%m-%d"


@dataclass(frozen=True)
class When:
    """A column of times, in days from the start; only dates if `is_date`."""

    days: Floats
    is_date: bool = False


@dataclass(frozen=True)
class Sheet:
    """One table with its cells: text, or `When`; all of one length."""

    table: Table
    cells: dict[Column, list[str] | When]

    def __len__(self) -> int:
        first = next(iter(self.cells.values()))
        return len(first.days if isinstance(first, When) else first)

    def take(self, rows: Any) -> Sheet:
        """Return chosen rows, in a chosen order."""
        return replace(
            self,
            cells={
                column: replace(cells, days=cells.days[rows])
                if isinstance(cells, When)
                else [cells[row] for row in rows]
                for column, cells in self.cells.items()
            },
        )

    def emptied(self, column: Column, rows: Any) -> Sheet:
        """Return the same with some cells of a column of text empty."""
        cells = self.cells[column]
        assert isinstance(cells, list)
        gone = set(rows)
        kept = ["" if row in gone else cell for row, cell in enumerate(cells)]
        return replace(self, cells={**self.cells, column: kept})


@dataclass(frozen=True)
class Style:
    """How a file is written.

    Attributes
    ----------
    spelling : {"labels", "api"}
    time, date : str
        How times and dates are written (strftime).
    delimiter, encoding : str
    quoted : bool
        Whether every cell is in quotes.
    footer : bool
        Whether a report's footer stands below the rows.
    start : datetime.date
        Day 0.
    written : datetime.date
        The day of the export.
    """

    spelling: str
    time: str
    date: str
    delimiter: str
    encoding: str
    quoted: bool
    footer: bool
    start: dt.date
    written: dt.date

    def days_only(self) -> Style:
        """Return the same with dates for times."""
        return replace(self, time=self.date)


def style_of(layout: Layout, spelling: str, start: dt.date, written: dt.date) -> Style:
    """Return how a layout is written without flaws."""
    api = spelling == API
    time = layout.dates
    if api and layout.name != "pipedrive":
        time = API_DATES
    date = DAY if api else time.replace("T", " ").split(" ")[0]
    return Style(
        spelling=spelling,
        time=time,
        date=date,
        delimiter=layout.delimiter,
        encoding="utf-8" if api else layout.encoding,
        quoted=layout.name == "salesforce",
        footer=False,
        start=start,
        written=written,
    )


def write(sheet: Sheet, path: Path, style: Style) -> Path:
    """Write a table as a file of separated values, whole or not at all."""
    named = {
        (column.api if style.spelling == API else column.label): cells
        for column, cells in sheet.cells.items()
    }
    named = {name: cells for name, cells in named.items() if name}
    columns = [
        _as_text(cells, style) if isinstance(cells, When) else cells
        for cells in named.values()
    ]
    text = io.StringIO()
    writer = csv.writer(
        text,
        delimiter=style.delimiter,
        quoting=csv.QUOTE_ALL if style.quoted else csv.QUOTE_MINIMAL,
    )
    writer.writerow(named)
    writer.writerows([map(escaped, row) for row in zip(*columns, strict=True)])
    if style.footer:
        for line in _footer(sheet, style):
            writer.writerow([line] if line else [])
    with written_safely(path) as temporary:
        data = text.getvalue().encode(style.encoding, errors="replace")
        temporary.write_bytes(data)
    return path


def _as_text(when: When, style: Style) -> list[str]:
    return times(when.days, style.start, style.date if when.is_date else style.time)


def _footer(sheet: Sheet, style: Style) -> list[str]:
    noon = dt.datetime.combine(style.written, dt.time(12))
    said = {
        "report": f"All {sheet.table.name}",
        "year": str(style.written.year),
        "person": OWNERS[0],
        "time": noon.strftime(REPORT_TIME),
        "company": "Example Company",
    }
    return [line.format(**said) for line in REPORT_FOOTER]
