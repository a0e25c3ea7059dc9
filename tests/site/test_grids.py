"""The settings that the site's explorers stop at, and what is computed of them."""

from __future__ import annotations

import copy
import json
import math
from pathlib import Path

import pytest

import simlib as sl
from simlib.errors import SimlibError
from tools import site_grids
from tools.site_grids import (
    data_of,
    entries,
    explorer_in,
    grid_of,
    rounded,
    script_of,
    written,
)

ROOT = Path(__file__).resolve().parents[2]
LEADS, RATE = "sources.website.leads.per_month", "stages.captured.next.sql.rate"
SMALL = {
    "scenario": "textbook",
    "seed": 1,
    "replications": 4,
    "controls": {
        LEADS: {"label": "leads a month", "values": [50, 100]},
        RATE: {"label": "leads that qualify", "values": [0.1, 0.2, 0.4]},
    },
    "pictures": ["luck"],
    "figure": "customers",
}


@pytest.fixture(scope="module")
def data():
    """What is computed of a small grid."""
    return data_of(grid_of("small", SMALL))


def changed(path, value):
    """Return the small grid with another value at a path; None takes it away."""
    entry = copy.deepcopy(SMALL)
    *parents, last = path
    place = entry
    for key in parents:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return entry


def test_the_last_control_varies_fastest(data):
    """Runs stand one setting after the other, as `replicate` gives them."""
    points = [{LEADS: n, RATE: rate} for n in (50, 100) for rate in (0.1, 0.2, 0.4)]
    firm = sl.load("textbook")
    runs = [sl.replicate(firm.changed(p), 4, 1).values("customers") for p in points]

    assert data["values"]["customers"] == [int(one) for each in runs for one in each]


def test_a_control_says_what_a_slider_needs(data):
    """Label, texts, numbers for an axis, what the range stands on, and the start."""
    behind = data["controls"][1].pop("behind")
    said = {
        "path": RATE,
        "label": "leads that qualify",
        "values": [0.1, 0.2, 0.4],
        "texts": ["10%", "20%", "40%"],
        "numbers": [10, 20, 40],
        "unit": "%",
        "evidence": "weak evidence (C)",
        "start": 0,
    }

    assert said == data["controls"][1]
    assert "[V13]" in behind


def test_what_can_be_worked_out_is_not_stored(data):
    """A ratio of two figures has no series, and a series like another is its name."""
    values = data["values"]

    assert "conversion.lead_to_customer" in {one["metric"] for one in data["figures"]}
    assert "conversion.lead_to_customer" not in values
    assert values["reached.captured"] == "leads"


def test_student_points_are_those_of_studies(data):
    """With them a script finds the interval that `studies.interval` gives."""
    values = sl.replicate(sl.load("textbook"), 4, 1).values("customers")
    found = sl.studies.interval(values)
    half = data["student"][2] * values.std(ddof=1) / math.sqrt(4)

    assert found.high - found.mean == pytest.approx(half, rel=1e-5)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (3.0, 3),
        (3_156_465.123, 3_156_465.12),
        (0.123456, 0.12346),
        (1_234_567.0, 1_234_567),
        (math.nan, None),
        (math.inf, None),
    ],
)
def test_numbers_are_short(number, expected):
    """Whole numbers stay, others get five digits or cents, an undefined one is None."""
    assert rounded(number) == expected
    assert type(rounded(number)) is type(expected)


