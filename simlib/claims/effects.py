"""Figures of a claim's worlds, measured on the same buyers and leads.

In: scenarios, a `Measure`, and how many replications. Out: values of each replication
and paired ratios with 95% intervals. It passes no judgement.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simlib.claims.known import Check, Claim, Measure, Point
from simlib.execution import MONTHS, WHOLE, Figures, How, Span, measured
from simlib.scenario import Scenario
from simlib.studies import Interval, interval, ratio_interval
from simlib.studies.intervals import Floats


def effects(
    claim: Claim,
    points: Sequence[Point],
    replications: int,
    seed: int,
    how: How,
    *,
    smaller: bool,
) -> list[Interval]:
    """Return a claim's paired ratio at each of some points.

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
    worlds = [
        claim.scenario(world, point, smaller=smaller)
        for point in points
        for world in (claim.claimed, claim.against)
    ]
    found = _measured(worlds, claim.effect, replications, seed, how)
    values = [_values(claim, claim.effect, *each) for each in found]
    return [
        ratio_interval(top, bottom)
        for top, bottom in zip(values[::2], values[1::2], strict=True)
    ]


def checked(
    claim: Claim, replications: int, seed: int, how: How
) -> list[tuple[Check, Interval]]:
    """Return the figure of each of a claim's checks, worlds at full size."""
    names = list(dict.fromkeys(at for check in claim.checks for at in check.worlds))
    worlds = [claim.scenario(name) for name in names]
    kinds = {_kind(check.measure): check.measure for check in claim.checks}
    found = {
        kind: dict(
            zip(names, _measured(worlds, measure, replications, seed, how), strict=True)
        )
        for kind, measure in kinds.items()
    }
    results = []
    for check in claim.checks:
        here = found[_kind(check.measure)]
        values = [_values(claim, check.measure, *here[at]) for at in check.worlds]
        one = interval(values[0]) if len(values) == 1 else ratio_interval(*values)
        results.append((check, one))
    return results


def _kind(measure: Measure) -> str:
    return MONTHS if measure.months else WHOLE


def _measured(
    worlds: Sequence[Scenario],
    measure: Measure,
    replications: int,
    seed: int,
    how: How,
) -> list[tuple[Scenario, Figures]]:
    spans = [Span(world, seed, 0, replications) for world in worlds]
    return list(zip(worlds, measured(spans, _kind(measure), how), strict=True))


def _values(
    claim: Claim, measure: Measure, scenario: Scenario, figures: Figures
) -> Floats:
    """Return what is measured in each replication."""

    def counted(name: str) -> Floats:
        rows = figures.numbers[:, :, figures.names.index(name)]
        if measure.months:
            first, last = (claim.change_month + month for month in measure.months)
            rows = rows[:, first - 1 : last]
        total: Floats = rows.sum(axis=1)
        return total

    found = counted(measure.metric)
    if not measure.per:
        return found
    if measure.per == "months":
        return found / (scenario.horizon / scenario.days_per_month)
    with np.errstate(divide="ignore", invalid="ignore"):
        share: Floats = found / counted(measure.per)
    return share
