"""Sweeps, tornados and optima as tables for a reader, and as JSON for a program.

In: studies. Out: Rich tables with a plain sentence for each result, or JSON text, null
where a figure is not defined. It computes nothing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from simlib.cli import alike, sentences
from simlib.cli.cells import cell, gap_cell, laid_out, titled
from simlib.cli.report import console, say, shown, table_of
from simlib.metrics import describe
from simlib.studies import Interval
from simlib.studies.influence import SOBOL
from simlib.studies.setting_tables import told
from simlib.studies.told import unit_of

if TYPE_CHECKING:
    import pandas as pd

    from simlib.studies import Optimum, Sensitivity, Study, Sweep

# How far an estimated share may lie where no share can, and still be read.
ROUGH = 0.05


def show_sweep(found: Sweep, names: Sequence[str]) -> None:
    """Print a row for each point, and which point is best in each metric."""
    out = console()
    called = {sentences.named(at): study for at, study in _told_apart(found)}
    for line in alike.lines_above(called):
        say(out, line)
    scenarios = [at.scenario for at in found.studies]
    rows = {
        escape(told(point)): [
            cell(name, alike.priced(at, name), at.replications) for name in names
        ]
        for point, at in _told_apart(found)
    }
    heads = [titled(name, scenarios) for name in names]
    out.print(laid_out(out, "", heads, rows, "what is set"))
    for name in names:
        say(out, _best_point(found, name))
    for line in alike.costless(called, names):
        say(out, line)


def _told_apart(found: Sweep) -> Iterator[tuple[Mapping[str, Any], Study]]:
    return zip(found.points, found.studies, strict=True)


def _best_point(found: Sweep, name: str) -> str:
    """Say which point is best in a metric."""
    scenarios = [study.scenario for study in found.studies]
    if alike.needs_costs(name) and not all(map(alike.has_costs, scenarios)):
        return f"{describe(name).title}: not compared, as not every point has a cost."
    if len(found.studies) == 1:
        title = describe(name).title
        return f"{title}: one point alone; there is nothing to compare it with."
    called = [sentences.named(point) for point in found.points]
    if len(set(called)) < len(called):
        called = [told(point) for point in found.points]
    if len(set(called)) < len(called):
        return f"{describe(name).title}: two points are the same settings."
    known = dict(zip(called, found.studies, strict=True))
    values = {
        at: study.values(name) for at, study in known.items() if name in study.names
    }
    missing = [at for at in called if at not in values]
    return sentences.best_among(values, name, missing)


def show_sensitivity(found: Sensitivity) -> None:
    """Print a tornado, the widest setting first, with Sobol's indices beside it."""
    out, name = console(), found.metric
    say(out, sentences.runs(found.replications, found.seed, "at each point"))
    table = table_of(
        f"What moves {titled(name, [found.scenario])}: from the low to the high end",
        *("what is set", "at low", "at high", "effect [95%]", "alone", "in all"),
    )
    rows, said = found.table().to_dict("records"), []
    unit = unit_of(name, [found.scenario])
    for row in rows:
        effect = Interval(row["effect"], row["low"], row["high"], found.replications)
        shares = [_share(row[name]) for name in SOBOL]
        ends = [shown(name)(_mean(row[end])) for end in ("at_low", "at_high")]
        path = str(row["path"])
        gap = gap_cell(name, effect, found.replications)
        table.add_row(escape(path), *ends, gap, *shares)
        said.append(sentences.moved(name, path, found.ranges[path], effect, unit))
    out.print(table)
    for sentence in [*said, *_about_shares(rows)]:
        say(out, sentence)


def _about_shares(rows: Sequence[Mapping[Any, Any]]) -> Iterator[str]:
    """Say what Sobol's indices are, and whether there were too few samples for them."""
    yield (
        "alone, in all: the setting's share of the variance of the mean, without and "
        "with its interplay with the others (Sobol's indices, estimates)."
    )
    if any(_is_rough(*(row[name] for name in SOBOL)) for row in rows):
        yield (
            "Shares below 0, above 1, or larger alone than in all are too rough to be "
            "read: give more --samples."
        )


def _is_rough(alone: float, in_all: float) -> bool:
    return alone > in_all + ROUGH or min(alone, in_all) < -ROUGH or in_all > 1 + ROUGH


def _mean(value: float) -> Interval:
    """Return a mean of which no interval is shown."""
    return Interval(value, math.nan, math.nan, 1)


def _share(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "-"


def show_optimum(found: Optimum) -> None:
    """Print the best settings beside the runner-up, and how sure that is."""
    name, runs = found.metric, found.difference.replications
    table = table_of("", "", "what is set", titled(name, [found.scenario]))
    ranked = {
        "best": (found.best, found.value),
        "runner-up": (found.runner_up, found.runner_up_value),
    }
    for rank, (point, value) in ranked.items():
        table.add_row(rank, escape(told(point)), cell(name, value, runs))
    table.add_row("difference", "", gap_cell(name, found.difference, runs))
    out = console()
    say(
        out,
        f"{len(found.tried):,} settings tried; the last two met once more in "
        f"{sentences.runs(runs, found.seed, 'that neither had seen')}",
    )
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
