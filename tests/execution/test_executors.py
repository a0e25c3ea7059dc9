"""The same numbers, whoever computes them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from execution.desks import desk, equal, run

import simlib as sl
from simlib.errors import SimlibError
from simlib.execution import driver, executors, work

REFERENCE = {"executor": "serial", "engine": "simpy"}


@pytest.mark.parametrize(
    "executor", ["auto", "threads", "threads:1", "threads:3", "processes:2"]
)
def test_numbers_do_not_depend_on_the_executor(executor):
    """Every executor, with any number of workers, gives what one core gives."""
    assert equal(run(executor=executor), run(**REFERENCE))


def test_an_executor_of_ones_own_is_used_and_left_open():
    """Any executor of `concurrent.futures` will do; who opened it closes it."""
    with ThreadPoolExecutor(2) as pool:
        found = run(executor=pool)
        assert pool.submit(int, "7").result() == 7

    assert equal(found, run(**REFERENCE))


@pytest.mark.parametrize("chunk", [1, 5, 1000])
def test_numbers_do_not_depend_on_how_work_is_cut(monkeypatch, chunk):
    """Chunks of any size, even over the edge of a span, give the same numbers."""
    monkeypatch.setattr(driver._Gang, "_chunk", lambda *_: chunk)

    assert equal(run(executor="threads:2"), run(**REFERENCE))


def test_a_fast_replication_is_no_task_of_its_own(monkeypatch):
    """A thousand replications are sent in far fewer tasks."""
    sizes = []
    send = work.work

    def counted(task):
        sizes.append(sum(span.count for span in task.spans))
        return send(task)

    monkeypatch.setattr(driver, "work", counted)
    sl.replicate(sl.load("textbook"), 1000, executor="threads:2")

    assert sum(sizes) == 1000
    assert len(sizes) < 100


def test_large_studies_run_on_threads_by_themselves(monkeypatch):
    """Where there is enough to do and the engine is compiled, auto takes threads."""
    monkeypatch.setattr(driver, "SMALL_RUN_SECONDS", 0.0)
    monkeypatch.setattr(driver, "SMALL_STUDY_SECONDS", 0.0)
    monkeypatch.setattr(driver, "_shares_cores", lambda engine: engine != "simpy")
    used = []
    crew_of = executors.crew_of
    monkeypatch.setattr(driver, "crew_of", lambda e: used.append(e) or crew_of(e))
    found = run(), run(engine="simpy")

    assert used == ["threads"]
    assert equal(*found)


def test_an_executor_that_stops_is_reported():
    """A pool that was shut down by its owner is one clear line."""
    pool = ThreadPoolExecutor(1)
    pool.shutdown()

    with pytest.raises(SimlibError, match="it takes no more work; with a store"):
        run(executor=pool)


def test_workers_of_another_version_are_refused(monkeypatch):
    """A worker with other sources would give other numbers, so it gives none."""
    monkeypatch.setattr(work, "model_version", lambda: "0.0.1-old")
    task = work.Task((), "auto", work.FIGURES, "0.1.0-new")

    with pytest.raises(SimlibError, match=r"0\.0\.1-old instead of 0\.1\.0-new"):
        work.work(task)


@pytest.mark.parametrize(
    ("executor", "message"),
    [
        ("process", "executor 'process': it must be .* Did you mean 'processes'?"),
        ("threads:0", "executor 'threads:0': N must be 1 to 1,024"),
        ("threads:", "executor 'threads:': N must be 1 to 1,024"),
        ("processes:two", "executor 'processes:two': N must be 1 to 1,024"),
        (7, "executor 7: it must be auto, .*, or an Executor"),
        ("dask://", "executor 'dask://': no scheduler answers there"),
    ],
)
def test_wrong_executors_are_named_in_one_line(executor, message):
    """The message says what was given and what may be."""
    with pytest.raises(SimlibError, match=message):
        sl.replicate(desk(), 2, executor=executor)


def test_progress_counts_every_replication_once():
    """A function is told 1, 2, ... to the number of all replications."""
    told = []
    run(executor="threads:2", progress=told.append)

    assert told == list(range(1, 17))


def test_a_bar_is_drawn_on_standard_error_only(capfd):
    """Standard output stays clean, for tables and JSON."""
    run(progress=True)
    out, err = capfd.readouterr()

    assert (out, "0/16" in err) == ("", True)


def test_nothing_is_drawn_unless_asked_for(capfd):
    """By default a study is silent."""
    run()

    assert capfd.readouterr() == ("", "")
