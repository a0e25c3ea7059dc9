"""Figures beside a picture: what a reader would divide is there, and is right."""

from __future__ import annotations

import pytest

import simlib as sl
from simlib.explore import figures
from simlib.explore.sharing import table_of

LEADS = "sources.website.leads.per_month"


@pytest.fixture
def textbook():
    """The textbook sum, which runs in a millisecond."""
    return sl.load("textbook")


def test_the_table_says_what_each_further_customer_costs():
    """With A held and more spent in B: more spend over more customers, run by run."""
    spend = "sources.search.cost.per_month"
    explorer = sl.explore(sl.load("search_spend"), [spend], ["funnel"], 5, 1)
    before = explorer.figures.value
    explorer.hold()
    explorer.controls[spend].value = 4000
    one, two = explorer.session.worlds.values()
    more, won = (two.values(name) - one.values(name) for name in ("spend", "customers"))
    text = f"{sum(more) / sum(won):,.0f}"
    csv = list(table_of(explorer))[-1]

    assert figures.EACH not in before
    assert f"{figures.EACH}, USD" in explorer.figures.value
    assert f"<td>{text}<small>" in explorer.figures.value
    assert f"{figures.EACH}, USD: {text} (" in repr(explorer)
    assert (csv[0], csv[1], csv[-1]) == ("B minus A", "further_customer", 5)


def test_no_further_customer_is_priced_by_luck(textbook):
    """Where more spend brings nobody, or all is as it was, there is no such number."""
    spend = "sources.website.cost.per_month"
    costly = textbook.changed({spend: 100})
    explorer = sl.explore(costly, {spend: (0, 200)}, replications=4, seed=7)
    explorer.hold()
    same = explorer.figures.value
    explorer.controls[spend].value = 200

    assert figures.EACH not in same
    assert "<td>not known (customers are not told apart)</td>" in explorer.figures.value


def test_the_table_has_what_somebody_gets_who_divides(textbook):
    """Spend over customers of all runs stands below the mean of the runs' own costs."""
    costly = textbook.changed({"sources.website.cost.per_month": 100, "horizon": 60})
    explorer = sl.explore(costly, [LEADS], replications=4, seed=7)
    spend, won = map(explorer.session.now.values, ("spend", "customers"))
    text = f"{sum(spend) / sum(won):,.1f}"

    assert f"of all runs together</small></th><td>{text}<small>" in (
        explorer.figures.value
    )
    assert figures.NOTES["cac"] in explorer.figures.value
