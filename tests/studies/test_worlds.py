"""The same leads in two worlds, by name."""

from __future__ import annotations

import pytest
from studies.desks import coin

import simlib as sl
from simlib.errors import SimlibError
from simlib.metrics import metrics_of
from simlib.studies import two_worlds


def test_a_higher_rate_wins_leads_and_loses_none():
    """Everybody whose outcome differs was lost at 10% and is won at 30%."""
    worlds = two_worlds(coin(0.1), coin(0.3), seed=1, names=("low", "high"))
    table = worlds.table()
    gained = (
        metrics_of(worlds.second)["customers"] - metrics_of(worlds.first)["customers"]
    )

    assert len(table) == gained > 0
    assert set(zip(table["outcome_low"], table["outcome_high"], strict=True)) == {
        ("lost", "customer")
    }


def test_equal_worlds_have_nobody_to_name():
    """The table is empty and keeps its columns."""
    table = two_worlds(coin(), coin(), seed=1).table()

    assert (len(table), "outcome_A" in table) == (0, True)


def test_who_comes_to_one_world_only_never_came_to_the_other():
    """Twice the leads a day: the added ones are named, and nobody is missing."""
    few = sl.load("textbook").changed({"horizon": 60})
    many = few.changed({"sources.website.leads.per_month": 200})
    table = two_worlds(few, many, seed=1).table()

    assert set(table["outcome_A"]) == {"never came"}
    assert "never came" not in set(table["outcome_B"])


def test_a_story_tells_both_lives():
    """A story has the lead's name and its history in each world."""
    story = two_worlds(coin(0.1), coin(0.3), seed=1, names=("low", "high")).stories(1)[
        0
    ]

    assert "low: day 0.0 captured, day 0.0 lost (leaked)" in story
    assert "high: day 0.0 captured, day 0.0 customer" in story


def test_two_worlds_need_two_names():
    """One name for both would overwrite a column."""
    with pytest.raises(SimlibError, match="both worlds are called 'A'"):
        two_worlds(coin(), coin(), names=("A", "A"))
