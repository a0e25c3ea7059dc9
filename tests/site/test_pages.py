"""The pages of the site: what a lesson becomes there."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tools.make_site import named_by_its_words
from tools.site_pages import (
    PROMPT,
    notebooks,
    prepared,
    room_page,
    set_out,
    to_pages,
    told_of,
)

ROOT = Path(__file__).resolve().parents[2]
LESSON = ROOT / "notebooks" / "01_leaky_bucket.ipynb"
EXERCISE = ROOT / "notebooks" / "exercises" / "01_leaky_bucket_ex.ipynb"
PICTURE = {"image/png": "", "text/plain": "Explorer of 'X':\n  leads: 3"}


def book_of(*sources):
    """Return a notebook: a title, and code cells that each show a picture."""
    book = nbformat.v4.new_notebook()
    book.cells = [nbformat.v4.new_markdown_cell("# Title")]
    for source in sources:
        output = nbformat.v4.new_output("display_data", PICTURE)
        book.cells.append(nbformat.v4.new_code_cell(source, outputs=[output]))
    return book


def test_an_answer_is_folded_until_the_guess_is_made():
    """The output of a cell that answers a guess stands behind a click, others not."""
    book = book_of("sl.course.reveal(my_guess, 3)", "ax = sl.plots.funnel(stages)")
    prepared(book, LESSON, [])
    answer, other = book.cells[2:]

    assert answer.metadata["tags"] == ["hide-output"]
    assert answer.metadata["mystnb"]["code_prompt_show"] == PROMPT["show"]
    assert "tags" not in other.metadata


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("ax = sl.plots.funnel(stages)", "Picture of funnel"),
        ("ax = sl.plots.counts(x, label=\"a 'b'\")", "Picture of counts: a 'b'"),
        ("firm.draw()", "Picture of the result"),
        (
            "sl.explore(firm)",
            "The explorer as it stands at first. Explorer of 'X': leads: 3",
        ),
    ],
)
def test_every_picture_is_told_in_words(source, expected):
    """What a cell draws is its text; an explorer's figures are told as well."""
    book = book_of(source)
    prepared(book, LESSON, [])

    assert book.cells[2].metadata["mystnb"]["image"]["alt"] == expected


def test_an_explorer_gets_its_place_where_its_grid_is():
    """After the cell that shows it, and only in a lesson that was computed."""
    book = book_of("sl.explore(firm)", "1")
    told = prepared(book, LESSON, [LESSON.stem])
    bare = book_of("sl.explore(firm)")
    told_bare = prepared(bare, LESSON, [])

    assert (True, True) == (told, told_bare)
    assert 'data-grid="01_leaky_bucket"' in book.cells[3].source
    assert "data-grid" not in "".join(cell.source for cell in bare.cells)


def test_an_exercise_says_nothing_of_folded_answers():
    """A lesson is told apart from what is worked on."""
    lesson, exercise = book_of("1"), book_of("1")
    prepared(lesson, LESSON, [])
    prepared(exercise, EXERCISE, [])

    assert "](../index.md#run-it-yourself)" in lesson.cells[1].source
    assert ["# Title", "1"] == [cell.source for cell in exercise.cells]


def test_a_lesson_is_listed_in_its_own_words():
    """Title and first line, with links that hold from the landing page."""
    assert told_of(LESSON, {LESSON.stem}) == (
        "**[01 The leaky bucket](notebooks/01_leaky_bucket.ipynb)** Twenty-five "
        "minutes. You need lesson [00](notebooks/00_start_here.ipynb) and no "
        "programming. *With sliders.*"
    )


def test_everything_is_set_out(tmp_path):
    """All notebooks, papers and rooms are pages; lessons without a grid are named."""
    stale = tmp_path / "out" / "stale.md"
    stale.parent.mkdir()
    stale.touch()
    lacking = set_out(tmp_path / "out", ["02_predictable_on_average"])
    pages = {path.relative_to(tmp_path / "out") for path in stale.parent.rglob("*.*")}
    papers = {path.relative_to(ROOT) for path in (ROOT / "docs").glob("*.md")}

    assert "01_leaky_bucket" in lacking
    assert "02_predictable_on_average" not in lacking
    assert {path.relative_to(ROOT) for path in notebooks()} | papers < pages
    assert {Path("index.md"), Path("api/simlib.funnel.rst"), Path("conf.py")} < pages
    assert not stale.exists()


def test_a_link_to_the_lessons_leads_to_their_list():
    """A folder has no page of its own; a link to a lesson stays as it is."""
    paper = "[all](../notebooks), [one](../notebooks/08_demand.ipynb)"

    assert to_pages(paper) == (
        "[all](../notebooks/index.md), [one](../notebooks/08_demand.ipynb)"
    )


def test_a_room_has_a_page():
    """Its title is as long as its line, which reStructuredText asks for."""
    title, line, *_ = room_page("funnel").splitlines()

    assert (title, len(title)) == ("simlib.funnel", len(line))


def test_what_is_folded_is_called_what_it_says():
    """A screen reader gets the words on the page, not a general label."""
    html = '<summary aria-label="Toggle hidden content"><p>Show</p></summary>'

    assert named_by_its_words(html) == "<summary><p>Show</p></summary>"
