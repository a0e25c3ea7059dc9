"""The same buyers in several worlds."""

from __future__ import annotations

import numpy as np
import pytest
from studies.desks import coin, desk

import simlib as sl
from simlib.errors import SimlibError
from simlib.studies.choice import best_of
from simlib.studies.intervals import interval


def test_equal_worlds_do_not_differ_at_all():
    """On the same leads the difference of a world to itself is exactly nothing."""
    found = sl.compare({"a": desk(), "b": desk()}, 4, 1).difference("customers")

    assert (found.low, found.mean, found.high) == (0, 0, 0)


def test_pairing_makes_the_interval_much_narrower():
    """The paired difference of a small change has a fraction of the unpaired width."""
    worlds = {"a": coin(0.10, 500), "b": coin(0.12, 500)}
    paired = sl.compare(worlds, 20, seed=1).difference("customers")
    apart = sl.replicate(worlds["b"], 20, seed=2).values("customers") - sl.replicate(
        worlds["a"], 20, seed=3
    ).values("customers")

    assert (paired.high - paired.low) < 0.5 * (
        interval(apart).high - interval(apart).low
    )


def test_a_difference_by_source_and_by_month_adds_up():
    """Groups of the difference sum to the difference of the whole."""
    worlds = {"a": coin(0.1), "b": coin(0.3)}
    comparison = sl.compare(worlds, 5, seed=1)
    whole = comparison.difference("customers").mean
    by = {by: comparison.difference("customers", by=by) for by in ("source", "month")}

    assert {by: table["mean"].sum() for by, table in by.items()} == pytest.approx(
        {"source": whole, "month": whole}
    )


def test_a_quarter_is_three_months():
    """The table by quarter holds the sums of the table by month."""
    comparison = sl.compare({"a": coin(0.1), "b": coin(0.3)}, 5, seed=1)
    months = comparison.difference("customers", by="month")["mean"]
    quarters = comparison.difference("customers", by="quarter")["mean"]

    assert quarters.tolist() == pytest.approx([months.sum()])


def test_the_best_of_clear_worlds_is_named_with_confidence():
    """Winning 30% instead of 10% leaves no doubt after ten replications."""
    worlds = {"few": coin(0.1), "some": coin(0.2), "many": coin(0.3)}
    choice = sl.compare(worlds, 10, seed=1).best("customers")

    assert (choice.world, choice.runner_up, choice.is_clear) == ("many", "some", True)


def test_the_fewest_can_be_best_too():
    """With largest=False the least lost leads win."""
    choice = sl.compare({"a": coin(0.1), "b": coin(0.3)}, 10, 1).best(
        "lost", largest=False
    )

    assert choice.world == "b"


def test_equal_worlds_are_seldom_called_different():
    """Of 2,000 studies of four equal worlds, at most 5% claim a clear best."""
    luck = np.random.default_rng(7)
    names = ("a", "b", "c", "d")
    clear = 0
    for _ in range(2000):
        values = dict(zip(names, luck.normal(10, 2, (4, 15)), strict=True))
        clear += best_of(values, "customers", largest=True).is_clear

    assert clear / 2000 <= 0.05


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda c: c.ratio("customers", "aa", "b"), "world 'aa': it must be one of"),
        (lambda c: c.difference("customers", by="monht"), "Did you mean 'month'?"),
        (lambda c: c.difference("cac", by="month"), "does not add up by month"),
    ],
)
def test_wrong_questions_are_answered_in_one_line(ask, message):
    """The message says what was given and what may be."""
    with pytest.raises(SimlibError, match=message):
        ask(sl.compare({"a": coin(), "b": coin()}, 2))
