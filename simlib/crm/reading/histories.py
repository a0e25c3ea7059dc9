"""Stage histories and stage tables of a CRM, put into the deals they are about.

In: `Rows` of history and stages, and deals. Out: deals with a date for each stage. It
keeps the first time that a deal came to a stage; moves back and forth are not told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.crm.reading.cells import places_of
from simlib.crm.reading.gathering import Rows
from simlib.crm.reading.settling import (
    LOST,
    OPEN,
    WON,
    Account,
    Entities,
    Words,
    layout_words,
)
from simlib.errors import DataError

LEAST_SHARE = 0.01  # stages that fewer came to are left out
AT_ONCE = 1 / 1440  # a step within a minute of the start is the start, days
TAKEN = {"captured", "customer", "lost", "opportunity", "nurture"}


def stage_words(files: Sequence[Rows]) -> Words:
    """Return what the stages of a stage table mean."""
    found: Words = {}
    for rows in files:
        if rows.known.table == "stages":
            codes, names = rows.words["stage"]
            won, closed = rows.is_true("is_won"), rows.is_true("is_closed")
            state = np.where(won, WON, np.where(closed, LOST, OPEN))
            found |= {
                names[code].casefold(): int(what)
                for code, what in zip(codes, state, strict=True)
                if code >= 0
            }
    return found


def _orders(files: Sequence[Rows]) -> dict[str, float]:
    found: dict[str, float] = {}
    for rows in files:
        if rows.known.table == "stages" and "order" in rows.numbers:
            codes, names = rows.words["stage"]
            found |= {
                names[code].casefold(): float(place)
                for code, place in zip(codes, rows.numbers["order"], strict=True)
                if code >= 0
            }
    return found


def with_history(deals: Entities, files: Sequence[Rows], account: Account) -> Entities:
    """Return deals with the dates of the stages that a history tells.

    Raises
    ------
    DataError
        If a history is about other deals.
    """
    words = stage_words(files)
    for rows in files:
        if rows.known.table == "history":
            deals = _with(deals, rows, words, _orders(files), account)
    return deals


def _with(
    deals: Entities,
    rows: Rows,
    words: Words,
    orders: dict[str, float],
    account: Account,
) -> Entities:
    at = places_of(rows.ids["deal"], deals.id)
    if not np.any(at >= 0):
        raise DataError(
            f"{rows.place('deal')}: no deal of this history is in the other files"
        )
    kept = account.drop("history of a deal that is not in the files", at < 0)
    kept &= np.isfinite(rows.date("created")) & (rows.words["stage"][0] >= 0)
    rows, at = rows.only(kept), at[kept]
    known = {**layout_words(rows), **words}
    codes, names = rows.words["stage"]
    state = np.array([known.get(name.casefold(), OPEN) for name in names])[codes]
    time = rows.date("created")
    _put_ends(deals, at, state, time)
    is_step = (state == OPEN) & (time > deals.created[at] + AT_ONCE)
    stages = _first_times(deals, at[is_step], codes[is_step], time[is_step], names)
    ranked = sorted(stages, key=lambda name: _rank(name, orders, stages, deals))
    deals.stages = {**deals.stages, **{_plain(n): stages[n] for n in ranked}}
    return deals


def _put_ends(
    deals: Entities, at: NDArray[Any], state: NDArray[Any], time: NDArray[Any]
) -> None:
    """Take the time of the last closing step: a close date has no time of day."""
    for what, name in ((WON, "won"), (LOST, "lost")):
        rows = (state == what) & (deals.state[at] == what)
        last = np.full(len(deals), -np.inf)
        np.maximum.at(last, at[rows], time[rows])
        column = getattr(deals, name)
        setattr(deals, name, np.where(np.isfinite(last), last, column))


def _first_times(
    deals: Entities,
    at: NDArray[Any],
    codes: NDArray[Any],
    time: NDArray[Any],
    names: Sequence[str],
) -> dict[str, NDArray[Any]]:
    found = {}
    for code, name in enumerate(names):
        here = codes == code
        first = np.full(len(deals), np.inf)
        np.minimum.at(first, at[here], time[here])
        if np.isfinite(first).sum() > LEAST_SHARE * len(deals):
            found[name] = np.where(np.isfinite(first), first, np.nan)
    return found


def _rank(
    name: str,
    orders: dict[str, float],
    stages: dict[str, NDArray[Any]],
    deals: Entities,
) -> tuple[float, float]:
    days = stages[name] - deals.created
    return orders.get(name.casefold(), np.inf), float(np.nanmedian(days))


def _plain(name: str) -> str:
    """Return a stage's name as scenarios write names."""
    word = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_") or "stage"
    word = word if word[0].isalpha() else f"stage_{word}"
    return f"{word}_stage" if word in TAKEN else word[:50]
