"""Whether parts fit together: what must be accepted, and small helpers."""

from __future__ import annotations

import pytest
from small_scenario import GONE, edited, small

from simlib.scenario import Scenario
from simlib.scenario.checks import (
    MOST_LEADS,
    default_entry,
    default_leak,
    ways_out,
)
from simlib.scenario.rates import rate_of

BY_KIND = {"ready": 0.5, "not_yet": 0.2, "misfit": 0.1, "junk": 0.0}


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (0.3, 0.3),
        (BY_KIND, 0.2),
        ({"ads": 0.4, "default": 0.1}, 0.4),
        ({"website": 0.4, "default": 0.1}, 0.1),
        ({"website": 0.4, "default": BY_KIND}, 0.2),
        ({"website": 0.4}, 0.0),
    ],
)
def test_a_rate_is_found_in_any_form(rate, expected):
    """The rate of a not yet ready lead from an ad."""
    assert rate_of(rate, "ads", "not_yet") == expected


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("stages.captured.leak", GONE),
        ("stages.captured.visits", GONE),
        ("stages.captured.contact", GONE),
        ("stages.captured.patience", GONE),
        ("stages.captured.next.lost", {"rate": 0.5}),
        ("stages.captured.next.sql.rate", {"ads": 1, "default": 0.1}),
        ("stages.captured.next.sql.rate", {"ads": BY_KIND, "website": 0.1}),
        ("stages.spare", {"next": {"lost": {"rate": 1}}, "slots": "ae"}),
        ("stages.customer.anonymous", False),
        ("stages.customer.leak", None),
        ("sources.website.leads.stop", 0),
        ("sources.website.leads.per_month", 0),
        ("sources.website.leads.imports", [{"day": 500, "leads": 10_000_000}]),
        ("sources.website.entry", "nurture"),
        ("nurture", None),
        ("deal", GONE),
        ("teams.spare", {"people": 1}),
        ("teams.sdr.hot", {"ads": 0.9, "default": BY_KIND}),
        ("days_per_month", 7),
        ("horizon", 36_525),
    ],
)
def test_unusual_scenarios_are_accepted(path, value):
    """Whatever can be simulated is allowed, whether or not it is wise."""
    said = edited(path, value)
    if path == "nurture":
        said["stages"]["captured"]["leak"]["to"] = "lost"

    assert Scenario.of(said).name == "small"


def test_leads_that_all_pass_need_no_leak():
    """Where rates sum to 1 for all, no stage with `terminal: lost` is needed."""
    said = {
        "name": "all pass",
        "stages": {
            "first": {"next": {"a": {"rate": 0.5}, "b": {"rate": 0.5}}},
            "a": {"terminal": "won"},
            "b": {"terminal": "won"},
        },
        "sources": {"web": {"leads": {"per_day": 1}}},
    }

    assert default_leak(Scenario.of(said)) is None


def test_leads_enter_captured_or_the_first_stage():
    """`captured` is the usual entry, wherever it stands."""
    first = {"next": {"captured": {"rate": 1}}}
    scenario = Scenario.of(small())
    early = {"first": first, **small()["stages"]}
    without = {
        "first": {"next": {"customer": {"rate": 1}}},
        "customer": {"terminal": "won"},
    }
    other = {**small(), "stages": without, "nurture": None, "deal": None}

    assert ["captured", "captured", "first"] == [
        default_entry(scenario),
        default_entry(Scenario.of({**small(), "stages": early})),
        default_entry(Scenario.of(other)),
    ]


def test_ways_out_name_every_next_stage():
    """Transitions, the leak and the pool's two ends; an end has none."""
    scenario = Scenario.of(small())

    assert {
        "captured": ["sql", "nurture"],
        "sql": ["customer", "lost"],
        "nurture": ["captured", "lost"],
        "lost": [],
    } == {
        name: ways_out(name, scenario)
        for name in ("captured", "sql", "nurture", "lost")
    }


def test_a_run_may_hold_as_many_leads_as_the_limit_says():
    """Imports before the horizon and rates at their full height count together."""
    imports = [{"day": 1, "leads": 10_000_000}, {"day": 200, "leads": 10_000_000}]
    said = edited("sources.website.leads", {"imports": imports})
    said["sources"]["ads"]["leads"] = {"per_day": (MOST_LEADS - 10_000_000) / 100}

    assert Scenario.of(said).horizon == 100
