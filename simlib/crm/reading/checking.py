"""Leads that can be used: in order, inside the time known, each with its beginning.

In: `Entities` and the as-of date. Out: `Entities` without what cannot be used, and a
count of it by reason. It never moves a date by more than a day.
"""

from __future__ import annotations

import numpy as np

from simlib.crm.reading.settling import LOST, OPEN, WON, Account, Entities
from simlib.draws import Floats
from simlib.errors import DataError

CLOCK = 1.0  # days by which clocks, zones and dates without a time may differ


def checked(found: Entities, horizon: float, account: Account) -> Entities:
    """Return the leads that can be used.

    Parameters
    ----------
    found : Entities
    horizon : float
        Moment up to which things are known, days since 1970-01-01.
    account : Account

    Raises
    ------
    DataError
        If nothing is left.
    """
    found = found.only(account.drop("no created date", ~np.isfinite(found.created)))
    late = found.created >= horizon
    found = found.only(account.drop("created after the as-of date", late))
    undated = (found.state == WON) & ~np.isfinite(found.won)
    found = found.only(account.drop("won, but without a date", undated))
    found = _inside(found, horizon, account)
    for name in ("won", "lost"):
        early = found.created - getattr(found, name) > CLOCK
        found = found.only(account.drop(f"{name} before it was created", early))
    if not len(found):
        reasons = "; ".join(f"{why}: {n:,}" for why, n in account.dropped.items())
        raise DataError(f"{account.files}: no row can be used ({reasons})")
    account.note(
        (found.state == LOST) & ~np.isfinite(found.lost),
        "{n} leads are lost without a date: of them one only knows that they are not "
        "won",
    )
    account.note(
        np.floor(found.created) >= np.ceil(horizon) - 1,
        "{n} leads were created on the as-of date: they had no time to be won",
    )
    return in_order(found, account)


def _inside(found: Entities, horizon: float, account: Account) -> Entities:
    """Return the leads without what is dated after the as-of date."""
    stages = {}
    later = np.zeros(len(found), dtype=bool)
    for name, days in found.stages.items():
        stages[name] = np.where(days >= horizon, np.nan, days)
        later |= days >= horizon
    planned = (found.won >= horizon) | (found.lost >= horizon)
    account.note(
        planned, "{n} leads are won or lost after the as-of date: taken as open then"
    )
    account.note(later, "{n} leads have a stage dated after the as-of date: left out")
    found.stages = stages
    found.won = np.where(found.won >= horizon, np.nan, found.won)
    found.lost = np.where(found.lost >= horizon, np.nan, found.lost)
    found.state = np.where(planned, OPEN, found.state).astype(np.int8)
    return found


def in_order(found: Entities, account: Account) -> Entities:
    """Return the leads with dates that never fall: a stage, the next, and the end.

    A date that is at most a day too late or too early is moved to its neighbour (lag
    0); one that is further off is left out, so that the stage counts as skipped.
    """
    limit = np.fmin(found.won, found.lost)
    slack = _zeros(found)
    wrong = _zeros(found)
    stages: dict[str, Floats] = {}
    limit = np.where(np.isfinite(limit), np.maximum(limit, found.created), np.inf)
    slack |= (found.created > found.won) | (found.created > found.lost)
    for name in reversed(list(found.stages)):
        days = found.stages[name]
        early, late = found.created - days, days - limit
        wrong |= (late > CLOCK) | (early > CLOCK)
        slack |= ((late > 0) & (late <= CLOCK)) | ((early > 0) & (early <= CLOCK))
        days = np.where((late > CLOCK) | (early > CLOCK), np.nan, days)
        days = np.clip(days, found.created, limit)
        stages[name] = days
        limit = np.fmin(limit, days)
    account.note(
        slack,
        "{n} leads have dates in reverse order by less than a day (a date against a "
        "time, or clocks): taken as the same moment",
    )
    account.note(
        wrong,
        "{n} leads have a stage dated before they were created or after a later stage: "
        "that date is left out, and the stage counts as skipped",
    )
    found.stages = {name: stages[name] for name in found.stages}
    found.won = np.maximum(found.won, found.created)
    found.lost = np.maximum(found.lost, found.created)
    return found


def _zeros(found: Entities) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.zeros(len(found), dtype=bool)


def floored(found: Entities, account: Account) -> bool:
    """Turn all times into whole days if some column knows dates only; say whether."""
    dates = {name: days[np.isfinite(days)] for name, days in found.dates.items()}
    only = [n for n, days in dates.items() if len(days) and not np.any(days % 1)]
    if not only:
        return False
    if any(np.any(days % 1) for days in dates.values()):
        account.notes.append(
            f"{', '.join(only)}: dates without a time of day; all times are taken as "
            "whole days, so that a date and a time of the same day are 0 days apart"
        )
    found.created, found.won = np.floor(found.created), np.floor(found.won)
    found.lost = np.floor(found.lost)
    found.stages = {name: np.floor(days) for name, days in found.stages.items()}
    return True
