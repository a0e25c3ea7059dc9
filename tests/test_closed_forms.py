"""Closed forms by simulation: the engines against theory, section by section.

Each test runs a small model, reads one figure from the whole log, and holds the mean
of its replications to the closed form: |z| < 3.5 and a relative tolerance of 2% for
rates and 3% for standard deviations. Desks are in test_closed_forms_desks.py.
"""

from __future__ import annotations

import numpy as np
import pytest
from agreement import logs, near

import simlib as sl
from simlib import theory
from simlib.funnel import histories
from simlib.lags import lag_of

RATE, SPREAD = 0.02, 0.03
CHAIN = {
    "captured": {"nurturing": 0.40, "mql": 0.30, "pql": 0.05},
    "nurturing": {"mql": 0.25},
    "mql": {"nurturing": 0.30, "sql": 0.35},
    "sql": {"nurturing": 0.15, "opportunity": 0.55},
    "pql": {"nurturing": 0.25, "opportunity": 0.45},
    "opportunity": {"nurturing": 0.18, "customer": 0.22},
}
STAYS = {
    "captured": theory.Stay(14),
    "nurturing": theory.Stay(90),
    "mql": theory.Stay(10),
    "sql": theory.Stay(14, 0.8),
    "pql": theory.Stay(21, 0.8),
    "opportunity": theory.Stay(72, 0.6),
}
GROUPS, GROUP = 1000, 1000


@pytest.fixture(scope="module")
def chain() -> theory.AbsorbingChain:
    """The recycling chain, solved."""
    return theory.absorbing_chain(CHAIN)


@pytest.fixture(scope="module")
def settled() -> sl.EventLog:
    """A million leads of the recycling chain, all on day 0, until all are settled."""
    leads = {"imports": [{"day": 0, "leads": GROUPS * GROUP}]}
    source = {"sources.all_leads.leads": {**leads, "per_day": None}}
    return logs(sl.load("recycling_chain").changed({**source, "horizon": 6000}), 1)[0]


def groups(per_lead: np.ndarray) -> np.ndarray:
    """Return the sums over groups of a thousand leads: the replications."""
    return per_lead.reshape(GROUPS, GROUP).sum(axis=1)


# --- 7.1 absorbing chain with recycling ----------------------------------------------


def test_customers_of_a_thousand_leads(settled, chain):
    """A thousand leads make 23.9 customers on average, with sd 4.83."""
    customers = groups(histories(settled).is_customer)
    target = theory.BinomialCount(GROUP, chain.ends_from("captured")["customer"])

    assert target.mean == near(customers, RATE)
    # the sd of an sd is sd / sqrt(2 (n - 1)): 2.2% of it here
    assert customers.std(ddof=1) == pytest.approx(target.sd, rel=3.5 * 0.0224)


def test_visits_to_each_stage(settled, chain):
    """On average a lead visits each stage as often as the fundamental matrix says."""
    visits = histories(settled).visits
    targets = chain.visits_from("captured")
    found = {}
    for code, stage in enumerate(settled.graph.stage_names):
        if stage in targets:
            each = np.bincount(visits.lead[visits.stage == code], minlength=10**6)
            found[stage] = near(groups(each) / GROUP, RATE)

    assert targets == found


def test_share_won_from_each_stage(settled, chain):
    """Of the visits to a stage, the share that ends with a customer is B = F R."""
    past = histories(settled)
    found = {}
    for code, stage in enumerate(settled.graph.stage_names):
        if stage in chain.stages:
            here = past.visits.lead[past.visits.stage == code]
            parts = np.array_split(past.is_customer[here], 40)
            found[stage] = near([part.mean() for part in parts], 0.03)

    assert {stage: chain.ends_from(stage)["customer"] for stage in found} == found


# --- 7.2 first passage ---------------------------------------------------------------


@pytest.mark.parametrize("given", [None, "customer"])
def test_time_until_settled(settled, chain, given):
    """Mean and sd of the time to any end, and of the time to customer of those won."""
    past = histories(settled)
    times = past.final_entry[past.is_customer] if given else past.final_entry
    target = theory.time_to_end(chain, "captured", STAYS, given=given)
    parts = np.array_split(times, 100)

    assert target.mean == near([part.mean() for part in parts], RATE)
    assert target.sd == near([part.std(ddof=1) for part in parts], SPREAD)


# --- 7.3 Little's law ----------------------------------------------------------------


def test_stage_populations_are_rate_times_stay(chain):
    """Ten leads a day keep 140 in captured, 531 in nurturing, and so on."""
    scenario = sl.load("recycling_chain").changed({"horizon": 4000})
    found: dict[str, list[float]] = {}
    for log in logs(scenario, 8):
        visits = histories(log).visits
        for code, stage in enumerate(log.graph.stage_names):
            if stage in chain.stages:
                mine = visits.stage == code
                begun = np.maximum(visits.entered[mine], 1000)
                stay = np.maximum(visits.left[mine] - begun, 0)
                found.setdefault(stage, []).append(stay.sum() / 3000)
    targets = theory.stage_populations(chain, "captured", STAYS, arrival_rate=10)

    assert targets == {stage: near(values, RATE) for stage, values in found.items()}


# --- 7.4 and 7.5 occupancy -----------------------------------------------------------


def open_deals(**leads: object) -> sl.Scenario:
    """Deals that take 72 days (cv 0.6) and are won with 22%."""
    lag = {"dist": "lognormal", "mean": 72, "cv": 0.6}
    return sl.Scenario.of(
        {
            "name": "open deals",
            "horizon": 400,
            "stages": {
                "opportunity": {
                    "next": {"customer": {"rate": 0.22, "lag": lag}},
                    "leak": {"to": "lost", "lag": lag},
                },
                "customer": {"terminal": "won"},
                "lost": {"terminal": "lost"},
            },
            "sources": {"all": {"leads": leads}},
        }
    )


