"""Commands that study several scenarios: compare, worlds, sweep, sensitivity, optimise.

In: what somebody types. Out: tables with intervals and a plain sentence for each
result, JSON, or a file. It computes nothing itself: the studies are made in
`simlib.studies`. A result is printed before it is written, so that a full disk costs
no finished study.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, TypedDict

import typer

from simlib.cli.naming import metrics_in, shares_in
from simlib.cli.options import (
    BeforeAndAfter,
    By,
    Engine,
    Executor,
    Json,
    Maximum,
    Metric,
    Metrics,
    Name,
    Names,
    Out,
    Ranges,
    Runs,
    Seed,
    Settings,
    Store,
    Until,
    Way,
    before_and_after,
    lists_of,
    most_of,
    ranges_of,
    shares_of,
    worlds_of,
)
from simlib.cli.settings import scenario_of
from simlib.errors import StudyError


class More(TypedDict):
    """How long a study goes on, and what it measures."""

    until: dict[str, float] | None
    maximum: int
    by_source: bool


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (compare, worlds, sweep, sensitivity, optimise):
        app.command()(command)


def compare(  # noqa: PLR0913 - one for each option
    scenarios: Names,
    *,
    metric: Metrics = None,
    by: By = None,
    changes: BeforeAndAfter = None,
    replications: Runs = 30,
    until: Until = None,
    maximum: Maximum = None,
    seed: Seed = 0,
    engine: Engine = "auto",
    executor: Executor = None,
    store: Store = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Compare scenarios on the same buyers and leads: paired, with 95% intervals.

    With one SCENARIO and --set, compare it before and after the change.
    """
    from simlib.cli import compared, grouped
    from simlib.studies import compare as studied

    said = before_and_after("compare", scenarios, changes)
    way, by = Way(engine, executor, store, out, as_json), grouped.way_of(by)
    goal = shares_in(shares_of(until), said.values())
    names = metrics_in(metric or [], said.values())
    most, sources = most_of(maximum, goal), way.keeps_all or by == "source"
    with way.running("comparing") as how:
        more: More = {"until": goal, "maximum": most, "by_source": sources}
        found = studied(said, replications, seed, **how, **more)
        table = grouped.table_of_groups(found, names, by) if by else None
    if by and table is not None:
        grouped.tell(way, found, table, by)
        return
    way.tell(
        found,
        lambda: compared.show_comparison(found, names),
        lambda: compared.json_of_comparison(found, names),
        lambda: compared.table_of_comparison(found, names),
    )


def worlds(  # noqa: PLR0913 - one for each option
    first: Annotated[str, typer.Argument(metavar="A", help="A scenario.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    *,
    count: Annotated[
        int, typer.Option(min=0, metavar="N", help="How many lives to tell.")
    ] = 3,
    changes: Settings = None,
    seed: Seed = 0,
    replication: Annotated[
        int, typer.Option(min=0, max=10**6, help="Which run of that seed.")
    ] = 0,
    engine: Engine = "auto",
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Name the people who fare otherwise in B than in A, in one run of each."""
    from simlib.cli import compared
    from simlib.studies import two_worlds

    one, two = worlds_of("worlds", (first, second), changes).values()
    way = Way(engine, None, None, out, as_json)
    with way.running("two runs"):
        found = two_worlds(one, two, seed, replication, (first, second), engine)
        table = found.table()
    way.tell(
        found,
        lambda: compared.show_worlds(found, table, count),
        lambda: compared.json_of_worlds(found, table),
        lambda: table,
    )


def sweep(  # noqa: PLR0913 - one for each option
    scenario: Name,
    *,
    grid: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH=V1,V2...", help="Values to try; may be repeated."),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="One path a column, one scenario a row."),
    ] = None,
    metric: Metrics = None,
    changes: Settings = None,
    replications: Runs = 30,
    until: Until = None,
    maximum: Maximum = None,
    seed: Seed = 0,
    engine: Engine = "auto",
    executor: Executor = None,
    store: Store = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Study SCENARIO at each point of a grid, or at each row of a table."""
    from simlib.cli import tables
    from simlib.studies import sweep as swept

    settings = _settings(grid, table)
    said = scenario_of(scenario, changes)
    way = Way(engine, executor, store, out, as_json)
    goal, names = shares_in(shares_of(until), [said]), metrics_in(metric or [], [said])
    most = most_of(maximum, goal)
    with way.running("sweeping") as how:
        more: More = {"until": goal, "maximum": most, "by_source": way.keeps_all}
        found = swept(said, settings, replications, seed, **how, **more)
    way.tell(
        found,
        lambda: tables.show_sweep(found, names or ["leads", "customers", "cac"]),
        lambda: tables.json_of(found.table(names or None)),
        lambda: found.table(names or None),
    )


def _settings(
    grid: list[str] | None, table: Path | None
) -> dict[str, list[Any]] | Path:
    """Return the grid, or the file of the table; one of them must be given."""
    if bool(grid) == (table is not None):
        raise StudyError(
            "sweep: give --grid PATH=V1,V2 or --table FILE.csv, one of them"
        )
    return table or lists_of(grid or [], "--grid")


def sensitivity(  # noqa: PLR0913 - one for each option
    scenario: Name,
    *,
    ranges: Ranges,
    metric: Metric = "customers",
    changes: Settings = None,
    replications: Runs = 10,
    samples: Annotated[
        int, typer.Option(min=2, help="Base samples of Sobol's method, a power of 2.")
    ] = 64,
    seed: Seed = 0,
    engine: Engine = "auto",
    executor: Executor = None,
    store: Store = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Find which settings of SCENARIO move a metric: tornado, and Sobol's indices."""
    from simlib.cli import tables
    from simlib.studies import sensitivity as studied

    said, ends = scenario_of(scenario, changes), ranges_of(ranges)
    way = Way(engine, executor, store, out, as_json)
    (metric,) = metrics_in([metric], [said])
    with way.running("weighing") as how:
        found = studied(said, ends, metric, replications, samples, seed, **how)
    way.tell(
        found,
        lambda: tables.show_sensitivity(found),
        lambda: tables.json_of(found.table()),
        found.table,
    )


def optimise(  # noqa: PLR0913 - one for each option
    scenario: Name,
    *,
    ranges: Ranges,
    metric: Metric = "customers",
    smallest: Annotated[
        bool, typer.Option("--smallest", help="Less of the metric is better.")
    ] = False,
    total: Annotated[
        float | None, typer.Option(help="The values sum to it: a budget to split.")
    ] = None,
    candidates: Annotated[
        int, typer.Option(min=4, help="How many settings are tried in each round.")
    ] = 32,
    changes: Settings = None,
    replications: Runs = 8,
    seed: Seed = 0,
    engine: Engine = "auto",
    executor: Executor = None,
    store: Store = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Find the settings of SCENARIO with the best mean of a metric, and how surely."""
    from simlib.cli import tables
    from simlib.studies import optimise as searched

    said, way = (
        scenario_of(scenario, changes),
        Way(engine, executor, store, out, as_json),
    )
    (metric,) = metrics_in([metric], [said])
    search: dict[str, Any] = {"total": total, "candidates": candidates, "seed": seed}
    search |= {"largest": not smallest, "replications": replications}
    with way.running("searching") as how:
        found = searched(said, ranges_of(ranges), metric, **search, **how)
    way.tell(
        found,
        lambda: tables.show_optimum(found),
        lambda: tables.json_of_optimum(found),
        lambda: found.tried,
    )
