"""Value of deals opened beside the value won."""

from __future__ import annotations

import dataclasses

import pytest
from logs import GRAPH, RUN, STORY, log_of, run_of

from simlib.money import pipeline

NAN = float("nan")


def test_a_pipeline_is_what_was_opened_and_won_in_each_month():
    """12,000 opened on day 4 and won on day 7; 24,000 opened on day 7."""
    table = pipeline(RUN)
    columns = ["period", "deals_opened", "pipeline_value", "deals_won", "won_value"]

    assert table[columns].to_numpy().tolist() == [
        [1, 1, 12_000, 0, 0],
        [2, 1, 24_000, 1, 12_000],
    ]
    assert table["win_rate"].tolist() == pytest.approx([NAN, 1], nan_ok=True)


def test_misfits_inflate_the_pipeline_and_not_what_is_won():
    """Nine deals that end in no decision: value ten times as high, a tenth won."""
    won = [(1, "enter", "opportunity"), (4, "enter", "customer")]
    none = [(1, "enter", "opportunity"), (4, "enter", "nurture", "leaked")]
    log = log_of([("web", won)] + [("ads", none)] * 9, amounts=[100] * 10)
    row = pipeline(run_of(log)).iloc[0]

    assert (row["pipeline_value"], row["won_value"]) == (1000, 100)
    assert (row["deals_lost"], row["win_rate"]) == (9, 0.1)


def test_without_a_deal_there_are_counts_and_no_values():
    """Opportunities can be counted where nobody says what they are worth."""
    table = pipeline(run_of(STORY, deal=None))

    assert table["deals_opened"].tolist() == [1, 1]
    assert table[["pipeline_value", "won_value"]].isna().all(axis=None)


def test_without_a_pipeline_stage_there_are_no_deals():
    """Customers are won all the same."""
    graph = dataclasses.replace(GRAPH, pipeline_stage="")
    won = [(1, "enter", "opportunity"), (4, "enter", "customer")]
    row = pipeline(run_of(log_of([("web", won)], graph, amounts=[100]))).iloc[0]

    assert (row["deals_opened"], row["won_value"]) == (0, 100)
