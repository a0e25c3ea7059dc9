"""Reading an export of a CRM into an event log.

In: files as HubSpot, Salesforce and Pipedrive export them, or any table whose columns
one names. Out: `EventLog`, with what was read, left out and assumed in its ``meta``.
Names, addresses and numbers of persons are never taken from the files, and nothing
leaves the machine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.errors import DataError

if TYPE_CHECKING:
    from simlib.crm.reading.gathering import Rows
    from simlib.crm.reading.settling import Account
    from simlib.log import EventLog

__all__ = ["read_export"]

ORDERS = {"day-first": True, "month-first": False}
LATEST = dt.date(2199, 12, 31)


def read_export(
    files: str | Path | Iterable[str | Path],
    *,
    layout: str | None = None,
    mapping: Any = None,
    as_of: str | dt.date | None = None,
    timezone: str = "UTC",
    dates: str | None = None,
) -> EventLog:
    """Return the event log that an export tells.

    Parameters
    ----------
    files : path or paths
        CSV (any delimiter and encoding), XLSX or Parquet; several are joined by ids.
    layout : str, optional
        hubspot, salesforce, pipedrive or plain; recognised by itself if not said.
    mapping : str, Path, dict or list of str, optional
        Which column is what: ``{"created": "first_contact_date"}``, texts such as
        ``created=first_contact_date``, or a YAML file.
    as_of : str or datetime.date, optional
        The day of the export; else from a report's footer or a file's name, else the
        last date in the files.
    timezone : str
        Zone to which times that say their zone are turned; others are left alone.
    dates : str, optional
        ``day-first`` or ``month-first``, for columns that leave it open.

    Returns
    -------
    EventLog
        ``meta`` has ``rows`` (read, used, dropped by reason), ``warnings``, ``as_of``,
        ``layout`` and ``whole_days``.

    Raises
    ------
    DataError
        If a file cannot be read; the message names file, row and column.
    """
    day = _day(as_of)
    if dates is not None and dates not in ORDERS:
        raise DataError(f"dates: '{dates}'; it must be day-first or month-first")
    rows = _gathered(files, layout, mapping, timezone, ORDERS.get(dates or ""))
    return _log(rows, mapping, day, timezone)


def _day(said: str | dt.date | None) -> dt.date | None:
    if said is None:
        return None
    if isinstance(said, dt.datetime):
        return said.date()
    if isinstance(said, dt.date):
        return said
    try:
        return dt.date.fromisoformat(str(said).strip()[:10])
    except ValueError:
        raise DataError(f"as_of: '{said}' is no date such as 2025-06-30") from None


def _gathered(
    files: str | Path | Iterable[str | Path],
    layout: str | None,
    mapping: Any,
    timezone: str,
    day_first: bool | None,  # noqa: FBT001 - one of five that are handed on
) -> list[Rows]:
    from simlib.crm.reading.gathering import gathered
    from simlib.crm.reading.mapping import mapping_of
    from simlib.crm.reading.opening import each_once, opened
    from simlib.crm.reading.recognise import header_test, known

    said = mapping_of(mapping)
    one = isinstance(files, (str, Path))
    paths = [Path(files)] if one else [Path(path) for path in files]  # type: ignore[arg-type, union-attr]
    sheets = [opened(path, header_test(said)) for path in each_once(paths)]
    said.check(sheets)
    tables = [known(sheet, layout, said) for sheet in sheets]
    return [gathered(table, timezone, day_first=day_first) for table in tables]


def _log(
    rows: list[Rows], mapping: Any, day: dt.date | None, timezone: str
) -> EventLog:
    from simlib.crm.reading.as_of import as_of_day
    from simlib.crm.reading.building import built
    from simlib.crm.reading.checking import checked, floored
    from simlib.crm.reading.joining import joined
    from simlib.crm.reading.mapping import mapping_of
    from simlib.crm.reading.settling import STATES, Account

    names = ", ".join(table.known.sheet.file for table in rows)
    account = Account(names, sum(len(table) for table in rows))
    said = mapping_of(mapping).words
    words = {word: STATES[state] for state, group in said.items() for word in group}
    found = joined(rows, words, account)
    if not len(found):
        raise DataError(f"{rows[0].known.sheet.file}: there is no row below the header")
    last = as_of_day(day, rows, found, account)
    _note_zones(rows, timezone, account)
    whole = floored(found, account)
    on_the_day = any(np.any(np.floor(days) == last) for days in found.dates.values())
    horizon = float(last + 1 if on_the_day else last)
    found = checked(found, horizon, account)
    log = built(
        found,
        last,
        horizon,
        {"whole_days": whole, "layout": [table.known.says for table in rows]},
        account,
    )
    dropped = dict(sorted(account.dropped.items(), key=lambda one: -one[1]))
    used = account.read - sum(dropped.values())
    log.meta["rows"] = {"read": account.read, "used": used, "dropped": dropped}
    log.meta["warnings"] = account.notes
    return log


def _note_zones(rows: list[Rows], timezone: str, account: Account) -> None:
    """Say where times with a zone stand beside times without one."""
    for table in rows:
        columns = {**table.dates, **table.stages}
        timed = [
            part
            for part, days in columns.items()
            if np.any(days[np.isfinite(days)] % 1) and part != "exported"
        ]
        zoned = [
            part
            for part in timed
            if part in table.zoned or f"stage {part}" in table.zoned
        ]
        if zoned and len(zoned) < len(timed):
            bare = [part for part in timed if part not in zoned]
            account.notes.append(
                f"{table.known.sheet.file}: {', '.join(zoned)} say their time zone and "
                f"{', '.join(bare)} do not: these are taken as {timezone}, and lags "
                "may be wrong by some hours"
            )
