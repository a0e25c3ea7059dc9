"""Closed forms: what theory says, without simulating.

In: plain numbers, mostly rates, means and counts. Out: plain numbers, or small frozen
records. Each formula names its assumptions and its source. Nothing here reads a
scenario or a log, draws a number or runs an engine; lessons set these beside a run,
and tests hold the engines to them.
"""

from __future__ import annotations

from simlib.content import ContentStock
from simlib.theory.budgets import needed_yield_ratio, shift_ratio
from simlib.theory.capture import SpendCurve, Uptake
from simlib.theory.chains import AbsorbingChain, absorbing_chain
from simlib.theory.checklists import Checklist
from simlib.theory.cohorts import (
    TotalLag,
    cohort_customers,
    period_to_cohort,
    wins_after_step,
)
from simlib.theory.counts import (
    BinomialCount,
    Contest,
    Count,
    PoissonCount,
    base_events_needed,
    contest,
    ratio_interval,
    ratio_p_value,
)
from simlib.theory.desks import (
    SalesDesk,
    SalesMonth,
    best_volume,
    doubling_neutral_volume,
    sales_month,
    volume_gain,
)
from simlib.theory.diversity import EqualSources, share_hit
from simlib.theory.erlang import (
    erlang_b,
    erlang_c,
    fluid_abandonment,
    priority_waits,
)
from simlib.theory.forms import FormLength, specificity_by_fields
from simlib.theory.market import CostSpiral, Goodwill, Memory
from simlib.theory.money import (
    break_even_acv,
    break_even_cost_per_lead,
    cost_ladder,
    lifetime_value,
    payback_months,
)
from simlib.theory.occupancy import (
    effort_occupancy,
    effort_wins,
    occupancy_at,
    ramp_occupancy,
    stationary_occupancy,
)
from simlib.theory.passage import (
    Moments,
    Stay,
    little,
    stage_populations,
    time_to_end,
)
from simlib.theory.queues import Desk, erlang_a_desk, erlang_c_desk
from simlib.theory.rates import blended_rate, relative_change, strict_rate
from simlib.theory.reputation import full_days_lost, recovery_days, reputation_after
from simlib.theory.rhythm import Rhythm
from simlib.theory.scoring import ErlangPassage, PointsRace, events_needed
from simlib.theory.screens import Screen, Screened
from simlib.theory.speed import (
    ContactCurve,
    ExponentialCurve,
    contact_at_desk,
    odds_ratio,
)
from simlib.theory.turns import RoundRobin

__all__ = [
    "AbsorbingChain",
    "BinomialCount",
    "Checklist",
    "ContactCurve",
    "ContentStock",
    "Contest",
    "CostSpiral",
    "Count",
    "Desk",
    "EqualSources",
    "ErlangPassage",
    "ExponentialCurve",
    "FormLength",
    "Goodwill",
    "Memory",
    "Moments",
    "PointsRace",
    "PoissonCount",
    "Rhythm",
    "RoundRobin",
    "SalesDesk",
    "SalesMonth",
    "Screen",
    "Screened",
    "SpendCurve",
    "Stay",
    "TotalLag",
    "Uptake",
    "absorbing_chain",
    "base_events_needed",
    "best_volume",
    "blended_rate",
    "break_even_acv",
    "break_even_cost_per_lead",
    "cohort_customers",
    "contact_at_desk",
    "contest",
    "cost_ladder",
    "doubling_neutral_volume",
    "effort_occupancy",
    "effort_wins",
    "erlang_a_desk",
    "erlang_b",
    "erlang_c",
    "erlang_c_desk",
    "events_needed",
    "fluid_abandonment",
    "full_days_lost",
    "lifetime_value",
    "little",
    "needed_yield_ratio",
    "occupancy_at",
    "odds_ratio",
    "payback_months",
    "period_to_cohort",
    "priority_waits",
    "ramp_occupancy",
    "ratio_interval",
    "ratio_p_value",
    "recovery_days",
    "relative_change",
    "reputation_after",
    "sales_month",
    "share_hit",
    "shift_ratio",
    "specificity_by_fields",
    "stage_populations",
    "stationary_occupancy",
    "strict_rate",
    "time_to_end",
    "volume_gain",
    "wins_after_step",
]
