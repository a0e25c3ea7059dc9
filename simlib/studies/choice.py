"""Which world is best, and how sure one can be.

In: a metric's replications in several worlds, paired. Out: `Choice`. The confidence
is safe for having looked at all worlds first and picked the winner afterwards.

Source: all comparisons with the best, Bonferroni's inequality; Hsu, Multiple
Comparisons (1996), chapter 4, for the question.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simlib.errors import StudyError
from simlib.studies.intervals import Floats, Interval, confidence_above, interval

ENOUGH = 0.95


@dataclass(frozen=True)
class Choice:
    """The world with the best mean of a metric.

    Attributes
    ----------
    metric, world : str
    confidence : float
        At least this sure, 0 to 1, that no other world is better.
    runner_up : str
    lead : Interval
        Winner minus runner-up, paired, with its 95% interval.
    """

    metric: str
    world: str
    confidence: float
    runner_up: str
    lead: Interval

    @property
    def is_clear(self) -> bool:
        """Whether the confidence is 95% or more."""
        return self.confidence >= ENOUGH

    def __str__(self) -> str:
        sure = f"{100 * self.confidence:.0f}% confidence"
        if self.is_clear:
            return f"{self.world} is best in {self.metric} ({sure})"
        return (
            f"{self.world} has the best mean of {self.metric}, but {self.runner_up} "
            f"may be as good ({sure})"
        )


def best_of(values: Mapping[str, Floats], metric: str, *, largest: bool) -> Choice:
    """Return the best world and the confidence in it.

    The confidence is 1 minus the sum over the rivals of the two-sided p-values of
    their paired differences: the sum bounds the chance that any of them is really as
    good (Bonferroni), the two sides pay for choosing the winner by its data.

    Parameters
    ----------
    values : mapping of str to array, shape (replications,)
    metric : str
    largest : bool
        Whether more is better.
    """
    sign = 1.0 if largest else -1.0
    means = {world: sign * interval(each).mean for world, each in values.items()}
    ranked = sorted(means, key=lambda world: _key(means[world]))
    if math.isnan(means[ranked[0]]):
        raise StudyError(f"best: {metric} is not defined in any replication")
    first, second = ranked[0], ranked[1]
    doubt = 0.0
    for rival in ranked[1:]:
        sure = confidence_above(sign * (values[first] - values[rival]))
        doubt += 1.0 if math.isnan(sure) else 2 * (1 - sure)
    confidence = float(np.clip(1 - doubt, 0.0, 1.0))
    lead = interval(values[first] - values[second])
    return Choice(metric, first, confidence, second, lead)


def _key(mean: float) -> float:
    return math.inf if math.isnan(mean) else -mean
