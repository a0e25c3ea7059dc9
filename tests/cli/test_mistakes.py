"""What one may type wrongly, and the one line that answers it."""

from __future__ import annotations

import re

import pytest

QUICK = ("--set", "horizon=60")
MISTAKES = {
    "no scenario": (["run"], "Missing argument 'SCENARIO'. See simlib run --help."),
    "command": (
        ["runn", "textbook"],
        "No such command 'runn'. Did you mean 'run'? ...",
    ),
    "option": (["run", "textbook", "--sed", "3"], "No such option: --sed ..."),
    "no runs": (["run", "textbook", "--replications", "0"], "Invalid value for ..."),
    "many runs": (
        ["run", "textbook", "--replications", "many"],
        "Invalid value for ...",
    ),
    "seed": (["run", "textbook", "--seed", "-1"], "Invalid value for '--seed': ..."),
    "name": (
        ["run", "textbok"],
        "textbok: no packaged ... Did you mean 'textbook'? Packaged: ...",
    ),
    "missing file": (["run", "gone.yaml"], "gone.yaml: there is no such file"),
    "missing to check": (["check", "gone.yaml"], "gone.yaml: there is no such file"),
    "folder": (["check", "."], ".: is a folder; name a scenario file in it"),
    "engine": (
        ["run", "textbook", "--engine", "fst"],
        "engine 'fst': it must be one of ... Did you mean 'fast'?",
    ),
    "set without value": (
        ["run", "textbook", "--set", "horizon"],
        "--set horizon: write path=value, such as teams.sdr.people=4",
    ),
    "set to nothing": (
        ["run", "textbook", "--set", "name="],
        "--set name: is missing (what to call it)",
    ),
    "set a wrong path": (
        ["log", "textbook", "--out", "a.csv", "--set", "horizn=3"],
        "--set horizn: unknown key; ... Did you mean 'horizon'?",
    ),
    "set a wrong value": (
        ["run", "textbook", "--set", "horizon=10%"],
        "--set horizon: is '10%'; write the bare number: 0.1",
    ),
    "set broken YAML": (
        ["run", "textbook", "--set", "horizon={"],
        "--set horizon: line 1, column 2: something is missing, or a bracket ...",
    ),
    "no out": (["log", "textbook"], "Missing option '--out'. See simlib log --help."),
    "out of another kind": (
        ["log", "textbook", "--out", "a.xlsx"],
        "a.xlsx: a log is written as FILE.parquet or FILE.csv",
    ),
    "out into nowhere": (
        ["log", "textbook", *QUICK, "--out", "none/a.csv"],
        "none/a.csv: cannot be written (No such file or directory)",
    ),
    "out over a folder": (
        ["log", "textbook", *QUICK, "--out", "folder.csv"],
        "folder.csv: cannot be written (...)",
    ),
    "pictures over a file": (
        ["run", "textbook", *QUICK, "--pictures", "file"],
        "file: no folder to write to (...)",
    ),
}


@pytest.mark.parametrize(("arguments", "line"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_answered_with_one_line(simlib, tmp_path, arguments, line):
    """Exit code 2, nothing on standard output, one line on standard error, no file."""
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file").touch()

    code, out, err = simlib(*arguments)

    wanted = ".*".join(re.escape(part) for part in line.split("..."))
    assert (2, "") == (code, out)
    assert re.fullmatch(rf"simlib: {wanted}\n", err)
    assert {"folder.csv", "file"} == {path.name for path in tmp_path.iterdir()}
