"""The command that puts claims on trial.

In: numbers of claims. Out: a table with one plain sentence for each, JSON, pictures of
where they hold, or a page of Markdown. It computes nothing itself.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simlib.cli.options import Store, Way

if TYPE_CHECKING:
    from simlib.claims import Trial


LONG = (
    "All claims in full take about half an hour of processor time. Name some, such as "
    "simlib claims E8, or add --quick for rougher figures in seconds a claim."
)


def add_to(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(claims)


def claims(
    numbers: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Such as E8; all by default."),
    ] = None,
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="Rougher figures, in seconds a claim.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print tables of Markdown.")
    ] = False,
    pictures: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Draw where each claim holds into DIR."),
    ] = None,
    store: Store = None,
) -> None:
    """Try claims of the articles: verdict, where each holds, and what flips it.

    All forty in full take about half an hour of processor time.
    """
    from simlib.claims import claim, names, trial
    from simlib.cli.claim_pages import draw, markdown
    from simlib.cli.pictures import prepared

    chosen = dict.fromkeys(claim(each).name for each in numbers or names())
    if not numbers and not quick:
        typer.echo(LONG, err=True)
    folder = prepared(pictures) if pictures else None
    with Way(store=store, as_json=as_json).running("claims on trial") as how:
        tried = [trial(name, quick=quick, **how) for name in chosen]
    if as_json:
        found = {each.claim.name: _plain(each) for each in tried}
        typer.echo(json.dumps({"claims": found}, indent=2))
    elif as_markdown:
        typer.echo(markdown(tried, folder.as_posix() if folder else ""))
    else:
        _show(tried)
    if folder:
        draw(tried, folder)


def _plain(tried: Trial) -> dict[str, Any]:
    """Return a trial for JSON, flagged where it is too rough for its verdict."""
    from simlib.cli.claim_pages import is_too_rough

    return tried.figures() | ({"too_rough": True} if is_too_rough(tried) else {})


def _show(tried: list[Trial]) -> None:
    from rich.markup import escape

    from simlib.claims.trials import passes
    from simlib.cli.claim_pages import (
        failed,
        is_too_rough,
        roughness,
        sentence,
        verdict,
    )
    from simlib.cli.report import console, number, percent, table_of
    from simlib.studies.told import NONE

    out = console()
    table = table_of(
        "Claims on trial", "claim", "what came out", "effect", "checks", "holds at"
    )
    for each in tried:
        passed = sum(passes(*pair) for pair in each.checks)
        table.add_row(
            each.claim.name,
            escape(verdict(each)),
            number(each.effect),
            f"{passed}/{len(each.checks)}",
            NONE if is_too_rough(each) else percent(each.holds_share),
        )
    out.print(table)
    for each in tried:
        out.print(escape(f"{each.claim.says} ({each.claim.article})"), style="italic")
        for line in filter(None, (sentence(each), *failed(each), roughness(each))):
            out.print(escape(line))
        out.print()
