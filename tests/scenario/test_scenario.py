"""A whole scenario: by name, by file, as YAML, as a short hash."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from small_scenario import edited, small

import simlib
from simlib.errors import FileError, ScenarioError
from simlib.scenario import Scenario, load, names, parse_value
from simlib.scenario.yaml_files import parse

FOLDER = Path(simlib.__file__).parent / "scenarios"
# From the folder: no list to be kept by hand.
PACKAGED = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def test_the_packaged_scenarios_are_listed():
    """`names` lists the files that come with the package, in order."""
    assert names() == PACKAGED
    assert {"baseline", "gating", "sales_desk"} < set(PACKAGED)


@pytest.mark.parametrize("name", PACKAGED)
def test_a_packaged_scenario_survives_its_own_yaml(name):
    """What is loaded can be written and read again without any difference."""
    scenario = load(name)

    assert Scenario.of(parse(scenario.to_yaml(), name)) == scenario


@pytest.mark.parametrize(
    "trip", [copy.deepcopy, lambda s: pickle.loads(pickle.dumps(s))]
)
def test_a_scenario_travels(trip):
    """A copy, or the other end of a pipe to another process, is the same."""
    scenario = load("baseline")
    other = trip(scenario)

    assert (scenario, hash(scenario), scenario.said()) == (
        other,
        hash(other),
        other.said(),
    )


def test_a_scenario_is_written_whole(tmp_path):
    """`to_yaml` returns the text, writes it, and leaves nothing else behind."""
    text = load("textbook").to_yaml(tmp_path / "mine.yaml")

    assert [tmp_path / "mine.yaml"] == list(tmp_path.iterdir())
    assert text == (tmp_path / "mine.yaml").read_text("utf-8")


def test_a_scenario_cannot_be_written_nowhere(tmp_path):
    """A folder that is not there is named in one line."""
    with pytest.raises(FileError, match=r"mine\.yaml: cannot be written \(No such"):
        load("textbook").to_yaml(tmp_path / "none" / "mine.yaml")


def test_an_unknown_name_is_answered_with_the_nearest():
    """The line lists what is packaged."""
    with pytest.raises(ScenarioError) as caught:
        load("baselin")

    assert str(caught.value) == (
        "baselin: no packaged scenario and no file of that name. "
        f"Did you mean 'baseline'? Packaged: {', '.join(PACKAGED)}."
    )


def test_a_message_names_the_file_first(tmp_path):
    """Whoever checks several files sees which one is wrong."""
    path = tmp_path / "mine.yaml"
    path.write_text("extends: textbook\nhorizon: 0\n", encoding="utf-8")

    with pytest.raises(ScenarioError) as caught:
        load(path)

    assert f"{path}: horizon: is 0; it must be more than 0" == str(caught.value)


def test_no_door_leads_past_the_checks():
    """Parts that do not fit are refused, even where pydantic is asked directly."""
    with pytest.raises(ValidationError, match="unknown stage 'nowhere'"):
        Scenario(**edited("nurture.to", "nowhere"))


def test_a_digest_is_the_same_everywhere():
    """Equal scenarios have equal digests: in another process, and next year."""
    code = "import json, sys; from simlib.scenario import Scenario as S; "
    code += "from small_scenario import small; print(S.of(small()).digest)"
    other = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        text=True,
    )

    assert ["70df2bea1964addde2e8"] * 2 == [
        Scenario.of(small()).digest,
        other.stdout.strip(),
    ]


def test_a_digest_sees_values_not_words():
    """Names and the order of kinds do not count, values and defaults do."""
    rate = "stages.captured.next.sql.rate"
    base = Scenario.of(small())
    shuffled = {"junk": 0, "misfit": 0, "not_yet": 0.1, "ready": 0.5}
    same = [{"name": "other"}, {"description": "x"}, {rate: shuffled}]
    same += [{"start": "2025-01-06"}, {"teams.sdr.order": "fifo"}]
    different = [{"horizon": 101}, {f"{rate}.ready": 0.51}, {"sources.ads": None}]

    assert {base.digest} == {base.changed(change).digest for change in same}
    assert base.digest not in {base.changed(change).digest for change in different}


def test_a_scenario_is_equal_only_to_scenarios():
    """Another name makes another scenario, though the digest is the same."""
    base = Scenario.of(small())

    assert [True, False, False] == [
        base == Scenario.of(small()),
        base == base.changed({"name": "other"}),
        base == small(),
    ]


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("{a: 1}", {"a": 1}), ("", None), ("fifo", "fifo")]
)
def test_a_value_from_the_command_line_is_yaml(text, value):
    """So that `--set` takes what a file takes."""
    assert parse_value(text, "it") == value


def places(said, before=()):
    """Return every path in a mapping."""
    found = [before] if before else []
    for key, inner in said.items():
        below = places(inner, (*before, key)) if isinstance(inner, dict) else []
        found += below or [(*before, key)]
    return found


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["10%", "1,000", "captured", "sdr", "ready", "lost", "\ud800", "\x1b[2J"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=5) | st.sampled_from(["dist", "mean", "ready", "to"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=5,
)


def answer(said):
    """Return what a user is told: a complaint, or the name of their scenario."""
    try:
        return Scenario.of(said).name
    except ScenarioError as error:
        return str(error)


@given(st.sampled_from(places(small())), anything)
def test_whatever_stands_in_a_scenario_the_answer_is_one_line(place, value):
    """No value at any place leads to anything but a scenario or one printable line."""
    line = answer(edited(".".join(place), value))

    assert line.isprintable()
    assert not line.startswith(": ")
