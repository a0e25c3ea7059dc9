"""Who does the work: threads, processes, a cluster, or an executor of one's own.

In: the name of an executor, or a `concurrent.futures.Executor`. Out: `Crew`, who can
be given tasks. It neither cuts work into tasks nor gathers what comes of them.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    ThreadPoolExecutor,
)
from dataclasses import dataclass, field

from simlib.errors import StudyError, nearest

AUTO, SERIAL, THREADS, PROCESSES, DASK = (
    "auto",
    "serial",
    "threads",
    "processes",
    "dask://",
)
WHAT_MAY_BE = (
    "it must be auto, serial, threads, threads:N, processes, processes:N or "
    "dask://ADDRESS"
)
MOST_WORKERS = 1024
SECONDS_TO_CONNECT = 10
IDLE_SECONDS = 60
LOST: tuple[type[BaseException], ...] = (BrokenExecutor, CancelledError)


@dataclass
class Crew:
    """Somebody to give tasks to.

    Attributes
    ----------
    name : str
        What it is called in a message.
    executor : Executor
    workers : int
        How many tasks run at a time.
    is_elsewhere : bool
        Whether tasks leave this process.
    renew : callable or None
        How to get new workers after some have died; None if that is not ours to do.
    lost : tuple of exception types
        How the executor says that it has lost a worker.
    dismiss : callable
        Sends away workers that are ours and busy with what nobody waits for.
    """

    name: str
    executor: Executor
    workers: int
    is_elsewhere: bool = True
    renew: Callable[[], Executor] | None = None
    lost: tuple[type[BaseException], ...] = field(default=LOST)
    dismiss: Callable[[], object] = lambda: None

    @property
    def refusals(self) -> tuple[type[BaseException], ...]:
        """How the executor says that it takes no more work."""
        return (*self.lost, RuntimeError)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def checked(executor: str | Executor | None) -> str | Executor:
    """Return an executor, or its name once it is known to be one.

    Raises
    ------
    StudyError
        For anything else.
    """
    if executor is None:
        return AUTO
    if isinstance(executor, Executor):
        return executor
    if not isinstance(executor, str):
        raise StudyError(f"executor {executor!r}: {WHAT_MAY_BE}, or an Executor")
    if executor in {AUTO, SERIAL} or executor.startswith(DASK):
        return executor
    kind, _, number = executor.partition(":")
    if kind not in {THREADS, PROCESSES}:
        hint = nearest(executor, (AUTO, SERIAL, THREADS, PROCESSES, DASK))
        raise StudyError(f"executor '{executor}': {WHAT_MAY_BE}.{hint}")
    _workers(executor, number if ":" in executor else None)
    return executor


def _workers(name: str, number: str | None) -> int:
    if number is None:
        return cores()
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= MOST_WORKERS):
        raise StudyError(f"executor '{name}': N must be 1 to {MOST_WORKERS:,}")
    return int(number)


@contextlib.contextmanager
def crew_of(executor: str | Executor) -> Iterator[Crew]:
    """Give a crew; what was opened for it is closed at the end.

    Parameters
    ----------
    executor : str or Executor
        As `checked` returns it, but neither auto nor serial. One's own executor is
        left open.
    """
    if isinstance(executor, Executor):
        workers = getattr(executor, "_max_workers", None) or cores()
        here = isinstance(executor, ThreadPoolExecutor)
        yield Crew("the executor", executor, workers, is_elsewhere=not here)
    elif executor.startswith(DASK):
        with _cluster(executor) as crew:
            yield crew
    else:
        kind, _, number = executor.partition(":")
        workers = _workers(executor, number or None)
        if kind == THREADS:
            with ThreadPoolExecutor(workers) as pool:
                yield Crew(kind, pool, workers, is_elsewhere=False)
        else:
            yield _processes(workers)


def _processes(workers: int) -> Crew:
    """Return processes that stay for the next study, and go when they are idle.

    They are those of joblib's loky, because scripts then need no main guard, a pool
    that lost a worker is replaced, and starting them is paid only once.
    """
    from joblib.externals.loky import get_reusable_executor

    def pool() -> Executor:
        found: Executor = get_reusable_executor(
            workers, timeout=IDLE_SECONDS, initializer=_leave_interrupts_to_the_driver
        )
        return found

    crew = Crew(PROCESSES, pool(), workers, renew=pool)
    crew.dismiss = lambda: crew.executor.shutdown(kill_workers=True)  # type: ignore[call-arg]
    return crew


def _leave_interrupts_to_the_driver() -> None:
    """Let Ctrl-C reach only who gathers, so that running tasks are not lost."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextlib.contextmanager
def _cluster(name: str) -> Iterator[Crew]:
    """Give the workers of a Dask scheduler that is running already."""
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise StudyError(
            f"executor '{name}': needs the package distributed; install simlib[cluster]"
        ) from None
    address = name.removeprefix(DASK)
    where = address if "://" in address else f"tcp://{address}"
    try:
        client = Client(where, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        reason = str(error).splitlines()[0][:100] if str(error) else "no answer"
        raise StudyError(
            f"executor '{name}': no scheduler answers there ({reason})"
        ) from None
    with client:
        workers = sum(client.nthreads().values())
        if not workers:
            raise StudyError(f"executor '{name}': the scheduler has no workers")
        executor = client.get_executor()
        yield Crew(name, executor, workers, lost=(*LOST, KilledWorker))
