"""Every notebook was run as it is stored, and keeps the rules of a lesson.

What the cells put out is compared with a fresh run by nbval (`make lessons`); here
are the rules that nbval does not see.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

from tools.execute_notebooks import notebooks_in, tidied

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
START = NOTEBOOKS / "00_start_here.ipynb"
PATHS = notebooks_in(sorted(NOTEBOOKS.rglob("*.ipynb")))
LESSONS = [path for path in PATHS if path.parent == NOTEBOOKS]
# Long enough to tell one thing, short enough for one sitting; the start is shorter.
CELLS = {START.name: range(8, 31)}
LESSON_CELLS = range(20, 31)
LONGEST_CELL = 15
SHORT_CELL = 8
SHORT_SHARE = 0.9
WORDS_PER_LINE = 10


def name(path):
    """Return what a notebook is called in a test's name."""
    return path.relative_to(NOTEBOOKS).as_posix()


@pytest.fixture(params=PATHS, ids=name)
def stored(request):
    """Every notebook, as it is stored."""
    return json.loads(request.param.read_text(encoding="utf-8"))


@pytest.fixture(params=LESSONS, ids=name)
def lesson(request):
    """Every lesson, as it is stored."""
    return json.loads(request.param.read_text(encoding="utf-8"))


def sources(notebook, kind):
    """Return the texts of a notebook's cells of a kind."""
    cells = (cell for cell in notebook["cells"] if cell["cell_type"] == kind)
    return ["".join(cell["source"]) for cell in cells]


def code_lines(source):
    """Return a cell's lines that are neither blank nor comment."""
    lines = (line.strip() for line in source.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def nodes(notebook):
    """Return every node of the Python of a notebook's code cells."""
    texts = sources(notebook, "code")
    return [node for text in texts for node in ast.walk(ast.parse(text))]


def outputs(notebook):
    """Return each stored output with the tags of its cell."""
    return [
        (output, cell["metadata"].get("tags", []))
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
    ]


def test_there_is_a_place_to_start():
    """The notebook that `make lab` opens is there."""
    assert START in LESSONS


def test_every_cell_was_run_in_order(stored):
    """Code cells count 1, 2, 3: nbval compares nothing where a count is missing."""
    cells = [cell for cell in stored["cells"] if cell["cell_type"] == "code"]
    counts = [cell["execution_count"] for cell in cells]

    assert list(range(1, len(cells) + 1)) == counts


def test_no_cell_failed(stored):
    """No error is stored, but where a cell is there to show one."""
    errors = [
        output["evalue"]
        for output, tags in outputs(stored)
        if output["output_type"] == "error" and "raises-exception" not in tags
    ]

    assert [] == errors


def test_stored_by_the_tool(stored):
    """It is as `make notebooks` writes it: nothing that would differ next time."""
    clean = nbformat.from_dict(stored)
    tidied(clean)

    assert json.loads(json.dumps(clean)) == stored


def test_cells_have_names_of_their_own(stored):
    """Each cell has an id, and no two share one."""
    ids = [cell.get("id") for cell in stored["cells"]]

    assert (False, len(ids)) == (None in ids, len(set(ids)))


def test_outputs_are_the_same_anywhere(stored):
    """No output fetches anything, runs a script, or shows an object's address."""
    suspect = r"<script|<iframe|\bsrc=[\"']?(?:https?:)?//|\bobject at 0x"
    texts = [json.dumps(output) for output, _ in outputs(stored)]

    assert [] == [text[:200] for text in texts if re.search(suspect, text)]


def test_pictures_are_png(stored):
    """Pictures are PNG: an SVG holds a date and random names."""
    kinds = {kind for output, _ in outputs(stored) for kind in output.get("data", {})}

    assert "image/svg+xml" not in kinds


def test_no_cell_is_long(stored):
    """No code cell has over 15 lines, and nine in ten have at most 8 of code."""
    cells = sources(stored, "code")
    too_long = [cell for cell in cells if len(cell.splitlines()) > LONGEST_CELL]
    short = [cell for cell in cells if len(code_lines(cell)) <= SHORT_CELL]

    assert [] == too_long
    assert len(short) >= SHORT_SHARE * len(cells)


def test_simlib_comes_in_by_the_front_door(stored):
    """A notebook says `import simlib as sl` and takes everything from there."""
    found = [
        ast.unparse(node)
        for node in nodes(stored)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and "simlib" in ast.unparse(node)
    ]

    assert {"import simlib as sl"} == set(found)


def test_a_lesson_defines_nothing(lesson):
    """Lessons call, the package does: no function, class or lambda under a name."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

    assert [] == [node.name for node in nodes(lesson) if isinstance(node, kinds)]


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_a_lesson_fits_one_sitting(path):
    """A lesson has 20 to 30 cells; the first one may have fewer."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]

    assert len(cells) in CELLS.get(path.name, LESSON_CELLS)


def test_a_lesson_tells_more_than_it_runs(lesson):
    """There are at least ten words of prose for each line of code."""
    words = sum(len(text.split()) for text in sources(lesson, "markdown"))
    lines = sum(len(code_lines(text)) for text in sources(lesson, "code"))

    assert words >= WORDS_PER_LINE * lines


def test_a_lesson_never_runs_three_cells_without_a_word(lesson):
    """Prose stands before every code cell, or before the one before it."""
    kinds = "".join(cell["cell_type"][0] for cell in lesson["cells"])

    assert "ccc" not in kinds
