"""Where something stands: the file, the row and the column that a message names.

In: names and numbers. Out: text. It reads nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 40  # letters of a cell that a message shows


@dataclass(frozen=True)
class Place:
    """A column of a file.

    Attributes
    ----------
    file : str
        The file's name without its folder.
    column : str
        As the header has it.
    header_row : int
        Row of the header, as a spreadsheet counts: 1 for the first.
    """

    file: str
    column: str
    header_row: int = 1

    def row(self, record: int) -> int:
        """Return the row of a record, as a spreadsheet counts."""
        return self.header_row + 1 + record

    def cell(self, record: int) -> str:
        """Return what a cell is called in a message."""
        return f"{self.file}, row {self.row(record)}, column '{self.column}'"

    def __str__(self) -> str:
        return f"{self.file}, column '{self.column}'"


def shown(value: str) -> str:
    """Return what a cell holds as a message shows it: short, and on one line."""
    text = "".join(letter if letter.isprintable() else "?" for letter in value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
