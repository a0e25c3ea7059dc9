"""Funnels whose truth is known, for what is estimated from data."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from simlib.crm.transitions import STILL, Sojourns
from simlib.log import EventLog, Graph, StageInfo
from simlib.run import simulate
from simlib.scenario import Scenario

LEAD, WON, LOST = 0, 1, 2


def stays_of(
    lag: np.ndarray,
    to: np.ndarray,
    age: np.ndarray,
    source: np.ndarray | None = None,
    whole_days: bool = False,
) -> Sojourns:
    """Return stays in one stage: who would leave after `lag` days, seen up to `age`."""
    names = ("a", "b", "c", "d", "e", "f")
    count = len(lag)
    source = np.zeros(count, dtype=int) if source is None else source
    horizon = float(np.ceil(age.max()))
    stages = (StageInfo("lead"), StageInfo("won", "won"), StageInfo("lost", "lost"))
    graph = Graph(stages, (), names[: source.max() + 1], ("",), horizon)
    entered = horizon - age
    left = entered + lag
    if whole_days:
        entered, left = np.floor(entered), np.floor(left)
    over = left < horizon
    return Sojourns(
        lead=np.arange(count),
        source=source,
        stage=np.full(count, LEAD),
        to=np.where(over, to, STILL),
        entered=entered,
        left=np.where(over, left, horizon),
        since=np.zeros(count),
        unseen=np.zeros(count, dtype=bool),
        graph=graph,
        entry=LEAD,
        whole_days=whole_days,
    )


def said(
    horizon: float = 400, per_month: float = 100, **changes: float
) -> dict[str, Any]:
    """Return a scenario of two stages and two sources, as a mapping."""
    to_opp = {"search": 0.30, "ads": 0.15}
    won = {"search": changes.get("search", 0.3), "ads": changes.get("ads", 0.3)}
    early, late = {"dist": "lognormal", "mean": 20, "cv": 1}, {"dist": "gamma"}
    return {
        "name": "known",
        "horizon": horizon,
        "start": dt.date(2025, 1, 6),
        "stages": {
            "captured": {
                "next": {"opportunity": {"rate": to_opp, "lag": early}},
                "leak": {"to": "lost", "lag": {"dist": "exponential", "mean": 15}},
            },
            "opportunity": {
                "next": {"customer": {"rate": won, "lag": {**late, "mean": 60}}},
                "leak": {"to": "lost", "lag": {**late, "mean": 50, "cv": 0.7}},
            },
            "customer": {"terminal": "won"},
            "lost": {"terminal": "lost"},
        },
        "sources": {
            name: {"leads": {"per_month": per_month}} for name in ("search", "ads")
        },
    }


def crm_log(seed: int = 0, **changes: float) -> EventLog:
    """Return the CRM view of one run of it."""
    return simulate(Scenario.of(said(**changes)), seed=seed).log.crm()


def spliced(before: EventLog, after: EventLog, day: float) -> EventLog:
    """Return a log in which leads live as in `before`, and from a day on as in `after`.

    Who came before the day keeps the first life, who came later has the second.
    """
    import dataclasses

    def came(log: EventLog) -> np.ndarray:
        first = np.full(len(log.leads), np.inf)
        np.minimum.at(first, log.lead, log.time)
        return first

    parts = []
    for log, keep in ((before, came(before) < day), (after, came(after) >= day)):
        parts.append((log, keep[log.lead], np.cumsum(keep) - 1, keep))
    shift = int(parts[0][3].sum())
    columns = {
        name: np.concatenate([getattr(log, name)[rows] for log, rows, _, _ in parts])
        for name in ("time", "event", "stage", "reason", "kind")
    }
    lead = np.concatenate(
        [
            number[log.lead[rows]] + shift * turn
            for turn, (log, rows, number, _) in enumerate(parts)
        ]
    )
    leads = {
        name: np.concatenate(
            [getattr(log.leads, name)[keep] for log, _, _, keep in parts]
        )
        for name in ("source", "kind", "amount", "band", "ordinal")
    }
    order = np.lexsort((lead, columns["time"]))
    return dataclasses.replace(
        before,
        lead=lead[order].astype(np.int32),
        leads=type(before.leads)(**leads),
        **{name: column[order] for name, column in columns.items()},
    )
