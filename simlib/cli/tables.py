"""Studies as tables for a reader, and as JSON for a program.

In: studies. Out: Rich tables with a plain sentence, or JSON text; null where a figure
is not defined. It computes nothing but paired intervals, by `simlib.studies`.
"""

from __future__ import annotations

import json
import math
from itertools import combinations
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from simlib.cli.figures import figure_of
from simlib.cli.report import console, number, table_of
from simlib.studies import Interval, interval

if TYPE_CHECKING:
    import pandas as pd

    from simlib.studies import Comparison, Optimum, Sensitivity

SHOWN = (
    *("visitors", "leads", "customers", "hand_raisers", "spend", "cost_per.lead"),
    *("cost_per.opportunity", "cac", "payback_months", "days_to_customer.mean"),
)


def show_comparison(found: Comparison) -> None:
    """Print means and paired differences of some worlds, and what is told apart."""
    worlds = list(found.studies)
    columns = [*worlds, *(f"{one} - {two}" for one, two in _pairs(worlds))]
    title = "Mean of a run, and paired differences [95% interval]"
    table = table_of(title, "", *map(escape, columns))
    for name in SHOWN:
        if any(name in study.names for study in found.studies.values()):
            means = [number(figure_of(study, name)) for study in found.studies.values()]
            apart = [number(_apart(found, name, *pair)) for pair in _pairs(worlds)]
            table.add_row(name, *means, *apart)
    out = console()
    out.print(table)
    for one, two in _pairs(worlds):
        out.print(_sentence(found, one, two), markup=False)


def _sentence(found: Comparison, one: str, two: str) -> str:
    """Say whether this study tells two worlds' customers apart."""
    gap = _apart(found, "customers", one, two)
    if math.isfinite(gap.low) and (gap.low > 0 or gap.high < 0):
        more = one if gap.mean > 0 else two
        return f"{more} wins more customers, by {abs(gap.mean):,.3g} a run."
    if gap.low == gap.high == 0:
        return f"{one} and {two} win the same customers in every run."
    return f"Customers do not tell {one} from {two} in so many runs."


def json_of_comparison(found: Comparison) -> str:
    """Return means and paired differences of all figures that all worlds have."""
    studies = found.studies
    first, *others = studies.values()
    names = [name for name in first.names if all(name in at.names for at in others)]
    pairs = _pairs(list(studies))
    said = {
        "scenarios": list(studies),
        "metrics": {
            name: {world: _plain(figure_of(at, name)) for world, at in studies.items()}
            for name in names
        },
        "difference": {
            name: {
                f"{one} - {two}": _plain(_apart(found, name, one, two))
                for one, two in pairs
            }
            for name in names
        },
    }
    return json.dumps(said, indent=2, allow_nan=False)


def _pairs(worlds: list[str]) -> list[tuple[str, str]]:
    return list(combinations(worlds, 2))


def _apart(found: Comparison, name: str, one: str, two: str) -> Interval:
    """Return the paired difference of a figure, nan where one world lacks it."""
    studies = found.studies[one], found.studies[two]
    if any(name not in study.names for study in studies):
        return Interval(math.nan, math.nan, math.nan, 0)
    return interval(studies[0].values(name) - studies[1].values(name))


def _plain(found: Interval) -> dict[str, float | None]:
    parts = {"mean": found.mean, "low": found.low, "high": found.high}
    return {part: _or_null(value) for part, value in parts.items()}


def _or_null(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def json_of(frame: pd.DataFrame) -> str:
    """Return a table as a JSON list of rows."""
    rows = [
        {str(key): _or_null(value) for key, value in row.items()}
        for row in frame.to_dict("records")
    ]
    return json.dumps(rows, indent=2, allow_nan=False, default=_simple)


def _simple(value: Any) -> Any:
    """Return a number of NumPy's as one of Python's; anything else as text."""
    return value.item() if hasattr(value, "item") else str(value)


def show_sweep(frame: pd.DataFrame) -> None:
    """Print a sweep: the settings, and each figure with its interval."""
    known = ("metric", "unit", "mean", "low", "high", "replications")
    paths = [str(column) for column in frame.columns if column not in known]
    table = table_of("Mean of a run [95% interval]", *map(escape, paths), "what", "")
    for row in frame.to_dict("records"):
        settings = [str(row[path]) for path in paths]
        found = Interval(row["mean"], row["low"], row["high"], row["replications"])
        table.add_row(*map(escape, settings), str(row["metric"]), number(found))
    console().print(table)


def show_sensitivity(found: Sensitivity) -> None:
    """Print a tornado, the widest setting first, with Sobol's indices beside it."""
    title = f"What moves {found.metric}"
    columns = ("setting", "at low", "at high", "effect [95%]", "alone", "in all")
    table = table_of(title, *columns)
    for row in found.table().to_dict("records"):
        effect = Interval(row["effect"], row["low"], row["high"], found.replications)
        shares = [f"{row[name]:.2f}" for name in ("first_order", "total")]
        ends = [f"{row[name]:,.4g}" for name in ("at_low", "at_high")]
        table.add_row(escape(str(row["path"])), *ends, number(effect), *shares)
    out = console()
    out.print(table)
    out.print("alone, in all: share of the variance (Sobol), an estimate", markup=False)


def json_of_optimum(found: Optimum) -> str:
    """Return the best settings, the runner-up, and how sure it is."""
    said: dict[str, Any] = {
        "metric": found.metric,
        "best": dict(found.best),
        "value": _plain(found.value),
        "runner_up": dict(found.runner_up),
        "runner_up_value": _plain(found.runner_up_value),
        "difference": _plain(found.difference),
        "confidence": found.confidence,
    }
    return json.dumps(said, indent=2, allow_nan=False, default=_simple)
