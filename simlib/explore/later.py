"""Doing work soon: after the messages that wait, and never twice.

In: a function that does a little and says whether there is more. Out: calls of it.
Where an event loop runs (in a kernel), work is put behind what waits there, so that a
newer setting comes before it; where none runs, all of it is done at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

FIRST = 0.01
# After the first picture of a setting the next one may already be on its way.
REST = 0.12
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
        self._turn = 0
        self._is_asked = False

    def ask(self) -> None:
        """Ask for work; who asks again before it is begun asks for nothing more."""
        if self._soon is None:
            self._loop_or_now()
        elif not self._is_asked:
            self._wait(self._soon, FIRST, is_asked=True)

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
        if loop is not self._loop or not self._is_asked:
            self._loop = loop
            self._wait(loop.call_later, FIRST, is_asked=True)

    def _wait(self, soon: Soon, seconds: float, *, is_asked: bool) -> None:
        """Let the next turn come after some time; older ones that wait are void."""
        self._turn += 1
        turn, self._is_asked = self._turn, is_asked
        soon(seconds, lambda: self._once(soon, turn))

    def _once(self, soon: Soon, turn: int) -> None:
        if turn != self._turn:
            return
        rest = REST if self._is_asked else BETWEEN
        self._is_asked = False
        if self._work() and turn == self._turn:
            self._wait(soon, rest, is_asked=False)
