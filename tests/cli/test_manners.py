"""How a command ends and waits: one line, the right code, no noise."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading

import pytest

from simlib import cli
from simlib.cli import waiting


def in_a_shell(*arguments, **options):
    """Start a command as a process of its own."""
    code = "import sys; from simlib.cli import main; sys.exit(main())"
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        **options,
    )


def test_a_defect_is_one_line_and_a_file(simlib, monkeypatch):
    """Nobody sees a traceback, but it is not lost either."""

    def stumble(*_):
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(cli, "scenario_of", stumble)
    code, out, err = simlib("run", "textbook")

    found = re.fullmatch(
        r"simlib: a defect in Lead Lab, not in your input "
        r"\(ZeroDivisionError: oops\); details: (.*)\n",
        err,
    )
    assert (2, "") == (code, out)
    with open(found[1], encoding="utf-8") as file:  # noqa: PTH123
        assert "in stumble" in file.read()


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (KeyboardInterrupt, 130, "simlib: stopped; no file is half-written\n"),
        (
            MemoryError,
            2,
            "simlib: not enough memory; ask for fewer leads, or a shorter horizon\n",
        ),
        (BrokenPipeError(32, "Broken pipe"), 0, ""),
    ],
)
def test_other_ends_are_quiet_too(simlib, monkeypatch, error, code, line):
    """Ctrl-C, too little memory, and a reader who has seen enough."""

    def stumble(*_):
        raise error

    monkeypatch.setattr(cli, "scenario_of", stumble)
    monkeypatch.setattr(cli.os, "dup2", lambda *_: None)

    assert (code, "", line) == simlib("run", "textbook")


def test_a_process_has_the_same_manners():
    """The exit code, and one line that no traceback follows."""
    process = in_a_shell("run", "textbok")
    out, err = process.communicate()

    assert (2, "", 1) == (process.returncode, out, err.count("\n"))
    assert err.startswith("simlib: textbok: no packaged scenario")


def test_a_reader_may_leave_early():
    """As with `simlib schema | head -1`: no complaint, no error."""
    process = in_a_shell("schema")
    process.stdout.close()

    assert "" == process.stderr.read()
    assert process.wait() == 0
    process.stderr.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_ctrl_c_stops_a_command(tmp_path):
    """Exit code 130, one line, no traceback."""
    pipe = tmp_path / "slow.yaml"
    os.mkfifo(pipe)
    process = in_a_shell("run", str(pipe))
    with pipe.open("w", encoding="utf-8"):  # opens as soon as the command reads
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()

    assert (130, "") == (process.returncode, out)
    assert err == "simlib: stopped; no file is half-written\n"


def shown(monkeypatch, capsys, seconds, **options):
    """Return what is shown on a terminal while one step of two is done."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(waiting, "PATIENCE_SECONDS", seconds)
    with waiting.waiting("two steps", 2, **options) as done:
        for thread in threading.enumerate():
            if isinstance(thread, threading.Timer) and not seconds:
                thread.join()
        done()
    return capsys.readouterr()


def test_who_waits_sees_a_bar(monkeypatch, capsys):
    """On standard error, once patience is over."""
    out, err = shown(monkeypatch, capsys, 0)

    assert out == ""
    assert "two steps" in err


@pytest.mark.parametrize(("seconds", "quiet"), [(60, False), (0, True)])
def test_who_does_not_wait_sees_nothing(monkeypatch, capsys, seconds, quiet):
    """Neither for short work, nor where output goes into a pipe."""
    assert ("", "") == shown(monkeypatch, capsys, seconds, quiet=quiet)
