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
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from simlib.execution import Ticker

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
    with _bar(what, total, quiet=quiet) as (bar, task):

        def done(*_: object) -> None:
            bar.advance(task)

        yield done


@contextlib.contextmanager
def counting(what: str, *, quiet: bool = False) -> Iterator[Ticker]:
    """Show a bar after two seconds for a study, which says itself how long it is.

    Parameters
    ----------
    what, quiet
        As for `waiting`.
    """
    with _bar(what, 0, quiet=quiet) as (bar, task):
        yield Ticker(bar=_Counter(bar, task))


class _Counter:
    """A Rich bar in the form in which a `Ticker` knows bars."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar, self._task, self.total = bar, task, 0

    def refresh(self) -> None:
        """Show the total anew: it grows with each step of a study."""
        self._bar.update(self._task, total=self.total)

    def update(self, count: int) -> None:
        """Count runs."""
        self._bar.advance(self._task, count)


@contextlib.contextmanager
def _bar(
    what: str, total: int | None, *, quiet: bool
) -> Iterator[tuple[Progress, TaskID]]:
    """Give a bar that shows itself after two seconds, if somebody watches."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, TimeRemainingColumn(), console=console, transient=True)
    task = bar.add_task(what, total=total)
    if quiet or not console.is_terminal:
        yield bar, task
        return
    timer = threading.Timer(PATIENCE_SECONDS, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield bar, task
    finally:
        timer.cancel()
        timer.join()
        bar.stop()
