"""From a file whose columns are known to arrays, one value for each row.

In: `Known`. Out: `Rows`. Only the columns that are needed are read, a piece at a
time; names, addresses and numbers of persons never get here. It joins nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.crm.reading.cells import Amounts, Hashes, Ids, Words
from simlib.crm.reading.dates import DateColumn
from simlib.crm.reading.places import Place
from simlib.crm.reading.recognise import Known
from simlib.draws import Floats
from simlib.errors import DataError

DATES = ("created", "converted", "won", "lost", "closed", "exported")
IDS = ("id", "lead", "deal")
WORDS = ("source", "status", "stage", "is_won", "is_closed", "deleted")
NUMBERS = ("amount", "order")
TRUE = {"true", "1", "yes", "t", "y", "wahr", "ja"}
Flags = NDArray[np.bool_]


@dataclass
class Rows:
    """The rows of one file, column by column; arrays of one length.

    Attributes
    ----------
    known : Known
    record : array of int
        Which record of the file each row is, for messages.
    ids : dict
        Part to hashes, 0 for none.
    dates : dict
        Part to days since 1970-01-01, nan for none.
    stages : dict
        Stage to days since 1970-01-01, in the order of the funnel.
    words : dict
        Part to codes and their names; code -1 for none.
    numbers : dict
        Part to floats.
    zoned : set of str
        Columns of dates whose cells say their time zone.
    """

    known: Known
    record: NDArray[np.int64]
    ids: dict[str, Hashes] = field(default_factory=dict)
    dates: dict[str, Floats] = field(default_factory=dict)
    stages: dict[str, Floats] = field(default_factory=dict)
    words: dict[str, tuple[NDArray[np.int32], list[str]]] = field(default_factory=dict)
    numbers: dict[str, Floats] = field(default_factory=dict)
    zoned: set[str] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.record)

    def date(self, part: str) -> Floats:
        """Return a column of dates, nan if the file has none."""
        return self.dates.get(part, np.full(len(self), np.nan))

    def place(self, part: str) -> Place:
        """Return what the column of a part or stage is called in messages."""
        columns = {**self.known.parts, **self.known.stages}
        return self.known.sheet.place(columns[part])

    def is_true(self, part: str) -> Flags:
        """Return where a column of true and false is true."""
        codes, names = self.words[part]
        true = np.array([*(name.casefold() in TRUE for name in names), False])
        return np.asarray(true[codes])

    def only(self, kept: Flags) -> Rows:
        """Return the chosen rows."""
        if kept.all():
            return self
        return Rows(
            self.known,
            self.record[kept],
            {name: column[kept] for name, column in self.ids.items()},
            {name: column[kept] for name, column in self.dates.items()},
            {name: column[kept] for name, column in self.stages.items()},
            {name: (codes[kept], names) for name, (codes, names) in self.words.items()},
            {name: column[kept] for name, column in self.numbers.items()},
            self.zoned,
        )


def gathered(known: Known, zone: str, *, day_first: bool | None) -> Rows:
    """Return the rows of a file; blank ones are left out.

    Parameters
    ----------
    known : Known
    zone : str
        Time zone to which times with an offset are turned.
    day_first : bool or None
        What to take where a file leaves it open; None to refuse such a file.

    Raises
    ------
    DataError
        For a cell that cannot be read, by row and column.
    """
    columns: dict[str, Any] = {}
    for part, at in {**known.parts, **_stages(known)}.items():
        place = known.sheet.place(at)
        columns[part] = _column(part, place, known)
    where = {**known.parts, **_stages(known)}
    blanks = [np.zeros(0, dtype=bool)]
    for piece in known.sheet.read(sorted(set(where.values()))):
        for part, at in where.items():
            columns[part].add(piece[at])
        blanks.append(_blank(list(piece.values())))
    blank = np.concatenate(blanks)
    orders = _orders(
        [one for one in columns.values() if isinstance(one, DateColumn)], said=day_first
    )
    rows = Rows(known, np.arange(len(blank)))
    for part, column in columns.items():
        _settle(rows, part, column, orders, zone)
    return rows.only(~blank)


def _stages(known: Known) -> dict[str, int]:
    return {f"stage {name}": at for name, at in known.stages.items()}


def _column(part: str, place: Place, known: Known) -> Any:
    """Return what reads the cells of one column."""
    if part in DATES or part.startswith("stage "):
        return DateColumn(place)
    if part in IDS:
        short = known.layout is not None and known.layout.name == "salesforce"
        return Ids(place, short=short)
    if part in WORDS:
        return Words(place, groups=part == "source")
    return Amounts(place)


def _settle(
    rows: Rows, part: str, column: Any, orders: dict[int, bool], zone: str
) -> None:
    """Put a column that is read whole where it belongs."""
    if isinstance(column, DateColumn):
        days = column.days(day_first=orders[id(column)], zone=zone)
        if column.aware:
            rows.zoned.add(part)
        if part.startswith("stage "):
            rows.stages[part.removeprefix("stage ")] = days
        else:
            rows.dates[part] = days
    elif isinstance(column, Ids):
        rows.ids[part] = column.hashes()
    elif isinstance(column, Words):
        rows.words[part] = (column.codes(), column.names)
    else:
        rows.numbers[part] = column.values()


def _blank(cells: Sequence[Any]) -> Flags:
    """Return which rows have nothing in any column that was read."""
    import pyarrow.compute as pc

    blank = np.ones(len(cells[0]), dtype=bool)
    for column in cells:
        empty = pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(column)), 0)
        blank &= empty.to_numpy(zero_copy_only=False)
        if not blank.any():
            break
    return blank


def _orders(columns: Sequence[DateColumn], *, said: bool | None) -> dict[int, bool]:
    """Return for each column of a file whether the day comes first.

    A column that leaves it open has the order of the others, if they agree; one
    export writes its dates in one way.
    """
    found = {id(column): column.order() for column in columns}
    sure = {order for order in found.values() if order is not None}
    usual = sure.pop() if len(sure) == 1 else said
    orders = {}
    for column in columns:
        order, cell = found[id(column)], column.open_cell
        if order is None and usual is None and cell is not None:
            raise DataError(
                f"{column.place.cell(cell)}: this column does not tell whether the day "
                "or the month comes first; say --dates day-first or month-first"
            )
        orders[id(column)] = bool(usual) if order is None else order
    return orders
