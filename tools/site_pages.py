"""Set out the pages of the site, from what the project has anyway.

In: the lessons with their stored outputs, docs/*.md, and the names of the public face.
Out: a folder that Sphinx reads. It runs no lesson and changes no file of the project.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat

import simlib as sl

ROOT = Path(__file__).resolve().parent.parent
EXPLORERS = ("sl.explore(", "sl.lab.sliders(")
GUESSED = "sl.course.reveal("
FOLDERS = ("notebooks", "notebooks/exercises", "notebooks/solutions")
DRAWING = re.compile(r"sl\.[\w.]*(?:plots|pictures)\.(\w+)\(")
PROMPT = {"show": "Your guess is made? Show what came out", "hide": "Hide it again"}
STORED = """\
```{note}
Nothing to clear on this page: the answers are folded up until you have made your guess.
To change the lines and run them, see [how to install](%sindex.md#run-it-yourself).
```
"""
NO_SCRIPT = (
    "The picture above shows the firm as it is. With JavaScript, sliders stand here."
)


def set_out(folder: Path, grids: Iterable[str]) -> list[str]:
    """Write all pages into a new folder; return the lessons that lack a grid.

    Parameters
    ----------
    folder : Path
        Emptied first.
    grids : iterable of str
        The lessons whose explorer was computed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    shutil.copytree(ROOT / "docs", folder / "docs")
    for paper in (folder / "docs").glob("*.md"):
        paper.write_text(to_pages(paper.read_text("utf-8")), encoding="utf-8")
    shutil.copytree(ROOT / "site" / "static", folder / "static")
    for name in ("conf.py", "docs.md"):
        shutil.copy(ROOT / "site" / name, folder)
    known, lacking = set(grids), []
    for path in notebooks():
        book = nbformat.read(path, as_version=4)
        has_explorer = prepared(book, path, known)
        if has_explorer and path.stem not in known:
            lacking.append(path.stem)
        nbformat.write(book, folder / path.relative_to(ROOT))
    _front_page(folder, known)
    _api(folder / "api")
    return lacking


def to_pages(text: str) -> str:
    """Return a paper whose link to the folder of the lessons leads to their list."""
    return re.sub(r"\]\(\.\./notebooks/?\)", "](../notebooks/index.md)", text)


def notebooks() -> list[Path]:
    """Return the lessons, exercises and solutions, each folder in order."""
    return [path for name in FOLDERS for path in sorted((ROOT / name).glob("*.ipynb"))]


def prepared(book: Any, path: Path, grids: Iterable[str]) -> bool:
    """Make a notebook a page; return whether it has an explorer.

    Outputs that answer a guess are folded, pictures get a text, and where an explorer
    stands, the page's script finds a place.
    """
    cells, has_explorer = [], False
    for cell in book.cells:
        cells.append(cell)
        if cell.cell_type != "code":
            continue
        _describe(cell)
        if GUESSED in cell.source:
            _fold(cell)
        if _explores(cell) and path.parent.name == "notebooks":
            has_explorer = True
            if path.stem in grids:
                cells.append(place_of(path.stem))
    up = "../" * (len(path.relative_to(ROOT).parts) - 1)
    if path.parent.name != "exercises":
        cells.insert(1, nbformat.v4.new_markdown_cell(STORED % up, id="stored"))
    book.cells = cells
    return has_explorer


def _explores(cell: Any) -> bool:
    """Return whether a cell shows an explorer."""
    return any(one in cell.source for one in EXPLORERS)


def place_of(lesson: str) -> Any:
    """Return the cell in which the page's script builds the explorer of a lesson."""
    html = f'<section class="lead-grid" data-grid="{lesson}" aria-label="Explorer">'
    html += f"<noscript><p>{NO_SCRIPT}</p></noscript></section>"
    text = f"```{{raw}} html\n{html}\n```"
    return nbformat.v4.new_markdown_cell(text, id="explorer-without-kernel")


