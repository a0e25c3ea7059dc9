"""Notebooks are stored so that a second run changes nothing."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.execute_notebooks import main, named, notebooks_in, stored, tidied


@pytest.fixture
def lesson(tmp_path):
    """A notebook that prints, shows a table and a slider, and was never run."""
    slider = "import ipywidgets\nipywidgets.IntSlider()"
    cells = [
        new_markdown_cell("A question."),
        new_code_cell("print('one')\nprint('two')", metadata={"scrolled": True}),
        new_code_cell(slider, metadata={"tags": ["parameters"]}),
    ]
    path = tmp_path / "lesson.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def test_a_run_is_stored(lesson):
    """Outputs and counts are in the file, and a slider is there as its text."""
    assert stored(lesson)

    _, prints, slider = nbformat.read(lesson, as_version=4).cells
    text = [output.text for output in prints.outputs]
    data = [dict(output.data) for output in slider.outputs]
    assert (["one\ntwo\n"], [{"text/plain": "IntSlider(value=0)"}], 1, 2) == (
        text,
        data,
        prints.execution_count,
        slider.execution_count,
    )


def test_a_second_run_changes_nothing(lesson):
    """Run again, the file is the same to the byte: no times, no addresses, same ids."""
    stored(lesson)
    first = lesson.read_bytes()
    stored(lesson)

    assert first == lesson.read_bytes()


def test_a_failing_notebook_stays_as_it_was(tmp_path, monkeypatch, capsys):
    """An error in a cell is told, gives exit code 1, and leaves the file alone."""
    path = tmp_path / "broken.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("1 / 0")]), path)
    before = path.read_bytes()
    monkeypatch.setattr("sys.argv", ["execute_notebooks", str(tmp_path)])

    assert (1, before, [path]) == (main(), path.read_bytes(), list(tmp_path.iterdir()))
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_tidied_keeps_tags_only():
    """Cells keep their tags; timings, folding and foreign kernels go."""
    cell = new_code_cell(metadata={"tags": ["x"], "execution": {}, "collapsed": True})
    metadata = {"kernelspec": {"name": "mine", "display_name": "Mine"}, "widgets": {}}
    notebook = new_notebook(cells=[cell], metadata=metadata)
    tidied(notebook)

    assert ({"tags": ["x"]}, "python3", {"kernelspec", "language_info"}) == (
        notebook.cells[0].metadata,
        notebook.metadata.kernelspec.name,
        set(notebook.metadata),
    )


def test_named():
    """A cell with another's id or none gets one from its place; others keep theirs."""
    ids = [{"id": "a"}, {"id": "a"}, {"id": "cell-02"}, {}, {"id": "cell-04"}]
    notebook = nbformat.from_dict({"cells": ids})
    named(notebook)

    expected = ["a", "cell-03", "cell-02", "cell-05", "cell-04"]
    assert expected == [cell.id for cell in notebook.cells]


def test_a_widget_view_goes_and_its_text_stays():
    """The address of a widget in a dead kernel is not stored."""
    view = "application/vnd.jupyter.widget-view+json"
    data = {view: {"model_id": "1"}, "text/plain": "IntSlider(value=0)"}
    cell = new_code_cell(outputs=[new_output("display_data", data=data)])
    notebook = new_notebook(cells=[cell])
    tidied(notebook)

    assert {"text/plain": "IntSlider(value=0)"} == notebook.cells[0].outputs[0].data


def test_backups_are_no_notebooks(tmp_path):
    """Folders are searched in order, and Jupyter's own backups are passed over."""
    for name in ("b.ipynb", "a/c.ipynb", ".ipynb_checkpoints/b.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    assert [tmp_path / "a/c.ipynb", tmp_path / "b.ipynb"] == notebooks_in([tmp_path])
