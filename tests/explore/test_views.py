"""Views: what stands in a picture can be read, with A and B and many names as well."""

from __future__ import annotations

from itertools import pairwise

import pytest

import simlib as sl
from simlib.explore.views import VIEWS

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
