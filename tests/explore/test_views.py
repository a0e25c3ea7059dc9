"""Views: what stands in a picture can be read, with A and B and many names as well."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import simlib as sl
from simlib import plots
from simlib.explore.samples import Sample
from simlib.explore.views import BY_SOURCE, VIEWS, views_for
from simlib.plots import worlds as pictures
from simlib.scenario import steps

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


def seen(scenario, runs=2):
    """Return samples of a scenario as views take them, of one world."""
    sample = Sample(scenario, 1, runs)
    sample.run_some(60)
    return {"now": sample}


def small_market(name, **more):
    """Return a packaged market with fewer buyers, for a year."""
    few = {"market.buyers": 3000, "market.history": 30, "horizon": 365.25}
    return sl.load(name).changed(few | more)


def steps_of(ax):
    """Return what stands along a ladder."""
    return [text.get_text() for text in ax.get_xticklabels()]


def test_where_no_single_source_has_a_cost_all_have_one_together():
    """Ads pay and nobody answers them; who asks for sales costs nothing: one line."""
    worlds = seen(small_market("advertising"))
    ax = VIEWS["ladder"].draw(worlds)
    cac = worlds["now"].values("cac").mean()

    assert [f"all sources: {cac:,.0f}"] == [text.get_text() for text in ax.texts]
    assert pytest.approx(cac) == ax.lines[0].get_ydata()[-1]


def test_where_nobody_has_come_the_picture_says_so():
    """No axes without a line and without a word."""
    textbook = sl.load("textbook").changed({"sources.website.leads.per_month": 0})
    ax = VIEWS["ladder"].draw(seen(textbook))

    assert ["Nobody has come yet,\nso nobody has a cost"] == [
        text.get_text() for text in ax.texts
    ]


def test_a_ladder_ends_at_the_customer_whatever_the_order_of_the_file():
    """The file names captured and the newsletter after the customer; its end is CAC."""
    worlds = seen(sl.load("new_definition"))
    ax = VIEWS["ladder"].draw(worlds)
    cac = worlds["now"].values("cac").mean()

    assert ["lead", "mql", "sql", "opportunity", "customer"] == steps_of(ax)
    assert [f"all sources: {cac:,.0f}"] == [text.get_text() for text in ax.texts]


def test_steps_that_some_go_past_are_off_the_line():
    """Who raises a hand is never an MQL or SQL, whose cost may be above the next."""
    firm = small_market("mid_market")
    ax = VIEWS["ladder"].draw(seen(firm, 1))
    (line,), (hollow,) = ax.lines, ax.collections
    on = [steps_of(ax)[int(place)] for place in line.get_xdata()]
    off = [steps_of(ax)[int(place)] for place, _ in hollow.get_offsets()]

    assert ["lead", "opportunity", "customer"] == on
    assert ["asked", "mql", "sql"] == off
    assert list(line.get_ydata()) == sorted(line.get_ydata())


def test_a_line_that_ends_early_says_where():
    """A source without a customer ends at its last step, by name."""
    rows = [("a", "lead", 50.0), ("a", "customer", np.nan), ("b", "lead", 20.0),
            ("b", "customer", 900.0)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["source", "rung", "cost"])
    ax = plots.cost_ladder(table.assign(aside=False))

    assert {"a: 50 (lead)", "b: 900"} <= {text.get_text() for text in ax.texts}


def test_a_funnel_follows_the_leads_and_not_the_file():
    """From captured to the customer; newsletter and nurture stand below a line."""
    ax = VIEWS["funnel"].draw(seen(sl.load("new_definition"), 1))
    names = [text.get_text() for text in ax.get_yticklabels()]

    assert names == [
        "captured", "mql", "sql", "opportunity", "customer", "newsletter", "nurture"
    ]  # fmt: skip
    assert [1.5, 1.5] == list(ax.lines[0].get_ydata())
    assert "beside the way" in [text.get_text() for text in ax.texts]


def test_a_funnel_without_side_stations_has_no_line():
    """Nothing is set apart where all stages are on the way."""
    assert [] == list(VIEWS["funnel"].draw(seen(sl.load("textbook"))).lines)


def test_a_circle_follows_the_file():
    """Where leads come back, the file decides what is forward."""
    chain = sl.load("recycling_chain")

    assert ["captured", "mql", "sql", "pql", "opportunity", "customer"] == (
        steps.in_order(chain)
    )
    assert ["nurturing"] == steps.side_stations(chain)


def test_costs_are_written_out():
    """Ten thousand is no power of ten, and no decade is without numbers."""
    ax = VIEWS["ladder"].draw(seen(sl.load("new_definition"), 1))
    ax.figure.canvas.draw()
    labels = [*ax.get_yticklabels(), *ax.get_yticklabels(minor=True)]
    shown = {text.get_text() for text in labels}

    assert {"500", "1,000", "2,000", "10,000"} <= shown
    assert not [text for text in shown if "10^" in text]


@pytest.mark.parametrize(("name", "title"), [("gating", "Quarters"), ("b2c", "Months")])
def test_a_button_says_what_its_picture_shows(name, title):
    """Five years are drawn by the quarter, two by the month."""
    titles = {view.name: view.title for view in views_for(sl.load(name))}

    assert title == titles["months"]
