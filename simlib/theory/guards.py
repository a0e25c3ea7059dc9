"""What a closed form accepts: checks with one clear message each.

In: named arguments. Out: nothing, or a `TheoryError` that names the argument, what was
given and what may be given. It never corrects a value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from simlib.errors import TheoryError, nearest

_ROUNDING = 1e-9


def require_positive(**values: float) -> None:
    """Raise `TheoryError` unless every value is a finite number above 0."""
    for name, value in values.items():
        if not _is_number(value) or not 0 < value < math.inf:
            raise TheoryError(f"{name} must be above 0 and finite; given: {value!r}")


def require_not_negative(**values: float) -> None:
    """Raise `TheoryError` unless every value is a finite number of at least 0."""
    for name, value in values.items():
        if not _is_number(value) or not 0 <= value < math.inf:
            raise TheoryError(f"{name} must be 0 or more, finite; given: {value!r}")


def require_finite(**values: float) -> None:
    """Raise `TheoryError` unless every value is a finite number."""
    for name, value in values.items():
        if not _is_number(value) or not math.isfinite(value):
            raise TheoryError(f"{name} must be a finite number; given: {value!r}")


def require_share(**values: float) -> None:
    """Raise `TheoryError` unless every value lies between 0 and 1."""
    for name, value in values.items():
        if not _is_number(value) or not 0 <= value <= 1:
            raise TheoryError(f"{name} must be a share, 0 to 1; given: {value!r}")


def require_count(**values: float) -> None:
    """Raise `TheoryError` unless every value is a whole number of at least 1."""
    for name, value in values.items():
        if not _is_number(value) or not 1 <= value < math.inf or value != int(value):
            raise TheoryError(f"{name} must be a whole number from 1; given: {value!r}")


def require_total_at_most_one(name: str, total: float) -> None:
    """Raise `TheoryError` if shares add up to more than 1 (rounding apart)."""
    if total > 1 + _ROUNDING:
        raise TheoryError(f"{name} add up to {total:.6g}; they may reach at most 1")


def require_known(kind: str, given: str, known: Iterable[str]) -> None:
    """Raise `TheoryError` unless `given` is one of the `known` names."""
    names = list(known)
    if given not in names:
        offer = ", ".join(names)
        raise TheoryError(
            f"{kind} '{given}' is unknown; known: {offer}.{nearest(given, names)}"
        )


def require_some(**values: Iterable[object]) -> None:
    """Raise `TheoryError` if a collection is empty."""
    for name, value in values.items():
        if not any(True for _ in value):
            raise TheoryError(f"{name} must hold at least one value; it is empty")


def require_stable(load: float) -> None:
    """Raise `TheoryError` unless people have less to do than time to do it."""
    if load >= 1:
        raise TheoryError(
            f"load per person must be below 1 when nobody gives up; it is {load:.6g}: "
            "fewer arrivals, shorter work, more people, or erlang_a_desk with patience"
        )


def _is_number(value: object) -> bool:
    try:
        return not math.isnan(value)  # type: ignore[arg-type]
    except TypeError:
        return False
