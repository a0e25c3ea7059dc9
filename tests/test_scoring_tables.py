"""What sales see of a score: tables, the dial, and a learned rival."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from agreement import near

import simlib as sl
from simlib import scoring
from simlib.errors import LogError, StudyError
from simlib.log import ENTER

EVERYBODY = {"stages.captured.score.threshold": -100, "teams.sdr.people": 30}
"""Everybody is called, and nobody waits: what a firm does before it has a score."""


@cache
def run(everybody: bool = False) -> sl.Run:
    """Return a run of the scored desk."""
    base = sl.load("scored_desk").changed({"horizon": 182})
    return sl.simulate(base.changed(EVERYBODY if everybody else {}), seed=1)


@cache
def table(everybody: bool = False) -> pd.DataFrame:
    """Return what sales see in it."""
    return scoring.seen(run(everybody), "sql")


def drawn(**columns: list[Any]) -> pd.DataFrame:
    """Return a small table by hand."""
    return pd.DataFrame(columns)


SMALL = drawn(points=[10, 20, 30, 40], ready=[False, True, False, True])


def test_points_are_counts_times_points():
    """Nothing takes points away here, so the most is what all of them make."""
    seen = table()
    points = 10 * seen.pricing_page + 5 * seen.ebook + 20 * seen.five_opens
    points += 15 * seen.vice_president - 5 * seen.private_mail

    assert seen.points.tolist() == points.tolist()


def test_who_has_the_points_goes_on():
    """Leads with 75 points enter the next stage, and no others."""
    log = run().log
    mql = log.stage == log.graph.stage_code("mql")
    names = log.leads.names(log.graph.sources)
    entered = set(names[log.lead[mql & (log.event == ENTER)]].tolist())
    seen = table()

    assert set(seen.index[seen.points >= 75]) == entered & set(seen.index)


def test_everybody_has_had_a_whole_window():
    """Who came too late for three months of points is left out."""
    log = run().log
    late = log.leads.names(log.graph.sources)[log.lead.max()]

    assert late not in table().index
    assert len(log.leads) > len(table()) > 5000


def test_rates_are_those_of_the_scenario():
    """A ready lead looks at the prices 1.6 times a month, a junk one .1 times."""
    seen = table()
    mean = [
        near(seen.pricing_page[seen.kind == kind] / 3, 0.1)
        for kind in ("ready", "junk")
    ]

    assert [1.6, 0.1] == mean


def test_the_dial_counts_both_sides():
    """Precision, recall, false alarms, hours, and the ready ones that are held back."""
    found = scoring.dial(SMALL, [25, 50], hours_per_lead=2)

    assert found.iloc[0].to_dict() == {
        "threshold": 25.0,
        "passed_share": 0.5,
        "precision": 0.5,
        "recall": 0.5,
        "false_alarms": 0.5,
        "hours_on_ready": 50.0,
        "hours_on_others": 50.0,
        "ready_held_back": 25.0,
    }
    assert math.isnan(found.precision[1])


def test_a_higher_threshold_trades_recall_for_precision():
    """On the scored desk each step up passes fewer, and more of them are ready."""
    found = scoring.dial(table(), [30, 50, 75, 110])

    assert found.precision.is_monotonic_increasing
    assert found.recall.is_monotonic_decreasing
    assert found.hours_on_others.is_monotonic_decreasing


def test_ranking():
    """The area under the ROC curve: 3 of 4 pairs in order; ties count half."""
    assert 0.75 == scoring.ranking(SMALL)
    assert 0.5 == scoring.ranking(drawn(points=[1, 1], ready=[True, False]))


def test_e21_calibration_rises():
    """The more points a lead has, the more likely it is ready, band by band."""
    found = scoring.calibration(table())

    assert found.share.is_monotonic_increasing
    assert found.leads.sum() == len(table())
    assert (found.share_low <= found.share).all()
    assert (found.share <= found.share_high).all()


def test_learned_weights_are_log_ratios_of_rates():
    """Between two kinds with Poisson actions the best weights are known."""
    two = {"mix": {"ready": 0.5, "junk": 0.5, "not_yet": 0, "misfit": 0}}
    base = sl.load("scored_desk").changed({"horizon": 91})
    two_kinds = base.changed({f"sources.all_leads.{key}": two[key] for key in two})
    seen = scoring.seen(sl.simulate(two_kinds, seed=1), "sql")
    seen = seen.assign(outcome=seen.ready, worked=True)
    rule = scoring.learned(seen, ["pricing_page", "ebook", "five_opens"], ridge=0)
    ratios = np.log([1.6 / 0.1, 1.0 / 0.7, 1.0 / 0.1])

    assert np.all(np.abs(np.array(rule.weights) - ratios) < 3.5 * np.array(rule.errors))
    assert max(rule.errors) < 0.25


def test_a_learned_score_ranks_better_than_points_by_hand():
    """It learns from SQLs only, and tells ready leads from others a little better."""
    seen = table(everybody=True)
    rule = scoring.learned(seen)
    chance = seen.assign(chance=rule.chance(seen))

    assert scoring.ranking(seen) < scoring.ranking(chance, by="chance") < 1
    assert rule.chance(seen).mean() == pytest.approx(seen.outcome.mean(), rel=0.01)


def test_who_learns_from_the_chosen_misjudges_the_others():
    """A score learned behind a score has seen good leads only: it promises too much."""
    rule, everybody = scoring.learned(table()), table(everybody=True)

    assert rule.chance(everybody).mean() > 2 * everybody.outcome.mean()


def test_a_learned_score_may_take_the_place_of_points():
    """Its weights are points: whoever it gives the chance passes, and nobody else."""
    rule = scoring.learned(table(everybody=True))
    base = run().scenario
    rival = base.changed(rule.changes(run(), 0.10))
    again = scoring.seen(sl.simulate(rival, seed=1), "sql")
    passes = again.points >= rival.stages["captured"].score.threshold - 1e-9

    assert (rule.chance(again) >= 0.10 - 1e-9).tolist() == passes.tolist()


def test_the_dial_as_a_picture():
    """Each line is named where it ends, in the shares of the table; axes have units."""
    found = scoring.dial(table(), [30, 75, 110, 999])
    ax = sl.plots.threshold_dial(found)
    lines = [line.get_ydata().tolist() for line in ax.lines]

    assert [found.precision[:3].tolist(), found.recall.tolist()] == lines[:2]
    assert {text.get_text() for text in ax.texts} == {
        "precision",
        "recall",
        "false alarms",
    }
    assert "threshold (points)" == ax.get_xlabel()
    sl.plots.close(ax)


def test_calibration_as_a_picture():
    """A mark for each band, at its mean score and its share."""
    found = scoring.calibration(table())
    ax = sl.plots.calibration(found)
    marks = ax.lines[0].get_xydata()

    assert np.allclose(marks, found[["mean", "share"]].to_numpy())
    assert "share of ready leads" == ax.get_ylabel()
    sl.plots.close(ax)


def test_what_cannot_be_asked_is_explained():
    """No score, no such stage, no such column, nothing to learn from."""
    with pytest.raises(StudyError, match="no stage of 'The textbook sum' has a score"):
        scoring.seen(sl.simulate(sl.load("textbook")), "sql")
    with pytest.raises(LogError, match="stage 'sqls'"):
        scoring.seen(run(), "sqls")
    with pytest.raises(StudyError, match="Did you mean 'points'"):
        scoring.dial(table(), [75], by="pionts")
    with pytest.raises(StudyError, match="the same for all leads"):
        scoring.ranking(SMALL[SMALL.ready])
    with pytest.raises(StudyError, match="0 leads were worked on"):
        scoring.learned(table().assign(worked=False))
    with pytest.raises(StudyError, match="the table is empty"):
        scoring.calibration(table().iloc[:0])
    with pytest.raises(StudyError, match="bands: it must be 1 or more"):
        scoring.calibration(table(), bands=0)
    with pytest.raises(StudyError, match="chance: it must lie between 0 and 1"):
        scoring.learned(table()).changes(run(), 1.0)
    odd = run().scenario.changed(
        {"stages.captured.score.actions.kind": {"points": 1, "per_month": 1}}
    )
    with pytest.raises(StudyError, match="is called 'kind'"):
        scoring.seen(sl.simulate(odd), "sql")
