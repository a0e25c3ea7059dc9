"""Trials that are kept, and the page that is made of them."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

import simlib as sl
from simlib.claims import known, records
from simlib.claims.trials import Trial, passes
from simlib.cli.claim_pages import what_to_see
from simlib.errors import StudyError

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_BYTES = 60_000


def _tool():
    path = ROOT / "tools" / "make_claims.py"
    spec = importlib.util.spec_from_file_location("make_claims", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tool = _tool()


@pytest.fixture(scope="module")
def mix() -> Trial:
    """Return a quick trial of E37, whose runs are the shortest."""
    return sl.claims.trial("E37", quick=True)


def test_what_is_kept_is_the_trial(mix):
    """Through JSON and back: settings, effects, checks, flip and verdict are equal."""
    again = records.trial_of(json.loads(json.dumps(records.record_of(mix))))

    assert again == mix


def test_a_trial_of_another_claim_is_not_taken_for_it(mix):
    """When worlds, readings or ranges have changed since, it must be tried anew."""
    record = records.record_of(mix) | {"settled": "of another day"}

    with pytest.raises(StudyError, match="claim 'E37': it has changed"):
        records.trial_of(record)


def test_other_words_are_no_other_claim():
    """The hash knows worlds and ranges, and neither words nor bands."""
    said = {"says": "a", "than": 1, "checks": [{"name": "n", "band": [0, 1], "of": []}]}
    other = {
        "says": "b",
        "than": 1,
        "checks": [{"name": "m", "band": [0, 2], "of": []}],
    }

    assert known._digest(said) == known._digest(other)
    assert known._digest(said) != known._digest(said | {"than": 2})


def test_a_stopped_trial_goes_on_where_it_was(tmp_path, monkeypatch, mix):
    """What a store holds is not run again, and the trial is the same."""
    sl.claims.trial("E37", quick=True, store=tmp_path)
    monkeypatch.setattr("simlib.execution.work.simulate", None)

    assert sl.claims.trial("E37", quick=True, store=tmp_path) == mix


KEPT = {name: tool.kept(name) for name in known.names()}


def test_a_trial_of_each_claim_is_kept():
    """All forty are there, as the claims stand now."""
    assert [name for name, found in KEPT.items() if found is None] == []
    assert list(KEPT) == [f"E{number}" for number in range(1, 41)]


def test_the_page_is_what_the_trials_say():
    """`make claims` writes docs/claims.md; nobody writes figures into it by hand."""
    head = tool.HEAD.read_text(encoding="utf-8")

    assert tool.text(head, list(KEPT.values())) == tool.PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", known.names())
def test_each_claim_has_a_small_map(name):
    """A picture of some tens of kilobytes."""
    assert 0 < (tool.MAPS / f"{name}.png").stat().st_size < MOST_BYTES


@pytest.mark.parametrize("name", known.names())
def test_the_sentence_of_a_map_counts_every_point(name):
    """Both halves together are all settings, to either side and up and down."""
    said = what_to_see(KEPT[name], *KEPT[name].influence()[:2])
    numbers = [int(word) for word in said.replace(",", "").split() if word.isdigit()]

    if len(numbers) > 2:
        held, every, *parts = numbers
        assert [sum(parts[at::2][:2]) for at in (0, 4)] == [held, held]
        assert [sum(parts[at::2][:2]) for at in (1, 5)] == [every, every]


def test_the_first_words_say_which_trials_are_full(mix):
    """From the trials, and not by hand."""
    full = KEPT["E1"]

    assert tool.in_full([full]) == "All 1 trials here are full ones."
    assert tool.in_full([full, mix]).endswith("1 are full ones, and quick ones E37.")


def test_a_place_in_the_first_words_takes_a_figure(mix):
    """The effect of a claim, or the value of one of its checks."""
    check, found = mix.checks[0]
    made = tool.text(f"{{E37}} and {{E37: {check.name}}}.\n{{overview}}\n", [mix])

    assert made.startswith(f"{mix.effect.mean:.3f} and {found.mean:.3f}.\n| claim |")


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("name", known.names())
def test_full_trials_pass_their_checks_and_are_those_that_are_kept(name):
    """At full precision checks lie in their bands, and the page tells no old tale."""
    found, kept = sl.claims.trial(name), KEPT[name]
    failed = [pair[0].name for pair in found.checks if not passes(*pair)]

    assert failed == []
    if not kept.quick:
        means = [[each.mean for each in trial.effects] for trial in (found, kept)]
        assert means[0] == pytest.approx(means[1], rel=1e-6, nan_ok=True)
        assert found.verdict == kept.verdict
