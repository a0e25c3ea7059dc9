"""Shares multiplied, blended and compared.

In: plain shares (0 to 1) and counts of leads. Out: plain shares. It knows neither time
nor money, and never rounds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from simlib.theory.guards import (
    require_finite,
    require_not_negative,
    require_positive,
    require_share,
    require_some,
)


def strict_rate(rates: Iterable[float]) -> float:
    """Return the share that passes every stage of a straight funnel.

    The product rule: p = p_1 x p_2 x ... x p_n. It assumes one way forward, no
    re-entry, and each rate conditional on having reached its stage. Source: any
    textbook of probability (chain rule).

    Parameters
    ----------
    rates : iterable of float
        The rate of each transition, 0 to 1.

    Raises
    ------
    TheoryError
        If there is no rate, or one is not a share.

    Examples
    --------
    >>> round(strict_rate([0.30, 0.35, 0.55, 0.22]), 6)
    0.012705
    """
    given = list(rates)
    require_some(rates=given)
    for rate in given:
        require_share(rate=rate)
    return math.prod(given)


def blended_rate(sources: Mapping[str, tuple[float, float]]) -> float:
    """Return the conversion of several sources seen as one.

    The weighted mean sum(n_i p_i) / sum(n_i). It moves with the mix n_i even when no
    p_i gets worse (Simpson's paradox; Simpson 1951).

    Parameters
    ----------
    sources : mapping of str to (leads, rate)
        Leads of each source (a count) and their conversion (0 to 1).

    Raises
    ------
    TheoryError
        If a count is negative, a rate is no share, or there are no leads at all.

    Examples
    --------
    >>> blended_rate({"seo": (200, 0.05), "linkedin": (100, 0.01)})
    0.03666666666666667
    """
    for leads, rate in sources.values():
        require_not_negative(leads=leads)
        require_share(rate=rate)
    total = math.fsum(leads for leads, _ in sources.values())
    require_positive(**{"leads of all sources": total})
    return math.fsum(leads * rate for leads, rate in sources.values()) / total


def relative_change(base: float, points: float) -> float:
    """Return the relative change that `points` percentage points make on a base.

    points / base: the same two points are 20% on a base of 10% and 80% on 2.5%.

    Parameters
    ----------
    base : float
        Conversion before, as a share (0.10 for 10%), above 0.
    points : float
        Change in points, as a share (0.02 for two points).

    Raises
    ------
    TheoryError
        If the base is not a share above 0, or the rate after it is not a share.
    """
    require_positive(base=base)
    require_finite(points=points)
    require_share(base=base, **{"base + points": base + points})
    return points / base
