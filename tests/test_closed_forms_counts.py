"""Closed forms of counts, scores, nurture and money by simulation: 7.13 to 7.16.

As in test_closed_forms.py: |z| < 3.5, and 2% for rates, more where few happen. Content
and reputation (7.15) are in their own files, BANT (7.14) in test_qualification.py, and
the shares of a budget (7.16) in test_experiments_channels.py.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from agreement import near
from test_experiments import batches

import simlib as sl
from simlib import theory
from simlib.behaviour import Passage
from simlib.draws import entity_keys, stream_key
from simlib.funnel import histories, periods
from simlib.log import ENTER
from simlib.metrics import metrics_of

MONTH = 30.4375

# --- 7.13 money ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cac", "deal", "churn", "months"),
    [
        (12_000, 12_000, 0, 15),
        (24_000, 24_000, 0, 15),
        (18_000, 24_000, 0, 11.25),
        (24_000, 24_000, 0.01, 16.170497),
        (24_000, 24_000, 0.02, 17.654809),
    ],
)
def test_a_firm_that_pays_so_much_is_paid_back_so_late(cac, deal, churn, months):
    """A firm whose leads all buy, at a CAC per lead: its payback is the formula's."""
    said = sl.load("textbook").said()
    said["stages"]["captured"]["next"]["sql"]["rate"] = 1
    said["stages"]["sql"]["next"]["customer"]["rate"] = 1
    said["sources"]["website"]["cost"] = {"per_lead": cac}
    said["deal"] = {"value": deal, "gross_margin": 0.8, "monthly_churn": churn}
    found = metrics_of(sl.simulate(sl.Scenario.of(said), seed=1))["payback_months"]

    assert theory.payback_months(cac, deal / 12, 0.8, churn) == pytest.approx(months)
    assert found == pytest.approx(months, rel=1e-6)


# --- 7.14 scores and screens ---------------------------------------------------------

READY = ((10, 1.6), (5, 1.0), (20, 1.0))
NOT_YET = ((10, 0.25), (5, 0.5), (20, 0.3))
JUNK = ((10, 0.1), (5, 0.7), (20, 0.1))


@cache
def passing(actions: tuple[tuple[int, float], ...], start: int) -> np.ndarray:
    """Return when 200,000 leads have 75 points, in months."""
    race = Passage(
        kind=0,
        threshold=75.0,
        window=3 * MONTH,
        half_life=np.inf,
        actions=tuple((f"worth {points}", points, MONTH / n) for points, n in actions),
        attributes=(("start", float(start), 1.0),),
    )
    keys = entity_keys(7, 200_000)
    return race.days(lambda name, at: stream_key(1, 0, name, at), "s", 1, keys) / MONTH


@pytest.mark.parametrize(
    ("actions", "start", "month"),
    [
        *((READY, start, month) for start in (15, 0) for month in (1, 2, 3)),
        *((NOT_YET, start, month) for start in (15, 0) for month in (1, 2, 3)),
        (JUNK, -5, 3),
    ],
)
def test_who_has_75_points_by_when(actions, start, month):
    """The chance of 75 points within so many months is that of the race of points."""
    target = theory.PointsRace(actions, start).reaches(75, month)
    found = (passing(actions, start) < month).reshape(40, -1).mean(axis=1)
    few = 0.02 if target > 0.05 else 0.10 if target > 0.004 else 0.3

    assert target == near(found, few)


@pytest.mark.parametrize(
    ("sensitivity", "specificity"), [(0.85, 0.80), (0.75, 0.90), (0.95, 0.60)]
)
def test_whom_a_score_passes_on(sensitivity, specificity):
    """Of 27% ready: how many pass, and how many of those are ready, and not."""
    target = theory.Screen(sensitivity, specificity).apply(0.27)
    others = dict.fromkeys(("not_yet", "misfit", "junk"), 1 - specificity)
    said = sl.load("flood_300").changed(
        {
            "stages.captured.next.mql.rate": {"ready": sensitivity, **others},
            "sources.all_leads.leads.per_month": 3000,
            "teams.sdr.people": 1000,
            "horizon": 7.0,
        }
    )
    shares = []
    for number in range(40):
        log = sl.simulate(said, 1, number).log
        here = (log.event == ENTER) & (log.stage == log.graph.stage_code("mql"))
        passed = np.zeros(len(log.leads), dtype=bool)
        passed[log.lead[here]] = True
        ready = log.leads.kind == 0
        shares.append([passed.mean(), ready[passed].mean(), (~ready)[~passed].mean()])
    passes, right, rightly_not = np.transpose(shares)

    assert target.pass_share == near(passes, 0.02)
    assert target.ready_among_passed == near(right, 0.02)
    assert target.others_among_held == near(rightly_not, 0.02)


