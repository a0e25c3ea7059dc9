"""A learner as the app meets one: open a page, move a slider, wait for the picture.

In: the address of the app, and the name of a page. Out: how long things took, and what
went wrong. It speaks what the widgets in a browser speak (Jupyter's protocol over a
websocket), so 25 of them cost the machine little beside what they ask of the app.
"""

from __future__ import annotations

import contextlib
import json
import random
import re
import struct
import time
import urllib.request
import uuid
from itertools import pairwise
from typing import Any

import psutil
import websocket

OPENING, PATIENCE = 120.0, 20.0
KERNEL = re.compile(r'"kernelId": "([0-9a-f-]+)"')
Message = dict[str, Any]


def kernels(server: int) -> list[psutil.Process]:
    """Return the kernels of an app that are alive."""
    return [
        child
        for child in psutil.Process(server).children(recursive=True)
        if child.status() != psutil.STATUS_ZOMBIE
        and "ipykernel" in " ".join(child.cmdline())
    ]


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
        self.moves, self.moves_took, self.late, self.error = moves, [], 0.0, ""

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
                self.listen(self.luck.uniform(0.5, 2.5))
        except Exception as error:  # noqa: BLE001 - whatever it was, it is reported
            self.error = f"{type(error).__name__}: {error}"

    def open(self) -> None:
        """Ask for the page, and for all that its widgets show."""
        begun = time.monotonic()
        url = f"http://{self.address}voila/render/{self.page}.ipynb"
        with urllib.request.urlopen(url, timeout=OPENING) as answer:
            text = answer.read().decode("utf-8")
        found = KERNEL.search(text)
        assert found, text[-500:]
        self.kernel = found[1]
        channel = websocket.create_connection(
            f"ws://{self.address}api/kernels/{self.kernel}/channels?session_id=s",
            timeout=PATIENCE,
            subprotocols=["v1.kernel.websocket.jupyter.org"],
        )
        self.learn(channel, begun + OPENING)
        self.opened, self.channel = time.monotonic() - begun, channel
        self.listen(1.0)

    def learn(self, channel: Any, until: float) -> None:
        """Ask for all widgets of the page, and wait for their states."""
        self.send(channel, "comm_info_request", {})
        reply = receive(channel, until)
        while reply["header"]["msg_type"] != "comm_info_reply":
            reply = receive(channel, until)
        asked = {"method": "request_state"}
        waiting = set(reply["content"]["comms"])
        for name in waiting:
            self.send(channel, "comm_msg", {"comm_id": name, "data": asked})
        while waiting:
            content = receive(channel, until).get("content", {})
            data = content.get("data", {})
            if isinstance(data, dict) and data.get("method") == "update":
                waiting.discard(content["comm_id"])
                self.models.setdefault(content["comm_id"], data["state"])

    @property
    def sliders(self) -> list[tuple[str, Message]]:
        """The sliders of the page: their names, and what they show."""
        marks = {"low", "high", "step", "value"}
        return [one for one in self.models.items() if marks <= set(one[1])]

    def move(self) -> float:
        """Move a slider, and return how long the picture took (s).

        Each move is of the next slider, and never to the value that it has: that would
        bring no picture.
        """
        name, slider = self.sliders[len(self.moves_took) % len(self.sliders)]
        steps = round((slider["high"] - slider["low"]) / slider["step"])
        places = [slider["low"] + slider["step"] * one for one in range(steps + 1)]
        near = slider["step"] / 2
        slider["value"] = self.luck.choice(
            [one for one in places if abs(one - slider["value"]) > near]
        )
        begun = time.monotonic()
        data = {"method": "update", "state": {"value": slider["value"]}}
        data["buffer_paths"] = []
        self.send(self.channel, "comm_msg", {"comm_id": name, "data": data})
        while not is_answer(receive(self.channel, begun + PATIENCE)):
            pass
        return time.monotonic() - begun

    def listen(self, seconds: float) -> None:
        """Read what comes while the learner looks: the last runs of the move before."""
        until = time.monotonic() + seconds
        with contextlib.suppress(TimeoutError):
            while True:
                receive(self.channel, until)

    @staticmethod
    def send(channel: Any, kind: str, content: Message) -> None:
        """Send a message of the Jupyter protocol, as a browser does.

        Its name is new each time: a kernel drops what it has heard before.
        """
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "version": "5.3"}
        header |= {"session": "s", "username": "v"}
        parts = [header, {}, {}, content]
        raw = [b"shell", *(json.dumps(part).encode() for part in parts)]
        places = [0]
        for part in raw:
            places.append(places[-1] + len(part))
        start = 8 * (1 + len(places))
        head = struct.pack(
            f"<{1 + len(places)}Q", len(places), *(start + p for p in places)
        )
        channel.send_binary(head + b"".join(raw))


def is_answer(message: Message) -> bool:
    """Return whether a message brings a new picture, or the note that follows it.

    The note alone answers where the picture stays as it was: more people, and no leads.
    """
    data = message.get("content", {}).get("data", {})
    if not isinstance(data, dict):
        return False
    note = "lead-explore-status" in str(data.get("state", {}).get("value", ""))
    return ["value"] in data.get("buffer_paths", []) or note


def receive(channel: Any, until: float) -> Message:
    """Return the next message, its kind and content, if it comes before a moment.

    A ping of the server is none: `recv` would wait anew after each.
    """
    while True:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError("no answer in time")
        channel.settimeout(left)
        try:
            kind, raw = channel.recv_data(control_frame=True)
        except websocket.WebSocketTimeoutException as error:
            raise TimeoutError("no answer in time") from error
        if kind == websocket.ABNF.OPCODE_CLOSE:
            raise ConnectionError("the server closed the channel")
        if kind == websocket.ABNF.OPCODE_BINARY:
            return read(raw)


def read(raw: bytes) -> Message:
    """Return a message of the Jupyter protocol: its kind and content."""
    (count,) = struct.unpack_from("<Q", raw)
    places = struct.unpack_from(f"<{count}Q", raw, 8)
    header, _, _, content = (
        json.loads(raw[first:last]) for first, last in pairwise(places[1:6])
    )
    return {"header": header, "content": content}
