"""One memory that all buyers share (M2b), against closed forms and against each own."""

from __future__ import annotations

import math

import numpy as np
import pytest
from agreement import near
from towns import HANDS, OFTEN, SHARED, UNMAILED, ads, advertised, considered, town

from simlib.errors import ScenarioError
from simlib.funnel.history import histories
from simlib.log import KINDS
from simlib.market import Lives, lives_of
from simlib.market.goodwill import stocks_of
from simlib.market.meetings import MEETS
from simlib.market.stocks import level_at
from simlib.run import simulate
from simlib.scenario import Scenario, load
from simlib.theory import CostSpiral, Goodwill

MONTH, QUARTER = 30.4375, 91.3125
LAW = Goodwill(180)


def goodwill(scenario: Scenario, *days: float) -> list[float]:
    """Return goodwill on some days."""
    return [level_at(stocks_of(scenario)[0], day) for day in days]


# --- the stock -----------------------------------------------------------------------


def test_it_fills_as_nerlove_and_arrow_have_it():
    """From nothing, one unit a day: 76.06 after 90 days, 196.00 after a year (7.11)."""
    new = advertised({"history": 0}, per_month=MONTH)
    days = (0.0, 0.3, 90.0, 365.0, 1099.9)

    assert goodwill(new, *days) == pytest.approx([LAW.at(day, 1) for day in days])


@pytest.mark.parametrize("history", [730.5, 0.9])
def test_a_start_on_day_0_is_no_start_at_the_history(history):
    """It is nothing on day 0 and a day's worth on day 1, whatever went before."""
    new = advertised({"history": history, "gating_from": 100}, per_month=MONTH, start=0)

    assert goodwill(new, 0.0, 1.0) == pytest.approx([0, LAW.at(1, 1)], abs=1e-9)


def test_it_fades_as_koyck_has_it():
    """Two units a day until noon of day 90; then half of it is left in 180 days."""
    pulse = advertised({"history": 0}, per_month=2 * MONTH, stop=90.5)
    top = LAW.at(90.5, 2)
    days = (90.5, 90.8, 91.5, 270.5, 365.0)
    left = [top * 0.5 ** ((day - 90.5) / 180) for day in days]

    assert goodwill(pulse, *days) == pytest.approx(left)


def test_the_history_fills_it_before_the_start():
    """It is empty 730 days before day 0, and stationary if ten years went before."""
    some, many = (advertised({"history": days}) for days in (730, 3650))
    level = 1 / MONTH / LAW.fading

    assert goodwill(some, -730.0, 0.0) == pytest.approx([0, LAW.at(730, 1 / MONTH)])
    assert goodwill(many, 0.0, 700.0) == pytest.approx([level, level], rel=1e-6)


def test_its_weight_is_a_factor():
    """Twice the weight is twice the memory of every buyer."""
    one, two = (advertised({"goodwill": {"weight": k}}) for k in (1, 2))

    assert goodwill(two, 50.0) == pytest.approx([2 * goodwill(one, 50.0)[0]])


def test_every_buyer_has_it():
    """At every row of every buyer the memory is the curve, whoever has met us."""
    lives = lives_of(town({**SHARED, "misfit": 0.2, "buyers": 300}), (1, 0))
    shared = goodwill(town({**SHARED, "misfit": 0.2, "buyers": 300}), *lives.rows.time)

    assert lives.memory.tolist() == pytest.approx(shared)


# --- what flows in is what a buyer gains on average ----------------------------------

PAGES = {
    "articles": {
        "seen_in_market": 0.6,
        "seen_out_of_market": 0.9,
        "form": 0.4,
        "fields": 8,
        "preview": 0.2,
    },
    "comparison": {"intent": "high", "seen_in_market": 0.4, "seen_out_of_market": 0.1},
}
BUSY = {
    "content": {
        "meets": {
            "by": "visits",
            "per_month": {"ready": 1, "not_yet": 0.3, "junk": 0.5},
            "shape": "compounding",
            "start": 20,
            "months_to_full": 6,
            "fills_times": 1.5,
        }
    },
    "ai": {
        "meets": {
            "by": "visits",
            "per_month": 0.4,
            "only_open": True,
            "uptake": {"half_on": 200, "months": 6},
        }
    },
    "letters": ads(2, 0.3, accounts=1500, stop=300.5),
    "probe": ads(0.5, 0),
}
FROM_100 = {"gating": "everything", "gating_before": "none", "gating_from": 100}
MIXED = {"buyers": 5000, "misfit": 0.2, "junk": 0.2, "reach_if_gated": 0.5}


