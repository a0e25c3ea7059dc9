"""Measure a class on the app: 25 learners, ten moves of a slider each, on one machine.

Usage: python benchmarks/class.py [--learners 25] [--moves 10] [--page NAME]

In: nothing; it starts `simlib app` on loopback. Out: a table: how long a page takes to
open, how long from a slider's move to the new picture, memory for each learner, errors.
Pages are opened over a staggered minute. Then three learners have bad luck: one kernel
is killed, one may write no more bytes, one runs an endless loop beside the others; all
others move their sliders once more. Linux only: memory is read from /proc.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
import websocket

MINUTE, PATIENCE = 60.0, 60.0
KERNEL = re.compile(r'"kernelId": "([0-9a-f-]+)"')
Message = dict[str, Any]


def main() -> None:
    """Run a class, and print what it met."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--learners", type=int, default=25)
    reader.add_argument("--moves", type=int, default=10)
    reader.add_argument("--page", default="lesson_01_leaky_bucket")
    asked = reader.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        (Path(folder) / "log").open("w") as log,
    ):
        port = free_port()
        command = [sys.executable, "-c", "from simlib.cli import main; main()", "app"]
        command += [f"--port={port}", f"--learners={asked.learners + 5}"]
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            wait_for(port)
            report(port, server.pid, asked)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)


def report(port: int, server: int, asked: argparse.Namespace) -> None:
    """Print what a class of learners meets."""
    address = f"127.0.0.1:{port}/"
    learners = [
        Learner(address, asked.page, MINUTE * number / asked.learners, asked.moves)
        for number in range(asked.learners)
    ]
    together(learners)
    print(f"learners {asked.learners}, page {asked.page}, moves {asked.moves} each")
    tell("page opened, s", [one.opened for one in learners if one.opened])
    tell("move to picture, s", [s for one in learners for s in one.moves_took])
    tell("memory of a learner's kernel, MB", kernels_memory(server))
    own = psutil.Process(server).memory_full_info().pss / 1e6
    print(f"memory of the server itself, MB: {own:.0f}")
    print("errors:", [one.error for one in learners if one.error] or "none")
    dead, full, loop, *others = learners
    os.kill(dead.pid(server), signal.SIGKILL)
    resource.prlimit(full.pid(server), resource.RLIMIT_FSIZE, (0, 0))
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    os.kill(loop.pid(server), signal.SIGSTOP)
    for one in [full, *others]:
        one.again(asked.moves)
    together([full, *others])
    busy.kill()
    os.kill(loop.pid(server), signal.SIGCONT)
    print("one kernel killed, one without a disk, one in an endless loop; the others:")
    tell("move to picture, s", [s for one in [full, *others] for s in one.moves_took])
    print("errors:", [one.error for one in [full, *others] if one.error] or "none")


def tell(what: str, values: list[float]) -> None:
    """Print the median and the 95th percentile of some values."""
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


def kernels(server: int) -> list[psutil.Process]:
    """Return the kernels that are alive."""
    return [
        child
        for child in psutil.Process(server).children(recursive=True)
        if child.status() != psutil.STATUS_ZOMBIE
        and "ipykernel" in " ".join(child.cmdline())
    ]


