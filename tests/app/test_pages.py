"""Pages of the class app: what a lesson gives them, what a visitor gives them."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import nbformat
import pytest

import simlib as sl
from simlib.app import landing, pages_of, written
from simlib.app.pages import FIRMS, LAB, Page
from simlib.app.slices import explorer_of
from simlib.errors import SimlibError, StudyError
from simlib.explore import sharing
from simlib.explore.upload import scenario_of

LESSONS = Path(__file__).parents[2] / "notebooks"


def at_once(_: float, work) -> None:
    """Do what an explorer puts off."""
    work()


@pytest.fixture
def explorer():
    """An explorer of a small scenario."""
    return sl.explore(sl.load("holed_bucket"), replications=2, soon=at_once)


def test_a_page_takes_what_its_explorer_needs_and_nothing_else():
    """Studies and pictures of the lesson stay behind; changed names come along."""
    code = """
import simlib as sl
firm = sl.load("textbook")
study = sl.compare({"a": firm, "b": firm})
rate = {"ready": 1}
rate["junk"] = 0
print(study)
sl.explore(firm, [rate])
print("end")
"""
    before, call = explorer_of(code)

    assert before.splitlines() == [
        "import simlib as sl",
        "firm = sl.load('textbook')",
        "rate = {'ready': 1}",
        "rate['junk'] = 0",
    ]
    assert call == "sl.explore(firm, [rate])"


def test_a_lesson_without_an_explorer_has_no_page():
    """There is nothing to serve of it."""
    assert explorer_of("import simlib as sl\nsl.load('textbook')") is None


def test_a_page_may_give_a_name_another_value():
    """What stands in the notebook is replaced, wherever it is used."""
    code = """
import simlib as sl
firm = "mid_market"
lab = sl.load(firm)
sl.lab.sliders(lab)
"""

    assert ("import simlib as sl\nfirm = 'b2c'\nlab = sl.load(firm)") == (
        explorer_of(code, {"firm": "b2c"})[0]
    )


def test_each_lesson_with_an_explorer_has_a_page_and_each_scenario(tmp_path):
    """Every notebook that explores, the lab's firms, every scenario, and one's own."""
    explores = [
        path.stem
        for path in sorted(LESSONS.glob("*.ipynb"))
        if "sl.explore(" in path.read_text("utf-8")
    ]
    pages = pages_of(LESSONS)
    books = sorted(path.stem for path in written(pages, tmp_path).iterdir())

    assert len(explores) >= 7
    assert books == sorted(
        [f"lesson_{name}" for name in explores]
        + [f"lab_{firm}" for firm in FIRMS]
        + [f"scenario_{name}" for name in sl.scenario.names()]
        + ["your_own_scenario"]
    )
    for path in tmp_path.iterdir():
        nbformat.validate(nbformat.read(path, as_version=4))


def test_what_a_lesson_serves_runs():
    """The code of each lesson's page shows an explorer."""
    for page in pages_of(LESSONS):
        if page.kind == "lesson":
            body, last = page.code.rsplit("\n", 1)
            names: dict[str, object] = {}
            exec(compile(body, page.name, "exec"), names)
            if "folder" in names:  # in which lesson 14 writes its export
                names["folder"].cleanup()
            assert last.startswith("opened(")


def test_a_question_is_told_to_its_end():
    """Also where it takes two lines of the lesson; who asks one ends with its mark."""
    about = [page.about for page in pages_of(LESSONS) if page.kind == "lesson"]

    assert "When does a difference mean something?" in about
    assert [text for text in about if text and not text.endswith("?")] == []


def test_the_lab_has_a_page_for_each_of_its_firms():
    """The firms are those of the notebook's table, and each is what its page loads."""
    text = (LESSONS / f"{LAB}.ipynb").read_text("utf-8")
    pages = {page.name: page for page in pages_of(LESSONS) if page.kind == "lab"}

    assert list(pages) == [f"lab_{firm}" for firm in FIRMS]
    for firm in FIRMS:
        assert f"| `{firm}` |" in text
        assert f"firm = '{firm}'" in pages[f"lab_{firm}"].code
        assert sl.load(firm).description in pages[f"lab_{firm}"].about


def test_the_page_of_the_lab_turns_its_dials(monkeypatch):
    """Gating, demand, volume and people, on the firm of the page."""
    page = next(page for page in pages_of(LESSONS) if page.name == "lab_self_serve")
    monkeypatch.setenv("QUERY_STRING", "")
    names: dict[str, object] = {}
    body, last = page.code.replace("runs = 6", "runs = 1").rsplit("\n", 1)
    exec(compile(body, page.name, "exec"), names)
    shown = eval(last, names).children[1]

    assert shown.session.scenario == sl.load("self_serve")
    assert set(shown.controls) > {"gating", "demand", "volume"}


def test_markup_in_names_stays_text():
    """A title that is markup is shown, not run."""
    evil = Page("x", "<script>alert(1)</script>", '"><img src=x>', "", "lesson")
    page = landing([evil])

    assert "<script" not in page
    assert "<img" not in page


