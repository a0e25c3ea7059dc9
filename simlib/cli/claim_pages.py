"""Trials as sentences, as tables of Markdown, and as maps.

In: trials. Out: text, and PNG files. It tries nothing and passes no judgement.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simlib.claims.trials import passes
from simlib.claims.walks import is_logarithmic, share_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simlib.claims import Trial
    from simlib.explore.controls import Control

TOO_ROUGH = "too rough for a verdict; try it in full"


def is_too_rough(tried: Trial) -> bool:
    """Return whether a trial was quick, and its claim needs a full one."""
    return tried.quick and tried.claim.needs_full


def sentence(tried: Trial) -> str:
    """Return what came out of a trial in one plain sentence."""
    said, effect = tried.claim, tried.effect
    if is_too_rough(tried):
        return f"{said.name}: {TOO_ROUGH}."
    side = f"{said.direction} {said.than:g}"
    times = " times" if said.is_ratio else ""
    return (
        f"{said.name} {verdict(tried)}: {said.about}: {effect.mean:.3f}{times} "
        f"({effect.low:.3f} to {effect.high:.3f}; claimed {side}); on the claimed side "
        f"at {tried.holds_share:.0%} of {len(tried.points)} points; {_flips(tried)}."
    )


def verdict(tried: Trial) -> str:
    """Return the verdict for readers: a setting has the label that its map gives it.

    Where the effect goes the claimed way, and not far enough, nothing turns round.
    """
    if is_too_rough(tried):
        return TOO_ROUGH
    word, when, rest = tried.verdict.partition(" when ")
    if when and tried.flips:
        control, at = _control(tried, tried.flips.path), tried.flips.at
        rest = f'"{control.label}" is {tried.flips.side} {_said(control, at)}'
    if tried.falls_short:
        word = (
            f"falls short of the line of {tried.claim.than:g}, without turning round,"
        )
    return f"{word}{when}{rest}"


def _flips(tried: Trial) -> str:
    """Return which setting flips the claim, under both its names, and where."""
    flips = tried.flips
    if flips is None:
        return "no single setting flips it within its range"
    control = _control(tried, flips.path)
    does = "brings it over the line" if tried.falls_short else "flips it"
    return (
        f'"{control.label}", in the file {flips.path}, {does} most easily, at '
        f"{_said(control, flips.at)} (usually {_said(control, flips.usual)})"
    )


def _said(control: Control, value: float) -> str:
    """Return a setting with its unit, to three digits."""
    return control.said(float(f"{value:.3g}")).strip()


def failed(tried: Trial) -> list[str]:
    """Return a plain line for each check that failed."""
    return [
        f"failed: {check.name}: {found.mean:.3f} ({found.low:.3f} to {found.high:.3f})"
        f", expected {check.band[0]:g} to {check.band[1]:g}"
        for check, found in tried.checks
        if not passes(check, found)
    ]


def roughness(tried: Trial) -> str:
    """Return what to know of a quick trial; "" of a full one."""
    if not tried.quick:
        return ""
    name, known = tried.claim.name, tried.claim.quick
    more = f" Of {name}: {known}." if known else ""
    return (
        f"This was a quick, rough trial: {len(tried.points)} points in small markets, "
        f"and few runs.{more} In full: simlib claims {name}"
    )


def markdown(tried: Sequence[Trial], folder: str = "") -> str:
    """Return trials as Markdown: an overview, then a page for each.

    Parameters
    ----------
    tried : sequence of Trial
    folder : str
        Where their maps lie, as seen from the page; "" for no maps.
    """
    pages = (line for each in tried for line in page(each, folder))
    return "\n".join([*overview(tried), *pages])


def overview(tried: Sequence[Trial]) -> list[str]:
    """Return a row of Markdown for each trial."""
    heads = ("claim", "trial", "verdict", "effect (95% interval)", "checks", "holds at")
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for each in tried:
        at, passed = each.effect, sum(passes(*pair) for pair in each.checks)
        lines.append(
            f"| [{each.claim.name}](#{each.claim.name.lower()}) "
            f"| {'quick' if each.quick else 'full'} | {verdict(each)} "
            f"| {at.mean:.3f} ({at.low:.3f} to {at.high:.3f}) "
            f"| {passed} of {len(each.checks)} "
            f"| {each.holds_share:.0%} of {len(each.points)} |"
        )
    return [*lines, ""]


def page(tried: Trial, folder: str) -> list[str]:
    """Return a trial as lines of Markdown, with its map if one is drawn."""
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
    if folder and not is_too_rough(tried):
        lines += ["", f"![Where {said.name} holds]({folder}/{said.name}.png)"]
    return [*lines, ""]


def draw(tried: Iterable[Trial], folder: Path) -> None:
    """Draw where each claim holds, over the two settings that move it most.

    Where a trial is too rough for a verdict, its few points are too rough for a map.
    """
    from simlib import plots

    for each in (each for each in tried if not is_too_rough(each)):
        name, usual = each.claim.name, each.claim.usual()
        x, y = (_control(each, path) for path in each.influence()[:2])
        across, up = _axis(each, x), _axis(each, y)
        seen = what_to_see(each, x.path, y.path)
        table = each.map()
        table[across], table[up] = table[x.path] * x.factor, table[y.path] * y.factor
        ax = plots.where_it_holds(
            table,
            across,
            up,
            usual=(usual[x.path] * x.factor, usual[y.path] * y.factor),
            title=f"Where {name} holds\n{_claimed(each)} {seen}",
            even=[
                name
                for name, control in ((across, x), (up, y))
                if not is_logarithmic(each.claim.ranges[control.path])
            ],
        )
        plots.save(ax, folder / f"{name}.png")
        plots.close(ax)


def _claimed(tried: Trial) -> str:
    """Return the effect in words, and what is claimed of it."""
    said = tried.claim
    about = said.about[0].upper() + said.about[1:]
    return f"{about}: claimed {said.direction} {said.than:g}."


def what_to_see(tried: Trial, x: str, y: str) -> str:
    """Return what the map over two settings shows, in one plain sentence."""
    table, said = tried.map(), tried.claim
    held, every = int(table["holds"].sum()), len(table)
    if held in {0, every}:
        number = "none" if held == 0 else "every one"
        return f"It holds at {number} of {every} settings."
    parts = []
    for path, halves in ((x, ("left", "right")), (y, ("lower", "upper"))):
        ends = said.ranges[path]
        is_low = table[path].map(lambda value, ends=ends: share_of(ends, value) < 0.5)
        counts = [
            f"{int(table['holds'][half].sum())} of {int(half.sum())} in the {side} half"
            for half, side in zip((is_low, ~is_low), halves, strict=True)
        ]
        parts.append(" and ".join(counts))
    return f"It holds at {held} of {every} settings: {', '.join(parts)}."


def _control(tried: Trial, path: str) -> Control:
    """Return label, unit and factor of a setting, as an explorer shows it."""
    from simlib.explore.controls import control_for

    said = tried.claim
    ends, scenario = said.ranges[path], said.scenario(said.effect[0].world)
    return control_for(scenario, path, {"low": ends.low, "high": ends.high})


def _axis(tried: Trial, control: Control) -> str:
    """Return what an axis is called: label and unit, and what moves along."""
    along = ", others alike" if tried.claim.ranges[control.path].also else ""
    unit = f", {control.unit}" if control.unit else ""
    return f"{control.label}{along}{unit}"
