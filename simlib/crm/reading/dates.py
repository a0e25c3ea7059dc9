"""Columns of dates, read piece by piece; what comes first is decided for the column.

In: cells as text, in pieces. Out: days since 1970-01-01 as floats. A cell that is no
date is refused by row and column; an empty one is nan. It never guesses a cell alone:
whether 03/04/2025 is in March or April is the same for all cells of a column.

Understood are 2025-03-31, 2025/03/31, 20250331, 31.03.2025, 31/03/25, 03/31/2025,
31 Mar 2025, March 31, 2025, each with a time of day, AM or PM, Z or an offset; seconds
or milliseconds since 1970; and the day numbers of spreadsheets.
"""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simlib.crm.reading.places import Place, shown
from simlib.draws import Floats
from simlib.errors import DataError
from simlib.funnel.columns import Ints

DAY = 86_400.0
MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
EMPTY = (
    r"^(?i:\s*|-+|n/?a|#n/a|null|none|nan|nat|\(blank\)|\(no value\)|"
    r"0000-00-00.*|0001-01-01.*)$"
)
EARLIEST = 1990  # years before stand for "no date" in old systems
_TIME = (
    r"(?:(?:[T,]|\s)\s*(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
    r"\s*(?P<zone>Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?\s*$"
)
FORMS = {
    "year": r"^\s*(?P<y>\d{4})(?:[-/.])(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})" + _TIME,
    "either": r"^\s*(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})[-/.](?P<y>\d{4}|\d{2})"
    + _TIME,
    "named": r"^\s*(?P<b>\d{1,2})[-. ]+(?P<a>[A-Za-z]{3,9})\.?,?[- ]+(?P<y>\d{4})"
    + _TIME,
    "american": r"^\s*(?P<a>[A-Za-z]{3,9})\.? +(?P<b>\d{1,2})(?:st|nd|rd|th)?,? +"
    r"(?P<y>\d{4})" + _TIME,
    "compact": r"^\s*(?P<y>(?:19|20)\d{2})(?P<a>\d{2})(?P<b>\d{2})" + _TIME,
}
NUMBER = r"^\s*(\d{5}(?:\.\d+)?|\d{10}|\d{13})\s*$"


class Parts(NamedTuple):
    """Dates taken apart; `a` is the month if the month comes first."""

    row: Ints
    year: Ints
    a: Ints
    b: Ints
    seconds: Floats
    aware: NDArray[np.bool_]
    dotted: bool = False


SMALL = {
    "row": np.int32,
    "year": np.int16,
    "a": np.int8,
    "b": np.int8,
    "seconds": np.float32,
    "aware": np.bool_,
}


