"""Money: what each source cost, what one lead or customer costs, and what came back.

In: a run (its scenario says the costs, its log what happened). Out: DataFrames and
numbers in the scenario's currency. Views over time are named period or cohort. The
closed forms are in `simlib.theory`.
"""

from __future__ import annotations

from simlib.money.booking import (
    Costs,
    costs,
    costs_by_source,
    spend_by_period,
    spend_by_source,
    total_costs,
)
from simlib.money.deals import pipeline
from simlib.money.ladder import ALL_SOURCES, cost_ladder, cost_per_by_source
from simlib.money.payback import cac, cac_by_month, payback_by_source, payback_months

__all__ = [
    "ALL_SOURCES",
    "Costs",
    "cac",
    "cac_by_month",
    "cost_ladder",
    "cost_per_by_source",
    "costs",
    "costs_by_source",
    "payback_by_source",
    "payback_months",
    "pipeline",
    "spend_by_period",
    "spend_by_source",
    "total_costs",
]
