"""One plain sentence for each result: what is told apart, and what is not.

In: intervals and choices. Out: sentences. It computes nothing and prints nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from simlib.errors import StudyError
from simlib.metrics import describe
from simlib.studies import Choice, Further, Interval, best_of
from simlib.studies.choice import ENOUGH, percent_sure
from simlib.studies.intervals import Floats
from simlib.studies.setting_tables import told, value_told
from simlib.studies.told import figure

# Figures of which less is better; of all others a reader looks for the most.
LESS = (
    *("spend", "cost_per", "cac", "payback_months", "marketing_cost_per", "lost"),
    *("days_to_customer", "wait_days", "gave_up", "quits", "vacant"),
)


def wants_most(metric: str) -> bool:
    """Return whether a reader looks for the world with the most of a metric."""
    return metric.partition(".")[0] not in LESS


def runs(
    replications: int, seed: int, of: str = "of each", *, paired: bool = True
) -> str:
    """Return the line above a table: what the figures are means of."""
    same = ", on the same buyers and leads" if paired else ""
    return f"{replications:,} runs {of}, seed {seed}{same}: mean [95% interval]"


def _size(metric: str, unit: str, *values: float) -> tuple[str, list[str]]:
    """Return the unit that follows a difference, if any, and values as text."""
    if describe(metric).unit == "share":
        return " percentage points", [figure(100 * value) for value in values]
    return f" {unit}" if unit else "", [figure(value) for value in values]


def _span(metric: str, gap: Interval, unit: str) -> str:
    """Return the ends of a difference that may be none."""
    unit, (low, high) = _size(metric, unit, gap.low, gap.high)
    return f"anything from {low} to {high}{unit}"


def _amount(metric: str, gap: Interval, unit: str) -> str:
    """Return how large a difference is, whatever its sign, with its interval."""
    least, most = sorted((abs(gap.low), abs(gap.high)))
    unit, (by, low, high) = _size(metric, unit, abs(gap.mean), least, most)
    return f"{by}{unit} ({low} to {high})"


def named(point: Mapping[str, Any]) -> str:
    """Return what a point of a sweep is called: by its name, or by its settings."""
    return str(point["name"]) if "name" in point else told(point)


def apart(metric: str, one: str, two: str, gap: Interval, unit: str = "") -> str:
    """Say whether the paired difference of a metric, one minus two, is any.

    Parameters
    ----------
    metric, one, two : str
    gap : Interval
    unit : str
        As `simlib.studies.told.unit_of` has it.
    """
    title = describe(metric).title
    if not gap.replications:
        return f"{title}: cannot be compared, as it is not defined in both."
    if gap.low == gap.high == 0:
        return f"{title}: the same in every run."
    if not math.isfinite(gap.low):
        return f"{title}: only one run has it in both, so there is no interval."
    if gap.low <= 0 <= gap.high:
        return f"{title}: not told apart; {one} - {two} is {_span(metric, gap, unit)}."
    more = "higher" if gap.mean > 0 else "lower"
    return f"{title}: {one} is {more} than {two}, by {_amount(metric, gap, unit)}."


def further(found: Further, currency: str) -> str:
    """Say what each further customer costs, or why nobody can say."""
    cost = found.cost
    if found.why:
        return f"cost of each further customer: {found.why}."
    mean, low, high = map(figure, cost.parts)
    return f"each further customer costs {mean} {currency} ({low} to {high})."


def best_among(
    values: Mapping[str, Floats], metric: str, missing: Sequence[str] = ()
) -> str:
    """Say which of several worlds is best in a metric, and how sure that is.

    Parameters
    ----------
    values : mapping of str to array, shape (replications,)
    metric : str
    missing : sequence of str
        Worlds that have no such metric at all.
    """
    largest = wants_most(metric)
    try:
        choice = best_of(values, metric, largest=largest)
    except StudyError as error:
        return f"{error}."
    without = [*missing, *choice.undefined]
    said = best(choice, largest=largest, of=len(values))
    return f"{said} Not defined with {listed(without)}." if without else said


def best(choice: Choice, *, largest: bool, of: int) -> str:
    """Say which of so many is best in a metric, and how sure that is."""
    title = describe(choice.metric).title
    if choice.lead.low == choice.lead.high == 0:
        who = "all" if of > 2 or choice.undefined else "both"
        return f"{title}: the same in every run with {who} of them."
    most = "highest" if largest else "lowest"
    with_whom = listed([choice.world, *choice.ties])
    if choice.ties:
        with_whom += " (the same in every run)"
    sure = f"{percent_sure(choice.confidence)} confidence"
    if choice.confidence >= ENOUGH:
        return f"{title}: {most} with {with_whom}, told apart from all others ({sure})."
    return (
        f"{title}: {most} mean with {with_whom}, but not told apart from "
        f"{choice.runner_up} ({sure})."
    )


def listed(names: Sequence[str]) -> str:
    """Return names as in a sentence: ``a, b and c``."""
    *some, last = names
    return f"{', '.join(some)} and {last}" if some else last


def moved(
    metric: str, path: str, ends: tuple[Any, Any], effect: Interval, unit: str = ""
) -> str:
    """Say what a setting does to a metric, from one end of its range to the other."""
    title = describe(metric).title
    what = f"{path} from {value_told(ends[0])} to {value_told(ends[1])}"
    if effect.low == effect.high == 0:
        return f"{what} leaves {title} as it is, in every run."
    if not math.isfinite(effect.low):
        return f"{what}: no interval for {title}; too few runs have it."
    if effect.low <= 0 <= effect.high:
        span = _span(metric, effect, unit)
        return f"{what} moves {title} by {span}: not told from nothing."
    verb = "raises" if effect.mean > 0 else "lowers"
    return f"{what} {verb} {title} by {_amount(metric, effect, unit)}."
