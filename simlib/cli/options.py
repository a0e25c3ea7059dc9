"""What the commands that study scenarios have in common: options, and how to run.

In: what somebody types. Out: scenarios, settings, ranges and how runs are made. What
is typed wrongly is answered before anything runs. It computes nothing.
"""

from __future__ import annotations

import logging
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simlib.cli.settings import scenario_of
from simlib.errors import FileError, SimlibError, StudyError

if TYPE_CHECKING:
    from simlib.execution import How
    from simlib.scenario import Scenario

MOST, SEEDS = 10_000, 2**32 - 1

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
BeforeAndAfter = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change a value in each of them; with one SCENARIO alone, compare it "
        "before and after the change.",
    ),
]
Seed = Annotated[int, typer.Option(min=0, max=SEEDS, help="Where the luck begins.")]
Runs = Annotated[int, typer.Option(min=2, max=MOST, help="Runs of each scenario.")]
Until = Annotated[
    list[str] | None,
    typer.Option(
        metavar="METRIC=SHARE",
        help="Go on until its interval is that narrow: customers=0.05 is 5% of the "
        "mean to either side; may be repeated.",
    ),
]
Maximum = Annotated[
    int | None,
    typer.Option(
        min=2, metavar="RUNS", help="With --until, at most so many; else 10,000."
    ),
]
By = Annotated[
    str | None,
    typer.Option(metavar="WHAT", help="By month, quarter or source, each by itself."),
]
Engine = Annotated[
    str, typer.Option(metavar="NAME", help="auto, simpy or fast: the same results.")
]
Executor = Annotated[
    str | None,
    typer.Option(
        metavar="WHERE",
        help="serial, threads[:N], processes[:N] or dask://ADDRESS: the same results.",
    ),
]
Store = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Keeps finished runs: a stopped study goes on."),
]
Out = Annotated[
    Path | None, typer.Option(metavar="FILE", help="FILE.parquet (whole) or FILE.csv.")
]
Json = Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")]
Ranges = Annotated[
    list[str],
    typer.Option("--range", metavar="PATH=LOW,HIGH", help="May be repeated."),
]
Metric = Annotated[
    str, typer.Option(metavar="METRIC", help="What counts, as simlib metrics calls it.")
]
Metrics = Annotated[
    list[str] | None,
    typer.Option(
        "--metric",
        metavar="METRIC",
        help="A figure to show, by a name or title of simlib metrics; may be repeated.",
    ),
]


class Stopped(SimlibError):  # noqa: N818 - it is no error
    """Ctrl-C in a study; the message says how to go on."""


@dataclass(frozen=True)
class Way:
    """How the runs of a study are made, as typed."""

    engine: str = "auto"
    executor: str | None = None
    store: Path | None = None
    out: Path | None = None
    as_json: bool = False

    def __post_init__(self) -> None:
        """Refuse a file of another kind before anything runs."""
        if self.out is None:
            return
        if self.out.suffix not in {".parquet", ".csv"}:
            kinds = "FILE.parquet or FILE.csv"
            raise FileError(f"--out {self.out}: a study is written as {kinds}")
        if not self.out.parent.is_dir():
            raise FileError(f"--out {self.out}: there is no folder {self.out.parent}")

    @contextmanager
    def running(self, what: str) -> Iterator[How]:
        """Give how runs are made; who stops them is told how to go on."""
        from simlib.cli.waiting import counting

        quiet = self.as_json and not sys.stdout.isatty()
        with _warnings_as_lines(), counting(what, quiet=quiet) as ticker:
            try:
                yield {
                    "engine": self.engine,
                    "executor": self.executor,
                    "store": self.store,
                    "progress": ticker,
                }
            except KeyboardInterrupt:
                raise Stopped(self._how_to_go_on(ticker.done)) from None

    def _how_to_go_on(self, done: int) -> str:
        runs = f"stopped after {done:,} run{'' if done == 1 else 's'}"
        if self.store is None:
            return (
                f"{runs}; nothing was kept: with --store DIR the same command would go "
                "on where it was"
            )
        return (
            f"{runs}; those that {self.store} holds are not made again: the same "
            "command goes on from there"
        )

    @property
    def keeps_all(self) -> bool:
        """Whether the whole study is written, figures by source included."""
        return self.out is not None and self.out.suffix == ".parquet"

    def tell(
        self,
        found: Any,
        show: Callable[[], None],
        as_json: Callable[[], str],
        table: Callable[[], Any],
    ) -> None:
        """Print a study, then write it: a full disk costs no finished study."""
        if self.as_json:
            typer.echo(as_json())
        else:
            show()
        self._write(found, table)

    def _write(self, found: Any, table: Callable[[], Any]) -> None:
        """Write a study whole as Parquet, or its table as CSV."""
        from simlib.files import written_safely

        if self.out is None:
            return
        if self.keeps_all and hasattr(found, "save"):
            found.save(self.out)
        else:
            with written_safely(self.out) as temporary:
                frame = table()
                write = frame.to_parquet if self.keeps_all else frame.to_csv
                write(temporary, index=False)
        typer.echo(f"{self.out}: written", err=True)


