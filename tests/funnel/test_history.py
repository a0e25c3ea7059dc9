"""Lives read from a log: visits, waits, work, deals, and how each lead stands."""

from __future__ import annotations

import dataclasses
import gc
import weakref

import numpy as np
import pytest
from hypothesis import given
from logs import NOTHING, STORY, any_log, log_of

from simlib.funnel import histories
from simlib.log import GIVE_UP, START
from simlib.run import simulate
from simlib.scenario import load

NAN = float("nan")
PAST = histories(STORY)


def test_a_log_is_read_once():
    """The histories stay with their log, and a changed log gets its own."""
    changed = dataclasses.replace(STORY, meta={"view": "other"})

    assert histories(STORY) is PAST
    assert histories(changed) is not PAST


def test_visits_follow_each_lead_from_stage_to_stage():
    """A stay ends with the next step, at the visit cap, or is cut at the horizon."""
    visits = PAST.visits
    of_two = visits.lead == 2
    of_five = visits.lead == 5

    assert [
        (1, 1, 2.5, True),
        (2, 2.5, 4, True),
        (6, 4, 8, True),
        (2, 8, 10, False),
    ] == [
        *zip(
            visits.stage[of_two].tolist(),
            visits.entered[of_two].tolist(),
            visits.left[of_two].tolist(),
            visits.is_over[of_two].tolist(),
            strict=True,
        )
    ]
    assert [1, 2, PAST.ended] == visits.stage[of_five].tolist()
    assert [True, True, True, False] == visits.is_first[of_two].tolist()


def test_waits_end_with_a_start_or_giving_up_or_at_the_horizon():
    """Each wait has its lead, team, length and end."""
    waits = PAST.waits

    assert [
        (0, 0, 0, START),
        (0, 1, 0, START),
        (2, 0, 0.5, START),
        (2, 0, 0, START),
        (3, 0, 0.5, GIVE_UP),
        (4, 1, 0, START),
        (5, 0, 0, START),
        (6, 0, 0.5, -1),
    ] == [
        *zip(
            waits.lead.tolist(),
            waits.team.tolist(),
            waits.days.tolist(),
            waits.end.tolist(),
            strict=True,
        )
    ]


def test_work_ends_with_its_finish_and_a_slot_with_the_next_stage():
    """What is under way at the horizon is cut there."""
    works = PAST.works

    assert [(0, 1), (0, 3), (2, 1), (2, 2), (4, 3), (5, 1)] == [
        *zip(works.lead.tolist(), works.days.tolist(), strict=True)
    ]


def test_a_lead_is_captured_when_it_leaves_anonymity():
    """A visitor who is lost at once was never a lead."""
    assert PAST.captured.tolist() == pytest.approx([1, NAN, 1, 2, 6, 6, 9], nan_ok=True)
    assert PAST.arrived.tolist() == [0, 0.5, 1, 2, 6, 6, 9]
    assert np.flatnonzero(PAST.was_visitor).tolist() == [0, 1]


def test_a_visitor_who_buys_at_once_is_a_lead():
    """A customer has a name, so no customer is missing among the leads."""
    life = [(1, "enter", "visitor"), (2, "enter", "customer")]
    past = histories(log_of([("web", life)]))

    assert (past.captured.tolist(), past.days_to_customer.tolist()) == ([2], [0])


def test_how_a_lead_stands_is_what_its_last_step_says():
    """Won, lost (a lost visitor is no lost lead), ended by the cap, or in progress."""
    assert np.flatnonzero(PAST.is_customer).tolist() == [0]
    assert np.flatnonzero(PAST.is_lost_lead).tolist() == [3, 5]
    assert PAST.final_stage.tolist() == [4, 5, 2, 5, 3, PAST.ended, 2]
    assert PAST.final_entry.tolist() == [7, 0.5, 8, 3.5, 7, 9, 9.5]


def test_first_entry_is_a_table_of_leads_and_stages():
    """A stage that a lead never entered is nan, and later visits do not count."""
    assert PAST.first_entry[2].tolist() == pytest.approx(
        [NAN, 1, 2.5, NAN, NAN, NAN, 4, NAN], nan_ok=True
    )


def deals_of(*lives):
    """Return (won, lost, closed) of each deal of lives that begin as an opportunity."""
    log = log_of([("web", [(1, "enter", "opportunity"), *life]) for life in lives])
    deals = histories(log).deals
    columns = (deals.won.tolist(), deals.lost.tolist(), deals.closed.tolist())
    return [*zip(*columns, strict=True)]


