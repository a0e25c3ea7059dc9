"""What a header means: which layout and table a file is, and which column is what.

In: sheets, and what the user says (layout, mapping). Out: `Known`, one for each file.
It looks at names of columns only, and opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from simlib.crm.layouts import LAYOUTS, REACHED, Layout, Table
from simlib.crm.reading.mapping import Mapping
from simlib.crm.reading.places import shown
from simlib.crm.reading.sheets import Sheet, plain
from simlib.errors import DataError, nearest

MAPPED = "mapped"
# Parts that look alike in many tables tell little about which one it is.
COMMON = {"id", "created", "source", "amount", "closed", "exported", "status", "reason"}


@dataclass(frozen=True)
class Known:
    """A file whose columns are understood.

    Attributes
    ----------
    sheet : Sheet
    layout : Layout or None
        None for a table that only a mapping explains.
    table : str
        Name of the table in the layout; ``"rows"`` with a mapping alone.
    parts : dict
        Part (see `simlib.crm.layouts`) to column number.
    stages : dict
        Stage to column number, in the order of the funnel.
    """

    sheet: Sheet
    layout: Layout | None
    table: str
    parts: dict[str, int]
    stages: dict[str, int] = field(default_factory=dict)

    @property
    def says(self) -> str:
        """What the file was taken for."""
        name = self.layout.name if self.layout else MAPPED
        return f"{self.sheet.file}: {name} {self.table} ({self.sheet.says})"


def header_test(mapping: Mapping) -> Callable[[Sequence[str]], bool]:
    """Return what tells whether cells look like the header of a known table."""
    own = {plain(column) for column in mapping.names}

    def is_header(row: Sequence[str]) -> bool:
        names = {plain(cell) for cell in row}
        return len(own & names) > min(len(own), 2) - 1 >= 0 or any(
            _points(table, names) > 0
            for layout in LAYOUTS.values()
            for table in layout.tables
        )

    return is_header


def _points(table: Table, names: set[str]) -> float:
    """Return how much a table's columns are there; 0 if it cannot be that table."""
    columns = {**table.parts, **table.stages}
    here = {
        part
        for part, column in columns.items()
        if any(plain(name) in names for name in column.names)
    }
    if not here.issuperset(table.needs) or not here.intersection(table.marks):
        return 0
    return sum(0.5 if part in COMMON else 1.0 for part in here)


def known(sheet: Sheet, layout: str | None, mapping: Mapping) -> Known:
    """Return what a file's columns are.

    Parameters
    ----------
    sheet : Sheet
    layout : str or None
        Name of a layout, or None to recognise it.
    mapping : Mapping
        What the user says; it goes before the layout.

    Raises
    ------
    DataError
        If the layout is unknown or does not fit, or a mapped column is missing.
    """
    parts, stages = mapping.columns_of(sheet)
    found = _table(sheet, layout)
    if found is None:
        if layout is not None:
            raise DataError(_not_this(sheet, layout))
        if not parts and not stages:
            raise DataError(_not_known(sheet))
        return Known(sheet, None, "rows", parts, stages)
    family, table = found
    told = {**_columns(sheet, table, parts), **parts}
    reached = _stage_columns(sheet, family, table)
    return Known(sheet, family, table.name, told, {**reached, **stages})


def _table(sheet: Sheet, layout: str | None) -> tuple[Layout, Table] | None:
    if layout is not None and layout not in LAYOUTS:
        raise DataError(
            f"layout: '{layout}'; it must be {', '.join(LAYOUTS)}."
            f"{nearest(layout, LAYOUTS)}"
        )
    families = LAYOUTS.values() if layout is None else [LAYOUTS[layout]]
    names = {plain(cell) for cell in sheet.header}
    ranked = [
        (_points(table, names), family, table)
        for family in families
        for table in family.tables
    ]
    best = max(ranked, key=lambda one: one[0])
    return (best[1], best[2]) if best[0] > 0 else None


def _columns(sheet: Sheet, table: Table, said: dict[str, int]) -> dict[str, int]:
    """Return the columns of a table's parts that are there and not said."""
    found = {}
    for part, column in table.parts.items():
        if part in said:
            continue
        places = (sheet.find(name) for name in column.names)
        at = next((place for place in places if place is not None), None)
        if at is not None:
            found[part] = at
    return found


def _stage_columns(sheet: Sheet, layout: Layout, table: Table) -> dict[str, int]:
    found = {}
    for stage, column in table.stages.items():
        places = (sheet.find(name) for name in column.names)
        at = next((place for place in places if place is not None), None)
        if at is not None:
            found[stage] = at
    if layout.name == "plain":
        for at, name in enumerate(sheet.header):
            if plain(name).startswith(REACHED):
                found[plain(name)[len(REACHED) :].replace(" ", "_")] = at
    return found


def _not_this(sheet: Sheet, layout: str) -> str:
    needed = "; ".join(
        f"{table.name}: "
        + ", ".join(
            f"'{(table.parts.get(part) or table.stages[part]).names[0]}'"
            for part in dict.fromkeys((*table.needs, *table.marks[:1]))
        )
        for table in LAYOUTS[layout].tables
    )
    return (
        f"{sheet.file}, row {sheet.header_row}: not the columns of {layout}, which are "
        f"{needed}"
    )


def _not_known(sheet: Sheet) -> str:
    names = [f"'{shown(name)}'" for name in sheet.header if name]
    first = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
    return (
        f"{sheet.file}, row {sheet.header_row}: columns {first} are of no layout that "
        f"is known ({', '.join(LAYOUTS)}); say which column is what, such as "
        "--map created=COLUMN --map won=COLUMN --map source=COLUMN"
    )
