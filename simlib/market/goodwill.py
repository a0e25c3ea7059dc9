"""Goodwill: one memory of us that all buyers share, day by day (M2b).

In: what a scenario says of the market and of the sources that meet it. Out: stocks
that can be asked at any time. What is met adds to a stock as much as it would add to
the memory of a buyer who fits, on average; nothing is drawn, and no life is looked at.

Source: Nerlove and Arrow (1962); see `simlib.market.stocks`.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from simlib.draws import Floats
from simlib.market.life import HAND_RAISE, NOT_YET, READY, VISITS, Rules
from simlib.market.rules import effort, rules_of
from simlib.market.stocks import Stock, edges_of, stock_of
from simlib.scenario.market import Market
from simlib.scenario.models import ScenarioFields, Source


@lru_cache(maxsize=64)
def stocks_of(scenario: ScenarioFields) -> tuple[Stock, Stock]:
    """Return goodwill and activation of a market with `goodwill`, in units of memory.

    Each stands for what its weight makes of it: an activation that is off is empty.
    """
    market = scenario.market
    assert market is not None
    assert market.goodwill is not None
    said, days = market.goodwill, market.memory.half_life
    edges = _edges(scenario, market)
    inflow = inflow_at(scenario, (edges[:-1] + edges[1:]) / 2)
    fast = said.activation
    lately = fast.half_life if fast else days
    return (
        stock_of(edges, said.weight * inflow, days),
        stock_of(edges, (fast.weight if fast else 0.0) * inflow, lately),
    )


def _edges(scenario: ScenarioFields, market: Market) -> Floats:
    """Return the days of a run with its history, and when something starts or stops."""
    turns: list[float | None] = [market.gating_from]
    for source in scenario.sources.values():
        if source.meets:
            turns += [source.meets.start, source.meets.stop]
    return edges_of(-market.history, scenario.horizon, turns)


def inflow_at(scenario: ScenarioFields, time: Floats) -> Floats:
    """Return the memory that a buyer who fits gains a day, on average, at times (days).

    The average is over buyers in the market and out of it, by their usual shares.
    """
    market = scenario.market
    assert market is not None
    rules, month = rules_of(scenario), scenario.days_per_month
    gained = np.zeros(len(time))
    for number, source in enumerate(scenario.sources.values()):
        if source.meets is None or rules.by[number] == HAND_RAISE:
            continue
        each = _gains(rules, number, time >= market.gating_from)
        usual = _usual(rules.rate[number], each, market)
        power = effort(source.meets, market, time, month)
        gained += usual * power * _share_met(source, market)
    return gained


def _usual(rate: Floats, gains: Floats, market: Market) -> Floats:
    """Return what a buyer gains a day at full rate, in and out of the market mixed."""
    inside = market.in_days / (market.in_days + market.out_days)
    ready, other = rate[READY] * gains[READY], rate[NOT_YET] * gains[NOT_YET]
    return np.asarray(inside * ready + (1 - inside) * other)


def _share_met(source: Source, market: Market) -> float:
    """Return the share of buyers who fit that a source meets: those on its list."""
    listed = source.meets.accounts if source.meets else None
    fit = market.buyers * (1 - market.misfit - market.junk)
    return min(listed / fit, 1.0) if listed and fit > 0 else 1.0


def _gains(rules: Rules, source: int, gating: NDArray[np.bool_]) -> Floats:
    """Return the memory that one meeting adds on average, shape (2, times).

    By state, `READY` and `NOT_YET`, and by whether `gating` holds already.
    """
    if rules.by[source] != VISITS:
        return np.full((2, len(gating)), rules.remember[source])
    by_policy = [_of_a_visit(rules, source, state) for state in (READY, NOT_YET)]
    return np.array(by_policy)[:, gating.astype(np.intp)]


def _of_a_visit(rules: Rules, source: int, state: int) -> Floats:
    """Return the memory that a visit adds on average before and from `gating_from`.

    It is what `life.visit` does with its luck. Progressive profiling is taken for a
    buyer's first form.
    """
    number = rules.number[0]
    fields = 3.0 if number.progressive else rules.fields
    fills = rules.form[state] * np.exp(-rules.loss[state] * (fields - 5))
    fills = np.minimum(fills * rules.fills_times[source], 1.0)
    glimpse = number.bounce + rules.preview
    behind = glimpse + (number.read - glimpse) * fills
    if rules.only_open[source]:
        behind = np.zeros_like(behind)
    kept = np.minimum(rules.seen[1 if state == READY else 0], 1.0)
    seen = np.diff(kept, prepend=0.0)
    return np.asarray(np.where(rules.gated, behind, number.read) @ seen)


def leaves_memory_only(source: Source) -> bool:
    """Return whether nothing comes of a source's touches but what is remembered."""
    meets = source.meets
    if meets is None or meets.by != "touches" or source.cost.per_touch:
        return False
    said = meets.answer
    return not any(said.values() if isinstance(said, dict) else [said])