@pytest.mark.parametrize(
    ("life", "won", "lost", "closed"),
    [
        ([(3, "enter", "customer")], True, False, 3),
        ([(2, "enter", "captured"), (4, "enter", "customer")], True, False, 4),
        ([(3, "enter", "lost")], False, True, 3),
        ([(3, "enter", "captured", "leaked")], False, True, 3),
        ([(3, "enter", "nurture")], False, True, 3),
        ([(3, "end", "mql", "visit cap")], False, True, 3),
        ([(3, "enter", "mql")], False, False, NAN),
        ([], False, False, NAN),
    ],
    ids=["won", "later", "lost", "leak", "nurture", "cap", "on its way", "open"],
)
def test_a_deal_is_won_before_anything_closes_it(life, won, lost, closed):
    """A leak, a fall to nurture, the cap and a lost end lose it; else it is open."""
    assert deals_of(life) == [
        pytest.approx((won, lost, closed), nan_ok=True),
    ]


def test_a_deal_that_comes_back_is_a_new_deal():
    """The first is lost, whatever becomes of the second; others are not mixed in."""
    again = [(3, "enter", "opportunity"), (5, "enter", "customer")]

    assert deals_of(again, [(2, "enter", "customer")]) == [
        (False, True, 3),
        (True, False, 5),
        (True, False, 2),
    ]


def test_nothing_happened_can_be_read():
    """A log without rows has no visits, waits, work, deals or leads."""
    past = histories(NOTHING)
    pieces = (past.visits, past.waits, past.works, past.deals)

    assert [len(piece.lead) for piece in pieces] == [0, 0, 0, 0]
    assert past.first_entry.shape == (0, 8)


def told(log):
    """Return visits and waits as plain Python reads them, row by row."""
    names, horizon = log.graph.stage_names, log.graph.horizon
    visits, waits = [], []
    for lead in range(len(log.leads)):
        mine = [
            row
            for row in zip(log.time, log.lead, log.event, log.stage, strict=True)
            if row[1] == lead
        ]
        steps = [row for row in mine if row[2] in {0, 5}]
        for step, (time, _, event, stage) in enumerate(steps):
            left = steps[step + 1][0] if step + 1 < len(steps) else horizon
            code = stage if event == 0 else len(names)
            visits.append((lead, code, time, left))
        for place, (time, _, event, _) in enumerate(mine):
            if event == 1:
                after = mine[place + 1 :]
                until, end = (after[0][0], after[0][2]) if after else (horizon, -1)
                waits.append((lead, time, until, end))
    return visits, waits


@given(any_log())
def test_every_log_is_read_as_one_reads_it_by_hand(log):
    """Visits and waits are those that a plain walk along each life finds."""
    visits, waits = histories(log).visits, histories(log).waits
    found = (visits.lead, visits.stage, visits.entered, visits.left)
    waited = (waits.lead, waits.begun, waits.until, waits.end)

    assert told(log) == (
        [*zip(*(column.tolist() for column in found), strict=True)],
        [*zip(*(column.tolist() for column in waited), strict=True)],
    )


@given(any_log())
def test_capture_and_first_visits_are_the_first_of_their_kind(log):
    """First entries, first visits and capture agree with a search of all rows."""
    past = histories(log)
    visits = [
        *zip(past.visits.lead, past.visits.stage, past.visits.entered, strict=True)
    ]
    first = {}
    for lead, stage, entered in visits:
        first.setdefault((lead, stage), entered)
    captured = {
        lead: min(
            t
            for (who, at), t in first.items()
            if who == lead and 0 < at < 7 and at != 5
        )
        for lead in {who for who, at in first if 0 < at < 7 and at != 5}
    }

    assert {key: past.first_entry[key] for key in first} == first
    assert (
        np.isfinite(past.first_entry).sum() == len(first) == past.visits.is_first.sum()
    )
    found = dict(enumerate(past.captured.tolist()))
    assert {who: when for who, when in found.items() if np.isfinite(when)} == captured


def test_many_leads_are_put_in_order_too():
    """Above 65,536 leads another way of sorting gives the same reading."""
    lives = [("web", [(5, "enter", "captured")])] * 70_000
    late = [("ads", [(1, "enter", "captured"), (7, "enter", "customer")])]
    past = histories(log_of(lives + late))

    assert (past.is_customer.sum(), past.days_to_customer[-1]) == (1, 6)


def test_a_log_that_nobody_holds_is_gone_at_once():
    """A log and its histories make no ring, which would wait for a collector."""
    gone = []
    log = simulate(load("textbook").changed({"horizon": 60}), 1).log
    histories(log).visits  # noqa: B018
    weakref.finalize(log, gone.append, True)
    was_on = gc.isenabled()
    gc.disable()
    try:
        del log
        assert gone == [True]
    finally:
        if was_on:
            gc.enable()
