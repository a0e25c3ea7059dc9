"""A sales desk by the month, against reference numbers."""

from __future__ import annotations

import pytest
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import (
    ContactCurve,
    SalesDesk,
    Screen,
    best_volume,
    doubling_neutral_volume,
    sales_month,
    volume_gain,
)

DESK = SalesDesk()
SCORED = Screen(sensitivity=0.85, specificity=0.80)


@pytest.mark.parametrize(
    ("leads", "contact"),
    [(81, 0.775902), (112.65, 0.715113), (150, 0.614778), (300, 0.196330)],
)
def test_contact_falls_with_volume(leads, contact):
    """The share of leads that is served and reached falls from 78 to 20%."""
    assert sales_month(DESK, leads).contact == printed(contact)


@pytest.mark.parametrize(
    ("leads", "sqls"), [(81, 9.332939), (150, 13.694186), (300, 8.746498)]
)
def test_more_leads_fewer_sqls(leads, sqls):
    """300 unfiltered leads make fewer SQLs than 81."""
    assert sales_month(DESK, leads).sql_per_month == printed(sqls)


def test_a_score_before_the_desk():
    """Of 300 leads the best 37.55% pass, and make three times the SQLs."""
    month = sales_month(DESK, 300, SCORED)
    assert month.passed_per_month / 300 == printed(0.375500)
    assert month.ready_among_passed == printed(0.611185)
    assert month.sql_per_month == printed(27.079549)


def test_what_the_flood_does_to_speed():
    """Unfiltered, a third gives up and 2% are served in 5 minutes; scored, 73%."""
    flooded, scored = sales_month(DESK, 300), sales_month(DESK, 300, SCORED)
    assert [
        (month.desk.abandonment, month.desk.served_within(5 / 60))
        for month in (flooded, scored)
    ] == [printed((0.333, 0.018), 3), printed((0.025, 0.732), 3)]


def test_the_best_volume():
    """SQLs peak at 169 leads a month, 84% of what the reps could work on."""
    best = best_volume(DESK)
    assert best.leads_per_month == printed(169.41, 2)
    assert best.sql_per_month == printed(13.923990)
    assert best.desk.load == printed(0.84, 2)


def test_the_doubling_neutral_volume():
    """Doubling 115 leads changes nothing; the reps were only 57% busy."""
    leads = doubling_neutral_volume(DESK)
    assert leads == printed(115.06, 2)
    assert leads / DESK.capacity_per_month == printed(0.5707, 4)
    assert volume_gain(DESK, leads) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("leads", "gain"), [(40, 1.90), (81, 1.49), (125, 0.87), (150, 0.64)]
)
def test_doubling_a_holed_bucket(leads, gain):
    """Doubling helps a desk with slack and harms a full one."""
    assert volume_gain(DESK, leads) == printed(gain, 2)


def test_endless_people_have_no_holes():
    """With people to spare twice the leads are twice the SQLs."""
    assert volume_gain(SalesDesk(people=1000), 125) == pytest.approx(2.0)


def test_cost_per_sql_after_a_doubling():
    """From 125 to 250 leads the cost of an SQL rises by half."""
    before, after = (
        sales_month(DESK, leads).cost_per_sql(100, 8000) for leads in (125, 250)
    )
    assert after / before == printed(1.54, 2)


def test_the_leak_beats_the_tap():
    """Mending the next transition by 2 beats doubling 81 leads by a third."""
    assert 2 / volume_gain(DESK, 81) == printed(1.34, 2)


def test_the_unit_of_time_is_free():
    """Days and a month of 7 days say the same as hours and a month of 168."""
    in_days = SalesDesk(
        work_mean=2.5 / 24,
        patience_mean=16 / 24,
        curve=ContactCurve(0.75 / 24, 0.5),
        dial=2 / 60 / 24,
        month=7,
    )
    assert sales_month(in_days, 150).sql_per_month == pytest.approx(
        sales_month(DESK, 150).sql_per_month
    )


def test_a_screen_moves_the_best_volume():
    """Behind a screen the desk peaks when as many pass as peaked without it."""
    best = best_volume(DESK, SCORED)
    assert best.passed_per_month == pytest.approx(169.414, abs=0.01)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: SalesDesk(people=0), "people must be a whole number"),
        (lambda: SalesDesk(work_mean=-1), "work_mean must be above 0"),
        (lambda: SalesDesk(ready_share=27), "ready_share must be a share"),
        (lambda: sales_month(DESK, 0), "leads_per_month must be above 0"),
        (lambda: sales_month(DESK, 9, Screen(0, 1)), "the screen lets nobody pass"),
        (lambda: volume_gain(DESK, 80, 0), "factor must be above 0"),
        (lambda: volume_gain(SalesDesk(ready_rate=0), 80), "the desk makes no SQLs"),
        (
            lambda: sales_month(SalesDesk(ready_rate=0), 80).cost_per_sql(100, 8000),
            "there is no cost per SQL",
        ),
        (lambda: sales_month(DESK, 80).cost_per_sql(-1, 0), "cost_per_lead must be 0"),
    ],
)
def test_impossible_desks_are_refused(ask, message):
    """Wrong settings and empty desks are named."""
    with pytest.raises(TheoryError, match=message):
        ask()
