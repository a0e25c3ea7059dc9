"""Run notebooks and store what they put out, so that the next diff shows real change.

In: notebooks, or folders of them. Out: the same files with fresh outputs and counts,
and without anything that differs from run to run or from machine to machine. A
notebook that fails stays as it was. It never changes what a cell says.

Usage: python tools/execute_notebooks.py notebooks [more.ipynb ...]
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from simlib.files import written_safely

SECONDS_A_CELL = 120
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
# What a cell may say about itself; the rest (timings, folding, scrolling) is noise.
CELL_METADATA = ("tags",)
# A view is the address of a widget in a kernel that is gone; its text stays.
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def main() -> int:
    """Execute what the command line names; return 1 if any notebook failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("places", nargs="+", type=Path, metavar="NOTEBOOK_OR_FOLDER")
    paths = notebooks_in(parser.parse_args().places)
    failed = [path for path in paths if not stored(path)]
    print(f"{len(paths) - len(failed)} of {len(paths)} notebooks ran and were stored")
    return 1 if failed else 0


def notebooks_in(places: Iterable[Path]) -> list[Path]:
    """Return the notebooks at some places, in order, without Jupyter's backups."""
    found: list[Path] = []
    for place in places:
        inside = sorted(place.rglob("*.ipynb")) if place.is_dir() else [place]
        found += [path for path in inside if ".ipynb_checkpoints" not in path.parts]
    return found


def stored(path: Path) -> bool:
    """Run one notebook and store it; say how it went and return whether it ran."""
    begun = time.perf_counter()
    # Not nbformat.read, which names cells by chance where they have no name.
    notebook = nbformat.v4.reads(path.read_text(encoding="utf-8"))
    named(notebook)
    try:
        executed(notebook, path.parent)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        print(f"{path}: failed, left as it was\n{error}", file=sys.stderr)
        return False
    tidied(notebook)
    with written_safely(path) as temporary:
        text = nbformat.writes(notebook) + "\n"
        temporary.write_text(text, encoding="utf-8", newline="\n")
    print(f"{path}: {time.perf_counter() - begun:.1f} s", flush=True)
    return True


def executed(notebook: NotebookNode, folder: Path) -> None:
    """Run every cell of a notebook in a new kernel that starts in `folder`."""
    client = NotebookClient(
        notebook,
        timeout=SECONDS_A_CELL,
        kernel_name=KERNEL["name"],
        resources={"metadata": {"path": str(folder)}},
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,
        # Or each kernel warns that it talks over TCP, here with itself.
        extra_arguments=["--IPKernelApp.log_level=40"],
    )
    client.execute()


def tidied(notebook: NotebookNode) -> None:
    """Take out of a notebook what would differ in the next run, in place."""
    notebook.metadata = NotebookNode(
        kernelspec=NotebookNode(KERNEL), language_info=NotebookNode(name="python")
    )
    for cell in notebook.cells:
        cell.metadata = NotebookNode(
            {key: cell.metadata[key] for key in CELL_METADATA if key in cell.metadata}
        )
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(WIDGET_VIEW, None)


def named(notebook: NotebookNode) -> None:
    """Give each cell that has no id, or another cell's, one of its own, in place."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    known = {cell.get("id") for cell in notebook.cells}
    seen: set[str] = set()
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.get("id") is None or cell.id in seen:
            names = (f"cell-{n:02}" for n in itertools.count(number))
            cell.id = next(name for name in names if name not in known | seen)
        seen.add(cell.id)


if __name__ == "__main__":
    sys.exit(main())
