"""Each lesson with sliders in JupyterLab: run it, move it, on a desk and on a phone.

Slow. With PICTURES set to a folder, screenshots are left there to be looked at.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import nbformat
import pytest
from browser import lab

pytestmark = [pytest.mark.slow, lab.needs_browser]

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
LESSONS = sorted(
    path.stem
    for path in NOTEBOOKS.glob("*.ipynb")
    if "sl.explore(" in path.read_text(encoding="utf-8")
)
MOVING = sorted(
    path.stem
    for path in NOTEBOOKS.glob("*.ipynb")
    if "sl.motion(" in path.read_text(encoding="utf-8")
)
PICTURE, STATUS = "img.lead-explore-picture", ".lead-explore-status"
DESK = {"width": 1280, "height": 1000}
PHONE = {"width": 390, "height": 844}
# The last cell has been run.
IS_DONE = """(count) => {
    const prompts = [...document.querySelectorAll('.jp-InputPrompt')];
    return prompts.some((prompt) => prompt.textContent.trim() === `[${count}]:`);
}"""
IS_AT_ITS_END = "it => Number(it.value) + Number(it.step) > Number(it.max)"
FAILURES = (
    ".jp-Notebook [data-mime-type='application/vnd.jupyter.error'], "
    ".jp-Notebook [data-mime-type='application/vnd.jupyter.stderr']"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the lessons of this module are opened."""
    return tmp_path_factory.mktemp("lessons")


@pytest.fixture(scope="module")
def address(folder):
    """A JupyterLab on that folder."""
    with lab.server(folder) as served:
        yield served


@pytest.fixture
def opened(address, folder, request):
    """A lesson with all of its cells run, in a kernel of its own."""
    book = nbformat.read(NOTEBOOKS / f"{request.param}.ipynb", 4)
    cells = [cell for cell in book.cells if cell["cell_type"] == "code"]
    for cell in cells:  # a count of the stored run would look like one of this run
        cell.update(execution_count=None, outputs=[])
    # A name that was opened before would be given the kernel of then.
    name = f"{request.function.__name__}_{request.param}.ipynb"
    nbformat.write(book, folder / name)
    with lab.browser(viewport=DESK) as page:
        seen = lab.Page(page, address)
        seen.run_all(name)
        page.wait_for_function(IS_DONE, arg=len(cells), timeout=180_000)
        yield seen


def left_to_look_at(page, name):
    """Leave a screenshot where somebody asked for one."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def overflow(place):
    """Return by how many pixels something is wider than its room."""
    return place.evaluate("it => Math.max(0, it.scrollWidth - it.clientWidth)")


@pytest.mark.parametrize("opened", LESSONS, indirect=True)
def test_a_lesson_runs_and_its_sliders_move_the_picture(opened, request):
    """No cell fails; keys move every slider and the picture; nobody is kept out."""
    page, name = opened.page, request.node.callspec.params["opened"]
    explorer = page.locator(".lead-explore")
    explorer.scroll_into_view_if_needed()
    picture = explorer.locator(PICTURE)
    status = explorer.locator(STATUS)
    left_to_look_at(page, f"{name}_1280")
    first = picture.get_attribute("src")
    for slider in explorer.get_by_role("slider").all():
        before = status.inner_text()
        slider.press("ArrowLeft" if slider.evaluate(IS_AT_ITS_END) else "ArrowRight")
        page.wait_for_function(
            "([at, was]) => document.querySelector(at).innerText !== was",
            arg=[STATUS, before],
        )
    status.filter(has_text=re.compile(r"^\d+ runs, seed 1\. (?!as given)")).wait_for()
    moved = picture.get_attribute("src")
    explorer.get_by_role("button", name="Hold this run as A").click()
    explorer.get_by_role("button", name="Reset").click()
    explorer.get_by_role("columnheader", name="B minus A").wait_for()
    status.filter(has_text="the same buyers in A and B. as given.").wait_for()
    left_to_look_at(page, f"{name}_held")
    wide = lab.barriers(page, ".lead-explore")
    page.set_viewport_size(PHONE)
    explorer.scroll_into_view_if_needed()
    left_to_look_at(page, f"{name}_390")

    assert ([], [], 0) == (
        wide,
        lab.barriers(page, ".lead-explore"),
        overflow(explorer),
    )
    assert first != moved
    assert 0 == page.locator(FAILURES).count()
    assert ([], []) == (opened.errors, opened.strangers)


@pytest.mark.parametrize("opened", MOVING, indirect=True)
def test_both_worlds_of_a_lesson_move_together(opened, request):
    """Dots in two worlds by one clock: a key moves it, and a life is told in both."""
    page, name = opened.page, request.node.callspec.params["opened"]
    root = page.locator(".lead-motion")
    root.scroll_into_view_if_needed()
    slider = root.get_by_role("slider", name="Day")
    slider.press("End")
    slider.press("Home")
    root.get_by_role("button", name="Play").press("Enter")
    root.get_by_role("button", name="Pause").press("Enter")
    root.get_by_role("button", name="Next who is won").click()
    root.locator("ol").first.wait_for()
    left_to_look_at(page, f"{name}_motion_1280")
    wide = lab.barriers(page, ".lead-motion")
    page.set_viewport_size(PHONE)
    root.scroll_into_view_if_needed()
    left_to_look_at(page, f"{name}_motion_390")

    assert 2 == root.locator("ol").count()
    assert ([], [], 0) == (wide, lab.barriers(page, ".lead-motion"), overflow(root))
    assert ([], []) == (opened.errors, opened.strangers)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_that_nobody_ran_shows_its_still_picture(name):
    """Before any cell is run, the explorer's place holds a picture and its figures."""
    cells = nbformat.read(NOTEBOOKS / f"{name}.ipynb", 4).cells
    data = [
        output["data"]
        for cell in cells
        if "sl.explore(" in cell["source"]
        for output in cell["outputs"]
        if "data" in output
    ]

    assert [True] == ["image/png" in one for one in data]
    assert data[0]["text/plain"].startswith("Explorer of ")
