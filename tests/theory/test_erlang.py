"""Erlang's formulas and their relatives, against reference numbers."""

from __future__ import annotations

import math

import pytest
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import erlang_b, erlang_c, fluid_abandonment, priority_waits

HOURS = 168


@pytest.mark.parametrize(
    ("leads", "load", "blocked", "waits"),
    [
        (81, 1.205357, 0.090541, 0.142676),
        (150, 2.232143, 0.244635, 0.558563),
        (180, 2.678571, 0.305953, 0.804472),
    ],
)
def test_three_reps(leads, load, blocked, waits):
    """Erlang B and C of three reps at 2.5 hours a lead."""
    offered = leads / HOURS * 2.5
    found = offered, erlang_b(3, offered), erlang_c(3, offered)
    assert found == printed((load, blocked, waits))


def test_sixty_slots():
    """Sixty opportunity slots at 64.8 erlangs lose, at 54 erlangs make wait."""
    found = erlang_b(60, 64.8), erlang_c(60, 54)
    assert found == printed((0.142018, 0.324561))


def test_erlang_b_against_its_definition():
    """The recursion is the truncated Poisson law."""
    load, people = 2.7, 5
    terms = [load**k / math.factorial(k) for k in range(people + 1)]
    assert erlang_b(people, load) == pytest.approx(terms[-1] / sum(terms))


def test_hot_leads_first():
    """Serving the hot 27% first cuts their wait to a third."""
    rate = 150 / HOURS
    waits = priority_waits([0.27 * rate, 0.73 * rate], 2.5, 3)
    assert waits == printed((0.582487, 2.275761))


def test_priority_only_moves_waiting_about():
    """The mean wait over both classes is that of one queue (conservation law)."""
    rate = 150 / HOURS
    hot, cold = priority_waits([0.27 * rate, 0.73 * rate], 2.5, 3)
    (all_alike,) = priority_waits([rate], 2.5, 3)
    assert (0.27 * hot + 0.73 * cold, all_alike) == printed((1.818577, 1.818577))


def test_fluid_limit():
    """At 300 leads a third must be lost, however patient they are."""
    assert fluid_abandonment(300 / HOURS, 2.5, 3) == printed(0.328)
    assert fluid_abandonment(150 / HOURS, 2.5, 3) == 0.0


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: erlang_b(0, 1), "people must be a whole number from 1"),
        (lambda: erlang_b(2.5, 1), "people must be a whole number from 1"),
        (lambda: erlang_b(3, -1), "offered_load must be 0 or more"),
        (lambda: erlang_c(3, 3), "load per person must be below 1"),
        (lambda: priority_waits([], 2.5, 3), "arrival_rates must hold at least one"),
        (lambda: priority_waits([1, 1], 2.5, 3), "it is 1.66667"),
        (lambda: priority_waits([-1], 2.5, 3), "arrival_rate must be 0 or more"),
        (lambda: priority_waits([0.1], 0, 3), "service_mean must be above 0"),
        (lambda: fluid_abandonment(0, 1, 3), "arrival_rate must be above 0"),
    ],
)
def test_impossible_desks_are_refused(ask, message):
    """Overload without patience and wrong numbers are named."""
    with pytest.raises(TheoryError, match=message):
        ask()