@pytest.fixture(scope="module")
def busy() -> tuple[Scenario, list[Lives]]:
    """Return a busy town with memories of their own, and some of its runs."""
    market = {**MIXED, **FROM_100, "assets": PAGES, "memory": UNMAILED}
    own = town(market, sources=BUSY)
    return own, [lives_of(own, (3, number)) for number in range(8)]


@pytest.mark.parametrize("day", [-200, 90, 150, 290, 400, 650])
def test_it_is_the_mean_of_memories(busy, day):
    """Forms, previews, lists, ramps and lost reach: who fits remembers as much."""
    own, runs = busy
    found = []
    for lives in runs:
        rows = lives.happened & (lives.rows.what == MEETS) & (lives.rows.source == 3)
        rows &= np.abs(lives.rows.time - day) < 10
        rows &= lives.kind[lives.rows.buyer] == 1
        found.append(lives.memory[rows].mean())
    shared = own.changed({"market.goodwill": {}})
    mean = np.mean(goodwill(shared, *np.linspace(day - 10, day + 10, 41)))

    assert mean == near(found, 0.03)


# --- consideration -------------------------------------------------------------------

FULL = -math.expm1(-0.04)
FLOOR = 0.3 * FULL / (0.7 + 0.3 * FULL)


@pytest.fixture(scope="module")
def unknown() -> list[Lives]:
    """Return runs of a firm that begins to advertise; goodwill .04 in the end.

    So little that warmth is all but linear in it, as 7.12b has it; the floor is set to
    be .30 of the whole. Needs come often, so that they can be counted.
    """
    market = {**OFTEN, "consideration": {"floor": FLOOR}}
    new = advertised(market, remember=0.04 * LAW.fading * MONTH)
    return [lives_of(new, (4, number)) for number in range(8)]


@pytest.mark.parametrize("quarter", [1, 2, 3, 4, 6, 8])
def test_from_zero_they_learn_to_think_of_us(unknown, quarter):
    """Ends of quarters: 1.97, 1.53, 1.32, 1.21, 1.09, 1.04 times the cost (7.12b)."""
    usual, day = FLOOR + (1 - FLOOR) * FULL, QUARTER * quarter
    found = [considered(lives, day - 20, day + 20) / usual for lives in unknown]

    assert 1 / CostSpiral(0.30, 180).from_zero(day) == near(found, 0.04)


@pytest.fixture(scope="module")
def readers() -> dict[str, list[Lives]]:
    """Return runs in which open pages are read at .08 a month, by kind of memory."""
    content = {"meets": {"by": "visits", "per_month": 0.08}}
    open_ = {"gating": "none", "gating_before": "none", "history": 1460}
    said = {"buyers": 20_000, "memory": UNMAILED, **open_}
    own = town(said, sources={"content": content, "direct": HANDS})
    shared = own.changed({"market.goodwill": {}})
    worlds = {"own": own, "shared": shared}
    return {
        name: [lives_of(world, (6, number)) for number in range(6)]
        for name, world in worlds.items()
    }


def test_who_all_remember_alike_think_of_us_more_often(readers):
    """With one memory .570 think of us, each with its own .506: Jensen's inequality.

    Mean memory .682540 in both; 1 - exp(-.682540) is .494667, the mean of
    1 - exp(-memory) is .419410 (7.11).
    """
    memory = LAW.memory(0.08, 1.0)
    shares = {
        name: [considered(lives, 0, 730) for lives in runs]
        for name, runs in readers.items()
    }

    assert 0.15 + 0.85 * -math.expm1(-memory.mean) == near(shares["shared"], 0.02)
    assert 0.15 + 0.85 * memory.fullness() == near(shares["own"], 0.02)


@pytest.mark.parametrize(
    ("name", "own", "shared"),
    [
        ("mid_market", 0.60, 0.69),
        ("gating", 0.53, 0.62),
        ("credit", 0.67, 0.73),
        ("enterprise", 0.70, 0.90),
    ],
)
def test_by_how_much_is_in_the_docs(name, own, shared):
    """What docs/mechanisms.md says of packaged scenarios, to within chance."""
    world = load(name).changed({"market.memory.mail": 0})
    found = [
        np.mean([considered(lives_of(said, (1, at)), 0, 1826) for at in range(2)])
        for said in (world, world.changed({"market.goodwill": {}}))
    ]

    assert found == pytest.approx([own, shared], abs=0.012)