# --- 7.15 nurture --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ready", "gone", "ever", "in_a_year"),
    [(0.03, 0.03, 0.5, 0.256624), (0.075, 0.038, 0.663717, 0.492684)],
    ids=["left alone", "nurtured"],
)
def test_two_clocks_race_for_whom_is_early(ready, gone, ever, in_a_year):
    """Ready in the end and within a year, and after how long: r / (r + d) and so on."""
    said = sl.load("nurture_73").changed(
        {
            "nurture.ready_per_month.not_yet": ready,
            "nurture.drop_out_per_month": gone,
            "sources.all_leads.mix": {"ready": 0, "not_yet": 1, "misfit": 0, "junk": 0},
            "horizon": 6000.0,
        }
    )
    when = []
    for number in range(4):
        log = sl.simulate(said, 1, number).log
        when.append(histories(log).first_entry[:, log.graph.stage_code("sql")] / MONTH)
    groups = np.concatenate(when).reshape(40, -1)
    mean = 1 / (ready + gone)

    assert ever == near(np.isfinite(groups).mean(axis=1), 0.02)
    assert in_a_year == near((groups <= 12).mean(axis=1), 0.02)
    assert mean == near([row[np.isfinite(row)].mean() for row in groups], 0.02)


# --- 7.16 counts and comparisons -----------------------------------------------------


@cache
def years() -> np.ndarray:
    """Return customers by month of 4,000 years: ten leads a month, a fifth buy."""
    said = sl.load("textbook").changed(
        {
            "horizon": 1200 * MONTH,
            "sources.website.leads.per_month": 10.0,
            "stages.captured.next.sql.rate": 1.0,
        }
    )
    runs = (sl.simulate(said, 3, number) for number in range(40))
    found = np.concatenate([periods(run.log)["customers"] for run in runs])
    return found.reshape(40, -1, 12)


def test_years_of_two_customers_a_month():
    """A month without any, four or more; a year with none empty, or below 20."""
    months, whole = years(), years().sum(axis=2)
    month, year = theory.PoissonCount(2), theory.PoissonCount(24)

    assert month.chance(0) == near((months == 0).mean(axis=(1, 2)), 0.04)
    assert month.at_least(4) == near((months >= 4).mean(axis=(1, 2)), 0.04)
    assert month.at_least(1) ** 12 == near((months > 0).all(axis=2).mean(axis=1), 0.08)
    assert year.at_most(19) == near((whole < 20).mean(axis=1), 0.08)


def test_a_hundred_leads_at_two_percent():
    """Exactly a hundred leads: no customer in 13.26% of the months."""
    found = np.concatenate([batches(100, 0.02, 1200, f"hundred{n}") for n in range(12)])
    law = theory.BinomialCount(100, 0.02)

    assert law.chance(0) == near((found == 0).reshape(40, -1).mean(axis=1), 0.05)


def test_a_years_customers_of_3600_leads():
    """45.7 customers on average, 33 to 59 in 95% of the years."""
    law = theory.BinomialCount(3600, 0.012705)
    found = np.concatenate([batches(3600, 0.012705, 100, f"y{n}") for n in range(5)])
    low, high = law.range()
    parts = found.reshape(20, -1)

    assert law.mean == near(parts.mean(axis=1), 0.02)
    inside = law.at_most(high) - law.at_most(low - 1)
    assert inside == near(((parts >= low) & (parts <= high)).mean(axis=1), 0.02)


@cache
def counted(expected: float) -> np.ndarray:
    """Return how many leads come in each of 2,000 windows with so many expected."""
    said = sl.load("textbook").changed(
        {"sources.website.leads.per_month": expected, "horizon": 1000 * MONTH}
    )
    runs = (sl.simulate(said, round(expected), number) for number in range(2))
    return np.concatenate([periods(run.log)["leads"].to_numpy() for run in runs])


def test_with_so_many_events_four_of_five_tests_find_47_percent():
    """At 88.9 events before, and 1.47 times as many after, 80% of tests say so."""
    before = theory.base_events_needed(1.47)
    pairs = zip(counted(before), counted(1.47 * before), strict=True)
    found = np.array([theory.ratio_interval(a, b / a)[0] > 1 for a, b in pairs])

    assert found.mean() == pytest.approx(0.80, abs=0.04)


@pytest.mark.parametrize("before", [15, 30, 60, 90])
def test_the_interval_of_a_ratio_holds_the_truth_95_times_in_100(before):
    """Two windows of the same firm, grown by 47%: the interval holds 1.47."""
    pairs = zip(counted(float(before)), counted(1.47 * before), strict=True)
    held = []
    for a, b in pairs:
        low, high = theory.ratio_interval(max(a, 1), max(b, 1) / max(a, 1))
        held.append(low <= 1.47 <= high)

    assert np.mean(held) == pytest.approx(0.95, abs=0.02)
