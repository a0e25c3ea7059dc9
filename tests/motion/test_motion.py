"""The widget: what it says, what it shows without a browser, what it refuses."""

from __future__ import annotations

import base64
import io
import re
from importlib import resources

import pytest
from logs import NOTHING, STORY
from PIL import Image

import simlib as sl
from simlib.errors import LogError, StudyError
from simlib.motion.widget import Motion

TEXTBOOK = {"horizon": 30}


@pytest.fixture(scope="module")
def run():
    """A month of the textbook funnel."""
    return sl.simulate(sl.load("textbook").changed(TEXTBOOK), seed=1)


def test_the_room_is_called_by_its_name(run):
    """`sl.motion(run)` works whether or not the room was imported before."""
    assert isinstance(sl.motion(run), Motion)


def test_it_says_what_it_shows_without_an_address():
    """Its text is the same in each session, so that a stored lesson can be compared."""
    assert "<Motion: 7 leads of 'run' over 10 days>" == repr(sl.motion(STORY))


def test_without_a_browser_there_is_a_picture(run):
    """Beside the live view stand a text and a picture for print, told in words too."""
    widget = sl.motion(run, by="kind")
    data, metadata = widget._repr_mimebundle_()
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))

    assert repr(widget) == data["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in data
    assert picture.width > 600
    assert "on day 30. The textbook" in metadata["image/png"]["alt"]


def test_two_worlds(run):
    """Two runs on the same buyers become two worlds with the names that were given."""
    other = sl.simulate(sl.load("textbook").changed({"horizon": 20}), seed=1)
    widget = sl.motion(run, other, names=("a month", "three weeks"))

    assert ["a month", "three weeks"] == [said["title"] for said in widget.worlds]
    assert len(widget.people) == len(run.log.leads)


def test_no_two_looks_are_the_same():
    """Up to 36 sources differ in colour or in shape, kinds in both."""
    from simlib import plots

    looks = [tuple(plots.mark_of(turn).values()) for turn in range(36)]

    assert 36 == len(set(looks))
    assert [4, 4] == [len(set(some)) for some in zip(*looks[:4], strict=True)]


def test_a_crm_log_has_no_kinds_to_show():
    """Of a log without kinds the widget names none."""
    assert [] == sl.motion(STORY.crm()).looks["kind"]


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (
            {"by": "sorce"},
            StudyError,
            "by 'sorce': it must be one of source, kind. Did",
        ),
        ({"most": 0}, StudyError, "most 0: at least 1 dot"),
        ({"run": "baseline"}, StudyError, "was given a str; make a run with"),
        ({"run": NOTHING}, LogError, "nobody came in this run"),
        ({"run": STORY.crm(), "by": "kind"}, LogError, "this log knows no kinds"),
        ({"other": STORY, "names": ("A", "A")}, StudyError, "two different names"),
        ({"other": 5}, StudyError, "was given a int"),
    ],
)
def test_what_is_refused(arguments, error, said):
    """What cannot be shown is refused in one line that says what can."""
    with pytest.raises(error, match=re.escape(said)):
        sl.motion(**{"run": STORY, **arguments})


def test_two_runs_have_the_same_buyers(run):
    """Runs with different seeds are not two worlds of the same buyers."""
    other = sl.simulate(sl.load("textbook").changed(TEXTBOOK), seed=2)

    with pytest.raises(StudyError, match=r"different buyers: seed 1.* and seed 2"):
        sl.motion(run, other)


def test_the_page_gets_text_only():
    """The script writes no markup, runs no text and asks no network."""
    script = resources.files("simlib.motion").joinpath("motion.js").read_text("utf-8")
    forbidden = r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\("
    forbidden += r"|https?:|fetch\(|XMLHttp|WebSocket|import[ (]"

    assert [] == re.findall(forbidden, script)
