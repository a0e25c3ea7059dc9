"""Studies: many runs, with intervals; several worlds, paired.

In: scenarios. Out: tidy tables of means with 95% intervals. Replications are
addressed by (seed, number): the same numbers whatever else is run.
"""

from __future__ import annotations

from simlib.studies.comparisons import Comparison, compare
from simlib.studies.intervals import Interval, interval, ratio_interval
from simlib.studies.replications import Study, replicate

__all__ = [
    "Comparison",
    "Interval",
    "Study",
    "compare",
    "interval",
    "ratio_interval",
    "replicate",
]
