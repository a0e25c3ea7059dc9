"""The cost ladder: what one lead, one MQL ... one customer cost.

In: a run. Out: DataFrames in the scenario's currency. A ladder divides the spend of
the whole run by those who reached a rung before the horizon; it follows no cohort.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.funnel.columns import counted, share, stacked
from simlib.funnel.history import Histories, histories
from simlib.funnel.marks import NURTURE
from simlib.funnel.tallies import stage_tally
from simlib.money.booking import costs_by_source

if TYPE_CHECKING:
    import pandas as pd

    from simlib.run import Run

ALL_SOURCES = "all sources"
LEAD = "lead"


def rungs(past: Histories) -> list[int]:
    """Return the stages that stand on a cost ladder above the lead, as codes.

    All but lost ends, nurture and anonymous stages, in the scenario's order. The
    first one is left out where every lead passes it: it would repeat the lead.
    """
    stages = past.graph.stages
    found = [
        code
        for code, stage in enumerate(stages)
        if stage.terminal != "lost" and not stage.anonymous and stage.name != NURTURE
    ]
    if found and not np.any(np.isnan(past.first_entry[past.is_lead, found[0]])):
        del found[0]
    return found


def cost_ladder(run: Run) -> pd.DataFrame:
    """Return what one lead, one MQL, one SQL ... one customer cost.

    The spend of the whole run over those who reached a rung before the horizon: a
    period view, since those who are on their way have cost, but not yet counted.

    Returns
    -------
    DataFrame
        One row for each source and rung, then for all sources: ``source``, ``rung``
        ("lead", then stages), ``reached``, ``cost`` (fully loaded),
        ``cost_without_people``, ``currency``; nan where nobody reached the rung.
    """
    past = histories(run.log)
    cost, codes = costs_by_source(run), rungs(past)
    names = [LEAD, *(past.graph.stage_names[code] for code in codes)]
    tally = stage_tally(past, past.source, len(past.graph.sources))
    leads = counted(past.source[past.is_lead], len(past.graph.sources))
    counts = np.column_stack([leads, tally.reached[:, codes]])
    rows = [
        (name, counts[code], cost.total[code], cost.marketing[code])
        for code, name in enumerate(past.graph.sources)
    ]
    whole = (counts.sum(axis=0), cost.total.sum(), cost.marketing.sum())
    parts: list[dict[str, Any]] = [
        {
            "source": name,
            "rung": names,
            "reached": count,
            "cost": share(total, count),
            "cost_without_people": share(marketing, count),
            "currency": run.scenario.currency,
        }
        for name, count, total, marketing in [*rows, (ALL_SOURCES, *whole)]
    ]
    return stacked(parts)


def cost_per_by_source(run: Run) -> pd.DataFrame:
    """Return the fully loaded `cost_ladder` with a column for each rung.

    Returns
    -------
    DataFrame
        ``source``, then ``cost_per_RUNG`` for the lead and each stage, ``currency``.
    """
    ladder = cost_ladder(run)
    steps, sources = list(dict.fromkeys(ladder["rung"])), ladder["source"].unique()
    wide = ladder.pivot_table(
        index="source", columns="rung", values="cost", dropna=False
    ).reindex(index=sources, columns=steps)
    wide = wide.add_prefix("cost_per_").rename_axis(columns=None).reset_index()
    return wide.assign(currency=run.scenario.currency)
