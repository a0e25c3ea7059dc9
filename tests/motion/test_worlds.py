"""What the browser is told: the same leads in both worlds, numbers that count all."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logs import STORY, any_log

from simlib.log import KINDS
from simlib.motion import places, segments
from simlib.motion.worlds import cast, whereabouts, world
from simlib.run import simulate
from simlib.scenario import Scenario, load


def desk(people: int) -> Scenario:
    """Return a month of the packaged sales desk with some people."""
    return load("sales_desk").changed({"horizon": 21, "teams.sdr.people": people})


@pytest.fixture(scope="module")
def two():
    """Two worlds on the same leads."""
    return [simulate(desk(people), seed=3).log for people in (3, 1)]


def test_all_are_shown_if_they_may_be(two):
    """With room for all, each world shows each lead once, under its own name."""
    shown = cast(two, most=10_000)
    names = [log.leads.names(log.graph.sources).tolist() for log in two]

    assert names == [[shown.names[i] for i in rows] for rows in shown.rows]


def test_a_part_is_the_same_in_both_worlds(two):
    """With room for fewer, the same leads are shown in both, and not too many."""
    shown = cast(two, most=50)
    seen = [set(rows[rows >= 0].tolist()) for rows in shown.rows]

    assert seen[0] == seen[1]
    assert 25 <= len(shown.names) <= 50


def told(said, name, kind="<i4", view="truth"):
    """Return an array that the browser gets."""
    return np.frombuffer(said["views"][view][name], kind)


@settings(max_examples=40)
@given(any_log(), st.floats(0, 1), st.sampled_from([2, 100]))
def test_numbers_count_all_whoever_is_drawn(log, share, most):
    """Comings less goings are those who are in each place, drawn or not."""
    shown = cast([log], most)
    said = world(log, "any", shown.rows[0], len(shown.names))
    day = np.float32(share * log.graph.horizon)
    bounds = told(said, "bounds")
    comes, goes = told(said, "comes", "<f4"), told(said, "goes", "<f4")
    counts = [
        int((comes[low:high] <= day).sum() - (goes[low:high] <= day).sum())
        for low, high in pairwise(bounds.tolist())
    ]
    found = segments(log)
    now = (found.begun.astype("f4") <= day) & (day < found.until.astype("f4"))

    assert counts == np.bincount(found.place[now], minlength=len(counts)).tolist()


@settings(max_examples=30)
@given(any_log())
def test_stays_are_told_in_the_order_in_which_they_begin(log):
    """A frame may stop reading at the first stay that has not begun."""
    shown = cast([log], 100)
    begun = told(world(log, "any", *shown.rows, len(shown.names)), "begun", "<f4")

    assert np.all(np.diff(begun) >= 0)


def test_the_crm_does_not_see_visitors():
    """In the CRM's view nobody is a visitor, and who never was a lead is not there."""
    shown = cast([STORY], 100)
    said = world(STORY, "story", shown.rows[0], 7)
    stages = [at.stage for at in places(STORY.graph)]
    seen = {stages[place] for place in told(said, "place", view="crm")}
    leads = set(told(said, "lead", view="crm").tolist())

    assert "visitor" not in seen
    assert {0, 2, 3, 4, 5, 6} == leads
    assert {-1} == set(told(said, "kind", view="crm").tolist())


def test_a_world_without_visitors_is_told_once(two):
    """Where all are known, the CRM's view differs in colour only."""
    assert ["truth"] == list(world(two[0], "desk", cast(two, 9).rows[0], 9)["views"])


def test_what_is_not_an_array_is_plain_text():
    """All but the arrays of a world can be written as JSON."""
    said = world(STORY, "story", cast([STORY], 100).rows[0], 7)
    plain = {
        name: part for name, part in said.items() if name not in {"views", "source"}
    }

    assert plain == json.loads(json.dumps(plain))


def test_whereabouts_of_the_story():
    """On day 3.2 web and ads each have leads where the story says."""
    rows = whereabouts({"story": STORY}, "source", [3.2])
    seen = {(row["stage"], row["group"]): row["count"] for row in rows if row["count"]}

    assert {("mql", "web"): 1, ("mql", "ads"): 2, ("lost", "web"): 1} == seen


@settings(max_examples=30)
@given(any_log(), st.sampled_from(["source", "kind"]))
def test_whereabouts_count_everybody_once(log, by):
    """At the horizon the counts sum to all who came, by source and by kind."""
    rows = whereabouts({"any": log}, by, [log.graph.horizon])
    groups = log.graph.sources if by == "source" else KINDS

    assert sum(row["count"] for row in rows) == len(np.unique(log.lead))
    assert {row["group"] for row in rows} == set(groups)