@dataclass
class DateColumn:
    """One column of dates while it is read.

    Attributes
    ----------
    place : Place
        What messages call it.
    length : int
        Cells so far.
    aware : bool
        Whether some cells say their time zone.
    """

    place: Place
    length: int = 0
    aware: bool = False
    _done: list[tuple[Any, Floats, Any]] = field(default_factory=list)
    _either: list[Parts] = field(default_factory=list)

    def add(self, cells: Any) -> None:
        """Read the next cells.

        Parameters
        ----------
        cells : pyarrow string array

        Raises
        ------
        DataError
            For a cell that cannot be a date.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
        empty = pc.fill_null(pc.match_substring_regex(cells, EMPTY), fill_value=True)
        left = np.flatnonzero(~empty.to_numpy(zero_copy_only=False))
        for name, form in FORMS.items():
            if len(left):
                left = self._formed(name, form, cells, left)
        if len(left):
            left = self._numbers(cells, left)
        if len(left):
            self._refuse(int(left[0]), cells)
        self.length += len(cells)

    def _formed(self, name: str, form: str, cells: Any, rows: Any) -> Any:
        """Take the cells of one form; return the rows that are left."""
        import pyarrow as pa
        import pyarrow.compute as pc

        found = pc.extract_regex(cells.take(pa.array(rows)), pattern=form)
        fits = found.is_valid().to_numpy(zero_copy_only=False)
        if not fits.any():
            return rows
        found = found.drop_null()
        parts = _parts(name, found, rows[fits] + self.length)
        if name == "either":
            good = _is_date(parts, day_first=True) | _is_date(parts, day_first=False)
            self._either.append(_small(_only(parts, good)))
        else:
            good = _is_date(parts, day_first=False)
            self._keep(_only(parts, good), day_first=False)
        return np.concatenate([rows[~fits], rows[fits][~good]])

    def _numbers(self, cells: Any, rows: Any) -> Any:
        """Take day numbers of spreadsheets and seconds since 1970."""
        import pyarrow as pa
        import pyarrow.compute as pc

        taken = cells.take(pa.array(rows))
        fits = pc.match_substring_regex(taken, NUMBER).to_numpy(zero_copy_only=False)
        number = np.array(taken.filter(pa.array(fits)).to_pylist(), dtype=np.float64)
        serial = number < 100_000
        scale = np.where(number > 1e11, DAY * 1000, DAY)
        days = np.where(serial, number - 25_569, number / scale)
        self._done.append((rows[fits] + self.length, days, ~serial))
        return rows[~fits]

    def _keep(self, parts: Parts, *, day_first: bool) -> None:
        self.aware = self.aware or bool(parts.aware.any())
        days = _days(parts, day_first=day_first) + parts.seconds.astype(float) / DAY
        days[parts.year < EARLIEST] = np.nan
        self._done.append((parts.row.astype(np.int32), days, parts.aware))

    def _refuse(self, row: int, cells: Any) -> None:
        value = shown(str(cells[row].as_py()))
        raise DataError(
            f"{self.place.cell(self.length + row)}: '{value}' is no date that can "
            "be read; write it as 2025-03-31, or leave the cell empty"
        )

    def order(self) -> bool | None:
        """Return whether the day comes first, or None where both readings are open.

        Raises
        ------
        DataError
            If some cells can only be read one way and some only the other.
        """
        day_first = self._sure(day_first=True)
        month_first = self._sure(day_first=False)
        if day_first is not None and month_first is not None:
            raise DataError(
                f"{self.place.cell(month_first)}: here the month comes first, but in "
                f"row {self.place.row(day_first)} the day does; one column has one "
                "order: write dates as 2025-03-31"
            )
        if day_first is None and month_first is None:
            dotted = any(parts.dotted for parts in self._either)
            return True if dotted else None
        return day_first is not None

    def _sure(self, *, day_first: bool) -> int | None:
        """Return the first cell that can only be read in one order, or None."""
        for parts in self._either:
            other = ~_is_date(parts, day_first=not day_first)
            if other.any():
                return int(parts.row[other][0])
        return None

    @property
    def open_cell(self) -> int | None:
        """The first cell that means two different days, or None."""
        for parts in self._either:
            differ = parts.a != parts.b
            if differ.any():
                return int(parts.row[differ][0])
        return None

    def days(self, *, day_first: bool, zone: str = "UTC") -> Floats:
        """Return days since 1970-01-01 in a time zone, nan for empty cells.

        Cells without a zone are taken as they are; if all cells are midnights, they
        are dates, and no zone moves them.
        """
        for parts in self._either:
            self._keep(parts, day_first=day_first)
        self._either.clear()
        found = np.full(self.length, np.nan)
        aware = np.zeros(self.length, dtype=bool)
        while self._done:
            rows, days, zoned = self._done.pop()
            found[rows], aware[rows] = days, zoned
        if aware.any() and np.any(found[aware] % 1 > 0):
            found[aware] = in_zone(found[aware], zone)
        return found


def in_zone(days: Floats, zone: str) -> Floats:
    """Return days since 1970 as the clocks of a zone show them, from days in UTC."""
    import pandas as pd

    if zone == "UTC":
        return days
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise DataError(
            f"timezone: '{zone}' is not known; it must be UTC or as Europe/Berlin"
        ) from None
    seconds = pd.to_datetime(np.round(days * DAY), unit="s", utc=True)
    local = seconds.tz_convert(zone).tz_localize(None)
    return np.asarray(
        local.to_numpy().astype("datetime64[s]").astype(np.int64) / DAY, np.float64
    )


def _only(parts: Parts, rows: Any) -> Parts:
    chosen: dict[str, Any] = {name: getattr(parts, name)[rows] for name in SMALL}
    return parts._replace(**chosen)


def _small(parts: Parts) -> Parts:
    """Return the same in fewer bytes, for files of millions of rows."""
    small: dict[str, Any] = {
        name: getattr(parts, name).astype(kind) for name, kind in SMALL.items()
    }
    return parts._replace(**small)


def _parts(name: str, found: Any, row: Any) -> Parts:
    """Return the fields of cells that have one form."""
    import pyarrow.compute as pc

    def field_of(key: str) -> Any:
        return found.field(key)

    def number(key: str) -> NDArray[np.int64]:
        filled = pc.if_else(pc.equal(field_of(key), ""), "0", field_of(key))
        return np.asarray(pc.cast(filled, "int64").to_numpy(zero_copy_only=False))

    year = number("y")
    short = year < 100
    year = np.where(short, year + np.where(year < 70, 2000, 1900), year)
    a = _months(field_of("a")) if name in {"named", "american"} else number("a")
    hour, half = number("H"), _text(pc.utf8_lower(field_of("half")))
    afternoon = np.char.startswith(half, "p")
    hour = np.where(half != "", hour % 12 + 12 * afternoon, hour)
    seconds: Floats = hour * 3600.0 + number("M") * 60.0 + number("S")
    seconds[(hour > 23) | (number("M") > 59) | (number("S") > 60)] = np.nan
    zone = field_of("zone")
    offset = _offset(_text(zone)) if pc.any(pc.not_equal(zone, "")).as_py() else 0.0
    aware = np.asarray(pc.not_equal(zone, "").to_numpy(zero_copy_only=False))
    dotted = name == "either" and pc.any(pc.equal(field_of("sep"), ".")).as_py()
    return Parts(row, year, a, number("b"), seconds - offset, aware, bool(dotted))


def _text(column: Any) -> NDArray[np.str_]:
    return np.array(column.to_pylist(), dtype=np.str_)


def _months(names: Any) -> NDArray[np.int64]:
    """Return the numbers of English names of months, 0 for other words."""
    heads = [str(name)[:3].lower() for name in names.to_pylist()]
    known = {name: number for number, name in enumerate(MONTHS, start=1)}
    return np.array([known.get(head, 0) for head in heads], dtype=np.int64)


def _offset(zone: NDArray[np.str_]) -> Floats:
    """Return seconds east of UTC."""
    words, codes = np.unique(zone, return_inverse=True)
    east = np.zeros(len(words))
    for number, word in enumerate(words.tolist()):
        if word[:1] in {"+", "-"}:
            digits = word[1:].replace(":", "").ljust(4, "0")
            size = int(digits[:2]) * 3600 + int(digits[2:]) * 60
            east[number] = size if word[0] == "+" else -size
    return np.asarray(east[codes])


def _split(parts: Parts, *, day_first: bool) -> tuple[Any, Any]:
    return (parts.b, parts.a) if day_first else (parts.a, parts.b)


def _first_of_month(year: Any, month: Any) -> Any:
    months = (year.astype(np.int64) - 1970) * 12 + np.clip(month, 1, 12) - 1
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _is_date(parts: Parts, *, day_first: bool) -> NDArray[np.bool_]:
    """Return where the fields are a date of the calendar and a time of day."""
    month, day = _split(parts, day_first=day_first)
    first = _first_of_month(parts.year, month)
    after = _first_of_month(
        parts.year + (month >= 12), np.where(month >= 12, 1, month + 1)
    )
    inside = (month >= 1) & (month <= 12) & (day >= 1) & (day <= after - first)
    return np.asarray(inside & np.isfinite(parts.seconds) & (parts.year < 2200))


def _days(parts: Parts, *, day_first: bool) -> Floats:
    month, day = _split(parts, day_first=day_first)
    return np.asarray(_first_of_month(parts.year, month) + day - 1, np.float64)
