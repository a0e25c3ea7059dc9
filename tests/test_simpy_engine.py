"""The definition of the model, told as the lives of a few leads.

Each test is a tiny scenario with nothing left to chance, and one look at all that
happened. The fast engine must tell the same stories.
"""

from __future__ import annotations

from typing import Any

import pytest

from simlib.run import simulate
from simlib.scenario import Scenario

Said = dict[str, Any]
Story = list[tuple[float, int, str, str]]


@pytest.fixture(params=["simpy", "fast"])
def engine(request):
    """Each of the two engines."""
    return request.param


def leads(*days: float, **others: Any) -> Said:
    """Return a source whose leads are imported, one on each day, all ready."""
    imports = [{"day": day, "leads": 1} for day in days]
    return {"leads": {"imports": imports}, "mix": {"ready": 1}, **others}


def scenario(stages: Said, *, horizon: float = 10, **others: Any) -> Scenario:
    """Return a scenario with two ends and, unless said otherwise, one lead."""
    ends = {"won": {"terminal": "won"}, "lost": {"terminal": "lost"}}
    said = {"name": "tiny", "horizon": horizon, "stages": {**stages, **ends}}
    return Scenario.of({**said, "sources": {"web": leads(0)}, **others})


def story(engine: str, said: Scenario, *only: str) -> Story:
    """Return what happens: (day, lead, event, stage and reason), some events or all."""
    frame = simulate(said, engine=engine).log.frame
    where = frame["stage"].astype(str) + " " + frame["reason"].astype(str)
    rows = zip(
        frame["time"].round(9),
        frame["lead"],
        frame["event"],
        where.str.strip(),
        strict=True,
    )
    return [row for row in rows if not only or row[2] in only]


WORK = {"team": "sdr", "work": 2, "next": {"won": {"rate": 1}}}
ONE = {"sdr": {"people": 1}}


def test_a_walk_needs_nobody(engine):
    """A lead takes each way that is certain, and the way's lag passes in between."""
    said = scenario(
        {
            "captured": {"next": {"mql": {"rate": 1, "lag": 1.5}}},
            "mql": {"next": {"won": {"rate": 1, "lag": 2}}},
        }
    )

    assert story(engine, said) == [
        (0.0, 0, "enter", "captured"),
        (1.5, 0, "enter", "mql"),
        (3.5, 0, "enter", "won"),
    ]


def test_a_source_may_take_its_time(engine):
    """Lags of a source with `lag_times: 1.5` pass in half as many days again."""
    said = scenario(
        {
            "captured": {"next": {"mql": {"rate": 1, "lag": 1}}},
            "mql": {"slots": "ae", "next": {"won": {"rate": 1, "lag": 2}}},
        },
        teams={"ae": {"people": 2, "slots_per_person": 1}},
        sources={"web": leads(0), "inbound": leads(0, lag_times=1.5)},
    )

    assert story(engine, said, "enter") == [
        (0.0, 0, "enter", "captured"),
        (0.0, 1, "enter", "captured"),
        (1.0, 0, "enter", "mql"),
        (1.5, 1, "enter", "mql"),
        (3.0, 0, "enter", "won"),
        (4.5, 1, "enter", "won"),
    ]


def test_a_leak_has_a_reason(engine):
    """Whom no transition takes leaks, with the leak's own reason and lag."""
    leak = {"to": "lost", "lag": 1, "reason": "no budget"}
    said = scenario({"captured": {"next": {"won": {"rate": 0}}, "leak": leak}})

    assert story(engine, said) == [
        (0.0, 0, "enter", "captured"),
        (1.0, 0, "enter", "lost no budget"),
    ]


def test_the_default_leak_is_at_once_to_the_first_lost(engine):
    """Without a leak of its own a stage leaks to the first lost stage, at once."""
    said = scenario({"captured": {"next": {"won": {"rate": 0}}}})

    assert (0.0, 0, "enter", "lost leaked") == story(engine, said)[-1]


def test_a_person_works_on_one_lead_at_a_time(engine):
    """The second lead waits until the first one's work is done, and no longer."""
    said = scenario({"captured": WORK}, teams=ONE, sources={"web": leads(0, 1)})

    assert story(engine, said) == [
        (0.0, 0, "enter", "captured"),
        (0.0, 0, "queue", "captured"),
        (0.0, 0, "start", "captured"),
        (1.0, 1, "enter", "captured"),
        (1.0, 1, "queue", "captured"),
        (2.0, 0, "finish", "captured"),
        (2.0, 0, "enter", "won"),
        (2.0, 1, "start", "captured"),
        (4.0, 1, "finish", "captured"),
        (4.0, 1, "enter", "won"),
    ]


