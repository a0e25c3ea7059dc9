"""Claims on trial that need no market: E1, E2, E3, E5, E14, E15, E16 and E30.

Each test runs the stated settings and holds the outcome to the band that the claim was
given before the model existed. Arms are paired: the same leads in both worlds. Each
runs quickly and at full precision; see efforts.py.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from efforts import Effort

import simlib as sl
from simlib.funnel import cohorts, histories, periods
from simlib.metrics import metrics_by_source, metrics_of
from simlib.run import simulate

LEADS = "sources.all_leads.leads.per_month"
MONTH = 30.4375
ENDLESS = {"teams.sdr.people": 100_000, "teams.sdr.cost_per_month": 0}


def mean(scenario: sl.Scenario, name: str, replications: int) -> float:
    """Return the mean of a metric over replications."""
    runs = (simulate(scenario, 1, number) for number in range(replications))
    return float(np.mean([metrics_of(run)[name] for run in runs]))


def desk(leads: float, **changes: object) -> sl.Scenario:
    """Return the sales desk at a volume, for 400 sales months."""
    return sl.load("sales_desk").changed({LEADS: leads, "horizon": 2800, **changes})


# --- E1: a linear pipeline -----------------------------------------------------------


@cache
def textbook(leads: float, effort: Effort) -> np.ndarray:
    """Return the customers of 20,000 months of the textbook firm, or of 120,000."""
    world = sl.load("textbook").changed(
        {"sources.website.leads.per_month": leads, "horizon": 1000 * MONTH}
    )
    runs = (simulate(world, 1, number) for number in range(effort.of(20, 120)))
    return np.concatenate([periods(run.log)["customers"] for run in runs])


def test_e1_two_customers_a_month_on_average(effort):
    """100 leads make 2.00 customers a month: none in 13.5% of months, 95% in 0 to 5."""
    months = textbook(100, effort)

    assert months.mean() == pytest.approx(2.00, abs=effort.of(0.05, 0.025))
    assert (months == 0).mean() == pytest.approx(0.135, abs=effort.of(0.01, 0.005))
    assert np.quantile(months, [0.025, 0.975]).tolist() == [0, 5]


def test_e1_twice_the_leads_are_twice_the_customers(effort):
    """Without a desk 200 leads make 2.00 times the customers of 100."""
    found = textbook(200, effort).mean() / textbook(100, effort).mean()

    assert found == pytest.approx(2.00, abs=effort.of(0.05, 0.025))


# --- E2: the holed bucket ------------------------------------------------------------


@pytest.mark.parametrize(
    ("few", "many", "ratio"), [(40, 80, 1.90), (81, 162, 1.49), (125, 250, 0.87)]
)
def test_e2_doubling_fills_a_holed_bucket(few, many, ratio, effort):
    """Twice the leads make 1.90, 1.49, then 0.87 times the SQLs as the desk fills."""
    found = [mean(desk(n), "reached.sql", effort.of(8, 80)) for n in (many, few)]

    assert found[0] / found[1] == pytest.approx(ratio, abs=effort.of(0.06, 0.03))


def test_e2_with_endless_people_twice_is_twice(effort):
    """It is the queue that takes the SQLs: without one the ratio is 2.00."""
    worlds = [desk(n, **ENDLESS) for n in (250, 125)]
    found = [mean(world, "reached.sql", effort.of(8, 80)) for world in worlds]

    assert found[0] / found[1] == pytest.approx(2.00, abs=effort.of(0.06, 0.03))


def test_e2_each_sql_costs_half_as_much_again(effort):
    """From 125 to 250 leads the cost of an SQL rises by 1.54, people included."""
    found = [mean(desk(n), "cost_per.sql", effort.of(8, 80)) for n in (250, 125)]

    assert found[0] / found[1] == pytest.approx(1.54, abs=effort.of(0.10, 0.05))


# --- E3: the leak, not the tap -------------------------------------------------------

RATE = "stages.sql.next.opportunity.rate"


@pytest.mark.parametrize(
    ("staff", "quick", "full"),
    [(ENDLESS, (0.95, 1.05), (0.975, 1.025)), ({}, (1.25, 2.0), (1.25, 1.45))],
    ids=["endless people", "three people"],
)
def test_e3_mending_the_leak_against_opening_the_tap(staff, quick, full, effort):
    """Both double customers with endless people; with a desk the leak is the better."""
    tap, hole = desk(162, **{RATE: 0.25, **staff}), desk(81, **{RATE: 0.50, **staff})
    runs = effort.of(24, 240)
    found = mean(hole, "customers", runs) / mean(tap, "customers", runs)
    low, high = effort.of(quick, full)

    assert low <= found <= high


def test_e3_a_mended_leak_halves_the_cost_of_a_customer(effort):
    """Twice the share passes for the same spend."""
    before, after = desk(81, **{RATE: 0.25}), desk(81, **{RATE: 0.50})
    runs = effort.of(24, 240)
    costs = [
        mean(world, "spend", runs) / mean(world, "customers", runs)
        for world in (after, before)
    ]

    assert costs[0] / costs[1] == pytest.approx(0.5, abs=effort.of(0.05, 0.025))


# --- E5: the hump --------------------------------------------------------------------


def test_e5_sqls_rise_peak_and_fall(effort):
    """SQLs a month peak at 13.9 near 169 leads, and are down to 8.7 at 300."""
    volumes = [20, 60, 100, 140, 149, 160, 169, 180, 189, 200, 240, 300, 600]
    runs = effort.of(6, 96)
    found = {n: mean(desk(n), "reached.sql", runs) / 400 for n in volumes}
    best = max(found, key=lambda n: found[n])

    assert found[169] == pytest.approx(13.9, abs=effort.of(0.5, 0.25))
    assert best == pytest.approx(169, abs=effort.of(20, 10))
    assert found[300] == pytest.approx(8.7, abs=effort.of(0.5, 0.25))
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


def test_e14_twenty_good_leads_win_more_often_than_a_hundred(effort):
    """Twenty at 15% win 59.6% of months and 94% of years, tie 17%, lose 23.5%."""
    parts = range(effort.of(24, 240))
    few, many = (
        np.concatenate([batches(n, rate, 1176, f"{name}{part}") for part in parts])
        for n, rate, name in ((20, 0.15, "few"), (100, 0.02, "many"))
    )
    years = few.reshape(-1, 12).sum(axis=1), many.reshape(-1, 12).sum(axis=1)
    share = effort.of(1, 0.5)

    assert (few > many).mean() == pytest.approx(0.5955, abs=0.015 * share)
    assert (few == many).mean() == pytest.approx(0.1698, abs=0.01 * share)
    assert (few < many).mean() == pytest.approx(0.2347, abs=0.012 * share)
    assert (years[0] > years[1]).mean() == pytest.approx(0.9411, abs=0.03 * share)


# --- E15: the blend hides it, E16: the ladder ----------------------------------------


def test_e15_both_sources_improve_and_the_blend_falls(effort):
    """Search 5 to 6%, LinkedIn 1 to 1.2% at six times the leads: 3.67 to 2.40%."""
    before = sl.load("blended_rate").changed({"horizon": 1000 * MONTH})
    rate = "stages.captured.next.customer.rate"
    after = before.changed(
        {
            f"{rate}.search": 0.06,
            f"{rate}.linkedin": 0.012,
            "sources.linkedin.leads.per_month": 600,
        }
    )
    name, runs = "conversion.lead_to_customer", effort.of(4, 40)
    blend = [mean(world, name, runs) for world in (before, after)]
    band = effort.of(0.02, 0.01)

    assert blend == pytest.approx([0.03667, 0.02400], rel=band)
    assert blend[1] / blend[0] - 1 == pytest.approx(-0.345, abs=band)


def rungs(name: str, effort: Effort) -> dict[str, list[float]]:
    """Return each source's ladder: mean costs of a lead, of each stage, a customer."""
    world = sl.load(name).changed({"horizon": 1000 * MONTH})
    stages = [stage for stage in world.stages if stage not in ("customer", "lost")]
    ladder = ["lead" if stage == "captured" else stage for stage in stages]
    runs = [
        metrics_by_source(simulate(world, 1, number))
        for number in range(effort.of(1, 20))
    ]
    return {
        source: [
            float(np.mean([run[source][figure] for run in runs]))
            for figure in [*(f"cost_per.{stage}" for stage in ladder), "cac"]
        ]
        for source in world.sources
    }


