"""Event logs written by hand, and any log that could be: what tables are tried on.

`STORY` is one log that holds every kind of event; its figures are worked out on paper
in the tests. `any_log` is a hypothesis strategy.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from simlib.log import EVENTS, EventLog, Graph, LeadTable, StageInfo, TeamInfo

Row = tuple[Any, ...]

GRAPH = Graph(
    stages=(
        StageInfo("visitor", anonymous=True),
        StageInfo("captured"),
        StageInfo("mql", team="sdr"),
        StageInfo("opportunity", team="ae", slots=True),
        StageInfo("customer", terminal="won"),
        StageInfo("lost", terminal="lost"),
        StageInfo("nurture"),
    ),
    teams=(TeamInfo("sdr", 1), TeamInfo("ae", 2)),
    sources=("web", "ads"),
    reasons=("", "leaked", "went cold", "visit cap"),
    horizon=10.0,
    days_per_month=5.0,
    pipeline_stage="opportunity",
)


def log_of(
    lives: Sequence[tuple[str, Sequence[Row]]],
    graph: Graph = GRAPH,
    amounts: Sequence[float] | None = None,
    kinds: Sequence[int] | None = None,
) -> EventLog:
    """Return a log of lives, each a source and its rows.

    A row is (time, event, stage) or (time, event, stage, reason).
    """
    rows = [
        (time, lead, event, stage, *(reason or [""]))
        for lead, (_, life) in enumerate(lives)
        for time, event, stage, *reason in life
    ]
    rows.sort(key=lambda row: row[:2])
    time, lead, event, stage, reason = zip(*rows, strict=True) if rows else [()] * 5
    kind = np.array(kinds if kinds is not None else [0] * len(lives), np.int8)
    source = [graph.sources.index(name) for name, _ in lives]
    number = np.arange(len(lives), dtype=np.int32)
    values = np.array(amounts or [1000.0] * len(lives), np.float64)
    return EventLog(
        time=np.array(time, np.float64),
        lead=np.array(lead, np.int32),
        event=np.array([EVENTS.index(name) for name in event], np.int8),
        stage=np.array([graph.stage_names.index(name) for name in stage], np.int16),
        reason=np.array([graph.reasons.index(name) for name in reason], np.int16),
        kind=kind[np.array(lead, int)],
        leads=LeadTable(np.array(source, np.int16), kind, values, 0 * number, number),
        graph=graph,
    )


STORY = log_of(
    [
        (
            "web",
            [
                (0, "enter", "visitor"),
                (1, "enter", "captured"),
                (2, "enter", "mql"),
                (2, "queue", "mql"),
                (2, "start", "mql"),
                (3, "finish", "mql"),
                (4, "enter", "opportunity"),
                (4, "queue", "opportunity"),
                (4, "start", "opportunity"),
                (7, "enter", "customer"),
            ],
        ),
        ("web", [(0.5, "enter", "visitor"), (0.5, "enter", "lost", "leaked")]),
        (
            "ads",
            [
                (1, "enter", "captured"),
                (2.5, "enter", "mql"),
                (2.5, "queue", "mql"),
                (3, "start", "mql"),
                (4, "finish", "mql"),
                (4, "enter", "nurture", "leaked"),
                (8, "enter", "mql"),
                (8, "queue", "mql"),
                (8, "start", "mql"),
            ],
        ),
        (
            "ads",
            [
                (2, "enter", "captured"),
                (3, "enter", "mql"),
                (3, "queue", "mql"),
                (3.5, "give_up", "mql"),
                (3.5, "enter", "lost", "went cold"),
            ],
        ),
        (
            "ads",
            [
                (6, "enter", "captured"),
                (7, "enter", "opportunity"),
                (7, "queue", "opportunity"),
                (7, "start", "opportunity"),
            ],
        ),
        (
            "web",
            [
                (6, "enter", "captured"),
                (7, "enter", "mql"),
                (7, "queue", "mql"),
                (7, "start", "mql"),
                (8, "finish", "mql"),
                (9, "end", "captured", "visit cap"),
            ],
        ),
        (
            "web",
            [
                (9, "enter", "captured"),
                (9.5, "enter", "mql"),
                (9.5, "queue", "mql"),
            ],
        ),
    ],
    amounts=[12_000, 1000, 1000, 1000, 24_000, 1000, 1000],
    kinds=[0, 3, 1, 1, 0, 2, 0],
)
NOTHING = log_of([])


def cost(**said: float) -> SimpleNamespace:
    """Return a source's costs, 0 where nothing is said."""
    keys = ("per_month", "per_lead", "per_touch", "per_account", "one_off")
    return SimpleNamespace(**{**dict.fromkeys(keys, 0.0), **said})


