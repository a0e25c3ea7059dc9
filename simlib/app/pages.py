"""The folder that the class app serves: a small notebook for each explorer.

In: a folder of lessons, and the packaged scenarios. Out: `Page` records, and notebooks
in a folder of their own. A page of a lesson holds what `slices` takes from it; a page
of a scenario opens it with the controls that suit it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simlib.app.slices import explorer_of
from simlib.scenario import load, names

OWN = "your_own_scenario"
# Its explorer opens a file that the lesson writes; here one loads it on the page `OWN`.
OPENS_A_FILE = {"14_your_own_funnel"}
OPEN = "from simlib.explore.sharing import opened"


@dataclass(frozen=True)
class Page:
    """One page of the app.

    Attributes
    ----------
    name : str
        Of its notebook, without an ending; letters, digits and ``_``.
    title, about : str
    code : str
    kind : str
        ``lesson``, ``scenario`` or ``own``.
    """

    name: str
    title: str
    about: str
    code: str
    kind: str


def pages_of(lessons: Path | None) -> list[Page]:
    """Return all pages: the lessons with an explorer, scenarios, and one's own.

    Parameters
    ----------
    lessons : Path or None
        A folder of notebooks; None for no lessons.
    """
    books = sorted(lessons.glob("*.ipynb")) if lessons else []
    made = [_of_lesson(book) for book in books if book.stem not in OPENS_A_FILE]
    own = Page(
        OWN,
        "Your own scenario",
        "Load a scenario file from your computer, and move it.",
        "from simlib.explore.upload import own_scenario\nown_scenario()",
        "own",
    )
    return [page for page in made if page] + [*map(_of_scenario, names()), own]


def _of_lesson(path: Path) -> Page | None:
    """Return the page of a lesson's explorer, None if it has none."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = "\n".join(_text(cell) for cell in cells if cell["cell_type"] == "code")
    found = explorer_of(code)
    if found is None:
        return None
    before, call = found
    title, about = _heading(cells)
    whole = f"{before}\n{OPEN}\nopened({call})"
    return Page(f"lesson_{path.stem}", title, about, whole, "lesson")


def _of_scenario(name: str) -> Page:
    """Return the page of a packaged scenario."""
    scenario = load(name)
    code = f"import simlib as sl\n{OPEN}\nopened(sl.explore(sl.load({name!r})))"
    return Page(
        f"scenario_{name}", scenario.name, scenario.description, code, "scenario"
    )


def _text(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def _heading(cells: list[dict[str, Any]]) -> tuple[str, str]:
    """Return a lesson's title, and the question that it asks."""
    lines = "\n".join(
        _text(cell) for cell in cells if cell["cell_type"] == "markdown"
    ).splitlines()
    title = next((line[2:] for line in lines if line.startswith("# ")), "A lesson")
    asked = next((line for line in lines if line.startswith("**The question")), "")
    question = asked.strip("* ").removeprefix("The question:").strip()
    return title.strip(), question[:1].upper() + question[1:]


def written(pages: list[Page], folder: Path) -> Path:
    """Write the notebooks of some pages into a folder, and return it."""
    for page in pages:
        heading = f"[All pages](../../)\n\n# {page.title}\n\n{page.about}"
        book = {
            "cells": [
                {
                    "cell_type": "markdown",
                    "id": "top",
                    "metadata": {},
                    "source": heading,
                },
                {
                    "cell_type": "code",
                    "id": "explorer",
                    "metadata": {},
                    "source": page.code,
                    "execution_count": None,
                    "outputs": [],
                },
            ],
            "metadata": {
                "title": page.title,
                "kernelspec": {"name": "python3", "display_name": "Python 3"},
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        path = folder / f"{page.name}.ipynb"
        path.write_text(json.dumps(book), encoding="utf-8")
    return folder
