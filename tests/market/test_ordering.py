"""Meetings dealt out by buyer stand as NumPy would sort them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.market import ordering

ROWS = st.lists(
    st.tuples(
        st.integers(0, 5), st.sampled_from([-3.5, 0.0, 0.25, 7.0]), st.integers(0, 2)
    ),
    max_size=60,
)


def columns(rows: list[tuple[int, float, int]]):
    """Return buyers, times and what they are."""
    buyer, time, what = zip(*rows, strict=True) if rows else ((), (), ())
    return np.array(buyer, np.int64), np.array(time, float), np.array(what, np.int8)


@given(ROWS)
def test_the_order_is_that_of_buyer_time_and_what(rows):
    """Equals keep their places; buyers without a row do no harm, nor do no rows."""
    buyer, time, what = columns(rows)
    found = ordering.by_buyer_and_time(buyer, time, what)

    assert found.tolist() == np.lexsort((what, time, buyer)).tolist()


@pytest.mark.parametrize("rows", [3, 2000])
def test_one_buyer_with_all_rows_is_no_harm(rows):
    """Backwards in time, thousands of rows would be moved for ever: NumPy sorts."""
    time = np.arange(rows, 0.0, -1)
    found = ordering.by_buyer_and_time(
        np.zeros(rows, np.int64), time, np.zeros(rows, np.int8)
    )

    assert found.tolist() == list(range(rows))[::-1]


@given(ROWS)
def test_uncompiled_it_is_the_same(rows):
    """The function that is compiled, read as plain Python, fills the same order."""
    buyer, time, what = columns(rows)
    start = np.zeros(7, np.int64)
    order = np.zeros(len(rows), np.int64)

    assert ordering._deal(buyer, time, what, start, np.zeros_like(start), order)
    assert order.tolist() == np.lexsort((what, time, buyer)).tolist()
