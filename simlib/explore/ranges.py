"""Ranges: how far a number can be moved, in which unit, and what that stands on.

In: a number of a scenario, what is known of its path, and what a user wishes. Out:
ends, steps and words for the screen. Nothing here reads a scenario, or makes a widget.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from simlib.explore.known import (
    BEHIND,
    DAYS,
    MONEY,
    OURS,
    SHARE,
    STRENGTHS,
    Known,
)
from simlib.explore.rules import Rules

STEPS = 100
WHOLE = 100  # from here on, nothing after the point
DIGITS = 4  # before that
DUST = 1e-9
SMALL_DAYS = ((1 / 24, "minutes", 1440.0), (2.0, "hours", 24.0))


def shown(number: float) -> str:
    """Return a number for the screen; `slider.js` rounds in the same way."""
    if abs(number) >= WHOLE:
        return f"{math.floor(number + 0.5):,}"
    return f"{number:,.{DIGITS}g}"


def nice(step: float) -> float:
    """Return the largest of 1, 2, 5 times a power of ten that is not above `step`."""
    if step <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(step) + DUST)
    times = max(each for each in (1, 2, 5) if each * power <= step * (1 + DUST))
    return float(f"{times * power:.1g}")


def range_of(
    value: float, rules: Rules, known: Known | None, wish: Mapping[str, Any]
) -> tuple[float, float]:
    """Return the range of a number; today's value always lies in it."""
    low, high = value / 4, value * 4
    if known:
        times = value if known.times else 1.0
        low, high = known.low * times, known.high * times
    if high <= low:  # today's value is 0
        low, high = 0.0, 10.0
    if value < low:  # as much room below today's value as there is sense in it
        low = value / 2
    if rules.low is not None:
        low = max(low, rules.low)
    if rules.high is not None:
        high = min(high, rules.high)
    if rules.whole:
        low, high = math.floor(low), math.ceil(max(high, low + 4))
    low, high = wish.get("low", min(low, value)), wish.get("high", max(high, value))
    if rules.low is not None:  # what is wished may be more than there can be
        low = max(low, rules.low)
    if rules.high is not None:
        high = min(high, rules.high)
    return min(low, value), max(high, value)


def with_round_ends(
    ends: tuple[float, float], step: float, rules: Rules, wish: Mapping[str, Any]
) -> tuple[float, float]:
    """Return a range whose ends are multiples of the step, unless they are wished.

    It only grows, and never to what the schema forbids.
    """
    low, high = ends
    lower = round(math.floor(low / step + DUST) * step, 12)
    higher = round(math.ceil(high / step - DUST) * step, 12)
    if "low" not in wish and (rules.low is None or lower > rules.low):
        low = lower
    if "high" not in wish and (rules.high is None or higher < rules.high):
        high = higher
    return low, high


def unit_of(
    known: Known | None, rules: Rules, value: float, currency: str
) -> tuple[str, float]:
    """Return the unit on the screen, and what a number is multiplied with for it."""
    if known is None:
        is_share = (rules.low, rules.high) == (0, 1)
        return (SHARE, 100.0) if is_share else ("", 1.0)
    if known.unit == SHARE:
        return SHARE, 100.0
    if known.unit == MONEY:
        return currency, 1.0
    if known.unit == DAYS:
        small = (way for way in SMALL_DAYS if 0 < value < way[0])
        _, unit, factor = next(small, (0.0, DAYS, 1.0))
        return unit, factor
    return known.unit, 1.0


def told(known: Known | None, value: float, wish: Mapping[str, Any]) -> tuple[str, str]:
    """Return what a range stands on: a few words, and in full.

    Parameters
    ----------
    known : Known or None
    value : float
        Today's; a range grows where it lies outside the evidence.
    wish : mapping
        Who gives an end of a range has chosen it.
    """
    if "low" in wish or "high" in wish:
        return "chosen here", "The range was chosen by whoever made this."
    letter = known.strength if known else OURS
    few = f"{STRENGTHS[letter]} ({letter})"
    full = f"What the range stands on ({letter}): {BEHIND[letter]}"
    if known is None:
        return few, f"{full}."
    marks = f" [{known.marks}]" if known.marks else ""
    times = value if known.times else 1.0
    outside = not known.low * times <= value <= known.high * times
    grown = "; wider here, to hold the value of this scenario" if outside else ""
    return few, f"{full}{marks}{grown}. See docs/evidence.md."
