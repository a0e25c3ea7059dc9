"""The server of the class app: Voila, with the rules that a class needs.

In: a folder of pages, and where to listen. Out: a server that runs until it is
stopped. Each visitor of a page has a kernel of their own, which ends some minutes after
they leave. Through its channel pass only what widgets say (Voila lets no request to run
code through), and at most `MOST_MESSAGE` bytes at a time. Only the pages are served: no
list of files, no files, no list of kernels. Nothing is fetched from other hosts, and
the browser is told to refuse it (Content-Security-Policy).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tornado.web
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from voila.app import Voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import AllowListFileHandler
from voila.tornado.contentshandler import VoilaContentsHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.tornado.treehandler import TornadoVoilaTreeHandler

from simlib.app.landing import door

TEMPLATES = Path(__file__).parent / "templates"
MOST_MESSAGE = 4_000_000
SECONDS_BETWEEN_LOOKS = 30
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; "
    "connect-src 'self' ws: wss:; frame-ancestors 'self'; object-src 'none'"
)
HIDDEN = (TornadoVoilaTreeHandler, VoilaContentsHandler, AllowListFileHandler)
PROTOCOL = "v1.kernel.websocket.jupyter.org"
FULL = "There are as many learners here as this machine can serve. Try again later."


class Landing(JupyterHandler):
    """The first page."""

    def initialize(self, text: str) -> None:
        """Keep the page's HTML."""
        self.text = text

    @tornado.web.authenticated
    def get(self) -> None:
        """Answer with the page."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.text)


class Door(JupyterHandler):
    """Where who comes without the word of the class is sent to."""

    @allow_unauthenticated
    def get(self) -> None:
        """Ask for the word, and say so if a wrong one came."""
        self.set_status(403)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        wrong = "token=" in self.get_argument("next", "")
        self.finish(door(self.base_url, was_wrong=wrong))


class Channel(VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The channel between a page and its kernel, in the protocol of browsers only.

    With a client of the older one a server once took gigabytes; why is not known.
    """

    async def get(self, kernel_id: str) -> None:
        """Open the channel, or refuse to."""
        if PROTOCOL not in self.request.headers.get("Sec-WebSocket-Protocol", ""):
            raise tornado.web.HTTPError(400, reason=f"Speak {PROTOCOL}")
        await super().get(kernel_id=kernel_id)

    def write_error(self, status_code: int, **_: Any) -> None:
        """Say why in one line; there is no page to show it on."""
        self.finish(f"{status_code}: {self._reason}")


class Leaving(VoilaShutdownKernelHandler):  # type: ignore[misc]
    """Ends the kernel of a page that somebody leaves, so that another has its place.

    A page that is left can send no token against forged requests. None is needed: only
    the page knows the random name of its kernel.
    """

    def check_xsrf_cookie(self) -> None:
        """Let the request pass."""


class ClassApp(Voila):  # type: ignore[misc]
    """Voila with a first page of ours, and without lists and files."""

    landing_page = ""
    learners = 40

    def initialize(self, argv: list[str] | None = None) -> None:
        """Read the options, and limit how many learners there are at once."""
        super().initialize(argv)
        self.voila_configuration.prelaunch_hook = self._has_room

    def setup_template_dirs(self) -> None:
        """Put our page before Voila's."""
        super().setup_template_dirs()
        self.template_paths.insert(0, str(TEMPLATES))

    def _has_room(self, *_: Any, **__: Any) -> None:
        """Refuse a kernel where there are as many as there may be."""
        if len(self.kernel_manager.list_kernel_ids()) >= self.learners:
            raise tornado.web.HTTPError(503, reason=FULL)

    def init_handlers(self) -> list[Any]:
        """Return what answers to which address."""
        ours = {
            VoilaKernelWebsocketHandler: Channel,
            VoilaShutdownKernelHandler: Leaving,
        }
        kept = [
            (each[0], ours[each[1]]) if each[1] in ours else each
            for each in super().init_handlers()
            if each[1] not in HIDDEN
        ]
        first = url_path_join(self.server_url, "/?")
        login = url_path_join(self.server_url, "/login")
        page = (first, Landing, {"text": self.landing_page})
        return [page, (login, Door), *kept]


@dataclass(frozen=True)
class Place:
    """Where and for whom the app is served.

    Attributes
    ----------
    host, port
        Where to listen.
    learners : int
        How many kernels there may be at once.
    idle_minutes : float
        After which a kernel that nobody looks at ends.
    token : str
        What a visitor's first address must hold as ``?token=``; "" for nothing.
    base_url : str
        The path under which a proxy passes visitors on.
    """

    host: str = "127.0.0.1"
    port: int = 8866
    learners: int = 30
    idle_minutes: float = 10.0
    token: str = ""
    base_url: str = "/"


def serve(folder: Path, landing_page: str, place: Place) -> None:
    """Serve a folder of notebooks and a first page until the server is stopped."""
    # One thread for each kernel: 25 of them share the processor already.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    app = ClassApp.instance()
    app.landing_page, app.learners = landing_page, place.learners
    app.tornado_settings = {
        "websocket_max_message_size": MOST_MESSAGE,
        "headers": {"Content-Security-Policy": POLICY},
    }
    app.initialize([str(folder), "--no-browser", *_options(place)])
    app.start()


def _options(place: Place) -> list[str]:
    """Return what Voila is told on its command line."""
    manager = "--MappingKernelManager"
    idle = round(60 * place.idle_minutes)
    return [
        f"--Voila.ip={place.host}",
        f"--port={place.port}",
        "--Voila.port_retries=0",
        f"--base_url={place.base_url}",
        f"--token={place.token}",
        *(["--KernelManager.transport=ipc"] if os.name == "posix" else []),
        f"{manager}.cull_idle_timeout={idle}",
        f"{manager}.cull_interval={max(1, min(SECONDS_BETWEEN_LOOKS, idle))}",
        "--Voila.log_level=WARN",
    ]
