"""Closed forms by simulation: desks, slots and speed to lead (queueing theory).

As in test_closed_forms.py: |z| < 3.5, 2% for rates and 5% for waits in a queue.
"""

from __future__ import annotations

import numpy as np
import pytest
from agreement import logs, near

import simlib as sl
from simlib import theory
from simlib.funnel import histories
from simlib.log import GIVE_UP, START

HOUR = 1 / 24
MINUTE = HOUR / 60
RATE, WAIT = 0.02, 0.05

# --- 7.7 and 7.8 the desk ------------------------------------------------------------


def desk(leads_per_month: float, **changes: object) -> sl.Scenario:
    """Return the sales desk at a volume, for 400 months: its start is nothing."""
    volume = {"sources.all_leads.leads.per_month": leads_per_month}
    return sl.load("sales_desk").changed({**volume, "horizon": 2800, **changes})


PATIENT = {"stages.mql.patience": None, "stages.mql.went_cold": None}


def waits(log: sl.EventLog) -> np.ndarray:
    """Return every wait in hours, those that were given up included."""
    return histories(log).waits.days / HOUR


@pytest.mark.parametrize("leads", [81, 150, 180])
def test_a_desk_without_reneging_is_erlang_c(leads):
    """Mean wait, mean queue, and who is answered in five minutes, as in M/M/3."""
    target = theory.erlang_c_desk(leads / 168, 2.5, 3)
    runs = logs(desk(leads, **PATIENT), 24)
    wait = [waits(log) for log in runs]

    assert target.wait_mean == near([w.mean() for w in wait], WAIT)
    assert target.queue_mean == near([w.sum() / (2800 * 24) for w in wait], WAIT)
    assert target.served_within(5 / 60) == near(
        [(w <= 5 / 60).mean() for w in wait], WAIT
    )


def test_two_classes_wait_as_cobham_says():
    """With perfect sorting the hot 27% wait .58 h and the others 2.28 h."""
    sorted_perfectly = {
        "teams.sdr.order": "hot_first",
        "teams.sdr.hot": {"ready": 1, "not_yet": 0, "misfit": 0, "junk": 0},
    }
    rates = (0.27 * 150 / 168, 0.73 * 150 / 168)
    hot, cold = theory.priority_waits(rates, 2.5, 3)
    found_hot, found_cold = [], []
    for log in logs(desk(150, **PATIENT, **sorted_perfectly), 24):
        is_hot = log.leads.kind[histories(log).waits.lead] == 0
        found_hot.append(waits(log)[is_hot].mean())
        found_cold.append(waits(log)[~is_hot].mean())

    assert (hot, cold) == (near(found_hot, WAIT), near(found_cold, WAIT))


@pytest.mark.parametrize("leads", [81, 150])
def test_a_desk_that_deals_in_turn_is_one_queue_of_erlangs_arrivals_each(leads):
    """Who waits, for how long, and who is answered in an hour, as in E_3/M/1.

    So at 150 leads a month the wait is 4.34 h, where one queue for all takes 1.82 h.
    """
    target = theory.RoundRobin(leads / 168, 2.5, 3)
    in_turn = {"teams.sdr.order": "round_robin"}
    wait = [waits(log) for log in logs(desk(leads, **PATIENT, **in_turn), 24)]

    assert target.wait_mean == near([w.mean() for w in wait], WAIT)
    assert target.wait_share == near([(w > 0).mean() for w in wait], WAIT)
    assert target.served_within(1) == near([(w <= 1).mean() for w in wait], RATE)


