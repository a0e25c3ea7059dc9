"""Words and sources: every link and every mark leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from tools.execute_notebooks import notebooks_in

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
EVIDENCE = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
HEADINGS = re.findall(r"^#{2,} (.+)$", GLOSSARY, flags=re.MULTILINE)
SCENARIOS = sorted((ROOT / "simlib" / "scenarios").glob("*.yaml"))
LESSONS = notebooks_in([ROOT / "notebooks"])

MODEL = """
    buyer kind ready not-yet misfit junk source touch asset gating lead stage captured
    opportunity customer lost nurture transition leak team response-time scenario
    population engine run study marketing-qualified-lead sales-qualified-lead
"""
LISTED = """
    prospect contact ideal-customer-profile lead-to-customer-conversion-rate
    call-to-action lead-magnet top-middle-and-bottom-of-the-funnel five-steps
    first-party-data hand-raiser bant meddic account-based-marketing
    product-qualified-lead customer-acquisition-cost payback
    runway first-list half-life band check shock closed-form sobol-index tornado
    office-hours desk-month
"""
# Words that a newcomer stumbled over: a lesson that uses one links it.
LINKED = (
    "runway",
    "first list",
    "half-life",
    "band",
    "closed form",
    "tornado",
    "office hours",
    "desk month",
)


def _anchor(heading: str) -> str:
    """Return the anchor that GitHub and Jupyter make of a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


ANCHORS = [_anchor(heading) for heading in HEADINGS]


def test_no_two_entries_share_an_anchor():
    """A link to a word has one place to go."""
    assert len(set(ANCHORS)) == len(ANCHORS)


def test_every_word_of_the_model_has_an_entry():
    """The words of the model, and those that a marketer will look up, are there."""
    assert set((MODEL + LISTED).split()) <= set(ANCHORS)


def test_links_inside_the_glossary_lead_to_entries():
    """Every (#word) is an entry of this page."""
    assert set(re.findall(r"\]\(#([^)]+)\)", GLOSSARY)) <= set(ANCHORS)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_links_of_lessons_lead_to_entries(path: Path):
    """Every link from a notebook into docs/ has an entry and a file behind it."""
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    for target, anchor in re.findall(r"\]\(([^)#:\s]+)(?:#([^)]+))?\)", text):
        assert (path.parent / target).exists(), target
        if target.endswith("glossary.md") and anchor:
            assert anchor in ANCHORS, anchor


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lessons_link_the_words_that_newcomers_ask_about(path: Path):
    """Where the prose has such a word, its entry is one click away."""
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    used = {word for word in LINKED if re.search(rf"\b{word}s?\b", text)}
    linked = set(re.findall(r"glossary\.md#([\w-]+)", text))

    assert {_anchor(word) for word in used} <= linked


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_marks_in_scenarios_are_explained(path: Path):
    """Each mark such as [V8] in a packaged scenario has a row in docs/evidence.md."""
    brackets = re.findall(r"\[([^\]]*)\]", path.read_text(encoding="utf-8"))
    marks = {m for inner in brackets for m in re.findall(r"\b[SV]\d+\b", inner)}
    rows = set(re.findall(r"^\| ([SV]\d+) \|", EVIDENCE, flags=re.MULTILINE))
    assert marks <= rows


def test_marks_in_the_evidence_are_explained():
    """Each mark in the table of contested figures has a row of its own."""
    rows = set(re.findall(r"^\| ([SV]\d+) \|", EVIDENCE, flags=re.MULTILINE))
    cited = re.findall(r"\[((?:[SV]\d+(?:, )?)+)\]", EVIDENCE)
    marks = {mark for inner in cited for mark in inner.split(", ")}
    assert marks
    assert marks <= rows
