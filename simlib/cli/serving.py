"""The command that serves the class app.

In: where the lessons are, and where to listen. Out: a server, until Ctrl-C. It computes
nothing itself: see `simlib.app`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from simlib.errors import StudyError


def add_to(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command(name="app")(serve)


def serve(
    *,
    host: Annotated[
        str, typer.Option(help="Where to listen; others reach only what is not local.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535)] = 8866,
    lessons: Annotated[
        Path,
        typer.Option(metavar="DIR", help="Notebooks whose explorers are served."),
    ] = Path("notebooks"),
    learners: Annotated[
        int, typer.Option(min=1, max=1000, help="At most so many at once.")
    ] = 30,
    idle_minutes: Annotated[
        float, typer.Option(min=0.1, help="A page that nobody looks at ends after.")
    ] = 10.0,
    token: Annotated[
        str, typer.Option(help="Visitors need ?token=TOKEN once; empty: everybody.")
    ] = "",
    base_url: Annotated[
        str, typer.Option(metavar="PATH", help="Below which path a proxy passes on.")
    ] = "/",
) -> None:
    """Serve every explorer as a page without code, for a class."""
    from simlib.app import landing, pages_of, written

    try:
        from simlib.app import server
    except ImportError as missing:
        raise StudyError(
            f"app: needs Voila, and {missing.name} is not installed; "
            "install it: pip install 'simlib[app]'"
        ) from None
    pages = pages_of(lessons if lessons.is_dir() else None)
    with tempfile.TemporaryDirectory(prefix="lead_lab_") as folder:
        typer.echo(f"Lead Lab for {learners} learners: http://{host}:{port}{base_url}")
        typer.echo("Ctrl-C stops it.")
        place = server.Place(host, port, learners, idle_minutes, token, base_url)
        server.serve(written(pages, Path(folder)), landing(pages), place)