def together(learners: list[Learner]) -> None:
    """Let all learners do what they have to do at the same time."""
    threads = [threading.Thread(target=one.work) for one in learners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Learner:
    """Somebody with a page: opens it, moves a slider, waits for the picture."""

    def __init__(self, address: str, page: str, late: float, moves: int) -> None:
        self.address, self.page, self.late, self.moves = address, page, late, moves
        self.opened = 0.0
        self.moves_took: list[float] = []
        self.error = ""
        self.kernel = ""
        self.channel: Any = None
        self.models: dict[str, Message] = {}
        self.luck = random.Random(late)

    def again(self, moves: int) -> None:
        """Prepare for some more moves on the page that is open."""
        self.moves, self.moves_took, self.late = moves, [], 0.0

    def pid(self, server: int) -> int:
        """Return the process of this learner's kernel."""
        for child in kernels(server):
            if self.kernel in " ".join(child.cmdline()):
                return int(child.pid)
        raise SystemExit("a kernel has no process")

    def work(self) -> None:
        """Open the page if it is not open yet, and move."""
        time.sleep(self.late)
        try:
            if not self.channel:
                self.open()
            for _ in range(self.moves):
                self.moves_took.append(self.move())
                time.sleep(self.luck.uniform(0.5, 2.5))
        except Exception as error:  # noqa: BLE001 - whatever it was, it is reported
            self.error = f"{type(error).__name__}: {error}"

    def open(self) -> None:
        """Ask for the page, and for all that its widgets show."""
        begun = time.monotonic()
        url = f"http://{self.address}voila/render/{self.page}.ipynb"
        with urllib.request.urlopen(url, timeout=180) as answer:
            text = answer.read().decode("utf-8")
        found = KERNEL.search(text)
        assert found, text[-500:]
        self.kernel = found[1]
        self.channel = websocket.create_connection(
            f"ws://{self.address}api/kernels/{self.kernel}/channels?session_id=s",
            timeout=PATIENCE,
            subprotocols=["v1.kernel.websocket.jupyter.org"],
        )
        self.send("comm_info_request", {})
        reply = self.receive()
        while reply["header"]["msg_type"] != "comm_info_reply":
            reply = self.receive()
        for name in reply["content"]["comms"]:
            self.send(
                "comm_msg", {"comm_id": name, "data": {"method": "request_state"}}
            )
        while not self.slider:
            content = self.receive().get("content", {})
            data = content.get("data", {})
            if isinstance(data, dict) and data.get("method") == "update":
                self.models[content["comm_id"]] = data
        self.opened = time.monotonic() - begun

    @property
    def slider(self) -> tuple[str, Message] | None:
        """The first slider: its name, and what it shows."""
        for name, model in self.models.items():
            if {"low", "high", "step", "value"} <= set(model["state"]):
                return name, model["state"]
        return None

    def move(self) -> float:
        """Move the first slider, and return how long the picture took (s)."""
        assert self.slider
        name, slider = self.slider
        steps = round((slider["high"] - slider["low"]) / slider["step"])
        value = slider["low"] + slider["step"] * self.luck.randrange(steps)
        self.finish()
        begun = time.monotonic()
        data = {"method": "update", "state": {"value": value}, "buffer_paths": []}
        self.send("comm_msg", {"comm_id": name, "data": data})
        while not self.is_picture(self.receive()):
            pass
        return time.monotonic() - begun

    def finish(self) -> None:
        """Read what is still to come of the move before: its last runs."""
        self.channel.settimeout(0.1)
        try:
            while True:
                self.receive()
        except websocket.WebSocketTimeoutException:
            self.channel.settimeout(PATIENCE)

    @staticmethod
    def is_picture(message: Message) -> bool:
        """Return whether a message brings a new picture."""
        data = message.get("content", {}).get("data", {})
        paths = data.get("buffer_paths", []) if isinstance(data, dict) else []
        return ["value"] in paths

    def send(self, kind: str, content: Message) -> None:
        """Send a message of the Jupyter protocol, as a browser does."""
        header = {"msg_id": kind, "msg_type": kind, "session": "s", "username": "v"}
        parts = [{**header, "version": "5.3"}, {}, {}, content]
        raw = [b"shell", *(json.dumps(part).encode() for part in parts)]
        places = [0]
        for part in raw:
            places.append(places[-1] + len(part))
        start = 8 * (1 + len(places))
        head = struct.pack(
            f"<{1 + len(places)}Q", len(places), *(start + p for p in places)
        )
        self.channel.send_binary(head + b"".join(raw))

    def receive(self) -> Message:
        """Return the next message: its kind and content."""
        raw = self.channel.recv()
        (count,) = struct.unpack_from("<Q", raw)
        places = struct.unpack_from(f"<{count}Q", raw, 8)
        header, _, _, content = (
            json.loads(raw[first:last]) for first, last in pairwise(places[1:6])
        )
        return {"header": header, "content": content}


if __name__ == "__main__":
    main()