def stock(log: sl.EventLog, day: float) -> int:
    """Return how many are in the first stage on a day."""
    visits = histories(log).visits
    here = (visits.stage == 0) & (visits.entered <= day) & (visits.left > day)
    return int(here.sum())


def test_open_deals_are_poisson():
    """With half a deal a day the open ones are Poisson(36): mean, and both tails."""
    found = np.array([stock(log, 399) for log in logs(open_deals(per_day=0.5), 4000)])
    target = theory.stationary_occupancy(0.5, 72)
    parts = found.reshape(40, 100)

    assert target.mean == near(found, RATE)
    assert target.at_most(30) == near((parts <= 30).mean(axis=1), 0.12)
    assert target.at_least(50) == near((parts >= 50).mean(axis=1), 0.45)


def test_open_deals_while_arrivals_grow():
    """Arrivals of 5 + .02 t a day, stays exponential with mean 10: 59.88 on day 60."""
    scenario = sl.Scenario.of(
        {
            "name": "ramp",
            "horizon": 61,
            "stages": {
                "mql": {
                    "next": {
                        "sql": {"rate": 1, "lag": {"dist": "exponential", "mean": 10}}
                    }
                },
                "sql": {"terminal": "won"},
            },
            "sources": {
                "steady": {"leads": {"per_day": 5}},
                # a stock that hardly decays grows on a line: 1.2 a day after 60 days
                "growing": {
                    "leads": {
                        "per_day": 1.2,
                        "shape": "compounding",
                        "months_to_full": 60 / 30.4375,
                        "half_life_months": 12_000,
                    }
                },
            },
        }
    )
    found = [stock(log, 60) for log in logs(scenario, 1500)]

    assert theory.ramp_occupancy(60, 5, 0.02, 10).mean == near(found, RATE)


def test_outbound_stops_and_its_pipeline_empties():
    """Half a deal a day until day 90, then none: open deals and wins over time."""
    scenario = open_deals(per_day=0.5, shape="effort", stop=90)
    days, stay = (30, 90, 120, 180, 270, 365), lag_of("lognormal", mean=72, cv=0.6)
    runs = logs(scenario, 3000)
    wins = [histories(log).final_entry[histories(log).is_customer] for log in runs]
    open_now = {day: near([stock(log, day) for log in runs], 0.03) for day in days[:4]}
    won = {day: near([(w <= day).sum() for w in wins], 0.03) for day in days[1:]}

    occupancy = {d: theory.effort_occupancy(d, 0.5, 90, stay).mean for d in open_now}
    assert occupancy == open_now
    assert {d: theory.effort_wins(d, 0.5, 90, stay, 0.22).mean for d in won} == won


# --- 7.6 cohorts, 7.6b growth --------------------------------------------------------

MEANS = (28, 10, 14, 72)
GAMMA = tuple(1 / np.sqrt(mean / 10) for mean in MEANS)
PASSES = (0.30, 0.35, 0.55, 0.22)


def strict_chain(cvs: tuple[float, ...], leads: dict, rates=PASSES) -> sl.Scenario:
    """Return captured to customer in four steps with gamma lags, and no way back."""
    names = ("captured", "mql", "sql", "opportunity", "customer")
    steps = zip(names, names[1:], rates, MEANS, cvs, strict=False)
    stages = {
        name: {
            "next": {to: {"rate": rate, "lag": {"dist": "gamma", "mean": m, "cv": cv}}}
        }
        for name, to, rate, m, cv in steps
    }
    ends = {"customer": {"terminal": "won"}, "lost": {"terminal": "lost"}}
    return sl.Scenario.of(
        {
            "name": "strict chain",
            "horizon": 1500,
            "stages": {**stages, **ends},
            "sources": {"all": {"leads": leads}},
        }
    )


@pytest.mark.parametrize("cvs", [GAMMA, (1.0,) * 4], ids=["gamma", "hypoexponential"])
def test_a_cohort_converts_as_the_sum_of_its_lags(cvs):
    """Of 1,000 leads .0127 become customers; when, is the law of the four lags."""
    leads = {"imports": [{"day": 0, "leads": 1000 * 1000}]}
    past = histories(logs(strict_chain(cvs, leads), 1)[0])
    lag, final = theory.TotalLag(MEANS, cvs), theory.strict_rate(PASSES)
    days = (90, 120, 180, 365)
    won = {
        day: near(groups((past.final_entry <= day) & past.is_customer), 0.03)
        for day in days
    }

    assert {d: float(theory.cohort_customers(1000, final, lag, d)) for d in days} == won


def test_growth_makes_the_period_rate_too_low():
    """With 5% more leads each month, the month's ratio is .817 of the cohort's rate."""
    rate = np.log(1.05) / 30.4375
    growth = 0.05 / 30.4375
    assert rate == pytest.approx(growth, rel=0.03)  # 5% a month, continuously
    imports = [
        {"day": day, "leads": round(20 * np.exp(growth * day))} for day in range(1500)
    ]
    scenario = strict_chain(GAMMA, {"imports": imports}, rates=(0.9, 0.9, 0.9, 0.9))
    ratios = []
    for log in logs(scenario, 10):
        past = histories(log)
        wins = (past.is_customer & (past.final_entry >= 1100)).sum()
        ratios.append(wins / (past.arrived >= 1100).sum() / 0.9**4)
    target = theory.period_to_cohort(theory.TotalLag(MEANS, GAMMA), growth)

    assert target == pytest.approx(0.817061, abs=1e-6)
    assert target == near(ratios, RATE)
