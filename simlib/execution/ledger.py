"""What is finished, what is missing, and what is not yet in the store.

In: spans, and figures as they come in, in any order. Out: the figures of each span,
in order. It runs nothing.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from simlib.errors import FileError
from simlib.execution.progress import Ticker
from simlib.execution.store import Store
from simlib.execution.work import Figures, Span

LOGGER = logging.getLogger("simlib")
SECONDS_BETWEEN_SAVES = 1.0


class Ledger:
    """Gathers the figures of some spans.

    Parameters
    ----------
    spans : sequence of Span
    store : Store or None
        Where finished replications are looked up, and kept from now on.
    ticker : Ticker
        Is told of each replication that is there.
    """

    def __init__(
        self, spans: Sequence[Span], store: Store | None, ticker: Ticker
    ) -> None:
        self.spans, self.store, self.ticker = spans, store, ticker
        self.pages: list[Figures | None] = [None] * len(spans)
        self.known = [np.zeros(span.count, dtype=bool) for span in spans]
        self.unsaved: list[tuple[int, int, int]] = []
        self.saved_at = time.monotonic()
        ticker.expect(sum(span.count for span in spans))
        if store is not None:
            for index, span in enumerate(spans):
                for first, figures in store.read(span):
                    ticker.tick(self._enter(index, first, figures))

    def missing(self) -> deque[tuple[int, Span]]:
        """Return what must still be run, with the index of its span."""
        left: deque[tuple[int, Span]] = deque()
        for index, (span, known) in enumerate(zip(self.spans, self.known, strict=True)):
            edges = np.flatnonzero(np.diff(known, prepend=True, append=True))
            for start, stop in edges.reshape(-1, 2).tolist():
                first = span.first + start
                part = Span(span.scenario, span.seed, first, stop - start)
                left.append((index, part))
        return left

    def add(self, index: int, first: int, figures: Figures) -> None:
        """Take in what was run; what is not yet kept is kept once a second."""
        count = self._enter(index, first, figures)
        if self.store is not None:
            self.unsaved.append((index, first, len(figures.numbers)))
            if time.monotonic() - self.saved_at >= SECONDS_BETWEEN_SAVES:
                self.save()
        self.ticker.tick(count)

    def _enter(self, index: int, first: int, figures: Figures) -> int:
        """Copy the part of some figures that belongs to a span; count what is new."""
        span, known, page = self.spans[index], self.known[index], self.pages[index]
        if page is None:
            shape = (span.count, *figures.numbers.shape[1:])
            page = self.pages[index] = Figures(figures.names, np.full(shape, np.nan))
        start = max(first, span.first)
        stop = min(first + len(figures.numbers), span.first + span.count)
        here = slice(start - span.first, stop - span.first)
        page.numbers[here] = figures.numbers[start - first : stop - first]
        new = int((~known[here]).sum())
        known[here] = True
        return new

    def save(self) -> None:
        """Write what is not yet in the store; neighbours share an entry."""
        self.saved_at = time.monotonic()
        for index, first, count in _joined(self.unsaved):
            if self.store is None:
                break
            span, page = self.spans[index], self.pages[index]
            assert page is not None
            start = first - span.first
            values = page.numbers[start : start + count]
            part = Span(span.scenario, span.seed, first, count)
            try:
                self.store.write(part, Figures(page.names, values))
            except FileError as error:
                LOGGER.warning("%s; the study goes on without its store", error)
                self.store = None
        self.unsaved.clear()

    def kept_where(self) -> str:
        """Return what became of the finished replications, for a message."""
        if self.store is None:
            return "with a store, finished replications would be kept"
        return f"what is finished is kept in {self.store.folder}: run it again to go on"

    def figures(self) -> list[Figures]:
        """Return the figures of each span, once all is there."""
        assert all(known.all() for known in self.known)
        return [page for page in self.pages if page is not None]


def _joined(parts: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return parts (index, first, count), in order, with neighbours made one."""
    ordered = sorted(parts)
    if not ordered:
        return []
    breaks = [
        number
        for number, (one, two) in enumerate(pairwise(ordered), start=1)
        if one[0] != two[0] or one[1] + one[2] != two[1]
    ]
    bounds = pairwise([0, *breaks, len(ordered)])
    groups = [ordered[start:stop] for start, stop in bounds]
    return [
        (group[0][0], group[0][1], sum(count for *_, count in group))
        for group in groups
    ]
