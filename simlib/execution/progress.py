"""How far a study is: a bar on standard error, or somebody's own function.

In: how many replications there are, and each one that is done. Out: nothing but what
is shown. By default nothing is shown.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

Progress = Callable[[int], None]


class Ticker:
    """Counts replications and tells whoever wants to know."""

    def __init__(self, tell: Progress | None = None, bar: Any = None) -> None:
        self._tell, self._bar = tell, bar
        self.done = 0

    def expect(self, count: int) -> None:
        """Say that so many more replications are to be done."""
        if self._bar is not None:
            self._bar.total = (self._bar.total or 0) + count
            self._bar.refresh()

    def tick(self, count: int) -> None:
        """Say that so many more are done."""
        if self._bar is not None:
            self._bar.update(count)
        for _ in range(count):
            self.done += 1
            if self._tell is not None:
                self._tell(self.done)


@contextlib.contextmanager
def ticking(progress: Progress | Ticker | bool | None) -> Iterator[Ticker]:  # noqa: FBT001
    """Give a ticker, and take its bar away at the end.

    Parameters
    ----------
    progress : bool, callable or Ticker
        True for a bar (in notebooks a widget, else a line on standard error), or a
        function that is called with the number done after each replication. A ticker
        is passed through, so that several steps share one bar.
    """
    if isinstance(progress, Ticker):
        yield progress
    elif progress is True:
        from tqdm.auto import tqdm

        with tqdm(total=0, unit="run", leave=False) as bar:
            yield Ticker(bar=bar)
    else:
        yield Ticker(progress if callable(progress) else None)