def test_who_has_no_patience_left_goes_cold(engine):
    """A lead that waits for longer than its patience gives up and goes its own way."""
    cold = {"to": "lost", "lag": 1, "reason": "bought elsewhere"}
    said = scenario(
        {"captured": {**WORK, "patience": 1.5, "went_cold": cold}},
        teams=ONE,
        sources={"web": leads(0, 0.25, 1)},
    )

    assert story(engine, said, "start", "give_up", "enter") == [
        (0.0, 0, "enter", "captured"),
        (0.0, 0, "start", "captured"),
        (0.25, 1, "enter", "captured"),
        (1.0, 2, "enter", "captured"),
        (1.75, 1, "give_up", "captured"),
        (2.0, 0, "enter", "won"),
        (2.0, 2, "start", "captured"),
        (2.75, 1, "enter", "lost bought elsewhere"),
        (4.0, 2, "enter", "won"),
    ]


def test_a_start_exactly_at_the_deadline_counts(engine):
    """Work ends before patience does: who is reached at the last moment is served."""
    said = scenario(
        {"captured": {**WORK, "patience": 1}},
        teams=ONE,
        sources={"web": leads(0, 1)},
    )

    assert story(engine, said, "start", "give_up") == [
        (0.0, 0, "start", "captured"),
        (2.0, 1, "start", "captured"),
    ]


@pytest.mark.parametrize(
    ("order", "served"), [("fifo", [0, 1, 2, 3]), ("lifo", [0, 3, 2, 1])]
)
def test_order_of_service(engine, order, served):
    """First come first served, or the latest one first."""
    said = scenario(
        {"captured": WORK},
        teams={"sdr": {"people": 1, "order": order}},
        sources={"web": leads(0, 0.5, 1, 1.5)},
    )

    assert served == [lead for _, lead, *_ in story(engine, said, "start")]


def test_hot_ones_first(engine):
    """Who looks hot is served before everybody else, and both in order of arrival."""
    said = scenario(
        {"captured": WORK},
        teams={
            "sdr": {**ONE["sdr"], "order": "hot_first", "hot": {"ads": 1, "web": 0}}
        },
        sources={"web": leads(0, 0.5, 1), "ads": leads(1.25, 1.5)},
    )

    assert [0, 3, 4, 1, 2] == [lead for _, lead, *_ in story(engine, said, "start")]


def test_people_go_home(engine):
    """Work pauses overnight, and who comes at night is served in the morning."""
    said = scenario(
        {"captured": {**WORK, "work": 0.75}},
        teams={"sdr": {"people": 1, "calendar": "business_hours"}},
        sources={"web": leads(0, 4.5)},
    )

    assert story(engine, said, "start", "finish") == [
        (round(9 / 24, 9), 0, "start", "captured"),
        (round(15 / 24, 9), 0, "finish", "captured"),
        (4.5, 1, "start", "captured"),  # Friday noon: 5 of 6 hours are left that day
        (round(7 + 10 / 24, 9), 1, "finish", "captured"),
    ]


def test_a_slot_is_held_until_the_lead_is_gone(engine):
    """A slot is taken on entering and given back when the chosen way's lag is over."""
    said = scenario(
        {"captured": {"slots": "ae", "next": {"won": {"rate": 1, "lag": 3}}}},
        teams={"ae": {"people": 1, "slots_per_person": 2}},
        sources={"web": leads(0, 1, 2)},
    )

    assert story(engine, said, "start", "finish", "enter") == [
        (0.0, 0, "enter", "captured"),
        (0.0, 0, "start", "captured"),
        (1.0, 1, "enter", "captured"),
        (1.0, 1, "start", "captured"),
        (2.0, 2, "enter", "captured"),
        (3.0, 0, "enter", "won"),
        (3.0, 2, "start", "captured"),
        (4.0, 1, "enter", "won"),
        (6.0, 2, "enter", "won"),
    ]


def test_who_is_let_go_does_not_push_in(engine):
    """A freed person takes the next in the queue before the lead that left comes back.

    Even where the latest one is served first, and the lead queues again at once.
    """
    said = scenario(
        {
            "captured": {**WORK, "next": {"mql": {"rate": 1}}},
            "mql": {**WORK, "work": 1},
        },
        teams={"sdr": {"people": 1, "order": "lifo"}},
        sources={"web": leads(0, 1)},
    )

    assert story(engine, said, "start") == [
        (0.0, 0, "start", "captured"),
        (2.0, 1, "start", "captured"),
        (4.0, 0, "start", "mql"),
        (5.0, 1, "start", "mql"),
    ]