class _Line(logging.Handler):
    """Says a warning as one line on standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        typer.echo(f"simlib: {record.getMessage()}", err=True)


@contextmanager
def _warnings_as_lines() -> Iterator[None]:
    logger, handler = logging.getLogger("simlib"), _Line(logging.WARNING)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def worlds_of(
    what: str, names: Sequence[str], changes: Iterable[str] | None
) -> dict[str, Scenario]:
    """Return scenarios by the names that were typed, each with the changes.

    Raises
    ------
    StudyError
        If a name is given twice.
    """
    for name in names:
        if names.count(name) > 1:
            raise StudyError(f"{what}: {name} is named twice; a world is compared once")
    return {name: scenario_of(name, changes) for name in names}


def before_and_after(
    what: str, names: Sequence[str], changes: Iterable[str] | None
) -> dict[str, Scenario]:
    """Return scenarios as `worlds_of` does; one alone before and after its changes."""
    said = list(changes or [])
    if len(names) != 1:
        return worlds_of(what, names, said)
    if not said:
        raise StudyError(
            f"{what}: got {names[0]} alone; a comparison needs two: name another "
            f"scenario, or change one, such as {what} {names[0]} --set PATH=VALUE"
        )
    after = ", ".join([names[0], *said])
    return {names[0]: scenario_of(names[0], ()), after: scenario_of(names[0], said)}


def shares_of(texts: Iterable[str] | None) -> dict[str, float] | None:
    """Return metrics and shares from ``metric=share``; None where there are none."""
    found = {}
    for text in texts or []:
        name, _, share = text.partition("=")
        try:
            found[name] = float(share)
        except ValueError:
            raise StudyError(
                f"--until {text}: write metric=share, such as customers=0.05"
            ) from None
        if not math.isfinite(found[name]):
            raise StudyError(f"--until {text}: the share must lie between 0 and 1")
    return found or None


def most_of(maximum: int | None, goal: dict[str, float] | None) -> int:
    """Return after how many runs a study stops that goes on until it is precise.

    Raises
    ------
    StudyError
        If a maximum is given to a study that does not go on.
    """
    if maximum is not None and goal is None:
        raise StudyError(
            f"--maximum {maximum}: says how far --until may go, and there is no "
            f"--until; for so many runs of each write --replications {maximum}"
        )
    return MOST if maximum is None else maximum


def lists_of(texts: Iterable[str], option: str) -> dict[str, list[Any]]:
    """Return paths and their values from ``path=v1,v2``."""
    from simlib.scenario import parse_value

    found = {}
    for text in texts:
        path, equals, values = text.partition("=")
        if not (path and equals and values):
            raise StudyError(f"{option} {text}: write path=v1,v2")
        if path in found:
            raise StudyError(f"{option} {path}: is given twice; list its values once")
        found[path] = parse_value(f"[{values}]", path)
    return found


def ranges_of(texts: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Return paths and their ranges from ``path=low,high``."""
    found = {}
    for path, values in lists_of(texts, "--range").items():
        numbers = [
            at
            for at in values
            if isinstance(at, int | float) and not isinstance(at, bool)
        ]
        if len(values) != 2 or len(numbers) != 2:
            raise StudyError(f"--range {path}: write path=low,high, two numbers")
        found[path] = (numbers[0], numbers[1])
    return found
