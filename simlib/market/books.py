"""The book of a market: all that may happen to its buyers, before any life is told.

In: a scenario with a market, who its buyers are and when they are in the market. Out:
rows in order of (buyer, time), and beside them what the lives look up. What comes of a
row is told in `simlib.market.life`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simlib.draws import Floats, Keys, exponentials, stream_key
from simlib.market.goodwill import leaves_memory_only, stocks_of
from simlib.market.life import NOT_YET, READY
from simlib.market.mail import mail_of
from simlib.market.meetings import (
    NOBODY,
    Heights,
    Rows,
    in_order,
    joined,
    of_windows,
    scattered,
    time_in_market,
    top_of,
    whole_time,
)
from simlib.market.rules import effort, rules_of
from simlib.market.stocks import NOTHING, Stock
from simlib.market.windows import Run, Windows
from simlib.reputation import reputation_at
from simlib.scenario.meetings import Meets
from simlib.scenario.models import ScenarioFields


class Book(NamedTuple):
    """The rows of `Rows` with what the lives need beside them.

    Attributes
    ----------
    rows : Rows
    delivery : array of float64, shape (rows,)
        The share of mail that arrives.
    end : array of float64, shape (windows,), days
    kind : array of int8, shape (buyers,)
    leaves_in : array of float64, shape (buyers,), days
    mail : Stock
        What readers of mail remember of it; see `simlib.market.mail`.
    goodwill, lately : Stock
        The memory that all buyers share, and what makes them ask; nothing where each
        has a memory of its own.
    """

    rows: Rows
    delivery: Floats
    end: Floats
    kind: NDArray[np.int8]
    leaves_in: Floats
    mail: Stock
    goodwill: Stock
    lately: Stock


def rows_of(
    scenario: ScenarioFields, kind: NDArray[np.int8], windows: Windows, run: Run
) -> Rows:
    """Return all possible meetings, entries and raised hands, in order."""
    hand, parts = NOBODY, []
    end, market = scenario.horizon, scenario.market
    assert market is not None
    fitting = np.flatnonzero(kind == NOT_YET)
    for number, (name, source) in enumerate(scenario.sources.items()):
        meets = source.meets
        if meets is None:
            continue
        if meets.by == "hand_raise":
            hand = number
            continue
        if market.goodwill and leaves_memory_only(source):
            continue
        listed = fitting[: meets.accounts] if meets.accounts else None
        who = np.arange(len(kind)) if listed is None else listed
        always = whole_time(who, market, end)
        inside = time_in_market(windows, end, listed)
        most, high = _heights(scenario, number, meets, kind)
        parts.append(scattered(always, number, name, most, run))
        parts.append(scattered(inside, number, f"{name}.inside", high, run))
    entered = of_windows(windows, hand, run)
    return in_order(joined([*entered, *parts]), end)


def _heights(
    scenario: ScenarioFields, number: int, meets: Meets, kind: NDArray[np.int8]
) -> tuple[Heights, Heights]:
    """Return the bands in which a source may meet buyers, and those in the market."""
    market, rates = scenario.market, rules_of(scenario).rate[number]
    assert market is not None
    ready, others = float(rates[READY]), float(max(rates[NOT_YET:]))
    most = rates.copy()
    most[NOT_YET] = max(ready, rates[NOT_YET])  # they may get ready

    def strength(time: Floats) -> Floats:
        return effort(meets, market, time, scenario.days_per_month)

    always = Heights(0.0, others, most[kind], strength)
    return always, always._replace(low=top_of(others), high=ready)


def book_of(
    scenario: ScenarioFields,
    rows: Rows,
    windows: Windows,
    kind: NDArray[np.int8],
    keys: Keys,
    run: Run,
) -> Book:
    """Return the rows with what the lives need beside them."""
    market = scenario.market
    assert market is not None
    month = scenario.days_per_month
    leaves_in = exponentials(stream_key(*run, "market.leaves"), keys)
    rate = market.memory.unsubscribe_per_month / month
    leaves_in = leaves_in / rate if rate else np.full(len(keys), math.inf)
    delivery = reputation_at(scenario, rows.time)
    stocks = stocks_of(scenario) if market.goodwill else (NOTHING, NOTHING)
    beside = (delivery, windows.end, kind, leaves_in, mail_of(scenario))
    return Book(rows, *beside, *stocks)
