"""What fits the question of a packaged scenario: the controls of its page."""

from __future__ import annotations

import re
from collections import Counter
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources

import pytest

import simlib as sl
from simlib.explore import defaults
from simlib.explore.controls import controls_for
from simlib.explore.rules import rules_at
from simlib.explore.suited import SUITED
from simlib.scenario import yaml_files

NAMING = {"sources", "stages", "teams", "next", "assets", "actions", "attributes"}
KINDS = {"ready", "not_yet", "misfit", "junk"}
# A rate stands in every file, and who is anonymous is no question.
COMMON = ("stages.*.rate*", "stages.*.anonymous")
# Made to be changed in any way; their files do not ask one thing.
FIRMS = {"baseline", "baseline_market"}


@cache
def file_of(name):
    """Return what a packaged file itself says, without what it extends."""
    text = (
        resources.files("simlib.scenarios").joinpath(f"{name}.yaml").read_text("utf-8")
    )
    return yaml_files.parse(text, name)


def leaves(part, head=""):
    """Yield the path and value of all that a mapping says, kinds of leads together."""
    for key, below in part.items():
        if isinstance(below, dict) and not set(below) <= KINDS:
            yield from leaves(below, f"{head}{key}.")
        else:
            yield f"{head}{key}", below


def starred(path):
    """Return a path with a star for each name that a file gives."""
    steps = path.split(".")
    before = ["", *steps]
    return ".".join(
        "*" if last in NAMING else step
        for last, step in zip(before, steps, strict=False)
    )


def movable(path, value):
    """Return whether a control could move what stands at a path."""
    if any(fnmatchcase(path, common) for common in COMMON):
        return False
    is_number = isinstance(value, int | float | dict)
    return is_number or bool(rules_at(path).choices)


@cache
def said(name):
    """Return the paths that a file sets and a control could move."""
    own = leaves(file_of(name))
    return {path: starred(path) for path, value in own if movable(path, value)}


@cache
def how_many():
    """Return how many packaged files set each pattern of paths."""
    return Counter(one for name in sl.names() for one in set(said(name).values()))


@cache
def chosen(name):
    """Return the paths of the controls on a packaged scenario's page."""
    return [one.path for one in controls_for(sl.load(name))]


def only_here(name):
    """Return what no other packaged file says."""
    return {path for path, pattern in said(name).items() if how_many()[pattern] == 1}


def moves(control, paths):
    """Return whether a control's path is one of some paths, or in or above one."""
    return any(
        fnmatchcase(path, control)
        or path.startswith(f"{control}.")
        or control.startswith(f"{path}.")
        for path in paths
    )


def unmoved(name, controls):
    """Return what a file alone says, if no control moves any of it."""
    rare = only_here(name)
    return set() if any(moves(path, rare) for path in controls) else rare


def differing(name):
    """Return what a file sets otherwise than the scenario that it extends."""
    parent = sl.load(file_of(name)["extends"]).model_dump(mode="json")
    whole = sl.load(name).model_dump(mode="json")
    before, after = dict(leaves(parent)), dict(leaves(whole))
    return {path for path, value in after.items() if before.get(path) != value}


def test_every_packaged_scenario_was_thought_of():
    """No scenario is packaged without controls of its own, and none is left over."""
    assert set(SUITED) == {sl.load(name).name for name in sl.names()}


@pytest.mark.parametrize("name", sorted(set(sl.names()) - FIRMS))
def test_what_only_one_scenario_says_can_be_moved_there(name):
    """What stands in one file alone is what the file was made for."""
    assert set() == unmoved(name, chosen(name))


@pytest.mark.parametrize(
    "name", [one for one in sl.names() if "extends" in file_of(one)]
)
def test_a_scenario_that_extends_another_moves_what_it_changed(name):
    """At least one control is over what its own file sets otherwise than its parent."""
    assert any(moves(path, differing(name)) for path in chosen(name))


@pytest.mark.parametrize("name", sl.names())
def test_what_a_description_says_to_move_has_a_control(name):
    """Where it says to move checklist.needed, there is a slider for it."""
    about = sl.load(name).description
    told = set(re.findall(r"\b[a-z_]+(?:\.[a-z_]+)+\b", about))

    assert told <= set(chosen(name))


@pytest.mark.parametrize("name", ["named_accounts", "search_spend", "new_definition"])
def test_chosen_by_rule_alone_the_question_would_have_no_control(name):
    """Why there is a table: what suits any scenario misses what this one asks."""
    assert set() != unmoved(name, defaults.paths(sl.load(name)))


def test_a_scenario_of_ones_own_keeps_the_controls_of_what_it_extends():
    """Until it has a name of its own, or no longer has all that they move."""
    own = sl.load("search_spend").changed({"deal.value": 9000})
    other = sl.load("named_accounts").changed({"sources.named": None})

    assert list(SUITED["The next click"]) == [one.path for one in controls_for(own)]
    assert defaults.paths(other) == [one.path for one in controls_for(other)]


def test_a_whole_number_of_thousands_moves_in_round_steps():
    """Ten thousand buyers are moved by hundreds; people one by one."""
    steps = {one.path: one.step for one in controls_for(sl.load("search_spend"))}
    people = controls_for(sl.load("search_spend"), ["market.buyers"])[0]

    assert (100, 100) == (steps["market.buyers"], people.step)
    assert 1 == controls_for(sl.load("sales_desk"), ["teams.sdr.people"])[0].step