@pytest.mark.parametrize(
    ("leads", "patience"), [(81, 16), (150, 16), (300, 16), (300, 40)]
)
def test_a_desk_with_reneging_is_erlang_a(leads, patience):
    """Who gives up, the waits of all and of those served, the queue, the load."""
    target = theory.erlang_a_desk(leads / 168, 2.5, 3, patience)
    patient = {"stages.mql.patience": {"dist": "exponential", "mean": patience * HOUR}}
    found: dict[str, list[float]] = {name: [] for name in ("up", "all", "served", "q")}
    found |= {"busy": [], "month": [], "fast": []}
    for log in logs(desk(leads, **patient), 24):
        past, wait = histories(log), waits(log)
        served = past.waits.end == START
        found["up"].append((past.waits.end == GIVE_UP).mean())
        found["all"].append(wait.mean())
        found["served"].append(wait[served].mean())
        found["q"].append(wait.sum() / (2800 * 24))
        found["busy"].append(past.works.days.sum() / (3 * 2800))
        found["month"].append(served.sum() / 400)
        found["fast"].append((served & (wait <= 5 / 60)).mean())

    few = 0.05 if leads == 81 else RATE  # one in a hundred gives up at 81 leads
    assert target.abandonment == near(found["up"], few)
    assert target.wait_mean == near(found["all"], WAIT)
    assert target.wait_mean_served == near(found["served"], WAIT)
    assert target.queue_mean == near(found["q"], WAIT)
    assert target.utilisation == near(found["busy"], RATE)
    assert target.served_rate * 168 == near(found["month"], RATE)
    few = 0.10 if target.served_within(5 / 60) < 0.05 else RATE
    if target.served_within(5 / 60) > 0.01:
        assert target.served_within(5 / 60) == near(found["fast"], few)


def test_slots_are_a_desk_whose_work_is_the_lag():
    """60 slots, .9 deals a day, 72 days each: 11.5% give up after 14 days or so."""
    scenario = sl.Scenario.of(
        {
            "name": "slots",
            "horizon": 40_000 * 0.9,
            "stages": {
                "opportunity": {
                    "slots": "ae",
                    "patience": {"dist": "exponential", "mean": 14},
                    "next": {
                        "customer": {
                            "rate": 1,
                            "lag": {"dist": "exponential", "mean": 72},
                        }
                    },
                    "leak": {"to": "lost"},
                },
                "customer": {"terminal": "won"},
                "lost": {"terminal": "lost"},
            },
            "teams": {"ae": {"people": 3, "slots_per_person": 20}},
            "sources": {"all": {"leads": {"per_day": 0.9}}},
        }
    )
    target = theory.erlang_a_desk(0.9, 72, 60, 14)
    found: dict[str, list[float]] = {"up": [], "wait": [], "busy": []}
    for log in logs(scenario, 24):
        past = histories(log)
        late = past.waits.begun > 1000
        found["up"].append((past.waits.end[late] == GIVE_UP).mean())
        found["wait"].append(past.waits.days[late].mean())
        held = np.maximum(past.works.until - np.maximum(past.works.begun, 1000), 0)
        found["busy"].append(held.sum() / (60 * 35_000))

    assert target.abandonment == near(found["up"], RATE)
    assert target.wait_mean == near(found["wait"], WAIT)
    assert target.utilisation == near(found["busy"], RATE)


# --- 7.9 speed to lead ---------------------------------------------------------------

CURVE = theory.ContactCurve(45)


@pytest.mark.parametrize("minutes", [1, 5, 10, 30, 60, 120, 1440, 2520])
def test_contact_falls_with_a_forced_delay(minutes):
    """With people enough and a forced delay, the curve is what comes out."""
    forced = {
        "teams.sdr.people": 100_000,
        "stages.mql.contact.dial": minutes * MINUTE,
        "horizon": 280,
        "sources.all_leads.leads.per_month": 3000,
        "stages.mql.next.sql.rate": 1,
    }
    found = [
        np.isfinite(histories(log).first_entry[:, 1]).sum()
        / (histories(log).waits.end == START).sum()
        for log in logs(sl.load("sales_desk").changed(forced), 10)
    ]

    assert CURVE(minutes) == near(found, RATE)


@pytest.mark.parametrize("leads", [81, 150])
def test_contact_through_the_queue(leads):
    """The chance of contact, averaged over the waits of the desk and the dialling."""
    target = theory.contact_at_desk(
        theory.erlang_c_desk(leads / 168, 2.5, 3),
        theory.ContactCurve(0.75),
        dial=2 / 60,
    )
    everybody = {"stages.mql.next.sql.rate": 1}
    found = []
    for log in logs(desk(leads, **PATIENT, **everybody), 24):
        past = histories(log)
        done = np.isfinite(past.first_entry[:, 1]).sum()
        found.append(done / (past.works.end != -1).sum())

    assert target == near(found, RATE)
