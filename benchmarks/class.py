"""Measure a class on the app: 25 learners, ten moves of a slider each, on one machine.

Usage: python benchmarks/class.py [--learners 25] [--moves 10] [--page NAME]

In: nothing; it starts `simlib app` on loopback. Out: what happened so far every ten
seconds, and tables: how long a page takes to open, how long from a slider's move to the
new picture, memory for each learner, errors. Pages are opened over a staggered minute.
Then three learners have bad luck, and all others move their sliders once more:

- a kernel is killed (SIGKILL);
- a kernel runs an endless loop in its main thread. No visitor can bring that about, so
  a start-up file of IPython gives the kernels of this script a signal that does;
- the disk is full: as root, home, temporary and runtime folders of the app are a small
  file system in memory, which is filled to the last byte (ENOSPC for all). Without the
  right to mount one, one learner's kernel may write no more bytes (RLIMIT_FSIZE).

Nothing is waited for without an end: what does not come in time is an error. Linux
only: memory is read from /proc.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import psutil
from learner import Learner, kernels

MINUTE, WHOLE = 60.0, 240.0
ENDLESS = """import signal

def endless(*_):
    while True:
        pass

signal.signal(signal.SIGUSR1, endless)
"""


def main() -> None:
    """Run a class, and print what it met."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--learners", type=int, default=25)
    reader.add_argument("--moves", type=int, default=10)
    reader.add_argument("--page", default="lesson_01_leaky_bucket")
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        disk = Disk(Path(folder))
        server, port = started(disk, asked.learners + 5)
        try:
            report(port, server.pid, asked, disk)
        finally:
            stop(server)
            disk.close()


def started(disk: Disk, learners: int) -> tuple[subprocess.Popen[bytes], int]:
    """Return the app, and its port, when its first page answers."""
    port = free_port()
    command = [sys.executable, "-c", "from simlib.cli import main; main()", "app"]
    command += [f"--port={port}", f"--learners={learners}"]
    silent = subprocess.DEVNULL
    server = subprocess.Popen(command, stdout=silent, stderr=silent, env=disk.env)
    try:
        wait_for(port)
    except SystemExit:
        stop(server)
        raise
    return server, port


def stop(server: subprocess.Popen[bytes]) -> None:
    """End the app and its kernels, in peace or without."""
    family = psutil.Process(server.pid).children(recursive=True)
    server.send_signal(signal.SIGINT)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    for left in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            left.kill()
    psutil.wait_procs(family, timeout=5)


class Disk:
    """Where the app may write: a small file system of its own if one can be mounted."""

    def __init__(self, folder: Path) -> None:
        self.place = folder / "disk"
        self.place.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(self.place)]
        done = subprocess.run(mount, check=False, capture_output=True)
        self.mounted = not done.returncode
        start = self.place / "ipython" / "profile_default" / "startup"
        start.mkdir(parents=True)
        (start / "endless.py").write_text(ENDLESS)
        own = {"HOME": "", "TMPDIR": "", "IPYTHONDIR": "ipython"}
        own |= {"JUPYTER_RUNTIME_DIR": "r", "MPLCONFIGDIR": "mpl"}
        for name in own.values():
            (self.place / name).mkdir(exist_ok=True)
        self.env = os.environ | {k: str(self.place / v) for k, v in own.items()}

    def fill(self, kernel: int) -> str:
        """Leave no byte for anybody, or none for one kernel; return which."""
        if not self.mounted:
            resource.prlimit(kernel, resource.RLIMIT_FSIZE, (0, 0))
            return "one kernel may write no byte"
        with (
            contextlib.suppress(OSError),
            (self.place / "full").open("wb", buffering=0) as full,
        ):
            while full.write(b"0" * 4096):
                pass
        try:
            (self.place / "more").write_bytes(b"0")
        except OSError as error:
            return f"the app's disk is full ({os.strerror(error.errno or 0)})"
        raise SystemExit("the disk is not full")

    def close(self) -> None:
        """Give the file system back."""
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.place)], check=False)


def report(port: int, server: int, asked: argparse.Namespace, disk: Disk) -> None:
    """Print what a class of learners meets."""
    address = f"127.0.0.1:{port}/"
    learners = [
        Learner(address, asked.page, MINUTE * number / asked.learners, asked.moves)
        for number in range(asked.learners)
    ]
    print(f"learners {asked.learners}, page {asked.page}, moves {asked.moves} each")
    print("load of the machine before:", *os.getloadavg())
    together(learners)
    tell("page opened, s", [one.opened for one in learners if one.opened])
    tell_moves(learners)
    tell("memory of a learner's kernel, MB", kernels_memory(server))
    own = psutil.Process(server).memory_full_info().pss / 1e6
    print(f"memory of the server itself, MB: {own:.0f}")
    mishaps(server, learners, asked.moves, disk)


def mishaps(server: int, learners: list[Learner], moves: int, disk: Disk) -> None:
    """Print what the others meet when three learners have bad luck."""
    dead, full, loop, *others = [one for one in learners if one.channel]
    killed, filled, looping = (one.pid(server) for one in (dead, full, loop))
    os.kill(killed, signal.SIGKILL)
    what = disk.fill(filled)
    os.kill(looping, signal.SIGUSR1)
    endless = psutil.Process(looping)
    for one in [full, *others]:
        one.again(moves)
    before = sum(endless.cpu_times()[:2])
    together([full, *others])
    spent = sum(endless.cpu_times()[:2]) - before
    print(f"one kernel killed, {what}, one in an endless loop ({spent:.0f} s of")
    print("processor time in this part); the others:")
    tell_moves([full, *others])


def tell_moves(learners: list[Learner]) -> None:
    """Print how long moves took, and what went wrong."""
    took = [s for one in learners for s in one.moves_took]
    tell("move to picture, s", took)
    wanted = sum(one.moves for one in learners)
    print(f"moves answered: {len(took)} of {wanted}")
    print("errors:", [one.error for one in learners if one.error] or "none")


def tell(what: str, values: list[float]) -> None:
    """Print the median and the 95th percentile of some values."""
    if not values:
        print(f"{what}: nothing measured")
        return
    high = statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]
    middle = statistics.median(values)
    print(f"{what}: median {middle:.2f}, 95th percentile {high:.2f}, n {len(values)}")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: int) -> None:
    """Wait until the first page answers."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the app does not answer")


def kernels_memory(server: int) -> list[float]:
    """Return the memory (MB, shared pages counted in part) of each kernel."""
    return [child.memory_full_info().pss / 1e6 for child in kernels(server)]


def together(learners: list[Learner]) -> None:
    """Let all learners do what they have to do at the same time, and tell how far."""
    threads = [threading.Thread(target=one.work, daemon=True) for one in learners]
    begun = told = time.monotonic()
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.1)
        now = time.monotonic()
        if now - told >= 10:
            told = now
            opened = sum(one.channel is not None for one in learners)
            moves = sum(len(one.moves_took) for one in learners)
            wrong = sum(bool(one.error) for one in learners)
            print(f"  {now - begun:.0f} s: open {opened}, {moves=}, errors {wrong}")
        if now - begun > WHOLE:
            break
    for one, thread in zip(learners, threads, strict=True):
        if thread.is_alive():
            one.error = one.error or f"not done after {WHOLE:.0f} s"


if __name__ == "__main__":
    main()
