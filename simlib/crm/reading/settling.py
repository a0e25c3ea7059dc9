"""What became of each row: the status decides, not the dates.

In: `Rows`. Out: `Entities`: leads or deals with the dates of what has really happened.
The close date of an open deal is a plan, and is left out here. It joins nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from simlib.crm.layouts import CAPTURED, CUSTOMER, LAYOUTS, OPPORTUNITY
from simlib.crm.reading.cells import NO_ID, Hashes
from simlib.crm.reading.gathering import Flags, Rows
from simlib.draws import Floats
from simlib.errors import DataError

UNSAID, OPEN, WON, LOST = range(4)
STATES = {"open": OPEN, "won": WON, "lost": LOST}
Words = dict[str, int]


@dataclass
class Account:
    """What was read, what was left out and why, and what else must be said.

    Attributes
    ----------
    files : str
        Names of the files.
    read : int
        Rows, blank ones not counted.
    dropped : Counter
        Reason to rows.
    notes : list of str
    """

    files: str
    read: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def drop(self, reason: str, rows: Flags) -> Flags:
        """Count rows left out, and return those that stay."""
        if rows.any():
            self.dropped[reason] += int(rows.sum())
        return np.asarray(~rows)

    def note(self, rows: Flags | int, text: str) -> None:
        """Say a sentence about some rows, if there are any."""
        count = int(np.sum(rows))
        if count:
            self.notes.append(text.format(n=f"{count:,}"))


@dataclass
class Entities:
    """Leads, or deals; arrays of one length, dates as days since 1970-01-01.

    Attributes
    ----------
    id : array of uint64, 0 for none
    created, won, lost : array of float64
        When it came and ended; nan for what has not happened.
    state : array of int8, `UNSAID`, `OPEN`, `WON` or `LOST`
    source : array of int, code of `sources`, -1 for none
    sources : list of str
    amount : array of float64
    stages : dict of arrays
        When each stage was reached, in the order of the funnel.
    links : dict of arrays
        Ids of the lead or deal that belongs to it.
    """

    id: Hashes
    created: Floats
    won: Floats
    lost: Floats
    state: NDArray[np.int8]
    source: NDArray[np.int32]
    sources: list[str]
    amount: Floats
    stages: dict[str, Floats]
    links: dict[str, Hashes]

    def __len__(self) -> int:
        return len(self.id)

    @property
    def dates(self) -> dict[str, Floats]:
        """Every column of dates."""
        named = {CAPTURED: self.created, **self.stages}
        return {**named, CUSTOMER: self.won, "lost": self.lost}

    def only(self, kept: NDArray[np.generic]) -> Entities:
        """Return the chosen entities (flags, or numbers in a new order)."""
        columns = {
            name: getattr(self, name)[kept]
            for name in ("id", "created", "won", "lost", "state", "source", "amount")
        }
        return replace(
            self,
            **columns,
            stages={name: days[kept] for name, days in self.stages.items()},
            links={name: ids[kept] for name, ids in self.links.items()},
        )


def settled(rows: Rows, words: Words, account: Account) -> Entities:
    """Return the leads or deals of one file.

    Parameters
    ----------
    rows : Rows
    words : dict
        Words of the status to states, in lower case; they go before the layout's.
    account : Account
        Counts what is left out.
    """
    rows = _without_deleted(rows, account)
    state = _states(rows, words)
    stages = dict(rows.stages)
    first, customer = stages.pop(CAPTURED, None), stages.pop(CUSTOMER, None)
    if "converted" in rows.dates:
        stages[OPPORTUNITY] = rows.date("converted")
    created = rows.date("created")
    if first is not None:
        created = np.where(np.isfinite(created), created, first)
    if rows.known.table == "contacts":
        _note_set_back(rows, account)
    won, lost = _ends(rows, state, customer, account)
    source, sources = _sources(rows)
    none = np.full(len(rows), NO_ID)
    return Entities(
        id=rows.ids.get("id", none),
        created=created,
        won=won,
        lost=lost,
        state=state,
        source=source,
        sources=sources,
        amount=rows.numbers.get("amount", np.full(len(rows), np.nan)),
        stages=stages,
        links={part: rows.ids[part] for part in ("lead", "deal") if part in rows.ids},
    )


def _ends(
    rows: Rows, state: NDArray[np.int8], customer: Floats | None, account: Account
) -> tuple[Floats, Floats]:
    """Return when each row was won and lost; the status says which dates are true."""
    closed = rows.date("closed")
    won = _first(rows.date("won"), customer)
    lost = rows.date("lost")
    if rows.known.table == "contacts":
        # A contact's stage may have been set back; what was dated has happened.
        state[np.isfinite(won)] = WON
    planned = (state == OPEN) & np.isfinite(_first(won, lost, closed))
    account.note(planned, "{n} open deals have a close date: it is planned, not used")
    won = np.where(state == WON, _first(won, closed), won)
    lost = np.where(state == LOST, _first(lost, closed), lost)
    unsaid = state == UNSAID
    both = unsaid & np.isfinite(won) & np.isfinite(lost)
    account.note(both, "{n} rows are dated as won and as lost: the later date counts")
    later_lost = both & (lost > won)
    won = np.where((state == WON) | (unsaid & ~later_lost), won, np.nan)
    lost = np.where((state == LOST) | (unsaid & (later_lost | ~both)), lost, np.nan)
    return won, lost


def _first(*columns: Floats | None) -> Floats:
    """Return of each row the first value that is there."""
    there = [column for column in columns if column is not None]
    found = there[0]
    for column in there[1:]:
        found = np.where(np.isfinite(found), found, column)
    return found


def _without_deleted(rows: Rows, account: Account) -> Rows:
    gone = np.zeros(len(rows), dtype=bool)
    if "deleted" in rows.words:
        gone |= rows.is_true("deleted")
    if "status" in rows.words:
        codes, names = rows.words["status"]
        gone |= np.array([*(name.casefold() == "deleted" for name in names), False])[
            codes
        ]
    return rows.only(account.drop("deleted in the CRM", gone))


def _states(rows: Rows, words: Words) -> NDArray[np.int8]:
    """Return the state of each row, from flags or else from the status' words."""
    state = np.full(len(rows), UNSAID, dtype=np.int8)
    if "status" in rows.words:
        known = {**layout_words(rows), **words}
        codes, names = rows.words["status"]
        other = UNSAID if rows.known.table in {"contacts", "leads"} else OPEN
        found = [_state(name, known, other) for name in names]
        state = np.array([*found, other], dtype=np.int8)[codes]
    if "is_closed" in rows.words:
        state[:] = np.where(rows.is_true("is_closed"), LOST, OPEN)
    if "is_won" in rows.words:
        state[rows.is_true("is_won")] = WON
    if "closed" in rows.dates and not rows.words.keys() & {"status", "is_won"}:
        raise DataError(
            f"{rows.place('closed')}: a close date alone does not say whether a deal "
            "was won, lost, or is only planned to close; name the status too "
            "(--map status=COLUMN)"
        )
    return state


