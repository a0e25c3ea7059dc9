"""Backtests: nothing of the future is known, bands are honest, change is noticed."""

from __future__ import annotations

import json

import numpy as np
import pytest
from known_funnels import crm_log, spliced

from simlib.crm import backtest, calibrate, forecast, known_at
from simlib.crm.scores import crps, point_score, poisson_crps, score
from simlib.errors import DataError

CUT, AHEAD = 330, 90


@pytest.fixture(scope="module")
def quiet():
    """Return a backtest of a funnel that does not change."""
    return backtest(crm_log(seed=1, horizon=430), CUT, AHEAD)


def test_nothing_of_the_future_is_known():
    """The log at a cut is the log of a run that ended there, row for row."""
    long, short = crm_log(seed=2, horizon=300), crm_log(seed=2, horizon=200)
    known = known_at(long, 200)

    assert (200, len(short.leads)) == (known.graph.horizon, len(known.leads))
    assert [
        short.time.tolist(),
        short.stage.tolist(),
        short.leads.source[short.lead].tolist(),
    ] == [
        known.time.tolist(),
        known.stage.tolist(),
        known.leads.source[known.lead].tolist(),
    ]


def test_a_forecast_does_not_depend_on_what_came_later():
    """Two logs that part ways after the cut give the same forecast."""
    first = crm_log(seed=3, horizon=430)
    other = spliced(first, crm_log(seed=4, horizon=430, search=0.9), CUT)
    wins = [backtest(log, CUT, 30, draws=20).forecast.wins for log in (first, other)]

    assert np.array_equal(*wins)


def test_a_quiet_funnel_is_foretold(quiet):
    """What came lies inside the bands, and the verdict says so."""
    assert quiet.verdict.startswith("The past predicted the future:")
    assert [] == quiet.findings


def test_parts_add_up(quiet):
    """Leads already there and new ones, sources and months: sums of one table."""
    table = quiet.table.set_index(["source", "month", "origin"])["mean"]
    total = table["total", 0, "all"]

    assert [total] * 3 == pytest.approx(
        [
            table["total", 0, "open"] + table["total", 0, "new"],
            sum(table[name, 0, "all"] for name in quiet.sources),
            sum(table["total", month, "all"] for month in (1, 2, 3)),
        ]
    )


def test_it_beats_its_rivals_on_the_whole():
    """Over five quiet funnels the score is better than that of both naive rivals.

    Young funnels: the raw share is too low by what has not had its time yet.
    """
    logs = [crm_log(seed, horizon=240, per_month=200) for seed in range(5)]
    tests = [backtest(log, 150, 90, draws=100) for log in logs]
    mean = np.mean([one.score.crps for one in tests])
    rivals = {
        name: np.mean([one.rival_scores[name].crps for one in tests])
        for name in ("raw_conversion", "last_period")
    }

    assert all(mean < 0.8 * other for other in rivals.values()), (mean, rivals)


def covered(seeds, draws=200):
    """Return how often totals by source fell into the 50% and the 90% bands."""
    inside = []
    for seed in seeds:
        test = backtest(
            crm_log(seed, horizon=420, per_month=60), CUT, AHEAD, draws=draws
        )
        table = test.table
        rows = table[(table["month"] == 0) & (table["origin"] == "all")]
        rows = rows[rows["source"] != "total"]
        inside += [
            (row.p25 <= row.actual <= row.p75, row.p05 <= row.actual <= row.p95)
            for row in rows.itertuples()
        ]
    return np.mean(inside, axis=0)


def test_bands_hold_what_they_promise():
    """Of 20 outcomes, 6 to 16 lie in the 50% bands and 15 or more in the 90% bands."""
    half, most = covered(range(10), draws=100)

    assert (True, True) == (0.3 <= half <= 0.8, most >= 0.75)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_bands_hold_what_they_promise_over_many():
    """Of 160 outcomes, 43% to 68% lie in the 50% bands, 85% to 97% in the 90% ones.

    Counts are whole numbers, so that a band holds a little more than it says.
    """
    half, most = covered(range(100, 180))

    assert (True, True) == (0.43 <= half <= 0.68, 0.85 <= most <= 0.97)


def test_a_break_after_the_cut_is_no_prediction():
    """Deals stop being won on the day of the cut: the verdict is plain."""
    before = crm_log(seed=5, horizon=450, per_month=200)
    after = crm_log(seed=6, horizon=450, per_month=200, search=0.02, ads=0.02)
    broken = spliced(before, after, CUT - 60)
    test = backtest(broken, CUT, 120)

    assert test.verdict.startswith("The past did not predict the future: fewer wins")
    assert any("fewer than the" in text for text in test.findings)