def test_how_much_gating_costs_with_either_is_in_the_docs():
    """Customers of the third year after the change, all gated over selective."""
    shares = []
    for memory in (None, {}):
        won = [
            sum(won_late(load("gating"), gating, memory, run) for run in range(12))
            for gating in ("everything", "selective")
        ]
        shares.append(won[0] / won[1])

    assert shares == pytest.approx([0.79, 0.75], abs=0.005)


def won_late(world: Scenario, gating: str, memory: dict | None, run: int) -> int:
    """Return the customers won in the third year after the gates changed."""
    said = {"market.gating": gating, "market.goodwill": memory}
    past = histories(
        simulate(world.changed({**said, "market.memory.mail": 0}), 0, run).log
    )
    since = past.final_entry[past.is_customer] - world.market.gating_from
    return int(np.sum((since >= 24 * MONTH) & (since < 36 * MONTH)))


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({"per_month": 0.5}, {"per_month": 0.9}),
        ({"remember": 0.5}, {"remember": 0.6}),
        ({"stop": 200}, {"stop": 400}),
        ({"start": 300}, {"start": 100}),
        ({"shape": "compounding", "start": 0}, {"start": 0}),
        ({"accounts": 1000}, {"accounts": 2000}),
    ],
)
def test_more_effort_never_lowers_consideration(less, more):
    """Everybody who thinks of us thinks of us with more effort too, and others do."""
    few, many = (
        lives_of(advertised(**said), (2, 0)).considered for said in (less, more)
    )

    assert np.all(few <= many)
    assert few.sum() < many.sum()


# --- touches that nobody answers -----------------------------------------------------


def test_touches_that_only_leave_memory_are_not_drawn():
    """Nobody is met, and all else is as it is where each touch is paid for."""
    sources = {"ads": ads(0.3), "direct": HANDS}
    sources["content"] = {"meets": {"by": "visits", "per_month": 0.1}}
    quiet = town(SHARED, sources=sources)
    paid = quiet.changed({"sources.ads.cost.per_touch": 1})
    met, drawn = lives_of(quiet, (1, 0)), lives_of(paid, (1, 0))

    assert len(met.meetings(0)) == 0 < len(drawn.meetings(0))
    assert np.array_equal(met.considered, drawn.considered)
    assert np.array_equal(met.raised, drawn.raised)
    assert np.array_equal(met.captures.time, drawn.captures.time)


NOBODY = dict.fromkeys(KINDS, 0)


@pytest.mark.parametrize("answer", [0.01, {**NOBODY, "junk": 0.5}])
def test_touches_that_somebody_answers_are_drawn(answer):
    """An answer is a lead, so these touches happen one by one."""
    assert len(lives_of(advertised(answer=answer), (1, 0)).meetings(0)) > 1000


# --- what cannot be ------------------------------------------------------------------


def bad(changes: dict[str, object], name: str = "mid_market") -> str:
    """Return what is said of a change that cannot be."""
    with pytest.raises(ScenarioError) as caught:
        load(name).changed({"market.memory.mail": 0, "market.goodwill": {}, **changes})
    return str(caught.value)


def test_wrong_combinations_are_explained():
    """One line names the place and what may be."""
    followed = "sources.retargeting.meets.after_visit_days"
    remembered = "sources.retargeting.meets.remember"
    asked = {"sources.direct": None, "market.goodwill.activation": {}}

    assert "market.memory.mail: is 0.3; with market.goodwill it must be 0" in bad(
        {"market.memory.mail": 0.3}
    )
    needs = "; with market.goodwill it needs by: touches and remember: 0"
    assert f"{followed}: is 28{needs}" in bad({remembered: 0.1})
    assert f"{followed}: is 28{needs}" in bad({}, "retargeting")
    assert "market.goodwill.activation: needs a source" in bad(asked)
    assert "market.goodwill.weight: is -1" in bad({"market.goodwill.weight": -1})


def test_off_leaves_no_trace():
    """Without the key there is no digest of it."""
    plain = load("gating").changed({"market.memory.mail": 0})
    on = plain.changed({"market.goodwill": {}})
    off = on.changed({"market.goodwill": None})

    assert plain.digest == off.digest != on.digest
