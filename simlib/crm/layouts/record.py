"""What a layout is made of: columns with their names, tables, and words.

In: nothing. Out: the records that `simlib.crm.layouts` fills. It opens no file.
"""

from __future__ import annotations

from dataclasses import dataclass, field

LABELS, API = "labels", "api"  # the two spellings of a header
CAPTURED, OPPORTUNITY, CUSTOMER, LOST = "captured", "opportunity", "customer", "lost"


@dataclass(frozen=True)
class Column:
    """The names of one column: as people see it, and as programs see it.

    Attributes
    ----------
    label, api : str
        What is written; ``""`` if there is no such column in that spelling.
    other : tuple of str
        Further names under which it is read.
    """

    label: str
    api: str = ""
    other: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name under which the column is read."""
        return tuple(name for name in (self.label, self.api, *self.other) if name)


@dataclass(frozen=True)
class Table:
    """One kind of file of a layout.

    Attributes
    ----------
    name : str
        What it holds: contacts, leads, deals, opportunities, history, stages.
    parts : dict
        Part (see the module's text) to its column.
    stages : dict
        Stage of a funnel to the column with the date on which it was reached, in the
        order of the funnel. The first is where a row begins, if it has no column of
        its own but ``created``.
    needs : tuple of str
        Parts (or stages) without which a file is not such a table.
    marks : tuple of str
        Parts (or stages) whose columns tell such a table from others: it has one.
    personal : tuple of Column
        Names, addresses, numbers of persons: written as made up, never read.
    hints : dict
        ``fit_score`` and ``capture_action`` to the columns that a CRM has for them:
        written where a scenario tells of them, never read.
    """

    name: str
    parts: dict[str, Column]
    stages: dict[str, Column] = field(default_factory=dict)
    needs: tuple[str, ...] = ("created",)
    marks: tuple[str, ...] = ()
    personal: tuple[Column, ...] = ()
    hints: dict[str, Column] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """A CRM's way of exporting.

    Attributes
    ----------
    name : str
    tables : tuple of Table
        Rows of people before rows of deals, history and stages.
    words : dict
        ``won``, ``lost``, ``open`` to the values of status or stage that mean it; the
        first is written. Compared in lower case.
    sources : dict
        Label of a source to its internal word, where the CRM has a fixed list.
    delimiter, encoding : str
        As a file with labels is written.
    dates : str
        How a file with labels writes a time (strftime).
    """

    name: str
    tables: tuple[Table, ...]
    words: dict[str, tuple[str, ...]]
    sources: dict[str, str] = field(default_factory=dict)
    delimiter: str = ","
    encoding: str = "utf-8"
    dates: str = "%Y-%m-%d %H:%M"

    def table(self, name: str) -> Table:
        """Return the table of a name."""
        return next(table for table in self.tables if table.name == name)
