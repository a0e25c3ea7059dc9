"""A table in a file, before anybody knows what its columns mean.

In: nothing. Out: `Sheet`: the header, and the columns one asks for, in pieces. Only
those columns are ever taken from the file; nothing else is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from simlib.crm.reading.places import Place
from simlib.errors import DataError

PIECE = 50_000  # rows read at once
Piece = dict[int, Any]  # column number to a pyarrow array of strings
Reader = Callable[[Sequence[int]], Iterator[Piece]]


@dataclass(frozen=True)
class Sheet:
    """One table.

    Attributes
    ----------
    file : str
        Its name without the folder.
    header : tuple of str
        Names of columns, as they are written.
    header_row : int
        Row of the header, as a spreadsheet counts.
    read : callable
        From column numbers to pieces: each a dict of equally long string arrays.
    made_on : datetime.datetime or None
        When the file says that it was made.
    says : str
        How it was read: encoding and delimiter.
    """

    file: str
    header: tuple[str, ...]
    header_row: int
    read: Reader
    made_on: dt.datetime | None = None
    says: str = ""

    def place(self, column: int) -> Place:
        """Return what a column is called in messages."""
        return Place(self.file, self.header[column], self.header_row)

    def find(self, name: str) -> int | None:
        """Return the number of a column by its name, case and spaces aside.

        Raises
        ------
        DataError
            If the name comes more than once.
        """
        wanted = plain(name)
        found = [n for n, given in enumerate(self.header) if plain(given) == wanted]
        if len(found) > 1:
            raise DataError(
                f"{self.file}, row {self.header_row}, column '{name}': this name "
                "stands twice in the header; rename or remove one of them"
            )
        return found[0] if found else None


def plain(name: str) -> str:
    """Return a name of a column without case, marks and extra spaces."""
    return " ".join(name.replace("\ufeff", "").strip().strip('"').lower().split())
