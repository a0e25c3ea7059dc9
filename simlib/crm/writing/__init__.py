"""A run as a CRM would export it, in the layout of a real one, with flaws if wanted.

In: an `EventLog`, or a `Run`. Out: files. All ids, names, addresses and numbers in them
are made up; what reading gets back from them is what a CRM can know.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from simlib.crm.layouts import API, LABELS, LAYOUTS
from simlib.crm.writing.flaws import FLAWS, chosen, in_records, in_sheet, in_style
from simlib.crm.writing.records import records_of
from simlib.crm.writing.sheets import style_of, write
from simlib.crm.writing.tables import tables
from simlib.errors import DataError, FileError, nearest
from simlib.log import EventLog
from simlib.run import Run

__all__ = ["FLAWS", "write_export"]

SPELLINGS = (LABELS, API)


def write_export(
    log: EventLog | Run,
    out: str | Path,
    layout: str = "plain",
    *,
    spelling: str = LABELS,
    flaws: Iterable[str] = (),
    seed: int = 0,
) -> list[Path]:
    """Write the CRM view of a log in the layout of a CRM.

    Parameters
    ----------
    log : EventLog or Run
        A run whose scenario has `fit_score` or `intent` gets a column for each lead's
        score and capture action, except in Pipedrive, which has no place for them.
    out : str or Path
        A folder, made if need be, that gets a file for each table; or a file that ends
        in .csv. A layout of several tables puts their names before the ending.
    layout : {"hubspot", "salesforce", "pipedrive", "plain"}
    spelling : {"labels", "api"}
        As people export it (for Salesforce, a report), or as programs do (for
        Salesforce, the Data Loader: names of the API, times in UTC).
    flaws : iterable of str
        Names in `FLAWS`, or ``"all"``.
    seed : int
        Which rows the flaws hit.

    Returns
    -------
    list of Path
        The files, people first.

    Raises
    ------
    DataError
        For a layout, spelling or flaw that there is not.
    FileError
        If a file cannot be written.
    """
    if layout not in LAYOUTS:
        raise DataError(_unknown("layout", layout, LAYOUTS))
    if spelling not in SPELLINGS:
        raise DataError(_unknown("spelling", spelling, SPELLINGS))
    if spelling == API and layout == "plain":
        raise DataError("spelling: plain has no other names; leave it at labels")
    names = chosen(flaws, layout)
    records = in_records(records_of(log), names, seed)
    sheets = tables(records, layout, spelling)
    end = records.start + dt.timedelta(days=int(records.horizon))
    style = in_style(style_of(LAYOUTS[layout], spelling, records.start, end), names)
    paths = _paths(Path(out), [sheet.table.name for sheet in sheets])
    for sheet, path in zip(sheets, paths, strict=True):
        write(in_sheet(sheet, names, seed), path, style)
    return paths


def _unknown(what: str, given: str, known: Iterable[str]) -> str:
    known = list(known)
    return (
        f"{what}: there is no '{given}'; it must be {', '.join(known[:-1])} or "
        f"{known[-1]}.{nearest(given, known)}"
    )


def _paths(out: Path, names: list[str]) -> list[Path]:
    """Return a path for each table."""
    if out.suffix.lower() == ".csv" and not out.is_dir():
        if len(names) == 1:
            return [out]
        return [out.with_name(f"{out.stem}_{name}{out.suffix}") for name in names]
    if out.suffix and not out.is_dir():
        raise FileError(f"{out}: an export is written as FILE.csv, or into a folder")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(f"{out}: cannot be made a folder ({reason})") from None
    return [out / f"{name}.csv" for name in names]
