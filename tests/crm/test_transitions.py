"""Stays in stages: read from a log, cut off, skipped, or known only from a day on."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from known_funnels import crm_log, stays_of

from simlib.crm.transitions import STILL, register_starts, sojourns
from simlib.errors import DataError
from simlib.log import ENTER, EventLog, Graph, LeadTable, StageInfo


def log_of(*rows, horizon=100.0, **meta):
    """Return a log of (time, lead, stage) rows: captured, sql, customer, lost."""
    stages = (
        StageInfo("captured"),
        StageInfo("sql"),
        StageInfo("customer", "won"),
        StageInfo("lost", "lost"),
    )
    rows = sorted(rows)
    time, lead, stage = (np.array(column) for column in zip(*rows, strict=True))
    size = lead.max() + 1
    zeros = np.zeros(size, dtype=np.int32)
    table = LeadTable(zeros, zeros, np.full(size, np.nan), zeros, np.arange(size))
    return EventLog(
        time=time.astype(float),
        lead=lead.astype(np.int32),
        event=np.full(len(rows), ENTER),
        stage=stage.astype(np.int16),
        reason=np.zeros(len(rows), dtype=np.int16),
        kind=np.full(len(rows), -1),
        leads=table,
        graph=Graph(stages, (), ("web",), ("",), horizon),
        meta=meta,
    )


def test_a_stay_ends_with_the_next_stage_or_is_cut_at_the_horizon():
    """One lead goes captured, sql, customer; the other is in captured still."""
    log = log_of((1.5, 0, 0), (4.0, 0, 1), (9.0, 0, 2), (90.0, 1, 0))
    columns = ["lead", "stage", "entered", "left", "to", "censored"]

    assert [
        (0, "captured", 1.5, 4.0, "sql", False),
        (0, "sql", 4.0, 9.0, "customer", False),
        (1, "captured", 90.0, 100.0, "", True),
    ] == list(sojourns(log).table[columns].itertuples(index=False, name=None))


def test_a_skipped_first_stage_is_passed_at_once():
    """Two leads begin in captured, one in sql: that one passed captured in no time."""
    log = log_of((1.0, 0, 0), (2.0, 1, 0), (3.0, 2, 1))
    table = sojourns(log).table

    assert [("captured", 3.0, 3.0, "sql"), ("sql", 3.0, 100.0, "")] == list(
        table[table["lead"] == 2][["stage", "entered", "left", "to"]].itertuples(
            index=False, name=None
        )
    )


def test_whole_days_are_seen_unless_said():
    """Times without fractions are dates; the log may say otherwise."""
    rows = [(1.0, 0, 0), (3.0, 0, 1)]

    assert [True, False] == [
        sojourns(log_of(*rows)).whole_days,
        sojourns(log_of(*rows, whole_days=False)).whole_days,
    ]


def late_register(log, day):
    """Return the log of a firm that records what becomes of leads only from a day."""
    kept = (log.time >= day) | (log.stage == 0)
    return log._only(kept)


def test_a_register_that_starts_late_is_found():
    """Nobody left captured before day 150, though hundreds came: it is a late start."""
    whole = crm_log(seed=3)
    late = late_register(whole, 150.0)
    found = register_starts(sojourns(late), late)

    assert {} == register_starts(sojourns(whole), whole)
    assert [0] == list(found)
    assert 150 <= found[0] < 152


def test_stays_from_before_a_late_start_may_have_ended_unseen():
    """They are watched from their age on that day, and marked."""
    log = log_of((0.0, 0, 0), (50.0, 0, 1), (10.0, 1, 0), register_starts=40.0)
    stays = sojourns(log)

    assert [(40.0, True), (0.0, False), (30.0, True)] == list(
        stays.table[["watched_from_age", "may_have_ended_unseen"]].itertuples(
            index=False, name=None
        )
    )


def test_left_truncation_is_undone():
    """Of stays known only if they reached an age, the curve is that of all from there.

    Half of all leave exponentially; those watched from age 5 on would show too few
    early ends if they counted from age 0.
    """
    draw = np.random.default_rng(5)
    count = 20_000
    lag = draw.exponential(20, count)
    since = draw.uniform(0, 30, count)
    stays = stays_of(lag, np.ones(count, int), np.full(count, 200.0))
    stays = dataclasses.replace(stays, since=since).only(lag > since)
    curve = stays.incidence(np.array([1]))
    by_twenty = curve.going_on[np.searchsorted(curve.days, 20.0)]

    naive = float(np.mean(stays.days > 20))
    assert (True, True) == (
        abs(by_twenty - np.exp(-1)) < 0.02,
        abs(naive - np.exp(-1)) > 0.1,
    )


def test_a_log_without_leads_is_refused():
    """There is nothing to fit, and the message says so."""
    empty = log_of((1.0, 0, 0))._only(np.zeros(1, dtype=bool))
    with pytest.raises(DataError, match="has no leads"):
        sojourns(empty)


def test_only_two_ways_of_carrying_over_are_known():
    """Anything but all or open is refused."""
    with pytest.raises(DataError, match="it must be all or open"):
        sojourns(log_of((1.0, 0, 0), register_starts=1, register_carried="some"))


def test_every_stay_that_goes_on_has_no_next_stage():
    """A cut stay ends at the horizon, in a run as in an export."""
    stays = sojourns(crm_log(seed=1, horizon=120))
    still = stays.to == STILL

    assert {120.0} == set(stays.left[still])
    assert stays.left[~still].max() < 120
