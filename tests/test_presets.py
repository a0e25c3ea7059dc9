"""The presets give figures that their evidence allows: docs/evidence.md has bands."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

import simlib as sl
from simlib.studies import Study

Band = tuple[float, float]


@dataclass(frozen=True)
class Bands:
    """What a preset's means over its whole horizon have to lie in."""

    lead_to_customer: Band
    payback_months: Band
    win_rate: Band
    days_to_customer: Band
    busy: Band | None = None


BANDS = {
    "enterprise": Bands((0.01, 0.05), (15, 26), (0.10, 0.25), (150, 280), (0.2, 0.8)),
    "mid_market": Bands((0.01, 0.05), (12, 20), (0.15, 0.35), (70, 130), (0.3, 0.8)),
    "small_business": Bands((0.04, 0.10), (7, 14), (0.20, 0.35), (15, 40), (0.3, 0.8)),
    "self_serve": Bands((0.15, 0.30), (4, 12), (0.20, 0.40), (5, 30)),
    "b2c": Bands((0.15, 0.35), (2, 10), (0.20, 0.40), (0, 5)),
}


@pytest.fixture(scope="module", params=BANDS)
def preset(request) -> tuple[Study, Bands]:
    """Six runs of a preset, and its bands."""
    study = sl.replicate(sl.load(request.param), replications=6, seed=1)
    return study, BANDS[request.param]


def test_a_preset_lies_in_its_bands(preset):
    """LCR, payback, wins and time to customer are what the evidence allows."""
    study, bands = preset
    expected = {
        "conversion.lead_to_customer": bands.lead_to_customer,
        "payback_months": bands.payback_months,
        "win_rate": bands.win_rate,
        "days_to_customer.median": bands.days_to_customer,
    }
    found = {name: study.values(name).mean() for name in expected}
    outside = {
        name: found[name]
        for name, (low, high) in expected.items()
        if not low <= found[name] <= high
    }

    assert outside == {}


def test_the_desk_of_a_preset_is_neither_idle_nor_flooded(preset):
    """Each team is busy for a share of its time that a firm could live with."""
    study, bands = preset
    busy = {
        team: study.values(f"utilisation.{team}").mean()
        for team in study.scenario.teams
    }

    assert (bands.busy is None) == (busy == {})
    assert all(bands.busy[0] <= share <= bands.busy[1] for share in busy.values())


def test_leads_come_from_many_sources(preset):
    """At least eight sources bring leads to a preset, so that a class can compare."""
    study, _ = preset
    log = sl.simulate(study.scenario, seed=1).log

    assert len(set(log.leads.source.tolist())) >= 8


def test_more_memory_means_more_raised_hands(preset):
    """A preset's demand can be changed: who is forgotten sooner is asked less often."""
    study, _ = preset
    fading = study.scenario.changed({"market.memory.half_life": 20})
    study = sl.compare({"as it is": study.scenario, "fading": fading}, replications=2)

    assert study.difference("hand_raisers").high < 0
