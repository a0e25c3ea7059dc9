"""Shocks to a source: a search engine changes its rules, an account is closed.

In: how often, how much, how long, and a stream of numbers. Out: the share of leads that
is left at any time. A source's shocks are its own: they hit no other source.
"""

from __future__ import annotations

import math

import numpy as np

from simlib.draws import Floats, entity_keys, exponentials
from simlib.scenario.arrivals import Shocks


class ShockTimes:
    """When shocks hit one source in one replication: a Poisson process.

    Attributes
    ----------
    day : array of float64, days
        In order. The first may lie before day 0: its end may not.
    """

    def __init__(self, said: Shocks, horizon: float, year: float, stream: int) -> None:
        self.said = said
        expected = said.per_year / year * (horizon + said.days)
        count = math.ceil(expected + 10 * math.sqrt(expected) + 20)
        gaps = exponentials(stream, entity_keys(stream, count))
        self.day: Floats = np.cumsum(gaps) * (year / said.per_year) - said.days

    def at(self, time: Floats) -> Floats:
        """Return the share (0 to 1) of leads that is left at times (days).

        A shock during a shock makes it longer, not deeper.
        """
        last = np.searchsorted(self.day, time, side="right") - 1
        since = np.where(last >= 0, time - self.day[last], math.inf)
        left: Floats = np.where(since < self.said.days, 1 - self.said.loss, 1.0)
        return left
