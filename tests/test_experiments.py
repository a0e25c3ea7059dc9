"""Claims on trial that need no market: E1, E2, E3, E5, E14, E15, E16 and E30.

Each test runs the stated settings and holds the outcome to the band that the claim was
given before the model existed. Arms are paired: the same leads in both worlds.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from agreement import logs

import simlib as sl
from simlib.funnel import cohorts, histories, periods
from simlib.metrics import metrics_of
from simlib.run import simulate

LEADS = "sources.all_leads.leads.per_month"
MONTH = 30.4375
ENDLESS = {"teams.sdr.people": 100_000, "teams.sdr.cost_per_month": 0}


def mean(scenario: sl.Scenario, name: str, replications: int = 8) -> float:
    """Return the mean of a metric over replications."""
    runs = (simulate(scenario, 1, number) for number in range(replications))
    return float(np.mean([metrics_of(run)[name] for run in runs]))


def desk(leads: float, **changes: object) -> sl.Scenario:
    """Return the sales desk at a volume, for 400 sales months."""
    return sl.load("sales_desk").changed({LEADS: leads, "horizon": 2800, **changes})


# --- E1: a linear pipeline -----------------------------------------------------------


def textbook(leads: float) -> np.ndarray:
    """Return the customers of 20,000 months of the textbook firm."""
    months = {"sources.website.leads.per_month": leads, "horizon": 20_000 * MONTH / 20}
    runs = logs(sl.load("textbook").changed(months), 20)
    return np.concatenate([periods(log)["customers"].to_numpy() for log in runs])


def test_e1_two_customers_a_month_on_average():
    """100 leads make 2.00 customers a month: none in 13.5% of months, 95% in 0 to 5."""
    months = textbook(100)

    assert months.mean() == pytest.approx(2.00, abs=0.05)
    assert (months == 0).mean() == pytest.approx(0.135, abs=0.01)
    assert np.quantile(months, [0.025, 0.975]).tolist() == [0, 5]


def test_e1_twice_the_leads_are_twice_the_customers():
    """Without a desk 200 leads make 2.00 times the customers of 100."""
    assert textbook(200).mean() / textbook(100).mean() == pytest.approx(2.00, abs=0.05)


# --- E2: the holed bucket ------------------------------------------------------------


@pytest.mark.parametrize(
    ("few", "many", "ratio"), [(40, 80, 1.90), (81, 162, 1.49), (125, 250, 0.87)]
)
def test_e2_doubling_fills_a_holed_bucket(few, many, ratio):
    """Twice the leads make 1.90, 1.49, then 0.87 times the SQLs as the desk fills."""
    found = mean(desk(many), "reached.sql") / mean(desk(few), "reached.sql")

    assert found == pytest.approx(ratio, abs=0.06)


def test_e2_with_endless_people_twice_is_twice():
    """It is the queue that takes the SQLs: without one the ratio is 2.00."""
    found = [mean(desk(n, **ENDLESS), "reached.sql") for n in (250, 125)]

    assert found[0] / found[1] == pytest.approx(2.00, abs=0.06)


def test_e2_each_sql_costs_half_as_much_again():
    """From 125 to 250 leads the cost of an SQL rises by 1.54, people included."""
    found = [mean(desk(n), "cost_per.sql") for n in (250, 125)]

    assert found[0] / found[1] == pytest.approx(1.54, abs=0.10)


# --- E3: the leak, not the tap -------------------------------------------------------

RATE = "stages.sql.next.opportunity.rate"


@pytest.mark.parametrize(
    ("staff", "low", "high"), [(ENDLESS, 0.95, 1.05), ({}, 1.25, 2.0)]
)
def test_e3_mending_the_leak_against_opening_the_tap(staff, low, high):
    """Both double customers with endless people; with a desk the leak is the better."""
    tap, hole = desk(162, **{RATE: 0.25, **staff}), desk(81, **{RATE: 0.50, **staff})
    found = mean(hole, "customers", 24) / mean(tap, "customers", 24)

    assert low <= found <= high


def test_e3_a_mended_leak_halves_the_cost_of_a_customer():
    """Twice the share passes for the same spend."""
    before, after = desk(81, **{RATE: 0.25}), desk(81, **{RATE: 0.50})
    costs = [
        mean(world, "spend") / mean(world, "customers", 24) for world in (after, before)
    ]

    assert costs[0] / costs[1] == pytest.approx(0.5, abs=0.05)


# --- E5: the hump --------------------------------------------------------------------


def test_e5_sqls_rise_peak_and_fall():
    """SQLs a month peak at 13.9 near 169 leads, and are down to 8.7 at 300."""
    volumes = [20, 60, 100, 140, 149, 160, 169, 180, 189, 200, 240, 300, 600]
    found = {n: mean(desk(n), "reached.sql", 24) / 400 for n in volumes}
    best = max(found, key=lambda n: found[n])

    assert found[169] == pytest.approx(13.9, abs=0.5)
    assert best == pytest.approx(169, abs=20)
    assert found[300] == pytest.approx(8.7, abs=0.5)
    assert found[20] < found[60] < found[100] < found[169] > found[240] > found[600]


# --- E14: a hundred at 2%, twenty at 15% ---------------------------------------------


def batches(leads: int, rate: float, months: int, name: str) -> np.ndarray:
    """Return customers of months that each bring exactly so many leads."""
    imports = [{"day": 1 + MONTH * month, "leads": leads} for month in range(months)]
    scenario = sl.Scenario.of(
        {
            "name": "batches",
            "horizon": MONTH * months,
            "stages": {
                "captured": {"next": {"customer": {"rate": rate}}},
                "customer": {"terminal": "won"},
                "lost": {"terminal": "lost"},
            },
            "sources": {name: {"leads": {"imports": imports}}},
        }
    )
    return periods(simulate(scenario, 3).log)["customers"].to_numpy()


def test_e14_twenty_good_leads_win_more_often_than_a_hundred():
    """Twenty at 15% win 59.6% of months and 94% of years, tie 17%, lose 23.5%."""
    months = 1176 * 12 // 12
    few, many = (
        np.concatenate(
            [batches(n, rate, months, f"{name}{part}") for part in range(24)]
        )
        for n, rate, name in ((20, 0.15, "few"), (100, 0.02, "many"))
    )
    years = few.reshape(-1, 12).sum(axis=1), many.reshape(-1, 12).sum(axis=1)

    assert (few > many).mean() == pytest.approx(0.5955, abs=0.015)
    assert (few == many).mean() == pytest.approx(0.1698, abs=0.01)
    assert (few < many).mean() == pytest.approx(0.2347, abs=0.012)
    assert (years[0] > years[1]).mean() == pytest.approx(0.9411, abs=0.03)


# --- E15: the blend hides it, E16: the ladder ----------------------------------------


def two_sources(first: dict, second: dict) -> sl.Scenario:
    """Return two sources with rates of their own, and no desk."""
    sources = {"first": first, "second": second}
    names = ["captured", "mql", "sql", "opportunity", "customer"]
    rates = [source.pop("rates") for source in (first, second)]
    stages: dict[str, dict] = {}
    for place, (stage, to) in enumerate(pairwise(names)):
        by_source = dict(zip(sources, (r[place] for r in rates), strict=True))
        stages[stage] = {"next": {to: {"rate": by_source}}}
    ends = {"customer": {"terminal": "won"}, "lost": {"terminal": "lost"}}
    return sl.Scenario.of(
        {
            "name": "two sources",
            "horizon": 1000 * MONTH,
            "stages": {**stages, **ends},
            "sources": sources,
        }
    )


def test_e15_both_sources_improve_and_the_blend_falls():
    """SEO 5 to 6%, LinkedIn 1 to 1.2% at six times the leads: 3.67% becomes 2.40%."""
    before = two_sources(
        {"leads": {"per_month": 200}, "rates": (0.05, 1, 1, 1)},
        {"leads": {"per_month": 100}, "rates": (0.01, 1, 1, 1)},
    )
    after = two_sources(
        {"leads": {"per_month": 200}, "rates": (0.06, 1, 1, 1)},
        {"leads": {"per_month": 600}, "rates": (0.012, 1, 1, 1)},
    )
    blend = [mean(world, "conversion.lead_to_customer", 4) for world in (before, after)]

    assert blend == pytest.approx([0.03667, 0.02400], rel=0.02)
    assert blend[1] / blend[0] - 1 == pytest.approx(-0.345, abs=0.02)


def test_e16_the_cheap_lead_is_not_the_cheap_customer():
    """Google climbs from 50 to 3,444, LinkedIn from 120 to 24,000 per customer."""
    world = two_sources(
        {
            "leads": {"per_month": 1000},
            "rates": (0.30, 0.40, 0.55, 0.22),
            "cost": {"per_lead": 50},
        },
        {
            "leads": {"per_month": 1000},
            "rates": (0.20, 0.25, 0.50, 0.20),
            "cost": {"per_lead": 120},
        },
    )
    from simlib.metrics import metrics_by_source

    rungs = [
        "cost_per.lead",
        "cost_per.mql",
        "cost_per.sql",
        "cost_per.opportunity",
        "cac",
    ]
    found = metrics_by_source(simulate(world, 1))

    assert [found["first"][name] for name in rungs] == pytest.approx(
        [50, 166.67, 416.67, 757.58, 3443.53], rel=0.03
    )
    assert [found["second"][name] for name in rungs] == pytest.approx(
        [120, 600, 2400, 4800, 24_000], rel=0.05
    )


def test_e16_the_list_costs_twice_the_referral():
    """Twenty a contact at .5% is 4,000 a customer; 150 a referral at 8% is 1,875."""
    world = two_sources(
        {
            "leads": {"per_month": 1000},
            "rates": (0.005, 1, 1, 1),
            "cost": {"per_lead": 20},
        },
        {
            "leads": {"per_month": 300},
            "rates": (0.08, 1, 1, 1),
            "cost": {"per_lead": 150},
        },
    )
    from simlib.metrics import metrics_by_source

    found = metrics_by_source(simulate(world, 1))

    assert found["first"]["cac"] == pytest.approx(4000, rel=0.05)
    assert found["second"]["cac"] == pytest.approx(1875, rel=0.03)


# --- E30: lags bias the month's rate -------------------------------------------------


def lagged(imports: list[dict]) -> sl.Scenario:
    """Return four gamma lags of 124 days in all, half of the leads won in the end."""
    means = {"captured": 28, "mql": 10, "sql": 14, "opportunity": 72}
    names = [*means, "customer"]
    stages = {
        stage: {
            "next": {
                to: {
                    "rate": 0.5 if stage == "opportunity" else 1,
                    "lag": {"dist": "gamma", "mean": days, "cv": (10 / days) ** 0.5},
                }
            }
        }
        for (stage, days), to in zip(means.items(), names[1:], strict=True)
    }
    ends = {"customer": {"terminal": "won"}, "lost": {"terminal": "lost"}}
    return sl.Scenario.of(
        {
            "name": "lagged",
            "horizon": 48 * MONTH,
            "stages": {**stages, **ends},
            "sources": {"all": {"leads": {"imports": imports}}},
        }
    )


@pytest.mark.parametrize(("growth", "ratio"), [(0.05, 0.8171), (0.10, 0.6698)])
def test_e30_under_growth_the_months_rate_is_too_low(growth, ratio):
    """A month's wins over the same month's leads understate the cohort's rate."""
    daily = growth / MONTH
    imports = [
        {"day": day, "leads": max(1, round(30 * np.exp(daily * day)))}
        for day in range(int(48 * MONTH))
    ]
    log = simulate(lagged(imports), 1).log
    late = periods(log).iloc[36:47]
    rate = late["customers"].sum() / late["leads"].sum()

    assert rate / 0.5 == pytest.approx(ratio, rel=0.02)


def test_e30_a_doubling_takes_a_quarter_to_show():
    """Of the wins that a doubling brings, 16.5% are there after 90 days."""
    past = histories(simulate(lagged([{"day": 0, "leads": 200_000}]), 1).log)
    won = past.final_entry[past.is_customer]
    shares = [(won <= day).mean() for day in (90, 120, 180)]

    assert shares == pytest.approx([0.165, 0.492, 0.932], abs=0.01)


def test_cohorts_of_one_age_are_comparable_where_periods_are_not():
    """The cohort view of the growing firm shows the true rate once it is mature."""
    imports = [
        {"day": day, "leads": round(30 * np.exp(0.05 / MONTH * day))}
        for day in range(int(48 * MONTH))
    ]
    table = cohorts(simulate(lagged(imports), 1).log)
    mature = table[table["mature"]]

    assert mature["customers"].sum() / mature["leads"].sum() == pytest.approx(
        0.5, abs=0.01
    )
