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


def test_a_world_without_the_metric_takes_no_part():
    """Where it is not defined nothing is won: it is named, and puts nobody in doubt."""
    nothing = np.full(9, np.nan)
    known = {"a": np.arange(9.0), "b": np.arange(9.0) - 5 - 0.01 * np.arange(9.0)}
    choice = best_of({"c": nothing, **known}, "payback_months", largest=True)
    alone = best_of(known, "payback_months", largest=True)

    assert (choice.world, choice.confidence) == ("a", alone.confidence)
    assert choice.undefined == ("c",)
    assert choice.is_clear


def test_who_is_the_same_in_every_replication_is_named_as_well():
    """Two that never differ are best together, and the third is told from both."""
    first, worse = np.arange(9.0), np.arange(9.0) - 5 - 0.01 * np.arange(9.0)
    values = {"a": first, "b": first.copy(), "c": worse}
    choice = best_of(values, "customers", largest=True)

    assert (choice.world, choice.ties, choice.runner_up) == ("a", ("b",), "c")
    assert str(choice) == "a and b are best in customers (over 99% confidence)"
    assert not choice.is_clear


def test_equal_worlds_have_no_best():
    """Nobody is sure of anything where all are the same."""
    choice = sl.compare({"a": coin(), "b": coin()}, 4).best("customers")

    assert (choice.confidence, choice.ties) == (0.0, ("b",))
    assert str(choice) == "all have the same customers in every replication"


@pytest.mark.parametrize(
    ("defined", "where"), [(0, "in no replication"), (1, "in w0 alone")]
)
def test_there_is_no_best_of_fewer_than_two(defined, where):
    """The message says where the metric is defined."""
    values = {f"w{n}": np.full(3, 1.0 if n < defined else np.nan) for n in range(3)}

    with pytest.raises(SimlibError, match=f"cac is defined {where}; there is no best"):
        best_of(values, "cac", largest=False)


def test_tables_say_their_unit():
    """Means and differences end on a unit; a ratio counts times."""
    found = sl.compare({"a": coin(0.1), "b": coin(0.3)}, 3, seed=1)
    ratio = found.ratio("customers", by="total")
    tables = [
        found.means("customers"),
        found.difference("customers", by="month"),
        found.difference("customers", by="source"),
    ]

    assert [set(table["unit"]) for table in tables] == [{"people"}] * 3
    assert set(ratio["unit"]) == {"times"}
    assert ratio["mean"].tolist() == [found.ratio("customers").mean]


def test_a_comparison_says_in_one_line_what_it_is():
    """Nobody who types its name gets a page of settings."""
    found = sl.compare({"a": coin(), "b": coin()}, 2, seed=4)

    assert repr(found).startswith("Comparison of a, b: 2 runs of each, seed 4; ")
    assert repr(found.studies["a"]).startswith("Study of 'coin': 2 runs, seed 4; ")


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
