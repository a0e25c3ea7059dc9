"""One plain sentence for each result: what is told apart, and what is not.

In: intervals and choices. Out: sentences. It computes nothing and prints nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from simlib.cli.report import figure
from simlib.metrics import describe
from simlib.studies import Choice, Interval

# Figures of which less is better; of all others a reader looks for the most.
LESS = (
    *("spend", "cost_per", "cac", "payback_months", "marketing_cost_per", "lost"),
    *("days_to_customer", "wait_days", "gave_up"),
)


def wants_most(metric: str) -> bool:
    """Return whether a reader looks for the world with the most of a metric."""
    return metric.partition(".")[0] not in LESS


def runs(replications: int, seed: int) -> str:
    """Return the line above a table: what the figures are means of."""
    return (
        f"{replications:,} runs of each, seed {seed}, the same buyers and leads in "
        "all: mean [95% interval]"
    )


def _size(metric: str, *values: float) -> tuple[str, list[str]]:
    """Return the unit that follows a difference, if any, and values as text."""
    if describe(metric).unit == "share":
        return " percentage points", [figure(100 * value) for value in values]
    return "", [figure(value) for value in values]


def _span(metric: str, gap: Interval) -> str:
    """Return the ends of a difference that may be none."""
    unit, (low, high) = _size(metric, gap.low, gap.high)
    return f"anything from {low} to {high}{unit}"


def _amount(metric: str, gap: Interval) -> str:
    """Return how large a difference is, whatever its sign, with its interval."""
    least, most = sorted((abs(gap.low), abs(gap.high)))
    unit, (by, low, high) = _size(metric, abs(gap.mean), least, most)
    return f"{by}{unit} ({low} to {high})"


def settings(point: Mapping[str, Any]) -> str:
    """Return settings as text, ``path = value`` each."""
    parts = [f"{path} = {_value(value)}" for path, value in point.items()]
    return ", ".join(parts) or "as it is"


def _value(value: Any) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:.6g}" if is_number else str(value)


def apart(metric: str, one: str, two: str, gap: Interval) -> str:
    """Say whether the paired difference of a metric, one minus two, is any.

    Parameters
    ----------
    metric, one, two : str
    gap : Interval
    """
    if not gap.replications:
        return f"{metric}: cannot be compared, as it is not defined in both."
    if gap.low == gap.high == 0:
        return f"{metric}: the same in every run."
    if not math.isfinite(gap.low):
        return f"{metric}: only one run has it in both, so there is no interval."
    if gap.low <= 0 <= gap.high:
        return f"{metric}: not told apart; {one} - {two} is {_span(metric, gap)}."
    more = "higher" if gap.mean > 0 else "lower"
    return f"{metric}: {one} is {more} than {two}, by {_amount(metric, gap)}."


def best(choice: Choice, *, largest: bool) -> str:
    """Say which of several is best in a metric, and how sure that is."""
    most = "highest" if largest else "lowest"
    sure = f"{math.floor(100 * choice.confidence)}% confidence"
    if choice.is_clear:
        return (
            f"{choice.metric}: {most} with {choice.world}, told apart from all others "
            f"({sure})."
        )
    lead = choice.lead
    if lead.low == lead.high == 0:
        return (
            f"{choice.metric}: the same in every run with {choice.world} and "
            f"{choice.runner_up}."
        )
    return (
        f"{choice.metric}: {most} mean with {choice.world}, but not told apart from "
        f"{choice.runner_up} ({sure})."
    )


def moved(metric: str, path: str, ends: tuple[Any, Any], effect: Interval) -> str:
    """Say what a setting does to a metric, from one end of its range to the other."""
    what = f"{path} from {_value(ends[0])} to {_value(ends[1])}"
    if effect.low == effect.high == 0:
        return f"{what} leaves {metric} as it is, in every run."
    if not math.isfinite(effect.low):
        return f"{what}: no interval for {metric}; too few runs have it."
    if effect.low <= 0 <= effect.high:
        span = _span(metric, effect)
        return f"{what} moves {metric} by {span}: not told from nothing."
    verb = "raises" if effect.mean > 0 else "lowers"
    return f"{what} {verb} {metric} by {_amount(metric, effect)}."
