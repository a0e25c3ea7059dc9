"""The day as of which an export is known: said, or taken from the files.

In: what the user says, the files, and the leads. Out: the date and the moment up to
which things are known. It asks for the date where the files leave it open.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import numpy as np

from simlib.crm.reading.gathering import Rows
from simlib.crm.reading.settling import Account, Entities
from simlib.errors import DataError

IN_NAME = re.compile(
    r"(?<!\d)(20\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?([0-2]\d|3[01])(?!\d)"
)
LONE_DAYS = 120  # a last date that stands so far from the others is a slip
EPOCH = dt.date(1970, 1, 1)


def as_of_day(
    said: dt.date | None, files: Sequence[Rows], found: Entities, account: Account
) -> int:
    """Return the as-of date as days since 1970-01-01.

    Parameters
    ----------
    said : datetime.date or None
    files : sequence of Rows
    found : Entities
    account : Account
        Says from where the date was taken.

    Raises
    ------
    DataError
        If it must be asked for: there are no dates, or the last stands alone.
    """
    if said is not None:
        return (said - EPOCH).days
    last = _last(files, found)
    for name, dates in (
        ("the footer of the report", [_made(rows) for rows in files]),
        ("the name of the file", [_named(rows) for rows in files]),
    ):
        told = [date for date in dates if date is not None]
        # A name may hold any date; only one after all that happened can be the day.
        if told and (max(told) - EPOCH).days >= last:
            account.notes.append(f"the as-of date {max(told)} is from {name}")
            return (max(told) - EPOCH).days
    _refuse_lone(files, last)
    day = EPOCH + dt.timedelta(days=last)
    account.notes.append(
        f"no as-of date was said: the last date in the files, {day}, is taken; say the "
        "day of the export with --as-of, as quiet days at the end count too"
    )
    return last


def _made(rows: Rows) -> dt.date | None:
    made = rows.known.sheet.made_on
    return made.date() if made else None


def _named(rows: Rows) -> dt.date | None:
    found = IN_NAME.search(rows.known.sheet.file)
    if not found:
        return None
    try:
        return dt.date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def _last(files: Sequence[Rows], found: Entities) -> int:
    days = [*found.dates.values(), *(rows.date("exported") for rows in files)]
    lasts = [float(np.nanmax(one)) for one in days if np.isfinite(one).any()]
    if not lasts:
        raise DataError(
            f"{files[0].known.sheet.file}: no row has a date; which column is created? "
            "say it with --map created=COLUMN"
        )
    return int(np.floor(max(lasts)))


def _refuse_lone(files: Sequence[Rows], last: int) -> None:
    """Refuse to take a date for the as-of date that stands far from all others."""
    columns = [
        (rows, part, days)
        for rows in files
        for part, days in {**rows.dates, **rows.stages}.items()
        if part != "closed"
    ]
    if not columns:
        return
    every = np.concatenate([days[np.isfinite(days)] for _, _, days in columns])
    others = every[every < last]
    if len(others) < 20 or last - others.max() < LONE_DAYS:
        return
    for rows, part, days in columns:
        at = np.flatnonzero(np.floor(days) == last)
        if len(at):
            raise DataError(
                f"{rows.place(part).cell(int(rows.record[at[0]]))}: "
                f"{EPOCH + dt.timedelta(days=last)} comes "
                f"{last - int(others.max())} days after all other dates; if it is a "
                "slip, say the day of the export with --as-of"
            )
