"""Scenarios by name, with the changes of ``--set``.

In: what somebody types. Out: scenarios; or one line that says what is wrong, and a
warning where a change can do nothing. It computes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import typer

from simlib.errors import ScenarioError, SimlibError

if TYPE_CHECKING:
    from simlib.scenario import Scenario


def scenario_of(name: str, changes: Iterable[str] | None) -> Scenario:
    """Return a scenario with the changes of the command line.

    Raises
    ------
    SimlibError
        For an unknown name, or a change that cannot be made.
    """
    from simlib.scenario import load

    said = load(name)
    try:
        settings = dict(_setting(text) for text in changes or [])
        found = said.changed(settings)
    except SimlibError as error:
        lacks = _lacks(name, said, error)
        raise type(error)(f"--set {lacks or error}") from None
    _warn_of_idle(name, found, settings)
    return found


def _setting(text: str) -> tuple[str, Any]:
    """Return path and value of a ``path=value``."""
    from simlib.scenario import parse_value

    path, equals, value = text.partition("=")
    if not (path and equals):
        raise ScenarioError(f"{text}: write path=value, such as teams.sdr.people=4")
    return path, parse_value(value, path)


def _lacks(name: str, said: Scenario, error: SimlibError) -> str:
    """Return which scenario has the part that this one lacks; "" if it lacks none.

    Half a part cannot be run: its other keys are missing, which says little to
    somebody who meant to change one.
    """
    from simlib.scenario import load, names

    part = str(error).partition(".")[0]
    if "is missing" not in str(error) or getattr(said, part, "") is not None:
        return ""
    owners = [other for other in names() if getattr(load(other), part) is not None]
    near = get_close_matches(name, owners, n=1, cutoff=0)
    return f"{part}: {name} has no {part}; {near[0]} has" if near else ""


def _warn_of_idle(name: str, said: Scenario, settings: Mapping[str, Any]) -> None:
    """Warn of settings of a checklist that no stage asks."""
    ways = [way for stage in said.stages.values() for way in stage.next.values()]
    if any(way.checked or way.by_yes for way in ways):
        return
    for path in settings:
        if path.partition(".")[0] == "checklist":
            what = f"--set {path} changes nothing: no stage of {name} asks a checklist"
            typer.echo(f"simlib: {what} (stages.NAME.next.TO.checked)", err=True)
