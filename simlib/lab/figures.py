"""Figures of the lab: what they are called, and how they are written.

In: intervals. Out: text. Nothing is run here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from simlib.errors import StudyError, nearest
from simlib.studies import Interval


@dataclass(frozen=True)
class Figure:
    """A figure of the lab: its metric, what it is called, and how it is written.

    In `metric`, QUALIFIED stands for the stage in which a scenario's pipeline begins,
    or the last one before a win.
    """

    metric: str
    title: str
    unit: str = ""
    factor: float = 1.0

    def number(self, value: float) -> str:
        """Return a mean or an end of an interval as text; a dash if undefined."""
        shown = value * self.factor
        if not math.isfinite(shown):
            return "-"
        size = abs(shown)
        decimals = 0 if size >= 100 else 1 if size >= 1 else 2
        return f"{shown:,.{decimals}f}"


FIGURES = {
    "leads": Figure("leads", "Leads"),
    "conversion": Figure(
        "conversion.lead_to_customer", "Leads who became customers", "%", 100.0
    ),
    "qualified": Figure("reached.QUALIFIED", "Qualified opportunities"),
    "cost": Figure("cost_per.QUALIFIED", "Cost of a qualified opportunity", "money"),
    "customers": Figure("customers", "Customers"),
    "cac": Figure("cac", "Cost of a customer (CAC)", "money"),
    "payback": Figure("payback_months", "CAC payback", "months"),
    "hands": Figure("hand_raisers", "Raised hands"),
}
HEADLINES = ("conversion", "cost", "payback")


def figure_of(name: str) -> Figure:
    """Return a figure of the lab by its name.

    Raises
    ------
    StudyError
        For a name that there is not.
    """
    if name not in FIGURES:
        hint = nearest(name, FIGURES)
        raise StudyError(f"figure '{name}': it may be {', '.join(FIGURES)}.{hint}")
    return FIGURES[name]


def with_ends(figure: Figure, found: Interval) -> str:
    """Return a mean with its interval, as text."""
    mean, low, high = map(figure.number, found.parts)
    return f"{mean} ({low} to {high})"


def signed(figure: Figure, found: Interval) -> str:
    """Return a difference with its interval and its sign, as text."""
    mean, low, high = (
        ("+" if each > 0 else "") + figure.number(each) for each in found.parts
    )
    return f"{mean} ({low} to {high})"


def percent(found: Interval) -> str:
    """Return a ratio as a change in percent, with its interval, as text."""
    if not math.isfinite(found.mean):
        return "-"
    mean, low, high = (100 * (each - 1) for each in found.parts)
    return f"{mean:+.0f}% ({low:+.0f} to {high:+.0f})"
