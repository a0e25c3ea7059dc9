"""Studies that are stopped, or whose disk is full: what is kept, and what is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli.typed import DESK, said

from simlib.execution import Ticker, ledger


@pytest.fixture
def kept_at_once(monkeypatch):
    """Every replication is written to the store as soon as it is finished."""
    monkeypatch.setattr(ledger, "SECONDS_BETWEEN_SAVES", 0.0)


@pytest.mark.usefixtures("kept_at_once")
def test_ctrl_c_leaves_a_store_from_which_to_go_on(capsys, tmp_path, monkeypatch):
    """One line and code 130; the same command then prints what an undisturbed one does.

    The fifth run presses Ctrl-C.
    """
    words = [*DESK, "--set", "horizon=90", "--json"]
    undisturbed = said(capsys, *words)
    keep = [*words, "--store", tmp_path / "kept", "--executor", "serial"]
    tick, done = Ticker.tick, []

    def interrupted(self, count):
        tick(self, count)
        done.append(count)
        if len(done) == 5:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Ticker, "tick", interrupted)
        code, out, beside = said(capsys, *keep)

    assert (130, "", 1) == (code, out, beside.count("\n"))
    assert f"stopped after 5 runs; those that {tmp_path / 'kept'} holds" in beside
    assert sum(1 for _ in (tmp_path / "kept").rglob("*.parquet")) == 5
    assert said(capsys, *keep) == undisturbed


def test_ctrl_c_without_a_store_says_how_to_have_one(capsys, monkeypatch):
    """Code 130 and one line."""

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Ticker, "tick", interrupted)

    assert (
        130,
        "",
        "simlib: stopped after 0 runs; nothing was kept: with --store DIR the same "
        "command would go on where it was\n",
    ) == said(capsys, *DESK)


@pytest.mark.usefixtures("kept_at_once")
def test_a_full_disk_is_said_once_and_costs_no_result(capsys, tmp_path, monkeypatch):
    """The store ends with one line, the figures are those of a study without it."""
    words = [*DESK, "--set", "horizon=90", "--json"]
    undisturbed = said(capsys, *words)[1]

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    code, out, beside = said(capsys, *words, "--store", tmp_path / "kept")

    assert (0, undisturbed, 1) == (code, out, beside.count("\n"))
    assert "(No space left on device); the study goes on without its store" in beside


def test_a_study_that_cannot_be_written_is_printed_nonetheless(
    capsys, tmp_path, monkeypatch
):
    """The result is on standard output before one line says what went wrong."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    code, out, beside = said(capsys, *DESK, "--json", "--out", tmp_path / "a.csv")

    assert (2, 1) == (code, beside.count("\n"))
    assert json.loads(out)["scenarios"] == ["textbook", "leaky_bucket"]
    assert "a.csv: cannot be written (No space left on device)" in beside
