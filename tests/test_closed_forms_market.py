"""Closed forms of the market by simulation: 7.10 to 7.12.

As in test_closed_forms.py: |z| < 3.5, and 2% for rates, 3% and more where few happen.
A probe looks into memories: a source that touches buyers, says nothing and leaves no
trace.
"""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
import pytest
from agreement import near
from towns import town

from simlib.market import Lives, lives_of
from simlib.market.meetings import MEETS
from simlib.theory import CostSpiral, Goodwill, Rhythm

MONTH, QUARTER = 30.4375, 91.3125
RHYTHM, GOODWILL = Rhythm(1736.25, 90), Goodwill(180)
RUNS = range(8)

# --- 7.10 the rhythm -----------------------------------------------------------------


@cache
def states() -> list[tuple[np.ndarray, ...]]:
    """Return, on days of some runs, who is in the market: then, later, in between."""
    alone = {"direct": {"meets": {"by": "hand_raise"}}}
    said = town({"buyers": 40_000, "history": 0}, sources=alone, horizon=3000)
    found = []
    for number in range(4):
        at = lives_of(said, (4, number)).opened
        for day in range(0, 2500, 500):
            inside = [
                np.isin(
                    np.arange(40_000), at.buyer[(at.start <= end) & (at.end > begin)]
                )
                for begin, end in ((day, day), (day + 90, day + 90), (day, day + 90))
            ]
            entered = at.buyer[(at.start > day) & (at.start <= day + 365)]
            found.append((*inside, np.isin(np.arange(40_000), entered)))
    return found


def test_who_is_in_the_market_is_often_in_it_90_days_later():
    """The autocorrelation of being in the market at 90 days is .349296."""
    found = [np.corrcoef(now, later)[0, 1] for now, later, *_ in states()]

    assert RHYTHM.autocorrelation(90) == near(found, 0.02)


def test_one_in_ten_is_in_the_market_at_some_time_in_90_days():
    """In the market now or within 90 days: 9.73% of all buyers."""
    found = [between.mean() for _, _, between, _ in states()]

    assert RHYTHM.inside_within(90) == near(found, 0.02)


def test_who_is_outside_enters_within_a_year():
    """Of those outside 18.96% enter within 365 days."""
    found = [entered[~now].mean() for now, _, _, entered in states()]

    assert RHYTHM.enters_within(365) == near(found, 0.02)


# --- 7.11 memory ---------------------------------------------------------------------


def probed(lives: Lives, day: float, days: float = 10) -> np.ndarray:
    """Return memories as the probe finds them, around a day."""
    rows = lives.happened & (lives.rows.what == MEETS) & (lives.rows.source == 1)
    return lives.memory[rows & (np.abs(lives.rows.time - day) < days / 2)]


@lru_cache(maxsize=2)
def readers(
    read: float, per_month: float, history: float = 2920, **meets: float
) -> list[Lives]:
    """Return runs in which open content is read, without mail, under a probe."""
    memory = {"mails_opened_per_month": 0, "read": read, "half_life": 180}
    market = {"buyers": 8_000, "gating": "none", "gating_before": "none"}
    sources = {
        "content": {"meets": {"by": "visits", "per_month": per_month, **meets}},
        "probe": {"meets": {"by": "touches", "per_month": 0.5, "start": 0}},
    }
    said = town(
        {**market, "history": history, "memory": memory}, sources=sources, horizon=740
    )
    return [lives_of(said, (5, number)) for number in RUNS]


@pytest.mark.parametrize(
    ("day", "inflow", "meets"),
    [
        (90, 1, {"start": 0}),
        (365, 1, {"start": 0}),
        (365, 2, {"start": 0, "stop": 90}),
    ],
    ids=["90 days", "a year", "a pulse"],
)
def test_goodwill_is_the_mean_of_memories(day, inflow, meets):
    """From nothing: 76.06 after 90 days, 196.00 after a year, 52.76 after a pulse."""
    runs = readers(1.0, 0.08 * inflow, history=0, **meets)
    a_day = 0.08 / MONTH
    pulse = GOODWILL.at(90, inflow=2) if inflow == 2 else 0.0
    target = (
        GOODWILL.at(day - 90, inflow=0, start=pulse)
        if inflow == 2
        else GOODWILL.at(day, inflow=1)
    )

    assert target == near([probed(lives, day).mean() / a_day for lives in runs], 0.05)


@pytest.mark.parametrize("read", [1.0, 0.5])
def test_memories_vary_as_shot_noise_does(read):
    """Mean, variance and fullness where a reading adds 1, or a half."""
    law = GOODWILL.memory(0.08, read)
    runs = [probed(lives, 365, 700) for lives in readers(read, 0.08)]

    assert law.mean == near([memory.mean() for memory in runs], 0.02)
    assert law.variance == near([memory.var() for memory in runs], 0.03)
    assert law.fullness() == near([(1 - np.exp(-m)).mean() for m in runs], 0.02)


@pytest.mark.parametrize("day", [90, 180, 365, 730])
def test_memories_fade_after_the_last_reading(day):
    """Fullness .336, .261, .146 and .040 so many days after all reading stops."""
    runs = readers(1.0, 0.08, stop=0)
    found = [(1 - np.exp(-probed(lives, day))).mean() for lives in runs]

    assert GOODWILL.memory(0.08, 1.0).fullness(day) == near(found, 0.05)


# --- 7.12 the spiral -----------------------------------------------------------------

# A reading weighs next to nothing here: fullness is all but linear in
# memory, as the aggregate form has it. The floor is set to be .30 of the whole.
FULL = GOODWILL.memory(0.2, 0.0003).fullness()
FLOOR = 0.3 * FULL / (0.7 + 0.3 * FULL)
SPIRAL = CostSpiral(0.30, 180)


def thought_of(lives: Lives, day: float) -> float:
    """Return the mean chance of being thought of around a day."""
    return float((FLOOR + (1 - FLOOR) * (1 - np.exp(-probed(lives, day)))).mean())


USUAL = FLOOR + (1 - FLOOR) * FULL


@pytest.mark.parametrize("quarter", range(1, 9))
def test_the_spiral_is_what_buyers_forget(quarter):
    """Ends of quarters 1 to 8 after the cut: 1.26, 1.55 ... 2.92 times the cost."""
    runs = readers(0.0003, 0.2, stop=0)
    found = [USUAL / thought_of(lives, QUARTER * quarter) for lives in runs]

    assert SPIRAL.after_cut(QUARTER * quarter) == near(found, 0.02)


@pytest.mark.parametrize("quarter", range(1, 9))
def test_from_zero_it_is_what_buyers_learn(quarter):
    """Ends of quarters 1 to 8 from nothing: 1.97, 1.53 ... 1.04 times the cost."""
    runs = readers(0.0003, 0.2, history=0, start=0)
    found = [USUAL / thought_of(lives, QUARTER * quarter) for lives in runs]

    assert SPIRAL.from_zero(QUARTER * quarter) == near(found, 0.02)
