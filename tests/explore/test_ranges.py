"""Ranges: round on the screen, exact in the run, honest about what they stand on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import simlib as sl
from simlib.explore.controls import controls_for
from simlib.explore.known import BEHIND, KNOWN, STRENGTHS
from simlib.explore.ranges import nice, shown


@pytest.mark.parametrize(("step", "found"), [(0.0137, 0.01), (3.2, 2), (50, 50)])
def test_steps_are_round(step, found):
    """One, two or five times a power of ten."""
    assert found == nice(step)


def test_ends_and_steps_are_round():
    """A calibrated rate stays as it is; its slider ends and stops at round numbers."""
    path = "stages.opportunity.next.customer.rate"
    firm = sl.load("sales_desk").changed({path: 0.274104, "horizon": 547.875})
    rate, days = controls_for(firm, [path, "horizon"])

    assert (0.274104, 547.875) == (rate.start, days.start)
    assert (15, 35) == (rate.low * rate.factor, rate.high * rate.factor)
    assert (135, 1100, 5) == (days.low, days.high, days.step)


@pytest.mark.parametrize(
    ("number", "text"),
    [(547.875, "548"), (730.5, "731"), (27.4104, "27.41"), (1826.25, "1,826")],
)
def test_four_digits_are_enough_for_the_eye(number, text):
    """Days and rates of a fit are shown without their tail, halves rounded up."""
    assert text == shown(number)


@pytest.mark.parametrize(
    ("wish", "evidence", "behind"),
    [
        (None, "weak evidence (C)", "vendor's or an agency's figure.* \\[V15\\]"),
        ((0.1, 0.5), "chosen here", "chosen by whoever made this"),
    ],
)
def test_a_range_says_what_it_stands_on(wish, evidence, behind):
    """The strength in words and letter, and in full with its mark."""
    path = "stages.opportunity.next.customer.rate"
    (one,) = controls_for(sl.load("sales_desk"), {path: wish})

    assert evidence == one.evidence
    assert re.search(behind, one.behind)


def test_a_range_that_had_to_grow_says_so():
    """Half of the opportunities won lies outside the evidence."""
    path = "stages.opportunity.next.customer.rate"
    firm = sl.load("sales_desk").changed({path: 0.5})

    assert "wider here" in controls_for(firm, [path])[0].behind


def test_strengths_are_those_of_the_page_on_evidence():
    """Each letter means what the table says, and each mark is listed there."""
    text = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text("utf-8")
    marks = {mark for known in KNOWN for mark in known.marks.split(", ") if mark}

    assert set(BEHIND) == set(STRENGTHS)
    assert [one for one in BEHIND if f"| {one} | {BEHIND[one]} |" not in text] == []
    assert [mark for mark in marks if f"| {mark} |" not in text] == []
    assert {known.strength for known in KNOWN} <= set(STRENGTHS)


def test_what_is_wished_ends_where_the_schema_does():
    """Nobody can move a desk to no people, which a scenario file forbids."""
    firm = sl.load("sales_desk")
    (people,) = controls_for(firm, {"teams.sdr.people": (0, 4)})

    assert (1, 4) == (people.low, people.high)


WON = "stages.opportunity.next.customer.rate"
LOST = "stages.opportunity.next.lost.rate"


def fitted(won, lost):
    """A firm of which every opportunity is won or lost, as a fit has it."""
    return sl.load("sales_desk").changed(
        {"stages.opportunity.next": {"customer": {"rate": won}, "lost": {"rate": lost}}}
    )


def test_a_fitted_rate_has_room_above_it():
    """Its range ends where evidence does, not at today's value: losses give way."""
    firm = fitted(0.274104, 0.725896)
    (rate,) = controls_for(firm, [WON])

    assert (0.274104, 0.15, 0.35) == (rate.start, rate.low, rate.high)
    assert {WON: 0.35, LOST: 0.65} == rate.changes(firm, 0.35)
    assert {WON: 0.15} == rate.changes(firm, 0.15)


def test_losses_give_way_for_one_source_alone():
    """A rate by source takes from the losses of that source, and no further."""
    firm = fitted(
        {"all_leads": 0.3, "default": 0.2}, {"all_leads": 0.6, "default": 0.8}
    )
    (rate,) = controls_for(firm, {f"{WON}.all_leads": (0, 1)})

    assert {f"{WON}.all_leads": 0.4} == rate.changes(firm, 0.4)
    assert {f"{WON}.all_leads": 1.0, f"{LOST}.all_leads": 0.0} == rate.changes(
        firm, 1.0
    )


def test_only_what_is_lost_gives_way():
    """Two ways onward that sum to 1 leave each other as they are, as before."""
    onward = {"customer": {"rate": 0.4}, "opportunity": {"rate": 0.6}}
    firm = sl.load("sales_desk").changed({"stages.sql.next": onward})
    path = "stages.sql.next.opportunity.rate"
    (rate,) = controls_for(firm, [path])

    assert {path: 0.5} == rate.changes(firm, 0.5)
    assert 0.6 == rate.high
