"""The tables of each CRM: records, put into its columns and its words.

In: `Records`. Out: `Sheet` for each file. It formats no date and knows no flaw.

Every layout says of each lead when it came, from where, and when it was won or lost;
how many of the stages between it can say differs. HubSpot has its lifecycle stages on
the contact, and a deal for each lead that got so far. Salesforce converts a lead into
an opportunity, whose steps are in its history. In Pipedrive each lead is a deal. All
but Pipedrive have a place for a lead's score of fit, and for its capture action.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simlib.crm.layouts import (
    API,
    CAPTURED,
    CUSTOMER,
    LAYOUTS,
    OPPORTUNITY,
    REACHED,
    Column,
    Layout,
    Table,
)
from simlib.crm.writing import cells
from simlib.crm.writing.records import LOST, OPEN, WON, Records
from simlib.crm.writing.sheets import Sheet, When
from simlib.draws import Floats
from simlib.funnel.columns import Ints

LIFECYCLE = {
    CAPTURED: ("Lead", "lead"),
    "mql": ("Marketing Qualified Lead", "marketingqualifiedlead"),
    "sql": ("Sales Qualified Lead", "salesqualifiedlead"),
    OPPORTUNITY: ("Opportunity", "opportunity"),
    CUSTOMER: ("Customer", "customer"),
}
GONE = ("Lost", "lost")
NO_YES = ("false", "true")
REPORT_NO_YES = ("0", "1")
LEAD_WORDS = ("Open - Not Contacted", "Closed - Converted", "Closed - Not Converted")


def tables(records: Records, layout: str, spelling: str) -> list[Sheet]:
    """Return the files of a layout.

    Parameters
    ----------
    records : Records
    layout : {"hubspot", "salesforce", "pipedrive", "plain"}
    spelling : {"labels", "api"}
        Decides between the words of people and of programs.
    """
    return WRITERS[layout](records, LAYOUTS[layout], spelling)


def _sheet(table: Table, numbers: Ints, given: dict[str, list[str] | When]) -> Sheet:
    """Return a sheet of what is given by part or stage, people first."""
    parts = {**table.parts, **table.hints}
    ours = {column: given[part] for part, column in parts.items() if part in given}
    people = {one: cells.person(one.label, numbers) for one in table.personal}
    dated = {column: given[name] for name, column in table.stages.items()}
    key = table.parts.get("id")
    first = {key: ours.pop(key)} if key in ours else {}
    return Sheet(table, {**first, **people, **ours, **dated})


def _hints(records: Records) -> dict[str, list[str] | When]:
    """Return the columns of what leads did and how they fit, where anything tells."""
    found: dict[str, list[str] | When] = {}
    if any(records.capture_action):
        found["capture_action"] = records.capture_action.tolist()
    if np.isfinite(records.fit_score).any():
        found["fit_score"] = cells.scores(records.fit_score)
    return found


def _nan(records: Records) -> Floats:
    return np.full(len(records), np.nan)


def _words(layout: Layout, spelling: str) -> tuple[str, str, str]:
    """Return the words for open, won and lost."""
    place = 1 if spelling == API and layout.name == "hubspot" else 0
    said = [layout.words[state] for state in ("open", "won", "lost")]
    return said[0][place], said[1][place], said[2][place]


def _status(records: Records, words: tuple[str, str, str]) -> list[str]:
    return [words[state] for state in records.state.tolist()]


def _hubspot(records: Records, layout: Layout, spelling: str) -> list[Sheet]:
    place = int(spelling == API)
    said = {stage: words[place] for stage, words in LIFECYCLE.items()}
    here = {CAPTURED: records.entry, OPPORTUNITY: records.deal_stage}
    dates = {
        stage: records.stages.get(here.get(stage, stage), _nan(records))
        for stage in said
    }
    # A lead that has no date of its own in the first stage became one on arriving.
    dates[CAPTURED] = records.created
    dates[CUSTOMER] = records.won
    status = np.full(len(records), said[CAPTURED], dtype=object)
    for stage, word in said.items():
        status[np.isfinite(dates[stage])] = word
    status[records.state == LOST] = GONE[place]
    contact = cells.ids(10_000 + records.number)
    contacts = _sheet(
        layout.table("contacts"),
        records.number,
        {
            "id": contact,
            "created": When(records.created),
            "source": records.source.tolist(),
            "status": status.tolist(),
            "lost": When(records.lost),
            "exported": When(records.changed),
            **_hints(records),
            **{stage: When(days) for stage, days in dates.items()},
        },
    )
    return [contacts, _hubspot_deals(records, layout, spelling)]


def _hubspot_deals(records: Records, layout: Layout, spelling: str) -> Sheet:
    deals = records.only(np.isfinite(records.deal))
    no_yes = NO_YES
    return _sheet(
        layout.table("deals"),
        deals.number,
        {
            "id": cells.ids(50_000 + deals.number),
            "lead": cells.ids(10_000 + deals.number),
            "created": When(deals.deal),
            "source": deals.source.tolist(),
            "status": _status(deals, _words(layout, spelling)),
            "closed": When(_closing(deals)),
            "is_won": cells.truths(deals.state == WON, no_yes),
            "is_closed": cells.truths(deals.state != OPEN, no_yes),
            "amount": cells.amounts(deals.amount),
            "reason": deals.reason.tolist(),
            "exported": When(deals.changed),
        },
    )


def _closing(deals: Records) -> Floats:
    return np.where(deals.state == OPEN, deals.planned, deals.closed)


def _salesforce(records: Records, layout: Layout, spelling: str) -> list[Sheet]:
    api = spelling == API
    is_deal = np.isfinite(records.deal)
    status = np.select(
        [is_deal, records.state == LOST], [LEAD_WORDS[1], LEAD_WORDS[2]], LEAD_WORDS[0]
    )
    deal = _opportunity_ids(np.where(is_deal, records.number, 0))
    leads = _sheet(
        layout.table("leads"),
        records.number,
        {
            "id": cells.ids(records.number, "00Q5e", 10, "AAA"),
            "created": When(records.created),
            "source": records.source.tolist(),
            "status": status.tolist(),
            "converted": When(records.deal, is_date=True),
            "deal": deal,
            "lost": When(np.where(is_deal, np.nan, records.lost), is_date=not api),
            "exported": When(records.changed),
            **_hints(records),
        },
    )
    deals = records.only(is_deal)
    words = _words(layout, spelling)
    return [
        leads,
        _opportunities(deals, layout, spelling, words),
        _history(deals, layout, words),
        _stage_table(layout, spelling, words),
    ]


def _opportunity_ids(numbers: Ints) -> list[str]:
    return cells.ids(numbers, "0065e", 10, "AAQ")


def _opportunities(
    deals: Records, layout: Layout, spelling: str, words: tuple[str, str, str]
) -> Sheet:
    no_yes = NO_YES if spelling == API else REPORT_NO_YES
    return _sheet(
        layout.table("opportunities"),
        deals.number,
        {
            "id": _opportunity_ids(deals.number),
            "created": When(deals.deal),
            "source": deals.source.tolist(),
            "status": _status(deals, words),
            "closed": When(_closing(deals), is_date=True),
            "is_won": cells.truths(deals.state == WON, no_yes),
            "is_closed": cells.truths(deals.state != OPEN, no_yes),
            "amount": cells.amounts(deals.amount),
            "reason": deals.reason.tolist(),
            "exported": When(deals.changed),
        },
    )


def _history(deals: Records, layout: Layout, words: tuple[str, str, str]) -> Sheet:
    """Return a row for each step of a deal: put in, and closed."""
    over = deals.only((deals.state != OPEN) & np.isfinite(deals.closed))
    numbers = np.concatenate([deals.number, over.number])
    days = np.concatenate([deals.deal, over.closed])
    stage = [words[OPEN]] * len(deals) + _status(over, words)
    order = np.lexsort((np.arange(len(days)), days))
    whole = _sheet(
        layout.table("history"),
        numbers,
        {"deal": _opportunity_ids(numbers), "stage": stage, "created": When(days)},
    )
    return whole.take(order)


def _stage_table(layout: Layout, spelling: str, words: tuple[str, str, str]) -> Sheet:
    no_yes = NO_YES if spelling == API else REPORT_NO_YES
    given: dict[str, list[str] | When] = {
        "stage": list(words),
        "order": ["1", "2", "3"],
        "is_won": cells.truths((False, True, False), no_yes),
        "is_closed": cells.truths((False, True, True), no_yes),
    }
    return _sheet(layout.table("stages"), np.arange(3), given)


def _pipedrive(records: Records, layout: Layout, spelling: str) -> list[Sheet]:
    words = _words(layout, spelling)
    if spelling == API:
        words = (words[0].lower(), words[1].lower(), words[2].lower())
    given: dict[str, list[str] | When] = {
        "id": cells.ids(records.number),
        "created": When(records.created),
        "source": records.source.tolist(),
        "status": _status(records, words),
        "won": When(records.won),
        "lost": When(records.lost),
        "closed": When(records.closed),
        "amount": cells.amounts(records.amount),
        "reason": records.reason.tolist(),
        "exported": When(records.changed),
    }
    return [_sheet(layout.table("deals"), records.number, given)]


def _plain(records: Records, layout: Layout, spelling: str) -> list[Sheet]:
    given: dict[str, list[str] | When] = {
        "id": cells.ids(records.number),
        "created": When(records.created),
        "source": records.source.tolist(),
        "status": _status(records, _words(layout, spelling)),
        "won": When(records.won),
        "lost": When(records.lost),
        "amount": cells.amounts(records.amount),
        "reason": records.reason.tolist(),
        **_hints(records),
    }
    sheet = _sheet(layout.table("leads"), records.number, given)
    reached: dict[Column, list[str] | When] = {
        Column(f"{REACHED}{name}"): When(days)
        for name, days in records.stages.items()
        if name != records.entry
    }
    return [Sheet(sheet.table, {**sheet.cells, **reached})]


WRITERS: dict[str, Callable[[Records, Layout, str], list[Sheet]]] = {
    "hubspot": _hubspot,
    "salesforce": _salesforce,
    "pipedrive": _pipedrive,
    "plain": _plain,
}
