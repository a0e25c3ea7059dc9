"""Qualification: the capture action (routing by intent) and the checklist (M16)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from agreement import near
from test_engines_agree import rows

from simlib.errors import ScenarioError
from simlib.funnel import periods
from simlib.log import ENTER, EventLog
from simlib.plan import compiled
from simlib.population import Population
from simlib.run import simulate
from simlib.scenario import Scenario, load
from simlib.theory import Checklist

BANT = Checklist((0.55, 0.45, 0.65, 0.40), 0.90, 0.85)
WINS = (0, 0.02, 0.08, 0.22, 0.45)
TO_SQL = "stages.captured.next.sql"


def without_slots(**checklist: Any) -> Scenario:
    """Return BANT before account executives who have time for everybody."""
    changes = {f"checklist.{key}": value for key, value in checklist.items()}
    lags = {f"stages.opportunity.{way}.lag": 0 for way in ("next.customer", "leak")}
    return load("bant").changed({"teams.ae.people": 5000, **lags, **changes})


def who_entered(log: EventLog, stage: str) -> set[int]:
    """Return the leads that have entered a stage."""
    here = (log.event == ENTER) & (log.stage == log.graph.stage_code(stage))
    return set(log.lead[here].tolist())


def log_of(scenario: Scenario) -> EventLog:
    """Return the log of one run."""
    return simulate(scenario, seed=1).log


def flags(log: EventLog, stage: str) -> np.ndarray:
    """Return for each lead whether it has entered a stage."""
    found = np.zeros(len(log.leads))
    found[sorted(who_entered(log, stage))] = 1
    return found


@pytest.mark.parametrize("needed", [0, 2, 3, 4])
def test_the_checklist_passes_whom_theory_passes(needed):
    """As many become opportunities as the law of the heard answers says."""
    log = log_of(without_slots(needed=needed))

    assert BANT.passing(needed) == near(flags(log, "opportunity"), 0.12)


@pytest.mark.parametrize("needed", [0, 2, 3, 4])
def test_wins_follow_what_is_true(needed):
    """Of those who pass as many are won as theory says of their true answers."""
    log = log_of(without_slots(needed=needed).changed({"horizon": 6000}))
    passed = sorted(who_entered(log, "opportunity"))

    assert BANT.won(needed, WINS) == near(flags(log, "customer")[passed], 0.12)


def test_a_stricter_list_passes_fewer_of_the_same():
    """One more answer needed lets nobody pass who did not pass before."""
    loose, strict = (
        who_entered(log_of(without_slots(needed=needed)), "opportunity")
        for needed in (2, 3)
    )

    assert strict < loose


def test_a_call_that_hears_all_knows_the_truth():
    """With perfect hearing the answers heard are the answers."""
    sure = without_slots(sensitivity=1.0, specificity=1.0)
    qualities = Population(compiled(sure), 1, 0).qualities

    assert np.array_equal(qualities.yes, qualities.heard)
    assert Checklist(BANT.shares).passing(3) == near(qualities.passes, 0.1)


def test_answers_may_differ_by_kind():
    """A question may be answered by the ready only."""
    timing = {"ready": 1.0, "not_yet": 0.0, "misfit": 0.0, "junk": 0.0}
    said = load("textbook").changed(
        {"checklist": {"questions": {"now": timing}, "needed": 1}}
    )
    people = Population(compiled(said), 1, 0)

    assert np.array_equal(people.qualities.yes == 1, people.kind == 0)


def routed(**intent: Any) -> Scenario:
    """Return the textbook with SQLs by high intent only."""
    by_tier = {"high": 1, "middle": 0, "low": 0}
    return load("textbook").changed(
        {"intent": intent, f"{TO_SQL}.rate": 1.0, f"{TO_SQL}.intent": by_tier}
    )


def test_tiers_are_shares_of_each_kind():
    """By default 45% of the ready ask for a demo, 40% come by an asset."""
    people = Population(compiled(routed()), 1, 0)
    tier = people.qualities.tier[people.kind == 0]

    assert [0.45, 0.40, 0.15] == [near(tier == each, 0.15) for each in range(3)]


def test_only_high_intent_goes_to_sales():
    """Rates ask for the capture action: who only follows is not called."""
    said = routed()
    high = Population(compiled(said), 1, 0).qualities.tier == 0

    assert set(np.flatnonzero(high).tolist()) == who_entered(log_of(said), "sql")


def test_where_sales_look_everybody_counts_as_high():
    """The other definition of an MQL sends all leads on, as without any routing."""
    plain = load("textbook").changed({f"{TO_SQL}.rate": 1.0})

    assert rows(log_of(plain)) == rows(log_of(routed(mql_definition="sales_look")))


def test_a_new_definition_breaks_the_trend():
    """From the day of the change on, and not before, only high intent counts."""
    changed = routed(mql_definition="sales_look", changes_on=180)
    log = log_of(changed)
    here = (log.event == ENTER) & (log.stage == log.graph.stage_code("sql"))
    before, after = (int(np.sum(here & (log.time < 180))), log.time[here])
    people = Population(compiled(changed), 1, 0)
    early = people.time < 180

    assert before == int(np.sum(early))
    assert np.sum(after >= 180) == np.sum(~early & (people.qualities.tier == 0))


def test_a_trendline_takes_a_new_word_for_a_fall(effort):
    """MQLs for each lead fall by half in a month; customers rise from then on (C10)."""
    world = load("new_definition")
    tables = [
        periods(simulate(world, 1, number).log) for number in range(effort.of(6, 60))
    ]
    mqls, customers = (
        np.array([table[name] / table["leads"] for table in tables])
        for name in ("entered_mql", "customers")
    )
    months = mqls.mean(axis=0)

    assert len(months) == 12
    assert months[5] > 2 * months[6]
    assert months[:6].min() > 1 > months[6:].max()
    assert customers[:, 6:].mean() > 1.2 * customers[:, :6].mean()


def test_off_leaves_no_trace():
    """Without intent and checklist there is no key of them, and the old digest."""
    off = load("textbook").changed({f"{TO_SQL}.rate": 1.0})
    back = routed().changed({"intent": None, f"{TO_SQL}.intent": None})

    assert off.digest == back.digest
    assert {"intent", "checklist"}.isdisjoint(off.said())


def test_what_no_rate_asks_changes_no_log():
    """Capture actions and answers that nobody asks for leave the log as it was."""
    asked = load("textbook").changed({"intent": {}, "checklist": {}})

    assert rows(log_of(load("textbook"))) == rows(log_of(asked))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({f"{TO_SQL}.intent": {"low": 0}}, f"{TO_SQL}.intent: needs intent"),
        ({f"{TO_SQL}.checked": True}, f"{TO_SQL}.checked: needs a checklist"),
        ({f"{TO_SQL}.by_yes": [0, 1]}, f"{TO_SQL}.by_yes: needs a checklist"),
        (
            {f"{TO_SQL}.by_yes": [0, 1], "checklist": {}},
            "has 2 factors for 5 counts of yes, from none to all",
        ),
        ({"checklist": {"needed": 5}}, "checklist.needed: is 5; there are 4 questions"),
        ({"checklist": {"questions": {}}}, "checklist.questions"),
        (
            {"intent": {"high": 0.7, "middle": 0.6}},
            "intent.middle: and high come to 1.3",
        ),
        (
            {"intent": {"high": {"website": 0.5, "wesbite": 0.1}}},
            "unknown source or kind 'wesbite'",
        ),
        ({"intent": {"mql_definition": "sales_looks"}}, "Did you mean 'sales_look'"),
        (
            {"intent": {}, f"{TO_SQL}.intent": {"hihg": 1}},
            "unknown key; known: high, middle, low. Did you mean 'high'",
        ),
    ],
)
def test_bad_qualification_is_explained(changes, message):
    """One line names the place and what may be."""
    with pytest.raises(ScenarioError) as caught:
        load("textbook").changed(changes)

    assert message in str(caught.value)


def test_rates_of_each_trait_sum_to_one_at_most():
    """Ways that different leads take may have rates of 1 each; one lead's may not."""
    others = {"rate": 1.0, "intent": {"high": 0, "middle": 1, "low": 1}}
    both = routed().changed({"stages.captured.next.lost": others})

    assert len(who_entered(log_of(both), "lost")) > 0
    with pytest.raises(ScenarioError, match="the rates sum to 1"):
        both.changed({"stages.captured.next.lost.intent.high": 0.5})
