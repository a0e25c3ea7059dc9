"""Who arrives when: counts, ramps, weekdays, bursts, and names that last."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simlib.arrivals import Arrived, arrivals
from simlib.scenario.models import Source

MONTH = 30.4375
RARE = 1e-3


def arrived(
    leads: dict[str, Any], *, horizon: float = 364, run: int = 0, per_month: float = 0.0
) -> Arrived:
    """Return the arrivals of one source that says so about its leads."""
    said = {"leads": leads, "mix": {"ready": 1}, "cost": {"per_month": per_month}}
    source = Source.model_validate(said)
    return arrivals(
        {"web": source}, horizon=horizon, days_per_month=MONTH, seed=5, replication=run
    )


def names(found: Arrived) -> dict[tuple[int, int], float]:
    """Return when each named lead arrives."""
    named = zip(found.band.tolist(), found.ordinal.tolist(), strict=True)
    return dict(zip(named, found.time.tolist(), strict=True))


def counts(leads: dict[str, Any], runs: int, **others: float) -> np.ndarray:
    """Return how many leads arrive in each of many replications."""
    return np.array(
        [len(arrived(leads, run=run, **others).time) for run in range(runs)]
    )


def test_counts_are_poisson():
    """Over replications the count has the mean and the variance of a Poisson one."""
    found = counts({"per_month": MONTH / 4}, 2000, horizon=40)

    # Mean 10: its standard error is .07, that of the variance is .34.
    assert 10 == pytest.approx(found.mean(), abs=0.25)
    assert 10 == pytest.approx(found.var(), abs=1.1)
    low, high = stats.poisson.ppf([0.001, 0.999], 10)
    cells = np.bincount(found.clip(int(low), int(high)))[int(low) :]
    law = stats.poisson.pmf(np.arange(low, high + 1), 10)
    law[0], law[-1] = stats.poisson.cdf(low, 10), stats.poisson.sf(high - 1, 10)
    assert stats.chisquare(cells, law * found.size).pvalue > RARE


@pytest.mark.parametrize("per_day", [0.4, 1.0, 7.5])
def test_gaps_are_exponential(per_day):
    """The gaps between arrivals of a steady source are exponential, band or no band."""
    time = arrived({"per_day": per_day}, horizon=20_000 / per_day).time
    gaps = np.diff(time, prepend=0.0)

    assert stats.kstest(gaps, stats.expon(scale=1 / per_day).cdf).pvalue > RARE


def test_nobody_arrives_before_the_start_or_from_the_stop_on():
    """An effort brings leads evenly from its first day to its last, and none else."""
    said = {"per_day": 50, "shape": "effort", "start": 30.5, "stop": 100}
    time = arrived(said).time

    assert 30.5 <= time.min() < time.max() < 100
    assert stats.kstest(time, stats.uniform(30.5, 69.5).cdf).pvalue > RARE
    assert 50 * 69.5 == pytest.approx(len(time), abs=4 * np.sqrt(50 * 69.5))


def test_content_compounds_and_lives_on():
    """Content builds up, is full after its months, and decays by half-lives."""
    said = {
        "per_day": 400,
        "shape": "compounding",
        "months_to_full": 2,
        "half_life_months": 1,
        "stop": 3 * MONTH,
    }
    time = arrived(said, horizon=6 * MONTH).time
    in_month = np.bincount((time / MONTH).astype(int), minlength=6) / MONTH / 400

    # The stock is (1 - 2^-t) / (1 - 2^-2) up to full, then 2^-(t - 3); their means are
    # worked out by integration over each month.
    half = np.log(2)
    rising = (1 - 0.5 / half) / 0.75
    next_one = (1 - 0.25 / half) / 0.75
    falling = [0.5 / half * 0.5**month for month in range(3)]
    expected = np.array([rising, next_one, 1.0, *falling])
    error = 4 * np.sqrt(expected / MONTH / 400)
    assert np.all(np.abs(in_month - expected) < error)


@pytest.mark.parametrize(("growth", "start"), [(0.05, 0), (0.2, 40.0), (-0.1, 0)])
def test_leads_grow_month_by_month(growth, start):
    """Each month after the start has 1 + growth times the leads of the one before."""
    said = {"per_day": 100, "growth_per_month": growth, "start": start}
    time = arrived(said, horizon=start + 12 * MONTH).time
    in_month = np.bincount(((time - start) / MONTH).astype(int), minlength=12)

    # The mean of (1 + growth) ** t over the first month is growth / log(1 + growth).
    first = 100 * MONTH * growth / np.log1p(growth)
    expected = first * (1 + growth) ** np.arange(12)
    assert start <= time.min()
    assert np.all(np.abs(in_month - expected) < 4 * np.sqrt(expected))


def test_growth_adds_leads_and_moves_none():
    """Who comes to a firm that stands still comes to one that grows, on that day."""
    steady, growing = (
        set(arrived({"per_day": 3, "growth_per_month": each}).time) for each in (0, 0.1)
    )

    assert steady < growing


def test_money_saturates():
    """At the half spend half of the full rate comes, at twice of it three quarters."""
    said = {"per_day": 100, "shape": "saturating", "half_spend_per_month": 1000}

    for spend, share in [(0, 0.0), (1000, 0.5), (2000, 0.75)]:
        found = len(arrived(said, horizon=200, per_month=spend).time) / 20_000
        assert share == pytest.approx(found, abs=4 * np.sqrt(share / 20_000))


def test_weekdays_have_their_weights():
    """Arrivals fall on weekdays by weight, and the weekly total stays."""
    weights = np.array([2, 1, 1, 1, 1, 0.5, 0])
    time = arrived({"per_day": 60, "weekdays": weights.tolist()}).time
    found = np.bincount(time.astype(int) % 7, minlength=7)
    expected = 60 * 52 * weights * 7 / weights.sum()

    assert 0 == found[6]
    assert np.all(np.abs(found - expected) < 4 * np.sqrt(expected) + 1)


@pytest.mark.parametrize("overdispersion", [1, 3, 8])
def test_days_are_as_uneven_as_asked(overdispersion):
    """The count of a day has the variance / mean that was asked for."""
    said = {"per_day": 20, "overdispersion": overdispersion}
    time = arrived(said, horizon=20_000).time
    found = np.bincount(time.astype(int), minlength=20_000)

    assert 20 == pytest.approx(found.mean(), rel=0.02)
    assert overdispersion == pytest.approx(found.var() / found.mean(), rel=0.05)


def test_imports_come_on_their_day():
    """All leads of an import are there at its moment, if that is before the horizon."""
    imports = [
        {"day": 5, "leads": 3},
        {"day": 2.5, "leads": 2},
        {"day": 364, "leads": 9},
    ]
    found = arrived({"imports": imports})

    assert [2.5, 2.5, 5, 5, 5] == found.time.tolist()
    assert [3, 4, 0, 1, 2] == found.ordinal.tolist()
    assert [-1] * 5 == found.band.tolist()


RATES = st.sampled_from([0, 0.3, 1, 1.7, 2, 5.5])
DAYS = st.integers(1, 20)
SHAPES = st.sampled_from(
    [
        {},
        {"shape": "effort", "start": 3, "stop": 25},
        {"shape": "compounding", "months_to_full": 1, "half_life_months": 0.5},
        {"weekdays": [1, 1, 1, 1, 1, 0, 0]},
        {"overdispersion": 1.5},
        {"growth_per_month": 0.2},
    ]
)


@settings(max_examples=60)
@given(RATES, RATES, SHAPES, st.integers(0, 5))
def test_a_higher_rate_adds_leads_and_moves_none(rate, more, shape, run):
    """Whoever comes at the lower rate comes at the higher one, at the same moment.

    Uneven days are no exception: a day's rate is a gamma quantile times the excess of
    variance, and the quantile rises with the mean rate.
    """
    few = names(arrived({"per_day": rate, **shape}, horizon=30, run=run))
    many = names(arrived({"per_day": rate + more, **shape}, horizon=30, run=run))

    assert few.items() <= many.items()


@settings(max_examples=60)
@given(RATES, SHAPES, st.floats(1, 40), st.floats(0, 40))
def test_a_longer_horizon_changes_nobody_before_it(rate, shape, horizon, more):
    """Who comes before the shorter horizon comes before the longer one, and then."""
    said = {"per_day": rate, "imports": [{"day": 4, "leads": 2}], **shape}
    short = names(arrived(said, horizon=horizon))
    long = names(arrived(said, horizon=horizon + more))

    assert short == {name: at for name, at in long.items() if at < horizon}


@settings(max_examples=30)
@given(RATES, SHAPES.filter(lambda said: said.get("shape") != "compounding"), DAYS)
def test_a_later_stop_changes_nobody_before_it(rate, shape, days):
    """Who comes before the stop comes whether or not the effort goes on after it."""
    said = {"per_day": rate, **shape, "start": 0}
    on = names(arrived({**said, "stop": 20 + days}, horizon=60))
    off = names(arrived({**said, "stop": 20}, horizon=60))

    assert off == {name: at for name, at in on.items() if at < 20}


def test_another_source_changes_nobody():
    """A source's leads do not depend on which other sources there are."""
    web, ads = (
        Source.model_validate({"leads": {"per_day": rate}, "mix": {"ready": 1}})
        for rate in (3, 2)
    )
    frame = {"horizon": 50, "days_per_month": MONTH, "seed": 5, "replication": 0}
    alone = arrivals({"web": web}, **frame)
    both = arrivals({"ads": ads, "web": web}, **frame)

    assert alone.time.tolist() == both.time[both.source == 1].tolist()
    assert alone.key.tolist() == both.key[both.source == 1].tolist()
    assert np.all(np.diff(both.time) >= 0)


def test_no_two_leads_share_a_key():
    """Keys of all bands, imports and sources differ."""
    said = {"per_day": 40, "imports": [{"day": 1, "leads": 500}]}

    found = arrived(said).key
    assert len(found) == len(np.unique(found)) > 10_000


def test_enough_points_are_drawn_even_in_a_freak(monkeypatch):
    """If the points drawn at first do not reach the end, more are drawn."""
    whole = arrived({"per_day": 5})
    monkeypatch.setattr("simlib.points._likely", lambda bands: [3] * len(bands.low))

    assert whole.time.tolist() == arrived({"per_day": 5}).time.tolist()
