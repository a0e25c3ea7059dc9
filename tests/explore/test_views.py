"""Views: what stands in a picture can be read, with A and B and many names as well."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest

import simlib as sl
from simlib.explore.views import BY_SOURCE, VIEWS
from simlib.plots import worlds as pictures

PEOPLE = "teams.sdr.people"


@pytest.fixture(scope="module")
def worlds():
    """Two worlds of a firm with two teams and long names of stages."""
    firm = sl.load("baseline").changed({"horizon": 200})
    explorer = sl.explore(firm, [PEOPLE], ["waits"], 2, 1)
    explorer.hold()
    explorer.controls[PEOPLE].value = 3
    return explorer.session.worlds


@pytest.mark.parametrize("name", ["waits", "ladder", "months", "ages"])
def test_names_lie_below_the_title_and_not_on_each_other(worlds, name):
    """At the ends of lines there is room for every name."""
    ax = VIEWS[name].draw(worlds)
    ax.figure.canvas.draw()
    title = ax._left_title.get_window_extent()
    names = sorted((one.get_window_extent() for one in ax.texts), key=lambda b: b.y0)

    assert names
    assert names[-1].y1 <= title.y0
    assert all(low.y1 <= high.y0 for low, high in pairwise(names))


@pytest.mark.parametrize("name", VIEWS)
def test_the_names_of_steps_lie_above_the_name_of_their_axis(worlds, name):
    """No word below an axis lies on another one, however they are turned."""
    ax = VIEWS[name].draw(worlds)
    ax.figure.canvas.draw()
    label = ax.xaxis.label.get_window_extent()
    steps = [one.get_window_extent() for one in ax.get_xticklabels() if one.get_text()]

    assert steps
    assert min(one.y0 for one in steps) >= label.y1 - 1


def test_numbers_of_luck_lie_on_no_mark_of_another_row():
    """Six sources in one picture: each number stands below the row above it."""
    names = "abcdef"
    same = pd.DataFrame({"world": list(names) * 20, "value": [5.0, 6.0] * 60})
    ax = pictures.spread(same, pictures.quick_axes())
    ax.figure.canvas.draw()
    numbers = [text.get_window_extent() for text in ax.texts]
    marks = [
        ax.transData.transform(line.get_xydata())[:, 1].min() - line.get_markersize()
        for line in ax.lines
    ]

    assert len(numbers) == len(marks) == len(names)
    assert all(one.y1 <= above for above, one in pairwise_down(marks, numbers))


def pairwise_down(marks, numbers):
    """Return where each row's marks begin, with the number of the row below it."""
    return zip(marks[:-1], numbers[1:], strict=True)


def test_luck_leaves_out_who_only_causes():
    """Ads that nobody answers bring no name; who does is not said to be the cause."""
    ads = sl.load("unfunded_demand").changed({"market.buyers": 500, "horizon": 200})
    ads = ads.changed({"sources.content.meets.by": "touches"})
    explorer = sl.explore(ads, [], ["luck"], 2, 1)
    ax = VIEWS["luck"].draw(explorer.session.worlds)
    rows = [text.get_text() for text in ax.get_yticklabels()]

    assert "content" in ads.sources
    assert "content" not in rows
    assert ax.get_xlabel() == BY_SOURCE
