"""JupyterLab in Chromium: what browser tests stand on.

A server of its own on loopback, with its own settings folder; a page without network
beyond it. Where there is no Chromium these tests are skipped; `.ci/run` installs one,
and sets LEAD_LAB_BROWSER=required, so that there they cannot be skipped unnoticed.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nbformat
import pytest

TOKEN = "only-for-this-test"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PARTS = {"Chromium": CHROMIUM, "Playwright for Python": find_spec("playwright")}
MISSING = [name for name, part in PARTS.items() if not part]
IS_REQUIRED = os.environ.get("LEAD_LAB_BROWSER") == "required"
needs_browser = pytest.mark.skipif(
    bool(MISSING) and not IS_REQUIRED,
    reason=f"no {' and no '.join(MISSING)} on this machine",
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# By which JupyterLab asks nobody about news; docs/teaching.md says where it goes.
QUIET = Path(__file__).resolve().parents[2] / "tools" / "lab_settings.json"


def notebook(folder: Path, name: str, *cells: str) -> None:
    """Write a notebook with code cells into a folder."""
    book = nbformat.v4.new_notebook()
    book.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, folder / name)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Serve a folder with JupyterLab on loopback; give its address."""
    settings = folder / ".settings"
    ours = settings / "lab" / "settings" / "overrides.d"
    ours.mkdir(parents=True)
    shutil.copy(QUIET, ours / "lead_lab.json")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    homes = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    environment = {f"JUPYTER_{home}": str(settings / home) for home in homes}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--port={port}", f"--IdentityProvider.token={TOKEN}"]
    command += [f"--ServerApp.root_dir={folder}", "--ServerApp.port_retries=0"]
    command += [f"--LabApp.app_settings_dir={ours.parent}"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, **environment}
        )
        try:
            yield _answering(f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answering(address: str, process: subprocess.Popen[bytes]) -> str:
    """Return the address once something answers there."""
    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/api", timeout=2):
                return address
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("JupyterLab does not answer")


class Page:
    """A page of JupyterLab, and what went wrong on it."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.address = address
        self.errors: list[str] = []
        self.strangers: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._see)

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _see(self, request: Any) -> None:
        inside = (self.address, self.address.replace("http", "ws"), "data:", "blob:")
        if not request.url.startswith(inside):
            self.strangers.append(request.url)

    def run_all(self, name: str) -> None:
        """Open a notebook and run all of its cells."""
        page = self.page
        page.goto(f"{self.address}/lab/tree/{name}?token={TOKEN}&reset")
        # The kernel is known to be there only when the status bar says so.
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=90_000)
        if page.locator("#jp-left-stack").is_visible():
            page.keyboard.press("Control+b")  # the list of files would hide the cells
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def barriers(page: Any, place: str, least: str = "serious") -> list[str]:
    """Return what axe-core finds there that keeps people out, of at least a weight."""
    weights = ["minor", "moderate", "serious", "critical"]
    folder = resources.files("axe_playwright_python")
    page.evaluate(folder.joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("place => axe.run(place)", place)
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in weights[weights.index(least) :]
    ]


@contextmanager
def browser(**options: Any) -> Iterator[Any]:
    """Give a fresh browser's page; `options` are those of Playwright's context."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield chromium.new_context(**options).new_page()
        finally:
            chromium.close()
