"""What is finished is never computed again, and never taken on trust."""

from __future__ import annotations

import os
from pathlib import Path

import grimp
import pytest
from execution.desks import SEED, desk, entries, equal, kept, run, spans

import simlib as sl
from simlib.errors import FileError
from simlib.execution import store as stores
from simlib.execution import work


def test_a_second_time_nothing_is_computed(tmp_path: Path, computed):
    """A finished study comes from its store, the same to the last bit."""
    first = run(store=tmp_path)
    del computed[:]

    assert equal(run(store=tmp_path), first)
    assert computed == []


def test_a_longer_study_computes_only_what_is_new(tmp_path: Path, computed):
    """Twelve replications after five are seven more."""
    sl.replicate(desk(), 5, SEED, store=tmp_path)
    del computed[:]
    sl.replicate(desk(), 12, SEED, store=tmp_path)

    assert computed == list(range(5, 12))


def test_executors_share_a_store(tmp_path: Path, computed):
    """What threads have finished, one core need not compute."""
    first = run(store=tmp_path, executor="threads:2")

    assert equal(run(store=tmp_path, executor="serial", engine="simpy"), first)
    assert computed == []


@pytest.mark.parametrize(
    "other",
    [
        lambda store: sl.replicate(desk(), 3, SEED + 1, store=store),
        lambda store: sl.replicate(
            desk().changed({"horizon": 15}), 3, SEED, store=store
        ),
    ],
    ids=["seed", "scenario"],
)
def test_another_seed_or_scenario_is_another_entry(tmp_path: Path, computed, other):
    """Nothing is mistaken for something else."""
    sl.replicate(desk(), 3, SEED, store=tmp_path)
    del computed[:]
    other(tmp_path)

    assert computed == [0, 1, 2]


def test_another_version_of_the_model_is_another_entry(
    tmp_path: Path, computed, monkeypatch
):
    """When the model's sources change, its old figures are not used."""
    sl.replicate(desk(), 3, SEED, store=tmp_path)
    del computed[:]
    monkeypatch.setattr(stores, "model_version", lambda: "9.9.9-000000000000")
    sl.replicate(desk(), 3, SEED, store=tmp_path)

    assert computed == [0, 1, 2]


def test_the_version_is_made_of_all_that_figures_depend_on():
    """Every room that a worker needs is named, so that its changes are noticed.

    What only words a mistake or writes a file moves no figure.
    """
    graph = grimp.build_graph("simlib")
    needed = graph.find_upstream_modules("simlib.execution.work")
    rooms = {name.split(".")[1] for name in needed if "." in name}

    assert rooms - {"errors", "files"} | {"execution/work"} == set(work.ROOMS)


def test_who_stops_a_study_in_a_notebook_is_told_how_to_go_on(tmp_path: Path):
    """Below the traceback of Ctrl-C stands where finished replications are."""

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as stopped:
        run(store=tmp_path, progress=stop)

    assert stopped.value.__notes__ == [
        f"Stopped; what is finished is kept in {tmp_path}: run it again to go on"
    ]


@pytest.mark.usefixtures("kept_at_once")
def test_a_stopped_study_keeps_what_it_has_finished(tmp_path: Path, computed):
    """Ctrl-C after seven replications: seven are kept, and the rest follows later."""

    def stop(done):
        if done == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(store=tmp_path, progress=stop, executor="serial")
    assert kept(tmp_path) == 7
    del computed[:]
    found = run(store=tmp_path, executor="serial")

    assert len(computed) == 16 - 7
    assert equal(found, run())


def test_threads_that_are_stopped_keep_what_they_have_finished(tmp_path: Path):
    """Chunks that run when Ctrl-C comes are awaited and kept."""

    def stop(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(store=tmp_path, progress=stop, executor="threads:2")

    assert kept(tmp_path) > 0
    assert equal(run(store=tmp_path), run())


def cut(path: Path) -> None:
    """Lose the second half of a file."""
    os.truncate(path, path.stat().st_size // 2)


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def mix_up(path: Path) -> None:
    """Take an entry for that of other replications."""
    first, count, digest = path.name.split("-")
    path.rename(path.with_name(f"{int(first) + 1}-{count}-{digest}"))


@pytest.mark.parametrize("harm", [cut, flip, mix_up])
def test_a_damaged_entry_is_noticed_reported_and_recomputed(
    tmp_path: Path, computed, caplog, harm
):
    """It is named in a warning, its replications are run anew, the rest is kept."""
    first = run(store=tmp_path)
    harm(next(path for path in entries(tmp_path) if path.name.startswith("5-4")))
    del computed[:]
    found = run(store=tmp_path)

    assert equal(found, first)
    assert computed == [5, 6, 7, 8]
    assert caplog.text.count("is damaged; removed and computed anew") == 1
    assert kept(tmp_path) == 16


@pytest.mark.usefixtures("kept_at_once")
def test_a_full_disk_ends_the_store_but_not_the_study(
    tmp_path: Path, monkeypatch, caplog
):
    """One warning, all figures, and every entry that was written before."""
    write, written = Path.write_bytes, []

    def write_some(path, content):
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        written.append(path)
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", write_some)
    found = run(store=tmp_path, executor="serial")
    monkeypatch.undo()

    assert equal(found, run())
    assert kept(tmp_path) == 3
    assert len(caplog.records) == 1
    assert caplog.text.strip().endswith(
        "(No space left on device); the study goes on without its store"
    )


def test_a_store_that_cannot_be_written_is_still_read(
    tmp_path: Path, monkeypatch, caplog, computed
):
    """A read-only store gives what it has; what is new is computed and reported."""
    sl.replicate(desk(), 5, SEED, store=tmp_path)
    del computed[:]

    def refuse(path, content):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    sl.replicate(desk(), 5, SEED, store=tmp_path)
    assert (computed, caplog.text) == ([], "")
    sl.replicate(desk(), 7, SEED, store=tmp_path)

    assert computed == [5, 6]
    assert caplog.text.count("(Read-only file system)") == 1


def test_a_file_is_no_store(tmp_path: Path):
    """A wrong name is refused before anything is computed."""
    path = tmp_path / "file"
    path.write_text("no folder")

    with pytest.raises(FileError, match="is no folder for a store"):
        run(store=path)


def test_only_what_is_missing_is_read(tmp_path: Path):
    """Entries that do not touch a span are left alone, even damaged ones."""
    span = spans()[0]
    sl.replicate(desk(), 12, SEED, store=tmp_path)
    cut(entries(tmp_path)[0])
    later = stores.Store(tmp_path, work.WHOLE).read(
        work.Span(span.scenario, SEED, 12, 5)
    )

    assert list(later) == []