def test_too_late_to_be_reached(engine):
    """With a contact curve, who waited too long is worked on but not reached."""
    # At power 20 the curve is a step: reached within the day, hardly after it.
    contact = {"half_at": 1, "power": 20}
    missed = {"to": "lost", "lag": 0.5}
    said = scenario(
        {"captured": {**WORK, "contact": contact, "not_reached": missed}},
        teams=ONE,
        sources={"web": leads(0, 0.25)},
    )

    assert story(engine, said, "enter", "start") == [
        (0.0, 0, "enter", "captured"),
        (0.0, 0, "start", "captured"),
        (0.25, 1, "enter", "captured"),
        (2.0, 0, "enter", "won"),
        (2.0, 1, "start", "captured"),
        (4.5, 1, "enter", "lost not reached"),
    ]


def test_nothing_happens_at_the_horizon(engine):
    """The horizon is half-open: who would arrive or win at it has not."""
    said = scenario(
        {"captured": {"next": {"won": {"rate": 1, "lag": 2}}}},
        horizon=4,
        sources={"web": leads(1, 2, 4)},
    )

    assert story(engine, said) == [
        (1.0, 0, "enter", "captured"),
        (2.0, 1, "enter", "captured"),
        (3.0, 0, "enter", "won"),
    ]


def test_the_cap_on_visits_ends_a_lead(engine):
    """A lead that may not enter a stage once more ends there, with that reason."""
    said = scenario(
        {"captured": {"visits": 2, "next": {"captured": {"rate": 1, "lag": 1}}}}
    )

    assert story(engine, said) == [
        (0.0, 0, "enter", "captured"),
        (1.0, 0, "enter", "captured"),
        (2.0, 0, "end", "captured visit cap"),
    ]


def test_nurture_wakes_a_lead_and_makes_it_ready(engine):
    """A lead that was not yet ready wakes after its time, is ready, and goes on."""
    said = scenario(
        {
            "captured": {
                "next": {
                    "won": {"rate": {"ready": 1, "not_yet": 0, "misfit": 0, "junk": 0}}
                },
                "leak": {"to": "nurture"},
                "visits": 2,
            }
        },
        horizon=1000,
        nurture={"to": "captured", "ready_per_month": 30},
        sources={"web": leads(0, mix={"not_yet": 1})},
    )
    log = simulate(said, engine=engine).log.frame

    assert ["captured", "nurture", "captured", "won"] == log["stage"].tolist()
    assert ["not_yet", "not_yet", "ready", "ready"] == log["kind"].tolist()


def test_nurture_loses_who_drops_out(engine):
    """A lead whose other clock is quicker leaves for lost, as unsubscribed."""
    said = scenario(
        {"captured": {"leak": {"to": "nurture"}}},
        horizon=1000,
        nurture={"to": "captured", "ready_per_month": 0, "drop_out_per_month": 30},
    )

    rows = story(engine, said)
    assert ["captured", "nurture leaked", "lost unsubscribed"] == [
        row[3] for row in rows
    ]


def test_an_endless_sleep(engine):
    """Where neither clock runs a lead stays in the nurture pool."""
    said = scenario(
        {"captured": {"leak": {"to": "nurture"}}},
        nurture={"to": "captured", "ready_per_month": 0},
    )

    assert ["captured", "nurture leaked"] == [row[3] for row in story(engine, said)]


def test_ties_are_settled_by_kind_then_by_lead(engine):
    """At one moment work ends, then newcomers come, then lags end; each by lead.

    At day 2 lead 0 frees its person for lead 3, who has waited longest, and newcomer 4
    queues before leads 1 and 2, whose lag ends at the same moment.
    """
    said = scenario(
        {
            "captured": {"next": {"mql": {"rate": 1, "lag": 1}}},
            "mql": WORK,
        },
        teams=ONE,
        sources={
            "direct": leads(0, 1.5, 2, entry="mql"),
            "web": leads(1, 1),
        },
        horizon=20,
    )

    assert story(engine, said, "start") == [
        (0.0, 0, "start", "mql"),
        (2.0, 3, "start", "mql"),
        (4.0, 4, "start", "mql"),
        (6.0, 1, "start", "mql"),
        (8.0, 2, "start", "mql"),
    ]


def test_one_lead_after_the_other_at_one_moment(engine):
    """Rows of one moment stand together by lead, each lead's in order of happening."""
    said = scenario(
        {
            "captured": {**WORK, "work": 0, "next": {"mql": {"rate": 1}}},
            "mql": {"next": {"won": {"rate": 1}}},
        },
        teams=ONE,
        sources={"web": leads(1, 1)},
    )
    life = ["enter", "queue", "start", "finish", "enter", "enter"]

    assert [(1.0, lead, event) for lead in (0, 1) for event in life] == [
        row[:3] for row in story(engine, said)
    ]


def test_an_empty_world(engine):
    """Where nobody arrives nothing happens, and the log is empty but whole."""
    said = scenario({"captured": WORK}, teams=ONE, sources={"web": leads(90)})

    assert [] == story(engine, said)
