"""Where a claim holds: points spread over its ranges, and walks along one setting.

In: a claim and a function that gives its effect at points. Out: the points, and the
`Flip` that is nearest to the usual settings. It draws nothing by luck: the points are
those of Sobol's sequence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from simlib.claims.known import Claim, Point, Range
from simlib.studies import Interval
from simlib.studies.influence import whole_or_not

Effects = Callable[[Sequence[Point]], list[Interval]]
SAME, CLOSE = 1e-9, 0.03
LOGARITHMIC = 8.0


@dataclass(frozen=True)
class Flip:
    """A setting that turns a claim round by itself.

    Attributes
    ----------
    path : str
    at : float
        Its value at which the sign changes, the other settings as usual.
    usual : float
    way : float
        How much of the range lies between: 0 next to the usual value, 1 all of it.
    """

    path: str
    at: float
    usual: float
    way: float

    @property
    def side(self) -> str:
        """On which side of `at` the usual value lies."""
        return "below" if self.at > self.usual else "above"


def spread(ranges: Mapping[str, Range], power: int) -> list[dict[str, float]]:
    """Return 2**power points that fill the ranges evenly (Sobol's sequence).

    A range whose ends are a factor of 8 apart or more is filled evenly in logarithms;
    whole numbers stay whole.
    """
    from scipy.stats import qmc

    shares = qmc.Sobol(len(ranges), scramble=False).random_base2(power)
    shares += 0.5 / 2**power  # the middle of each cell, not its lower corner
    return [
        {
            path: value_in(ends, share)
            for (path, ends), share in zip(ranges.items(), row, strict=True)
        }
        for row in shares
    ]


def is_logarithmic(ends: Range) -> bool:
    """Whether a range is filled evenly in logarithms."""
    return ends.low > 0 and ends.high / ends.low >= LOGARITHMIC


def value_in(ends: Range, share: float) -> float:
    """Return the value that a share of the way from low to high leads to."""
    if is_logarithmic(ends):
        value = ends.low * (ends.high / ends.low) ** share
    else:
        value = ends.low + (ends.high - ends.low) * share
    return whole_or_not((ends.low, ends.high), float(value))


def share_of(ends: Range, value: float) -> float:
    """Return how far a value lies from low (0) to high (1); turns `value_in` round."""
    from math import log

    if is_logarithmic(ends):
        return log(value / ends.low) / log(ends.high / ends.low)
    return (value - ends.low) / (ends.high - ends.low)


def easiest_flip(
    claim: Claim, effects: Effects, surely: Effects, *, is_true: bool
) -> Flip | None:
    """Return the setting that turns the claim round with the smallest change.

    From its usual value each setting walks to either end of its range, alone. It flips
    the claim if the effect changes sides on the way, and if `surely` finds the whole
    95% interval on the other side at that end of the range. Bisection then finds
    where the effect crosses.

    Parameters
    ----------
    claim : Claim
    effects : callable
        For the many points.
    surely : callable
        The same at full size and with more replications, for the few ends that count.
    is_true : bool
        The side on which the claim is at the usual settings.
    """
    every = _walks(claim)
    found = effects([walk.point(claim, walk.end) for walk in every])
    walks = [
        walk
        for walk, effect in zip(every, found, strict=True)
        if claim.is_true_at(effect.mean) != is_true
    ]
    flips = [_crossing(claim, effects, walk, is_true=is_true) for walk in walks]
    by_way = sorted(zip(flips, walks, strict=True), key=lambda pair: pair[0].way)
    for flip, walk in by_way:
        effect = surely([walk.point(claim, walk.end)])[0]
        is_clear = not effect.low <= claim.than <= effect.high
        if is_clear and claim.is_true_at(effect.mean) != is_true:
            return flip
    return None


@dataclass(frozen=True)
class Walk:
    """A way from a setting's usual value to an end of its range, in shares of it."""

    path: str
    start: float
    end: float

    def point(self, claim: Claim, share: float) -> dict[str, float]:
        """Return the settings at a place on the way."""
        return {self.path: value_in(claim.ranges[self.path], share)}


def _walks(claim: Claim) -> list[Walk]:
    usual = claim.usual()
    starts = {path: share_of(ends, usual[path]) for path, ends in claim.ranges.items()}
    return [
        Walk(path, start, end)
        for path, start in starts.items()
        for end in (0.0, 1.0)
        if abs(end - start) > SAME
    ]


def _crossing(claim: Claim, effects: Effects, walk: Walk, *, is_true: bool) -> Flip:
    """Return where the effect changes sides on the way, by bisection."""
    near, beyond = walk.start, walk.end
    while abs(beyond - near) > CLOSE:
        middle = (near + beyond) / 2
        effect = effects([walk.point(claim, middle)])[0]
        if claim.is_true_at(effect.mean) == is_true:
            near = middle
        else:
            beyond = middle
    ends = claim.ranges[walk.path]
    at, usual = value_in(ends, beyond), claim.usual()[walk.path]
    return Flip(walk.path, at, usual, abs(beyond - walk.start))
