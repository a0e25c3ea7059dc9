"""The parts of a scenario: their defaults, and that nobody can change them."""

from __future__ import annotations

import datetime as dt

import pytest
from pydantic import ValidationError
from small_scenario import edited, small

from simlib.scenario import Scenario


def test_defaults_are_those_of_the_papers():
    """Who says nothing gets two years, a Monday, and the usual mix of kinds."""
    said = small()
    del said["horizon"]
    scenario = Scenario.of(said)

    assert (730, dt.date(2025, 1, 6), 30.4375, "USD") == (
        scenario.horizon,
        scenario.start,
        scenario.days_per_month,
        scenario.currency,
    )
    assert scenario.sources["website"].mix == {
        "ready": 0.27,
        "not_yet": 0.40,
        "misfit": 0.10,
        "junk": 0.23,
    }


def test_whole_numbers_may_stand_for_decimals():
    """`horizon: 100` is the same as `horizon: 100.0`."""
    assert Scenario.of(edited("horizon", 100)).digest == (
        Scenario.of(edited("horizon", 100.0)).digest
    )


@pytest.mark.parametrize(
    ("rates", "mean"), [(0.2, 0.2), ({"not_yet": 0.3}, 0.3), ({"ready": 0.3}, 0.0)]
)
def test_waking_may_differ_by_kind(rates, mean):
    """A kind that is left out never wakes."""
    nurture = Scenario.of(edited("nurture.ready_per_month", rates)).nurture

    assert nurture is not None
    assert nurture.ready_rate("not_yet") == mean


def test_a_deal_knows_its_mean():
    """A distribution of contract values counts by its mean."""
    deal = Scenario.of(
        edited("deal.value", {"dist": "lognormal", "mean": 5000, "cv": 2})
    ).deal

    assert deal is not None
    assert deal.mean_value() == pytest.approx(5000)


@pytest.mark.parametrize("start", ["2025-03-03", dt.date(2025, 3, 3)])
def test_a_date_may_be_a_text(start):
    """YAML gives a text, Python a date."""
    assert Scenario.of(edited("start", start)).start == dt.date(2025, 3, 3)


def test_nothing_can_be_changed():
    """Neither a field, nor a named part, nor a field of a part."""
    scenario = Scenario.of(small())

    with pytest.raises(ValidationError, match="frozen"):
        scenario.horizon = 5
    with pytest.raises(ValidationError, match="frozen"):
        scenario.teams["sdr"].people = 5
    with pytest.raises(TypeError, match="never changes"):
        scenario.teams["new"] = scenario.teams["sdr"]
    with pytest.raises(TypeError, match="never changes"):
        scenario.sources["ads"].mix["ready"] = 0.5
