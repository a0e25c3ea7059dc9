"""Value of deals opened beside the value won."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from logs import GRAPH, RUN, STORY, log_of, run_of

from simlib.money import pipeline
from simlib.scenario import load
from simlib.studies import compare

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


def test_what_came_of_a_months_deals():
    """Of three deals of 100 opened in a month: one won later, one open, one junk's."""
    won = [(1, "enter", "opportunity"), (7, "enter", "customer")]
    open_ = [(2, "enter", "opportunity")]
    junk = [(3, "enter", "opportunity"), (8, "enter", "nurture", "leaked")]
    log = log_of([("web", won), ("web", open_), ("ads", junk)], amounts=[100] * 3)
    kinds = dataclasses.replace(log.leads, kind=np.array([0, 1, 3], dtype=np.int8))
    table = pipeline(run_of(dataclasses.replace(log, leads=kinds)))
    columns = ["pipeline_value", "later_won_value", "still_open_value", "never_value"]

    assert table[columns].to_numpy().tolist() == [[300, 100, 100, 100], [0] * 4]


def test_who_never_buys_fills_the_pipeline_and_empties_the_till(effort):
    """Misfits and junk waved through: two thirds more pipeline, less revenue (C4)."""
    rate = "stages.captured.next.opportunity.rate"
    strict = load("inflated_pipeline")
    loose = strict.changed({f"{rate}.misfit": 0.5, f"{rate}.junk": 0.5})
    study = compare({"loose": loose, "strict": strict}, effort.of(4, 40))
    pipeline_value = study.ratio("revenue.pipeline", "loose", "strict")
    revenue = study.ratio("revenue.won", "loose", "strict")

    assert pipeline_value.mean == pytest.approx(1.69, abs=effort.of(0.08, 0.03))
    assert revenue.high < 1


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