def test_a_break_before_the_cut_is_found_in_the_data():
    """A share that fell to a fifth among later leads is dated, named and measured."""
    before = crm_log(seed=5, per_month=200, horizon=600)
    after = crm_log(seed=6, per_month=200, horizon=600, search=0.06)
    texts = calibrate(spliced(before, after, 300.0)).warnings
    fell = [text for text in texts if "source search: the share went from" in text]

    assert ["opportunity to customer", "opportunity to lost"] == [
        text.split(",")[0] for text in fell
    ]
    assert "entered about day 3" in fell[0]
    assert not any("ads" in text for text in texts)


def test_sources_that_drift_apart_are_seen_under_a_good_total():
    """One source gains what the other loses: the total fits, the verdict does not."""
    before = crm_log(seed=7, horizon=560, per_month=300, search=0.3, ads=0.5)
    after = crm_log(seed=8, horizon=560, per_month=300, search=0.52, ads=0.06)
    test = backtest(spliced(before, after, 300.0), 320, 240)

    assert test.verdict.startswith("The total was foretold, but not for the right")
    assert "search won more and ads fewer" in test.verdict


def test_arrivals_may_be_taken_from_the_log():
    """With actual arrivals every future has the leads that came."""
    log = crm_log(seed=1, horizon=430)
    test = backtest(log, CUT, AHEAD, arrivals="actual", draws=20)
    came = len(known_at(log, CUT + AHEAD).leads) - len(known_at(log, CUT).leads)

    assert {came} == set(test.forecast.arrivals.sum(axis=1).tolist())


def test_leads_in_progress_are_forecast_by_their_age():
    """Wins of the next 60 days from open leads agree with the truth of many runs."""
    made = [
        forecast(calibrate(known_at(log, 200)), 60, draws=60).wins[..., 0].sum((1, 2))
        for log in (crm_log(seed, horizon=260, per_month=300) for seed in range(4))
    ]
    came = [
        backtest(crm_log(seed, horizon=261, per_month=300), 200, 60, draws=2)
        .actual[..., 0]
        .sum()
        for seed in range(4)
    ]

    assert np.mean(made) == pytest.approx(np.mean(came), rel=0.15)


def test_the_summary_is_plain_json(quiet):
    """Its keys are those that a script may count on."""
    summary = json.loads(json.dumps(quiet.summary()))
    row = summary["sources"]["ads"]

    assert {"cut", "horizon_days", "sources", "total", "months"} <= set(summary)
    assert {"verdict", "rivals", "score"} <= set(summary)
    assert ["actual", "forecast", "from_new", "from_open"] == sorted(row)
    assert ["mean", "p05", "p25", "p75", "p95"] == sorted(row["forecast"])
    assert (3, "2025-12-02") == (len(summary["months"]), summary["cut"])


@pytest.mark.parametrize(
    ("cut", "ahead", "message"),
    [
        (330, 200, "the data end on day 430; give 100 days or fewer"),
        (0, 30, "is not inside the data"),
        (330, -1, "the data end on day 430"),
    ],
)
def test_what_cannot_be_tested_is_refused(cut, ahead, message):
    """A cut or a horizon outside the data is answered with what may be."""
    with pytest.raises(DataError, match=message):
        backtest(crm_log(seed=1, horizon=430), cut, ahead)


def test_scores_are_what_they_should_be():
    """The score of one sure future is its distance; more spread around it is worse."""
    sure = np.full(100, 7.0)

    assert (3.0, 0.0) == (crps(sure, 10.0), crps(sure, 7.0))
    assert 0 < crps(np.array([6.0, 8.0]), 7.0) < crps(np.array([4.0, 10.0]), 7.0)


def test_a_poisson_score_is_that_of_many_poisson_futures():
    """The closed sum agrees with 40,000 drawn counts."""
    futures = np.random.default_rng(1).poisson(12.0, 40_000).astype(float)

    assert poisson_crps(12.0, 17.0) == pytest.approx(crps(futures, 17.0), rel=0.02)
    assert 4.0 == poisson_crps(0.0, 4.0)


def test_coverage_and_bias_are_counted():
    """Two cells, one inside its bands and one far above: a half, and the bias."""
    futures = np.column_stack([np.arange(101.0), np.arange(101.0)])
    found = score(futures, np.array([50.0, 500.0]))
    rival = point_score(np.array([50.0, 50.0]), np.array([50.0, 500.0]))

    assert (0.5, 0.5, -450.0, 2) == (
        found.covers_50,
        found.covers_90,
        found.bias,
        found.cells,
    )
    assert -450.0 == rival.bias
