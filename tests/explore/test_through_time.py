"""The view through time: what it counts, when something changes, what a link keeps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import simlib as sl
from simlib.errors import StudyError
from simlib.explore.samples import Sample
from simlib.explore.through_time import measures, months, turns_of
from simlib.plots import worlds as pictures
from simlib.studies.periods import period_values

STOP = "sources.search.meets.stop"
SPEND = "sources.search.cost.per_month"


@pytest.fixture(scope="module")
def definition():
    """Two runs of a firm whose MQLs mean something else after six of twelve months."""
    sample = Sample(sl.load("new_definition"), 1, 2)
    sample.run_some(60)
    return sample


def drawn(ax):
    """Return the means that a picture shows, the first world's alone."""
    return ax.lines[0].get_ydata().tolist()


def marked(ax):
    """Return the place of each dashed line, with its word."""
    lines = [line for line in ax.lines if line.get_transform() != ax.transData]
    places = [float(line.get_xdata()[0]) for line in lines]
    return dict(zip([text.get_text() for text in ax.texts], places, strict=True))


def test_what_can_be_counted_is_what_the_scenario_has():
    """Customers first; raised hands, stages and a cost only where there are any."""
    assert list(measures(sl.load("textbook"))) == ["customers", "leads", "sql"]
    assert list(measures(sl.load("unfunded_demand")).items()) == [
        ("customers", "customers"),
        ("leads", "leads"),
        ("hand_raisers", "raised hands"),
        ("asked", "entries into asked"),
        ("opportunity", "opportunities"),
        ("spend_per", "spend per opportunity, USD"),
    ]
    assert "hand_raisers" not in measures(sl.load("search_spend"))


@pytest.mark.parametrize("name", ["customers", "leads", "mql", "sql", "opportunity"])
def test_a_month_counts_what_the_studies_count(definition, name):
    """The line is the mean of the runs, month by month, as a study by month has it."""
    study = sl.replicate(definition.scenario, 2, 1)
    known = name if name in {"customers", "leads"} else f"reached.{name}"
    found = period_values(study, known, "month", {})

    assert found.mean(axis=0).tolist() == drawn(months({"now": definition}, name))


def test_raised_hands_are_those_of_the_studies():
    """A market's raised hands come by the quarter where there are five years."""
    sample = Sample(sl.load("unfunded_demand").changed({"market.buyers": 500}), 1, 2)
    sample.run_some(60)
    study = sl.replicate(sample.scenario, 2, 1)
    found = period_values(study, "hand_raisers", "quarter", {})

    assert found.mean(axis=0).tolist() == drawn(months({"now": sample}, "hand_raisers"))


def test_spend_per_opportunity_is_all_spend_over_all_who_came():
    """No run without an opportunity in a month makes the cost of that month endless."""
    few = sl.load("search_spend").changed({"market.buyers": 500, "horizon": 365.25})
    sample = Sample(few, 1, 4)
    sample.run_some(60)
    came = sum(kept.counts["opportunity"] for kept in sample.kept)
    one = np.array([kept.counts["opportunity"] for kept in sample.kept])
    ax = months({"now": sample}, "spend_per")

    assert (one == 0).any()
    assert drawn(ax) == pytest.approx((4 * 2000 / came[came > 0]).tolist())
    assert ax.get_ylabel() == "USD"


def test_a_month_that_is_not_whole_is_left_out(definition):
    """Half a month would look like a fall: the line ends with the last whole one."""
    shorter = Sample(definition.scenario.changed({"horizon": 45.0}), 1, 2)
    shorter.run_some(60)
    counted = np.mean([kept.months for kept in shorter.kept], axis=0)

    assert len(counted) == 7
    assert drawn(months({"now": shorter})) == counted[:6].tolist()


def test_days_on_which_something_changes_are_marked(definition):
    """Six months of twelve end between the sixth month and the seventh."""
    assert marked(months({"now": definition})) == {"definition changes": 6.5}


@pytest.mark.parametrize(
    ("counts", "where"), [([9, 9, 8], "bottom"), ([1, 1, 2], "top")]
)
def test_the_word_of_a_change_stands_where_no_line_is(counts, where):
    """Below high lines, above low ones."""
    rows = {"world": "now", "x": [1.0, 2, 3], "mean": counts, "low": 0, "high": 10}
    ax = pictures.bands(pd.DataFrame(rows), pictures.quick_axes())
    pictures.turns(ax, {2.5: "search stops"})

    assert [where] == [text.get_va() for text in ax.texts]


@pytest.mark.parametrize(
    ("changes", "turns"),
    [
        ({}, []),
        ({STOP: 300}, [(300.0, "search stops")]),
        ({STOP: 900}, []),  # beyond the horizon
        ({"sources.search.meets.start": 30}, [(30.0, "search starts")]),
        (
            {"market.gating": "everything", "market.gating_from": 90},
            [(90.0, "gates change")],
        ),
        ({"market.gating_from": 90}, []),  # from no gates to no gates
    ],
)
def test_a_day_is_told_only_where_something_changes_on_it(changes, turns):
    """Starts and stops within the horizon, and gates that are others from then on."""
    assert list(turns_of(sl.load("search_spend").changed(changes))) == turns


def test_a_change_in_one_world_says_in_which():
    """With A held, a stop that only B has is B's."""
    scenario = sl.load("search_spend").changed({"market.buyers": 500})
    one, two = Sample(scenario, 1, 1), Sample(scenario.changed({STOP: 365.25}), 1, 1)
    for sample in (one, two):
        sample.run_some(60)

    ax = months({"A": one, "B": two})
    found = {text: at for text, at in marked_words(ax).items() if "search" in text}
    assert found == {"B: search stops": pytest.approx(12.5)}


def marked_words(ax):
    """Return where the words of dashed lines stand, among the names of worlds."""
    return {text.get_text(): float(text.xy[0]) for text in ax.texts}


def test_who_chooses_sees_another_picture_and_a_link_keeps_it():
    """The list stands beside this view only; a link carries what is not the first."""
    scenario = sl.load("new_definition")
    explorer = sl.explore(scenario, views=["funnel", "months"], replications=2)
    hidden, before = explorer.measures.layout.display, explorer.settings
    explorer.view = "months"
    customers = explorer.picture.value
    explorer.measures.value = "mql"
    again = sl.explore(
        scenario, views=["funnel", "months"], replications=2, settings=explorer.settings
    )

    assert (hidden, explorer.measures.layout.display) == ("none", None)
    assert (before, explorer.settings) == (
        {"values": {}, "view": "funnel"},
        {"values": {}, "view": "months", "measure": "mql"},
    )
    assert again.picture.value == explorer.picture.value != customers


def test_a_link_with_an_unknown_count_is_refused():
    """The message says what there is."""
    explorer = sl.explore(sl.load("new_definition"), views=["months"], replications=1)

    with pytest.raises(StudyError, match=r"'mqls': months has customers.*'mql'"):
        explorer.settings = {"measure": "mqls"}
