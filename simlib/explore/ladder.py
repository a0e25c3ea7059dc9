"""The view of costs: what one lead, one MQL ... one customer costs.

In: samples by the name of their world. Out: a picture, by `simlib.plots`: by source, by
world, or of all sources together. Nothing here runs a scenario.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from simlib.explore.samples import MOST_SOURCES, Sample
from simlib.scenario.steps import in_order, passed_by
from simlib.studies import interval

ALL = "all sources"
NOBODY = "Nobody has come yet,\nso nobody has a cost"
HEADROOM = 0.15  # above the highest end, for its name, as a share of a log axis
Rows = list[dict[str, Any]]


def ladder(worlds: Mapping[str, Sample]) -> Any:
    """Draw what one lead ... one customer costs: by source, or by world."""
    import pandas as pd

    from simlib import plots
    from simlib.plots import worlds as pictures

    rows, title = _rows(worlds)
    ax = pictures.quick_axes(0.17, 0.84, 0.25)
    ax.tick_params(axis="x", labelsize=8, labelrotation=20)
    plots.cost_ladder(pd.DataFrame(rows), ax=ax, title=title)
    if not ax.lines:
        ax.text(0.5, 0.5, NOBODY, ha="center", va="center", transform=ax.transAxes)
        return ax
    low, high = ax.get_ylim()
    ax.set_ylim(low, high * (high / low) ** HEADROOM)
    return ax


def _rows(worlds: Mapping[str, Sample]) -> tuple[Rows, str]:
    """Return the rows of the table, and the title, "" for the usual one.

    A source that pays may bring no leads of its own, as ads that nobody answers: where
    no single source has a cost of a lead, all of them have one together.
    """
    if len(worlds) == 1:
        (sample,) = worlds.values()
        rows = [row for name in _names(sample) for row in _of_source(sample, name)]
        if any(row["cost"] > 0 for row in rows):
            return rows, ""
    rows = [
        {"source": ALL if len(worlds) == 1 else world, **row}
        for world, sample in worlds.items()
        for row in _rungs(sample, [kept.figures for kept in sample.kept])
    ]
    return rows, "What one of each costs, all sources together"


def _names(sample: Sample) -> list[str]:
    """Return the sources that have a line each; none where there are too many."""
    names = list(sample.scenario.sources)
    return names if 1 < len(names) <= MOST_SOURCES else []


def _of_source(sample: Sample, name: str) -> Iterator[dict[str, Any]]:
    for row in _rungs(sample, [kept.sources[name] for kept in sample.kept]):
        yield {"source": name, **row}


def _rungs(sample: Sample, found: list[dict[str, float]]) -> Rows:
    """Return what one who reached each rung costs: the mean of the runs."""
    scenario = sample.scenario
    spend = np.array([figures["spend"] for figures in found])
    rungs = {"lead": "leads"}
    for name in in_order(scenario):
        if not scenario.stages[name].anonymous and name != "captured":
            rungs[name] = f"reached.{name}"
    counts = {
        rung: np.array([figures[name] or np.nan for figures in found])
        for rung, name in rungs.items()
    }
    unit, passed = scenario.currency, passed_by(scenario)
    return [
        {
            "rung": rung,
            "cost": interval(spend / count).mean,
            "currency": unit,
            "aside": rung in passed,
        }
        for rung, count in counts.items()
    ]
