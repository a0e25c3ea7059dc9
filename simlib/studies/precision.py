"""When to stop: enough replications for the intervals that were asked for.

In: how narrow intervals shall be, and what was found so far. Out: how many
replications are wanted. It runs nothing.

Source: the sequential procedure of Chow and Robbins (1965) in batches; Law,
Simulation Modeling and Analysis, chapter 9, for relative precision. The interval is
right in the limit of narrow ones; for wide ones it covers the truth less often than
95%, since it stops by its own width.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from simlib.errors import StudyError
from simlib.studies.intervals import Interval, interval

if TYPE_CHECKING:
    from simlib.studies.study import Study

LOGGER = logging.getLogger("simlib")
LEAST = 10
MOST_REPLICATIONS = 1_000_000
GROWTH = 2.0


class Precision:
    """Half-widths as shares of means, to be reached with as few runs as needed.

    Parameters
    ----------
    until : mapping of str to float
        From metric to share, above 0 and below 1.
    minimum, maximum : int
        Bounds on the number of replications.

    Raises
    ------
    StudyError
        For a share or bounds that cannot be.
    """

    def __init__(self, until: Mapping[str, float], minimum: int, maximum: int) -> None:
        self.until, self.maximum = dict(until), whole_number("maximum", maximum)
        if not self.until:
            raise StudyError("until: give at least one metric and its share")
        for name, share in self.until.items():
            if isinstance(share, bool) or not isinstance(share, int | float):
                raise StudyError(f"until: {name}: {share!r} is no share such as 0.05")
            if not 0 < share < 1:
                raise StudyError(f"until: {name}: {share:g} must lie between 0 and 1")
        if whole_number("replications", minimum) < LEAST:
            raise StudyError(
                f"replications is {minimum}; with until it must be {LEAST} or more"
            )
        if maximum < minimum:
            raise StudyError(
                f"maximum is {maximum:,}; it must be {minimum:,} or more, the number "
                "of replications to begin with"
            )

    def missing(self, studies: Sequence[Study]) -> int:
        """Return how many more replications all studies shall get; 0 if done.

        The half-width falls with the root of the number. At most twice as many at a
        time, because the first guess of the spread is rough.
        """
        have = studies[0].replications
        factor = 0.0
        for name, share in self.until.items():
            for study in studies:
                ratio = half_share(interval(study.values(name))) / share
                factor = max(factor, GROWTH if math.isnan(ratio) else ratio**2)
        if factor <= 1:
            return 0
        wanted = max(have + 1, math.ceil(have * min(factor, GROWTH)))
        return min(self.maximum, wanted) - have

    def report(self, studies: Sequence[Study]) -> None:
        """Log a warning for what is not known as well as was asked for.

        Points of a sweep share the name of their scenario, and then one line.
        """
        for metric, share in self.until.items():
            widths: dict[str, list[float]] = {}
            for study in studies:
                found = half_share(interval(study.values(metric)))
                if not found <= share:
                    widths.setdefault(study.scenario.name, []).append(found)
            for name, missed in widths.items():
                self._warn(studies[0].replications, name, metric, missed)

    def _warn(
        self, replications: int, name: str, metric: str, missed: Sequence[float]
    ) -> None:
        if any(map(math.isnan, missed)):
            known = "not defined"
        else:
            upto = "up to " if len(missed) > 1 else ""
            known = f"{upto}{max(missed):.1%} of its mean"
        LOGGER.warning(
            "stopped at %s replications of %s: the half-width of %s is %s, not %s",
            *(f"{replications:,}", name, metric, known, f"{self.until[metric]:.1%}"),
        )


def half_share(found: Interval) -> float:
    """Return the half-width as a share of the mean; nan where that says nothing."""
    half = (found.high - found.low) / 2
    if half == 0:
        return 0.0
    return half / abs(found.mean) if found.mean else math.nan


def whole_number(what: str, number: int) -> int:
    """Return a number of replications, once it is known to be one.

    Raises
    ------
    StudyError
        If it is not a whole number from 1 to `MOST_REPLICATIONS`.
    """
    if isinstance(number, bool) or not isinstance(number, int | np.integer):
        raise StudyError(f"{what} is {number!r}; give a whole number")
    if not 1 <= number <= MOST_REPLICATIONS:
        raise StudyError(f"{what} is {number:,}; it must be 1 to {MOST_REPLICATIONS:,}")
    return int(number)
