"""What mail leaves in the memory of those who read it, day by day.

In: what a scenario says of nurture's mail, and the sender's reputation. Out: a stock,
what somebody remembers who has read all mail from the beginning on. Between two moments
a reader gains what the stock has gained, however often one looks in between.
"""

from __future__ import annotations

from functools import lru_cache

from simlib.market.rules import rules_of
from simlib.market.stocks import Stock, edges_of, stock_of
from simlib.reputation import Sender
from simlib.scenario.models import ScenarioFields


@lru_cache(maxsize=64)
def mail_of(scenario: ScenarioFields) -> Stock:
    """Return the memory of who reads all mail from the history on, as a stock.

    In the mean of a stream of opened mails, as much arrives as the reputation lets.
    """
    market = scenario.market
    assert market is not None
    sender = Sender(scenario.sources, scenario.reputation)
    edges = edges_of(-market.history, scenario.horizon, sender.day.tolist())
    arrives = sender.at((edges[:-1] + edges[1:]) / 2)
    inflow = float(rules_of(scenario).number[0].mail_per_day) * arrives
    return stock_of(edges, inflow, market.memory.half_life)
