"""One lead's number, alone in a compiled loop or as a column: the same number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from simlib import draws, variates
from simlib.compiling import COMPILED
from simlib.draws import entity_keys, stream_key
from simlib.lags import Lag, empirical_lag, lag_of
from simlib.plan import Curve
from simlib.population import meant

compiled = pytest.mark.skipif(not COMPILED, reason="nothing is compiled")
KEYS = entity_keys(stream_key(3, 1, "web"), 2_000)
STREAM = stream_key(3, 1, "mql.lag")
LAGS = [
    lag_of("lognormal", mean=10, cv=1.3),
    lag_of("gamma", mean=10, cv=0.7),
    lag_of("weibull", median=4, cv=2),
    lag_of("exponential", mean=3, cv=1),
    lag_of("fixed", mean=2, cv=0),
]


@pytest.mark.parametrize(
    "streams",
    [STREAM, np.array([[STREAM], [7], [11]], np.uint64), KEYS[::-1].copy()],
    ids=["one", "several", "one for each"],
)
def test_compiled_numbers_are_the_numbers(streams: Any):
    """However streams are given, compiled code draws the very same uniform numbers."""
    there = draws.uniforms(streams, KEYS)

    assert there.tolist() == variates.uniforms(streams, KEYS).tolist()


@compiled
@pytest.mark.parametrize("at_once", [0.0, 0.3])
@pytest.mark.parametrize("lag", LAGS, ids=[lag.family for lag in LAGS])
def test_compiled_lags_are_those_of_numpy(lag: Lag, at_once: float):
    """A law gives the lag's days, up to the last bits of a logarithm."""
    lag = Lag(lag.family, lag.centre, lag.shape, at_once=at_once)
    by_numpy = draws.uniforms(STREAM, KEYS)
    by_law = by_numpy.copy()
    lag.from_uniforms(by_numpy)
    assert lag.law
    variates.turn(lag.law, by_law)

    np.testing.assert_allclose(by_law, by_numpy, rtol=1e-13)
    assert np.array_equal(by_law == 0, by_numpy == 0)


@compiled
def test_a_compiled_lag_follows_its_distribution():
    """Turned by SciPy's own quantile, called by its address, numbers are lognormal."""
    numbers = draws.uniforms(STREAM, KEYS)
    lag = lag_of("lognormal", mean=10, cv=1)
    assert lag.law
    variates.turn(lag.law, numbers)

    assert stats.kstest(numbers, lag.distribution().cdf).pvalue > 0.001


def test_a_contact_curve_is_its_own_inverse():
    """Who has the number u is reached as long as the chance of contact is over u."""
    curve = Curve(half_at=0.03, power=0.5, dial=0.001)
    chance = np.array([0.1, 0.5, 0.9])
    days = chance.copy()
    meant(curve, days)

    found = 1 / (1 + ((days + curve.dial) / curve.half_at) ** curve.power)
    assert found.tolist() == pytest.approx(chance.tolist())


def test_an_empirical_lag_has_no_law():
    """What is looked up in a table cannot be drawn by the loop, and says so."""
    assert empirical_lag((1.0, 2.0, 5.0)).law is None


def test_a_number_reaches_bounds_up_to_itself():
    """Each number is counted against the bounds of its own row; a tie counts."""
    bounds = np.array([[0.2, 0.5], [0.6, 0.6]])
    numbers = np.array([0.1, 0.5, 0.5, 0.6])
    row = np.array([0, 0, 1, 1], dtype=np.int16)

    assert variates.bounds_passed(numbers, bounds, row).tolist() == [0, 2, 0, 2]
