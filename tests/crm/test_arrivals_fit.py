"""How leads arrive: what was put in is found again."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.crm.arrivals_fit import fit_arrivals
from simlib.crm.chance import Chance
from simlib.plan import compiled
from simlib.population import Population
from simlib.scenario import Scenario

HORIZON = 400.0


def came(seed=0, **leads):
    """Return when the leads of a source arrive."""
    scenario = Scenario.of(
        {
            "name": "one source",
            "horizon": HORIZON,
            "stages": {
                "captured": {"leak": {"to": "lost"}},
                "lost": {"terminal": "lost"},
            },
            "sources": {"web": {"leads": {"per_day": 5, **leads}}},
        }
    )
    return Population(compiled(scenario), seed, 0).time


def fitted(seed=0, **leads):
    """Return the fit of a source."""
    return fit_arrivals(came(seed, **leads), HORIZON)


def test_a_steady_source_is_just_a_rate():
    """No weekday, trend, break, start, stop or import is found where none is."""
    fit = fitted()

    assert ([1.0] * 7, False, None, 0.0, HORIZON, ()) == (
        fit.weekdays.tolist(),
        fit.has_trend,
        fit.broke_on,
        fit.start,
        fit.stop,
        fit.imports,
    )
    assert abs(fit.per_day - 5) < 3 * fit.per_day_spread
    assert fit.per_day_spread < 0.15


def test_rates_lie_inside_their_intervals():
    """Of 40 replications with noisy days, 34 to 40 hold the rate in their 95%."""
    fits = [fitted(seed, overdispersion=4) for seed in range(40)]
    inside = sum(abs(fit.per_day - 5) < 1.96 * fit.per_day_spread for fit in fits)

    assert 34 <= inside <= 40


def test_weekdays_and_noise_are_found():
    """Weekends at half, and a variance of 4 times the mean, come back."""
    fit = fitted(weekdays=[1.2, 1.2, 1.2, 1.2, 1.2, 0.5, 0.5], overdispersion=4)

    assert fit.weekdays[:5].mean() == pytest.approx(1.2, abs=0.1)
    assert fit.weekdays[5:].mean() == pytest.approx(0.5, abs=0.1)
    assert 3 < fit.overdispersion < 5


@pytest.mark.parametrize(
    ("leads", "start", "stop"),
    [({"start": 150}, 150, HORIZON), ({"stop": 250}, 0, 250)],
)
def test_a_late_start_and_an_early_stop_are_seen(leads, start, stop):
    """Days before the first or after the last lead are no days of few leads."""
    fit = fitted(**leads)

    assert (start, stop) == (
        pytest.approx(fit.start, abs=2),
        pytest.approx(fit.stop, abs=2),
    )
    assert fit.per_day == pytest.approx(5, abs=0.5)


def test_an_import_is_no_busy_day():
    """300 leads on day 180 are counted apart, and change no rate."""
    fit = fitted(imports=[{"day": 180, "leads": 300}])

    assert [180] == [day for day, _ in fit.imports]
    assert fit.per_day == pytest.approx(5, abs=0.4)


def test_a_break_is_dated_and_the_new_rate_goes_on():
    """From 5 to 12 a day on day 300: dated within a week, and 12 goes on."""
    first = came(1)
    second = came(2, per_day=12)
    fit = fit_arrivals(np.append(first[first < 300], second[second >= 300]), HORIZON)

    assert fit.broke_on == pytest.approx(300, abs=7)
    assert (5, 12) == (
        pytest.approx(fit.before_break, abs=0.6),
        pytest.approx(fit.per_day, abs=1.2),
    )


def test_a_trend_is_no_break():
    """A source that builds up has a trend, and goes on with its last quarter's rate."""
    fit = fitted(shape="compounding", per_day=10)
    counts = fit.counts

    assert (True, None) == (fit.has_trend, fit.broke_on)
    assert fit.per_day == pytest.approx(counts[-91:].mean(), rel=1e-6)


def test_days_ahead_have_the_mean_and_the_noise_of_the_past():
    """Forecast days have the rate, the weekdays and the variance that were fitted."""
    fit = fitted(overdispersion=4, weekdays=[2, 1, 1, 1, 1, 0.5, 0.5])
    days = fit.days_ahead(HORIZON, 7 * 3000, fit.per_day, Chance(0, "test"))
    # Day 400 of the log is a Tuesday.
    by_weekday = np.roll(days.reshape(-1, 7), 1, axis=1)
    expected = fit.per_day * fit.weekdays

    assert by_weekday.mean(axis=0) == pytest.approx(expected.tolist(), rel=0.06)
    # A gamma factor of the day's mean m has the variance m^2 (phi - 1) / rate.
    variance = expected + expected**2 * (fit.overdispersion - 1) / fit.per_day
    assert days.reshape(-1, 7)[:, 6].var() == pytest.approx(variance[0], rel=0.15)


def test_a_source_with_two_leads_is_not_overread():
    """Two leads in 400 days are a rate, without a stop or a weekday."""
    fit = fit_arrivals(np.array([3.2, 200.9]), HORIZON)

    assert (2 / 400, HORIZON, False) == (
        pytest.approx(fit.per_day),
        fit.stop,
        fit.has_trend,
    )
