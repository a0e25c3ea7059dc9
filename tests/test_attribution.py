"""Who gets the credit: first touch, last touch, the world without the source (E36).

What is claimed runs quickly and at full precision; see efforts.py.
"""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest
from efforts import Effort

import simlib as sl
from simlib import plots
from simlib.attribution import FIRST, LAST, TRUE, Credit, first_touch, without
from simlib.cli import main
from simlib.errors import StudyError
from simlib.market.meetings import ENTERS

SMALL = {"market.buyers": 4000}
DEMAND = ("content", "brand_ads")


@cache
def market(effort: Effort) -> Credit:
    """Return credit in the packaged scenario; half as many buyers for a quick look."""
    said = sl.load("credit").changed(effort.of(SMALL, {}))
    return sl.credit(said, replications=effort.of(4, 16))


def difference(effort: Effort, way: str, source: str) -> tuple[float, float]:
    """Return the 95% interval of a way's customers minus the true ones."""
    found = market(effort).differences()
    at = found[(found["credit"] == f"{way} - {TRUE}") & (found["source"] == source)]
    row = at[at["metric"] == "customers"].iloc[0]
    return row["low"], row["high"]


def test_e36_the_orders_differ(effort):
    """Whom one would fund depends on the way of counting."""
    orders = {way: tuple(market(effort).order(way)) for way in (FIRST, LAST, TRUE)}

    assert len(set(orders.values())) == 3
    assert orders[LAST].index("search") < orders[LAST].index("content")
    assert orders[TRUE].index("content") < orders[TRUE].index("search")


@pytest.mark.parametrize("source", DEMAND)
def test_e36_the_last_touch_undervalues_demand(source, effort):
    """What makes buyers remember has more customers than the CRM says."""
    _, high = difference(effort, LAST, source)

    assert high < 0


def test_e36_the_first_touch_overvalues_who_comes_by_most_often(effort):
    """Ads that reach everybody are met first, whether they change anything or not."""
    low, _ = difference(effort, FIRST, "brand_ads")

    assert low > 0


def test_touches_share_out_every_customer_once():
    """First and last touch give as many customers as there are."""
    found = market(Effort.QUICK)
    customers = sl.replicate(found.scenario, 4).values("customers")

    for way in (FIRST, LAST):
        assert np.array_equal(found.given[way][:, :, 0].sum(axis=1), customers)


def test_without_a_market_all_ways_are_one():
    """Leads that simply come met nobody before, and no desk ties them together."""
    said = sl.load("hundred_or_twenty")
    found = sl.credit(said, replications=2)

    assert np.array_equal(found.given[FIRST], found.given[LAST])
    assert found.given[TRUE] == pytest.approx(found.given[LAST])


def test_first_touch_is_of_the_buyer_behind_the_lead():
    """The lead's first touch is the earliest meeting of its buyer that came about."""
    run = sl.simulate(sl.load("credit").changed({**SMALL, "horizon": 365}), seed=3)
    lives, leads = run.lives, run.log.leads
    met = np.flatnonzero(lives.happened & (lives.rows.what != ENTERS))
    met = met[np.lexsort((lives.rows.time[met], lives.rows.buyer[met]))]
    who, where = np.unique(lives.rows.buyer[met], return_index=True)
    first = dict(zip(who.tolist(), lives.rows.source[met[where]].tolist(), strict=True))

    assert len(leads) > 100
    assert first_touch(run).tolist() == [first[buyer] for buyer in leads.buyer.tolist()]


@pytest.mark.parametrize("name", ["baseline", "credit", "mid_market", "bought_list"])
def test_every_source_can_be_taken_away(name):
    """Whatever a source is, it brings no lead of its own in the world without it."""
    said = sl.load(name).changed({"horizon": 60})
    for source in list(said.sources)[-2:]:
        run = sl.simulate(without(said, source), seed=1)
        code = run.log.graph.sources.index(source)

        assert not (run.log.leads.source == code).any()


def test_wrong_input_is_said_in_one_sentence():
    """The message names what may be given."""
    said = sl.load("textbook")
    for wrong, words in (
        (lambda: sl.credit(said, replications=1), "must be 2 or more"),
        (lambda: without(said, "radio"), "it must be one of website"),
        (lambda: market(Effort.QUICK).order("middle"), "first touch, last touch, true"),
    ):
        with pytest.raises(StudyError, match=words):
            wrong()


def test_the_command_prints_json_and_a_picture(capsys, tmp_path):
    """Rows of each source, way and metric; costs that are not defined are null."""
    path = tmp_path / "credit.png"
    words = ["credit", "hundred_or_twenty", "--replications", "2", "--json"]
    code = main([*words, "--picture", str(path)])
    found = json.loads(capsys.readouterr().out)

    assert code == 0
    assert path.stat().st_size > 0
    assert {"source", "credit", "metric", "mean", "low", "high"} <= set(
        found["credit"][0]
    )
    assert {row["metric"] for row in found["credit"]} == {
        "customers",
        "pipeline",
        "revenue",
        "cost_per_customer",
    }


def test_the_command_says_which_source_is_undervalued(capsys, monkeypatch):
    """A plain sentence for each source."""
    monkeypatch.setattr(
        "simlib.attribution.credit", lambda *_, **__: market(Effort.QUICK)
    )
    code = main(["credit", "credit"])
    out = " ".join(capsys.readouterr().out.split())

    assert code == 0
    assert "brand_ads: the last touch gives it" in out
    assert "customers too few" in out


def test_the_picture_has_a_bar_for_each_source_and_way():
    """Four sources, three ways, told apart by hatching."""
    ax = plots.credit(market(Effort.QUICK).table())
    hatches = {bar.get_hatch() for bar in ax.patches}
    plots.close(ax)

    assert len(ax.patches) == 12
    assert len(hatches) == 3
