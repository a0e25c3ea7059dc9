"""CAC and how long a customer takes to pay it back.

In: a run. Out: numbers and DataFrames in the scenario's currency, and months. What a
customer brings is taken from the contract values of those who were won in the run.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from simlib.funnel.columns import Flags, Ints, counted, months_of, share
from simlib.funnel.history import histories
from simlib.funnel.months import cohorts
from simlib.money.booking import costs, costs_by_source, month_edges
from simlib.money.ladder import ALL_SOURCES

if TYPE_CHECKING:
    import pandas as pd

    from simlib.run import Run

MONTHS_A_YEAR = 12


def cac(run: Run) -> float:
    """Return the customer acquisition cost: all spend / customers, nan without one."""
    customers = histories(run.log).is_customer.sum()
    return float(share(costs_by_source(run).total.sum(), customers))


def payback_months(
    cac: float, margin_per_month: float, monthly_churn: float = 0.0
) -> float:
    """Return after how many months a customer's margin has paid its CAC.

    CAC / m without churn. With churn c, and the margin m at the start of each month,
    n = ln(1 - CAC c / m) / ln(1 - c): the m (1 - c)^k of the months add up to the CAC.

    Parameters
    ----------
    cac : float
        Money per customer.
    margin_per_month : float
        Revenue times gross margin, per customer and month, at first.
    monthly_churn : float
        Chance to leave in a month, 0 to below 1.

    Returns
    -------
    float
        Months; infinite if the margin never pays; nan if `cac` or margin is.
    """
    if math.isnan(cac) or math.isnan(margin_per_month):
        return math.nan
    if margin_per_month <= 0:
        return math.inf if cac > 0 else 0.0
    if monthly_churn == 0:
        return cac / margin_per_month
    left = 1 - cac * monthly_churn / margin_per_month
    return math.log(left) / math.log(1 - monthly_churn) if left > 0 else math.inf


def margin_per_month(run: Run, customers: Flags | Ints) -> float:
    """Return the mean gross margin per month of some customers, at first.

    Their own contract values / 12 times the gross margin; nan without any.
    """
    deal, amounts = run.scenario.deal, run.log.leads.amount[customers]
    if deal is None or not len(amounts):
        return math.nan
    return float(amounts.mean()) / MONTHS_A_YEAR * deal.gross_margin


def payback_by_source(run: Run) -> pd.DataFrame:
    """Return each source's CAC and how long its customers take to pay it back.

    Returns
    -------
    DataFrame
        One row for each source, then for all: ``source``, ``spend``, ``customers``,
        ``cac``, ``margin_per_month`` per customer, ``payback_months`` (CAC / margin),
        ``payback_months_with_churn`` (infinite if customers leave before they have
        paid), ``currency``.
    """
    import pandas as pd

    past = histories(run.log)
    names = [*past.graph.sources, ALL_SOURCES]
    spend = costs_by_source(run).total
    groups = [past.source == code for code in range(len(spend))]
    won = [past.is_customer & group for group in groups] + [past.is_customer]
    spend = np.append(spend, spend.sum())
    customers = np.array([flags.sum() for flags in won])
    cacs = share(spend, customers)
    margins = [margin_per_month(run, flags) for flags in won]
    churn = run.scenario.deal.monthly_churn if run.scenario.deal else 0.0
    pairs = list(zip(cacs.tolist(), margins, strict=True))
    return pd.DataFrame(
        {
            "source": names,
            "spend": spend,
            "customers": customers,
            "cac": cacs,
            "margin_per_month": margins,
            "payback_months": [payback_months(*pair) for pair in pairs],
            "payback_months_with_churn": [payback_months(*p, churn) for p in pairs],
            "currency": run.scenario.currency,
        }
    )


def cac_by_month(run: Run, mature_after_days: float | None = None) -> pd.DataFrame:
    """Return the cost of a customer month by month, read in two ways.

    The period's CAC is the month's spend over the month's customers, who come from
    leads of earlier months. The cohort's CAC is the month's spend over all customers
    (so far) among the month's leads. Under growth the first is the higher one.

    Parameters
    ----------
    mature_after_days : float, optional
        As for `simlib.funnel.months`.

    Returns
    -------
    DataFrame
        ``month`` (1, 2, ...), ``from_day``, ``spend``, ``period_customers``,
        ``period_cac``, ``cohort_leads``, ``cohort_customers``, ``cohort_cac``,
        ``cohort_mature``, ``currency``.
    """
    import pandas as pd

    past, edges = histories(run.log), month_edges(run)
    spend = costs(run, edges).total.sum(axis=1)
    won = past.final_entry[past.is_customer]
    customers = counted(months_of(edges[:-1], won), len(spend))
    cohort = cohorts(run.log, mature_after_days)
    return pd.DataFrame(
        {
            "month": cohort["cohort"],
            "from_day": edges[:-1],
            "spend": spend,
            "period_customers": customers,
            "period_cac": share(spend, customers),
            "cohort_leads": cohort["leads"],
            "cohort_customers": cohort["customers"],
            "cohort_cac": share(spend, cohort["customers"]),
            "cohort_mature": cohort["mature"],
            "currency": run.scenario.currency,
        }
    )
