"""Candidates: settings to try, spread over their ranges or around a good one.

In: ranges, perhaps a total that the values share, perhaps a further constraint. Out:
settings that meet them. Nothing is simulated here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from simlib.errors import StudyError
from simlib.studies.influence import Point, Range, whole_or_not
from simlib.studies.intervals import Floats

NEIGHBOURHOOD = 0.25
Allowed = Callable[[Point], bool]


def spread(
    ranges: Mapping[str, Range],
    total: float | None,
    allowed: Allowed | None,
    count: int,
    seed: int,
) -> list[Point]:
    """Return points spread evenly over the ranges (Sobol's sequence, scrambled).

    Raises
    ------
    StudyError
        If there is none that meets the constraints.
    """
    from scipy.stats import qmc

    if total is not None:
        _check_total(ranges, total)
    cube = qmc.Sobol(len(ranges), rng=seed)
    found: list[Point] = []
    for _ in range(64):
        for place in cube.random(2 ** math.ceil(math.log2(count))):
            point = _point(ranges, place, total)
            if point is not None and (allowed is None or allowed(point)):
                found.append(point)
        if len(found) >= count:
            return found[:count]
    if not found:
        raise StudyError(
            "optimise: no settings in the ranges meet the constraints; widen the "
            "ranges or change the total"
        )
    return found


def _check_total(ranges: Mapping[str, Range], total: float) -> None:
    """Raise a StudyError for a total that no values in the ranges sum to."""
    low, high = (sum(ends) for ends in zip(*ranges.values(), strict=True))
    if not low <= total <= high:
        raise StudyError(
            f"optimise: the total is {total:g}; values in the ranges sum to {low:g} "
            f"to {high:g}"
        )


def _point(
    ranges: Mapping[str, Range], place: Floats, total: float | None
) -> Point | None:
    """Return the settings at a place in the unit cube; None if the total fails."""
    if total is None:
        pairs = zip(ranges.items(), place, strict=True)
        return {
            path: whole_or_not(ends, ends[0] + share * (ends[1] - ends[0]))
            for (path, ends), share in pairs
        }
    lows = np.array([low for low, _ in ranges.values()], float)
    shares = -np.log1p(-np.clip(place, 0, 1 - 1e-12))
    values = lows + (total - lows.sum()) * shares / shares.sum()
    highs = np.array([high for _, high in ranges.values()], float)
    if np.any(values < lows) or np.any(values > highs):
        return None
    return _split(ranges, values, total)


def _split(ranges: Mapping[str, Range], values: Floats, total: float) -> Point:
    """Return parts of a total: whole ones where all ends and the total are whole.

    The largest remainders are rounded up, so that the parts still sum to the total.
    """
    is_whole = all(isinstance(whole_or_not(r, r[0]), int) for r in ranges.values())
    if not (is_whole and float(total).is_integer()):
        return dict(zip(ranges, values.tolist(), strict=True))
    parts = np.floor(values).astype(int)
    missing = round(total) - int(parts.sum())
    parts[np.argsort(parts - values, kind="stable")[:missing]] += 1
    return dict(zip(ranges, parts.tolist(), strict=True))


def around(
    ranges: Mapping[str, Range],
    centre: Point,
    total: float | None,
    allowed: Allowed | None,
    count: int,
    seed: int,
) -> list[Point]:
    """Return points near a centre: a quarter of the way to points spread anywhere."""
    anywhere = spread(ranges, total, None, 4 * count, seed)
    found = []
    for point in anywhere:
        near = {path: _towards(centre[path], point[path]) for path in ranges}
        near = (
            {path: whole_or_not(ends, near[path]) for path, ends in ranges.items()}
            if total is None
            else _split(ranges, np.array(list(near.values())), total)
        )
        if near != centre and (allowed is None or allowed(near)):
            found.append(near)
    return found[:count]


def _towards(one: float, other: float) -> float:
    return one + NEIGHBOURHOOD * (other - one)
