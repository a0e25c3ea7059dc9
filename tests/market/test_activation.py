"""What was met lately makes buyers ask (M2b), and a scenario that shows it."""

from __future__ import annotations

import math
import re
from importlib import resources

import numpy as np
import pytest
from agreement import near
from towns import OFTEN, advertised, considered

from simlib.market import lives_of
from simlib.market.meetings import RAISES_HAND
from simlib.scenario import Scenario, load
from simlib.theory import Goodwill

MONTH = 30.4375
LAW = Goodwill(180)


def hands(scenario: Scenario, first: float, last: float) -> list[float]:
    """Return the share of needs known to us whose buyers ask, by their moment."""
    found = []
    for number in range(6):
        lives = lives_of(scenario, (7, number))
        rows = (lives.rows.what == RAISES_HAND) & (lives.rows.time >= first)
        rows &= lives.rows.time < last
        window = lives.rows.window[rows & lives.considered[lives.rows.window]]
        found.append(lives.raised[window].mean())
    return found


def fast(weight: float, **meets: object) -> Scenario:
    """Return a town in which ads also make buyers ask at once."""
    market = {
        **OFTEN,
        "buyers": 3000,
        "history": 200,
        "goodwill": {"activation": {"weight": weight}},
    }
    market["consideration"] = {"floor": 1, "raise_hand": 0.2}
    return advertised(market, **meets)


@pytest.mark.parametrize("weight", [0.0, 0.5, 2.0])
def test_what_was_met_lately_makes_buyers_ask(weight):
    """Asks: .2 + .8 (1 - exp(-weight x stock)), a stock with a half-life of 14 days."""
    stock = weight * Goodwill(14).at(5000, 1 / MONTH)

    assert 0.2 + 0.8 * -math.expm1(-stock) == near(hands(fast(weight), 0, 700), 0.02)


def test_activation_is_over_in_weeks():
    """Six weeks after the last ad an eighth of the fast stock is left."""
    stock = 2 * Goodwill(14).at(5000, 1 / MONTH) / 8
    found = hands(fast(2.0, stop=100), 141, 143)

    assert 0.2 + 0.8 * -math.expm1(-stock) == near(found, 0.06)


def test_an_activation_without_weight_changes_nothing():
    """With weight 0, and without activation, the same buyers ask."""
    none, nothing = (
        lives_of(advertised({"goodwill": {"activation": said}}), (1, 0)).raised
        for said in (None, {"weight": 0})
    )

    assert np.array_equal(none, nothing)


# --- advertising ---------------------------------------------------------------------


def printed(name: str) -> list[float]:
    """Return the numbers of a line of the arithmetic in the head of `advertising`."""
    text = (resources.files("simlib.scenarios") / "advertising.yaml").read_text("utf-8")
    (line,) = re.findall(rf"^#   {name}((?: +[.\d]+)+)$", text, flags=re.MULTILINE)
    return [float(number) for number in line.split()]


def test_the_arithmetic_of_advertising():
    """Goodwill, who thinks of us and who asks, days after the last ad."""
    days = np.array(printed("days after the stop"))
    known = 0.1 / MONTH / LAW.fading * 0.5 ** (days / 180)
    lately = 5 * 0.1 / MONTH / Goodwill(14).fading * 0.5 ** (days / 14)
    thinks, asks = 0.15 - 0.85 * np.expm1(-known), 0.2 - 0.8 * np.expm1(-lately)

    for name, found in {
        "goodwill": known,
        "think of us": thinks,
        "of them ask": asks,
        "ask, of all in need": thinks * asks,
    }.items():
        assert printed(name) == pytest.approx(found, abs=0.0006), name


@pytest.mark.parametrize("after", [0, 28, 91, 365])
def test_advertising_does_what_its_head_says(after):
    """So many of those in need ask around that day, and before the stop."""
    at = printed("days after the stop").index(after)
    share = printed("ask, of all in need")[at]
    first, last = (0, 730) if after == 0 else (725 + after, 735 + after)
    found = []
    for number in range(24):
        lives = lives_of(load("advertising"), (8, number))
        rows = (lives.rows.what == RAISES_HAND) & (lives.rows.time >= first)
        rows &= lives.rows.time < last
        found.append(lives.raised[lives.rows.window[rows]].mean())

    assert share == near(found, 0.1)


def test_with_a_memory_each_somewhat_fewer_think_of_us():
    """.630 in place of .638 while ads run; an ad so little that it hardly matters."""
    own = load("advertising").changed({"market.goodwill": None, "market.history": 1000})
    alone, shared = (
        [considered(lives_of(world, (9, number)), 0, 730) for number in range(2)]
        for world in (own, load("advertising"))
    )
    fullness = LAW.memory(1, 0.1).fullness()

    assert np.mean(alone) == pytest.approx(0.15 + 0.85 * fullness, abs=0.01)
    assert np.all(np.array(alone) < shared)
