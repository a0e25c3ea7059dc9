"""The small commands: what is printed, and which files appear."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from simlib import __version__, simulate
from simlib.log import read_log
from simlib.scenario import load, names

QUICK = ("--set", "horizon=60")


def test_nothing_at_all_gets_help(simlib):
    """Who types only `simlib` sees the commands, and has made no mistake."""
    code, out, err = simlib()

    assert (0, "") == (code, err)
    assert all(name in out for name in ("run", "log", "check", "schema", "scenarios"))


def test_the_version_is_shown(simlib):
    """One line, with the number that the package has."""
    assert (0, f"simlib {__version__}\n", "") == simlib("--version")


def test_scenarios_are_listed(simlib):
    """Each packaged scenario with its name and what it is for."""
    code, out, err = simlib("scenarios")

    assert (0, "") == (code, err)
    assert names() == [name for name in names() if re.search(rf"(?m)^ *{name} ", out)]


def test_the_schema_is_printed(simlib):
    """The same schema as in Python, as JSON."""
    code, out, err = simlib("schema")

    assert (0, "") == (code, err)
    assert json.loads(out)["properties"].keys() >= {"name", "extends", "stages"}


@pytest.mark.parametrize("name", names())
def test_packaged_scenarios_are_fine(simlib, name):
    """`check` says so in one line."""
    code, out, err = simlib("check", name)

    assert (0, "") == (code, err)
    assert re.fullmatch(rf"{name}: fine \(\d+ stages, \d+ sources?, .* days\)\n", out)


def test_a_file_is_checked(simlib, tmp_path):
    """A file that extends a packaged scenario is as good as a whole one."""
    (tmp_path / "mine.yaml").write_text("extends: textbook\nhorizon: 30\n", "utf-8")

    assert (
        0,
        "mine.yaml: fine (4 stages, 1 source, 0 teams, 30 days)\n",
        "",
    ) == simlib("check", "mine.yaml")


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_a_log_is_written(simlib, tmp_path, suffix):
    """The file holds the events of that seed, whole, and nothing lies beside it."""
    expected = simulate(load("textbook").changed({"horizon": 60}), seed=3).log

    code, out, err = simlib(
        "log", "textbook", *QUICK, "--seed", 3, "--out", f"a.{suffix}"
    )

    assert (
        0,
        f"a.{suffix}: {len(expected):,} events of {len(expected.leads)} people\n",
        "",
    ) == (code, out, err)
    assert [f"a.{suffix}"] == [path.name for path in tmp_path.iterdir()]
    if suffix == "csv":
        frame = pd.read_csv(tmp_path / "a.csv", keep_default_na=False)
    else:
        frame = read_log(tmp_path / "a.parquet").frame
    assert frame.astype(str).equals(expected.frame.astype(str))


def test_a_log_replaces_an_old_one_only_when_it_is_whole(simlib, tmp_path, monkeypatch):
    """If writing fails half-way, the old file is still there, and no other."""
    (tmp_path / "a.csv").write_text("old", "utf-8")

    def break_off(self, path, **_):
        path.write_text("half", "utf-8")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", break_off)

    assert (
        2,
        "",
        "simlib: a.csv: cannot be written (No space left on device)\n",
    ) == simlib("log", "textbook", *QUICK, "--out", "a.csv")
    assert [("a.csv", "old")] == [
        (p.name, p.read_text("utf-8")) for p in tmp_path.iterdir()
    ]
