"""How long things take: each family has the mean, median and cv that it was given."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from simlib.draws import entity_keys, stream_key
from simlib.lags import Lag, empirical_lag, lag_of

SPREAD = ["lognormal", "gamma", "weibull"]
KEYS = entity_keys(stream_key(1, 0, "leads"), 200_000)
STREAM = stream_key(1, 0, "mql.lag")
CV = st.floats(0.1, 4)


@pytest.mark.parametrize("family", [*SPREAD, "exponential"])
@pytest.mark.parametrize("cv", [0.3, 1.0, 2.0])
def test_drawn_days_have_their_distribution(family, cv):
    """Days drawn for many leads have the family's distribution, by KS."""
    lag = lag_of(family, mean=10, cv=cv)
    days = lag.days(STREAM, KEYS)

    assert stats.kstest(days, lag.distribution().cdf).pvalue > 1e-3


@pytest.mark.parametrize("family", SPREAD)
@pytest.mark.parametrize("cv", [0.05, 0.5, 1.0, 3.0, 20.0])
def test_mean_and_cv_are_those_asked_for(family, cv):
    """The distribution of SciPy has the mean and the cv that were given."""
    lag = lag_of(family, mean=10, cv=cv)
    law = lag.distribution()

    assert 10 == pytest.approx(lag.mean, rel=1e-9)
    assert 10 == pytest.approx(float(law.mean()), rel=1e-6)
    assert cv == pytest.approx(float(law.std() / law.mean()), rel=1e-6)


@pytest.mark.parametrize("family", [*SPREAD, "exponential"])
def test_the_median_is_the_one_asked_for(family):
    """Half of the distribution lies below the median that was given."""
    law = lag_of(family, median=7, cv=0.8).distribution()

    assert 0.5 == pytest.approx(float(law.cdf(7)), rel=1e-9)


@given(st.sampled_from(SPREAD), CV, st.floats(1e-6, 1 - 1e-6))
def test_a_number_becomes_its_quantile(family, cv, number):
    """A uniform number becomes the quantile of the distribution at that number."""
    lag = lag_of(family, mean=3, cv=cv)
    days = np.array([number])
    lag.from_uniforms(days)

    assert float(lag.distribution().ppf(number)) == pytest.approx(days[0], rel=1e-7)


@given(
    st.sampled_from([*SPREAD, "exponential"]), CV, st.floats(0.1, 50), st.floats(1, 9)
)
def test_a_longer_mean_is_longer_for_everybody(family, cv, mean, factor):
    """A slider moves every lead the same way: no lag falls when the mean rises."""
    keys = KEYS[:200]
    short = lag_of(family, mean=mean, cv=cv).days(STREAM, keys)
    long = lag_of(family, mean=mean * factor, cv=cv).days(STREAM, keys)

    assert np.all(short <= long)


@given(st.sampled_from([*SPREAD, "exponential"]), CV, st.floats(0, 0.9))
def test_a_larger_number_is_a_longer_lag(family, cv, at_once):
    """Who has the larger uniform number takes no less time, nil lags included."""
    plain = lag_of(family, mean=5, cv=cv)
    lag = Lag(plain.family, plain.centre, plain.shape, at_once=at_once)
    days = np.linspace(1e-6, 1 - 1e-6, 300)
    lag.from_uniforms(days)

    assert np.all(np.diff(days) >= 0)
    assert np.all(days >= 0)


def test_a_share_that_goes_at_once():
    """A nil lag falls to its share of leads; the others have the family's days."""
    lag = Lag("exponential", 4.0, at_once=0.25)
    days = lag.days(STREAM, KEYS)
    law = stats.expon(scale=4)

    assert stats.binomtest(int((days == 0).sum()), len(days), 0.25).pvalue > 1e-3
    assert stats.kstest(days[days > 0], law.cdf).pvalue > 1e-3
    assert 3.0 == lag.mean


def test_a_fixed_lag_takes_everybody_the_same():
    """A fixed lag is exactly its value, whoever asks."""
    lag = lag_of("fixed", mean=2.5, cv=1)

    assert [2.5] == np.unique(lag.days(STREAM, KEYS[:99])).tolist()
    assert 2.5 == lag.mean
    assert lag.is_constant


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.data())
def test_an_empirical_lag_takes_what_was_seen(values, data):
    """Observed values come back in their shares, none in between."""
    many = st.lists(st.integers(0, 5), min_size=len(values), max_size=len(values))
    weights = data.draw(many)
    assume(any(weights))
    lag = empirical_lag(tuple(values), tuple(weights))
    days = (np.arange(1000) + 0.5) / 1000
    lag.from_uniforms(days)
    share = dict.fromkeys(values, 0.0)
    for value, weight in zip(values, weights, strict=True):
        share[value] += weight / sum(weights)

    for value, expected in share.items():
        assert expected == pytest.approx(float(np.mean(days == value)), abs=2e-3)
    assert sum(v * s for v, s in share.items()) == pytest.approx(lag.mean)


def test_what_has_no_density_says_so():
    """Asked for a density, a lag without one names its family."""
    with pytest.raises(ValueError, match="'fixed' has no density"):
        Lag("fixed", 1.0).distribution()
    with pytest.raises(ValueError, match=r"0\.5 go at once"):
        Lag("gamma", 1.0, 2.0, at_once=0.5).distribution()


def test_a_lag_needs_a_centre():
    """Without mean and median there is no lag."""
    with pytest.raises(ValueError, match="a mean or a median"):
        lag_of("gamma", cv=1)
