"""How many leads are in a stage without a queue, against reference numbers."""

from __future__ import annotations

import math

import pytest
from printed import printed

from simlib.errors import TheoryError
from simlib.lags import empirical_lag, lag_of
from simlib.theory import (
    effort_occupancy,
    effort_wins,
    occupancy_at,
    ramp_occupancy,
    stationary_occupancy,
)

OPPORTUNITY = lag_of("lognormal", mean=72, cv=0.6)
LAGS = [
    OPPORTUNITY,
    lag_of("gamma", mean=10, cv=0.05),
    lag_of("gamma", mean=10, cv=2),
    lag_of("weibull", mean=10, cv=1.5),
    lag_of("exponential", mean=10, cv=1),
    lag_of("fixed", mean=10, cv=0),
    empirical_lag((1.0, 5.0, 24.0), (1.0, 1.0, 2.0)),
]


def test_open_opportunities_at_rest():
    """Half a lead a day that stays 72 days: Poisson with mean 36."""
    stage = stationary_occupancy(0.5, 72)
    assert (stage.mean, stage.range()) == (36, (25, 48))
    assert (stage.at_most(30), stage.at_least(50)) == printed((0.180626, 0.015620))


def test_ramp_of_arrivals():
    """A linear ramp from empty, by its closed form and by the integral."""
    integral = occupancy_at(
        60, lambda day: 5 + 0.02 * day, lag_of("exponential", mean=10, cv=1)
    )
    found = ramp_occupancy(60, 5, 0.02, 10).expected, integral.expected
    assert found == printed((59.881020, 59.881020))


def test_the_lognormal_of_the_reference():
    """Mean 72 and cv 0.6 mean a log-sd of .55 and a median of 61.7 days."""
    found = OPPORTUNITY.shape, math.log(OPPORTUNITY.centre), OPPORTUNITY.centre
    assert found == printed((0.554513, 4.122924, 61.739491))


@pytest.mark.parametrize(
    ("day", "open_ones"),
    [
        (30, 14.693975),
        (90, 30.968865),
        (120, 18.875187),
        (180, 4.401793),
        (270, 0.522310),
    ],
)
def test_open_opportunities_of_an_effort_that_stops(day, open_ones):
    """An effort of 90 days leaves opportunities in flight for half a year."""
    assert effort_occupancy(day, 0.5, 90, OPPORTUNITY).expected == printed(open_ones)


@pytest.mark.parametrize(
    ("day", "wins"),
    [
        (90, 3.086850),
        (120, 5.747459),
        (180, 8.931606),
        (270, 9.785092),
        (365, 9.883209),
    ],
)
def test_wins_of_an_effort_that_stops(day, wins):
    """Two wins in three come after the last day of the effort."""
    assert effort_wins(day, 0.5, 90, OPPORTUNITY, 0.22).expected == printed(wins)


@pytest.mark.parametrize("lag", LAGS, ids=lambda lag: f"{lag.family}-{lag.shape:.2g}")
@pytest.mark.parametrize("day", [0, 4, 10.5, 300])
def test_the_closed_form_is_the_integral(lag, day):
    """Steady arrivals agree between limited expected value and integral."""
    closed = effort_occupancy(day, 3.0, 1e9, lag).expected
    integral = occupancy_at(day, lambda _: 3.0, lag).expected
    assert closed == pytest.approx(integral, rel=1e-7)


@pytest.mark.parametrize("lag", LAGS, ids=lambda lag: f"{lag.family}-{lag.shape:.2g}")
def test_only_the_mean_stay_matters_in_the_end(lag):
    """Insensitivity: long after the start the mean is rate times mean stay."""
    late = effort_occupancy(1e5, 3.0, 1e9, lag).expected
    assert late == pytest.approx(stationary_occupancy(3.0, lag.mean).expected, rel=1e-6)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: stationary_occupancy(-1, 3), "arrival_rate must be 0 or more"),
        (lambda: ramp_occupancy(60, 5, -0.2, 10), "arrival rate at the end must be 0"),
        (lambda: ramp_occupancy(60, 5, 0.2, 0), "stay_mean must be above 0"),
        (lambda: occupancy_at(-1, lambda _: 1.0, LAGS[0]), "time must be 0 or more"),
        (lambda: effort_occupancy(1, 1, -1, LAGS[0]), "stop must be 0 or more"),
        (lambda: effort_wins(1, 1, 1, LAGS[0], 2), "win_rate must be a share"),
    ],
)
def test_impossible_stages_are_refused(ask, message):
    """Negative times and rates are named."""
    with pytest.raises(TheoryError, match=message):
        ask()
