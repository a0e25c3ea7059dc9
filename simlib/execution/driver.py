"""Who gives out the work and gathers it: in order, whole, and kept as it comes in.

In: spans of replications, and how to run them. Out: `Figures`, in the order of the
spans. Replications are sent in chunks of about a second, so that a fast one never
pays for a task of its own; how they are cut changes no number. What is finished goes
to the store at once, by the driver alone: workers may die without harm.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from pathlib import Path
from typing import TypedDict

from simlib.errors import StudyError
from simlib.execution.executors import AUTO, SERIAL, THREADS, Crew, checked, crew_of
from simlib.execution.ledger import Ledger
from simlib.execution.progress import Progress, Ticker, ticking
from simlib.execution.store import Store
from simlib.execution.work import (
    Figures,
    Result,
    Span,
    Task,
    figures_of,
    model_version,
    work,
)

LOGGER = logging.getLogger("simlib")
CHUNK_SECONDS = 1.0
LONGEST_GOODBYE_SECONDS = 10.0
MOST_LOSSES = 3
# Below this much work, threads cost more than they bring.
SMALL_RUN_SECONDS, SMALL_STUDY_SECONDS = 0.02, 1.0
Load = list[tuple[int, Span]]


class How(TypedDict, total=False):
    """How replications are run; nothing of it changes a number.

    ``engine``, ``executor``, ``store`` and ``progress``, as for
    `simlib.studies.replicate`.
    """

    engine: str
    executor: str | Executor | None
    store: str | Path | None
    progress: Progress | Ticker | bool | None


def measured(spans: Sequence[Span], measure: str, how: How) -> list[Figures]:
    """Return what is measured in some spans of replications.

    Parameters
    ----------
    spans : sequence of Span
    measure : {"whole", "figures", "months"}
    how : How

    Returns
    -------
    list of Figures
        One for each span, the same whatever ran it.

    Raises
    ------
    StudyError
        For an unknown executor or engine, or if workers die again and again.
    FileError
        If the store is no folder and cannot be made one.
    """
    executor, folder = checked(how.get("executor")), how.get("store")
    store = None if folder is None else Store(folder, measure)
    with ticking(how.get("progress")) as ticker:
        ledger = Ledger(spans, store, ticker)
        left = ledger.missing()
        engine = how.get("engine", "auto")
        try:
            _run(left, executor, engine, measure, ledger)
        except KeyboardInterrupt as stopped:
            stopped.add_note(f"Stopped; {ledger.kept_where()}")
            raise
        finally:
            ledger.save()
    return ledger.figures()


def _run(
    left: deque[tuple[int, Span]],
    executor: str | Executor,
    engine: str,
    measure: str,
    ledger: Ledger,
) -> None:
    """Run what is left, here or elsewhere."""
    if executor == AUTO:
        executor = _choice(left, engine, measure, ledger)
    if executor == SERIAL:
        while left:
            _one(left, engine, measure, ledger)
    elif left:
        with crew_of(executor) as crew:
            _Gang(crew, engine, measure, ledger).run(left)


def _one(
    left: deque[tuple[int, Span]], engine: str, measure: str, ledger: Ledger
) -> float:
    """Run the next replication here; return how many seconds it took."""
    start = time.perf_counter()
    ((index, span),) = _taken(left, 1)
    ledger.add(index, span.first, figures_of(span, engine, measure))
    return time.perf_counter() - start


def _choice(
    left: deque[tuple[int, Span]], engine: str, measure: str, ledger: Ledger
) -> str:
    """Return where the rest is best run, judged by two replications run here.

    Threads, if the engine lets them run at a time and there is enough to do. Never
    processes: their start costs seconds, and that is for somebody to choose.
    """
    seconds = 0.0
    for _ in range(2):
        if left:
            seconds = _one(left, engine, measure, ledger)
    count = sum(span.count for _, span in left)
    is_small = seconds < SMALL_RUN_SECONDS or seconds * count < SMALL_STUDY_SECONDS
    return SERIAL if is_small or not _shares_cores(engine) else THREADS


def _shares_cores(engine: str) -> bool:
    """Whether an engine lets several threads run at a time."""
    if engine == "simpy":
        return False
    from simlib.compiling import COMPILED

    return COMPILED


def _taken(left: deque[tuple[int, Span]], count: int) -> Load:
    """Take so many replications off the list, or what there is."""
    load: Load = []
    while left and count > 0:
        index, span = left.popleft()
        now = min(count, span.count)
        rest = span.count - now
        if rest:
            later = Span(span.scenario, span.seed, span.first + now, rest)
            left.appendleft((index, later))
        load.append((index, Span(span.scenario, span.seed, span.first, now)))
        count -= now
    return load


class _Gang:
    """Keeps a crew busy, and gathers what it brings."""

    def __init__(self, crew: Crew, engine: str, measure: str, ledger: Ledger) -> None:
        self.crew, self.engine, self.measure = crew, engine, measure
        self.ledger = ledger
        self.version = model_version() if crew.is_elsewhere else ""
        self.flying: dict[Future[Result], Load] = {}
        self.losses = 0
        self.seconds_each = 0.0

    def run(self, left: deque[tuple[int, Span]]) -> None:
        """Run everything that is left; keep what is finished even if it fails."""
        try:
            while left or self.flying:
                is_sent = self._send(left)
                if is_sent:
                    wait(self.flying, return_when=FIRST_COMPLETED)
                if self._gather(left) or not is_sent:
                    self._recover(left)
        finally:
            self._part()

    def _send(self, left: deque[tuple[int, Span]]) -> bool:
        """Keep two tasks a worker on their way; False if the crew takes no more."""
        while left and len(self.flying) < 2 * self.crew.workers:
            load = _taken(left, self._chunk(left))
            spans = tuple(span for _, span in load)
            task = Task(spans, self.engine, self.measure, self.version)
            try:
                self.flying[self.crew.executor.submit(work, task)] = load
            except self.crew.refusals:
                left.extendleft(reversed(load))
                return False
        return True

    def _chunk(self, left: deque[tuple[int, Span]]) -> int:
        """Return how many replications the next task shall hold.

        One at first, for they may be long, and somebody watches the bar.
        """
        if not self.seconds_each:
            return 1
        remaining = sum(span.count for _, span in left)
        fair = -(-remaining // (2 * self.crew.workers))
        return max(1, min(fair, int(CHUNK_SECONDS / self.seconds_each)))

    def _gather(self, left: deque[tuple[int, Span]]) -> bool:
        """Take in what is finished; return whether a worker was lost."""
        lost = False
        for future in [future for future in self.flying if future.done()]:
            load = self.flying.pop(future)
            try:
                result = future.result()
            except self.crew.lost:
                left.extendleft(reversed(load))
                lost = True
            except ImportError as error:
                raise StudyError(
                    f"{self.crew.name}: a worker cannot import what it needs ({error})"
                ) from None
            else:
                self._take_in(load, result)
        return lost

    def _take_in(self, load: Load, result: Result) -> None:
        for (index, span), figures in zip(load, result.figures, strict=True):
            self.ledger.add(index, span.first, figures)
        self.seconds_each = result.seconds / sum(span.count for _, span in load)
        self.losses = 0

    def _recover(self, left: deque[tuple[int, Span]]) -> None:
        """Go on with new workers, if they are ours and do not die again and again."""
        self.losses += 1
        if self.crew.renew is None or self.losses > MOST_LOSSES:
            kept = self.ledger.kept_where()
            raise StudyError(
                f"{self.crew.name}: workers were lost and it takes no more work; {kept}"
            )
        wait(self.flying)
        self._gather(left)
        self.crew.executor = self.crew.renew()

    def _part(self) -> None:
        """After an error or Ctrl-C: call back what waits, keep what gets finished.

        Workers of our own that are still busy then are sent away.
        """
        if not self.flying:
            return
        for future in self.flying:
            future.cancel()
        running = [future for future in self.flying if not future.cancelled()]
        if running:
            LOGGER.warning(
                "stopping: what runs already is finished first, if in %.0f seconds; "
                "another Ctrl-C leaves it",
                LONGEST_GOODBYE_SECONDS,
            )
        try:
            wait(running, timeout=LONGEST_GOODBYE_SECONDS)
        finally:
            self.crew.dismiss()
            for future in running:
                is_whole = future.done() and not future.cancelled()
                if is_whole and future.exception() is None:
                    self._take_in(self.flying[future], future.result())


def lasting(how: How) -> How:
    """Return the part of `how` that outlives a study: no open pool and no bar."""
    kept = How(engine=how.get("engine", "auto"), store=how.get("store"))
    executor = how.get("executor")
    if isinstance(executor, str):
        kept["executor"] = executor
    return kept
