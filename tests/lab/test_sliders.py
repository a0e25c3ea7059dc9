"""The lab's sliders: dials that move several values at once."""

from __future__ import annotations

import pytest

import simlib as sl
from simlib.lab.sliders import controls

SMALL = {"market.buyers": 300, "market.history": 30, "horizon": 60}


@pytest.fixture
def firm():
    """A very small firm."""
    return sl.load("small_business").changed(SMALL)


def test_there_is_a_control_for_each_dial_and_assumption(firm):
    """Four dials first, then what is assumed of memory and of raised hands."""
    paths = [control.path for control in controls(firm)]

    assert list(sl.lab.DIALS) == paths[:4]
    assert "market.memory.half_life" in paths


def test_a_firm_without_a_market_has_two_dials():
    """Volume and people can be turned anywhere."""
    desk = sl.load("sales_desk")

    assert ["volume", "people"] == [control.path for control in controls(desk)]


def test_sliders_turn_the_dials(firm):
    """Several controls together make the scenario that `turned` makes."""
    explorer = sl.lab.sliders(firm, replications=2, seed=1)
    wanted = {"gating": "everything", "demand": "cut", "volume": 2.0, "people": 2.0}
    explorer.set(wanted)
    explorer.later.finish()

    assert sl.lab.turned(firm, **wanted) == explorer.session.scenario_of(wanted)
    assert "volume 2 times today" in repr(explorer)
    assert not explorer.session.message


def test_a_dial_begins_where_the_firm_stands(firm):
    """A policy by asset is kept until another one is chosen."""
    open_firm = firm.changed({"market.gating": "none"})

    assert ["none", "as in the file"] == [
        controls(each)[0].start
        for each in (open_firm, firm.changed({"market.gating": {"pricing": True}}))
    ]
