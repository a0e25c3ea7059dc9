"""Worlds on the same people, counted by month: one pass, where `compare` makes two.

In: scenarios by name, and how many replications. Out: counts by month, and paired
ratios over some months after a change. The counts are those of
`Comparison.ratio(by=...)`; a whole study would be measured for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

import simlib as sl
from simlib.execution import MONTHS, Figures, Span, measured
from simlib.studies import Interval
from simlib.studies.intervals import ratio_interval


@dataclass(frozen=True, eq=False)
class Arms:
    """Worlds that share their luck.

    Attributes
    ----------
    worlds : mapping of str to Scenario
    runs : int
    change : int
        The month after which months are counted, from 1.
    """

    worlds: Mapping[str, sl.Scenario]
    runs: int
    change: int = 0
    kept: dict[str, Figures] = field(default_factory=dict, init=False)

    def monthly(self, world: str, name: str) -> np.ndarray:
        """Return a count, shape (replications, months)."""
        if world not in self.kept:
            span = Span(self.worlds[world], 0, 0, self.runs)
            self.kept[world] = measured([span], MONTHS, {})[0]
        found = self.kept[world]
        return found.numbers[:, :, found.names.index(name)]

    def ratio(
        self, name: str, world: str, base: str, months: tuple[int, int]
    ) -> Interval:
        """Return a count's paired ratio over some months after the change."""
        first, last = self.change + months[0] - 1, self.change + months[1]
        sums = [self.monthly(each, name)[:, first:last] for each in (world, base)]
        return ratio_interval(*(counts.sum(axis=1) for counts in sums))
