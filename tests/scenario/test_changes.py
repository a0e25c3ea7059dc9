"""`.changed` and `extends`: parts are merged, values are replaced, None takes away."""

from __future__ import annotations

import pytest
from small_scenario import small

from simlib.errors import ScenarioError
from simlib.scenario import Scenario, load

RATE = "stages.captured.next.sql.rate"
LAG = "stages.captured.next.sql.lag"
BY_KIND = {"ready": 0.9, "not_yet": 0, "misfit": 0, "junk": 0}


def said_after(changes):
    """Return what the changed small scenario says."""
    return Scenario.of(small()).changed(changes).said()


def test_a_number_is_changed_and_nothing_else():
    """One path, one value; the scenario that it came from stays as it was."""
    base = Scenario.of(small())
    before = base.said()
    expected = base.said()
    expected["teams"]["sdr"]["people"] = 4

    assert base.changed({"teams.sdr.people": 4}).said() == expected
    assert base.said() == before


def test_several_changes_are_made_at_once():
    """In between, the scenario may be impossible: only the end is checked."""
    said = said_after(
        {f"{RATE}.ready": 0.1, "stages.captured.next.lost": {"rate": 0.9}}
    )

    assert said["stages"]["captured"]["next"]["lost"] == {"rate": 0.9}


def test_a_rate_is_replaced_whole():
    """A rate by kind does not mix with one by source, nor with a number."""
    by_source = {"ads": 0.1, "default": BY_KIND}
    one = Scenario.of(small()).changed({RATE: by_source})
    back = one.changed({RATE: BY_KIND}).changed({RATE: 0.3})

    assert one.said()["stages"]["captured"]["next"]["sql"]["rate"] == by_source
    assert back.stages["captured"].next["sql"].rate == 0.3


def test_a_lag_is_replaced_whole():
    """The old cv does not stay behind to spoil a new family."""
    lag = {"dist": "exponential", "mean": 9.0}

    assert said_after({LAG: lag})["stages"]["captured"]["next"]["sql"]["lag"] == lag


def test_a_mix_is_replaced_whole():
    """The old shares do not add to the new ones."""
    assert said_after({"sources.ads.mix": {"junk": 1}})["sources"]["ads"]["mix"] == {
        "junk": 1
    }


def test_one_number_of_a_lag_may_be_changed():
    """A path that goes into a value leaves the rest of it."""
    said = said_after({f"{LAG}.mean": 9})

    assert said["stages"]["captured"]["next"]["sql"]["lag"] == {
        "dist": "lognormal",
        "mean": 9,
        "cv": 1,
    }


def test_a_median_takes_the_place_of_a_mean():
    """What cannot stand together gives way to what is new."""
    said = said_after({f"{LAG}.median": 3, "sources.ads.leads.per_day": 2})

    assert said["stages"]["captured"]["next"]["sql"]["lag"] == {
        "dist": "lognormal",
        "median": 3,
        "cv": 1,
    }
    assert said["sources"]["ads"]["leads"] == {"per_day": 2}


def test_one_share_of_a_default_may_be_changed():
    """The other kinds keep the chance that they have by default."""
    team = Scenario.of(small()).changed({"teams.sdr.hot.junk": 0.5}).teams["sdr"]

    assert team.hot == {"ready": 0.85, "not_yet": 0.2, "misfit": 0.2, "junk": 0.5}


def test_a_part_is_merged():
    """A mapping for a stage, a team or a source adds to what is there."""
    said = said_after({"teams": {"sdr": {"order": "lifo"}, "spare": {"people": 9}}})

    assert said["teams"] == {
        "sdr": {"people": 2, "order": "lifo"},
        "ae": {"people": 1},
        "spare": {"people": 9},
    }


def test_none_takes_a_part_away():
    """A source, a transition or a setting can be left out again."""
    said = said_after({"sources.ads": None, "stages.captured.patience": None})

    assert list(said["sources"]) == ["website"]
    assert "patience" not in said["stages"]["captured"]


def test_names_in_the_way_of_rivals_are_safe():
    """A stage may be called `mean` and another one `median`."""
    end = {"terminal": "lost"}
    said = said_after({"stages.mean": end, "stages": {"median": end}})

    assert {"mean", "median"} < set(said["stages"])


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (
            "teams.sdr.peeple",
            3,
            "teams.sdr.peeple: unknown key; known: people, cost_per_month, order, hot, "
            "calendar, slots_per_person, morale. Did you mean 'people'?",
        ),
        (
            "teams.sdrs.people",
            3,
            "teams.sdrs: unknown name; known: sdr, ae. Did you mean 'sdr'?",
        ),
        (
            "sources.adds",
            None,
            "sources.adds: unknown name; known: website, ads. Did you mean 'ads'?",
        ),
        (
            "stages.sql.next.customer.rate.ready",
            0.3,
            "stages.sql.next.customer.rate: is a single value without 'ready'; give it "
            "a whole new one",
        ),
        (
            f"{LAG}.meen",
            0.3,
            f"{LAG}.meen: unknown key; known: dist, mean, median, cv, values, weights, "
            "at_once. Did you mean 'mean'?",
        ),
        ("teams.sdr.people", 0, "teams.sdr.people: is 0; it must be 1 or more"),
        (
            "stages.captured.next",
            {"sql": None, "sqll": None},
            "stages.captured.next.sqll: unknown name; known: none.",
        ),
        (
            "horizon.days",
            3,
            "horizon: is a single value without 'days'; give it a whole new one",
        ),
    ],
)
def test_a_path_that_leads_nowhere_is_answered_with_one_line(path, value, line):
    """The message names the step that is not there, and the nearest that is."""
    with pytest.raises(ScenarioError) as caught:
        Scenario.of(small()).changed({path: value})

    assert line == str(caught.value)


def test_a_file_says_only_what_differs(tmp_path):
    """A file that extends another is laid over it, by the same rules."""
    (tmp_path / "mine.yaml").write_text(
        "extends: textbook\n"
        "name: Mine\n"
        "horizon: 100\n"
        "stages:\n"
        "  captured: {next: {sql: {rate: 0.3}}}\n"
        "  mql: {next: {sql: {rate: 1}}}\n",
        encoding="utf-8",
    )
    said = load("textbook").said()
    said |= {"name": "Mine", "horizon": 100}
    said["stages"]["captured"]["next"]["sql"]["rate"] = 0.3
    said["stages"]["mql"] = {"next": {"sql": {"rate": 1}}}

    assert load(tmp_path / "mine.yaml").said() == said


def test_a_parent_is_looked_for_beside_its_heir(tmp_path, monkeypatch):
    """Relative paths in `extends` start at the file that says them."""
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "base.yaml").write_text("extends: textbook\n", encoding="utf-8")
    (inner / "it.yaml").write_text(
        "extends: ../base.yaml\nname: It\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)

    assert load("inner/it.yaml").name == "It"


def test_a_long_way_round_to_itself_is_noticed(tmp_path, monkeypatch):
    """Two files that extend each other are refused, and the way is shown."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("extends: a.yaml\n", encoding="utf-8")

    with pytest.raises(ScenarioError) as caught:
        load("a.yaml")

    assert str(caught.value) == (
        "a.yaml: extends: b.yaml: extends: a.yaml: extends itself; "
        "a scenario extends another one"
    )


def test_a_mapping_may_extend_too():
    """What holds for files holds in Python."""
    said = {"extends": "textbook", "name": "Mine"}

    assert Scenario.of(said).digest == load("textbook").digest
    assert Scenario.of(said).name == "Mine"
