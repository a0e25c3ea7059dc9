"""Unit economics: cost ladders, payback and break-even.

In: money and rates as plain numbers, one currency. Out: money, months. It assumes
steady costs and rates, and never books anything (see `simlib.money` for logs).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import accumulate

from simlib.errors import TheoryError
from simlib.theory.guards import require_not_negative, require_positive, require_share


def cost_ladder(cost_per_lead: float, rates: Iterable[float]) -> tuple[float, ...]:
    """Return the cost per lead, then per unit after each transition.

    c_0 = cost per lead, c_k = c_(k-1) / p_k; the last is the CAC if the rates lead to
    customers. Assumes that all spend buys leads.

    Parameters
    ----------
    cost_per_lead : float
        Money per lead, 0 or more.
    rates : iterable of float
        Rate of each transition, above 0 and at most 1.

    Examples
    --------
    >>> [round(cost, 2) for cost in cost_ladder(50, [0.30, 0.40, 0.55, 0.22])]
    [50, 166.67, 416.67, 757.58, 3443.53]
    """
    require_not_negative(cost_per_lead=cost_per_lead)
    given = list(rates)
    for rate in given:
        require_share(rate=rate)
        require_positive(rate=rate)
    return tuple(accumulate(given, lambda cost, p: cost / p, initial=cost_per_lead))


def break_even_cost_per_lead(cac: float, lead_to_customer: float) -> float:
    """Return the cost per lead at which a source reaches a given CAC, cac x rate.

    Parameters
    ----------
    cac : float
        Cost per customer to match, 0 or more.
    lead_to_customer : float
        Share of the source's leads that become customers.
    """
    require_not_negative(cac=cac)
    require_share(lead_to_customer=lead_to_customer)
    return cac * lead_to_customer


def payback_months(
    cac: float,
    revenue_per_month: float,
    gross_margin: float,
    monthly_churn: float = 0.0,
    monthly_discount: float = 0.0,
) -> float:
    """Return the months until a customer's margin has paid its CAC.

    With margin m = revenue x gross margin at the start of each month and
    q = (1 - churn) / (1 + discount): n = ln(1 - CAC (1 - q) / m) / ln q, and CAC / m
    without churn and discount. Assumes constant revenue, and customers who leave
    with one chance a month. Source: annuity-due formula of any textbook of finance.

    Parameters
    ----------
    cac : float
        Cost per customer, 0 or more.
    revenue_per_month : float
        Revenue per customer and month, above 0, in the same currency.
    gross_margin : float
        Share of revenue left after the cost of delivery, above 0.
    monthly_churn : float
        Chance to leave in a month, 0 to below 1.
    monthly_discount : float
        Interest per month, 0 or more.

    Returns
    -------
    float
        Months; infinite when customers leave before they have paid.

    Examples
    --------
    >>> round(payback_months(24_000, 2_000, 0.8, monthly_churn=0.01), 6)
    16.170497
    """
    require_not_negative(cac=cac)
    margin = _margin(revenue_per_month, gross_margin)
    kept = _kept(monthly_churn, monthly_discount)
    if kept == 1:
        return cac / margin
    left = 1 - cac * (1 - kept) / margin
    return math.log(left) / math.log(kept) if left > 0 else math.inf


def lifetime_value(
    revenue_per_month: float,
    gross_margin: float,
    monthly_churn: float,
    monthly_discount: float = 0.0,
) -> float:
    """Return the expected margin of a customer, m / (1 - q); m / churn undiscounted.

    Parameters
    ----------
    revenue_per_month, gross_margin, monthly_churn, monthly_discount
        As in `payback_months`; churn or discount must be above 0.

    Raises
    ------
    TheoryError
        If nobody leaves and nothing is discounted: the value is infinite.
    """
    margin = _margin(revenue_per_month, gross_margin)
    kept = _kept(monthly_churn, monthly_discount)
    if kept == 1:
        raise TheoryError("lifetime value is infinite without churn and discount")
    return margin / (1 - kept)


def break_even_acv(cac: float, gross_margin: float, payback_in_months: float) -> float:
    """Return the annual contract value that pays a CAC back in time.

    12 CAC / (gross margin x months), without churn and discount.

    Parameters
    ----------
    cac : float
        Cost per customer, 0 or more.
    gross_margin : float
        Share of revenue, above 0.
    payback_in_months : float
        Months allowed, above 0.

    Examples
    --------
    >>> break_even_acv(30_000, 0.8, 18)
    25000.0
    """
    require_not_negative(cac=cac)
    require_share(gross_margin=gross_margin)
    require_positive(gross_margin=gross_margin, payback_in_months=payback_in_months)
    return 12 * cac / (gross_margin * payback_in_months)


def _margin(revenue_per_month: float, gross_margin: float) -> float:
    require_positive(revenue_per_month=revenue_per_month, gross_margin=gross_margin)
    require_share(gross_margin=gross_margin)
    return revenue_per_month * gross_margin


def _kept(monthly_churn: float, monthly_discount: float) -> float:
    """Return what a month leaves of the next month's margin."""
    require_share(monthly_churn=monthly_churn)
    require_not_negative(monthly_discount=monthly_discount)
    if monthly_churn == 1:
        raise TheoryError("monthly_churn must be below 1; given: 1")
    return (1 - monthly_churn) / (1 + monthly_discount)
