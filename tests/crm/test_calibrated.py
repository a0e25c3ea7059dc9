"""From a log to a scenario and back: what was simulated is found again."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from known_funnels import crm_log, said

from simlib.crm import calibrate
from simlib.crm.transitions import sojourns
from simlib.errors import DataError
from simlib.run import simulate
from simlib.scenario import Scenario

TRUE_SHARE = {"search": 0.09, "ads": 0.045}


@pytest.fixture(scope="module")
def found():
    """Return the calibration of one run."""
    return calibrate(crm_log(seed=1))


def whole_days(log):
    """Return a log with dates only."""
    return dataclasses.replace(log, time=np.floor(log.time))


def held(log):
    """Return how often the intervals of a calibration hold the true final shares."""
    table = calibrate(log).table.set_index("source")
    rows = [table.loc[name] for name in TRUE_SHARE]
    pairs = zip(rows, TRUE_SHARE.values(), strict=True)
    return sum(row["low"] <= true <= row["high"] for row, true in pairs)


def test_the_scenario_runs_and_has_the_stages_of_the_log(found):
    """It is complete: it extends nothing, runs, and has the same stages and sources."""
    scenario = found.scenario
    again = Scenario.of(scenario.said())

    assert (list(said()["stages"]), list(said()["sources"])) == (
        list(again.stages),
        list(again.sources),
    )
    assert again.digest == scenario.digest
    assert 2000 < len(simulate(scenario, seed=2).log.leads) < 3300


def test_a_round_trip_brings_the_parameters_back(found):
    """Rates and lags of a scenario with 2,600 leads come back within chance."""
    stages = found.scenario.said()["stages"]
    way = stages["captured"]["next"]["opportunity"]

    assert {"search": 0.30, "ads": 0.15} == pytest.approx(way["rate"], abs=0.035)
    assert (way["lag"]["dist"], way["lag"]["median"]) == (
        "lognormal",
        pytest.approx(20 / np.sqrt(2), rel=0.1),
    )
    assert stages["opportunity"]["next"]["customer"]["rate"] == pytest.approx(
        {"search": 0.3, "ads": 0.3}, abs=0.07
    )


def test_intervals_hold_the_truth():
    """Of 12 intervals of final shares in 6 young funnels, 10 or more hold the truth.

    That is what 95% intervals do in 98 of 100 cases.
    """
    logs = [crm_log(seed, horizon=150, per_month=200) for seed in range(6)]

    assert sum(map(held, logs)) >= 10


def test_intervals_hold_the_truth_of_dates():
    """Known by dates only, the same funnels give as good intervals: 5 or more of 6."""
    logs = [crm_log(seed, horizon=150, per_month=200) for seed in range(3)]

    assert sum(map(held, map(whole_days, logs))) >= 5


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("dates_only", [False, True])
@pytest.mark.parametrize("horizon", [110, 200, 400])
def test_intervals_hold_the_truth_often_enough(horizon, dates_only):
    """Of 120 intervals, 90% to 99% hold the truth, however much is cut off."""
    logs = (crm_log(seed, horizon=horizon, per_month=200) for seed in range(60))
    logs = map(whole_days, logs) if dates_only else logs
    share = sum(map(held, logs)) / 120

    assert 0.90 <= share <= 0.99


def test_what_is_won_so_far_is_not_what_will_be():
    """In a young funnel the raw share is far too low, and the fitted one is not."""
    table = calibrate(crm_log(seed=4, horizon=150, per_month=300)).table
    total = table.iloc[-1]

    assert total["share_seen"] < 0.035
    assert 0.05 < total["share_final"] < 0.09


def test_too_young_a_funnel_is_called_so():
    """After 60 days with a lag of 80 nothing is settled, and that is said aloud."""
    young = calibrate(crm_log(seed=5, horizon=60, per_month=600))
    total = young.summary()["total"]

    assert not total["plateau"]
    assert any("cannot be told from the data" in text for text in young.warnings)
    assert total["share_possible"]["low"] < 0.0675 / 2
    assert total["share_possible"]["high"] > 0.0675 * 2


def test_a_handful_of_old_leads_does_not_settle_what_is_possible():
    """Ten leads that came long before an import of hundreds leave the range as wide."""
    plan = said(horizon=460, per_month=600)
    for source in plan["sources"].values():
        source["leads"] = {"per_month": 0, "imports": [{"day": 2, "leads": 5}]}
        source["leads"]["imports"].append({"day": 400, "leads": 500})
    possible = calibrate(simulate(Scenario.model_validate(plan)).log).summary()
    low, high = possible["total"]["share_possible"].values()

    assert (True, True) == (low < 0.0675 / 2, high > 0.0675 * 2)


def test_the_mature_funnel_is_warned_of_nothing(found):
    """Data that follow the model raise no warning."""
    assert [] == found.warnings


def test_draws_are_scenarios_around_the_best_one(found):
    """They differ in shares, lags and arrivals, centre on the estimate, and repeat."""
    draws = found.draws(20, seed=3)
    rates = [
        one.said()["stages"]["captured"]["next"]["opportunity"]["rate"]["search"]
        for one in draws
    ]
    arrivals = {one.said()["sources"]["ads"]["leads"]["per_day"] for one in draws}

    assert (20, 20) == (len(set(rates)), len(arrivals))
    assert np.mean(rates) == pytest.approx(0.29, abs=0.03)
    assert [one.digest for one in draws] == [
        one.digest for one in calibrate(crm_log(seed=1)).draws(20, seed=3)
    ]


def test_the_summary_is_plain_json(found):
    """Its keys are those that a script may count on."""
    summary = json.loads(json.dumps(found.summary()))
    row = summary["sources"]["ads"]

    assert ["as_of", "rows", "sources", "total", "warnings"] == sorted(summary)
    assert {"leads", "won", "share_seen", "share_final", "lag"} <= set(row)
    assert ["high", "low", "mean"] == sorted(row["share_final"])
    assert ["family", "p10", "p50", "p90"] == sorted(row["lag"])
    assert row["lag"]["p10"] < row["lag"]["p50"] < row["lag"]["p90"]
    assert row["share_final"]["low"] < row["share_final"]["mean"]


def test_names_of_an_export_become_names_of_a_scenario():
    """Sources may be called anything; in the scenario they are words that differ."""
    log = crm_log(seed=1, horizon=200)
    graph = dataclasses.replace(log.graph, sources=("Organic Search (SEO)", "ready"))
    scenario = calibrate(dataclasses.replace(log, graph=graph)).scenario

    assert ["Organic_Search_SEO", "source_ready"] == list(scenario.sources)


def test_leads_that_go_round_are_fitted_too():
    """A nurture loop comes back as an ordinary stage, its visits capped."""
    loop = said()
    loop["stages"]["captured"]["leak"] = {"to": "nurture"}
    loop["nurture"] = {
        "to": "captured",
        "ready_per_month": 0.3,
        "drop_out_per_month": 0.3,
    }
    loop["stages"]["captured"]["visits"] = 20
    log = simulate(Scenario.of(loop), seed=1).log.crm()
    found = calibrate(log)
    nurture = found.scenario.said()["stages"]["nurture"]

    assert 20 == nurture["visits"]
    assert nurture["next"]["captured"]["rate"] == pytest.approx(
        {"search": 0.5, "ads": 0.5}, abs=0.07
    )
    again = simulate(found.scenario, seed=2).log
    customers = [
        np.sum(one.stage == one.graph.stage_code("customer")) for one in (log, again)
    ]
    assert customers[1] == pytest.approx(customers[0], rel=0.35)


def test_what_never_closes_stays_open():
    """Where half are never dispositioned, half never leave, and none is called lost."""
    quiet = said()
    quiet["stages"]["captured"]["next"]["lost"] = {
        "rate": 0.3,
        "lag": {"dist": "exponential", "mean": 15},
    }
    quiet["stages"]["captured"]["leak"]["lag"] = 36500
    log = simulate(Scenario.of(quiet), seed=1).log.crm()
    found = calibrate(log)
    stays = found.fits[0].shares

    assert stays[:, -1] == pytest.approx([0.4, 0.55], abs=0.06)
    again = sojourns(simulate(found.scenario, seed=2).log.crm())
    assert np.mean(~again.of_stage(0).is_over) > 0.3


def test_where_nobody_was_won_the_share_is_bounded():
    """No win among hundreds lost: more than 0, not more than are still open."""
    log = crm_log(seed=1, horizon=200)
    hidden = log._only(log.stage != log.graph.stage_code("customer"))
    found = calibrate(hidden)
    total = found.summary()["total"]

    share, most = total["share_final"], total["share_possible"]["high"]
    assert 0 < share["mean"] < share["high"] < most < 0.15
    assert None is total["lag"]["p50"]
    assert any(text.startswith("nobody was won yet") for text in found.warnings)
    assert simulate(found.scenario, seed=1).log


def test_a_young_funnel_without_a_win_may_win_yet():
    """After 8 days nobody is won, yet the interval holds the 6.75% that will be.

    The way to a first win goes into the scenario, too.
    """
    found = calibrate(crm_log(seed=5, horizon=8, per_month=400))
    total = found.table.iloc[-1]
    ways = found.scenario.said()["stages"]["opportunity"]["next"]

    assert (0, True) == (total["won"], total["low"] < 0.0675 < total["high"])
    assert all(0 < rate < 1 for rate in ways["customer"]["rate"].values())


def test_with_wins_dated_only_the_share_is_still_found():
    """Where no loss is dated, a lead is only not won yet; the share comes back."""
    log = crm_log(seed=1, horizon=400, per_month=300)
    dated = {log.graph.stage_code(name) for name in ("captured", "customer")}
    wins = log._only(np.isin(log.stage, list(dated)))
    wins = dataclasses.replace(wins, meta={**wins.meta, "losses_observed": False})
    found = calibrate(wins)
    total = found.table.iloc[-1]

    assert total["low"] < 0.0675 < total["high"]
    assert total["high"] - total["low"] < 0.03
    assert any(text.startswith("losses are not dated") for text in found.warnings)


def test_nothing_to_fit_is_said():
    """A log in which nobody ever left a stage is refused with the likely cause."""
    log = crm_log(seed=1)
    only_first = log._only(log.stage == log.graph.stage_code("captured"))
    with pytest.raises(DataError, match="nobody was seen to leave a stage"):
        calibrate(only_first)


def test_one_source_with_slower_leads_is_noticed():
    """One lag for all sources is the scenario's; a source that differs is named."""
    log = crm_log(seed=1, per_month=200)
    slow = log.leads.source[log.lead] == 1
    arrived = np.full(len(log.leads), np.inf)
    np.minimum.at(arrived, log.lead, log.time)
    start = arrived[log.lead]
    time = np.where(slow, start + 2 * (log.time - start), log.time)
    kept = time < log.graph.horizon
    late = dataclasses.replace(log._only(kept), time=time[kept])
    order = np.lexsort((late.lead, late.time))
    texts = calibrate(late._only(order)).warnings

    assert any("leads from ads are slower" in text for text in texts)
