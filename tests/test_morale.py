"""Morale and trust: what a team makes of its leads, who quits, who comes (M21)."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from agreement import near

import simlib as sl
from simlib import calendars, morale
from simlib.errors import LogError, ScenarioError
from simlib.log import read_log
from simlib.metrics import metrics_by_source, metrics_of
from simlib.plan import compiled
from simlib.run import simulate

MONTH = 30.4375
UNTOUCHED = {"weight_of_trust": 0, "weight_of_backlog": 0, "quits_per_year": 0}
LOG = ("time", "lead", "event", "stage", "reason", "kind")


def desk(**changes: object) -> sl.Scenario:
    """Return 24 months of a flooded desk whose people have morale."""
    said = {"teams.sdr.morale": {}, "horizon": 168, **changes}
    return sl.load("flood_300").changed(said)


def mood(**changes: object) -> morale.Mood:
    """Return the mood of three people with the usual settings, on the first morning."""
    usual = compiled(desk()).teams[0].mood
    assert usual is not None
    return dataclasses.replace(usual, **changes)


def seats() -> list[morale.Seat]:
    """Return three places with people in them."""
    return [morale.Seat() for _ in range(3)]


def endless() -> list[float]:
    """Return people who put up with anything."""
    return [math.inf] * (3 * mood().stays)


# --- the rules -----------------------------------------------------------------------


def test_morale_heads_for_what_backlog_and_trust_make_of_it():
    """Half is lost to a backlog of three a person, half to trust that is gone."""
    heads = [
        morale.heading(mood(trust=trust), waiting)
        for trust, waiting in [(0.35, 0), (0.35, 9), (0.35, 90), (0, 0), (0.175, 4.5)]
    ]

    assert heads == pytest.approx([1, 0.5, 0.5, 0.5, 0.5])


def test_trust_that_is_whole_cannot_be_more_than_whole():
    """More good leads than expected lift nobody above a morale of 1."""
    assert morale.heading(mood(trust=0.9), 0) == 1


def test_a_desk_without_people_has_all_the_backlog_it_can_have():
    """Nobody present is as bad as any backlog, and no division by nobody."""
    assert morale.heading(mood(present=0), 0) == 0.5


def test_morale_goes_two_thirds_of_its_way_in_twenty_days():
    """After 20 working days 63% of the way is gone, after 60 95%."""
    now, left = mood(quits=0.0), []
    for _ in range(60):
        morale.pass_evening(now, seats(), endless(), 90)
        left.append(now.morale - 0.5)

    assert (left[19], left[59]) == pytest.approx(
        (0.5 * math.exp(-1), 0.5 * math.exp(-3))
    )


def test_trust_is_the_share_of_the_last_leads():
    """From .35, fifty good leads bring trust to .76, and fifty bad ones back to .28."""
    now = mood()
    for was_good in [1.0] * 50 + [0.0] * 50:
        morale.judge(now, was_good)
        if now.trust > 0.75:
            highest = now.trust

    assert (highest, now.trust) == pytest.approx((0.763, 0.278), abs=0.001)


def test_work_slows_with_morale_and_with_newcomers():
    """Pace .6 without morale; with one of three at half output five sixths of it."""
    paces = [
        morale.pace_of(mood(morale=low, learning=learning))
        for low, learning in [(1, 0), (0, 0), (1, 1), (0, 1)]
    ]

    assert paces == pytest.approx([1, 0.6, 5 / 6, 0.5])


def test_a_quitter_leaves_a_place_that_is_filled_and_learned():
    """Empty for two evenings, then learning for three, then full, by another holder."""
    now = mood(quits=1.0, exponent=0.0, empty_days=2, learning_days=3, stays=2)
    stays = [0.5, math.inf] + [math.inf] * 4
    chairs, told = seats(), []
    for _ in range(7):
        change = morale.pass_evening(now, chairs, stays, 0)
        told.append((change, now.present, now.learning))

    assert (
        told == [(-1, 2, 0), (0, 2, 0), (1, 3, 1)] + [(0, 3, 1)] * 2 + [(0, 3, 0)] * 2
    )
    assert (now.quitted, chairs[0].holder) == (1, 1)


def test_low_morale_multiplies_the_chance_of_quitting():
    """At no morale it is e squared of that at full morale."""
    fed_up = []
    for low in (1.0, 0.0):
        now, chairs = mood(morale=low, gain=0.0), seats()
        morale.pass_evening(now, chairs, endless(), 0)
        fed_up.append(chairs[0].fed_up)

    assert fed_up[1] / fed_up[0] == pytest.approx(math.exp(2))


def test_evenings_are_the_ends_of_working_days():
    """Twenty-one in a month where nobody shuts, else each closing time."""
    always = morale.evenings(calendars.ALWAYS_ON, 2 * MONTH, MONTH)
    office = morale.evenings(calendars.BUSINESS_HOURS, 14, MONTH)

    assert (len(always), always[0]) == (41, pytest.approx(MONTH / 21))
    assert office == [day + 17 / 24 for week in (0, 7) for day in range(week, week + 5)]


# --- in a run ------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["simpy", "fast"])
def test_people_whom_nothing_touches_change_nothing(engine):
    """With all weights at 0 the log is, line by line, that of a desk without morale."""
    off = sl.load("flood_300").changed({"horizon": 28})
    on = off.changed({"teams.sdr.morale": UNTOUCHED})
    pair = [simulate(world, 1, engine=engine).log for world in (off, on)]
    columns = [[getattr(log, name).tolist() for name in LOG] for log in pair]

    assert columns[0] == columns[1]


def test_a_desk_without_morale_is_what_it_was():
    """Off by default: no evenings, no figures, and the digest of the file as it was."""
    off = sl.load("sales_desk")
    on = off.changed({"teams.sdr.morale": {}})
    log = simulate(off.changed({"horizon": 7})).log

    assert (log.evenings, off.digest) == (
        None,
        on.changed({"teams.sdr.morale": None}).digest,
    )
    assert off.digest != on.digest


def test_places_empty_and_fill_as_a_renewal_process():
    """At full morale a place is held 1 / .35 years, then empty for 1.48 months."""
    changes = {f"teams.sdr.morale.{key}": 0 for key in list(UNTOUCHED)[:2]}
    steady = desk(**{"horizon": 2800, "sources.all_leads.leads.per_month": 1}).changed(
        {**changes, "teams.sdr.people": 200}
    )
    runs = [metrics_of(simulate(steady, 1, number)) for number in range(6)]
    held, empty = 1 / 0.35, 1.48 / 12

    assert 200 / (held + empty) == near(
        [run["quits.sdr"] / (400 / 12) for run in runs], 0.02
    )
    assert empty / (held + empty) == near(
        [run["vacant.sdr.share"] for run in runs], 0.04
    )


def test_what_is_told_of_the_evenings():
    """People present and places vacant are all the places; quits only ever rise."""
    run = simulate(desk(), 3)
    table, figures = sl.funnel.morale(run.log), metrics_of(run)

    assert len(table) == len(run.log.evenings) == 24 * 21 - 1
    assert set(table["present"] + table["vacant"]) == {3}
    assert (np.diff(table["quits"]) >= 0).all()
    assert table["quits"].iloc[-1] == figures["quits.sdr"] > 0
    assert table["morale"].mean() == pytest.approx(figures["morale.sdr.mean"])
    assert math.isnan(metrics_by_source(run)["all_leads"]["quits.sdr"])


def test_while_a_place_is_empty_fewer_work_at_once():
    """Nobody more than present, but for who finishes what is in hand."""
    log = simulate(desk(), 3).log
    table, hands = sl.funnel.morale(log), sl.funnel.queue_length(log, 1 / 3)
    present = table["present"].to_numpy()
    in_hand = hands["in_hand"].to_numpy()[1 : len(present) + 1]

    assert (in_hand - present).max() <= 1
    assert (in_hand[present == 2] <= 2).mean() > 0.9


def test_ignored_leads_leave_at_once_and_for_that_reason():
    """Where trust is gone some leads never join the queue."""
    log = simulate(desk(**{"teams.sdr.morale": {"ignores": 1}}), 1).log
    lost = sl.funnel.losses(log).set_index("reason")["count"]
    joined = sl.funnel.response_times(log)["joined"][0]

    assert lost["ignored"] > 1000
    assert joined + lost["ignored"] == sl.funnel.by_stage(log)["reached"][1]


def test_evenings_are_kept_with_the_log(tmp_path):
    """Parquet keeps them to the last bit, and a CRM view has none."""
    log = simulate(desk(horizon=14), 1).log
    again = read_log(log.write(tmp_path / "log.parquet"))

    assert again.evenings.tolist() == log.evenings.tolist()
    with pytest.raises(LogError, match="no team in this log has it"):
        sl.funnel.morale(log.crm())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"teams.sdr.morale.expects": 0}, "teams.sdr.morale.expects"),
        ({"teams.sdr.morale.vacancy_months": 0}, "teams.sdr.morale.vacancy_months"),
        ({"teams.sdr.people": 201}, "is for at most 200 people; given: 201"),
        ({"teams.sdr.morale.moral": 1}, "unknown key"),
    ],
)
def test_impossible_people_are_refused(changes, message):
    """Each wrong value is named."""
    with pytest.raises(ScenarioError, match=message):
        desk().changed(changes)


def test_who_lends_slots_has_no_morale():
    """Slots are held, not worked: their people have nothing to be judged by."""
    slots = {"stages.opportunity.slots": "ae", "teams.ae": {"people": 2, "morale": {}}}

    with pytest.raises(ScenarioError, match="opportunity holds their slots"):
        sl.load("sales_desk").changed(slots)
