"""Several worlds on the same people: as tables with sentences, JSON, or a tidy table.

In: a comparison, or two worlds. Out: what is printed, or written. It computes nothing
but paired differences, by `simlib.studies`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simlib.cli import alike, sentences
from simlib.cli.cells import cell, gap_cell, laid_out, titled
from simlib.cli.figures import NOTHING, figure_of
from simlib.cli.report import console, say, table_of
from simlib.cli.tables import plain, records
from simlib.metrics import describe
from simlib.studies import Interval, further_customer
from simlib.studies.told import unit_of

if TYPE_CHECKING:
    import pandas as pd

    from simlib.studies import Comparison, Study
    from simlib.studies.worlds import Worlds

SHOWN = (
    *("visitors", "leads", "hand_raisers", "customers", "conversion.lead_to_customer"),
    *("spend", "cost_per.lead", "cac", "payback_months", "days_to_customer.mean"),
    "revenue.won",
)
Pair = tuple[str, str]
Find = Callable[[str, str | Pair], Interval]


def show_comparison(found: Comparison, names: Sequence[str] = ()) -> None:
    """Print means, paired differences, and what is told apart.

    Parameters
    ----------
    found : Comparison
    names : sequence of str
        The metrics; by default the usual ones that any of the worlds has.
    """
    worlds, out = list(found.studies), console()
    for line in alike.lines_above(found.studies):
        say(out, line)
    pairs = [(worlds[0], other) for other in worlds[1:]]
    chosen = list(names) or [
        name
        for name in SHOWN
        if any(figure_of(at, name).replications for at in found.studies.values())
    ]
    if len(worlds) == 2:
        out.print(_table(out, "", found, chosen, [*worlds, *pairs]))
    else:
        out.print(_table(out, "Means", found, chosen, worlds))
        title = "Paired differences to the first"
        out.print(_table(out, title, found, chosen, pairs))
    for name in chosen:
        say(out, _sentence(found, name))
    for line in alike.costless(found.studies, chosen):
        say(out, line)
    if len(worlds) == 2 and {"spend", "customers"} <= set(chosen):
        _say_further(out, *found.studies.values())


def _say_further(out: Console, one: Study, two: Study) -> None:
    """Print what each further customer costs between two worlds of one currency."""
    spend, customers = (
        one.values(name) - two.values(name) for name in ("spend", "customers")
    )
    further, money = further_customer(spend, customers), one.scenario.currency
    if further and money == two.scenario.currency:
        say(out, sentences.further(further, money))


def _finder(found: Comparison) -> Find:
    """Return what finds a metric of a world, or its difference between two."""

    def find(name: str, what: str | Pair) -> Interval:
        if isinstance(what, tuple):
            return difference(found, name, what)
        return figure_of(found.studies[what], name)

    return find


def _table(
    out: Console,
    title: str,
    found: Comparison,
    names: Sequence[str],
    columns: Sequence[str | Pair],
) -> Table:
    """Return a row for each metric."""
    labels = [at if isinstance(at, str) else label(at) for at in columns]
    rows = {
        titled(name, found.scenarios.values()): _cells(found, name, columns)
        for name in names
    }
    return laid_out(out, title, labels, rows)


def _cells(found: Comparison, name: str, columns: Sequence[str | Pair]) -> list[str]:
    find, runs = _finder(found), next(iter(found.studies.values())).replications
    free = alike.without_costs(found.studies) if alike.needs_costs(name) else set()
    return [
        (cell if isinstance(at, str) else gap_cell)(
            name, NOTHING if free & set(_worlds_in(at)) else find(name, at), runs
        )
        for at in columns
    ]


def _worlds_in(column: str | Pair) -> Sequence[str]:
    return [column] if isinstance(column, str) else column


def _sentence(found: Comparison, name: str) -> str:
    """Say what the worlds' difference in a metric comes to."""
    worlds = list(found.studies)
    if alike.needs_costs(name) and (free := alike.without_costs(found.studies)):
        without = sentences.listed([world for world in worlds if world in free])
        return f"{describe(name).title}: not compared, without a cost in {without}."
    if len(worlds) == 2:
        pair = worlds[0], worlds[1]
        unit = unit_of(name, found.scenarios.values())
        return sentences.apart(name, *pair, difference(found, name, pair), unit)
    values = {
        world: study.values(name)
        for world, study in found.studies.items()
        if name in study.names
    }
    missing = [world for world in worlds if world not in values]
    return sentences.best_among(values, name, missing)


