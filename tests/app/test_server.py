"""The class app's server, as a visitor meets it who means no good."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.request
from http.client import HTTPConnection
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from app.serving import serving

pytest.importorskip("voila", reason="no Voila on this machine")
websocket = pytest.importorskip("websocket")

HERE = ("--learners=1", "--lessons=nowhere")


@pytest.fixture(scope="module")
def port():
    """A class app for one learner, on a port of its own."""
    with serving(*HERE) as number:
        yield number


@pytest.fixture(scope="module")
def closed():
    """A class app that wants a word, as behind a proxy that serves others too."""
    with serving(*HERE, "--token=rivers", "--base-url=/lab/") as number:
        yield number


def asked(port: int, path: str, method: str = "GET") -> tuple[int, str, dict[str, str]]:
    """Return the answer to a path that is sent as it is: status, text, headers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request(method, path)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, text, dict(answer.getheaders())


def test_who_comes_without_the_word_is_told_what_to_do(closed):
    """A form asks for the word, and says of a wrong one that it is; the right opens."""

    def came(address: str) -> tuple[int, str]:
        browser = build_opener(HTTPCookieProcessor())
        try:
            with browser.open(address, timeout=60) as answer:
                return answer.status, answer.read().decode("utf-8")
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode("utf-8")

    first = f"http://127.0.0.1:{closed}/lab/"
    none, wrong = came(first), came(f"{first}?token=lakes")
    right = came(f"{first}?token=rivers")

    assert (none[0], wrong[0], right[0]) == (403, 403, 200)
    assert '<form action="/lab/"' in none[1]
    assert "not the word" in wrong[1]
    assert "not the word" not in none[1]
    assert "voila/render/scenario_baseline.ipynb" in right[1]


def test_who_leaves_a_page_makes_room_for_another(closed):
    """The page says good-bye when it is left, and its kernel ends at once."""
    first = f"http://127.0.0.1:{closed}/lab/"
    page = f"{first}voila/render/scenario_textbook.ipynb"
    browser = build_opener(HTTPCookieProcessor())
    browser.open(f"{first}?token=rivers", timeout=60).close()

    def opened() -> str:
        with browser.open(page, timeout=120) as answer:
            text = answer.read().decode("utf-8")
        return re.search(r'"kernelId": "([0-9a-f-]+)"', text)[1]

    left = opened()
    browser.open(f"{first}voila/api/shutdown/{left}", b"", timeout=60).close()

    assert left != opened()


@pytest.mark.slow
def test_a_page_that_nobody_looks_at_gives_its_place_back():
    """Its kernel ends after the idle time, and the one place is free again."""
    page = "/voila/render/scenario_textbook.ipynb"
    with serving(*HERE, "--idle-minutes=0.1") as number:
        first = asked(number, page)[0]
        until = time.monotonic() + 60
        then = asked(number, page)[0]
        while then == 503 and time.monotonic() < until:
            then = asked(number, page)[0]

    assert (200, 200) == (first, then)


def test_the_first_page_lists_what_there_is(port):
    """Every scenario has a link; nothing on the page comes from another host."""
    status, text, headers = asked(port, "/")

    assert status == 200
    assert "voila/render/scenario_baseline.ipynb" in text
    assert not re.search(r"(src|href)=\"(https?:)?//", text)
    assert "default-src 'self'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/voila/render/../../../../../etc/passwd",
        "/voila/render/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/voila/render//etc/passwd",
        "/voila/files/scenario_baseline.ipynb",
        "/voila/files/../../etc/passwd",
        "/voila/static/../../../../../../etc/passwd",
        "/voila/templates/lab/static/../../../../../../../etc/passwd",
        "/voila/labextensions/../../../../../etc/passwd",
        "/voila/tree/",
        "/voila/api/contents/",
        "/voila/api/contents/scenario_baseline.ipynb",
        "/api/contents",
        "/api/kernels",
        "/api/sessions",
        "/api/terminals",
        "/files/etc/passwd",
    ],
)
def test_nothing_else_is_served(port, path):
    """No file, no folder, no list of kernels: a refusal, wherever one is sent on to."""
    status, text, headers = asked(port, path)
    while status in {301, 302}:
        assert headers["Location"].startswith("/")
        status, text, headers = asked(port, headers["Location"])

    assert status >= 400
    assert "Traceback" not in text
    assert "root:" not in text
    assert "cells" not in text


