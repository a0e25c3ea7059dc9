"""Round robin: each lead is dealt in turn to one person, and waits for that one (M19).

Tiny desks with nothing left to chance, told by both engines; limits in which dealing
changes nothing; and what separate queues cost.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import scenarios
from test_engines_agree import rows

import simlib as sl
from simlib import fast_engine
from simlib.funnel import histories
from simlib.log import FINISH, GIVE_UP, QUEUE, START
from simlib.plan import compiled
from simlib.population import Population
from simlib.run import simulate

Said = dict[str, Any]
WORK = {"team": "sdr", "work": 2}
DAY = 30.4375 / 21
STEADY = {"slowest": 1, "ramp_output": 1}
QUITS = {"quits_per_year": 12, "quits_exponent": 0, "vacancy_months": 0.5, **STEADY}


@pytest.fixture(params=["simpy", "fast"])
def engine(request):
    """Each of the two engines."""
    return request.param


def leads(*days: float, entry: str = "mql") -> Said:
    """Return a source whose leads come one on each day, all ready."""
    imports = [{"day": day, "leads": 1} for day in days]
    return {"leads": {"imports": imports}, "entry": entry, "mix": {"ready": 1}}


def desk(
    *days: float, mql: Said = WORK, pql: Said = WORK, **others: Any
) -> sl.Scenario:
    """Return two people, dealt in turn, and the stages in which they are needed."""
    said = {
        "name": "two people",
        "horizon": 60,
        "stages": {
            "mql": {"next": {"won": {"rate": 1}}, **mql},
            "pql": {"next": {"won": {"rate": 1}}, **pql},
            "won": {"terminal": "won"},
            "lost": {"terminal": "lost"},
        },
        "teams": {"sdr": {"people": 2, "order": "round_robin"}},
        "sources": {"web": leads(*days)},
    }
    return sl.Scenario.of(said).changed(others)


def told(engine: str, said: sl.Scenario) -> list[tuple[float, int, str]]:
    """Return who is taken up or gives up when: (day, lead, event)."""
    log = simulate(said, 5, engine=engine).log
    shown = (log.event == START) | (log.event == GIVE_UP)
    columns = log.time[shown].round(6), log.lead[shown], log.event[shown]
    return [
        (day, lead, "start" if event == START else "give up")
        for day, lead, event in zip(*(at.tolist() for at in columns), strict=True)
    ]


def test_who_is_dealt_to_somebody_busy_waits_beside_an_idle_colleague(engine):
    """The second is free from day 1.5, and yet the third lead waits for the first.

    Two stages share the desk: work on a trial takes half a day, on others two days.
    """
    trials = {"sources.trial": leads(1, 3, entry="pql")}
    said = desk(0, 1.75, pql={**WORK, "work": 0.5}, **trials)

    assert told(engine, said) == [
        (0, 0, "start"),
        (1, 1, "start"),
        (2, 2, "start"),
        (3, 3, "start"),
    ]


def test_patience_ends_in_ones_own_queue(engine):
    """Who gives up leaves the queue of one person; the turn goes on as if it had not.

    The fifth lead is dealt to the first person, and the sixth to the second.
    """
    said = desk(0, 0.5, 0.75, 1, 1.75, 2.25, mql={**WORK, "patience": 0.5})

    assert told(engine, said) == [
        (0, 0, "start"),
        (0.5, 1, "start"),
        (1.25, 2, "give up"),
        (1.5, 3, "give up"),
        (2, 4, "start"),
        (2.5, 5, "start"),
    ]


def test_everybody_has_slots_of_ones_own(engine):
    """The first person's two slots are held to day 3, and the second's are empty.

    Slots are held for three days, those of trials for half a day.
    """
    long, short = (
        {"slots": "sdr", "next": {"won": {"rate": 1, "lag": days}}} for days in (3, 0.5)
    )
    trials = {"sources.trial": leads(0.125, 0.375, entry="pql")}
    said = desk(0, 0.25, 1, mql=long, pql=short, **trials).changed(
        {"teams.sdr.slots_per_person": 2}
    )

    assert told(engine, said)[-2:] == [(0.375, 3, "start"), (3, 4, "start")]


def test_in_the_morning_each_takes_up_ones_own(engine):
    """Leads of the night are dealt at night: the third waits for the first's two days.

    Each day has eight hours of work.
    """
    said = desk(0, 0.25, 0.3125, **{"teams.sdr.calendar": "business_hours"})
    nine = 9 / 24

    assert told(engine, said) == [
        (nine, 0, "start"),
        (nine, 1, "start"),
        (round(1 + 17 / 24, 6), 2, "start"),
    ]


def test_while_somebody_is_there_no_new_lead_waits_for_an_empty_place(engine):
    """Leads are dealt to who is there; if nobody is, in turn, until each is replaced.

    Work takes no time, and somebody quits now and then. From the 37th evening nobody is
    there; on the 43rd somebody comes, and on the 47th somebody else.
    """
    days = [0.4 * number for number in range(250)]
    said = desk(
        *days, mql={**WORK, "work": 0}, horizon=100, **{"teams.sdr.morale": QUITS}
    )
    first, second = (round(evening * DAY, 6) for evening in (43, 47))
    late = [
        (start, lead)
        for start, lead, _ in told(engine, said)
        if start > round(days[lead], 6)
    ]

    assert late == [
        *((first, lead) for lead in range(135, 156, 2)),
        *((second, lead) for lead in range(136, 156, 2)),
    ]


@pytest.mark.parametrize(
    ("patience", "end"),
    [(None, [(28.99, "start"), (30.99, "start")]), (9, [(23, "give up")] * 2)],
)
def test_who_was_dealt_to_a_quitter_waits_for_the_successor(engine, patience, end):
    """The quitter ends the work in hand; two more wait for who comes, or give up.

    Six leads come on day 14, somebody quits on the 10th evening, half a day later, and
    the place stays empty for ten working days.
    """
    said = desk(
        *[14] * 6,
        mql={**WORK, "patience": patience},
        **{"teams.sdr.morale": QUITS},
    )
    found = [(round(day, 2), what) for day, _, what in told(engine, said)]

    assert found == [(day, "start") for day in (14, 14, 16, 18)] + end


# --- limits, and what it costs -------------------------------------------------------


@settings(max_examples=60)
@given(scenarios(), st.integers(0, 3))
def test_one_person_alone_is_first_come_first_served(scenario, seed):
    """Where each team is one person, dealing in turn changes nothing in any log."""
    alone = {f"teams.{name}.people": 1 for name in scenario.teams}
    first, dealt = (
        {f"teams.{name}.order": order for name in scenario.teams}
        for order in ("fifo", "round_robin")
    )
    found = [
        rows(fast_engine.simulate(Population(compiled(said), seed, 0)))
        for said in (scenario.changed(alone | first), scenario.changed(alone | dealt))
    ]

    assert found[0] == found[1]


@settings(max_examples=40)
@given(st.integers(1, 5), st.sampled_from([0.3, 1, 3]), st.integers(0, 9))
def test_the_third_lead_of_two_people_waits_for_the_first(people, cv, seed):
    """Who comes when c people have been dealt a lead each waits for the c-th before.

    So the start is the arrival, or the end of the work on that one if it is later
    (Lindley 1952), to the last bit.
    """
    said = sl.load("sales_desk").changed(
        {
            "teams.sdr": {"people": people, "order": "round_robin"},
            "stages.mql.work": {"dist": "gamma", "mean": 0.02 * people, "cv": cv},
            "stages.mql.patience": None,
            "stages.mql.went_cold": None,
            "horizon": 14,
        }
    )
    log = simulate(said, seed).log
    came, begun, done = (
        np.full(len(log.leads), np.inf) for _ in (QUEUE, START, FINISH)
    )
    for event, at in ((QUEUE, came), (START, begun), (FINISH, done)):
        at[log.lead[log.event == event]] = log.time[log.event == event]
    free = np.concatenate([np.zeros(people), done])[: len(came)]

    assert np.array_equal(begun, np.where(free < 14, np.maximum(came, free), np.inf))


@pytest.mark.parametrize("calendar", ["always_on", "business_hours"])
@pytest.mark.parametrize("people", [2, 3, 7])
def test_where_all_work_is_alike_the_next_person_is_the_next_free(people, calendar):
    """With fixed work and endless patience the log is that of first come first served.

    It is the spread of work, and who gives up, that make separate queues dear.
    """
    said = sl.load("sales_desk").changed(
        {
            "teams.sdr.people": people,
            "teams.sdr.calendar": calendar,
            "stages.mql.work": 0.125,
            "stages.mql.patience": None,
            "stages.mql.went_cold": None,
        }
    )
    dealt = said.changed({"teams.sdr.order": "round_robin"})

    assert rows(simulate(said, 1).log) == rows(simulate(dealt, 1).log)


DESKS = st.one_of(
    st.tuples(st.floats(0.4, 0.95), st.none()),
    st.tuples(st.floats(0.4, 2), st.just({"dist": "exponential", "mean": 0.006})),
)


@settings(max_examples=12)
@given(st.integers(2, 6), DESKS, st.sampled_from([0.7, 1, 2]))
def test_separate_queues_never_make_leads_wait_less(people, load_and_patience, cv):
    """At the same load one queue for all has the shorter mean wait, whatever the desk.

    With patience or none, and more leads than the people can work on where some give
    up; over 30,000 times the work on one lead.
    """
    load, patience = load_and_patience
    said = sl.load("sales_desk").changed(
        {
            "teams.sdr.people": people,
            "sources.all_leads.leads": {"per_day": load * people * 1000},
            "stages.mql.work": {"dist": "gamma", "mean": 0.001, "cv": cv},
            "stages.mql.patience": patience,
            **({} if patience else {"stages.mql.went_cold": None}),
            "horizon": 30,
        }
    )
    pooled, separate = (
        histories(simulate(each, 1).log).waits.days.mean()
        for each in (said, said.changed({"teams.sdr.order": "round_robin"}))
    )

    assert pooled < separate