def layout_words(rows: Rows) -> Words:
    """Return the words of a layout's status; of all layouts for a mapped table."""
    layout = rows.known.layout
    families = [layout] if layout else list(LAYOUTS.values())
    return {
        word.casefold(): STATES[state]
        for family in families
        for state, words in family.words.items()
        for word in (*words, state)
    }


def _state(name: str, known: Words, other: int) -> int:
    """Return what a word of the status means; a pipeline's name may follow it."""
    word = name.casefold()
    if word in known:
        return known[word]
    head = word.split(" (")[0]
    return known.get(head, other)


def _sources(rows: Rows) -> tuple[NDArray[np.int32], list[str]]:
    if "source" not in rows.words:
        return np.full(len(rows), -1, dtype=np.int32), []
    codes, names = rows.words["source"]
    layout = rows.known.layout
    labels = {api: label for label, api in layout.sources.items()} if layout else {}
    return codes, [labels.get(name, name) for name in names]


def _note_set_back(rows: Rows, account: Account) -> None:
    """Say how many contacts are past a stage that has no date."""
    missing = np.zeros(len(rows), dtype=bool)
    later = np.zeros(len(rows), dtype=bool)
    for name in reversed(list(rows.stages)):
        there = np.isfinite(rows.stages[name])
        if not there.any():  # a stage that this firm does not use
            continue
        missing |= later & ~there & (name != CAPTURED)
        later |= there
    account.note(
        missing,
        "{n} contacts have a later stage dated but not an earlier one (skipped, or "
        "emptied when the stage was set back): taken as skipped, not as lost",
    )


def joined_sources(
    parts: Iterable[Entities],
) -> tuple[list[NDArray[np.int32]], list[str]]:
    """Return codes in one list of names for several tables, case made no matter."""
    names: list[str] = []
    number: dict[str, int] = {}
    codes = []
    for part in parts:
        for name in part.sources:
            if name.casefold() not in number:
                number[name.casefold()] = len(names)
                names.append(name)
        to = [number[name.casefold()] for name in part.sources]
        codes.append(np.array([*to, -1], dtype=np.int32)[part.source])
    return codes, names
