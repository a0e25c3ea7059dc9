"""Controls: which values can be moved, how far, and what a setting changes."""

from __future__ import annotations

import pytest

import simlib as sl
from simlib.explore import rules
from simlib.explore.controls import controls_for, nice


def control(name, path, wish=None):
    """Return the control of one path of a packaged scenario, and the scenario."""
    scenario = sl.load(name)
    return scenario, controls_for(scenario, {path: wish})[0]


@pytest.mark.parametrize("name", sl.names())
def test_every_packaged_scenario_has_controls_that_work(name):
    """Up to six of them, and both ends of each are scenarios that can be."""
    scenario = sl.load(name)
    controls = controls_for(scenario)

    assert 1 <= len(controls) <= 6
    for one in controls:
        for end in one.choices or (one.low, one.high):
            scenario.changed(one.changes(scenario, one.checked(end)))


@pytest.mark.parametrize("name", sl.names())
def test_the_start_changes_nothing(name):
    """Where a control begins, the scenario is as it was, and lies in the range."""
    scenario = sl.load(name)

    for one in controls_for(scenario):
        assert one.changes(scenario, one.start) == {}
        assert one.choices or one.low <= one.start <= one.high


def test_a_rate_is_shown_in_percent_within_the_evidence():
    """Won opportunities: 15% to 35%, of which today's 22% is one."""
    _, one = control("sales_desk", "stages.opportunity.next.customer.rate")

    assert (15, 22, 35, "%") == (
        one.low * one.factor,
        one.start * one.factor,
        one.high * one.factor,
        one.unit,
    )


def test_a_lag_that_is_short_is_shown_in_hours():
    """Two and a half hours of work, and not a tenth of a day; its mean is moved."""
    scenario, one = control("sales_desk", "stages.mql.work")

    assert ("stages.mql.work.mean", "hours") == (one.path, one.unit)
    assert pytest.approx(2.5) == one.start * one.factor
    assert one.changes(scenario, 0.2) == {"stages.mql.work.mean": 0.2}


def test_rates_that_differ_by_kind_are_moved_by_a_factor():
    """Twice the rates of all kinds, none above 1."""
    scenario, one = control("leaky_bucket", "stages.captured.next.sql.rate")
    changed = scenario.changed(one.changes(scenario, 2.0))

    assert "times today" == one.unit
    assert {"ready": 0.56, "not_yet": 0.12, "misfit": 0.008, "junk": 0} == dict(
        changed.stages["captured"].next["sql"].rate
    )


def test_a_star_moves_every_source():
    """Half the leads of all three sources."""
    scenario, one = control("linkedin_budget", "sources.*.leads.per_month")
    changed = scenario.changed(one.changes(scenario, 0.5))

    assert [47, 62.5, 12.5] == [
        source.leads.per_month for source in changed.sources.values()
    ]


def test_sources_counted_by_the_day_move_as_well():
    """Where three sources have leads a day, as after a fit, a star moves them all."""
    names = ("referral", "search", "webinar")
    by_day = {f"sources.{name}.leads.per_day": 2.0 for name in names}
    scenario = sl.load("growing_firm").changed(by_day)
    one = controls_for(scenario)[0]

    assert "sources.*.leads.per_day" == one.path
    assert dict.fromkeys(by_day, 1.0) == one.changes(scenario, 0.5)


def test_a_star_reads_the_scenario_once(monkeypatch):
    """However many sources there are, all is written out one time for a move."""
    scenario, one = control("baseline", "sources.*.leads.per_month")
    asked = []

    def counted(given):
        asked.append(given.name)
        return given.model_dump(mode="json")

    monkeypatch.setattr(rules, "said", counted)
    one.changes(scenario, 2.0)

    assert [scenario.name] == asked


def test_another_share_of_a_mix_leaves_a_sum_of_one():
    """More junk, and the other kinds shrink in proportion."""
    scenario, one = control("textbook", "sources.website.mix.junk")
    mix = scenario.changed(one.changes(scenario, 0.45)).sources["website"].mix

    assert pytest.approx(1) == sum(mix.values())
    assert pytest.approx(0.27 * 0.55 / 0.77) == mix["ready"]


def test_people_are_whole():
    """Three people may become one to nine, one by one."""
    _, one = control("sales_desk", "teams.sdr.people")

    assert (1, 9, 1) == (one.low, one.high, one.step)
    assert type(one.checked(4.0)) is int


def test_names_become_choices():
    """The order of service is chosen among those that the schema knows."""
    _, one = control("sales_desk", "teams.sdr.order")

    assert ("fifo", "lifo", "hot_first") == one.choices


def test_a_user_may_say_range_and_label():
    """What is wished comes before what is known."""
    _, one = control(
        "sales_desk", "teams.sdr.people", {"low": 2, "high": 4, "label": "the desk"}
    )

    assert (2, 4, "the desk") == (one.low, one.high, one.label)


def test_who_has_no_name_yet_is_a_visitor():
    """A source that brings visitors is not said to bring leads."""
    _, one = control("leaky_bucket", "sources.website.leads.per_month")

    assert "website: visitors a month" == one.label


@pytest.mark.parametrize(("step", "found"), [(0.0137, 0.01), (3.2, 2), (50, 50)])
def test_steps_are_round(step, found):
    """One, two or five times a power of ten."""
    assert found == nice(step)
