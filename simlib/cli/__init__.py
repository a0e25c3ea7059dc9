"""The command line: run a scenario, write its log, check a file, list what there is.

In: what somebody types. Out: text or JSON on standard output and exit code 0; or
exit code 2 and one line on standard error. It computes nothing itself, and never
shows a traceback: a defect is reported with the name of the file that holds it.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from simlib import __version__
from simlib.cli import crediting, naming, own_funnel, serving, studying, trying
from simlib.cli.options import Stopped
from simlib.cli.settings import scenario_of
from simlib.errors import FileError, SimlibError

MOST_REPLICATIONS = 10_000
LARGEST_SEED = 2**32 - 1
STOPPED = 130

app = typer.Typer(
    name="simlib",
    help="Lead Lab: leads on their way through the lead lifecycle, simulated.",
    add_completion=False,
    pretty_exceptions_enable=False,
)

ScenarioName = Annotated[
    str,
    typer.Argument(metavar="SCENARIO", help="A packaged name (see scenarios) or file."),
]
Seed = Annotated[
    int, typer.Option(min=0, max=LARGEST_SEED, help="Where the random numbers begin.")
]
Engine = Annotated[
    str, typer.Option(metavar="ENGINE", help="auto, simpy or fast: the same results.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change a value, such as teams.sdr.people=4; may be repeated. "
        "Nothing after the = takes a part away.",
    ),
]


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and stop.")
    ] = False,
) -> None:
    if version:
        typer.echo(f"simlib {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def run(
    scenario: ScenarioName,
    *,
    seed: Seed = 0,
    replications: Annotated[
        int, typer.Option(min=1, max=MOST_REPLICATIONS, help="How many runs.")
    ] = 10,
    engine: Engine = "auto",
    changes: Settings = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print all figures as JSON.")
    ] = False,
    pictures: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Draw pictures of the first run into DIR."),
    ] = None,
) -> None:
    """Simulate SCENARIO: funnel, cost ladder and payback, with 95% intervals."""
    from simlib.cli.figures import json_of
    from simlib.cli.pictures import draw, prepared
    from simlib.cli.report import show
    from simlib.cli.waiting import waiting
    from simlib.studies import replicate

    said = scenario_of(scenario, changes)
    folder = prepared(pictures) if pictures else None
    quiet = as_json and not sys.stdout.isatty()
    with waiting(f"{replications} runs", replications, quiet=quiet) as done:
        study = replicate(
            said, replications, seed, engine, progress=done, by_source=True
        )
    if as_json:
        typer.echo(json_of(study, scenario))
    else:
        show(study)
    if folder:
        drawn = draw(said, seed, engine, folder)
        typer.echo(f"Pictures of the first run: {', '.join(drawn)}", err=as_json)


@app.command()
def log(
    scenario: ScenarioName,
    *,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="FILE.parquet or FILE.csv.")
    ],
    seed: Seed = 0,
    engine: Engine = "auto",
    changes: Settings = None,
) -> None:
    """Simulate SCENARIO once and write its event log to FILE."""
    from simlib.cli.waiting import waiting
    from simlib.run import simulate

    if out.suffix not in {".parquet", ".csv"}:
        raise FileError(f"{out}: a log is written as FILE.parquet or FILE.csv")
    said = scenario_of(scenario, changes)
    with waiting("one run", None):
        written = simulate(said, seed=seed, engine=engine).log
        written.write(out)
    typer.echo(f"{out}: {len(written):,} events of {len(written.leads):,} people")


@app.command()
def check(
    scenario: Annotated[str, typer.Argument(metavar="FILE", help="A scenario file.")],
) -> None:
    """Say whether FILE is a scenario that can be run, or what is wrong in it."""
    from simlib.scenario import load

    said = load(scenario)
    parts = [
        _counted(said.stages, "stage"),
        _counted(said.sources, "source"),
        _counted(said.teams, "team"),
    ]
    typer.echo(f"{scenario}: fine ({', '.join(parts)}, {said.horizon:,g} days)")


@app.command()
def schema() -> None:
    """Print the JSON schema of a scenario file, for editors."""
    import json

    from simlib.scenario import schema as described

    typer.echo(json.dumps(described(), indent=2))


@app.command()
def scenarios() -> None:
    """List the packaged scenarios."""
    from simlib.cli.report import show_scenarios
    from simlib.scenario import load, names

    show_scenarios({name: load(name) for name in names()})


own_funnel.add_to(app)
studying.add_to(app)
naming.add_to(app)
crediting.add_to(app)
trying.add_to(app)
serving.add_to(app)


def _counted(parts: Any, what: str) -> str:
    return f"{len(parts)} {what}{'' if len(parts) == 1 else 's'}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0, 2 after one line, or 130.

    Parameters
    ----------
    arguments : sequence of str
        What was typed after ``simlib``; by default what the shell says.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = app(args=arguments, prog_name="simlib", standalone_mode=False)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # Typer turns the one into the other
        return _reader_left()
    except (KeyboardInterrupt, typer.Abort):
        code = STOPPED
    except Stopped as stopped:
        return _said(str(stopped), STOPPED)
    except Exception as error:  # noqa: BLE001 - the last line of defence
        return _said(_line_for(error))
    if code == STOPPED:
        return _said("stopped; no file is half-written", STOPPED)
    return int(code or 0)


def _line_for(error: Exception) -> str:
    """Return what a user is told of an error."""
    if isinstance(error, SimlibError):
        return str(error)
    if isinstance(error, MemoryError):
        return "not enough memory; ask for fewer leads, or a shorter horizon"
    # A usage error of Click, or of the copy of Click that Typer brings along.
    usage = getattr(error, "format_message", None)
    if usage:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "simlib"
        said = usage().strip()
        return f"{said}{'' if said[-1:] in '.?!)' else '.'} See {command} --help."
    with tempfile.NamedTemporaryFile(
        "w", prefix="simlib-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        traceback.print_exception(error, file=file)
    what = traceback.format_exception_only(error)[-1].strip()
    return f"a defect in Lead Lab, not in your input ({what}); details: {file.name}"


def _said(line: str, code: int = 2) -> int:
    """Say one line on standard error and return an exit code."""
    typer.echo(f"simlib: {' '.join(line.split())}", err=True)
    return code


def _reader_left() -> int:
    """Be quiet where nobody reads on, as after ``| head``; no error either."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
