"""Sweeps, tornados and optima as tables for a reader, and as JSON for a program.

In: studies. Out: Rich tables with a plain sentence for each result, or JSON text, null
where a figure is not defined. It computes nothing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from simlib.cli import sentences
from simlib.cli.figures import figure_of
from simlib.cli.report import console, say, shown, table_of
from simlib.errors import StudyError
from simlib.studies import Interval, best_of

if TYPE_CHECKING:
    import pandas as pd

    from simlib.studies import Optimum, Sensitivity, Sweep


def show_sweep(found: Sweep, names: Sequence[str]) -> None:
    """Print a row for each point, and which point is best in each metric."""
    out, study = console(), found.studies[0]
    say(out, sentences.runs(study.replications, study.seed))
    table = table_of("", "what is set", *names)
    for point, at in zip(found.points, found.studies, strict=True):
        cells = [shown(name)(figure_of(at, name)) for name in names]
        table.add_row(escape(sentences.settings(point)), *cells)
    out.print(table)
    for name in names:
        say(out, _best_point(found, name))


def _best_point(found: Sweep, name: str) -> str:
    """Say which point is best in a metric."""
    if len(found.studies) == 1:
        return f"{name}: one point alone; there is nothing to compare it with."
    if any(name not in study.names for study in found.studies):
        return f"{name}: not all points have it."
    pairs = zip(found.points, found.studies, strict=True)
    values = {sentences.settings(point): at.values(name) for point, at in pairs}
    if len(values) < len(found.studies):
        return f"{name}: two points are the same settings."
    largest = sentences.wants_most(name)
    try:
        return sentences.best(best_of(values, name, largest=largest), largest=largest)
    except StudyError:
        return f"{name}: not defined in any run."


def show_sensitivity(found: Sensitivity) -> None:
    """Print a tornado, the widest setting first, with Sobol's indices beside it."""
    table = table_of(
        f"What moves {found.metric}: each setting from its low to its high end",
        *("what is set", "at low", "at high", "effect [95%]", "alone", "in all"),
    )
    said, as_text = [], shown(found.metric)
    for row in found.table().to_dict("records"):
        effect = Interval(row["effect"], row["low"], row["high"], found.replications)
        shares = [_share(row[name]) for name in ("first_order", "total")]
        ends = [as_text(_mean(row[name])) for name in ("at_low", "at_high")]
        path = str(row["path"])
        table.add_row(escape(path), *ends, as_text(effect), *shares)
        said.append(sentences.moved(found.metric, path, found.ranges[path], effect))
    out = console()
    out.print(table)
    for sentence in said:
        say(out, sentence)
    say(
        out,
        "alone, in all: the setting's share of the variance of the mean, without and "
        "with its interplay with the others (Sobol's indices, estimates).",
    )


def _mean(value: float) -> Interval:
    """Return a mean of which no interval is shown."""
    return Interval(value, math.nan, math.nan, 1)


def _share(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "-"


def show_optimum(found: Optimum) -> None:
    """Print the best settings beside the runner-up, and how sure that is."""
    table, as_text = table_of("", "", "what is set", found.metric), shown(found.metric)
    ranked = {
        "best": (found.best, found.value),
        "runner-up": (found.runner_up, found.runner_up_value),
    }
    for rank, (point, value) in ranked.items():
        table.add_row(rank, escape(sentences.settings(point)), as_text(value))
    table.add_row("difference", "", as_text(found.difference))
    out = console()
    say(out, f"{len(found.tried):,} settings tried, seed {found.seed}")
    out.print(table)
    say(out, found.sentence())


def json_of_optimum(found: Optimum) -> str:
    """Return the best settings, the runner-up, and how sure it is."""
    said: dict[str, Any] = {
        "metric": found.metric,
        "seed": found.seed,
        "goal": "largest" if found.largest else "smallest",
        "best": dict(found.best),
        "value": plain(found.value),
        "runner_up": dict(found.runner_up),
        "runner_up_value": plain(found.runner_up_value),
        "difference": plain(found.difference),
        "confidence": found.confidence,
        "tried": len(found.tried),
    }
    return json.dumps(said, indent=2, allow_nan=False, default=_simple)


def plain(found: Interval) -> dict[str, float | None]:
    """Return an interval as a mapping of numbers and nulls."""
    parts = {"mean": found.mean, "low": found.low, "high": found.high}
    return {part: or_null(value) for part, value in parts.items()}


def or_null(value: Any) -> Any:
    """Return a value, None where it is a number that is not defined."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def json_of(frame: pd.DataFrame) -> str:
    """Return a table as a JSON list of rows."""
    return json.dumps(records(frame), indent=2, allow_nan=False, default=_simple)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, None where a figure is not defined."""
    return [
        {str(key): or_null(value) for key, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _simple(value: Any) -> Any:
    """Return a number of NumPy's as one of Python's; anything else as text."""
    return value.item() if hasattr(value, "item") else str(value)
