"""Spend against capture in a market (M3): a curve that ends at the pool."""

from __future__ import annotations

import pytest
from agreement import near
from test_engines_agree import rows
from towns import town

from simlib.errors import ScenarioError
from simlib.market import lives_of
from simlib.run import simulate
from simlib.scenario import Scenario, load
from simlib.theory import Rhythm, SpendCurve

MONTH, MONTHS = 30.4375, 24
SEARCH = "sources.search"
CURVE = SpendCurve(10_000 * Rhythm(1736.25, 90).share_inside * 0.5, 8)


def meetings(spend: float, **changes: object) -> list[float]:
    """Return the visits a month that a spend brings, in some replications."""
    said = {f"{SEARCH}.{path}": value for path, value in changes.items()}
    world = load("search_spend").changed({f"{SEARCH}.cost.per_month": spend, **said})
    runs = [lives_of(world, (1, number)) for number in range(4)]
    return [len(lives.meetings(0)) / MONTHS for lives in runs]


@pytest.mark.parametrize("spend", [500.0, 2000.0, 8000.0])
def test_spend_brings_the_meetings_of_theory(spend):
    """Pool (1 - exp(-spend / (first cost x pool))), the pool being who is in need."""
    assert CURVE.meetings(spend) == near(meetings(spend), 0.04)


def test_no_spend_buys_more_than_there_is():
    """Four hundred times the spend brings every meeting there is, and no other."""
    world = load("search_spend")
    all_ = world.changed({f"{SEARCH}.meets.first_meeting_costs": None})
    most = world.changed({f"{SEARCH}.cost.per_month": 8e5})

    assert rows(simulate(all_, 1).log) == rows(simulate(most, 1).log)
    assert meetings(0.0) == [0.0] * 4


def test_more_spend_adds_meetings_and_removes_none():
    """The visits that 1,000 bring come for 2,000 too, on the same days."""
    met = []
    for spend in (1000.0, 2000.0):
        world = load("search_spend").changed({f"{SEARCH}.cost.per_month": spend})
        met.append({*lives_of(world, (1, 0)).meetings(0).tolist()})

    assert met[0] < met[1]


def test_a_smaller_market_is_sooner_used_up():
    """At little spend a quarter of the buyers brings as many visits; at much, fewer."""
    few = {"market.buyers": 2500}
    small = load("search_spend").changed({**few, f"{SEARCH}.cost.per_month": 200})
    large = load("search_spend").changed({f"{SEARCH}.cost.per_month": 200.0})
    little = [
        sum(len(lives_of(world, (1, at)).meetings(0)) for at in range(8))
        for world in (small, large)
    ]
    much = len(
        lives_of(small.changed({f"{SEARCH}.cost.per_month": 9e4}), (1, 0)).meetings(0)
    )

    assert little[0] == pytest.approx(little[1], rel=0.25)
    assert much / MONTHS < 0.35 * CURVE.pool


def test_a_list_is_a_pool_too():
    """Mails to 400 accounts that fit, .5 a month each: at most 200 a month."""
    said = {"by": "touches", "accounts": 400, "per_month": 0.5, "answer": 0}
    sources = {
        "mail": {
            "meets": {**said, "first_meeting_costs": 10},
            "cost": {"per_month": 1500},
        }
    }
    runs = [lives_of(town(sources=sources), (1, number)) for number in range(4)]
    curve = SpendCurve(200, 10)
    found = [len(lives.meetings(0)) * MONTH / 730 for lives in runs]

    assert curve.meetings(1500) == near(found, 0.03)


def test_off_leaves_no_trace():
    """Without the key there is no digest of it."""
    world = load("warm_outbound")
    back = world.changed({"sources.calls.meets.first_meeting_costs": 5})

    assert world.digest != back.digest
    assert (
        world.digest
        == back.changed({"sources.calls.meets.first_meeting_costs": None}).digest
    )


def bad(name: str, changes: dict[str, object]) -> str:
    """Return what is said of a change that cannot be."""
    with pytest.raises(ScenarioError) as caught:
        load(name).changed(changes)
    return str(caught.value)


def test_bad_spend_is_explained():
    """One line names the place and what may be."""
    cost = "first_meeting_costs"
    path = f"{SEARCH}.meets.{cost}"
    direct = f"sources.direct.meets.{cost}"
    back = f"sources.retargeting.meets.{cost}"

    assert f"{path}: is 0" in bad("search_spend", {path: 0})
    assert f"{direct}: nobody can buy" in bad("mid_market", {direct: 5})
    assert f"{back}: needs a known pool" in bad("mid_market", {back: 5})


def named(scenario: Scenario) -> int:
    """Return how many leads a scenario brings in one run."""
    return len(simulate(scenario, 1).log.leads)


def test_the_next_lead_costs_more_than_the_one_before():
    """From 1,000 to 2,000 and on to 4,000 a month, each lead more costs more."""
    counts = [
        named(load("search_spend").changed({f"{SEARCH}.cost.per_month": spend}))
        for spend in (1000.0, 2000.0, 4000.0)
    ]
    first, second = (counts[1] - counts[0]) / 1000, (counts[2] - counts[1]) / 2000

    assert counts[0] / 1000 > first > second > 0
