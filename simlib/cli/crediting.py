"""The command that says who gets the credit.

In: a scenario. Out: a table of sources by first touch, last touch and truth, with a
plain sentence for each, JSON, a file or a picture. It computes nothing itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simlib.cli.options import (
    Engine,
    Executor,
    Json,
    Name,
    Out,
    Runs,
    Seed,
    Settings,
    Store,
    Way,
)
from simlib.cli.settings import scenario_of

if TYPE_CHECKING:
    import pandas as pd

    from simlib.attribution import Credit


def add_to(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(credit)


def credit(  # noqa: PLR0913 - one for each option
    scenario: Name,
    *,
    changes: Settings = None,
    replications: Runs = 8,
    seed: Seed = 0,
    engine: Engine = "auto",
    executor: Executor = None,
    store: Store = None,
    out: Out = None,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="FILE.png", help="Draw the three counts into FILE."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Give each source credit: by first touch, last touch, and the world without it."""
    from simlib.attribution import credit as counted

    said = scenario_of(scenario, changes)
    way = Way(engine, executor, store, out, as_json)
    with way.running("taking each source away") as how:
        found = counted(said, replications, seed, **how)
    table = found.table()
    way.tell(
        found,
        lambda: _show(found, table),
        lambda: _json(found, scenario, table),
        lambda: table,
    )
    if picture:
        _draw(table, picture)


def sentence(row: Mapping[Any, Any]) -> str:
    """Say whether the last touch tells a source's customers, from its difference."""
    source = row["source"]
    if row["low"] <= 0 <= row["high"]:
        return f"{source}: the last touch cannot be told from the truth."
    side = "too many" if row["mean"] > 0 else "too few"
    return (
        f"{source}: the last touch gives it {abs(row['mean']):,.0f} customers {side} "
        f"({row['low']:,.1f} to {row['high']:,.1f})."
    )


def _show(found: Credit, table: pd.DataFrame) -> None:
    from rich.markup import escape

    from simlib.attribution import TRUE, WAYS
    from simlib.cli.cells import laid_out
    from simlib.cli.report import amount, console, number, say
    from simlib.studies import Interval

    out = console()
    values = ("mean", "low", "high", "replications")
    cells: dict[Any, Interval] = {
        (row["metric"], row["source"], row["credit"]): Interval(
            *(row[name] for name in values)
        )
        for row in table.to_dict("records")
    }
    currency = escape(found.scenario.currency)
    for metric, title in (
        ("customers", "Customers, by who gets the credit"),
        ("cost_per_customer", f"Own cost per customer, {currency}"),
    ):
        rows = {
            escape(source): [
                # Without a source more may be won: the truth may lie below 0.
                (number if way == TRUE else amount)(cells[metric, source, way])
                for way in WAYS
            ]
            for source in found.sources
        }
        out.print(laid_out(out, title, WAYS, rows, "source"))
    apart = found.differences().query("metric == 'customers'")
    for row in apart[apart["credit"].str.startswith("last")].to_dict("records"):
        say(out, sentence(row))


def _json(found: Credit, scenario: str, table: pd.DataFrame) -> str:
    from simlib.cli.tables import records

    said = {
        "scenario": scenario,
        "seed": found.seed,
        "replications": found.replications,
        "credit": records(table),
        "difference": records(found.differences()),
    }
    return json.dumps(said, indent=2, allow_nan=False)


def _draw(table: pd.DataFrame, path: Path) -> None:
    from simlib import plots

    ax = plots.credit(table)
    plots.save(ax, path)
    plots.close(ax)
