"""What the README says can be typed, as it is written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import simlib
from simlib.cli import main

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
SAMPLES = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_sample_in_python_runs(capsys):
    """It makes a table of all that happened, and prints who came how far."""
    known: dict[str, object] = {}
    exec(SAMPLES[0], known)

    assert len(known["events"]) > 1000
    assert 3 < len(capsys.readouterr().out.splitlines()) < 20
    assert known["more"].teams["sdr"].people == 8


def test_the_sample_in_python_answers_a_question(capsys):
    """One more SDR brings customers, beyond chance; twice the leads cost some."""
    known: dict[str, object] = {"sl": simlib}
    exec(SAMPLES[1].replace("replications=30", "replications=5"), known)
    found, lines = known["found"], capsys.readouterr().out.splitlines()
    more = found.difference("customers", "one more SDR")

    assert len(SAMPLES) == 2
    assert len(lines) == 4
    assert f"one more SDR customers {more}" == lines[0]
    assert found.difference("customers", "twice the leads").high < 0 < more.low


@pytest.mark.slow
@pytest.mark.timeout(900)  # a dozen commands, among them a whole calibration
def test_every_command_runs_in_this_order(tmp_path, monkeypatch, capsys):
    """From an empty folder: each line ends with code 0 and says something."""
    lines = re.findall(r"^simlib [^#\n]*", README, re.MULTILINE)
    monkeypatch.chdir(tmp_path)

    assert len(lines) > 10
    for line in lines:
        code = main(shlex.split(line)[1:])
        out, beside = capsys.readouterr()
        assert (code, bool(out + beside)) == (0, True), f"{line}: {beside}"
