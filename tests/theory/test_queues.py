"""People who serve one queue, against reference numbers and limits."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import (
    PoissonCount,
    erlang_a_desk,
    erlang_c_desk,
    fluid_abandonment,
)

HOURS = 168
FIVE_MINUTES = 5 / 60


@pytest.mark.parametrize(
    ("leads", "rate", "wait", "queue", "at_once"),
    [
        (81, 0.482143, 0.198752, 0.095827, 0.865609),
        (150, 0.892857, 1.818577, 1.623730, 0.455552),
        (180, 1.071429, 6.257008, 6.703937, 0.204101),
    ],
)
def test_patient_leads(leads, rate, wait, queue, at_once):
    """Waits of M/M/3 grow thirtyfold from 81 to 180 leads a month."""
    desk = erlang_c_desk(leads / HOURS, 2.5, 3)
    found = (
        desk.arrival_rate,
        desk.wait_mean,
        desk.queue_mean,
        desk.served_within(FIVE_MINUTES),
    )
    assert found == printed((rate, wait, queue, at_once))


@pytest.mark.parametrize(
    ("leads", "patience", "expected"),
    [
        (
            81,
            16,
            "0.010122 0.161944 0.078080 0.397719 0.136848 0.151860 0.871472 80.180158",
        ),
        (
            150,
            16,
            "0.056249 0.899980 0.803553 0.702196 0.486382 0.853476 0.529998 141.562690",
        ),
        (
            300,
            16,
            "0.333316 5.333063 9.523326 0.992089 0.983274 6.107029 0.018369 200.005073",
        ),
        (
            300,
            40,
            "0.328246 13.129833 23.446130 0.999634 0.999227 15.502650 0.000850 "
            "201.526252",
        ),
    ],
)
def test_leads_with_patience(leads, patience, expected):
    """M/M/3+M: who gives up, who waits how long, how busy the reps are."""
    desk = erlang_a_desk(leads / HOURS, 2.5, 3, patience)
    found = (
        desk.abandonment,
        desk.wait_mean,
        desk.queue_mean,
        desk.utilisation,
        desk.wait_share,
        desk.wait_mean_served,
        desk.served_within(FIVE_MINUTES),
        desk.served_rate * HOURS,
    )
    assert found == printed(tuple(float(number) for number in expected.split()))


def test_slots_of_account_executives():
    """Sixty slots at 0.9 opportunities a day are nearly always full."""
    slots = erlang_a_desk(0.9, 72, 60, 14)
    found = (
        slots.abandonment,
        slots.wait_mean,
        slots.queue_mean,
        slots.utilisation,
        slots.served_rate,
    )
    assert found == printed((0.114701, 1.605807, 1.445227, 0.956123, 0.796770))


def test_slots_with_endless_patience():
    """At 0.75 a day, opportunities that never give up wait 3.9 days."""
    assert erlang_c_desk(0.75, 72, 60).wait_mean == printed(3.894731)


def test_patience_as_long_as_work_is_a_poisson_law():
    """Leads who leave at the rate of service: the number present is Poisson."""
    desk = erlang_a_desk(2.0, 2.5, 3, 2.5)
    assert desk.wait_share == pytest.approx(PoissonCount(2.0 * 2.5).at_least(3))


def test_endless_patience_is_erlang_c():
    """With a patience of centuries the desk is M/M/c."""
    endless, patient = erlang_a_desk(1, 2.5, 3, 1e9), erlang_c_desk(1, 2.5, 3)
    assert endless.wait_mean == pytest.approx(patient.wait_mean, rel=1e-6)
    assert endless.served_within(1.0) == pytest.approx(patient.served_within(1.0))


def test_patience_does_not_help_an_overloaded_desk():
    """Far over capacity the loss is the fluid limit, and sums do not overflow."""
    desk = erlang_a_desk(10, 2.5, 3, 1000)
    assert desk.abandonment == pytest.approx(fluid_abandonment(10, 2.5, 3), rel=1e-9)


def test_waits_of_patient_leads_have_their_law():
    """P(W <= t) of M/M/c is 1 - C e^(-(c mu - lambda) t)."""
    desk = erlang_c_desk(0.9, 2.5, 3)
    expected = 1 - desk.wait_share * math.exp(-(1.2 - 0.9) * 4.0)
    assert desk.served_within(4.0) == pytest.approx(expected)


@given(
    load=st.floats(0.05, 4),
    people=st.integers(1, 40),
    patience=st.floats(0.05, 50),
)
def test_a_desk_agrees_with_itself(load, people, patience):
    """Sums over states and integrals over waits tell the same story."""
    desk = erlang_a_desk(load * people, 1.0, people, patience)
    served = 1 - desk.abandonment
    assert desk.wait_mean == pytest.approx(desk.abandonment * patience)
    assert desk.mean_over_served(lambda _: 1.0) == pytest.approx(served, rel=1e-7)
    assert desk.mean_over_served(lambda wait: wait) == pytest.approx(
        served * desk.wait_mean_served, rel=1e-7, abs=1e-12
    )


def test_nobody_waits_less_than_nothing():
    """Served within no time are exactly those who need not wait."""
    desk = erlang_a_desk(1, 2.5, 3, 16)
    assert desk.served_within(0.0) == 1 - desk.wait_share


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: erlang_c_desk(-1, 2.5, 3), "arrival_rate must be above 0"),
        (lambda: erlang_c_desk(math.nan, 2.5, 3), "above 0 and finite; given: nan"),
        (lambda: erlang_c_desk(1.2, 2.5, 3), "load per person must be below 1"),
        (lambda: erlang_a_desk(1, 0, 3, 16), "service_mean must be above 0"),
        (lambda: erlang_a_desk(1, "2.5", 3, 16), "service_mean must be above 0"),
        (lambda: erlang_a_desk(1, 2.5, 0, 16), "people must be a whole number"),
        (lambda: erlang_a_desk(1, 2.5, 3, math.inf), "patience_mean must be above 0"),
        (lambda: erlang_a_desk(2, 2.5, 3, 1e20), "patience is so long"),
        (lambda: erlang_c_desk(1, 2.5, 3).served_within(-1), "wait must be 0 or more"),
    ],
)
def test_impossible_desks_are_refused(ask, message):
    """Wrong rates, people and patience are named."""
    with pytest.raises(TheoryError, match=message):
        ask()
