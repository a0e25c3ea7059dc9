"""Labels: what is moved is called what its readers call it, and they are told more."""

from __future__ import annotations

import pytest

import simlib as sl
from simlib.explore.controls import controls_for


def control(name, path):
    """Return the control of one path of a packaged scenario, and the scenario."""
    scenario = sl.load(name)
    return scenario, controls_for(scenario, [path])[0]


@pytest.mark.parametrize(
    ("name", "path", "label"),
    [
        ("advertising", "sources.ads.meets.per_month",
         "ads: ad views per buyer and month"),
        ("unfunded_demand", "sources.search.meets.per_month",
         "search: visits per buyer and month (ready)"),
        ("enterprise", "sources.events.meets.per_month",
         "events: touches per buyer and month"),
        ("no_demand", "sources.calls.meets.in_all_per_month",
         "calls: touches a month in all"),
        ("search_spend", "sources.search.meets.first_meeting_costs",
         "search: first visit costs"),
        ("credit", "sources.brand_ads.meets.remember",
         "brand ads: remembered of each ad view"),
    ],
)  # fmt: skip
def test_a_meeting_is_called_what_it_is(name, path, label):
    """A visit, an ad view or a touch: to a marketer a meeting is one with sales."""
    found = control(name, path)[1].label

    assert label.removesuffix(" (ready)") == found


SAME = "What is paid by the month does not change with it."


@pytest.mark.parametrize(
    ("name", "path", "note"),
    [
        ("advertising", "sources.ads.meets.per_month", SAME),
        ("unfunded_demand", "sources.search.meets.per_month", SAME),
        ("no_demand", "sources.calls.meets.in_all_per_month", SAME),
        ("linkedin_budget", "sources.*.leads.per_month", SAME),
        ("advertising", "sources.ads.meets.stop", ""),
        ("cheap_lead", "sources.search.leads.per_month", ""),
    ],
)
def test_who_moves_how_many_is_told_that_the_price_stays(name, path, note):
    """Where a source is paid by the month, more of it costs no more; else no word."""
    assert note == control(name, path)[1].note


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("advertising", "sources.ads.meets.stop"),
        ("compounds_or_stops", "sources.content.leads.stop"),
    ],
)
def test_a_source_can_go_on_to_the_end(name, path):
    """The largest day on which it stops is no earlier than the end of the run."""
    scenario, one = control(name, path)

    assert one.high >= scenario.horizon


def test_a_definition_that_changes_says_what_it_becomes():
    """The choice is the one before the day; the words go on to the one after it."""
    path = "intent.mql_definition"
    _, changing = control("new_definition", path)
    _, lasting = control("routed_by_intent", path)

    assert changing.sentence("high_intent") == (
        "what counts as an MQL until that day: high intent only, then every lead"
    )
    assert lasting.sentence("sales_look") == ("what counts as an MQL: every lead")


def test_a_choice_is_set_apart_from_its_label():
    """No 'who is called first first come, first served'."""
    _, order = control("sales_desk", "teams.sdr.order")

    assert order.sentence("fifo") == (
        "sdr: who is called first: first come, first served"
    )
