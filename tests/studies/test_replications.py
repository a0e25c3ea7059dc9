"""Replications of one scenario."""

from __future__ import annotations

import numpy as np
import pytest
from studies.desks import coin, desk

import simlib as sl
from simlib.errors import SimlibError
from simlib.studies import interval


def test_the_same_seed_gives_the_same_study():
    """A study is an address: the same seed, the same numbers, to the last bit."""
    first, second = (sl.replicate(desk(), 3, seed=5) for _ in range(2))

    assert np.array_equal(first.table, second.table, equal_nan=True)


def test_more_replications_keep_the_first_ones():
    """The first three of five replications are those of a study of three."""
    few, many = (sl.replicate(desk(), number, seed=5) for number in (3, 5))

    assert np.array_equal(few.table, many.table[:3], equal_nan=True)


def test_both_engines_make_the_same_study():
    """The fast engine changes how long a study takes, and nothing else."""
    first, second = (sl.replicate(desk(), 2, 1, engine=e) for e in ("simpy", "fast"))

    assert np.array_equal(first.table, second.table, equal_nan=True)


def test_sources_sum_to_the_whole():
    """Leads by source add up in each replication."""
    study = sl.replicate(coin(), 4, seed=1)
    parts = study.values("customers", "heads") + study.values("customers", "tails")

    assert parts.tolist() == study.values("customers").tolist()


def test_the_summary_says_mean_interval_unit_and_count():
    """One row a metric, tidy."""
    table = sl.replicate(coin(), 4, seed=1).summary(["leads"])

    assert table.to_dict("records") == [
        {
            "metric": "leads",
            "mean": 200.0,
            "low": 200.0,
            "high": 200.0,
            "unit": "people",
            "replications": 4,
        }
    ]


def test_figures_by_source_are_the_same_whenever_they_are_asked_for(tmp_path):
    """Measured at once, later, or later from a store: the same to the last bit."""
    at_once = sl.replicate(desk(), 3, 1, by_source=True)
    later = sl.replicate(desk(), 3, 1), sl.replicate(desk(), 3, 1, store=tmp_path)

    assert at_once.kept_sources is not None
    for study in later:
        assert study.kept_sources is None
        assert np.array_equal(study.sources, at_once.sources, equal_nan=True)


def test_replications_are_added_until_the_interval_is_narrow_enough():
    """It stops once the half-width is 5% of the mean, with the same first runs."""
    study = sl.replicate(coin(), 10, seed=1, until={"customers": 0.05})
    short, found = study.replications // 2 + 1, interval(study.values("customers"))
    first = sl.replicate(coin(), short, seed=1)

    assert (found.high - found.low) / 2 <= 0.05 * found.mean
    assert study.replications > 10
    assert np.array_equal(study.table[:short], first.table, equal_nan=True)


def test_the_greatest_number_of_replications_is_kept_and_said(caplog):
    """Where the share cannot be reached in time, a warning says how near it came."""
    study = sl.replicate(
        coin(), 10, seed=1, until={"customers": 0.001}, maximum=25, by_source=True
    )

    assert (study.replications, len(study.sources)) == (25, 25)
    assert "stopped at 25 replications of coin: the half-width of" in caplog.text


def test_points_of_one_scenario_share_a_line_about_what_is_not_known(caplog):
    """Two points that stop too early are one warning, with the wider of the two."""
    rate = "stages.captured.next.customer.rate"
    sl.sweep(coin(), {rate: [0.1, 0.2]}, 10, until={"customers": 0.001}, maximum=10)
    never = {"until": {"revenue.won": 0.1}, "maximum": 10}
    sl.replicate(coin(), 10, **never)

    assert caplog.text.count("the half-width of customers is up to ") == 1
    assert "the half-width of revenue.won is not defined, not 10.0%" in caplog.text


def test_worlds_go_on_together_until_each_is_known_well_enough():
    """All worlds have as many replications as the one that needs most."""
    rare, often = coin(0.02), coin(0.5)
    found = sl.compare({"a": rare, "b": often}, 10, until={"customers": 0.1})
    alone = sl.replicate(rare, 10, until={"customers": 0.1})

    assert {s.replications for s in found.studies.values()} == {alone.replications}
    assert alone.replications > 10


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sl.replicate(coin(), 5, until={"leads": 0.1}), "it must be 10 or"),
        (
            lambda: sl.replicate(coin(), 30, until={"leads": 0.1}, maximum=20),
            "maximum is 20; it must be 30 or more",
        ),
        (lambda: sl.replicate(coin(), 10, until={"lead": 0.1}), "Did you mean 'lead"),
        (lambda: sl.replicate(coin(), 10, until={"leads": 2}), "leads: 2 must lie"),
        (lambda: sl.replicate(coin(), 0), "replications is 0; it must be 1 to"),
        (lambda: sl.replicate(coin(), 2.5), "replications is 2.5; give a whole number"),
        (lambda: sl.replicate(coin(), True), "replications is True; give a whole"),
        (lambda: sl.replicate(coin(), 2, engine="fsat"), "Did you mean 'fast'?"),
        (
            lambda: sl.replicate(coin(), 2).values("custmers"),
            "metric 'custmers': this study has .* Did you mean 'customers'?",
        ),
        (
            lambda: sl.replicate(coin(), 2).values("leads", "head"),
            "source 'head': .* Did you mean 'heads'?",
        ),
        (lambda: sl.replicate(coin(), 2).summary(by="month"), "by 'month': it must be"),
        (lambda: sl.compare({"one": coin()}), "a comparison needs two"),
    ],
)
def test_wrong_questions_are_answered_in_one_line(call, message):
    """The message says what was given and what may be."""
    with pytest.raises(SimlibError, match=message):
        call()
