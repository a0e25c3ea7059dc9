"""The exercises are built from the solutions, and nothing of the answers is left."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"


def _tool() -> ModuleType:
    path = ROOT / "tools" / "make_exercises.py"
    spec = importlib.util.spec_from_file_location("make_exercises", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tool = _tool()
SOLUTIONS = tool.solution_paths(NOTEBOOKS)


def _solution() -> nbformat.NotebookNode:
    ran = new_code_cell("leads = 100\n# solution\nleads = 170", id="try")
    ran.execution_count = 1
    ran.outputs = [new_output("stream", text="170\n")]
    answer = new_markdown_cell("It is 170.", id="why", metadata={"tags": ["solution"]})
    return new_notebook(cells=[new_markdown_cell("Which?", id="ask"), ran, answer])


def test_an_exercise_keeps_questions_and_loses_answers():
    """Text and given code stay; the marked code, tagged cells and outputs go."""
    cells = tool.exercise_of(_solution()).cells
    assert [(cell.id, cell.source) for cell in cells] == [
        ("ask", "Which?"),
        ("try", f"leads = 100\n{tool.PLACEHOLDER}"),
    ]
    assert cells[1].outputs == []


def test_an_exercise_has_its_own_heading_and_link():
    """The solution sends its reader to the exercise, and the exercise back."""
    link = "Try the [exercises](../exercises/01_a_ex.ipynb) first."
    assert tool.introduced(f"# 01 Topic: solutions\n\n{link}") == (
        "# 01 Topic: exercises\n\nWhen you have your answers, compare them with the\n"
        "[solutions](../solutions/01_a_sol.ipynb)."
    )


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_no_solution_links_to_itself(path: Path):
    """Each first cell calls itself what it is and links to the other notebook."""
    exercise = tool.exercise_path(path)
    for one, other in [(path, exercise), (exercise, path)]:
        title = nbformat.read(one, as_version=4).cells[0].source
        assert title.splitlines()[0].endswith(f": {one.parent.name}")
        assert f"(../{other.parent.name}/{other.name})" in title
        assert f"/{one.name})" not in title


def test_building_leaves_the_solution_alone():
    """The solution still holds its answer and its output afterwards."""
    solution = _solution()
    tool.exercise_of(solution)
    assert solution == _solution()


def test_code_without_a_marker_stays_whole():
    """A word 'solution' inside a line is no marker."""
    source = 'print("one solution")  # solution of mine'
    assert tool.without_answer(source) == source


def test_store_writes_what_check_asks_for(tmp_path: Path):
    """A stored exercise is current until its solution changes."""
    path = tmp_path / "solutions" / "01_topic_sol.ipynb"
    path.parent.mkdir()
    solution = _solution()
    nbformat.write(solution, path)
    assert not tool.is_current(path)
    assert tool.store(path) == tmp_path / "exercises" / "01_topic_ex.ipynb"
    assert tool.is_current(path)
    solution.cells[0].source = "Which one?"
    nbformat.write(solution, path)
    assert not tool.is_current(path)


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_stored_exercises_are_the_ones_that_are_built(path: Path):
    """Nobody has edited an exercise by hand or forgotten to build it again."""
    assert tool.is_current(path), f"run tools/make_exercises.py for {path.name}"


def test_each_exercise_has_its_solution():
    """There is no exercise without a solution, and no solution without one."""
    exercises = set((NOTEBOOKS / "exercises").glob("*.ipynb"))
    assert exercises == {tool.exercise_path(path) for path in SOLUTIONS}
