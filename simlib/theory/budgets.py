"""Moving a budget between sources: what it does to pipeline, and what it would need.

In: spend by source and pipeline per unit of spend. Out: ratios of pipeline after over
before. It assumes the same total spend, a steady state and no effect of one source on
another.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from simlib.errors import TheoryError
from simlib.theory.guards import require_known, require_not_negative, require_positive


def shift_ratio(
    spend: Mapping[str, float],
    yields: Mapping[str, float],
    cut: str,
    grown: str,
    elasticity: float = 1.0,
) -> float:
    """Return pipeline after over before when one source's spend goes to another.

    P' / P = 1 + s_cut (e_grown - e_cut) / P at constant returns; with an elasticity b
    the grown source brings e s ((s + s_cut) / s)^b.

    Parameters
    ----------
    spend : mapping of str to float
        Spend of each source (money, or shares of it).
    yields : mapping of str to float
        Pipeline per unit of spend of each source, at the present spend.
    cut, grown : str
        The source that gives all its spend, and the one that gets it.
    elasticity : float
        Elasticity of the grown source's pipeline to its spend, above 0 (1 = constant
        returns).

    Raises
    ------
    TheoryError
        If a name is unknown, a value negative, or there is no pipeline before.
    """
    _require_budget(spend, cut, grown, elasticity)
    for source in spend:
        require_known("yield of source", source, yields)
        require_not_negative(**{f"yield of {source}": yields[source]})
    before = {source: spend[source] * yields[source] for source in spend}
    total = math.fsum(before.values())
    require_positive(**{"pipeline before": total})
    growth = math.pow((spend[grown] + spend[cut]) / spend[grown], elasticity)
    after = total - before[cut] + before[grown] * (growth - 1)
    return after / total


def needed_yield_ratio(
    spend: Mapping[str, float],
    others: Mapping[str, float],
    cut: str,
    grown: str,
    *,
    gain: float,
    elasticity: float = 1.0,
) -> float:
    """Return how much better the grown source must be for a gain in pipeline.

    The ratio e_grown / e_cut at which `shift_ratio` is 1 + gain.

    Parameters
    ----------
    spend : mapping of str to float
        Spend of each source (money, or shares of it).
    others : mapping of str to float
        Yield of each remaining source over the yield of the grown one.
    cut, grown : str
        The source that gives all its spend, and the one that gets it.
    gain : float
        Wanted relative gain in pipeline (0.47 for +47%), 0 or more.
    elasticity : float
        As in `shift_ratio`.

    Returns
    -------
    float
        Infinite when no ratio is enough.

    Examples
    --------
    >>> thirds = {"seo": 1 / 3, "linkedin": 1 / 3, "outbound": 1 / 3}
    >>> round(needed_yield_ratio(thirds, {"seo": 0.8}, "linkedin", "outbound",
    ...                          gain=0.47), 6)
    9.545455
    """
    require_not_negative(gain=gain)
    useless = {**others, grown: 1.0, cut: 0.0}
    limit = shift_ratio(spend, useless, cut, grown, elasticity)
    kept = math.fsum(spend[source] * useless[source] for source in spend)
    cut_pipeline = kept * (limit / (1 + gain) - 1)
    if cut_pipeline <= 0:
        return math.inf
    if spend[cut] <= 0:
        raise TheoryError(f"source '{cut}' has no spend to give")
    return spend[cut] / cut_pipeline


def _require_budget(
    spend: Mapping[str, float], cut: str, grown: str, elasticity: float
) -> None:
    require_positive(elasticity=elasticity)
    for name in (cut, grown):
        require_known("source", name, spend)
    if cut == grown:
        raise TheoryError(f"cut and grown are both '{cut}'; they must be two sources")
    for source, amount in spend.items():
        require_not_negative(**{f"spend of {source}": amount})
    require_positive(**{f"spend of {grown}": spend[grown]})
