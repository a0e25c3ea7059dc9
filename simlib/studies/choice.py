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
        At least this sure, 0 to 1, that no other world is better; 0 if all are the
        same.
    runner_up : str
        The best of those that are not the same as the winner in every replication.
    lead : Interval
        Winner minus runner-up, paired, with its 95% interval.
    ties : tuple of str
        Worlds that are the same as the winner in every replication.
    undefined : tuple of str
        Worlds in which the metric is not defined in any replication: they took no
        part.
    """

    metric: str
    world: str
    confidence: float
    runner_up: str
    lead: Interval
    ties: tuple[str, ...] = ()
    undefined: tuple[str, ...] = ()

    @property
    def is_clear(self) -> bool:
        """Whether the confidence is 95% or more, and the winner is one."""
        return self.confidence >= ENOUGH and not self.ties

    def __str__(self) -> str:
        if self.lead.low == self.lead.high == 0:
            return f"all have the same {self.metric} in every replication"
        sure = f"{percent_sure(self.confidence)} confidence"
        worlds = " and ".join([self.world, *self.ties])
        if self.confidence >= ENOUGH:
            are = "are" if self.ties else "is"
            return f"{worlds} {are} best in {self.metric} ({sure})"
        have = "have" if self.ties else "has"
        return (
            f"{worlds} {have} the best mean of {self.metric}, but {self.runner_up} "
            f"may be as good ({sure})"
        )


def percent_sure(confidence: float) -> str:
    """Return a confidence as per cent, rounded down and never as certainty."""
    return "over 99%" if confidence > 0.99 else f"{math.floor(100 * confidence)}%"


def best_of(values: Mapping[str, Floats], metric: str, *, largest: bool) -> Choice:
    """Return the best world and the confidence in it.

    The confidence is 1 minus the sum over the rivals of the two-sided p-values of
    their paired differences: the sum bounds the chance that any of them is really as
    good (Bonferroni), the two sides pay for choosing the winner by its data. A rival
    that is the same in every replication is no better, and only named.

    Parameters
    ----------
    values : mapping of str to array, shape (replications,)
    metric : str
    largest : bool
        Whether more is better.

    Raises
    ------
    StudyError
        If fewer than two worlds have the metric.
    """
    sign = 1.0 if largest else -1.0
    means = {world: sign * interval(each).mean for world, each in values.items()}
    undefined = tuple(world for world, mean in means.items() if math.isnan(mean))
    known = [world for world in means if world not in undefined]
    ranked = sorted(known, key=lambda world: -means[world])
    if len(ranked) < 2:
        where = f"in {ranked[0]} alone" if ranked else "in no replication"
        raise StudyError(f"{metric} is defined {where}; there is no best")
    first, *rivals = ranked
    ties = tuple(at for at in rivals if _same(values[first], values[at]))
    others = [rival for rival in rivals if rival not in ties]
    doubt = sum(_doubt(sign * (values[first] - values[rival])) for rival in others)
    confidence = float(np.clip(1 - doubt, 0.0, 1.0)) if others else 0.0
    second = (others or rivals)[0]
    lead = interval(values[first] - values[second])
    return Choice(metric, first, confidence, second, lead, ties, undefined)


def _same(one: Floats, two: Floats) -> bool:
    return np.array_equal(one, two, equal_nan=True)


def _doubt(gap: Floats) -> float:
    """Return the two-sided p-value of a difference; 1 where it cannot be told."""
    sure = confidence_above(gap)
    return 1.0 if math.isnan(sure) else 2 * (1 - sure)
