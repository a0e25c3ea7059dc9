"""A stock of content: slow to build, and slow to go when the effort stops (M7)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from agreement import near
from printed import printed
from small_scenario import edited

from simlib.arrivals import RateOfSource, arrivals
from simlib.content import ContentStock
from simlib.errors import ScenarioError
from simlib.metrics import metrics_of
from simlib.reputation import Sender
from simlib.run import simulate
from simlib.scenario import Scenario
from simlib.scenario.models import Source
from simlib.scenario.reputation import Reputation

MONTH = 30.4375
# The tables are of the growth at which a piece has 2.5 times its visits in month 6.
GROWTH = (2.5 * 2 ** (6 / 48) - 1) / (1 - math.exp(-1))
STOCK = ContentStock(growth=GROWTH)
AFTER = {1: 0.959369, 3: 0.882822, 6: 0.780693, 12: 0.620216}


def blog(**leads: Any) -> Source:
    """Return a source of content whose every visit is a lead, if nothing else."""
    content = {"conversion": 1, **leads.pop("content", {})}
    said = {"leads": {"shape": "content", "content": content, **leads}}
    return Source.model_validate({**said, "mix": {"ready": 1}})


def rate_of(source: Source, months: float) -> RateOfSource:
    """Return the rate of a source up to a horizon."""
    sender = Sender({}, Reputation())
    return RateOfSource("blog", source, months * MONTH, MONTH, (1, 0), sender)


def test_visits_build_up():
    """Four pieces a month at 100 visits each, month by month (7.15)."""
    months = {1: 393.093369, 3: 1136.363799, 6: 2142.446237, 12: 3795.705452}
    months |= {24: 6067.161500, 36: 7558.653885}

    assert STOCK.visits(list(months)).tolist() == printed(list(months.values()))
    assert ContentStock().growth == printed(GROWTH, 4)


def test_visits_live_on():
    """One, three, six, twelve months after a stop 96, 88, 78, 62% are left (E11)."""
    at_stop = STOCK.visits([24.0])[0]
    left = STOCK.visits([24.0 + month for month in AFTER], stopped=24) / at_stop
    year = STOCK.visits(np.linspace(24, 36, 20_001), stopped=24) / at_stop

    assert left.tolist() == printed(list(AFTER.values()))
    assert year.mean() == pytest.approx(0.790623, rel=1e-5)


def test_without_compounding_it_is_one_exponential():
    """A single half-life of 12 months fills up to 6,924.94 visits (7.15)."""
    plain = ContentStock(compounding_share=0, half_life=12)

    assert plain.visits([6.0, 12.0, 24.0]).tolist() == printed(
        [2028.266853, 3462.468098, 5193.702147]
    )
    assert plain.visits([1e6])[0] == printed(6924.936196)


def test_few_pieces_bring_much_of_the_traffic():
    """A tenth of the pieces bring 40% of the visits that pieces have in 24 months."""
    plain, growing = (
        ContentStock(compounding_share=share, growth=GROWTH) for share in (0, 1)
    )
    bring = [0.9 * plain.visits([24])[0], 0.1 * growing.visits([24])[0]]

    assert bring[1] / sum(bring) == pytest.approx(0.40, abs=0.005)


@pytest.mark.parametrize("stop", [None, 6 * MONTH])
def test_the_rate_stays_below_its_ceiling(stop):
    """The rate from which arrivals are cut out is nowhere higher than its bound."""
    growing = {"compounding_share": 1, "growth": 30, "growth_months": 12}
    rate = rate_of(blog(stop=stop, content=growing), 40)
    time = np.linspace(0, 40 * MONTH - 1, 4000)

    assert rate.at(time).max() <= rate.ceiling


def test_leads_are_visits_that_convert():
    """Leads of the first year, and of the year after a stop, are those of the curve."""
    said = {"content": {"conversion": 0.01}, "stop": 24 * MONTH}
    source, frame = blog(**said), {"days_per_month": MONTH, "seed": 3}
    found = [
        arrivals({"blog": source}, horizon=36 * MONTH, replication=run, **frame).time
        for run in range(60)
    ]
    first, after = (
        [np.sum((time >= low * MONTH) & (time < high * MONTH)) for time in found]
        for low, high in ((0, 12), (24, 36))
    )
    expected = [
        12 * 0.01 * STOCK.visits(np.linspace(*span, 4001), stopped=24).mean()
        for span in ((0, 12), (24, 36))
    ]

    assert expected[0] == near(first, relative=0.02)
    assert expected[1] == near(after, relative=0.02)


def test_more_pieces_add_leads_and_move_none():
    """Whoever comes to two pieces a month comes to four, at the same moment."""
    frame = {"horizon": 365, "days_per_month": MONTH, "seed": 3, "replication": 0}
    few, many = (
        arrivals({"blog": blog(content={"pieces_per_month": pieces})}, **frame)
        for pieces in (2, 4)
    )
    two, four = (
        set(zip(at.time.tolist(), at.key.tolist(), strict=True)) for at in (few, many)
    )

    assert two < four


def test_e12_inbound_is_dear_at_first_and_cheap_in_the_end():
    """At 6,000 a month a lead costs 3,026 in month 1 and 100 in month 24, not 250."""
    mid_months = np.arange(24) + 0.5
    cost = 6000 / (0.01 * STOCK.visits(mid_months))
    in_all = 6000 * np.arange(1, 25) / np.cumsum(0.01 * STOCK.visits(mid_months))

    assert cost[0] == pytest.approx(3026, abs=1)
    assert cost[23] == pytest.approx(100, abs=2)
    assert np.flatnonzero(cost < 250)[0] + 1 in {7, 8}
    assert np.flatnonzero(in_all < 250)[0] + 1 in {14, 15}


def test_spend_ends_with_the_effort():
    """Content costs from its start to its stop, and brings leads after it."""
    content = {"shape": "content", "content": {}, "stop": 10}
    said = edited("sources.website", {"leads": content, "cost": {"per_month": 304.375}})
    run = simulate(Scenario.of({**said, "teams": {**said["teams"]}}), 1)
    late = run.log.frame.query("source == 'website' and time > 20")

    assert metrics_of(run)["spend"] == pytest.approx(100)
    assert len(late)


@pytest.mark.parametrize(
    ("leads", "message"),
    [
        ({"shape": "content"}, "needs per_month, per_day or imports"),
        ({"shape": "content", "per_day": 1}, "content: is missing; shape: content"),
        ({"content": {}, "per_day": 1}, "has per_day and content; keep one"),
        ({"content": {}}, "content: goes only with shape: content"),
        ({"shape": "content", "content": {"pieces": 4}}, "content.pieces"),
    ],
)
def test_mistakes_are_named(leads, message):
    """Content without its pieces, or beside a number of leads, is refused."""
    with pytest.raises(ScenarioError, match=message):
        Scenario.of(edited("sources.website.leads", leads))
