"""Columns that are no dates, read piece by piece: words, ids and amounts.

In: cells as text, in pieces. Out: codes, hashes and floats. What a cell said is not
kept, but for words, of which there are few; ids are kept as numbers only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.crm.reading.places import Place, shown
from simlib.draws import Floats
from simlib.errors import DataError

Hashes = NDArray[np.uint64]
Places = NDArray[np.intp]
NO_ID = np.uint64(0)
MOST_WORDS = 20_000
EMPTY_WORD = r"^(?i:\s*|-+|n/a|#n/a|null|\(blank\)|\(no value\))$"
SPOILT = r"^\d(?:[.,]\d+)?[eE]\+\d+$"
PERSONAL = r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}|^\s*\+?\(?\d[\d\s()./-]{7,}\d\s*$"


@dataclass
class Words:
    """A column with few different values, such as sources.

    Attributes
    ----------
    place : Place
    groups : bool
        Whether its values go into reports, and so must not name persons.
    names : list of str
        The values, each as it was first written.
    """

    place: Place
    groups: bool = False
    names: list[str] = field(default_factory=list)
    _number: dict[str, int] = field(default_factory=dict)
    _codes: list[NDArray[np.int32]] = field(default_factory=list)
    length: int = 0

    def add(self, cells: Any) -> None:
        """Read the next cells; case and spaces make no difference.

        Raises
        ------
        DataError
            If a cell holds an e-mail address or a telephone number, or the column has
            too many different values to be words.
        """
        import pyarrow.compute as pc

        coded = cells.dictionary_encode()
        if self.groups:
            self._refuse_personal(cells, coded.dictionary)
        empty = pc.match_substring_regex(coded.dictionary, EMPTY_WORD).to_pylist()
        words = [" ".join(word.split()) for word in coded.dictionary.to_pylist()]
        number = np.array(
            [
                -1 if is_empty else self._code(word)
                for word, is_empty in zip(words, empty, strict=True)
            ],
            dtype=np.int32,
        )
        if len(self.names) > MOST_WORDS:
            raise DataError(
                f"{self.place}: more than {MOST_WORDS:,} different values; choose a "
                "column that names groups"
            )
        indices = coded.indices.to_numpy(zero_copy_only=False)
        self._codes.append(number[indices] if len(number) else indices.astype(np.int32))
        self.length += len(cells)

    def _code(self, word: str) -> int:
        key = word.casefold()
        if key not in self._number:
            self._number[key] = len(self.names)
            self.names.append(word)
        return self._number[key]

    def _refuse_personal(self, cells: Any, words: Any) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        bad = pc.match_substring_regex(words, PERSONAL)
        if pc.any(bad).as_py():
            row = pc.index(pc.is_in(cells, words.filter(bad)), pa.scalar(True)).as_py()
            raise DataError(
                f"{self.place.cell(self.length + row)}: this looks like an address or "
                "a telephone number of a person; choose a column that names groups"
            )

    def codes(self) -> NDArray[np.int32]:
        """Return the codes of `names`, -1 for empty cells."""
        return np.concatenate([np.zeros(0, np.int32), *self._codes])


@dataclass
class Ids:
    """A column of ids, kept as 64-bit hashes; 0 for empty cells.

    Attributes
    ----------
    place : Place
    short : bool
        Whether ids of 18 characters are those of 15 with a check, as in Salesforce.
    """

    place: Place
    short: bool = False
    length: int = 0
    _found: list[Hashes] = field(default_factory=list)

    def add(self, cells: Any) -> None:
        """Read the next cells; of several ids in one cell the first counts.

        Raises
        ------
        DataError
            If a spreadsheet has rounded the ids (1.2E+11).
        """
        import pandas as pd
        import pyarrow as pa
        import pyarrow.compute as pc

        spoilt = pc.match_substring_regex(cells, SPOILT)
        if pc.any(spoilt).as_py():
            row = pc.index(spoilt, pa.scalar(True)).as_py()
            value = shown(cells[row].as_py())
            raise DataError(
                f"{self.place.cell(self.length + row)}: '{value}' was rounded by a "
                "spreadsheet, and others with it; export the ids as text"
            )
        ids = pc.utf8_trim_whitespace(
            pc.replace_substring_regex(
                cells, r"^\s*([^;,]*?)(?:\.0)?\s*(?:[;,].*)?$", r"\1"
            )
        )
        if self.short:
            is_long = pc.equal(pc.utf8_length(ids), 18)
            ids = pc.if_else(is_long, pc.utf8_slice_codeunits(ids, 0, 15), ids)
        text = np.array(ids.to_pylist(), dtype=object)
        hashed = pd.util.hash_array(text, categorize=False) | np.uint64(1)
        self._found.append(np.where(text == "", NO_ID, hashed))
        self.length += len(cells)

    def hashes(self) -> Hashes:
        """Return the hashes, 0 for empty cells."""
        return np.concatenate([np.zeros(0, np.uint64), *self._found])


@dataclass
class Amounts:
    """A column of money; whether a comma parts decimals is decided for the column."""

    place: Place
    length: int = 0
    _point: list[Floats] = field(default_factory=list)
    _comma: list[Floats] = field(default_factory=list)
    _votes: list[int] = field(default_factory=lambda: [0, 0])

    def add(self, cells: Any) -> None:
        """Read the next cells; currency signs and spaces are left out."""
        import pyarrow.compute as pc

        bare = pc.replace_substring_regex(cells, r"[^0-9,.\-]", "")
        for vote, form in enumerate(
            (r"\d\.\d{1,2}$|,\d{3}(?:\.|$)", r",\d{1,2}$|\.\d{3},")
        ):
            self._votes[vote] += int(
                pc.sum(pc.match_substring_regex(bare, form)).as_py() or 0
            )
        self._point.append(_floats(pc.replace_substring(bare, ",", "")))
        comma = pc.replace_substring(pc.replace_substring(bare, ".", ""), ",", ".")
        self._comma.append(_floats(comma))
        self.length += len(cells)

    def values(self) -> Floats:
        """Return the amounts, nan where there is none."""
        point, comma = self._votes
        chosen = self._comma if comma > point else self._point
        return np.concatenate([np.zeros(0), *chosen])


def _floats(cells: Any) -> Floats:
    import pandas as pd

    found = pd.to_numeric(pd.Series(cells.to_pylist(), dtype=object), errors="coerce")
    values: Floats = found.to_numpy(dtype=np.float64)
    return values


def places_of(wanted: Hashes, ids: Hashes) -> Places:
    """Return where each wanted id stands in `ids`, -1 for nowhere."""
    order = np.argsort(ids, kind="stable")
    spot = np.minimum(np.searchsorted(ids[order], wanted), len(ids) - 1)
    if not len(ids):
        return np.full(len(wanted), -1, dtype=np.intp)
    found = order[spot]
    return np.where((ids[found] == wanted) & (wanted != NO_ID), found, -1)