def _describe(cell: Any) -> None:
    """Give the picture of a cell a text, for who cannot see it."""
    if _explores(cell):
        text = next(
            ("".join(out.data["text/plain"]) for out in cell.outputs if "data" in out),
            "",
        )
        alt = f"The explorer as it stands at first. {' '.join(text.split())}"
    else:
        drawn = [name.replace("_", " ") for name in DRAWING.findall(cell.source)]
        label = re.search(r"(?:label|title)=\"([^\"]+)\"", cell.source)
        about = f": {label[1]}" if label else ""
        alt = f"Picture of {' and '.join(drawn) or 'the result'}{about}"
    said = cell.metadata.setdefault("mystnb", {})
    said["image"] = {"alt": alt.replace('"', "'")}


def _fold(cell: Any) -> None:
    """Put what a cell put out behind a click."""
    cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-output"]
    said = cell.metadata.setdefault("mystnb", {})
    said["code_prompt_show"] = PROMPT["show"]
    said["code_prompt_hide"] = PROMPT["hide"]


def _front_page(folder: Path, grids: Iterable[str]) -> None:
    """Write the pages that list others, from the lessons' own words."""
    lessons = [path for path in notebooks() if path.parent.name == "notebooks"]
    others = [path for path in notebooks() if path.parent.name != "notebooks"]
    told = "\n".join(f"- {told_of(path, grids)}" for path in lessons)
    beside = told.replace("(notebooks/", "(")
    names = "\n".join(path.stem for path in lessons)
    inside = "\n".join(f"{path.parent.name}/{path.stem}" for path in others)
    _filled("index.md", folder / "index.md", LESSONS=told)
    _filled("course.md", folder / "notebooks/index.md", LESSONS=beside, NAMES=names)
    _filled("exercises.md", folder / "notebooks/exercises.md", NAMES=inside)


def _filled(name: str, path: Path, **places: str) -> None:
    """Write a page of `site/`, with its words in capitals replaced."""
    text = (ROOT / "site" / name).read_text(encoding="utf-8")
    for place, words in places.items():
        text = text.replace(place, words)
    path.write_text(text, encoding="utf-8")


def told_of(path: Path, grids: Iterable[str] = ()) -> str:
    """Return a lesson's title, as a link, its first line, and if it has sliders."""
    first = nbformat.read(path, as_version=4).cells[0].source
    title = re.search(r"^# (.+)$", first, flags=re.MULTILINE)
    under = re.search(r"^\*(.+?)\*$", first, flags=re.MULTILINE | re.DOTALL)
    name = title[1] if title else path.stem
    about = " ".join(under[1].split()) if under else ""
    about = re.sub(r"\]\((?!http)", "](notebooks/", about)
    sliders = " *With sliders.*" if path.stem in grids else ""
    return f"**[{name}](notebooks/{path.name})** {about}".rstrip() + sliders


def _api(folder: Path) -> None:
    """Write a page for the names at the top, and one for each room."""
    folder.mkdir()
    homes = sorted(name for name in sl.__all__ if name not in sl._ROOMS)  # noqa: SLF001
    rooms = sorted(sl._ROOMS)  # noqa: SLF001
    names = "\n".join(f"simlib.{room}" for room in rooms)
    top = "\n".join(f"{_directive(name)}:: simlib.{name}" for name in homes)
    _filled("api.md", folder / "index.md", NAMES=names)
    (folder / "top.rst").write_text(f"simlib\n======\n\n{top}\n", "utf-8")
    for room in rooms:
        (folder / f"simlib.{room}.rst").write_text(room_page(room), "utf-8")


def _directive(name: str) -> str:
    kind = "autoclass" if isinstance(getattr(sl, name), type) else "autofunction"
    return f".. {kind}"


def room_page(room: str) -> str:
    """Return the page of a room: what it is, and its public names."""
    title = f"simlib.{room}"
    options = "   :members:\n"
    if hasattr(getattr(sl, room), "__all__"):  # else what it imports would be there
        options += "   :imported-members:\n"
    return f"{title}\n{'=' * len(title)}\n\n.. automodule:: {title}\n{options}"
