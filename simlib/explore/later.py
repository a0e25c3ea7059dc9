"""Doing work soon: after the messages that wait, and never twice.

In: a function that does a little and says whether there is more. Out: calls of it.
Where an event loop runs (in a kernel), work is put behind what waits there, so that a
newer setting comes before it; where none runs, all of it is done at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

FIRST = 0.01
# A kernel needs several turns of its loop for one message: leave it some time.
BETWEEN = 0.02

Soon = Callable[[float, Callable[[], object]], object]


class Later:
    """Work that is done soon, however often it is asked for.

    Parameters
    ----------
    work : callable
        Does a little; returns whether there is more.
    soon : callable, optional
        Calls a function after some seconds; by default the running event loop does.
    """

    def __init__(self, work: Callable[[], bool], soon: Soon | None = None) -> None:
        self._work, self._soon = work, soon
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_waiting = False

    def ask(self) -> None:
        """Ask for work; who asks again before it is done asks for nothing more."""
        if self._soon is None:
            self._loop_or_now()
        elif not self._is_waiting:
            self._wait(self._soon, FIRST)

    def finish(self) -> None:
        """Do all the work now."""
        while self._work():
            pass

    def _loop_or_now(self) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.finish()
            return
        # A loop that was closed with its thread will never call.
        if loop is not self._loop or not self._is_waiting:
            self._loop = loop
            self._wait(loop.call_later, FIRST)

    def _wait(self, soon: Soon, seconds: float) -> None:
        self._is_waiting = True
        soon(seconds, lambda: self._once(soon))

    def _once(self, soon: Soon) -> None:
        self._is_waiting = False
        if self._work() and not self._is_waiting:
            self._wait(soon, BETWEEN)
