"""Figures of a claim's worlds, measured on the same buyers and leads.

In: scenarios, what is read in each, and how many replications. Out: figures and paired
ratios with 95% intervals. It passes no judgement.
"""

from __future__ import annotations

from collections.abc import Sequence

from simlib.claims.known import Check, Claim, Point
from simlib.claims.measures import Measure
from simlib.execution import Figures, How, Span, measured
from simlib.scenario import Scenario
from simlib.studies import Interval, interval, ratio_interval
from simlib.studies.intervals import Floats

Wanted = tuple[Scenario, Measure]


def effects(
    claim: Claim,
    points: Sequence[Point],
    replications: int,
    seed: int,
    how: How,
    *,
    smaller: bool,
) -> list[Interval]:
    """Return a claim's effect at each of some points.

    Parameters
    ----------
    claim : Claim
    points : sequence of mappings from path to value
    replications, seed : int
        The same ones at each point and in both worlds.
    how : How
    smaller : bool
        As for `Claim.scenario`.
    """
    wanted = [
        [
            (claim.scenario(at.world, point, smaller=smaller), at.measure)
            for at in claim.effect
        ]
        for point in points
    ]
    return _intervals(claim, wanted, replications, seed, how)


def checked(
    claim: Claim, replications: int, seed: int, how: How
) -> list[tuple[Check, Interval]]:
    """Return the figure of each of a claim's checks, worlds at full size."""
    wanted = [
        [(claim.scenario(at.world), at.measure) for at in check.readings]
        for check in claim.checks
    ]
    found = _intervals(claim, wanted, replications, seed, how)
    return list(zip(claim.checks, found, strict=True))


def _intervals(
    claim: Claim,
    wanted: Sequence[Sequence[Wanted]],
    replications: int,
    seed: int,
    how: How,
) -> list[Interval]:
    """Return the figure of each single reading, and the paired ratio of each two."""
    every = [reading for readings in wanted for reading in readings]
    found = _measured(every, replications, seed, how)
    results = []
    for readings in wanted:
        values: list[Floats] = [
            measure.values(world, found[measure.kind, world], claim.change_month)
            for world, measure in readings
        ]
        results.append(ratio_interval(*values) if values[1:] else interval(values[0]))
    return results


def _measured(
    wanted: Sequence[Wanted], replications: int, seed: int, how: How
) -> dict[tuple[str, Scenario], Figures]:
    """Return the figures of each world in each way of measuring that is asked for."""
    asked = dict.fromkeys((measure.kind, world) for world, measure in wanted)
    found: dict[tuple[str, Scenario], Figures] = {}
    for kind in dict.fromkeys(kind for kind, _ in asked):
        worlds = [world for each, world in asked if each == kind]
        spans = [Span(world, seed, 0, replications) for world in worlds]
        figures = measured(spans, kind, how)
        found |= dict(zip([(kind, world) for world in worlds], figures, strict=True))
    return found
