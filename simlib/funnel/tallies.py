"""Who came to each stage and for how long, for groups of leads, in one pass.

In: histories, and the group of each entity. Out: `StageTally`. This is one source:
numba compiles it; where there is no numba, NumPy sums. There are no tables here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from simlib.compiling import COMPILED, key_of_sources, whole
from simlib.funnel.columns import Floats, Ints, added
from simlib.funnel.history import Histories, Visits
from simlib.funnel.reading import Stays


class StageTally(NamedTuple):
    """What groups did in stages; arrays of shape (groups, stages).

    Attributes
    ----------
    reached : how many of the group ever entered the stage
    days : how long they were in it before the horizon, summed
    """

    reached: Ints
    days: Floats


def stage_tally(past: Histories, group: Ints, groups: int) -> StageTally:
    """Return how many of each group came to each stage, and for how long.

    Parameters
    ----------
    group : array of int, shape (leads,)
        The group of each entity, 0 to groups - 1.
    """
    size = past.ended + 1
    if COMPILED:
        reached, days = np.zeros((groups, size), int), np.zeros((groups, size))
        columns = (getattr(past.visits, name) for name in Stays._fields)
        _tally(Stays(*columns), group, reached, days)
    else:
        reached, days = _tally_of_columns(past.visits, group, groups, size)
    return StageTally(reached[:, :-1], days[:, :-1])


def _made_of(sources: str) -> Callable[[Stays, Ints, Ints, Floats], None]:
    """Return the function that tallies, for a digest of its sources."""

    def tally(stays: Stays, group: Ints, reached: Ints, days: Floats) -> None:
        """Add each stay to its group and stage."""
        assert sources
        for stay in range(len(stays.lead)):
            mine, where = group[stays.lead[stay]], stays.stage[stay]
            reached[mine, where] += stays.is_first[stay]
            days[mine, where] += stays.left[stay] - stays.entered[stay]

    return whole(tally)


_tally = _made_of(key_of_sources(__file__))


def _tally_of_columns(
    visits: Visits, group: Ints, groups: int, size: int
) -> tuple[Ints, Floats]:
    """Return the same sums, added by NumPy."""
    place = group[visits.lead] * size + visits.stage
    first = added(place, visits.is_first, groups * size).astype(int)
    days = added(place, visits.left - visits.entered, groups * size)
    return first.reshape(groups, size), days.reshape(groups, size)
