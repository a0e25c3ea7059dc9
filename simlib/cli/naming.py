"""What figures are called: names and titles that are typed, and the list of all.

In: what somebody types. Out: names of metrics, or a list of them. It computes nothing.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import typer

from simlib.cli.options import Json
from simlib.errors import StudyError, nearest

if TYPE_CHECKING:
    from simlib.metrics import Metric
    from simlib.scenario import Scenario

# Metrics whose second word is a stage or a team.
PLACED = {"reached", "occupancy", "cost_per", "wait_days", "gave_up", "utilisation"}
PLACES = ("STAGE", "TEAM")


def add_to(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(metrics)


def metrics(*, as_json: Json = False) -> None:
    """List the figures: name, title, unit and meaning; put a name for STAGE or TEAM."""
    from rich.markup import escape

    from simlib.cli.report import console, table_of
    from simlib.metrics import METRICS

    if as_json:
        rows = [dataclasses.asdict(metric) for metric in METRICS]
        typer.echo(json.dumps(rows, indent=2))
        return
    table = table_of("", "name", "what it is called", "unit", "what it means")
    table.columns[0].no_wrap = True
    for metric in METRICS:
        unit = "currency" if metric.unit == "money" else metric.unit
        table.add_row(metric.name, escape(metric.title), unit, escape(metric.meaning))
    console().print(table)


def metrics_in(names: Iterable[str], worlds: Iterable[Scenario]) -> list[str]:
    """Return names of metrics, once they are known to be ones of some scenario.

    Parameters
    ----------
    names : iterable of str
        Names, as ``payback_months``, or titles with or without unit, as ``payback``.
    worlds : iterable of Scenario

    Raises
    ------
    StudyError
        For any other name, before a long study is made in vain.
    """
    places = {"lead", "nurture"}
    for world in worlds:
        places |= {*world.stages, *world.teams}
    return list(dict.fromkeys(_name_of(name, places) for name in names))


def shares_in(
    goal: dict[str, float] | None, worlds: Iterable[Scenario]
) -> dict[str, float] | None:
    """Return how precise which metrics must be, by their names."""
    said = list(worlds)
    return goal and {metrics_in([at], said)[0]: share for at, share in goal.items()}


def _name_of(typed: str, places: set[str]) -> str:
    """Return the name of a metric that is called by its name or title."""
    from simlib.metrics import describe

    known = list(_metrics_of(places))
    titles = {_plain(at.title): at.name for at in known}
    titles |= {_plain(f"{at.title}, {at.unit}"): at.name for at in known}
    if _plain(typed) in titles:
        return titles[_plain(typed)]
    try:
        describe(typed)
    except StudyError:
        hint = nearest(typed, [*(at.name for at in known), *titles])
        what = "no figure is called so; simlib metrics lists them"
        raise StudyError(f"metric '{typed}': {what}.{hint}") from None
    head, _, rest = typed.partition(".")
    place = rest.split(".")[0]
    if head in PLACED and place not in places:
        hint = nearest(place, places)
        raise StudyError(f"metric '{typed}': there is no '{place}'.{hint}")
    return typed


def _metrics_of(places: Iterable[str]) -> Iterator[Metric]:
    """Yield every metric, with each stage or team in its place."""
    from simlib.metrics import METRICS, describe

    for metric in METRICS:
        gap = next((gap for gap in PLACES if gap in metric.name), "")
        for place in sorted(places) if gap else [""]:
            yield describe(metric.name.replace(gap, place))


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
