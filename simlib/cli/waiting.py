"""Something to look at while one waits.

In: how many steps there are. Out: a progress bar on standard error, only if the work
takes more than two seconds and somebody watches. It never writes to standard output.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

PATIENCE_SECONDS = 2.0


@contextlib.contextmanager
def waiting(
    what: str, total: int | None, *, quiet: bool = False
) -> Iterator[Callable[..., None]]:
    """Show a bar after two seconds; the function that is given counts one step.

    Parameters
    ----------
    what : str
        What is being waited for.
    total : int or None
        Number of steps; None if that is not known.
    quiet : bool
        True to show nothing at all.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, TimeRemainingColumn(), console=console, transient=True)
    task = bar.add_task(what, total=total)

    def done(*_: object) -> None:
        bar.advance(task)

    if quiet or not console.is_terminal:
        yield done
        return
    timer = threading.Timer(PATIENCE_SECONDS, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield done
    finally:
        timer.cancel()
        timer.join()
        bar.stop()
