"""Claims on trial about qualification and the hand-off: E21, E22, E32 and E34.

Each test runs the stated settings and holds the outcome to its band. Arms are paired:
the same leads, with the same luck, in both worlds.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import simlib as sl
from simlib.log import ENTER

WARM_UP = 28.0
"""Days of the desk's clock, four sales months, until it is as busy as ever."""


def a_month(scenario: sl.Scenario, stage: str, replications: int) -> float:
    """Return how many leads a month enter a stage after the warm-up."""
    counts = []
    for replication in range(replications):
        log = sl.simulate(scenario, seed=1, replication=replication).log
        here = (log.stage == log.graph.stage_code(stage)) & (log.event == ENTER)
        counts.append(np.count_nonzero(here & (log.time >= WARM_UP)))
    months = (scenario.horizon - WARM_UP) / scenario.days_per_month
    return float(np.mean(counts)) / months


@cache
def sqls(threshold: float) -> float:
    """Return SQLs a month behind a score with a threshold, at 300 leads a month."""
    base = sl.load("scored_desk")
    scored = base.changed({"stages.captured.score.threshold": threshold})
    return a_month(scored, "sql", replications=3)


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        (10, 12.3),
        (30, 24.3),
        (50, 31.1),
        (60, 32.0),
        (75, 31.4),
        (110, 23.7),
        (140, 13.9),
    ],
)
def test_e21_threshold(threshold, expected):
    """SQLs a month at each threshold, within 6%: a hump, flat from 50 to 75 points."""
    assert sqls(threshold) == pytest.approx(expected, rel=0.06)


def test_e21_without_a_score_the_desk_drowns():
    """At 300 leads a month the textbook's 75 points make over three times the SQLs."""
    unscored = sl.load("sales_desk").changed({"sources.all_leads.leads.per_month": 300})

    assert 2.7 < sqls(75) / a_month(unscored, "sql", replications=3) < 4.0
