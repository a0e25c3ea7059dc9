"""Numbers with addresses: uniform, independent, and nobody's business but their own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simlib.draws import (
    entity_keys,
    exponentials,
    keys_of,
    normals,
    stream_key,
    uniforms,
)

MANY = 100_000
KEYS = entity_keys(stream_key(7, 0, "leads"), MANY)
# Every case is one of a few dozen looks at fixed numbers.
RARE = 1e-3

STREAMS = [
    stream_key(7, 0, "mql.outcome"),
    stream_key(7, 0, "mql.outcome", 2),
    stream_key(7, 1, "mql.outcome"),
    stream_key(8, 0, "mql.outcome"),
    stream_key(7, 0, "mql.lag"),
    0,
    2**64 - 1,
]


@pytest.mark.parametrize("stream", STREAMS)
def test_uniforms_are_uniform(stream):
    """Numbers of a stream fill the unit interval evenly, at all scales of it."""
    numbers = uniforms(stream, KEYS)
    cells = np.bincount((numbers * 1000).astype(int), minlength=1000)
    # The lower bits are even too: each number looked at through a magnifying glass.
    fine = np.bincount((numbers * 2**40 % 1 * 64).astype(int), minlength=64)

    assert stats.kstest(numbers, "uniform").pvalue > RARE
    assert stats.chisquare(cells).pvalue > RARE
    assert stats.chisquare(fine).pvalue > RARE


@pytest.mark.parametrize("other", STREAMS[1:])
def test_streams_are_independent(other):
    """Of two streams neither says anything about the other, in any corner."""
    first, second = uniforms(STREAMS[0], KEYS), uniforms(other, KEYS)
    corners, *_ = np.histogram2d(first, second, bins=20)

    assert stats.chisquare(corners.ravel()).pvalue > RARE


@pytest.mark.parametrize("step", [1, 2, 7, 64, 1000])
def test_neighbours_are_independent(step):
    """Of two leads that came one after the other neither knows the other's luck."""
    numbers = uniforms(STREAMS[0], KEYS)
    corners, *_ = np.histogram2d(numbers[:-step], numbers[step:], bins=20)

    assert stats.chisquare(corners.ravel()).pvalue > RARE


def test_replications_are_independent():
    """A lead's luck in one replication says nothing about the next one's."""
    luck = [
        uniforms(stream_key(7, run, "mql.outcome"), KEYS[:1000])[:50]
        for run in range(400)
    ]
    pairs = np.corrcoef(np.array(luck))[np.triu_indices(400, k=1)]

    # A correlation of 50 independent pairs has mean 0 and variance 1 / 49.
    assert abs(pairs.mean()) < 4 * np.sqrt(1 / 49 / len(pairs))
    assert pairs.var() == pytest.approx(1 / 49, rel=0.03)


def test_normals_and_exponentials_have_their_distributions():
    """The transforms give standard normal and exponential numbers."""
    assert stats.kstest(normals(STREAMS[0], KEYS), "norm").pvalue > RARE
    assert stats.kstest(exponentials(STREAMS[0], KEYS), "expon").pvalue > RARE


def test_no_two_entities_share_a_key():
    """Keys of one origin differ, and so do those of another one."""
    others = entity_keys(stream_key(7, 0, "other"), MANY)

    assert 2 * MANY == len(np.unique(np.concatenate((KEYS, others))))


@given(
    st.integers(0, 2**31), st.integers(0, 999), st.integers(1, 9), st.integers(0, 99)
)
def test_a_number_depends_on_its_address_only(seed, replication, occurrence, first):
    """However many are drawn, in whatever company, an address gives the same bits."""
    stream = stream_key(seed, replication, "mql.lag", occurrence)
    origin = stream_key(seed, replication, "web.arrivals.0")
    keys = entity_keys(origin, 120)
    alone = entity_keys(origin, 1, first=first)
    streams = np.array([[stream], [origin]], dtype=np.uint64)
    rows = uniforms(streams, keys[::-1])

    assert uniforms(stream, keys)[first] == uniforms(stream, alone)[0]
    assert uniforms(stream, keys)[first] == rows[0, 119 - first]
    assert normals(stream, keys)[first] == normals(stream, alone)[0]
    assert exponentials(stream, keys)[first] == exponentials(stream, alone)[0]


def test_parts_of_an_address_do_not_run_together():
    """Addresses that look alike when they are strung together differ."""
    alike = [(1, 11, "a", 1), (11, 1, "a", 1), (1, 1, "1/a", 1), (1, 1, "a/1", 1)]

    assert len(alike) == len({stream_key(*address) for address in alike})


def test_keys_of_several_origins_at_once():
    """Keys drawn side by side are those of each origin on its own."""
    origins = np.array([5, 5, 9], dtype=np.uint64)
    together = keys_of(origins, np.array([0, 3, 3]))

    assert [entity_keys(5, 1)[0], entity_keys(5, 4)[3], entity_keys(9, 4)[3]] == list(
        together
    )


def test_the_ends_of_the_interval_are_never_drawn():
    """A uniform number is never 0 or 1, so that no transform is ever infinite."""
    numbers = uniforms(3, KEYS)
    lowest, highest = 2.0**-53, 1 - 2.0**-53

    assert lowest <= numbers.min() < numbers.max() <= highest
    assert np.isfinite(normals(3, KEYS)).all()
