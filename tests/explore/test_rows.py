"""The table of figures: what stands in it and above it, and what is said of a row."""

from __future__ import annotations

import numpy as np
import pytest

import simlib as sl
from simlib.explore import figures
from simlib.explore.samples import Sample

PEOPLE = "teams.sdr.people"
LEADS = "sources.website.leads.per_month"
LAG = {"stages.opportunity.next.customer.lag": 3}


@pytest.fixture
def textbook():
    """The textbook sum, which runs in a millisecond."""
    return sl.load("textbook")


def test_how_long_a_run_is_stands_above_the_table(textbook):
    """Two years of about a hundred leads a month; where A and B differ, both."""
    long = textbook.changed({"horizon": 730.5})
    explorer = sl.explore(long, [LEADS], ["funnel"], 4, 7)
    leads = np.mean(explorer.session.now.values("leads")) / 24
    alone = explorer.figures.value
    explorer.hold()
    explorer.controls[LEADS].value = 0

    assert f"24 months, about {leads:,.0f} leads a month." in alone
    assert (
        f"A: 24 months, about {leads:,.0f} leads a month; B: 24 months, about 0.0"
        in (explorer.figures.value)
    )


def test_the_question_about_a_definition_has_its_figures():
    """MQLs, and leads per MQL, where the word's meaning can change; else neither."""
    firm = sl.load("new_definition")
    explorer = sl.explore(firm, [PEOPLE], ["funnel"], 2, 1)
    runs = [sl.metrics.metrics_of(sl.simulate(firm, 1, number)) for number in (0, 1)]
    ratios = [run["leads"] / run["reached.mql"] for run in runs]
    rows = {row.label for row in figures.rows_for(explorer.session.now)}

    assert explorer.session.now.values("leads_per.mql").tolist() == ratios
    assert {"MQLs", "leads per MQL"} <= rows
    assert f"leads per MQL: now {np.mean(ratios):.2f} (" in repr(explorer)
    assert "MQLs" not in repr(
        sl.explore(sl.load("sales_desk"), [PEOPLE], ["funnel"], 1)
    )


def test_a_difference_of_percentages_is_in_points():
    """From 10% to 12% it is +2 points: neither 2 percent nor 20."""
    row = figures.Row("share", "share, %", 100.0, "%")

    assert ("12.0 %", "+2.00 pp") == (row.said(0.12), row.said(0.02, sign=True))


def test_figures_that_seem_to_disagree_have_a_note():
    """Leads won of all leads, beside Ages of older ones; none where all is at once."""
    desk = sl.load("sales_desk").changed(LAG)
    slow = sl.explore(desk, [PEOPLE], ["ages"], 1).figures.value
    quick = sl.explore(sl.load("textbook"), [LEADS], ["funnel"], 1).figures.value
    hands = figures.Row("hand_raisers", "raised hands", note=figures.HANDS)

    assert f"leads won, %<small>{figures.YOUNG}</small>" in slow
    assert figures.YOUNG not in quick
    assert hands in figures.rows_for(_asked())


def _asked():
    """Return a sample of a market in which hands are raised."""
    few = {"market.buyers": 1000, "market.history": 30, "horizon": 182.625}
    sample = Sample(sl.load("gating").changed(few), 1, 1)
    sample.run_some(60)
    return sample
