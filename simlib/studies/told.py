"""Figures in as many digits as one reads, with the unit of their metric.

In: numbers and intervals. Out: text for a sentence. It computes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from simlib.metrics import describe
from simlib.scenario import Scenario
from simlib.studies.intervals import Interval

NONE = "-"


def figure(value: float) -> str:
    """Return a number in as many digits as one reads, never in powers of ten."""
    if not math.isfinite(value):
        return NONE
    if float(value).is_integer():
        return f"{value:,.0f}"
    for least, decimals in ((100, 0), (10, 1), (1, 2)):
        if abs(value) >= least:
            return f"{value:,.{decimals}f}"
    return f"{value:.3f}"


def unit_of(metric: str, scenarios: Iterable[Scenario]) -> str:
    """Return a metric's unit, money in its currency; "" where the title has it."""
    title, unit = describe(metric).title, describe(metric).unit
    if unit == "money":
        currencies = {scenario.currency for scenario in scenarios}
        return currencies.pop() if len(currencies) == 1 else "each in its currency"
    return "" if unit in {"share", title} else unit


def in_words(metric: str, found: Interval, unit: str) -> str:
    """Return a metric with its interval: ``21,950 USD (20,100 to 23,800)``."""
    if describe(metric).unit == "share":
        mean, low, high = (f"{figure(100 * at)}%" for at in found.parts)
        return f"{mean} ({low} to {high})"
    mean, low, high = map(figure, found.parts)
    return f"{mean}{f' {unit}' if unit else ''} ({low} to {high})"
