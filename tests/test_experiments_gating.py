"""Arms of E8: what the headline of gating stands on, one setting at a time.

The headline itself is in test_experiments_market.py: reach lost by gating is off there
(C2), and is one arm here. Each runs quickly and at full precision; see efforts.py.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from arms import Arms
from efforts import Effort
from test_experiments_market import CHANGE, gating

import simlib as sl
from simlib.studies import Interval

FOUND = "stages.opportunity.next.customer.found"
ARMS: dict[str, dict[str, object]] = {
    # w0 .04 and .12: won if found, where .25 are won of those who thought of us
    "found is won at .04": {FOUND: 0.16},
    "found is won at .12": {FOUND: 0.48},
    "forgotten in 90 days": {"market.memory.half_life": 90.0},
    "forgotten in 365 days": {"market.memory.half_life": 365.0},
    "contact .2": {"stages.captured.next.opportunity.rate.ready": 0.2},
    "twice the reading": {
        "sources.content.meets.per_month": {"ready": 1.2, "not_yet": 0.16}
    },
    "half the reach": {"market.reach_if_gated": 0.5},
}
# Everything gated against selective, in counts and months after the change. The bands
# are the domain paper's own and were written before the first run: the range over its
# eight variants (hands -22 to -37%, customers of the third year -5 to -27%, 36 months
# -13 to 0%, 24 months -6 to +2.5%), and, with the reach halved, its headline's.
VARIANTS = {
    ("hand_raisers", (13, 24)): (0.63, 0.78),
    ("customers", (25, 36)): (0.73, 0.95),
    ("customers", (1, 24)): (0.94, 1.025),
    ("customers", (1, 36)): (0.87, 1.00),
}
REACH = {
    ("hand_raisers", (13, 24)): (0.60, 0.75),
    ("hand_raisers", (25, 36)): (0.53, 0.68),
    ("customers", (1, 6)): (1.05, 1.15),
    ("customers", (13, 24)): (0.88, 0.97),
    ("customers", (25, 36)): (0.76, 0.88),
    ("customers", (1, 24)): (0.96, 1.04),
    ("customers", (1, 36)): (0.90, 0.98),
}
# What came out beyond a band at the first run, and is held to that figure since. The
# variants stood on half the reach, which alone costs much: here it is off. And that
# reach was lost among those out of the market; `reach_if_gated` takes it from all.
BEYOND = {
    ("forgotten in 90 days", "customers", (25, 36)): 0.990,
    ("forgotten in 90 days", "customers", (1, 36)): 1.012,
    ("forgotten in 365 days", "hand_raisers", (13, 24)): 0.834,
    ("forgotten in 365 days", "customers", (1, 24)): 1.047,
    ("forgotten in 365 days", "customers", (1, 36)): 1.013,
    ("contact .2", "customers", (1, 24)): 0.931,
    ("half the reach", "customers", (13, 24)): 0.766,
    ("half the reach", "customers", (25, 36)): 0.683,
    ("half the reach", "customers", (1, 24)): 0.877,
    ("half the reach", "customers", (1, 36)): 0.813,
}
CASES = [
    (name, count, months, band)
    for name in ARMS
    for (count, months), band in (
        REACH if name == "half the reach" else VARIANTS
    ).items()
]


@cache
def arm(name: str, effort: Effort) -> Arms:
    """Return everything gated and selective gating in a world with another setting."""
    worlds = gating("gating", **ARMS[name])
    del worlds["none"]
    return Arms(worlds, effort.of(4, 48), CHANGE)


def of(name: str, effort: Effort, count: str, months: tuple[int, int]) -> Interval:
    """Return a count with everything gated, by that of selective, over some months."""
    return arm(name, effort).ratio(count, "everything", "selective", months)


@pytest.mark.parametrize("name", ARMS)
def test_e8_signs_stay_whatever_is_turned(name, effort):
    """More names now; fewer hands next year, fewer customers the year after that.

    Where all is forgotten in 90 days the customers are as many, as far as one can tell.
    """
    names, hands, won = (
        of(name, effort, count, months)
        for count, months in (
            ("leads", (1, 3)),
            ("hand_raisers", (13, 24)),
            ("customers", (25, 36)),
        )
    )

    assert names.low > 1 > hands.high
    assert won.mean < 1
    assert name == "forgotten in 90 days" or effort.of(won.mean, won.high) < 1


@pytest.mark.slow
@pytest.mark.parametrize(("name", "count", "months", "band"), CASES)
def test_e8_over_what_is_not_known(name, count, months, band):
    """Each setting in its band, or at the figure that is said to lie beyond it."""
    found = of(name, Effort.FULL, count, months)

    if (name, count, months) in BEYOND:
        assert not band[0] <= found.mean <= band[1]
        assert found.mean == pytest.approx(BEYOND[name, count, months], abs=0.01)
    else:
        assert band[0] <= found.mean <= band[1]


def only_outside() -> sl.Scenario:
    """Return everything gated, with half the visits lost of who is not in the market.

    On the day of the change, not little by little.
    """
    said = gating("gating")["everything"].said()
    stop = said["market"]["gating_from"]
    rates = {
        "content": {"per_month": {"ready": 0.56, "not_yet": 0.04}},
        "lost": {"per_month": {"ready": 0.04, "not_yet": 0.04}, "stop": stop},
        "kept": {"per_month": {"ready": 0.04}, "start": stop},
    }
    visits = {name: {"meets": {"by": "visits", **at}} for name, at in rates.items()}
    said["sources"] = {**visits, "direct": said["sources"]["direct"]}
    return sl.Scenario.of(said)


@pytest.mark.slow
def test_e8_the_papers_reach_was_lost_outside_the_market():
    """Lost there only, six of seven bands hold; .868 of one year's customers, not .88.

    The steps are not quite the paper's: there reach went in 90 days, here in one.
    """
    worlds = {"lost": only_outside(), "kept": gating("gating")["selective"]}
    arms = Arms(worlds, 48, CHANGE)
    found = {
        (count, months): arms.ratio(count, "lost", "kept", months)
        for count, months in REACH
    }

    missed = found.pop(("customers", (13, 24)))

    assert missed.mean == pytest.approx(0.868, abs=0.01)
    for what, interval in found.items():
        assert REACH[what][0] < interval.mean < REACH[what][1], what


def visits(scenario: sl.Scenario, runs: int) -> float:
    """Return the visits to the content in the quarter after the change."""
    begin = scenario.market.gating_from
    return sum(
        np.sum((days >= begin) & (days < begin + 90))
        for number in range(runs)
        for days in [sl.simulate(scenario, 1, number).lives.meetings(0)]
    )


def test_e8_half_the_reach_comes_slowly(effort):
    """In the first 90 days 18% of the visits are lost: .5 + .5 x .632 are left.

    Fewer names are lost than visits: who is a name already is not one again.
    """
    plain = gating("gating", horizon=850.0)["everything"]
    halved = plain.changed(ARMS["half the reach"])
    runs = effort.of(3, 24)
    left = visits(halved, runs) / visits(plain, runs)

    assert left == pytest.approx(0.5 + 0.5 * (1 - np.exp(-1)), abs=0.01)
