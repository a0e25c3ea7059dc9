"""Small arithmetic on columns that several tables share.

In: arrays. Out: arrays, or DataFrames made of them. It knows no log.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from simlib.errors import LogError

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]
Flags = NDArray[np.bool_]
T = TypeVar("T")
Made = TypeVar("Made")

_ROUNDING = 1e-9


def kept_with(owner: T, name: str, make: Callable[[T], Made]) -> Made:
    """Return what is made of a frozen object, made once and kept with it.

    It is only another form of the object, so it lives in the instance's dictionary and
    is no field: a changed copy starts anew.
    """
    kept = vars(owner)
    if name not in kept:
        kept[name] = make(owner)
    found: Made = kept[name]
    return found


def share(part: Any, whole: Any) -> Floats:
    """Return part / whole as floats, nan where the whole is 0."""
    whole = np.array(whole, dtype=np.float64)
    whole[whole == 0] = np.nan
    quotient: Floats = np.divide(part, whole)
    return quotient


def counted(codes: Ints, size: int) -> Ints:
    """Return how often each of the codes 0 to size - 1 occurs."""
    return np.bincount(codes, minlength=size)


def added(codes: Ints, values: Floats | Flags, size: int) -> Floats:
    """Return the sum of the values of each of the codes 0 to size - 1."""
    return np.bincount(codes, values, minlength=size).astype(np.float64, copy=False)


def month_starts(horizon: float, days_per_month: float) -> Floats:
    """Return the first day of each month before the horizon, shape (months,)."""
    return grid(horizon, days_per_month)


def months_of(starts: Floats, days: Floats) -> Ints:
    """Return in which month (0, 1, ...) each of `days` lies."""
    return np.searchsorted(starts, days, side="right") - 1


def grid(until: float, step: float) -> Floats:
    """Return 0, step, 2 step ... as far as they lie before `until`."""
    points = max(math.ceil(until / step - _ROUNDING), 1)
    return np.arange(points, dtype=np.float64) * step


def require_step(table: str, step_days: float) -> None:
    """Raise `LogError` unless a step is a positive number of days."""
    if not (math.isfinite(step_days) and step_days > 0):
        raise LogError(
            f"{table}: step_days must be a number of days above 0; given: {step_days}"
        )


def stacked(parts: list[dict[str, Any]], *columns: str) -> pd.DataFrame:
    """Return tables one below the other; a table without rows if there are none."""
    import pandas as pd

    if not parts:
        return pd.DataFrame({name: [] for name in columns})
    return pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)
