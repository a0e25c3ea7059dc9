"""The hand-off between marketing and sales (M22): delay and context."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from test_engines_agree import rows

from simlib.errors import ScenarioError
from simlib.lags import Lag, empirical_lag
from simlib.log import ENTER, FINISH, QUEUE, START, EventLog
from simlib.plan import compiled
from simlib.run import simulate
from simlib.scenario import Scenario, load

HERE = "stages.mql.hand_off"


def desk(**hand_off: Any) -> Scenario:
    """Return a sales desk with time to spare, and a hand-off."""
    changes: dict[str, Any] = {"sources.all_leads.leads.per_month": 40, "horizon": 140}
    return load("sales_desk").changed({**changes, HERE: hand_off or None})


def log_of(scenario: Scenario) -> EventLog:
    """Return the log of one run."""
    return simulate(scenario, seed=1).log


def days(log: EventLog, event: int) -> dict[int, float]:
    """Return when an event happened to each lead."""
    here = (log.event == event) & (log.stage == 0)
    return dict(zip(log.lead[here].tolist(), log.time[here].tolist(), strict=True))


def reached(scenario: Scenario) -> int:
    """Return how many leads become SQLs."""
    log = log_of(scenario)
    sql = log.stage == log.graph.stage_code("sql")
    return int(np.count_nonzero(sql & (log.event == ENTER)))


def test_a_lead_joins_the_queue_when_it_is_handed_over():
    """Between entering the stage and joining the queue the delay passes, no more."""
    log = log_of(desk(delay=0.25))
    entered, joined = days(log, ENTER), days(log, QUEUE)

    assert len(joined) > 500
    assert all(at == pytest.approx(entered[who] + 0.25) for who, at in joined.items())


def test_the_delay_counts_as_response_time():
    """The later they are handed over, the fewer leads are still reached."""
    counts = [reached(desk(delay=delay)) for delay in (0, 0.1, 0.5)]

    assert counts[0] > counts[1] > counts[2]


def test_without_a_delay_and_context_there_is_no_hand_off():
    """A routing rule and no word about the lead is what other scenarios assume."""
    assert rows(log_of(desk())) == rows(log_of(desk(delay=0)))


def test_off_leaves_no_trace():
    """Without a hand-off there is no key of it, and the old digest."""
    plain = load("sales_desk")
    back = plain.changed({HERE: {}}).changed({HERE: None})

    assert plain.digest == back.digest
    assert "hand_off" not in plain.to_yaml()


def test_context_saves_work():
    """With context everybody's work takes a fifth less."""
    plain, known = (log_of(desk(delay=0, context=each)) for each in (False, True))
    took = [
        {who: at - days(log, START)[who] for who, at in days(log, FINISH).items()}
        for log in (plain, known)
    ]
    both = sorted(set(took[0]) & set(took[1]))

    assert [0.8 * took[0][who] for who in both] == pytest.approx(
        [took[1][who] for who in both]
    )


def test_context_makes_better_calls():
    """Rates to stages that are no end rise by a tenth; ends keep theirs."""
    ends = {"next.lost": {"rate": {"ready": 0.2, "not_yet": 1, "misfit": 1, "junk": 1}}}
    said = desk(delay=0, context=True).changed(
        {f"stages.mql.{path}": value for path, value in ends.items()}
    )
    bounds = compiled(said).stages[0].thresholds[0][0]

    assert bounds == pytest.approx((0.605, 0.805))


@pytest.mark.parametrize(
    "lag", [Lag("gamma", 2.0, 3.0), Lag("fixed", 2.0), empirical_lag((1.0, 4.0))]
)
def test_a_lag_times_a_factor(lag):
    """A lag that takes so many times as long does so for everybody."""
    luck = np.linspace(0.01, 0.99, 50)
    short, long = luck.copy(), luck.copy()
    lag.times(0.8).from_uniforms(short)
    lag.from_uniforms(long)

    assert short == pytest.approx(0.8 * long)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stages.sql.hand_off": {}}, "stages.sql.hand_off: needs a team that works"),
        ({f"{HERE}.delay": -1}, f"{HERE}.delay: is -1; it must be 0 or more"),
        (
            {f"{HERE}.work_times": 1.2},
            f"{HERE}.work_times: is 1.2; it must be 1 or less",
        ),
        ({HERE: {"contxt": True}}, "Did you mean 'context'"),
        (
            {HERE: {"context": True, "rate_times": 3}},
            "stages.mql.next: the rates sum to 1.65",
        ),
    ],
)
def test_bad_hand_offs_are_explained(changes, message):
    """One line names the place and what may be."""
    with pytest.raises(ScenarioError) as caught:
        load("sales_desk").changed(changes)

    assert message in str(caught.value)
