"""Commands that study several scenarios: compare, sweep, sensitivity, optimise.

In: what somebody types. Out: tables with intervals and one plain sentence each, JSON,
or a file. It computes nothing itself: the studies are made in `simlib.studies`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simlib.errors import FileError, SimlibError, StudyError

if TYPE_CHECKING:
    from simlib.execution import How
    from simlib.scenario import Scenario

MOST = 10_000
SEEDS = 2**32 - 1

Names = Annotated[
    list[str], typer.Argument(metavar="SCENARIO...", help="Packaged names or files.")
]
Name = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A packaged name or a file.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a value in each of them."),
]
Seed = Annotated[int, typer.Option(min=0, max=SEEDS, help="Where the luck begins.")]
Runs = Annotated[int, typer.Option(min=2, max=MOST, help="Runs of each scenario.")]
Engine = Annotated[str, typer.Option(metavar="NAME", help="auto, simpy or fast.")]
Executor = Annotated[
    str | None,
    typer.Option(
        metavar="WHERE", help="serial, threads:N, processes:N or dask://ADDRESS."
    ),
]
Store = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Keeps finished runs: a stopped study goes on."),
]
Out = Annotated[
    Path | None, typer.Option(metavar="FILE", help="FILE.parquet (whole) or FILE.csv.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Ranges = Annotated[
    list[str],
    typer.Option("--range", metavar="PATH=LOW,HIGH", help="May be repeated."),
]
Metric = Annotated[str, typer.Option(help="What counts, such as customers.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (compare, sweep, sensitivity, optimise):
        app.command()(command)


def compare(  # noqa: PLR0913 - one for each option
    scenarios: Names,
    *,
    changes: Settings = None,
    replications: Runs = 30,
    seed: Seed = 0,
    engine: Engine = "auto",
    executor: Executor = None,
    store: Store = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Compare scenarios on the same buyers and leads: paired, with 95% intervals."""
    from simlib.cli import tables
    from simlib.studies import compare as compared

    if len(set(scenarios)) < len(scenarios):
        twice = next(name for name in scenarios if scenarios.count(name) > 1)
        raise StudyError(f"compare: {twice} is named twice; a world is compared once")
    worlds = {name: _scenario(name, changes) for name in scenarios}
    _check(out)
    with _how(
        engine, executor, store, replications * len(worlds), quiet=as_json
    ) as how:
        found = compared(worlds, replications, seed, **how)
    _save(found, out, found.summary)
    if as_json:
        typer.echo(tables.json_of_comparison(found))
    else:
        tables.show_comparison(found)


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
    metric: Annotated[
        list[str] | None, typer.Option(help="A figure to show; may be repeated.")
    ] = None,
    changes: Settings = None,
    replications: Runs = 30,
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

    if bool(grid) == (table is not None):
        raise StudyError(
            "sweep: give --grid PATH=V1,V2 or --table FILE.csv, one of them"
        )
    said, settings = _scenario(scenario, changes), _lists(grid or [], "--grid")
    _check(out)
    with _how(engine, executor, store, None, quiet=as_json) as how:
        found = swept(
            said, settings if table is None else table, replications, seed, **how
        )
    names = metric or ["leads", "customers", "cac"]
    _save(found, out, found.table)
    shown = found.table(None if as_json and not metric else names)
    typer.echo(tables.json_of(shown)) if as_json else tables.show_sweep(shown)


def sensitivity(  # noqa: PLR0913 - one for each option
    scenario: Name,
    *,
    ranges: Ranges,
    metric: Metric = "customers",
    changes: Settings = None,
    replications: Runs = 10,
    samples: Annotated[int, typer.Option(help="Base samples, a power of 2.")] = 64,
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

    said, ends = _scenario(scenario, changes), _pairs(ranges)
    _check(out)
    with _how(engine, executor, store, None, quiet=as_json) as how:
        found = studied(said, ends, metric, replications, samples, seed, **how)
    _save(found, out, found.table)
    if as_json:
        typer.echo(tables.json_of(found.table()))
    else:
        tables.show_sensitivity(found)


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
    candidates: Annotated[int, typer.Option(help="Settings tried in a round.")] = 32,
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

    said, ends = _scenario(scenario, changes), _pairs(ranges)
    _check(out)
    with _how(engine, executor, store, None, quiet=as_json) as how:
        found = searched(
            said,
            ends,
            metric,
            largest=not smallest,
            total=total,
            candidates=candidates,
            replications=replications,
            seed=seed,
            **how,
        )
    _save(found, out, lambda: found.tried)
    typer.echo(tables.json_of_optimum(found) if as_json else found.sentence())


@contextmanager
def _how(
    engine: str,
    executor: str | None,
    store: Path | None,
    runs: int | None,
    *,
    quiet: bool,
) -> Iterator[How]:
    """Give how runs are made; who stops them is told how to go on."""
    from simlib.cli.waiting import waiting

    try:
        is_watched = not quiet or sys.stdout.isatty()
        with waiting("running", runs, quiet=not is_watched) as done:
            yield {
                "engine": engine,
                "executor": executor,
                "store": store,
                "progress": done,
            }
    except KeyboardInterrupt:
        if store is not None:
            typer.echo(f"{store}: keeps what is finished; ask again to go on", err=True)
        raise


def _scenario(name: str, changes: list[str] | None) -> Scenario:
    """Return a scenario with the changes of the command line."""
    from simlib.scenario import load

    try:
        return load(name).changed(dict(_setting(text) for text in changes or []))
    except SimlibError as error:
        raise type(error)(f"{error}") from None


def _setting(text: str) -> tuple[str, Any]:
    """Return path and value of a ``path=value``."""
    from simlib.scenario import parse_value

    path, equals, value = text.partition("=")
    if not (path and equals):
        raise StudyError(f"{text}: write path=value, such as teams.sdr.people=4")
    return path, parse_value(value, path)


def _lists(texts: list[str], option: str) -> dict[str, list[Any]]:
    """Return paths and their values from ``path=v1,v2``."""
    from simlib.scenario import parse_value

    found = {}
    for text in texts:
        path, equals, values = text.partition("=")
        if not (path and equals and values):
            raise StudyError(f"{option} {text}: write path=v1,v2")
        found[path] = parse_value(f"[{values}]", path)
    return found


def _pairs(texts: list[str]) -> dict[str, tuple[float, float]]:
    """Return paths and their ranges from ``path=low,high``."""
    found = {}
    for path, values in _lists(texts, "--range").items():
        numbers = [at for at in values if isinstance(at, int | float)]
        if len(values) != 2 or len(numbers) != 2:
            raise StudyError(f"--range {path}: write path=low,high, two numbers")
        found[path] = (numbers[0], numbers[1])
    return found


def _check(out: Path | None) -> None:
    """Refuse a file of another kind before anything runs."""
    if out is not None and out.suffix not in {".parquet", ".csv"}:
        raise FileError(f"{out}: a study is written as FILE.parquet or FILE.csv")
    if out is not None and not out.parent.is_dir():
        raise FileError(f"{out.parent}: there is no such folder")


def _save(found: Any, out: Path | None, table: Callable[[], Any]) -> None:
    """Write a study whole as Parquet, or its table as CSV."""
    from simlib.files import written_safely

    if out is None:
        return
    if out.suffix == ".parquet":
        found.save(out)
    else:
        with written_safely(out) as temporary:
            table().to_csv(temporary, index=False)
    typer.echo(f"{out}: written", err=True)
