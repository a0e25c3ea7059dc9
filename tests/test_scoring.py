"""Lead scoring (M15): points, a threshold, a window, and the first passage."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from agreement import near
from test_engines_agree import assert_agreement, rows

from simlib.behaviour import Passage
from simlib.draws import entity_keys, stream_key
from simlib.errors import ScenarioError
from simlib.log import ENTER
from simlib.plan import compiled
from simlib.run import simulate
from simlib.scenario import Scenario, load
from simlib.theory import ErlangPassage

KEYS = entity_keys(7, 4000)
MONTH = 30.4375


def stream(name: str, occurrence: int) -> int:
    """Return the key of a stream of one replication."""
    return stream_key(1, 0, name, occurrence)


def days(visit: int = 1, **said: Any) -> np.ndarray:
    """Return when leads pass who look at the prices twice a month, 10 points each."""
    usual: dict[str, Any] = {
        "kind": 0,
        "threshold": 75.0,
        "window": 3 * MONTH,
        "half_life": np.inf,
        "actions": (("prices", 10.0, MONTH / 2),),
        "attributes": (),
    }
    return Passage(**usual | said).days(stream, "s", visit, KEYS)


def scored(**score: Any) -> Scenario:
    """Return the textbook with a score before the first step."""
    said = {"threshold": 30, "window_months": 2, **score}
    return load("textbook").changed({"stages.captured.score": said, "horizon": 300})


def entered(scenario: Scenario, stage: str) -> np.ndarray:
    """Return when leads enter a stage."""
    log = simulate(scenario, seed=1).log
    here = log.stage == log.graph.stage_code(stage)
    return log.time[here & (log.event == ENTER)]


@pytest.mark.parametrize(("start", "events"), [(0.0, 8), (15.0, 6)])
def test_one_action_is_erlangs_law(start, events):
    """Passing within three months is as likely as theory says."""
    passed = days(attributes=(("boss", start, 1.0),)) < np.inf

    assert ErlangPassage(events, 2.0).within(3) == near(passed, 0.06)


def test_a_higher_threshold_comes_later_for_everybody():
    """Another threshold changes no action: each lead passes later, or never."""
    low, high = days(threshold=40.0), days(threshold=60.0)

    assert np.all(low <= high)
    assert np.any(low < high)


def test_a_higher_rate_comes_sooner_for_everybody():
    """Who acts more often acts in the same way, only sooner."""
    often = days(actions=(("prices", 10.0, MONTH / 3),))

    assert np.all(often <= days())


def test_points_that_fade_come_later():
    """With decay nobody passes sooner, and fewer pass."""
    fading, lasting = days(half_life=60.0), days()

    assert np.all(fading >= lasting)
    assert np.mean(fading < np.inf) < np.mean(lasting < np.inf)


def test_points_taken_away_delay():
    """An action that costs points lets leads pass later, never sooner."""
    both = (("prices", 10.0, MONTH / 2), ("careers", -10.0, MONTH))

    assert np.all(days(actions=both) >= days())


def test_enough_at_the_start_takes_no_time():
    """Who is worth the threshold passes at once; who can do nothing never does."""
    assert np.all(days(attributes=(("boss", 75.0, 1.0),)) == 0)
    assert np.all(days(actions=()) == np.inf)


def test_a_second_visit_gathers_anew():
    """Points of another visit come of other numbers; what a lead is stays."""
    who = (("boss", 75.0, 0.5),)

    assert np.array_equal(days(attributes=who) == 0, days(visit=2, attributes=who) == 0)
    assert not np.array_equal(days(), days(visit=2))


def test_who_does_not_pass_leaks_when_the_window_ends():
    """Of those without enough the first comes to an end after the two months."""
    log = simulate(scored(actions={}, attributes={}), seed=1).log
    captured, left = (
        log.stage == log.graph.stage_code(at) for at in ("captured", "lost")
    )

    assert len(log.time[captured]) > np.count_nonzero(left) > 0
    assert log.time[left][0] - log.time[captured][0] >= 2 * MONTH
    assert set(log.stage[~captured & ~left]) == set()


def test_a_threshold_of_nothing_is_no_score():
    """Where everybody has points enough the log is what it is without a score."""
    off = load("textbook").changed({"horizon": 300})
    none, open_ = (simulate(each, seed=1).log for each in (off, scored(threshold=-5)))

    assert rows(none) == rows(open_)


def test_off_leaves_no_trace():
    """A scenario without a score has no key of it, and its old digest."""
    before = load("textbook").changed({"horizon": 300})
    off = scored().changed({"stages.captured.score": None})

    assert "score" not in before.to_yaml()
    assert before.digest == off.digest
    assert before.digest != scored().digest


def test_a_kind_that_changes_gathers_as_what_it_is_by_then():
    """Whom nurture has woken, or whose buyer is in the market, acts as a ready lead."""
    pool = {"to": "captured", "ready_per_month": 30}
    said = {"stages.captured.leak": {"to": "nurture"}, "stages.captured.visits": 3}
    again = scored().changed({"nurture": pool, **said})
    market = load("gating").changed(
        {"market.buyers": 300, "stages.captured.score": {"threshold": 20}}
    )

    assert_agreement(compiled(again))
    assert_agreement(compiled(market))
    assert len(entered(again, "sql")) > len(entered(scored(), "sql"))


@pytest.mark.parametrize(
    ("path", "given", "message"),
    [
        ("threshold", "high", "must be a number"),
        ("window_months", 0, "must be 0.01 or more"),
        ("actions.visit.per_month", 600, "comes to 1,200 times in the window"),
        ("actions.visit.per_month", {"redy": 1}, "unknown kind; known: ready"),
        ("actions.visit.pionts", 3, "unknown key; known: points, per_month"),
        ("attributes.boss.share", 1.5, "is 1.5; it must be 1 or less"),
    ],
)
def test_bad_scores_are_explained(path, given, message):
    """One line names the place and what may be."""
    usual = {"actions": {"visit": {"points": 5, "per_month": 1}}}
    usual["attributes"] = {"boss": {"points": 5, "share": 0.1}}
    with pytest.raises(ScenarioError, match=message) as caught:
        scored().changed({"stages.captured.score": usual}).changed(
            {f"stages.captured.score.{path}": given}
        )

    assert str(caught.value).startswith("stages.captured.score.")


def test_a_desk_does_not_gather_points():
    """A stage has somebody who works there, or a score, not both."""
    with pytest.raises(ScenarioError, match="a team, slots or a score, one of them"):
        load("sales_desk").changed({"stages.mql.score": {}})
