"""How long leads take and how many are where, against reference numbers."""

from __future__ import annotations

import math

import pytest
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import (
    Moments,
    Stay,
    absorbing_chain,
    little,
    stage_populations,
    time_to_end,
)

CHAIN = absorbing_chain(
    {
        "captured": {"nurture": 0.40, "mql": 0.30, "pql": 0.05, "lost": 0.25},
        "nurture": {"mql": 0.25, "lost": 0.75},
        "mql": {"nurture": 0.30, "sql": 0.35, "lost": 0.35},
        "sql": {"nurture": 0.15, "opportunity": 0.55, "lost": 0.30},
        "pql": {"nurture": 0.25, "opportunity": 0.45, "lost": 0.30},
        "opportunity": {"nurture": 0.18, "won": 0.22, "lost": 0.60},
    }
)
STAYS = {
    "captured": Stay(14, 1),
    "nurture": Stay(90, 1),
    "mql": Stay(10, 1),
    "sql": Stay(14, 0.8),
    "pql": Stay(21, 0.8),
    "opportunity": Stay(72, 0.6),
}


def moments(found: Moments) -> tuple[float, float]:
    """Return mean and sd as a pair."""
    return found.mean, found.sd


def test_time_to_any_end():
    """A captured lead lasts 82.6 days on average, won or lost."""
    found = time_to_end(CHAIN, "captured", STAYS)
    assert moments(found) == printed((82.618539, 95.552879))


def test_time_to_won_given_won():
    """Customers took longer than their stages add up to: many were recycled."""
    found = time_to_end(CHAIN, "captured", STAYS, given="won")
    assert moments(found) == printed((137.391593, 85.939451))


def test_the_stay_may_depend_on_the_next_step():
    """Two ways out with lags of their own give the mixture's two moments."""
    chain = absorbing_chain({"a": {"won": 0.25, "lost": 0.75}})
    stays = {"a": {"won": Stay(8, 0), "lost": Stay(4, 1)}}
    mean, square = 0.25 * 8 + 0.75 * 4, 0.25 * 64 + 0.75 * 32
    expected = (mean, math.sqrt(square - mean**2))
    assert moments(time_to_end(chain, "a", stays)) == pytest.approx(expected)


def test_given_an_end_only_its_own_lag_counts():
    """Given won, the way to lost plays no part."""
    chain = absorbing_chain({"a": {"won": 0.25, "lost": 0.75}})
    stays = {"a": {"won": Stay(8, 0.5), "lost": Stay(4, 1)}}
    found = time_to_end(chain, "a", stays, given="won")
    assert moments(found) == pytest.approx((8.0, 4.0))


def test_stage_populations_by_littles_law():
    """Ten captured leads a day fill the stages, mostly nurture."""
    assert stage_populations(CHAIN, "captured", STAYS, 10) == printed(
        {
            "captured": 140.000000,
            "nurture": 530.800338,
            "mql": 44.744454,
            "sql": 21.924782,
            "pql": 10.500000,
            "opportunity": 78.215813,
        }
    )


def test_all_stages_together_obey_littles_law():
    """The sum of the stages is the arrival rate times the mean time to an end."""
    total = sum(stage_populations(CHAIN, "captured", STAYS, 10).values())
    time = time_to_end(CHAIN, "captured", STAYS).mean
    assert (total, little(10, time)) == printed((826.185387, 826.185387))


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: Stay(-1), "mean must be 0 or more"),
        (lambda: Stay(1, -1), "cv must be 0 or more"),
        (lambda: little(-1, 3), "arrival_rate must be 0 or more"),
        (lambda: time_to_end(CHAIN, "captured", {}), "stay of stage 'captured'"),
        (
            lambda: time_to_end(CHAIN, "captured", STAYS | {"mql": 3}),
            "stay of stage 'mql' must be a Stay; given: 3",
        ),
        (
            lambda: time_to_end(CHAIN, "captured", STAYS | {"mql": {"sql": Stay(3)}}),
            "stay from 'mql' to 'nurture' is unknown",
        ),
        (lambda: time_to_end(CHAIN, "lead", STAYS), "stage 'lead' is unknown"),
        (
            lambda: time_to_end(
                absorbing_chain({"a": {"b": 1.0}, "c": {"won": 1.0}}),
                "a",
                {"a": Stay(1), "c": Stay(1)},
                given="won",
            ),
            "no lead from stage 'a' can end in 'won'",
        ),
    ],
)
def test_impossible_questions_are_refused(ask, message):
    """Missing stays, unknown names and impossible ends are named."""
    with pytest.raises(TheoryError, match=message):
        ask()
