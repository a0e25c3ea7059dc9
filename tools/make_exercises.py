"""Build the exercises from the solutions: only the solutions are ever edited.

In: notebooks/solutions/NAME_sol.ipynb. Out: notebooks/exercises/NAME_ex.ipynb. In a
code cell, a line that is the marker ``# solution`` cuts the rest of the cell away and
leaves a placeholder that runs. A cell with the tag ``solution`` is left out. The
heading and the link of the first cell become those of an exercise. It never runs a
notebook: what it writes has no outputs until the notebooks are run and stored.
"""

from __future__ import annotations

import argparse
import copy
import re
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from simlib.files import written_safely

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
MARKER = "# solution"
TAG = "solution"
PLACEHOLDER = "# Your answer goes here."
HEADING = re.compile(r"^(# .*): solutions$", re.MULTILINE)
LINK = re.compile(r"Try the \[exercises\]\(\.\./exercises/(\w+)_ex\.ipynb\) first\.")
LINKED = r"""When you have your answers, compare them with the
[solutions](../solutions/\1_sol.ipynb)."""


def exercise_of(solution: NotebookNode) -> NotebookNode:
    """Return the exercise of a solution; the solution stays as it is.

    Parameters
    ----------
    solution : NotebookNode
        Version 4, with cell ids.

    Returns
    -------
    NotebookNode
        The same cells with the same ids, without answers, outputs and counts.
    """
    exercise = copy.deepcopy(solution)
    exercise.cells = [cell for cell in exercise.cells if not _is_answer(cell)]
    exercise.cells[0].source = introduced(exercise.cells[0].source)
    for cell in exercise.cells:
        if cell.cell_type == "code":
            cell.source = without_answer(cell.source)
            cell.outputs = []
            cell.execution_count = None
    return exercise


def without_answer(source: str) -> str:
    """Return a code cell's text up to the marker, and a placeholder after it."""
    lines = source.splitlines()
    cut = next((n for n, line in enumerate(lines) if line.strip() == MARKER), None)
    if cut is None:
        return source
    return "\n".join([*lines[:cut], PLACEHOLDER])


def introduced(title: str) -> str:
    """Return a solution's first text under the exercise's heading, with its link."""
    return LINK.sub(LINKED, HEADING.sub(r"\1: exercises", title))


def says_the_same(one: NotebookNode, other: NotebookNode) -> bool:
    """Return whether two notebooks hold the same cells, whatever they put out."""
    return [_said(cell) for cell in one.cells] == [_said(cell) for cell in other.cells]


def exercise_path(solution: Path) -> Path:
    """Return where the exercise of a solution belongs."""
    name = solution.name.removesuffix("_sol.ipynb") + "_ex.ipynb"
    return solution.parent.parent / "exercises" / name


def solution_paths(notebooks: Path = NOTEBOOKS) -> list[Path]:
    """Return every solution, in the order of their names."""
    return sorted((notebooks / "solutions").glob("*_sol.ipynb"))


def is_current(solution: Path) -> bool:
    """Return whether the stored exercise is the one that its solution makes."""
    target = exercise_path(solution)
    built = exercise_of(nbformat.read(solution, as_version=4))
    if not target.exists():
        return False
    return says_the_same(built, nbformat.read(target, as_version=4))


def store(solution: Path) -> Path:
    """Write the exercise of a solution under its name, and return the path."""
    target = exercise_path(solution)
    target.parent.mkdir(parents=True, exist_ok=True)
    built = exercise_of(nbformat.read(solution, as_version=4))
    with written_safely(target) as temporary:
        nbformat.write(built, temporary)
    return target


def main(arguments: list[str] | None = None) -> int:
    """Build what is out of date, or with --check only say so; return the exit code."""
    parser = argparse.ArgumentParser(description="Build exercises from solutions.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1")
    check = parser.parse_args(arguments).check
    stale = [path for path in solution_paths() if not is_current(path)]
    for path in stale:
        what = f"{exercise_path(path).name} is out of date" if check else store(path)
        print(what)
    return int(check and bool(stale))


def _is_answer(cell: NotebookNode) -> bool:
    return TAG in cell.metadata.get("tags", [])


def _said(cell: NotebookNode) -> tuple[str, str, str, tuple[str, ...]]:
    tags = tuple(cell.metadata.get("tags", []))
    return cell.get("id", ""), cell.cell_type, cell.source, tags


if __name__ == "__main__":
    sys.exit(main())
