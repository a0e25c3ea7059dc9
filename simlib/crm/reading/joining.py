"""Several files of one funnel, joined by their ids: leads, their deals, and histories.

In: `Rows` of each file. Out: `Entities`, one for each lead. Who decides is the deal
that was won, else one that is open, else the one lost last. It drops nothing unsaid.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simlib.crm.layouts import OPPORTUNITY
from simlib.crm.reading.cells import NO_ID, Places, places_of
from simlib.crm.reading.gathering import Rows
from simlib.crm.reading.histories import stage_words, with_history
from simlib.crm.reading.settling import (
    LOST,
    OPEN,
    UNSAID,
    WON,
    Account,
    Entities,
    Words,
    joined_sources,
    settled,
)
from simlib.draws import Floats
from simlib.errors import DataError

LEADS, DEALS = ("contacts", "leads"), ("deals", "opportunities")


def joined(files: Sequence[Rows], words: Words, account: Account) -> Entities:
    """Return the leads of all files.

    Parameters
    ----------
    files : sequence of Rows
    words : dict
        Words of the status to states, as the user says them.
    account : Account

    Raises
    ------
    DataError
        If files cannot be joined.
    """
    _refuse_mixture(files)
    tables = [rows for rows in files if rows.known.table not in {"history", "stages"}]
    said = {**stage_words(files), **words}
    if not tables:
        raise DataError(
            f"{files[0].known.sheet.file}: a table of {files[0].known.table} alone "
            "tells of no deals; give the opportunities (or leads) too"
        )
    by_kind: dict[str, list[Entities]] = {"leads": [], "deals": [], "more": []}
    for rows in tables:
        kind = "deals" if rows.known.table in DEALS else "leads"
        kind = kind if "created" in rows.dates else "more"
        by_kind[kind].append(settled(rows, said, account))
    deals = _once(_stacked(by_kind["deals"]), account)
    if deals is not None:
        deals = with_history(deals, files, account)
    leads = _once(_stacked(by_kind["leads"]), account)
    if leads is not None and deals is not None:
        leads = _with_deals(leads, deals, files, account)
    leads = leads if leads is not None else deals
    if leads is None:
        raise DataError(
            f"{tables[0].known.sheet.file}: no column says when leads were created; "
            "say it with --map created=COLUMN"
        )
    for more in by_kind["more"]:
        leads = _with_more(leads, more, account)
    return leads


def _refuse_mixture(files: Sequence[Rows]) -> None:
    families = {rows.known.layout.name for rows in files if rows.known.layout}
    if len(families) > 1:
        raise DataError(
            "files of different CRMs cannot be joined: "
            + "; ".join(rows.known.says for rows in files)
        )


def _stacked(parts: Sequence[Entities]) -> Entities | None:
    """Return several files of the same kind as one."""
    if len(parts) < 2:
        return parts[0] if parts else None
    codes, names = joined_sources(parts)

    def stack(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in parts])

    def stack_of(name: str, key: str, empty: Any) -> Any:
        return np.concatenate(
            [getattr(part, name).get(key, np.full(len(part), empty)) for part in parts]
        )

    stages = dict.fromkeys(stage for part in parts for stage in part.stages)
    links = dict.fromkeys(link for part in parts for link in part.links)
    return Entities(
        **{n: stack(n) for n in ("id", "created", "won", "lost", "state", "amount")},
        source=np.concatenate(codes),
        sources=names,
        stages={stage: stack_of("stages", stage, np.nan) for stage in stages},
        links={link: stack_of("links", link, NO_ID) for link in links},
    )


def _once(found: Entities | None, account: Account) -> Entities | None:
    """Return each id once: of rows with the same id the one with the most dates."""
    if found is None or not len(found):
        return found
    has_id = found.id != NO_ID
    if has_id.any():
        account.note(
            ~has_id, "{n} rows have no id: whether they are duplicates cannot be told"
        )
    filled = sum(np.isfinite(days).astype(int) for days in found.dates.values())
    order = np.lexsort((np.arange(len(found)), -np.asarray(filled), found.id))
    ids = found.id[order]
    again = np.append(False, ids[1:] == ids[:-1]) & (ids != NO_ID)
    repeated = np.zeros(len(found), dtype=bool)
    repeated[order] = again
    return found.only(account.drop("the same id again", repeated))


def _with_deals(
    leads: Entities, deals: Entities, files: Sequence[Rows], account: Account
) -> Entities:
    """Return the leads with what became of the deal that decides."""
    if "lead" in deals.links:
        lead = places_of(deals.links["lead"], leads.id)
    elif "deal" in leads.links:
        lead = places_of(deals.id, leads.links["deal"])
    else:
        raise DataError(
            "no column joins "
            + " with ".join(rows.known.sheet.file for rows in files)
            + "; export the ids of the leads with the deals, or of the deals with the "
            "leads"
        )
    if not np.any(lead >= 0):
        raise DataError(
            "no id of "
            + " is found in ".join(rows.known.sheet.file for rows in files)
            + "; are they exports of the same CRM?"
        )
    kept = account.drop("deal of no lead in the files", lead < 0)
    deals, lead = deals.only(kept), lead[kept]
    rank = np.array([1, 1, 0, 2])[deals.state]
    when = np.where(deals.state == LOST, -deals.lost, deals.created)
    order = np.lexsort((when, rank, lead))
    first = np.append(True, lead[order][1:] != lead[order][:-1])[: len(order)]
    account.drop("another deal of the same lead", ~first)
    chosen = order[first]
    return _filled(leads, deals.only(chosen), lead[chosen])


def _filled(leads: Entities, deals: Entities, at: Places) -> Entities:
    """Put the deals into the leads they belong to."""
    stages = {name: days.copy() for name, days in leads.stages.items()}
    reached = {OPPORTUNITY: deals.created, **deals.stages}
    for name, days in reached.items():
        home = stages.setdefault(name, np.full(len(leads), np.nan))
        # A date gives way to the time that the deal has of the same day.
        own = np.isfinite(home[at]) & ~(home[at] == np.floor(days))
        home[at] = np.where(own, home[at], days)
    leads.stages = stages
    decided = ~((deals.state != WON) & np.isfinite(leads.won[at]))
    here = at[decided]
    for name in ("won", "lost", "state"):
        column = getattr(leads, name).copy()
        column[here] = getattr(deals, name)[decided]
        setattr(leads, name, column)
    leads.amount = _put(leads.amount, deals.amount, at)
    _fill_sources(leads, deals, at)
    return leads


def _put(home: Floats, values: Floats, at: Places) -> Floats:
    """Return a column with values where it has none."""
    home = home.copy()
    home[at] = np.where(np.isfinite(home[at]), home[at], values)
    return home


def _fill_sources(leads: Entities, more: Entities, at: Places) -> None:
    (own, other), names = joined_sources((leads, more))
    own = own.copy()
    own[at] = np.where(own[at] >= 0, own[at], other)
    leads.source, leads.sources = own, names


def _with_more(leads: Entities, more: Entities, account: Account) -> Entities:
    """Return the leads with what a file without created dates says of them, by id."""
    at = places_of(more.id, leads.id)
    kept = account.drop("row of no lead in the files", at < 0)
    more, at = more.only(kept), at[kept]
    # Earlier dates last, so that of several rows of a lead the earliest stays.
    order = np.argsort(-np.nan_to_num(more.won, nan=np.inf), kind="stable")
    more, at = more.only(order), at[order]
    for name, days in more.stages.items():
        home = leads.stages.setdefault(name, np.full(len(leads), np.nan))
        leads.stages[name] = _put(home, days, at)
    for name in ("won", "lost", "amount"):
        setattr(leads, name, _put(getattr(leads, name), getattr(more, name), at))
    said = more.state != UNSAID
    state = leads.state.copy()
    state[at[said]] = more.state[said]
    state[np.isfinite(leads.won) & (state == OPEN)] = WON
    leads.state = state
    _fill_sources(leads, more, at)
    return leads
