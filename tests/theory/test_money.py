"""Unit economics, against reference numbers."""

from __future__ import annotations

import math

import pytest
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import (
    break_even_acv,
    break_even_cost_per_lead,
    cost_ladder,
    lifetime_value,
    payback_months,
)


@pytest.mark.parametrize(
    ("cost_per_lead", "rates", "ladder"),
    [
        (50, (0.30, 0.40, 0.55, 0.22), (50, 166.67, 416.67, 757.58, 3443.53)),
        (120, (0.20, 0.25, 0.50, 0.20), (120, 600, 2400, 4800, 24000)),
        (20, (0.005,), (20, 4000)),
        (150, (0.08,), (150, 1875)),
    ],
    ids=["search", "social", "list", "referral"],
)
def test_the_cheapest_lead_is_not_the_cheapest_customer(cost_per_lead, rates, ladder):
    """A list at 20 a lead costs twice as much a customer as referral at 150."""
    assert cost_ladder(cost_per_lead, rates) == printed(ladder, 2)


@pytest.mark.parametrize(
    ("cac", "revenue", "months"),
    [(12_000, 1_000, 15), (24_000, 2_000, 15), (18_000, 2_000, 11.25)],
)
def test_plain_payback(cac, revenue, months):
    """CAC over monthly margin, at a gross margin of 80%."""
    assert payback_months(cac, revenue, 0.8) == pytest.approx(months)


@pytest.mark.parametrize(
    ("churn", "discount", "months"),
    [(0.01, 0, 16.170497), (0.02, 0, 17.654809), (0.01, 0.01, 17.621445)],
)
def test_payback_with_churn_and_discount(churn, discount, months):
    """Customers who leave, and money that costs, lengthen payback."""
    assert payback_months(24_000, 2_000, 0.8, churn, discount) == printed(months)


def test_the_formula_is_the_sum_of_the_margins():
    """After the months of payback, the margins of survivors add up to the CAC."""
    months = payback_months(13_000, 2_000, 0.8, 0.03)
    whole = int(months)
    paid = sum(1600 * 0.97**month for month in range(whole))
    assert paid < 13_000 < paid + 1600 * 0.97**whole


def test_payback_may_never_come():
    """At 10% churn a customer is worth less than a CAC of 24,000."""
    assert lifetime_value(2_000, 0.8, 0.10) < 24_000
    assert payback_months(24_000, 2_000, 0.8, 0.10) == math.inf


def test_lifetime_value():
    """A margin of 1,600 a month at 2% churn is worth 80,000."""
    assert lifetime_value(2_000, 0.8, 0.02) == pytest.approx(80_000)


@pytest.mark.parametrize(
    ("cac", "months", "acv"),
    [
        (30_000, 18, 25_000),
        (30_000, 12, 37_500),
        (12_000, 18, 10_000),
        (12_000, 12, 15_000),
    ],
)
def test_outbound_needs_deal_size(cac, months, acv):
    """The contract that pays a CAC back in time, outbound and inbound."""
    assert break_even_acv(cac, 0.8, months) == pytest.approx(acv)


def test_what_a_good_lead_may_cost():
    """Leads of which half convert may cost 50 times those at 1%."""
    cac = cost_ladder(20, [0.01])[-1]
    assert break_even_cost_per_lead(cac, 0.5) == pytest.approx(1000)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: cost_ladder(-1, [0.1]), "cost_per_lead must be 0 or more"),
        (lambda: cost_ladder(1, [0.0]), "rate must be above 0"),
        (lambda: cost_ladder(1, [1.1]), "rate must be a share"),
        (lambda: payback_months(-1, 1, 0.8), "cac must be 0 or more"),
        (lambda: payback_months(1, 0, 0.8), "revenue_per_month must be above 0"),
        (lambda: payback_months(1, 1, 80), "gross_margin must be a share"),
        (lambda: payback_months(1, 1, 0.8, 1.0), "monthly_churn must be below 1"),
        (lambda: payback_months(1, 1, 0.8, 0, -1), "monthly_discount must be 0"),
        (lambda: lifetime_value(1, 0.8, 0), "infinite without churn and discount"),
        (lambda: break_even_acv(1, 0, 12), "gross_margin must be above 0"),
        (lambda: break_even_cost_per_lead(1, 2), "lead_to_customer must be a share"),
    ],
)
def test_impossible_money_is_refused(ask, message):
    """Wrong money, margins and rates are named."""
    with pytest.raises(TheoryError, match=message):
        ask()