def test_no_text_ends_the_script():
    """A name that looks like HTML stays text, and comes back as it was."""
    nasty = "</script><script>alert(1)//--><!--\u2028'\"\\"
    script = script_of(nasty, {"label": nasty})
    _, key, text = script.split("\n", 1)[1].rstrip(";\n").partition("[")
    name, _, data = text.partition("] = ")

    assert not set("<>&\u2028") & set(script)
    assert (key, json.loads(data)) == ("[", {"label": nasty})
    assert json.loads(name) == nasty


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (["scenario"], "textbok", "Did you mean 'textbook'"),
        (["figure"], None, "see figure"),
        (["pictures"], ["pie"], "pictures are any of"),
        (["controls", LEADS, "values"], [50, 150], "own 100.0 must be there"),
        (["controls", LEADS, "values"], [100, 50], "values must ascend"),
        (["controls", LEADS, "values"], list(range(1, 999)), "2994 points"),
        (["controls", "teams.sdr.people"], {"label": "x", "values": [1]}, "teams"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(path, value, complaint):
    """The message names the place and what may stand there."""
    with pytest.raises(SimlibError, match=complaint):
        grid_of("small", changed(path, value))


def test_nothing_is_computed_twice(tmp_path):
    """A second call finds the file; another setting in the grid computes it anew."""
    tiny = changed(["controls"], {LEADS: {"label": "leads", "values": [100]}})
    more = changed(["controls"], {LEADS: {"label": "leads", "values": [100, 200]}})
    first, was_there = written(grid_of("tiny", tiny), tmp_path)
    again, is_there = written(grid_of("tiny", tiny), tmp_path)
    before = first.read_text("utf-8")
    _, is_same = written(grid_of("tiny", more), tmp_path)

    assert (first, False, True, False) == (again, was_there, is_there, is_same)
    assert [first] == list(tmp_path.iterdir())
    assert before != first.read_text("utf-8")


def test_what_a_lesson_has_changed_is_changed(data):
    """A grid may start from a scenario that the lesson made of a packaged one."""
    entry = {**SMALL, "changes": {"horizon": 30}}

    assert data["months"] == 12
    assert data_of(grid_of("small", entry))["months"] == pytest.approx(0.99)


def test_months_are_counted_run_by_run(data):
    """Where a picture shows them, each run's months add up to its customers."""
    months = data_of(grid_of("small", {**SMALL, "pictures": ["months"]}))

    assert "periods" not in data
    assert months["periods"]["unit"] == "month"
    assert {12} == {len(run) for run in months["periods"]["counts"]}
    assert data["values"]["customers"] == [
        sum(run) for run in months["periods"]["counts"]
    ]


def test_many_months_become_quarters():
    """Five years are twenty quarters."""
    entry = changed(["controls"], {LEADS: {"label": "leads", "values": [100]}})
    entry |= {"changes": {"horizon": 60 * 30.4375}, "pictures": ["months"]}
    periods = data_of(grid_of("long", entry))["periods"]

    assert ("quarter", {20}) == (periods["unit"], {len(x) for x in periods["counts"]})


def test_choices_are_said_in_words():
    """An order of work has no numbers, and is written as a reader would write it."""
    order = {"values": ["fifo", "hot_first"]}
    entry = changed(["controls"], {"teams.sdr.order": order})
    said = data_of(grid_of("desk", {**entry, "scenario": "flood_300"}))["controls"]

    assert ["first come, first served", "who looks hot first"] == said[0]["texts"]
    assert said[0]["numbers"] is None


FROM_FILES = [name for name, one in entries().items() if one["scenario"] != "lesson"]


@pytest.mark.parametrize("lesson", FROM_FILES)
def test_a_grid_is_the_explorer_of_its_lesson(lesson):
    """It moves what the lesson moves, in the same scenario, with the same luck."""
    grid = grid_of(lesson, entries()[lesson])
    text = (ROOT / "notebooks" / f"{lesson}.ipynb").read_text("utf-8")
    cells = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    (cell,) = [cell for cell in cells if "sl.explore(" in cell]

    lesson = "\n".join(cells)
    steps = [control.path.rsplit(".", 1)[1] for control in grid.controls]

    assert [] == [step for step in steps if step not in lesson]
    assert f'sl.load("{grid.scenario_name}")' in lesson
    assert f"seed={grid.seed}" in cell


@pytest.fixture
def taught(tmp_path, monkeypatch):
    """The grid of a lesson that makes a firm of its own, in a folder of lessons."""
    code = """import simlib as sl
firm = sl.load("small_business").changed({"market.buyers": 300, "horizon": 60})
sl.lab.sliders(firm, replications=2, seed=5)
"""
    cell = {"cell_type": "code", "source": code}
    (tmp_path / "own.ipynb").write_text(json.dumps({"cells": [cell]}), "utf-8")
    monkeypatch.setattr(site_grids, "LESSONS", tmp_path)
    monkeypatch.setattr(site_grids, "explorer_in", explorer_in.__wrapped__)
    entry = {**SMALL, "scenario": "lesson", "seed": 5, "replications": 2}
    volume = {"label": "names caught", "values": ["own", 2]}
    return {**entry, "controls": {"volume": volume, "gating": {"values": ["own"]}}}


def test_a_grid_may_be_what_its_lesson_makes(taught):
    """The lesson's scenario, and the dials of its explorer, from where they stand."""
    grid = grid_of("own", taught)

    assert ("volume", "names caught", [1.0, 2]) == (
        grid.controls[0].path,
        grid.controls[0].label,
        grid.values[0],
    )
    assert [["selective"], 60] == [grid.values[1], grid.scenario.horizon]


def test_a_dial_that_the_lesson_lacks_is_refused(taught):
    """The message names what its explorer has."""
    taught["controls"]["teams"] = {"values": ["own"]}
    with pytest.raises(SimlibError, match="no teams; it has gating, demand, volume"):
        grid_of("own", taught)


@pytest.mark.slow
@pytest.mark.parametrize("lesson", sorted({*entries()} - {*FROM_FILES}))
def test_a_grid_of_a_lesson_has_its_seed_and_its_runs(lesson):
    """So that the site begins with the figures that the lesson stores."""
    grid, session = grid_of(lesson, entries()[lesson]), explorer_in(lesson).session

    assert (grid.seed, grid.replications) == (session.seed, session.replications)
