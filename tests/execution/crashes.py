"""A study that is killed half-way, and the table that it must come to all the same."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from execution.desks import SEED, desk

import simlib as sl

RUNS = 12
# Windows knows no SIGKILL; there this ends a process at once as well.
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
ROOT = Path(__file__).parents[2]
# A driver that stops after its second piece of work, keeps it, and waits to be killed.
DRIVER = """
import sys
from execution.crashes import final_table
from simlib.execution import ledger

ledger.SECONDS_BETWEEN_SAVES = 0.0
add, done = ledger.Ledger.add, []

def paused(self, *what):
    add(self, *what)
    done.append(what)
    if len(done) == 2:
        print("half", flush=True)
        sys.stdin.read()

ledger.Ledger.add = paused
final_table(store=sys.argv[1], executor=sys.argv[2])
"""


def final_table(**how: object) -> bytes:
    """Return the table of a small study: two desks, means and intervals, as CSV."""
    worlds = {"three": desk(), "two": desk().changed({"teams.sdr.people": 2})}
    found = sl.compare(worlds, RUNS, SEED, **how)
    table: str = found.summary().to_csv(index=False)
    return table.encode()


def environment() -> dict[str, str]:
    """Return an environment in which a new Python finds the package and the tests."""
    folders = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    return {**os.environ, "PYTHONPATH": folders}


def kill_driver(store: Path, executor: str) -> None:
    """Start a study in a process of its own and kill it, workers and all, half-way."""
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(store), executor],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
        start_new_session=True,
    ) as process:
        assert process.stdout.readline().strip() == b"half"
        process.kill()
        process.wait()
        # Its workers, if it had any; Windows has no groups, and there they go idle.
        with contextlib.suppress(ProcessLookupError, AttributeError):
            os.killpg(process.pid, KILL)
