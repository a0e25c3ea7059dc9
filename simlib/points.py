"""Points of Poisson processes in the plane of time and rate.

In: bands of rate, each with numbers of its own. Out: the points that lie in a band
before its end, and below its ceiling. Where nothing is compiled NumPy draws them, side
by side. It knows no sources.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simlib import draws, variates
from simlib.compiling import COMPILED, key_of_sources, whole
from simlib.draws import Floats, Keys
from simlib.variates import mixed, uniform

LEVEL = 1
Ints = NDArray[np.int32]


class Bands(NamedTuple):
    """Bands of rate; arrays of shape (bands,).

    Attributes
    ----------
    origin : array of uint64
        Streams of the gaps; the points are their entities.
    low, high : array of float64
        From how many to how many a day.
    end : array of float64, days
    ceiling : array of float64
        Points at or above so many a day are left out; inf keeps all.
    """

    origin: Keys
    low: Floats
    high: Floats
    end: Floats
    ceiling: Floats


Edges = tuple[int, float, float, float, float]


def bands_of(edges: list[Edges]) -> Bands:
    """Return bands from origin, low, high, end and ceiling of each."""
    columns = zip(*edges, strict=True) if edges else [()] * len(Bands._fields)
    origin, *others = columns
    floats = [np.array(column, dtype=np.float64) for column in others]
    return Bands(np.array(origin, dtype=np.uint64), *floats)


class Points(NamedTuple):
    """Points, band by band and in order of time; arrays of shape (points,).

    Attributes
    ----------
    time : array of float64, days
    key : array of uint64
        Their addresses for `simlib.draws`.
    band, ordinal : array of int32
        The place of a point's band, and its number there.
    """

    time: Floats
    key: Keys
    band: Ints
    ordinal: Ints

    def some(self, which: Any) -> Points:
        """Return some of the points."""
        time, key, band, ordinal = self
        return Points(time[which], key[which], band[which], ordinal[which])


def joined(points: list[Points]) -> Points:
    """Return several sets of points as one."""
    return Points(*map(np.concatenate, zip(*points, strict=True)))


def points_of(bands: Bands) -> Points:
    """Return the points that lie in bands."""
    spare = 1
    while True:
        points = _drawn(bands, [spare * count for count in _likely(bands)])
        if points is not None:
            return points
        spare *= 2


def levels(points: Points, bands: Bands, band: int) -> Floats:
    """Return at which rate (a day) the points of one band lie, shape as `points`."""
    stream = int(bands.origin[band]) ^ LEVEL
    level = variates.uniforms(stream, points.key)
    level *= bands.high[band] - bands.low[band]
    level += bands.low[band]
    return level


def _likely(bands: Bands) -> list[int]:
    """Return how many points of each band will, but for a freak, reach the end."""
    expected = ((bands.high - bands.low) * bands.end).tolist()
    return [math.ceil(some + 6 * math.sqrt(some) + 10) for some in expected]


def _drawn(bands: Bands, room: list[int]) -> Points | None:
    """Return the points, or None if some band did not reach its end in its room."""
    if not COMPILED:
        return _drawn_by_columns(bands, room)
    size = sum(room)
    points = Points(
        np.empty(size),
        np.empty(size, dtype=np.uint64),
        np.empty(size, dtype=np.int32),
        np.empty(size, dtype=np.int32),
    )
    count = _scatter(bands, np.array(room, dtype=np.int64), points)
    return points.some(slice(count)) if count >= 0 else None


def _scatterer(sources: str) -> Callable[[Bands, Any, Points], int]:
    """Return the function that draws points, for a digest of its sources."""

    def scatter(bands: Bands, room: Any, points: Points) -> int:
        """Fill `points`; return how many there are, or -1 if the room is too small."""
        assert sources
        count = 0
        for band in range(len(room)):
            origin, end, low = bands.origin[band], bands.end[band], bands.low[band]
            wide, ceiling = bands.high[band] - low, bands.ceiling[band]
            gap, now, ordinal = 1.0 / wide, 0.0, 0
            while True:
                if ordinal == room[band]:
                    return -1
                key = mixed(np.uint64(ordinal) * draws.GOLDEN + origin)
                now += -math.log(1.0 - uniform(origin, key)) * gap
                if now >= end:
                    break
                points.time[count], points.key[count] = now, key
                points.band[count], points.ordinal[count] = band, ordinal
                if ceiling < math.inf:
                    level = uniform(origin ^ np.uint64(LEVEL), key) * wide + low
                    count += level < ceiling
                else:
                    count += 1
                ordinal += 1
        return count

    return whole(scatter)


_scatter = _scatterer(key_of_sources(__file__, draws.__file__, variates.__file__))


def _drawn_by_columns(bands: Bands, room: list[int]) -> Points | None:
    """Return the same points, drawn by NumPy."""
    nothing = np.zeros(0, dtype=np.int32)
    parts = [Points(np.zeros(0), np.zeros(0, np.uint64), nothing, nothing)]
    for band, count in enumerate(room):
        origin = bands.origin[band]
        key = draws.keys_of(origin, np.arange(count))
        time = draws.exponentials(int(origin), key)
        time *= 1 / (bands.high[band] - bands.low[band])
        np.cumsum(time, out=time)
        inside = int(np.searchsorted(time, bands.end[band]))
        if inside == count:
            return None
        ordinal = np.arange(inside, dtype=np.int32)
        which = np.full(inside, band, dtype=np.int32)
        part = Points(time[:inside], key[:inside], which, ordinal)
        if bands.ceiling[band] < math.inf:
            kept = levels(part, bands, band) < bands.ceiling[band]
            part = part.some(kept)
        parts.append(part)
    return joined(parts)