def test_a_link_holds_the_settings(explorer):
    """Who opens the link finds the sliders where they were."""
    path = next(iter(explorer.controls))
    explorer.controls[path].value += explorer.controls[path].step
    query = sharing.link_of(explorer).removeprefix("?")
    other = sl.explore(sl.load("holed_bucket"), replications=2, soon=at_once)
    shown = sharing.opened(other, query)

    assert other.settings == explorer.settings
    assert shown.children[0].value == ""


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("settings=" + "9" * 5000, "longer than 4,000"),
        ("settings={", "no JSON"),
        ("settings=[1]", "not those of an explorer"),
        ('settings={"values": {"name": "<b>x</b>"}}', "name"),
        ('settings={"values": {"teams.sdr.people": "many"}}', "teams.sdr.people"),
        ('settings={"code": {"run": 1}}', "unknown code"),
        ('settings={"view": "__class__"}', "there is funnel"),
    ],
)
def test_a_link_that_makes_no_sense_opens_the_start(explorer, query, said):
    """One sentence says why, escaped, and the explorer is where it begins."""
    before = explorer.settings
    told = sharing.opened(explorer, query).children[0].value

    assert said in told
    assert "<b>" not in told
    assert explorer.settings == before


def test_other_queries_are_none_of_ours():
    """A token in the address is no setting."""
    assert sharing.settings_of("token=abc") == {}


def test_the_figures_are_a_table_of_what_is_shown(explorer):
    """A row for each figure and world; letters in the SVG stay letters."""
    explorer.hold()
    files = sharing.files_of(explorer)
    rows = list(csv.DictReader(io.StringIO(files["csv"][1].decode("utf-8"))))

    assert {row["world"] for row in rows} == {"A (held)", "B (now)"}
    assert all(
        float(row["low_95"]) <= float(row["mean"]) <= float(row["high_95"])
        for row in rows
        if row["low_95"] != "nan"
    )
    assert files["png"][1].startswith(b"\x89PNG")
    assert b"captured" in files["svg"][1]


def test_the_panel_offers_three_files(explorer):
    """A click makes a link and PNG, SVG and CSV; their names are plain."""
    panel = sharing.panel(explorer)
    panel.children[0].click()
    made = panel.children[1].value

    assert made.count("download=") == 3
    assert 'download="The_holed_bucket.svg"' in made
    assert 'href="?settings=' in made


BOMB = b"a: &a [x, x, x, x, x, x, x, x, x, x]\n" + b"".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 10)}]\n".encode()
    for n in range(8)
)
HUGE = b"extends: textbook\nsources: {website: {leads: {per_month: 100000}}}\n"
CROWD = b"extends: gating\nmarket: {buyers: 900000}\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x" * 3_000_000, "3.0 MB; a scenario has 2 MB at most"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b"- 1\n- 2", "holds no scenario"),
        (BOMB, "unfolds to more than"),
        (b"extends: ../../../etc/passwd", "must be a packaged scenario"),
        (b"extends: /etc/passwd", "must be a packaged scenario"),
        (b"extends: [baseline]", "must be a packaged scenario"),
        (b"!!python/object/apply:os.system ['true']", "mine.yaml"),
        (b"extends: baselin", "Did you mean 'baseline'?"),
        (b"extends: textbook\nhorizont: 3", "horizont"),
        (HUGE, "on a shared machine"),
        (CROWD, "market.buyers: 900,000"),
    ],
)
def test_an_upload_is_checked_like_a_file(content, said):
    """What is no scenario, or too much for a class, is refused in one line."""
    with pytest.raises(SimlibError) as refused:
        scenario_of(content, "mine.yaml")

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_upload_that_is_right_is_a_scenario():
    """A file that extends a packaged scenario is that scenario, changed."""
    found = scenario_of(b"extends: textbook\nname: Mine\nhorizon: 90\n", "mine.yaml")

    assert (found.name, found.horizon) == ("Mine", 90)


def test_settings_that_nest_without_end_are_refused():
    """A hundred thousand brackets are no way to stop a kernel."""
    with pytest.raises(StudyError):
        sharing.settings_of("settings=" + "[" * 3999)
    assert json.dumps({}) == "{}"


def test_a_page_that_is_named_can_be_opened(tmp_path):
    """'Compare it with "The sales desk"' leads there, from the door and the page."""
    pages = [one for one in pages_of(None) if one.name == "scenario_round_robin"]
    folder = written(pages, tmp_path)
    text = (folder / "scenario_round_robin.ipynb").read_text("utf-8")

    assert "Compare it with [The sales desk](scenario_sales_desk.ipynb):" in text
    assert (
        'Compare it with <a href="voila/render/scenario_sales_desk.ipynb">'
        "The sales desk</a>:"
    ) in landing(pages)


@pytest.mark.parametrize("name", sl.names())
def test_what_a_door_says_is_on_no_page_only_in_a_file(name):
    """No key, choice or name of a scenario file: the page has labels and titles."""
    about = sl.load(name).description
    keys = re.findall(r"\b[a-z]+(?:[._][a-z]+)+\b|\b[fl]ifo\b|\bthe file\b", about)
    quoted = re.findall(r'"([^"]+)"', about)
    titles = {sl.load(each).name for each in sl.names()}

    assert [] == keys
    assert set(quoted) <= titles
