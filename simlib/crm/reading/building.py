"""The event log of leads that were read.

In: `Entities` that are in order. Out: `EventLog`, as a CRM sees it: no kinds, no
teams, no names. It judges nothing.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from simlib.crm.layouts import CAPTURED, CUSTOMER, LOST, OPPORTUNITY
from simlib.crm.reading.as_of import EPOCH
from simlib.crm.reading.settling import Account, Entities
from simlib.log import ENTER, UNKNOWN_KIND, EventLog, Graph, LeadTable, StageInfo

NO_SOURCE, OTHERS, TOTAL = "no source", "other sources", "total"
MOST_SOURCES = 60


def built(
    found: Entities, as_of: int, horizon: float, meta: dict[str, Any], account: Account
) -> EventLog:
    """Return the log.

    Parameters
    ----------
    found : Entities
    as_of : int
        The as-of date, days since 1970-01-01.
    horizon : float
        Moment up to which things are known, days since 1970-01-01.
    meta : dict
        What else the log should say of itself.
    account : Account
    """
    found = found.only(np.argsort(found.created, kind="stable"))
    source, sources = _sources(found, account)
    first = int(np.floor(found.created[0]))
    start = first - (first + 3) % 7  # 1970-01-01 was a Thursday: the Monday before
    stages = [name for name, days in found.stages.items() if np.isfinite(days).any()]
    graph = _graph(stages, sources, start, float(horizon - start))
    days = [found.created, *(found.stages[n] for n in stages), found.won, found.lost]
    time, lead, stage = _events(days, start)
    leads = _leads(found, source)
    return EventLog(
        time=time,
        lead=lead,
        event=np.full(len(time), ENTER, dtype=np.int8),
        stage=stage,
        reason=np.zeros(len(time), dtype=np.int16),
        kind=leads.kind[lead],
        leads=leads,
        graph=graph,
        meta={
            "view": "crm",
            "as_of": (EPOCH + dt.timedelta(days=as_of)).isoformat(),
            "losses_observed": bool(np.isfinite(found.lost).any()),
            **meta,
        },
    )


def _graph(stages: list[str], sources: list[str], start: int, horizon: float) -> Graph:
    """Return the names of the log and its frame in time."""
    return Graph(
        stages=(
            StageInfo(CAPTURED),
            *map(StageInfo, stages),
            StageInfo(CUSTOMER, "won"),
            StageInfo(LOST, "lost"),
        ),
        teams=(),
        sources=tuple(sources),
        reasons=("",),
        horizon=horizon,
        start=EPOCH + dt.timedelta(days=start),
        pipeline_stage=OPPORTUNITY if OPPORTUNITY in stages else "",
    )


def _leads(found: Entities, source: Any) -> LeadTable:
    size = len(found)
    return LeadTable(
        source=source,
        kind=np.full(size, UNKNOWN_KIND, dtype=np.int8),
        amount=found.amount,
        band=np.zeros(size, dtype=np.int32),
        ordinal=np.arange(size, dtype=np.int32),
    )


def _events(columns: list[Any], start: int) -> tuple[Any, Any, Any]:
    """Return times, leads and stages of all dates, in the order of a log."""
    parts = []
    for stage, days in enumerate(columns):
        rows = np.flatnonzero(np.isfinite(days))
        parts.append((days[rows] - start, rows, np.full(len(rows), stage)))
    time, lead, stage_of = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    order = np.lexsort((stage_of, lead, time))
    return (
        time[order],
        lead[order].astype(np.int32),
        stage_of[order].astype(np.int16),
    )


def _sources(found: Entities, account: Account) -> tuple[Any, list[str]]:
    """Return codes and names of sources; those without one have a name of their own."""
    codes = found.source.copy()
    # Tables call the sum of all sources so.
    names = [f"({n})" if n.casefold() == TOTAL else n for n in found.sources]
    if np.any(codes < 0):
        name = NO_SOURCE if NO_SOURCE not in names else f"({NO_SOURCE})"
        codes[codes < 0] = len(names)
        names.append(name)
        also = next((one for one in found.sources if one.casefold() == "unknown"), "")
        account.note(
            codes == len(names) - 1,
            "{n} leads have no source: they are called "
            f"'{name}'" + (f"; '{also}' is a source of its own" if also else ""),
        )
    counts = np.bincount(codes, minlength=len(names))
    large = np.argsort(-counts, kind="stable")[:MOST_SOURCES]
    kept = sorted(at for at in large.tolist() if counts[at])
    rest = int((counts > 0).sum()) - len(kept)
    to = np.full(len(names), len(kept), dtype=np.int16)
    to[kept] = np.arange(len(kept))
    chosen = [names[at] for at in kept]
    if rest:
        chosen.append(OTHERS)
        account.notes.append(
            f"{rest} sources with few leads each are put together as '{OTHERS}'"
        )
    return to[codes], chosen
