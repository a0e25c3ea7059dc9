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
    """Return points spread evenly over the ranges (Sobol's sequence, scrambled)."""
    from scipy.stats import qmc

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
    return dict(zip(ranges, values.tolist(), strict=True))


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
        near = {
            path: whole_or_not(
                ends, centre[path] + NEIGHBOURHOOD * (point[path] - centre[path])
            )
            for path, ends in ranges.items()
        }
        if near != centre and (allowed is None or allowed(near)):
            found.append(near)
    return found[:count]
