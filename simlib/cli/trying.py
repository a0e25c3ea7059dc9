"""The command that puts claims on trial.

In: numbers of claims. Out: a table with one plain sentence for each, JSON, pictures of
where they hold, or a page of Markdown. It computes nothing itself.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from simlib.claims import Trial


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
) -> None:
    """Try claims of the articles: verdict, where each holds, and what flips it."""
    from simlib.claims import claim, names, trial
    from simlib.cli.pictures import prepared
    from simlib.cli.waiting import waiting

    chosen = [claim(each).name for each in numbers or names()]
    folder = prepared(pictures) if pictures else None
    tried = []
    with waiting("claims on trial", len(chosen), quiet=as_json) as done:
        for name in chosen:
            tried.append(trial(name, quick=quick))
            done()
    if as_json:
        found = {each.claim.name: each.figures() for each in tried}
        typer.echo(json.dumps({"claims": found}, indent=2))
    elif as_markdown:
        pages = (line for each in tried for line in _page(each, folder))
        typer.echo("\n".join([*_overview(tried), *pages]))
    else:
        _show(tried)
    if folder:
        _draw(tried, folder)


def sentence(tried: Trial) -> str:
    """Return what came out of a trial in one plain sentence."""
    said, effect = tried.claim, tried.effect
    side = f"{said.direction} {said.than:g}"
    flips = (
        f"{tried.flips.path} flips it most easily, at {tried.flips.at:.3g} "
        f"(usually {tried.flips.usual:.3g})"
        if tried.flips
        else "no single setting flips it within its range"
    )
    return (
        f"{said.name} {tried.verdict}: {said.about}: {effect.mean:.3f} times "
        f"({effect.low:.3f} to {effect.high:.3f}; claimed {side}); on the claimed side "
        f"at {tried.holds_share:.0%} of {len(tried.points)} points; {flips}."
    )


def _show(tried: list[Trial]) -> None:
    from rich.markup import escape

    from simlib.claims.trials import passes
    from simlib.cli.report import console, number, percent, table_of

    out = console()
    table = table_of(
        "Claims on trial", "claim", "what came out", "effect", "checks", "holds at"
    )
    for each in tried:
        passed = sum(passes(*pair) for pair in each.checks)
        table.add_row(
            each.claim.name,
            escape(each.verdict),
            number(each.effect),
            f"{passed}/{len(each.checks)}",
            percent(each.holds_share),
        )
    out.print(table)
    for each in tried:
        out.print(escape(f"{each.claim.says} ({each.claim.article})"), style="italic")
        out.print(escape(sentence(each)))
        out.print()


def _overview(tried: list[Trial]) -> list[str]:
    """Return a row of Markdown for each trial."""
    from simlib.claims.trials import passes

    heads = ("claim", "trial", "verdict", "effect (95% interval)", "checks", "holds at")
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for each in tried:
        at, passed = each.effect, sum(passes(*pair) for pair in each.checks)
        lines.append(
            f"| [{each.claim.name}](#{each.claim.name.lower()}) "
            f"| {'quick' if each.quick else 'full'} | {each.verdict} "
            f"| {at.mean:.3f} ({at.low:.3f} to {at.high:.3f}) "
            f"| {passed} of {len(each.checks)} "
            f"| {each.holds_share:.0%} of {len(each.points)} |"
        )
    return [*lines, ""]


def _page(tried: Trial, folder: Path | None) -> list[str]:
    """Return a trial as lines of Markdown, with the picture if one is drawn."""
    from simlib.claims.trials import passes

    said = tried.claim
    lines = [
        f"## {said.name}",
        "",
        f"**The claim ({said.article}).** {said.says}",
        "",
        f"**What came out.** {sentence(tried)}",
        "",
        "| check | value | 95% interval | band | passes |",
        "|---|---|---|---|---|",
    ]
    for check, found in tried.checks:
        low, high = check.band
        passed = "yes" if passes(check, found) else "no"
        lines.append(
            f"| {check.name} | {found.mean:.3f} | {found.low:.3f} to {found.high:.3f} "
            f"| {low:g} to {high:g} | {passed} |"
        )
    if folder:
        lines += [
            "",
            f"![Where {said.name} holds]({folder.as_posix()}/{said.name}.png)",
        ]
    return [*lines, ""]


def _draw(tried: list[Trial], folder: Path) -> None:
    """Draw where each claim holds, over the two settings that move it most."""
    from simlib import plots

    for each in tried:
        name, usual = each.claim.name, each.claim.usual()
        x, y = each.influence()[:2]
        title = f"Where {name} holds"
        ax = plots.where_it_holds(each.map(), x, y, (usual[x], usual[y]), title)
        plots.save(ax, folder / f"{name}.png")
        plots.close(ax)