def _metrics(found: Comparison) -> list[str]:
    """Return the metrics that any of the worlds has, in order."""
    studies = found.studies.values()
    return list(dict.fromkeys(name for study in studies for name in study.names))


def label(pair: Pair) -> str:
    """Return how a difference is called: its first world minus its second."""
    return f"{pair[0]} - {pair[1]}"


def difference(found: Comparison, name: str, pair: Pair) -> Interval:
    """Return the paired difference of a metric; `NOTHING` where one world lacks it."""
    if any(name not in found.studies[world].names for world in pair):
        return NOTHING
    gap = found.difference(name, *pair)
    assert isinstance(gap, Interval)
    return gap


def json_of_comparison(found: Comparison, names: Sequence[str] = ()) -> str:
    """Return means and paired differences as JSON; what is not defined is null.

    Parameters
    ----------
    found : Comparison
    names : sequence of str
        The metrics; by default all. A world that lacks one has nulls.
    """
    pairs = list(combinations(found.studies, 2))
    chosen = _wanted(found, names)
    said: dict[str, Any] = {
        "scenarios": list(found.studies),
        "metrics": {
            name: {
                world: plain(figure_of(study, name))
                for world, study in found.studies.items()
            }
            for name in chosen
        },
        "difference": {
            name: {label(pair): plain(difference(found, name, pair)) for pair in pairs}
            for name in chosen
        },
    }
    return json.dumps(said, indent=2, allow_nan=False)


def _wanted(found: Comparison, names: Sequence[str]) -> list[str]:
    return list(names) or _metrics(found)


def table_of_comparison(found: Comparison, names: Sequence[str] = ()) -> pd.DataFrame:
    """Return means of all worlds, then all paired differences, as one tidy table.

    Returns
    -------
    DataFrame
        ``world`` (or ``A - B``), ``metric``, ``mean``, ``low``, ``high``, ``unit``,
        ``replications``.
    """
    import pandas as pd

    whats: list[str | Pair] = [*found.studies, *combinations(found.studies, 2)]
    find, rows = _finder(found), []
    for what in whats:
        for name in _wanted(found, names):
            at = find(name, what)
            if at.replications or math.isfinite(at.mean):
                said = what if isinstance(what, str) else label(what)
                figures = at.parts
                unit = describe(name).unit
                rows.append((said, name, *figures, unit, at.replications))
    columns = ["world", "metric", "mean", "low", "high", "unit", "replications"]
    return pd.DataFrame(rows, columns=columns)


def show_worlds(found: Worlds, table: pd.DataFrame, count: int) -> None:
    """Print how many fare otherwise, how, and the first few of their lives."""
    out, (one, two) = console(), found.names
    if table.empty:
        say(out, f"Nobody fares otherwise in {two} than in {one}.")
        return
    columns = [f"outcome_{one}", f"outcome_{two}"]
    heads = (escape(f"in {one}"), escape(f"what instead in {two}"))
    fates = table_of("", *heads, "people")
    for row in table.value_counts(columns).reset_index().to_dict("records"):
        ends = (escape(str(row[name])) for name in columns)
        fates.add_row(*ends, f"{row['count']:,}")
    out.print(fates)
    people = f"{len(table):,} {'person fares' if len(table) == 1 else 'people fare'}"
    say(out, f"{people} otherwise in {two} than in {one}.")
    for story in found.stories(count):
        typer.echo(f"\n{story}")


def json_of_worlds(found: Worlds, table: pd.DataFrame) -> str:
    """Return those who fare otherwise as JSON, one object each."""
    said = {
        "scenarios": list(found.names),
        "seed": found.first.seed,
        "replication": found.first.replication,
        "people": records(table),
    }
    return json.dumps(said, indent=2, allow_nan=False)
