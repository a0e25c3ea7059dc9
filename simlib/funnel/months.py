"""Two ways to read the same months: cohorts and periods.

In: an `EventLog`. Out: DataFrames whose columns say which of the two they are. A
*cohort* is the leads captured in one month, followed to the horizon; a *period* is
what happened in one month, whoever it happened to. Under growth they differ, because
this month's customers come from earlier, smaller months.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.funnel.columns import (
    Floats,
    Ints,
    counted,
    grid,
    month_starts,
    months_of,
    require_step,
    share,
    stacked,
)
from simlib.funnel.history import Histories, histories
from simlib.funnel.times import customer_incidence
from simlib.log import EventLog

if TYPE_CHECKING:
    import pandas as pd

MATURE_SHARE = 0.95


def days_to_maturity(log: EventLog) -> float:
    """Return the 95% point of the time to customer (days), nan without customers.

    By then 95% of those whom the log shows to become customers have become so
    (Aalen-Johansen, censored at the horizon, losses being competing ends). The log
    knows no time beyond its horizon: where the horizon is short, the point is too.
    """
    return customer_incidence(histories(log)).days_until_of_enders(MATURE_SHARE)


def cohorts(log: EventLog, mature_after_days: float | None = None) -> pd.DataFrame:
    """Return the leads of each month of capture, followed to the horizon.

    Parameters
    ----------
    mature_after_days : float, optional
        Age at which a cohort is mature, from theory or experience. By default what
        `days_to_maturity` reads from the log.

    Returns
    -------
    DataFrame
        ``cohort`` (1, 2, ...), ``from_day``, ``leads``, ``customers``, ``lost``,
        ``in_progress`` (all at the horizon), ``cohort_conversion`` = customers /
        leads; ``age_days``, of its youngest possible lead; ``mature``: whether the
        age exceeds the days to maturity. An immature cohort's conversion is too low.
    """
    import pandas as pd

    past = histories(log)
    starts, ends = _months(past)
    if mature_after_days is None:
        mature_after_days = days_to_maturity(log)
    leads = _monthly(starts, past.captured)
    customers = _monthly(starts, past.captured[past.is_customer])
    lost = _monthly(starts, past.captured[past.is_lost_lead])
    age = past.horizon - ends
    return pd.DataFrame(
        {
            "cohort": np.arange(1, len(starts) + 1),
            "from_day": starts,
            "leads": leads,
            "customers": customers,
            "lost": lost,
            "in_progress": leads - customers - lost,
            "cohort_conversion": share(customers, leads),
            "age_days": age,
            "mature": age > mature_after_days,
        }
    )


def cohort_curves(log: EventLog, step_days: float = 7.0) -> pd.DataFrame:
    """Return how large a share of each cohort is won by each age.

    Parameters
    ----------
    step_days : float
        Distance of the ages at which the curves are read.

    Returns
    -------
    DataFrame
        ``cohort``, ``age_days``, ``leads`` (size of the cohort), ``share`` (0 to 1)
        won by that age; ``mature``: whether all of the cohort's leads have been
        followed for that long. Beyond, the curve is too low. Empty cohorts are left
        out.
    """
    require_step("cohort_curves", step_days)
    past = histories(log)
    starts, ends = _months(past)
    parts: list[dict[str, Any]] = []
    month = np.full(len(past.captured), -1)
    month[past.is_lead] = months_of(starts, past.captured[past.is_lead])
    for code, (start, end) in enumerate(zip(starts, ends, strict=True)):
        mine = month == code
        if not mine.any():
            continue
        ages = grid(past.horizon - start, step_days)
        days = np.sort(past.days_to_customer[mine & past.is_customer])
        won = np.searchsorted(days, ages, side="right")
        columns: dict[str, Any] = {"cohort": code + 1, "age_days": ages}
        columns |= {"leads": int(mine.sum()), "share": won / mine.sum()}
        columns["mature"] = ages <= past.horizon - end
        parts.append(columns)
    return stacked(parts, "cohort", "age_days", "leads", "share", "mature")


def periods(log: EventLog) -> pd.DataFrame:
    """Return what happened in each month, whoever it happened to.

    Returns
    -------
    DataFrame
        ``period`` (1, 2, ...), ``from_day``, ``days`` (of the period, less than a
        month where the horizon cuts it); ``leads`` captured, ``customers`` won and
        ``lost`` leads in it; ``entered_STAGE``, entries into each stage between;
        ``period_conversion`` = customers / leads of the same period.
    """
    import pandas as pd

    past = histories(log)
    starts, ends = _months(past)
    visits = past.visits
    leads = _monthly(starts, past.captured)
    customers = _monthly(starts, past.final_entry[past.is_customer])
    columns: dict[str, Any] = {
        "period": np.arange(1, len(starts) + 1),
        "from_day": starts,
        "days": ends - starts,
        "leads": leads,
        "customers": customers,
        "lost": _monthly(starts, past.final_entry[past.is_lost_lead]),
    }
    for code, stage in enumerate(log.graph.stages):
        if not stage.terminal:
            entered = visits.entered[visits.stage == code]
            columns[f"entered_{stage.name}"] = _monthly(starts, entered)
    columns["period_conversion"] = share(customers, leads)
    return pd.DataFrame(columns)


def _months(past: Histories) -> tuple[Floats, Floats]:
    """Return where each month begins and ends, the last one at the horizon."""
    starts = month_starts(past.horizon, past.graph.days_per_month)
    return starts, np.append(starts[1:], past.horizon)


def monthly_counts(log: EventLog, days: Floats) -> Ints:
    """Return how many of some days (from the start) lie in each month of a log."""
    return _monthly(_months(histories(log))[0], days)


def _monthly(starts: Floats, days: Floats) -> Ints:
    """Return how many of `days` lie in each month; nan lies in none."""
    days = days[np.isfinite(days)]
    return counted(months_of(starts, days), len(starts))
