"""Studies: many runs, with intervals; several worlds, paired.

In: scenarios. Out: tidy tables of means with 95% intervals. Replications are
addressed by (seed, number): the same numbers whatever else is run.
"""

from __future__ import annotations

from simlib.studies.choice import Choice, best_of
from simlib.studies.comparisons import Comparison, compare
from simlib.studies.further import Further, further_customer
from simlib.studies.influence import Sensitivity, sensitivity
from simlib.studies.intervals import Interval, interval, ratio_interval
from simlib.studies.loading import load_study
from simlib.studies.optima import Optimum, optimise
from simlib.studies.replications import replicate
from simlib.studies.saving import read_studies, save_studies, versions
from simlib.studies.study import Study
from simlib.studies.sweeps import Sweep, sweep
from simlib.studies.worlds import Worlds, two_worlds

__all__ = [
    "Choice",
    "Comparison",
    "Further",
    "Interval",
    "Optimum",
    "Sensitivity",
    "Study",
    "Sweep",
    "Worlds",
    "best_of",
    "compare",
    "further_customer",
    "interval",
    "load_study",
    "optimise",
    "ratio_interval",
    "read_studies",
    "replicate",
    "save_studies",
    "sensitivity",
    "sweep",
    "two_worlds",
    "versions",
]
