"""CAC and payback, against closed forms and by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from logs import NOTHING, RUN, STORY, run_of

from simlib import theory
from simlib.money import cac, cac_by_month, payback_by_source, payback_months

NAN = float("nan")


@pytest.mark.parametrize(
    ("spent", "margin", "churn", "months"),
    [
        (12_000, 800, 0, 15),
        (24_000, 1600, 0, 15),
        (18_000, 1600, 0, 11.25),
        (24_000, 1600, 0.01, 16.170497),
        (24_000, 1600, 0.02, 17.654809),
    ],
)
def test_payback_meets_the_reference(spent, margin, churn, months):
    """Simple payback is CAC / margin; churn makes it longer."""
    assert payback_months(spent, margin, churn) == pytest.approx(months, rel=1e-6)


@given(st.floats(0, 50_000), st.floats(1, 5000), st.floats(0.001, 0.2) | st.just(0.0))
def test_payback_agrees_with_theory(spent, margin, churn):
    """The booked and the closed form are the same function of their arguments."""
    expected = theory.payback_months(spent, margin, 1.0, churn)

    assert payback_months(spent, margin, churn) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("spent", "margin", "churn", "months"),
    [
        (80_000, 1600, 0.02, math.inf),
        (100, 0, 0, math.inf),
        (0, 0, 0, 0),
        (NAN, 100, 0, NAN),
        (100, NAN, 0, NAN),
    ],
)
def test_payback_at_its_limits(spent, margin, churn, months):
    """Infinite if the margin never pays, unknown without customers."""
    assert payback_months(spent, margin, churn) == pytest.approx(months, nan_ok=True)


def test_cac_is_all_spend_over_all_customers():
    """3,372 for one customer; without customers there is none."""
    assert cac(RUN) == pytest.approx(3372)
    assert math.isnan(cac(run_of(NOTHING)))


def test_payback_by_source_takes_the_customers_own_values():
    """12,000 a year at 80% margin are 800 a month; ads won nobody."""
    table = payback_by_source(RUN).set_index("source")

    assert table["customers"].tolist() == [1, 0, 1]
    assert table["margin_per_month"].tolist() == pytest.approx(
        [800, NAN, 800], nan_ok=True
    )
    assert table["payback_months"].tolist() == pytest.approx(
        [1654 / 800, NAN, 3372 / 800], nan_ok=True
    )


def test_payback_by_source_with_churn():
    """Both readings stand side by side."""
    deal = SimpleNamespace(gross_margin=0.8, monthly_churn=0.02)
    row = payback_by_source(run_of(STORY, deal=deal)).set_index("source").loc["web"]

    assert row["payback_months"] == pytest.approx(1654 / 800)
    assert row["payback_months_with_churn"] == pytest.approx(
        math.log(1 - 1654 * 0.02 / 800) / math.log(0.98)
    )


def test_without_a_deal_there_is_no_payback():
    """The CAC is known, what a customer brings is not."""
    row = payback_by_source(run_of(STORY, deal=None)).set_index("source").loc["web"]

    assert row["cac"] == pytest.approx(1654)
    assert math.isnan(row["payback_months"])


def test_cac_is_read_by_period_and_by_cohort():
    """The customer was won in the second month, from a lead of the first."""
    table = cac_by_month(RUN, mature_after_days=4)
    spend = [152 + 40 + 2 + 1500, 102 + 70 + 6 + 1500]

    assert table["spend"].tolist() == pytest.approx(spend)
    assert table["period_cac"].tolist() == pytest.approx([NAN, spend[1]], nan_ok=True)
    assert table["cohort_cac"].tolist() == pytest.approx([spend[0], NAN], nan_ok=True)
    assert table["cohort_mature"].tolist() == [True, False]
