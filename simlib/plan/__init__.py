"""A scenario compiled for an engine: names become numbers, nothing else changes.

In: a `Scenario`. Out: `Plan`, the one interpretation of a scenario, read by the
population and by both engines. It draws nothing and simulates nothing.
"""

from __future__ import annotations

from simlib.plan.compiler import compiled
from simlib.plan.records import (
    ARRIVES,
    AT_ONCE,
    EVENING,
    FIFO,
    HOT_FIRST,
    HOURS,
    LAG_ENDS,
    LIFO,
    NOT_YET,
    NOWHERE,
    ORDERS,
    PATIENCE_ENDS,
    READY,
    ROUND_ROBIN,
    WORK_ENDS,
    Curve,
    Plan,
    Pool,
    StagePlan,
    TeamPlan,
    Way,
    stages_ahead,
)

__all__ = [
    "ARRIVES",
    "AT_ONCE",
    "EVENING",
    "FIFO",
    "HOT_FIRST",
    "HOURS",
    "LAG_ENDS",
    "LIFO",
    "NOT_YET",
    "NOWHERE",
    "ORDERS",
    "PATIENCE_ENDS",
    "READY",
    "ROUND_ROBIN",
    "WORK_ENDS",
    "Curve",
    "Plan",
    "Pool",
    "StagePlan",
    "TeamPlan",
    "Way",
    "compiled",
    "stages_ahead",
]
