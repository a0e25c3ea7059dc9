"""Replications of one scenario."""

from __future__ import annotations

import numpy as np
import pytest
from studies.desks import coin, desk

import simlib as sl
from simlib.errors import SimlibError


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


@pytest.mark.parametrize(
    ("call", "message"),
    [
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
