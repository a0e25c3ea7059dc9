"""What a scenario says of meetings, as arrays that the lives look up.

In: a checked scenario with a market. Out: `Rules`. It draws nothing.
"""

from __future__ import annotations

import math
from functools import lru_cache
from operator import mul
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.draws import Floats
from simlib.log import KINDS
from simlib.market.life import HAND_RAISE, TOUCHES, VISITS, Rules
from simlib.market.meetings import strength
from simlib.scenario.market import Market
from simlib.scenario.meetings import Meets
from simlib.scenario.models import ScenarioFields, Source

BY = {"visits": VISITS, "touches": TOUCHES, "hand_raise": HAND_RAISE}
NOT_MET = Meets(by="touches")
NUMBERS = np.dtype(
    [
        ("history", "f8"),  # days
        ("fading", "f8"),  # of memory, a day
        ("read", "f8"),
        ("bounce", "f8"),
        ("mail_per_day", "f8"),  # memory that a reader of mail gains a day
        ("floor", "f8"),
        ("raise_hand", "f8"),
        ("gating_from", "f8"),
        ("progressive", "i8"),
        ("in_common", "i8"),  # whether all buyers share one memory
    ],
    align=True,
)


@lru_cache(maxsize=64)
def rules_of(scenario: ScenarioFields) -> Rules:
    """Return a scenario's rules; made once for each scenario."""
    market = scenario.market
    assert market is not None
    assets = list(market.assets.values())
    meets = [source.meets or NOT_MET for source in scenario.sources.values()]
    month = scenario.days_per_month
    seen = [
        [asset.seen_out_of_market for asset in assets],
        [asset.seen_in_market for asset in assets],
    ]
    return Rules(
        by=np.array([BY[at.by] for at in meets], dtype=np.int8),
        rate=np.array([_rates(at, market) for at in scenario.sources.values()]) / month,
        seen=_cumulated(seen),
        gated=np.array(
            [
                _gated(market, market.gating_before),
                _gated(market, market.gating),
            ],
            dtype=np.int8,
        ),
        form=np.array([_form(market, kind) for kind in KINDS]),
        ask=np.array([[_of(asset.ask, kind) for asset in assets] for kind in KINDS]),
        fields=np.array([float(asset.fields) for asset in assets]),
        preview=np.array([asset.preview for asset in assets]),
        loss=np.array([_of(market.field_loss, kind) for kind in KINDS]),
        answer=np.array([[_of(at.answer, kind) for kind in KINDS] for at in meets]),
        warmed=np.array([at.warmed_by_memory for at in meets]),
        remember=np.array([at.remember for at in meets]),
        only_open=np.array([at.only_open for at in meets], dtype=np.int8),
        by_mail=np.array([at.by_mail for at in meets], dtype=np.int8),
        fills_times=np.array([at.fills_times for at in meets]),
        contacts=np.array([at.abm.contacts if at.abm else 1 for at in meets]),
        after_visit=np.array([at.after_visit_days or math.inf for at in meets]),
        number=_numbers(market, month),
    )


def _of(said: Any, kind: str) -> float:
    """Return a number of a kind; what a mapping leaves out is 0."""
    return float(said.get(kind, 0.0) if isinstance(said, dict) else said)


def _rates(source: Source, market: Market) -> list[float]:
    """Return the meetings of one buyer a month, by kind."""
    meets = source.meets or NOT_MET
    rates = _full(meets, market)
    if meets.first_meeting_costs is None:
        return rates
    most = sum(map(mul, rates, _pool(meets, market)))
    left = most * meets.first_meeting_costs
    share = -math.expm1(-source.cost.per_month / left) if left else 0.0
    return [rate * share for rate in rates]


def _full(meets: Meets, market: Market) -> list[float]:
    """Return the meetings of one buyer a month, by kind, whatever is spent."""
    if meets.in_all_per_month is not None:
        among = min(meets.accounts or market.buyers, market.buyers)
        return [meets.in_all_per_month / among] * len(KINDS)
    ready, *others = (_of(meets.per_month, kind) for kind in KINDS)
    return [ready * meets.ready_times, *others]


def _pool(meets: Meets, market: Market) -> list[float]:
    """Return how many buyers there are to meet on a usual day, by kind."""
    inside = market.in_days / (market.in_days + market.out_days)
    fit = market.buyers * max(1 - market.misfit - market.junk, 0.0)
    if meets.accounts:
        listed = min(meets.accounts, fit)
        return [listed * inside, listed * (1 - inside), 0.0, 0.0]
    others = (market.buyers * share for share in (market.misfit, market.junk))
    return [fit * inside, fit * (1 - inside), *others]


def _cumulated(shares: list[list[float]]) -> Floats:
    """Return cumulated shares; the last one takes everybody."""
    sums: Floats = np.cumsum(np.array(shares), axis=1)
    sums[:, -1] = math.inf
    return sums


def _gated(market: Market, policy: Any) -> list[bool]:
    """Return for each asset whether a policy gates it."""
    if isinstance(policy, dict):
        return [policy.get(name, False) for name in market.assets]
    gated = {
        "none": (),
        "selective": ("high",),
        "everything": ("high", "informational"),
    }
    return [asset.intent in gated[policy] for asset in market.assets.values()]


def _form(market: Market, kind: str) -> list[float]:
    """Return for each asset the chance that a form of five fields is filled."""
    lift = {"ready": 1.0, "junk": -1.0}.get(kind, 0.0)
    return [
        min(_of(at.form, kind) * at.attraction * (1 + lift * at.specificity), 1.0)
        for at in market.assets.values()
    ]


def _numbers(market: Market, month: float) -> NDArray[Any]:
    """Return the single numbers as one record."""
    memory, think = market.memory, market.consideration
    table = np.zeros(1, dtype=NUMBERS)
    table[0] = (
        market.history,
        math.log(2) / memory.half_life,
        memory.read,
        memory.bounce,
        memory.mail * memory.mails_opened_per_month / month,
        think.floor,
        think.raise_hand,
        market.gating_from,
        market.profiling == "progressive",
        market.goodwill is not None,
    )
    return table.view(np.recarray)


def effort(meets: Meets, market: Market, time: Floats, month: float) -> Floats:
    """Return the share (0 to 1) of its full rate at which a source meets buyers."""
    power = strength(meets, time, month)
    if meets.by == "visits" and market.reach_if_gated < 1:
        power *= reach(market, time)
    return power


def reach(market: Market, time: Floats) -> Floats:
    """Return the share of visits that search still brings, at times (days).

    The target 1 - (1 - reach_if_gated) * g is approached exponentially, where g is the
    share of informational visits behind a form.
    """
    before, after = (
        _target(market, policy) for policy in (market.gating_before, market.gating)
    )
    since = np.maximum(time - market.gating_from, 0.0)
    return after + (before - after) * np.exp(-since / market.reach_days)


def _target(market: Market, policy: Any) -> float:
    """Return the share of visits that a gating policy leaves in the long run."""
    assets = list(market.assets.values())
    gated = _gated(market, policy)
    told = [at.seen_out_of_market * (at.intent == "informational") for at in assets]
    behind = sum(share for share, is_gated in zip(told, gated, strict=True) if is_gated)
    whole = sum(told)
    return 1 - (1 - market.reach_if_gated) * (behind / whole if whole else 0.0)