def source(
    start: float = 0.0, stop: float | None = None, **costs: float
) -> SimpleNamespace:
    """Return a source as money sees it."""
    leads = SimpleNamespace(start=start, stop=stop)
    return SimpleNamespace(leads=leads, cost=cost(**costs))


SCENARIO = SimpleNamespace(
    horizon=10.0,
    days_per_month=5.0,
    currency="EUR",
    sources={
        "web": source(per_month=100, per_touch=1, one_off=50),
        "ads": source(start=5, per_month=50, per_lead=20),
    },
    teams={
        "sdr": SimpleNamespace(people=1, cost_per_month=500.0),
        "ae": SimpleNamespace(people=1, cost_per_month=1000.0),
    },
    nurture=SimpleNamespace(cost_per_month=10.0),
    deal=SimpleNamespace(gross_margin=0.8, monthly_churn=0.0),
)


def run_of(log: EventLog, **changed: Any) -> Any:
    """Return a run of a log, with the costs of `SCENARIO` but for what is changed."""
    said = SimpleNamespace(**{**vars(SCENARIO), **changed})
    return SimpleNamespace(scenario=said, log=log)


RUN = run_of(STORY)

# --- any log -----------------------------------------------------------------------

EIGHTHS = st.integers(0, 24).map(lambda eighths: eighths / 8)
STAYING = ("visitor", "captured", "mql", "opportunity", "nurture")


@st.composite
def any_life(draw: st.DrawFn) -> tuple[str, list[Row]]:
    """Draw a life that a log could hold; its times are eighths of a day."""
    now, rows, reason = draw(EIGHTHS), [], ""
    path = draw(st.lists(st.sampled_from(STAYING[1:]), max_size=5))
    path = ["visitor", *path] if not path or draw(st.booleans()) else path
    for stage in path:
        rows.append((now, "enter", stage, reason))
        reason = draw(st.sampled_from(["", "leaked"]))
        if stage in {"mql", "opportunity"}:
            rows.append((now, "queue", stage))
            now += draw(EIGHTHS)
            if draw(st.integers(0, 3)) == 0:
                rows.append((now, "give_up", stage))
                reason = "went cold"
            else:
                rows.append((now, "start", stage))
                if stage == "mql":
                    now += draw(EIGHTHS)
                    rows.append((now, "finish", stage))
        now += draw(EIGHTHS)
    end = draw(st.sampled_from(["customer", "lost", "cap", "none"]))
    if end == "cap":
        rows.append((now, "end", path[-1], "visit cap"))
    elif end != "none":
        rows.append((now, "enter", end, reason))
    return draw(st.sampled_from(GRAPH.sources)), rows


@st.composite
def any_log(draw: st.DrawFn, horizon: float = GRAPH.horizon) -> EventLog:
    """Draw a log of up to eight lives, cut at the horizon (half-open)."""
    lives = draw(st.lists(any_life(), max_size=8))
    graph = dataclasses.replace(GRAPH, horizon=horizon)
    seen = [(name, [row for row in rows if row[0] < horizon]) for name, rows in lives]
    return log_of([life for life in seen if life[1]], graph)