def test_e16_the_cheap_lead_is_not_the_cheap_customer(effort):
    """Search climbs from 50 to 3,444, LinkedIn from 120 to 24,000 per customer."""
    found, share = rungs("cheap_lead", effort), effort.of(1, 0.5)

    assert found["search"] == pytest.approx(
        [50, 166.67, 416.67, 757.58, 3443.53], rel=0.03 * share
    )
    assert found["linkedin"] == pytest.approx(
        [120, 600, 2400, 4800, 24_000], rel=0.05 * share
    )


def test_e16_the_list_costs_twice_the_referral(effort):
    """Twenty a contact at .5% is 4,000 a customer; 150 a referral at 8% is 1,875."""
    found, share = rungs("list_or_referral", effort), effort.of(1, 0.5)

    assert found["list"] == [pytest.approx(20), pytest.approx(4000, rel=0.05 * share)]
    assert found["referrals"] == [
        pytest.approx(150),
        pytest.approx(1875, rel=0.03 * share),
    ]


# --- E30: lags bias the month's rate -------------------------------------------------


def lagged(imports: list[dict]) -> sl.Scenario:
    """Return four gamma lags of 124 days in all, half of the leads won in the end."""
    return sl.load("four_months_late").changed(
        {"horizon": 48 * MONTH, "sources.all.leads": {"per_day": 0, "imports": imports}}
    )


@pytest.mark.parametrize(("growth", "ratio"), [(0.05, 0.8171), (0.10, 0.6698)])
def test_e30_under_growth_the_months_rate_is_too_low(growth, ratio, effort):
    """A month's wins over the same month's leads understate the cohort's rate."""
    daily = growth / MONTH
    imports = [
        {"day": day, "leads": max(1, round(30 * np.exp(daily * day)))}
        for day in range(int(48 * MONTH))
    ]
    world, won, leads = lagged(imports), 0, 0
    for number in range(effort.of(1, 16)):
        late = periods(simulate(world, 1, number).log).iloc[36:47]
        won, leads = won + late["customers"].sum(), leads + late["leads"].sum()

    assert won / leads / 0.5 == pytest.approx(ratio, rel=effort.of(0.02, 0.01))


def test_e30_a_doubling_takes_a_quarter_to_show(effort):
    """Of the wins that a doubling brings, 16.5% are there after 90 days."""
    leads = effort.of(200_000, 1_000_000)
    past = histories(simulate(lagged([{"day": 0, "leads": leads}]), 1).log)
    won = past.final_entry[past.is_customer]
    shares = [(won <= day).mean() for day in (90, 120, 180)]

    assert shares == pytest.approx([0.165, 0.492, 0.932], abs=effort.of(0.01, 0.005))


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
