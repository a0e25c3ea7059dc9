"""One number of one lead, and what it means: alone in a compiled loop, or as a column.

In: keys of streams and of entities (`simlib.draws`), and laws (`simlib.lags`). Out: the
same numbers in both forms, to the last bit, because both are made by the functions
below. Where nothing is compiled there are columns only, made by NumPy; its logarithms
may differ from the compiled ones in the last bit, on some processors. It draws nothing
of its own, and knows no leads.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib import draws
from simlib.compiling import (
    COMPILED,
    address_in_scipy,
    called_with_one,
    called_with_two,
    key_of_sources,
    part,
    part_of,
    whole,
)
from simlib.draws import Floats, Keys
from simlib.lags import EXPONENTIAL, GAMMA, LOGNORMAL, REACH, UNIFORM, WEIBULL, Law

LAW = np.dtype(
    [
        ("family", "i8"),
        ("centre", "f8"),
        ("shape", "f8"),
        ("at_once", "f8"),
        ("minus", "f8"),
    ]
)
Ints = NDArray[np.integer]
BELOW_ONE = 1 - 2.0**-53

mixed = part_of(draws.mixed)


@part
def uniform(stream: Any, key: Any) -> float:
    """Return an entity's uniform number of a stream, as `simlib.draws` has it."""
    return float(((mixed(key + stream) >> draws.DROP) + 0.5) * draws.STEP)


@part
def standard(law: Any, number: float, normal: int, gamma: int) -> float:
    """Return what a uniform number is at scale 1."""
    if law.family == LOGNORMAL:
        return math.exp(called_with_one(normal, number) * law.shape)
    if law.family == GAMMA:
        return float(called_with_two(gamma, law.shape, number))
    if law.family == EXPONENTIAL:
        return -math.log(1.0 - number)
    if law.family == WEIBULL:
        return float((-math.log(1.0 - number)) ** (1.0 / law.shape))
    if law.family == REACH:
        return float(((1.0 - number) / number) ** (1.0 / law.shape))
    return number if law.family == UNIFORM else 1.0


@part
def quantile(law: Any, number: float, normal: int, gamma: int) -> float:
    """Return what a uniform number means: larger ones more, but for a contact curve.

    Parameters
    ----------
    law : `LAW` record
    number : float
    normal, gamma : int
        Addresses of SciPy's quantiles of the standard normal and gamma distributions.
    """
    if law.at_once > 0:
        if number <= law.at_once:
            return 0.0
        number = min((number - law.at_once) / (1.0 - law.at_once), BELOW_ONE)
    return float(law.centre * standard(law, number, normal, gamma) - law.minus)


@lru_cache(maxsize=1)
def quantiles_of_scipy() -> tuple[int, int]:
    """Return the addresses of SciPy's normal and gamma quantiles."""
    return address_in_scipy("ndtri"), address_in_scipy("gammaincinv")


def _filler(sources: str) -> Callable[[Keys, int, Keys, Floats], None]:
    """Return the function that fills columns, for a digest of its sources."""

    def fill(streams: Keys, across: int, keys: Keys, out: Floats) -> None:
        """Fill rows of `out` with numbers; `across`: each place has its own stream."""
        assert sources
        for row in range(out.shape[0]):
            for place in range(out.shape[1]):
                stream = streams[place if across else row]
                out[row, place] = uniform(stream, keys[place])

    return whole(fill)


def _turner(sources: str) -> Callable[[Any, Floats, int, int], None]:
    """Return the function that turns columns, for a digest of its sources."""

    def turn(laws: Any, numbers: Floats, normal: int, gamma: int) -> None:
        assert sources
        law = laws[0]
        for place in range(len(numbers)):
            numbers[place] = quantile(law, numbers[place], normal, gamma)

    return whole(turn)


def _counter(sources: str) -> Callable[..., None]:
    """Return the function that compares numbers, for a digest of its sources."""

    def count(numbers: Floats, bounds: Floats, row: Ints, out: Ints) -> None:
        """Count the bounds that each number reaches."""
        assert sources
        for place in range(len(numbers)):
            reached = 0
            for bound in bounds[row[place]]:
                reached += numbers[place] >= bound
            out[place] = reached

    return whole(count)


_SOURCES = key_of_sources(__file__, draws.__file__)
_fill, _turn = _filler(_SOURCES), _turner(_SOURCES)
_count = _counter(_SOURCES)


def uniforms(stream: int | Keys, entities: Keys) -> Floats:
    """Return what `simlib.draws.uniforms` returns, sooner where there is a compiler."""
    if not COMPILED:
        return draws.uniforms(stream, entities)
    streams = np.asarray(stream, dtype=np.uint64)
    across = streams.ndim == 1
    out = np.empty((1 if across else streams.size, len(entities)))
    _fill(streams.ravel(), int(across), entities, out)
    return out if streams.ndim > 1 else out[0]


def turn(law: Law, numbers: Floats) -> None:
    """Turn uniform numbers, in place, into what they mean; only where compiled."""
    if law.family != UNIFORM:
        _turn(_record(law), numbers, *quantiles_of_scipy())


@lru_cache(maxsize=512)
def _record(law: Law) -> Any:
    return np.array([law], dtype=LAW)


def bounds_passed(numbers: Floats, bounds: Floats, row: Ints) -> NDArray[np.int8]:
    """Return how many of its bounds each number reaches, shape as `numbers`.

    Parameters
    ----------
    numbers : array of float64, shape (n,)
    bounds : array of float64, shape (rows, bounds)
    row : array of int, shape (n,)
        Whose bounds a number is compared with.
    """
    if not COMPILED:
        reached = numbers[:, None] >= bounds[row]
        return np.asarray(np.sum(reached, axis=1, dtype=np.int8))
    out = np.empty(len(numbers), dtype=np.int8)
    _count(numbers, bounds, row, out)
    return out
