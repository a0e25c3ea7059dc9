"""Commands for your own funnel: calibrate a scenario to data, and backtest it.

In: files and what somebody types. Out: a scenario file, a page, text or JSON. It
computes nothing itself: reading and fitting are done in `simlib.crm`.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simlib.cli.exporting import export
from simlib.errors import DataError, FileError

if TYPE_CHECKING:
    from simlib.crm import Backtest, Calibration
    from simlib.log import EventLog

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...", help="An export of a CRM, or a log that simlib log wrote."
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="The day on which it was exported."),
]
Layout = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="hubspot, salesforce, pipedrive or plain."),
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="NAME=COLUMN",
        help="Which column is which, such as won=won_date; may be repeated.",
    ),
]
MappingFile = Annotated[
    Path | None,
    typer.Option(metavar="YAML", help="A file that says which column is which."),
]
Dates = Annotated[
    str | None,
    typer.Option(help="day-first or month-first, where the file leaves it open."),
]
Zone = Annotated[
    str,
    typer.Option(
        "--timezone",
        metavar="NAME",
        help="Where times that say their zone are turned to, as Europe/Berlin.",
    ),
]
Cut = Annotated[
    str, typer.Option(metavar="DATE", help="Forecast as of this day, as 2025-06-30.")
]
Horizon = Annotated[
    float, typer.Option(min=1, metavar="DAYS", help="How many days ahead.")
]
Arrivals = Annotated[
    str, typer.Option(help="forecast, or actual: new leads taken from the file.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")]
Page = Annotated[
    Path | None,
    typer.Option("--report", metavar="PAGE", help="Write one HTML page about it."),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(calibrate)
    app.command()(backtest)
    app.command()(export)


def calibrate(  # noqa: PLR0913 - one for each option
    files: Files,
    *,
    out: Annotated[
        Path | None, typer.Option(metavar="SCENARIO", help="Write SCENARIO.yaml.")
    ] = None,
    report: Page = None,
    as_of: AsOf = None,
    layout: Layout = None,
    columns: Columns = None,
    mapping: MappingFile = None,
    dates: Dates = None,
    zone: Zone = "UTC",
    as_json: AsJson = False,
) -> None:
    """Fit a scenario to FILE: shares, lags and arrivals, and how sure one can be."""
    from simlib import crm
    from simlib.cli.waiting import waiting

    _wanted(out, {".yaml", ".yml"}, "--out: a scenario")
    _wanted(report, {".html"}, "--report: a page")
    how = {"layout": layout, "dates": dates, "timezone": zone}
    log = _log(files, as_of=as_of, mapping=_said(columns, mapping), **how)
    with waiting("fitting", None, quiet=as_json and not sys.stdout.isatty()):
        found = crm.calibrate(log)
        found.summary()
        written = [found.scenario.to_yaml(out)] if out else []
        if report:
            _no_screen()
            crm.write_report(found, report)
    if as_json:
        typer.echo(json.dumps(found.summary(), indent=2))
    else:
        _show(found)
    if written:
        typer.echo(f"{out}: written; simlib run {out}", err=as_json)
    if report:
        typer.echo(f"{report}: written", err=as_json)


def backtest(  # noqa: PLR0913 - one for each option
    files: Files,
    *,
    cut: Cut,
    horizon: Horizon,
    arrivals: Arrivals = "forecast",
    report: Page = None,
    as_of: AsOf = None,
    layout: Layout = None,
    columns: Columns = None,
    mapping: MappingFile = None,
    dates: Dates = None,
    zone: Zone = "UTC",
    as_json: AsJson = False,
) -> None:
    """Forecast from what was known at the cut, and compare with what came."""
    from simlib import crm
    from simlib.cli.waiting import waiting

    _wanted(report, {".html"}, "--report: a page")
    day = _date("--cut", cut)
    how = {"layout": layout, "dates": dates, "timezone": zone}
    log = _log(files, as_of=as_of, mapping=_said(columns, mapping), **how)
    since = float((day - log.graph.start).days)
    with waiting("forecasting", None, quiet=as_json and not sys.stdout.isatty()):
        test = crm.backtest(log, since, horizon, arrivals=_arrivals(arrivals))
        summary = test.summary()
        if report:
            _no_screen()
            crm.write_report(test.calibration, report, test)
    if as_json:
        typer.echo(json.dumps(summary, indent=2))
    else:
        _show_reading(log)
        _show_test(test)
    if report:
        typer.echo(f"{report}: written", err=as_json)


def _arrivals(said: str) -> Any:
    if said not in {"forecast", "actual"}:
        raise DataError(f"--arrivals: '{said}'; it must be forecast or actual")
    return said


def _wanted(path: Path | None, endings: set[str], what: str) -> None:
    if path is not None and path.suffix not in endings:
        raise FileError(f"{what} is written as {' or '.join(sorted(endings))}: {path}")


def _date(option: str, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise DataError(f"{option}: '{text}' is no date such as 2025-06-30") from None


def _no_screen() -> None:
    import os

    os.environ["MPLBACKEND"] = "Agg"  # files need no screen


def _said(columns: list[str] | None, mapping: Path | None) -> list[str] | None:
    """Return what is said of columns, the file first."""
    said = [str(mapping)] if mapping else []
    if mapping and mapping.suffix not in {".yaml", ".yml"}:
        raise FileError(f"--mapping: a mapping is a .yaml or .yml file: {mapping}")
    return [*said, *(columns or [])] or None


def _log(files: list[Path], *, as_of: str | None, **options: Any) -> EventLog:
    """Return what the files tell: a log of Lead Lab, or an export as it is read."""
    from simlib import crm
    from simlib.errors import LogError
    from simlib.log import read_log

    if len(files) == 1 and files[0].suffix == ".parquet" and files[0].is_file():
        try:
            log = read_log(files[0])
        except LogError:
            pass  # a table of somebody else's
        else:
            return log if log.meta.get("view") == "crm" else log.crm()
    day = None if as_of is None else _date("--as-of", as_of)
    return crm.read_export(files, as_of=day, **options)


def _show_reading(log: EventLog) -> None:
    """Print what the files were taken for, and how many rows were used."""
    if "layout" not in log.meta:
        return
    for layout in log.meta["layout"]:
        typer.echo(f"Read {layout}")
    rows = log.meta["rows"]
    dropped = "".join(f"; {why}: {n:,}" for why, n in rows["dropped"].items())
    typer.echo(f"Rows: {rows['read']:,} read, {rows['used']:,} used{dropped}")


def _show(found: Calibration) -> None:
    """Print the shares and lags, and what the data cannot tell."""
    _show_reading(found.log)
    typer.echo(f"As of {found.as_of}, 95% intervals:")
    for row in found.table.to_dict("records"):
        typer.echo(
            f"  {row['source']}: {row['leads']:,} leads, {row['won']:,} won so far; "
            f"ever won {row['share_final']:.1%} ({row['low']:.1%} to "
            f"{row['high']:.1%}), half of them by day {row['p50_days']:,.0f}"
        )
    for text in found.warnings:
        typer.echo(f"Note: {text}.")


def _show_test(test: Backtest) -> None:
    """Print the verdict, and forecast against outcome by source."""
    typer.echo(test.verdict)
    table = test.table
    rows = table[(table["month"] == 0) & (table["origin"] == "all")]
    for row in rows.to_dict("records"):
        typer.echo(
            f"  {row['source']}: {row['actual']:,} wins; foretold {row['mean']:,.1f} "
            f"(90% band {row['p05']:,.0f} to {row['p95']:,.0f})"
        )
    rivals = ", ".join(
        f"{name.replace('_', ' ')} {one.crps:.2f}"
        for name, one in test.rival_scores.items()
    )
    typer.echo(f"Score (smaller is better): {test.score.crps:.2f}; {rivals}")
    for text in test.findings:
        typer.echo(f"Note: {text}.")
