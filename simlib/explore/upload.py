"""A scenario of a visitor's own: a file from their computer, checked like any other.

In: the bytes of an uploaded file. Out: an explorer, or one sentence that says what to
mend. The file may extend a packaged scenario by name, never a file on this machine.
"""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets

from simlib.errors import FileError, ScenarioError, SimlibError, nearest
from simlib.explore import explore
from simlib.explore.sharing import message, panel
from simlib.scenario import Scenario, names
from simlib.scenario.yaml_files import MOST_BYTES, parse

MOST_BUYERS, MOST_LEADS = 50_000, 200_000


def scenario_of(content: bytes, name: str) -> Scenario:
    """Return the scenario that an uploaded file holds.

    Parameters
    ----------
    content : bytes
    name : str
        What the visitor's file is called, for messages.

    Raises
    ------
    SimlibError
        One line: too large, no text, no scenario, or larger than a class can share.
    """
    if len(content) > MOST_BYTES:
        size, most = len(content) / 1e6, MOST_BYTES / 1e6
        raise FileError(f"{name}: is {size:.1f} MB; a scenario has {most:g} MB at most")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(f"{name}: is no text in UTF-8") from None
    said = parse(text, name)
    if not isinstance(said, dict):
        raise ScenarioError(f"{name}: holds no scenario; it must be keys and values")
    parent = said.get("extends")
    if parent is not None and parent not in names():
        known = ", ".join(names())
        raise ScenarioError(
            f"{name}: extends: {parent!r:.60}; here it must be a packaged scenario: "
            f"{known}.{nearest(parent, names())}"
        )
    return shared(Scenario.of(said), name)


def shared(scenario: Scenario, name: str) -> Scenario:
    """Return a scenario that is small enough for a machine that a class shares.

    Raises
    ------
    ScenarioError
        If it is not.
    """
    leads = sum(
        source.leads.full_per_day(scenario.days_per_month, scenario.horizon)
        * scenario.horizon
        + sum(sent.leads for sent in source.leads.imports)
        for source in scenario.sources.values()
    )
    if leads > MOST_LEADS:
        raise ScenarioError(
            f"{name}: brings about {leads:,.0f} leads; on a shared machine "
            f"{MOST_LEADS:,} at most: shorten the horizon, or run it on your own"
        )
    if scenario.market and scenario.market.buyers > MOST_BUYERS:
        raise ScenarioError(
            f"{name}: market.buyers: {scenario.market.buyers:,}; on a shared machine "
            f"{MOST_BUYERS:,} at most"
        )
    return scenario


def own_scenario() -> widgets.VBox:
    """Return a page on which a visitor loads a scenario file and moves it."""
    chooser = widgets.FileUpload(
        accept=".yaml,.yml", multiple=False, description="Choose a scenario file (YAML)"
    )
    chooser.layout.width, chooser.layout.align_self = "auto", "flex-start"
    place = widgets.VBox([])

    def chosen(change: dict[str, Any]) -> None:
        if change["new"]:
            one = change["new"][0]
            place.children = _shown(bytes(one["content"]), str(one["name"]))

    chooser.observe(chosen, names="value")
    return widgets.VBox([chooser, place])


def _shown(content: bytes, name: str) -> tuple[widgets.Widget, ...]:
    """Return an explorer of a file, or what is wrong with it."""
    try:
        explorer = explore(scenario_of(content, name), replications=10)
    except SimlibError as error:
        return (message(str(error)),)
    return (explorer, panel(explorer))
