"""What is wrong with real exports, put in on purpose, so that reading can be tried.

In: records, sheets or a style. Out: the same with a flaw. Which rows are hit depends
on the seed alone. `FLAWS` says what each one is, and which layouts can have it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from simlib.crm.chance import Chance
from simlib.crm.layouts import LAYOUTS
from simlib.crm.writing.records import OPEN, WON, Records
from simlib.crm.writing.sheets import Sheet, Style
from simlib.errors import DataError, nearest

EVERYWHERE = tuple(LAYOUTS)
WITH_DEALS = ("hubspot", "salesforce")
PLANNED_DAYS = (-30.0, 60.0)
REGISTER = 1 / 3  # of the time observed
NO_SOURCE, UNKNOWN, TWICE, NO_ID, WRONG_WAY, SET_BACK = (
    0.05,
    0.03,
    0.03,
    0.01,
    0.01,
    0.2,
)
TYPED_BACK = 3.0  # days before it came that a win is dated by mistake


@dataclass(frozen=True)
class Flaw:
    """What a flaw is called.

    Attributes
    ----------
    text : str
    layouts : tuple of str
        Which ones can have it.
    alone : bool
        Whether it is left out of ``all``, because it excludes another one.
    """

    text: str
    layouts: tuple[str, ...] = EVERYWHERE
    alone: bool = False


FLAWS = {
    "planned_close": Flaw("open deals have a planned close date", WITH_DEALS),
    "emptied_stages": Flaw(
        "a stage that was set back has lost its later dates", ("hubspot", "plain")
    ),
    "missing_sources": Flaw("some sources are empty, some are called Unknown"),
    "duplicates": Flaw("some rows are there twice"),
    "missing_ids": Flaw("some rows have no id"),
    "negative_lags": Flaw("some were won before they came"),
    "undated_losses": Flaw("only what was won has a date"),
    "late_register": Flaw("what became of leads is recorded only from a day on"),
    "day_first": Flaw("dates have the day first"),
    "whole_days": Flaw("dates have no time of day"),
    "footer": Flaw("a report's footer stands below the rows", ("salesforce",)),
    "latin1": Flaw("the file is in Latin-1, not in UTF-8"),
    "bom": Flaw("the file begins with a byte order mark", alone=True),
    "semicolons": Flaw("cells are parted by semicolons"),
}


def chosen(names: Iterable[str], layout: str) -> tuple[str, ...]:
    """Return the flaws meant, in the order of `FLAWS`.

    Parameters
    ----------
    names : iterable of str
        Names of flaws, or ``all``.
    layout : str

    Raises
    ------
    DataError
        For a flaw that there is not, or that the layout cannot have.
    """
    names = set(names)
    if "all" in names:
        usual = [n for n, f in FLAWS.items() if layout in f.layouts and not f.alone]
        names = names - {"all"} | set(usual)
    for name in sorted(names):
        if name not in FLAWS:
            raise DataError(
                f"flaws: there is no '{name}'; there are all, {', '.join(FLAWS)}."
                f"{nearest(name, FLAWS)}"
            )
        if layout not in FLAWS[name].layouts:
            raise DataError(
                f"flaws: {layout} has no '{name}'; only "
                f"{' and '.join(FLAWS[name].layouts)} can have it"
            )
    if {"bom", "latin1"} <= names:
        raise DataError("flaws: bom and latin1 exclude each other; leave one out")
    return tuple(name for name in FLAWS if name in names)


def in_records(records: Records, flaws: Iterable[str], seed: int) -> Records:
    """Return records with those flaws that concern what is known of leads."""
    for name in flaws:
        if name in _IN_RECORDS:
            records = _IN_RECORDS[name](records, Chance(seed, f"flaws.{name}"))
    return records


def in_sheet(sheet: Sheet, flaws: Iterable[str], seed: int) -> Sheet:
    """Return a table of people or deals with those flaws that concern its rows."""
    flaws, key = set(flaws), sheet.table.parts.get("id")
    if key not in sheet.cells or not len(sheet):
        return sheet
    if "missing_ids" in flaws:
        luck = Chance(seed, "flaws.missing_ids").uniform(len(sheet))
        sheet = sheet.emptied(key, np.flatnonzero(luck < NO_ID).tolist())
    if "duplicates" in flaws:
        luck = Chance(seed, "flaws.duplicates").uniform(len(sheet))
        again = np.flatnonzero(luck < TWICE)
        sheet = sheet.take(np.sort(np.append(np.arange(len(sheet)), again)))
    return sheet


def in_style(style: Style, flaws: Iterable[str]) -> Style:
    """Return a style with those flaws that concern the whole file."""
    flaws = set(flaws)
    if "day_first" in flaws:
        clock = style.time[len(style.date) :].replace("T", " ")
        style = replace(style, time=f"%d/%m/%Y{clock}", date="%d/%m/%Y")
    if "whole_days" in flaws:
        style = style.days_only()
    if "latin1" in flaws:
        style = replace(style, encoding="latin-1")
    if "bom" in flaws:
        style = replace(style, encoding="utf-8-sig")
    if "semicolons" in flaws:
        style = replace(style, delimiter=";")
    return replace(style, footer="footer" in flaws)


def _planned_close(records: Records, chance: Chance) -> Records:
    low, high = PLANNED_DAYS
    ahead = low + (high - low) * chance.uniform(len(records))
    is_open = (records.state == OPEN) & np.isfinite(records.deal)
    day = np.maximum(np.floor(records.horizon + ahead), np.floor(records.deal))
    return replace(records, planned=np.where(is_open, day, np.nan))


def _emptied_stages(records: Records, chance: Chance) -> Records:
    back = (chance.uniform(len(records)) < SET_BACK) & (records.state == OPEN)
    stages = {
        name: np.where(back, np.nan, days) if name != records.entry else days
        for name, days in records.stages.items()
    }
    return replace(records, stages=stages)


def _missing_sources(records: Records, chance: Chance) -> Records:
    luck, source = chance.uniform(len(records)), records.source.copy()
    source[luck < NO_SOURCE] = ""
    source[luck > 1 - UNKNOWN] = "Unknown"
    return replace(records, source=source)


def _negative_lags(records: Records, chance: Chance) -> Records:
    luck = np.where(records.state == WON, chance.uniform(len(records)), 1.0)
    wrong = luck <= max(WRONG_WAY, luck.min())  # one at least, if any was won
    wrong &= records.state == WON
    return replace(
        records, won=np.where(wrong, records.created - TYPED_BACK, records.won)
    )


def _undated_losses(records: Records, _: Chance) -> Records:
    return replace(records, lost=np.full(len(records), np.nan))


def _late_register(records: Records, _: Chance) -> Records:
    hidden = records.closed < records.horizon * REGISTER
    stages = dict(records.stages)
    if records.deal_stage != records.entry:
        stages[records.deal_stage] = np.where(
            hidden, np.nan, stages[records.deal_stage]
        )
    return replace(
        records,
        won=np.where(hidden, np.nan, records.won),
        lost=np.where(hidden, np.nan, records.lost),
        deal=np.where(hidden, np.nan, records.deal),
        state=np.where(hidden, OPEN, records.state),
        reason=np.where(hidden, "", records.reason),
        amount=np.where(hidden, np.nan, records.amount),
        stages=stages,
    )


_IN_RECORDS: dict[str, Callable[[Records, Chance], Records]] = {
    "planned_close": _planned_close,
    "emptied_stages": _emptied_stages,
    "missing_sources": _missing_sources,
    "negative_lags": _negative_lags,
    "undated_losses": _undated_losses,
    "late_register": _late_register,
}
