"""The folder that the class app serves: a small notebook for each explorer.

In: a folder of lessons, and the packaged scenarios. Out: `Page` records, and notebooks
in a folder of their own. A page of a lesson holds what `slices` takes from it; a page
of a scenario opens it with the controls that suit it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from simlib.app.slices import code_of, explorer_of
from simlib.scenario import load, names

OWN = "your_own_scenario"
LAB = "scenario_lab"
FIRMS = ("b2c", "self_serve", "small_business", "mid_market", "enterprise")
SEE = (
    "Hold this run as A, turn a dial, and see in the table what it does on the same "
    "buyers; then turn a second one, and see whether the two add up."
)
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
        ``lesson``, ``lab``, ``scenario`` or ``own``.
    """

    name: str
    title: str
    about: str
    code: str
    kind: str


def pages_of(lessons: Path | None) -> list[Page]:
    """Return all pages: lessons, the lab for each firm, scenarios, and one's own.

    Parameters
    ----------
    lessons : Path or None
        A folder of notebooks; None for no lessons.
    """
    books = sorted(lessons.glob("*.ipynb")) if lessons else []
    taught = [_of_lesson(book) for book in books if book.stem != LAB]
    lab = [_of_lab(book, firm) for book in books if book.stem == LAB for firm in FIRMS]
    made = [page for page in [*taught, *lab] if page]
    own = Page(
        OWN,
        "Your own scenario",
        "Load a scenario file from your computer, and move it.",
        "from simlib.explore.upload import own_scenario\nown_scenario()",
        "own",
    )
    return [*made, *map(_of_scenario, names()), own]


def _of_lesson(path: Path) -> Page | None:
    """Return the page of a lesson's explorer, None if it has none."""
    code = _opened(path, {})
    if code is None:
        return None
    title, about = _heading(path)
    return Page(f"lesson_{path.stem}", title, about, code, "lesson")


def _of_lab(path: Path, firm: str) -> Page | None:
    """Return the page of the scenario lab for a firm, None if it has no sliders."""
    code = _opened(path, {"firm": firm})
    if code is None:
        return None
    scenario = load(firm)
    kind = scenario.name.removeprefix("Preset: ")
    title = f"The scenario lab: {kind}"
    return Page(f"lab_{firm}", title, scenario.description, code, "lab")


def _opened(path: Path, given: dict[str, str]) -> str | None:
    """Return the code of a page that shows the explorer of a notebook."""
    found = explorer_of(code_of(path), given)
    if found is None:
        return None
    before, call = found
    return f"{before}\n{OPEN}\nopened({call})"


def _of_scenario(name: str) -> Page:
    """Return the page of a packaged scenario."""
    scenario = load(name)
    code = f"import simlib as sl\n{OPEN}\nopened(sl.explore(sl.load({name!r})))"
    return Page(
        f"scenario_{name}", scenario.name, scenario.description, code, "scenario"
    )


@cache
def _titles() -> dict[str, str]:
    """Return the page of each packaged scenario, by its title."""
    return {load(name).name: f"scenario_{name}" for name in names()}


def parts_of(text: str) -> Iterator[tuple[str, str]]:
    """Give a text in parts, each with the page that it names, "" for none.

    A page is named by the title of its scenario in quotation marks.
    """
    for part in re.split(r'("[^"]+")', text):
        page = _titles().get(part.strip('"'), "") if part.startswith('"') else ""
        yield (part.strip('"') if page else part), page


def _linked(text: str) -> str:
    """Return a text of Markdown in which pages that it names are links."""
    return "".join(
        f"[{part}]({page}.ipynb)" if page else part for part, page in parts_of(text)
    )


def _heading(path: Path) -> tuple[str, str]:
    """Return a lesson's title, and the question that it asks."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] != "code"]
    text = "\n".join(texts)
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    asked = re.search(r"^\*\*The question: (.+?)\*\*", text, re.MULTILINE | re.DOTALL)
    question = " ".join(asked[1].split()) if asked else ""
    name = title[1].strip() if title else "A lesson"
    return name, question[:1].upper() + question[1:]


def written(pages: list[Page], folder: Path) -> Path:
    """Write the notebooks of some pages into a folder, and return it."""
    for page in pages:
        about = f"{page.about} {SEE}" if page.kind == "lab" else page.about
        heading = f"[All pages](../../)\n\n# {page.title}\n\n{_linked(about)}"
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
