"""Shares: cut off fairly, pooled in part, not claimed where they cannot be known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from known_funnels import LOST, WON, stays_of

from simlib.crm.chance import Chance
from simlib.crm.fitting import fit_stage

COUNT = 4000


def stays(draw, share=0.3, mean=60.0, oldest=90.0, count=COUNT, source=None):
    """Return stays of which a share is won after a gamma lag and others never end."""
    won = draw.random(count) < share
    lag = np.where(won, draw.gamma(2.0, mean / 2, count), np.inf)
    ages = draw.uniform(0, oldest, count)
    return stays_of(lag, np.full(count, WON), ages, source)


def interval(fit, source=0, way=0):
    """Return the 95% interval of a share."""
    draws = fit.draws(400, Chance(0, "test")).shares[:, source, way]
    return tuple(np.quantile(draws, [0.025, 0.975]))


def test_what_is_cut_off_is_not_lost():
    """Of leads up to 120 days old 30% will be won after 60 days on average.

    Won so far are far fewer; the fit says 30%, and its interval holds it.
    """
    data = stays(np.random.default_rng(1), oldest=120.0)
    naive = float(np.mean(data.to == WON))
    low, high = interval(fit_stage(data, 0, 1))

    assert (True, True) == (naive < 0.2, low < 0.3 < high)


def test_competing_ends_are_no_censoring():
    """A lost lead cannot be won: 40% are, not what Kaplan and Meier would say."""
    draw = np.random.default_rng(2)
    won = draw.random(COUNT) < 0.4
    lag = np.where(won, draw.gamma(2, 30, COUNT), draw.exponential(20, COUNT))
    data = stays_of(lag, np.where(won, WON, LOST), draw.uniform(0, 300, COUNT))
    fit = fit_stage(data, 0, 1)

    assert [0.4, 0.6, 0.0] == pytest.approx(fit.shares[0].tolist(), abs=0.03)
    assert interval(fit)[0] < 0.4 < interval(fit)[1]


def test_none_of_sixteen_is_neither_nothing_nor_certain():
    """Five sources win a tenth of 300, one none of 16: more than 0, and unsure."""
    draw = np.random.default_rng(3)
    source = np.repeat(np.arange(6), [300] * 5 + [16])
    won = draw.random(len(source)) < 0.1
    won[source == 5] = False
    lag = np.where(won, draw.gamma(2, 5, len(source)), draw.exponential(8, len(source)))
    ages = np.full(len(source), 500.0)
    fit = fit_stage(stays_of(lag, np.where(won, WON, LOST), ages, source), 0, 6)
    low, high = interval(fit, source=5)

    assert (True, True) == (0.01 < fit.shares[5, 0] < 0.1, 0 < low < 0.08 < high < 0.3)


def test_sources_that_differ_are_left_alone():
    """A source of 60% beside one of 5% keeps its own share, 1,000 leads each."""
    draw = np.random.default_rng(4)
    source = np.repeat([0, 1, 2], 1000)
    won = draw.random(3000) < np.array([0.6, 0.05, 0.3])[source]
    lag = np.where(won, 5.0, 9.0) * np.exp(0.4 * draw.standard_normal(3000))
    data = stays_of(lag, np.where(won, WON, LOST), np.full(3000, 500.0), source)
    seen = [won[source == k].mean() for k in range(3)]

    assert seen == pytest.approx(fit_stage(data, 0, 3).shares[:, 0].tolist(), abs=0.005)


def test_without_a_plateau_the_share_stays_open():
    """Followed for 30 days with a lag of 60: no plateau, wide bounds, the truth inside.

    Followed for 600 days the same funnel has a plateau and narrow ones.
    """
    short = fit_stage(stays(np.random.default_rng(5), oldest=30.0), 0, 1)
    long = fit_stage(stays(np.random.default_rng(5), oldest=600.0), 0, 1)
    widths = [np.diff(interval(fit))[0] for fit in (short, long)]
    least, most = short.bounds(0)

    assert [False, True] == [short.has_plateau(0), long.has_plateau(0)]
    assert widths[0] > 3 * widths[1]
    assert (True, True) == (least < 0.1, most > 0.9)


def test_ends_unseen_before_a_register_started_are_allowed_for():
    """Half of the stays may have ended unseen; counted as still open they mislead."""
    draw = np.random.default_rng(6)
    data = stays(draw, share=0.5, mean=20.0, oldest=400.0)
    start = 200.0
    seen_end = data.left >= start
    hidden = data.is_over & ~seen_end
    marked = dataclasses.replace(
        data,
        to=np.where(hidden, -1, data.to),
        left=np.where(hidden, data.graph.horizon, data.left),
        since=np.maximum(start - data.entered, 0.0),
        unseen=data.entered < start,
    )
    naive = dataclasses.replace(
        marked, since=np.zeros(len(data)), unseen=np.zeros(len(data), bool)
    )
    low, high = interval(fit_stage(marked, 0, 1))

    assert low < 0.5 < high
    assert fit_stage(naive, 0, 1).shares[0, 0] < 0.4


def test_stays_carried_over_count_from_there():
    """Left truncation: of old stays only those that went on are in the register."""
    draw = np.random.default_rng(7)
    data = stays(draw, share=0.5, mean=30.0, oldest=300.0, count=8000)
    since = np.maximum(150.0 - data.entered, 0.0)
    carried = dataclasses.replace(data, since=since)
    carried = carried.only(carried.days > since)
    low, high = interval(fit_stage(carried, 0, 1))
    naive = dataclasses.replace(carried, since=np.zeros(len(carried)))

    assert low < 0.5 < high
    assert interval(fit_stage(naive, 0, 1))[1] < 0.45


def test_who_never_left_makes_no_fit():
    """A stage that nobody was seen to leave has no ways."""
    data = stays_of(np.full(5, np.inf), np.full(5, WON), np.full(5, 9.0))

    assert fit_stage(data, 0, 1) is None
