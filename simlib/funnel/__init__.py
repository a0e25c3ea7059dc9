"""Tables of a log: counts and conversion, cohorts and periods, times, stocks, people.

In: an `EventLog`, simulated or read from a CRM. Out: DataFrames, with units in the
names of their columns. Nothing here knows a scenario or money, and nothing draws a
picture.
"""

from __future__ import annotations

from simlib.funnel.counts import by_kind, by_source, by_stage, losses, steps, win_rate
from simlib.funnel.history import Deals, Histories, Spans, Visits, histories
from simlib.funnel.months import (
    cohort_curves,
    cohorts,
    days_to_maturity,
    monthly_counts,
    periods,
)
from simlib.funnel.people import morale
from simlib.funnel.sight import seen_as_hot
from simlib.funnel.survival import Incidence, aalen_johansen, kaplan_meier
from simlib.funnel.times import time_in_stage, time_to_customer
from simlib.funnel.work import (
    queue_length,
    response_curve,
    response_curves,
    response_times,
    utilisation,
    work_in_progress,
)

__all__ = [
    "Deals",
    "Histories",
    "Incidence",
    "Spans",
    "Visits",
    "aalen_johansen",
    "by_kind",
    "by_source",
    "by_stage",
    "cohort_curves",
    "cohorts",
    "days_to_maturity",
    "histories",
    "kaplan_meier",
    "losses",
    "monthly_counts",
    "morale",
    "periods",
    "queue_length",
    "response_curve",
    "response_curves",
    "response_times",
    "seen_as_hot",
    "steps",
    "time_in_stage",
    "time_to_customer",
    "utilisation",
    "win_rate",
    "work_in_progress",
]
