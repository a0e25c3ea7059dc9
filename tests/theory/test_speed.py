"""Speed to lead, against reference numbers."""

from __future__ import annotations

import math

import pytest
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import (
    ContactCurve,
    ExponentialCurve,
    contact_at_desk,
    erlang_c_desk,
    odds_ratio,
)

HOURS = 168
CURVE = ContactCurve(half_at=45, power=0.5)  # minutes
IN_HOURS = ContactCurve(half_at=0.75, power=0.5)


def test_chance_of_contact_by_response_time():
    """Steep in the first minutes, flat after a day."""
    found = CURVE([1, 5, 10, 30, 60, 120, 1440, 2520])
    assert list(found) == printed(
        [
            *(0.870268, 0.750000, 0.679623, 0.550510),
            *(0.464102, 0.379796, 0.150221, 0.117878),
        ]
    )


def test_five_minutes_against_a_day():
    """Five minutes reach five times as many as a day, six times as 42 hours."""
    found = CURVE(5) / CURVE(1440), CURVE(5) / CURVE(2520)
    assert found == printed((4.992641, 6.362486))


@pytest.mark.parametrize(
    ("power", "ratio"), [(0.5, printed(2.449490)), (1.7, printed(21.0, 0))]
)
def test_odds_of_five_against_thirty_minutes(power, ratio):
    """The famous 21 is an odds ratio, and needs a far steeper curve."""
    assert odds_ratio(ContactCurve(45, power), 5, 30) == ratio


@pytest.mark.parametrize(("leads", "contact"), [(81, 0.776794), (150, 0.582690)])
def test_contact_through_a_desk(leads, contact):
    """Waits at a patient desk and two minutes of dialling, through the curve."""
    desk = erlang_c_desk(leads / HOURS, 2.5, 3)
    assert contact_at_desk(desk, IN_HOURS, dial=2 / 60) == printed(contact)


@pytest.mark.parametrize(("leads", "contact"), [(81, 0.696015), (150, 0.472245)])
def test_exponential_curve_through_a_desk(leads, contact):
    """The integral over waits is the closed form of the exponential curve."""
    desk = erlang_c_desk(leads / HOURS, 2.5, 3)
    spare, waits = 3 / 2.5 - desk.arrival_rate, desk.wait_share
    closed = 0.10 + 0.65 * (1 - waits + waits * spare / (spare + 1))
    curve = ExponentialCurve(first=0.75, floor=0.10, tau=1.0)
    assert (contact_at_desk(desk, curve), closed) == printed((contact, contact))


def test_the_ends_of_the_curves():
    """At once everybody who can be is reached; never is the floor."""
    assert list(CURVE([0, math.inf])) == [1.0, 0.0]
    assert list(ExponentialCurve(0.75, 0.1, 60)([0, math.inf])) == [0.75, 0.1]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: ContactCurve(0), "half_at must be above 0"),
        (lambda: ContactCurve(45, -1), "power must be above 0"),
        (lambda: CURVE(-1), "delay must be 0 or more; given: -1"),
        (lambda: CURVE([1, math.nan]), "delay must be 0 or more"),
        (lambda: CURVE("soon"), "delay must be a number; given: 'soon'"),
        (lambda: ExponentialCurve(1.2, 0.1, 60), "first must be a share"),
        (lambda: ExponentialCurve(0.7, 0.1, 0), "tau must be above 0"),
        (lambda: odds_ratio(CURVE, 0, 5), "odds need a chance between 0 and 1"),
        (
            lambda: contact_at_desk(erlang_c_desk(1, 2.5, 3), CURVE, -1),
            "dial must be 0 or more",
        ),
    ],
)
def test_impossible_curves_are_refused(ask, message):
    """Wrong shapes and delays are named."""
    with pytest.raises(TheoryError, match=message):
        ask()
