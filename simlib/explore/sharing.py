"""What somebody takes away from an explorer: a link, a picture, and figures.

In: an `Explorer`. Out: a panel below it, made on demand; and an explorer that begins
where a link says. Settings travel as JSON in the query of a link: they are checked
like any setting, and nothing of them is ever run.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import os
from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import parse_qs, quote

import ipywidgets as widgets

from simlib.errors import SimlibError, StudyError
from simlib.explore.figures import EACH, WORLD, further_of, rows_for
from simlib.explore.widget import Explorer
from simlib.plots.worlds import svg
from simlib.studies import interval

KEY = "settings"
LONGEST = 4000  # characters of a link's settings
TAKE = "Link and downloads"
KINDS = {"png": "image/png", "svg": "image/svg+xml", "csv": "text/csv"}


def opened(explorer: Explorer, query: str | None = None) -> widgets.VBox:
    """Return an explorer as a page shows it: where its link says, with a panel below.

    Parameters
    ----------
    explorer : Explorer
    query : str
        The query of the page's address; by default what the server says it was.
    """
    asked = os.environ.get("QUERY_STRING", "") if query is None else query
    said = ""
    try:
        settings = settings_of(asked)
        if settings:
            explorer.settings = settings
            explorer.later.finish()
    except SimlibError as error:
        said = f"This link cannot be followed, so this is the start. {error}"
    return widgets.VBox([message(said), explorer, panel(explorer)])


def settings_of(query: str) -> dict[str, Any]:
    """Return the settings that a link's query holds, empty if it holds none.

    Raises
    ------
    StudyError
        If they are too long, or not what a link has.
    """
    found = parse_qs(query, max_num_fields=50).get(KEY)
    if not found:
        return {}
    if len(found[0]) > LONGEST:
        raise StudyError(f"its settings are longer than {LONGEST:,} characters")
    try:
        settings = json.loads(found[0])
    except (ValueError, RecursionError):
        raise StudyError("its settings are no JSON") from None
    parts = settings.values() if isinstance(settings, dict) else [None]
    if not all(isinstance(part, dict | str) for part in parts):
        raise StudyError("its settings are not those of an explorer")
    return dict(settings)


def link_of(explorer: Explorer) -> str:
    """Return the query of a link to what is shown."""
    return f"?{KEY}={quote(json.dumps(explorer.settings))}"


def panel(explorer: Explorer) -> widgets.VBox:
    """Return a button, and below it what it makes: a link and three files."""
    button = widgets.Button(
        description=TAKE,
        tooltip="Make a link to what you see, and files of it",
        layout=widgets.Layout(width="auto", align_self="flex-start"),
    )
    place = widgets.HTML()

    def made(_: object) -> None:
        try:
            place.value = _offer(explorer)
        except (SimlibError, ArithmeticError, ValueError, LookupError) as error:
            place.value = f"<p>{escape(str(error))}</p>"

    button.on_click(made)
    box = widgets.VBox([button, place])
    box.add_class("lead-explore-sharing")
    return box


def message(text: str) -> widgets.HTML:
    """Return a line that is read aloud, empty for no text."""
    shown = f'<p role="alert">{escape(text)}</p>' if text else ""
    return widgets.HTML(shown)


def _offer(explorer: Explorer) -> str:
    """Return the link and the files as HTML."""
    name = "".join(
        letter if letter.isascii() and letter.isalnum() else "_"
        for letter in explorer.session.scenario.name
    )
    files = "".join(
        f'<li><a download="{name}.{kind}" href="{_as_address(kind, content)}">'
        f"{text}</a></li>"
        for kind, (text, content) in files_of(explorer).items()
    )
    return (
        f'<p><a href="{escape(link_of(explorer))}">Link to these settings</a>: '
        f"copy its address, and send it.</p><ul>{files}</ul>"
    )


def _as_address(kind: str, content: bytes) -> str:
    """Return an address that holds its content itself."""
    return f"data:{KINDS[kind]};base64,{base64.b64encode(content).decode('ascii')}"


def files_of(explorer: Explorer) -> dict[str, tuple[str, bytes]]:
    """Return what can be taken away: by ending, what it is, and its content."""
    drawn = explorer.drawn()
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table_of(explorer))
    return {
        "png": ("the picture (PNG)", bytes(explorer.picture.value)),
        "svg": ("the picture, to be enlarged (SVG)", svg(drawn)),
        "csv": ("the figures (CSV)", text.getvalue().encode("utf-8")),
    }


def table_of(explorer: Explorer) -> Iterator[tuple[object, ...]]:
    """Give the rows of the CSV file: a head, and a figure of a world in each."""
    yield ("world", "metric", "figure", "mean", "low_95", "high_95", "runs")
    for world, sample in explorer.session.worlds.items():
        for row in rows_for(sample):
            values = sample.values(row.metric)
            found = interval(values)
            figures = found.parts
            shown = [f"{value * row.factor:.6g}" for value in figures]
            yield (WORLD[world], row.metric, row.label, *shown, len(values))
    further = further_of(explorer.session.worlds)
    if further and not further.why:
        found = further.cost
        shown = [f"{value:.6g}" for value in found.parts]
        label = f"{EACH}, {explorer.session.scenario.currency}"
        yield ("B minus A", "further_customer", label, *shown, found.replications)
