"""Inbound, outbound or both (E37): the best split by runway, deal size and demand.

A split is how much of 12,000 a month goes to content and to outbound; keeping the money
is allowed. What is best is what a firm has at the end of its runway: a year's margin of
the customers it has won, less what it spent. Each runs quickly and at full precision;
see efforts.py.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from efforts import Effort

import simlib as sl

STEPS = (0.0, 6000.0, 12_000.0)
SPLITS = [(a, b) for a in STEPS for b in STEPS if a + b <= 12_000]
MARGIN = 0.8


def split(content: float, outbound: float, months: float, demand: float) -> sl.Scenario:
    """Return the packaged firm with another split; 1,500 buy a piece of content."""
    pieces = "sources.content.leads.content."
    return sl.load("the_mix").changed(
        {
            f"{pieces}pieces_per_month": content / 1500,
            f"{pieces}visits_per_piece": demand,
            "sources.content.cost.per_month": content,
            "sources.outbound.cost.per_month": outbound,
            "horizon": months * 30.4375,
        }
    )


@cache
def customers(
    effort: Effort, months: float, demand: float = 100
) -> dict[tuple[float, float], float]:
    """Return the customers won in a runway, by split."""
    runs, found = effort.of(60, 600), {}
    for money in SPLITS:
        study = sl.replicate(split(*money, months, demand), runs)
        found[money] = float(study.values("customers").mean())
    return found


def best(
    effort: Effort, months: float, deal: float, demand: float = 100
) -> tuple[float, float]:
    """Return the split that leaves most at the end of the runway."""
    won = customers(effort, months, demand)
    left = [MARGIN * deal * won[money] - sum(money) * months for money in SPLITS]
    return SPLITS[int(np.argmax(left))]


def test_e37_the_year_is_outbounds_and_three_are_contents(effort):
    """All in one: in a year outbound wins more customers, in three years content."""
    year, three = customers(effort, 12), customers(effort, 36)

    assert year[0, 12_000] > year[12_000, 0]
    assert three[12_000, 0] > 1.5 * three[0, 12_000]


def test_e37_with_little_time_outbound_pays_only_where_deals_are_large(effort):
    """A year of runway: small deals pay for neither, large ones for outbound."""
    assert best(effort, 12, 12_000) == (0, 0)
    assert best(effort, 12, 120_000)[1] > 0


def test_e37_with_three_years_content_leads(effort):
    """At usual deals most of the money is in content, whatever the deal beyond."""
    for deal in (24_000, 60_000):
        content, outbound = best(effort, 36, deal)

        assert content > outbound


def test_e37_without_demand_content_is_not_worth_it(effort):
    """A quarter of the readers: content loses its place, even in three years."""
    content, _ = best(effort, 36, 24_000, demand=25)

    assert content < best(effort, 36, 24_000)[0]
