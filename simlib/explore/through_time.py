"""The view through time: a count month by month, and the days when something changes.

In: samples by the name of their world, and what is to be counted. Out: a picture.
Nothing here runs a scenario or makes a widget.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.errors import StudyError
from simlib.explore.labels import words
from simlib.explore.samples import CUSTOMERS, EACH, HANDS, SPEND, Sample
from simlib.funnel.columns import Floats, share
from simlib.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

LOW, HIGH = 5, 95
MOST_MONTHS = 36
MOST_TURNS = 6  # more words than these nobody could read beside each other
PLURALS = {
    "mql": "MQLs",
    "sql": "SQLs",
    "pql": "PQLs",
    "opportunity": "opportunities",
}


def measures(scenario: Scenario) -> dict[str, str]:
    """Return what can be counted month by month: by name, in words; customers first."""
    found = {CUSTOMERS: "customers", "leads": "leads"}
    meetings = [getattr(source, "meets", None) for source in scenario.sources.values()]
    if any(meets is not None and meets.by == "hand_raise" for meets in meetings):
        found[HANDS] = "raised hands"
    for name, stage in scenario.stages.items():
        if not (stage.terminal or stage.anonymous or name == "captured"):
            found[name] = PLURALS.get(name, f"entries into {words(name)}")
    opened = _opened(scenario)
    costs = [cost for one in scenario.sources.values() for _, cost in one.cost]
    if opened in found and any(costs):
        found[EACH] = f"spend per {words(opened)}, {scenario.currency}"
    return found


def _opened(scenario: Scenario) -> str:
    """Return the stage in which the pipeline begins, "" if there is none."""
    return str(scenario.deal.pipeline_stage) if scenario.deal else ""


def months(worlds: Mapping[str, Sample], measure: str = CUSTOMERS) -> Any:
    """Draw what came in each month, in each quarter where there are many.

    Parameters
    ----------
    worlds : mapping of str to Sample
    measure : str
        One of `measures`.
    """
    from simlib.plots import worlds as pictures

    scenario = next(iter(worlds.values())).scenario
    most = max(len(sample.kept[0].months) for sample in worlds.values())
    period, size = ("quarter", 3) if most > MOST_MONTHS else ("month", 1)
    ax = pictures.bands(
        _table(worlds, measure, size),
        pictures.quick_axes(),
        *_texts(scenario, measure, period),
    )
    ax.locator_params("x", integer=True)  # there is no quarter 2.5
    days = scenario.days_per_month * size
    pictures.turns(ax, {day / days + 0.5: word for day, word in _turns(worlds).items()})
    return ax


def _texts(scenario: Scenario, measure: str, period: str) -> tuple[str, str, str]:
    """Return the title, and what stands along and beside the picture."""
    name = measures(scenario)[measure]
    title, label = f"{name} {period} by {period}", f"{name} in the {period}"
    if measure == EACH:
        title, label = name.split(", ", maxsplit=1)
    if measure == CUSTOMERS:
        label = f"new {label}"
    return f"{title[:1].upper()}{title[1:]} (band: 9 of 10 runs)", period, label


def _table(worlds: Mapping[str, Sample], measure: str, size: int) -> pd.DataFrame:
    """Return the table of `plots.bands`: a row for each period of each world."""
    import pandas as pd

    parts = []
    for world, sample in worlds.items():
        band = _band(sample, measure, size)
        at = np.arange(1.0, len(band["mean"]) + 1)
        parts.append(pd.DataFrame({"world": world, "x": at, **band}))
    table = pd.concat(parts, ignore_index=True).dropna()
    if table.empty:
        raise StudyError("nobody came so far, so there is no spend per head")
    return table


def _band(sample: Sample, measure: str, size: int) -> dict[str, Floats]:
    """Return mean and band of each period; of a cost, all spend over all who came."""
    if measure != EACH:
        values = _summed(sample, measure, size)
        low, high = np.percentile(values, [LOW, HIGH], axis=0)
        return {"mean": values.mean(axis=0), "low": low, "high": high}
    spend = _summed(sample, SPEND, size)
    came = _summed(sample, _opened(sample.scenario), size)
    low, high = _percentiles(share(spend, came))
    mean = share(spend.sum(axis=0), came.sum(axis=0))
    return {"mean": mean, "low": low, "high": high}


def _percentiles(values: Floats) -> Floats:
    """Return low and high of each period over the runs that have it, shape (2, n)."""
    empty = np.isnan(values).all(axis=0)
    ends = np.nanpercentile(np.where(empty, 0.0, values), [LOW, HIGH], axis=0)
    return np.where(empty, np.nan, ends)


def _summed(sample: Sample, measure: str, size: int) -> Floats:
    """Return sums of every `size` months, shape (runs, periods).

    A last period that is not whole is left out: it would look like a fall.
    """
    values = np.array([kept.counts[measure] for kept in sample.kept])
    said = sample.scenario
    whole = int(said.horizon / said.days_per_month + 1e-9) // size * size
    sums: Floats = values[:, :whole].reshape(len(values), -1, size).sum(axis=2)
    return sums


def _turns(worlds: Mapping[str, Sample]) -> dict[float, str]:
    """Return what changes on which day, and in which world if not in all of them."""
    said = {world: set(turns_of(sample.scenario)) for world, sample in worlds.items()}
    both = set.intersection(*said.values())
    found = [(day, word) for day, word in both]
    for world, own in said.items():
        found += [(day, f"{world}: {word}") for day, word in own - both]
    days: dict[float, str] = {}
    for day, word in sorted(found)[:MOST_TURNS]:
        days[day] = f"{days[day]}, {word}" if day in days else word
    return days


def turns_of(scenario: Scenario) -> Iterator[tuple[float, str]]:
    """Give the days within the horizon on which something changes, and a word."""
    for day, word in _said(scenario):
        if day is not None and 0 < day < scenario.horizon:
            yield float(day), word


def _said(scenario: Scenario) -> Iterator[tuple[float | None, str]]:
    """Give every day that a scenario names for a change, wherever it lies."""
    for name, source in scenario.sources.items():
        effort = getattr(source, "meets", None) or source.leads
        if effort is not None:
            yield effort.start, f"{words(name)} starts"
            yield effort.stop, f"{words(name)} stops"
    market = scenario.market
    if market is not None and market.gating != market.gating_before:
        yield market.gating_from, "gates change"
    if scenario.intent is not None:
        yield scenario.intent.changes_on, "definition changes"
