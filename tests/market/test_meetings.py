"""Which meetings are drawn, and that those left out could never come about."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from town_strategies import markets
from towns import town

from simlib.market import Lives, books, lives_of
from simlib.market.meetings import MEETS
from simlib.scenario import Scenario


def told(scenario: Scenario, *, all_rows: bool = False) -> Lives:
    """Return the lives of a market; with all rows of the bands, if asked for."""
    heights = books._heights

    def endless(*given: object) -> tuple:
        return tuple(
            each._replace(
                most=np.full(len(each.most), np.inf),
                # Above 0 everywhere, so that a stop leaves out no point either.
                strength=lambda time, at=each.strength: np.maximum(at(time), 1e-300),
            )
            for each in heights(*given)
        )

    books._heights = endless if all_rows else heights
    try:
        return lives_of(scenario, (1, 0))
    finally:
        books._heights = heights


def happened(lives: Lives) -> list[np.ndarray]:
    """Return what happened: every column of the rows, and what became of windows."""
    rows = [column[lives.happened] for column in lives.rows]
    captures = lives.captures
    windows = [lives.lived, lives.considered, lives.raised]
    return [*rows, *windows, captures.time, captures.buyer, captures.source]


@settings(max_examples=120)
@given(markets())
def test_no_meeting_is_left_out_that_could_come_about(scenario):
    """With every point of every band the same happens, and is remembered as well."""
    few, many = told(scenario), told(scenario, all_rows=True)

    assert len(few.happened) <= len(many.happened)
    for mine, theirs in zip(happened(few), happened(many), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    np.testing.assert_allclose(
        few.memory[few.happened], many.memory[many.happened], rtol=1e-9, atol=1e-12
    )


def test_most_of_what_could_never_come_about_is_left_out():
    """A band reaches up to twice the rate; a source that has stopped meets nobody."""
    stopped = {"by": "visits", "per_month": 0.5, "stop": 100}
    world = town(sources={"content": {"meets": stopped}})
    few, many = (told(world, all_rows=rows) for rows in (False, True))
    drawn = [np.count_nonzero(lives.rows.what == MEETS) for lives in (few, many)]

    assert drawn[0] == np.count_nonzero(few.happened & (few.rows.what == MEETS))
    assert drawn[1] > 3 * drawn[0]
