"""Kill -9 in mid-study: the final table is that of an undisturbed one, byte for byte.

Processes are stopped where they are known to be: a killed driver has said that it
waits, and nothing here depends on how fast anything is.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys

import pytest
from execution.crashes import KILL, RUNS, environment, final_table, kill_driver
from execution.desks import entries, kept

from simlib.errors import SimlibError
from simlib.execution import driver, executors

# Two stores on a disk of 60 kB: one that fills up, then one that cannot be written.
SMALL_DISK = """
import subprocess, sys
from pathlib import Path
from execution.crashes import final_table
from simlib.execution import ledger

ledger.SECONDS_BETWEEN_SAVES = 0.0
disk = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=60k", "none", disk], check=True)
full = final_table(store=disk / "store", executor="serial")
kept = len(list(disk.rglob("*.parquet")))
subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
read_only = final_table(store=disk / "store", executor="serial")
quiet = final_table(executor="serial")
print(full == quiet, read_only == quiet, 0 < kept < 24)
"""


def kill_all_workers(done: int) -> None:
    """Kill every process of the pool once the first replication is there."""
    if done != 1:
        return
    for pid in list(executors._processes(2).executor._processes):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, KILL)


def test_a_killed_driver_is_resumed_to_the_same_table(tmp_path, undisturbed, computed):
    """What it had finished is not computed again; the table is the same bytes."""
    kill_driver(tmp_path, "serial")

    assert kept(tmp_path) == 2
    assert final_table(store=tmp_path, executor="serial") == undisturbed
    assert len(computed) == 2 * RUNS - 2


@pytest.mark.slow
def test_a_killed_driver_of_processes_is_resumed_to_the_same_table(
    tmp_path, undisturbed
):
    """The same where other processes did the work."""
    kill_driver(tmp_path, "processes:2")

    assert 0 < kept(tmp_path) < 2 * RUNS
    assert final_table(store=tmp_path, executor="processes:2") == undisturbed


@pytest.mark.usefixtures("kept_at_once")
def test_a_killed_process_costs_no_replication(tmp_path, undisturbed, computed):
    """A worker dies in mid-study: same table; all of it is in the store afterwards."""

    def kill(done):
        if done == 3:
            pool = executors._processes(2).executor
            os.kill(next(iter(pool._processes)), KILL)

    how = {"executor": "processes:2", "store": tmp_path}

    assert final_table(**how, progress=kill) == undisturbed
    assert final_table(**how) == undisturbed
    assert (kept(tmp_path), computed) == (2 * RUNS, [])


@pytest.mark.slow
@pytest.mark.usefixtures("kept_at_once")
def test_processes_that_die_again_and_again_end_a_study_that_can_be_resumed(
    tmp_path, undisturbed, monkeypatch
):
    """One line says where finished replications are; the same call goes on there."""
    how = {"executor": "processes:2", "store": tmp_path}
    with monkeypatch.context() as patch:
        patch.setattr(driver, "MOST_LOSSES", 0)
        with pytest.raises(SimlibError, match="run it again to go on"):
            final_table(**how, progress=kill_all_workers)

    assert 0 < kept(tmp_path) < 2 * RUNS
    assert final_table(**how) == undisturbed


@pytest.mark.usefixtures("kept_at_once")
def test_damaged_entries_change_no_table(tmp_path, undisturbed, caplog):
    """One cut off, one with a flipped bit, one empty: each reported and made anew."""
    final_table(store=tmp_path, executor="serial")
    first, second, third, *_ = entries(tmp_path)
    first.write_bytes(first.read_bytes()[:-9])
    flipped = bytearray(second.read_bytes())
    flipped[len(flipped) // 3] ^= 4
    second.write_bytes(flipped)
    third.write_bytes(b"")

    assert final_table(store=tmp_path, executor="serial") == undisturbed
    assert caplog.text.count("is damaged; removed and computed anew") == 3
    assert kept(tmp_path) == 2 * RUNS


def may_mount() -> bool:
    """Whether a process may have a small disk of its own here."""
    if not shutil.which("unshare"):
        return False
    test = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(test, check=False, capture_output=True).returncode == 0


@pytest.mark.skipif(not may_mount(), reason="no small disk may be mounted here")
def test_a_disk_that_is_really_full_costs_no_result(tmp_path):
    """A store on a disk of 60 kB, then the same read-only: one line each, all figures.

    What fitted stays.
    """
    run = subprocess.run(
        ["unshare", "-rm", sys.executable, "-c", SMALL_DISK, str(tmp_path)],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env=environment(),
    )
    lines = run.stderr.splitlines()

    assert run.stdout == "True True True\n", run.stderr
    assert [line.split("(")[1] for line in lines] == [
        "No space left on device); the study goes on without its store",
        "Read-only file system); the study goes on without its store",
    ]