def test_no_kernel_is_started_for_the_asking(port):
    """Only a page starts a kernel."""
    status, _, _ = asked(port, "/api/kernels", "POST")

    assert 400 <= status < 500


def test_a_strangers_kernel_needs_its_name(port):
    """A name that nobody was given leads nowhere."""
    nobody = "00000000-0000-0000-0000-000000000000"

    assert asked(port, f"/api/kernels/{nobody}")[0] == 404
    with pytest.raises((websocket.WebSocketException, OSError)):
        websocket.create_connection(
            f"ws://127.0.0.1:{port}/api/kernels/{nobody}/channels", timeout=10
        )


PROTOCOL = "v1.kernel.websocket.jupyter.org"


def written_out(kind: str, content: dict[str, object], name: str) -> bytes:
    """Return a message of the Jupyter protocol, as browsers write it."""
    from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1

    header = {"msg_id": kind, "msg_type": kind, "session": "s", "username": "v"}
    parts = [{**header, "version": "5.3"}, {}, {}, content]
    return serialize_msg_to_ws_v1([json.dumps(part).encode() for part in parts], name)


def kind_of(message: bytes) -> str:
    """Return what kind of a message came."""
    from jupyter_server.services.kernels.connection import base

    return str(json.loads(base.deserialize_msg_from_ws_v1(message)[1][0])["msg_type"])


def sent(channel, kind: str, content: dict[str, object], name: str = "shell") -> None:
    """Send a message of the Jupyter protocol."""
    channel.send_binary(written_out(kind, content, name))


def answers(channel, seconds: float) -> list[str]:
    """Return the kinds of the messages that come in some seconds."""
    found, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        channel.settimeout(max(until - time.monotonic(), 0.01))
        try:
            found.append(kind_of(channel.recv()))
        except websocket.WebSocketTimeoutException:
            continue
    return found


def test_visitors_run_no_code_and_one_too_many_waits(port, tmp_path):
    """The kernel answers who it is, and neither runs nor completes anything.

    The app of this test serves one learner: the second is told so.
    """
    _, page, _ = asked(port, "/voila/render/scenario_textbook.ipynb")
    kernel = re.search(r'"kernelId": "([0-9a-f-]+)"', page)[1]
    status, text, _ = asked(port, "/voila/render/scenario_textbook.ipynb")
    mark = tmp_path / "mark"
    code = f"open({str(mark)!r}, 'w').close()"
    address = f"ws://127.0.0.1:{port}/api/kernels/{kernel}/channels?session_id=s"
    with pytest.raises(websocket.WebSocketBadStatusException, match="400"):
        websocket.create_connection(address, timeout=20)
    channel = websocket.create_connection(address, timeout=20, subprotocols=[PROTOCOL])
    sent(channel, "execute_request", {"code": code, "silent": False})
    sent(channel, "complete_request", {"code": "open", "cursor_pos": 4})
    sent(channel, "inspect_request", {"code": "open", "cursor_pos": 4})
    sent(channel, "debug_request", {"command": "evaluate"}, "control")
    sent(channel, "kernel_info_request", {})
    found = answers(channel, 4)
    channel.close()

    assert "kernel_info_reply" in found
    assert not {"execute_reply", "execute_input", "complete_reply"} & set(found)
    assert not {"inspect_reply", "debug_reply"} & set(found)
    assert not mark.exists()
    assert status == 503
    assert "Traceback" not in text
