"""Points in the plane of time and rate: which there are, and which stay."""

from __future__ import annotations

import numpy as np
import pytest

from simlib import points
from simlib.compiling import COMPILED
from simlib.draws import stream_key
from simlib.points import Bands, Points, bands_of, points_of

INF = float("inf")


def bands(*edges: tuple[float, float, float, float]) -> Bands:
    """Return bands from (low, high, end, ceiling), with streams of their own."""
    return bands_of(
        [(stream_key(1, 0, f"band {at}"), *edge) for at, edge in enumerate(edges)]
    )


def names(found: Points) -> set[tuple[int, int]]:
    """Return the lasting names of points."""
    return set(zip(found.band.tolist(), found.ordinal.tolist(), strict=True))


@pytest.mark.skipif(not COMPILED, reason="nothing is compiled")
def test_compiled_points_are_those_of_numpy():
    """Both ways draw the same points; times agree up to the last bits of a sum."""
    plane = bands((0, 1, 300, INF), (1, 2, 300, 1.4), (2, 4, 50, 3.0), (0, 3, 0, INF))
    found = points_of(plane)
    by_numpy = points._drawn_by_columns(plane, points._likely(plane))

    assert by_numpy is not None
    for mine, theirs in zip(found[1:], by_numpy[1:], strict=True):
        assert mine.tolist() == theirs.tolist()
    np.testing.assert_allclose(found.time, by_numpy.time, rtol=1e-12)


def test_points_come_band_by_band_in_order_of_time():
    """Within a band times rise; no point lies at its band's end or after it."""
    found = points_of(bands((0, 2, 200, INF), (0, 1, 100, INF)))

    assert found.band.tolist() == sorted(found.band.tolist())
    for band, end in ((0, 200), (1, 100)):
        time = found.time[found.band == band]
        assert np.all(np.diff(time) > 0)
        assert time[-1] < end


def test_a_higher_ceiling_adds_points_and_moves_none():
    """What lay below the lower ceiling lies below the higher one, at the same time."""
    low = points_of(bands((1, 2, 400, 1.2)))
    high = points_of(bands((1, 2, 400, 1.7)))

    assert names(low) < names(high)
    assert set(low.time.tolist()) < set(high.time.tolist())


def test_the_number_of_points_is_that_of_the_rate():
    """Of 40,000 expected points, as many come as chance allows."""
    found = points_of(bands((0, 40, 1000, INF), (40, 80, 1000, 60)))

    assert len(found.time) == pytest.approx(60_000, abs=4 * 60_000**0.5)


def test_no_bands_have_no_points():
    """Where nothing flows, nobody comes."""
    assert len(points_of(bands()).time) == 0
