"""The fast engine's own parts: what is sorted, dealt, compiled, kept and said."""

from __future__ import annotations

import dataclasses
import logging
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_engines_agree import assert_agreement, rows

from simlib import compiling, fast_engine
from simlib.fast_engine import loop, stores
from simlib.fast_engine.columns import records
from simlib.metrics import metrics_of
from simlib.plan import compiled
from simlib.population import Population
from simlib.run import simulate
from simlib.scenario import Scenario, load
from simlib.sorting import in_order

compiles = pytest.mark.skipif(not compiling.COMPILED, reason="nothing is compiled")

TIME = st.one_of(
    st.floats(0, 1000),
    st.integers(0, 5).map(float),
    st.floats(0, 1e-9),
    st.just(5e-324),
    st.just(36_000.0),
)


def assert_in_order(time: np.ndarray, key: np.ndarray) -> None:
    """Assert that times and keys are put in the order of NumPy's stable sort."""
    expected = np.lexsort((key, time))
    order, ordered = in_order(time, key)

    assert expected.tolist() == order.tolist()
    assert time[expected].tolist() == ordered.tolist()


@given(st.lists(st.tuples(TIME, st.integers(0, 9)), max_size=200))
def test_order_by_time_and_key(pairs):
    """Any times and keys are put in the order of NumPy's stable sort."""
    time = np.array([pair[0] for pair in pairs], dtype=np.float64)
    key = np.array([pair[1] for pair in pairs], dtype=np.int32)

    assert_in_order(time, key)


@pytest.mark.parametrize("disorder", ["none", "reversed", "mixed"])
def test_order_of_very_many_at_one_moment(disorder):
    """A crowd at one moment is sorted too, however it stands."""
    key = np.arange(5000, dtype=np.int32)
    if disorder == "reversed":
        key = key[::-1].copy()
    if disorder == "mixed":
        key = key * 4637 % 5003
    time = np.full(5000, 3.5)
    time[-1] = 900.0

    assert_in_order(time, key)


@given(st.lists(st.tuples(TIME, st.integers(0, 2**50)), min_size=1, unique=True))
def test_events_come_out_in_order(pairs):
    """Whatever goes onto the heap comes off it by time, then by key."""
    room = np.zeros(len(pairs), dtype=stores.EVENT)
    heap: Any = records(room) if compiling.COMPILED else []
    for size, (time, key) in enumerate(pairs):
        stores.push(heap, size, time, key)
    taken = []
    for size in range(len(pairs), 0, -1):
        taken.append(tuple(heap[0]))
        stores.pop(heap, size)

    assert sorted(pairs) == taken


def rounds(visits: int, people: int = 1) -> Scenario:
    """Return a scenario in which leads come back to a desk again and again."""
    return Scenario.of(
        {
            "name": "rounds",
            "horizon": 400,
            "stages": {
                "captured": {
                    "team": "sdr",
                    "work": {"dist": "exponential", "mean": 0.01},
                    "patience": {"dist": "exponential", "mean": 0.05},
                    "next": {"captured": {"rate": 0.98}},
                    "leak": {"to": "mql", "lag": {"dist": "weibull", "mean": 1}},
                    "visits": visits,
                },
                "mql": {
                    "next": {"captured": {"rate": 0.9, "lag": 0.5}},
                    "leak": {"to": "lost"},
                    "visits": visits,
                },
                "lost": {"terminal": "lost"},
            },
            "teams": {"sdr": {"people": people}},
            "sources": {"web": {"leads": {"per_day": 0.4, "imports": [
                {"day": 3, "leads": 30}]}}},
        }
    )  # fmt: skip


def test_more_visits_lines_and_events_than_there_was_room_for():
    """Hands, lines and the heap grow while a run goes on, and nothing gets lost."""
    assert_agreement(compiled(rounds(60)))


def test_numbers_are_dealt_to_those_who_may_need_them(monkeypatch):
    """Asked again and again, the population draws for many leads at once."""
    asked: list[int] = []
    drawn = Population.drawn

    def counted(self: Population, asks: Any, leads: Any) -> Any:
        asked.append(len(leads))
        return drawn(self, asks, leads)

    monkeypatch.setattr(Population, "drawn", counted)
    log = fast_engine.simulate(Population(compiled(rounds(60)), 1, 0))
    queues = int((log.event == 1).sum())

    assert queues > 2000
    assert len(asked) < queues / 20


def test_threads_do_not_disturb_each_other():
    """Runs in threads write what they write alone."""
    plan = compiled(load("holed_bucket"))
    alone = [rows(fast_engine.simulate(Population(plan, 1, run))) for run in range(6)]
    with ThreadPoolExecutor(3) as pool:
        logs = pool.map(
            lambda run: rows(fast_engine.simulate(Population(plan, 1, run))), range(6)
        )

        assert alone == list(logs)


# --- compiling ---------------------------------------------------------------------


@compiles
def test_where_nothing_can_be_kept_it_is_compiled_all_the_same(monkeypatch):
    """With no folder to write to, the loop is compiled anew and works."""
    import numba

    plain = numba.njit

    def strict(function: Any, **options: Any) -> Any:
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return plain(function, **options)

    monkeypatch.setattr(numba, "njit", strict)
    twice = compiling.whole(lambda number: 2 * number)

    assert 8 == twice(4)


@compiles
def test_a_full_disk_stops_no_run(monkeypatch):
    """What was compiled but could not be kept is used for this once."""
    import numba

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    def kept(function: Any, **_: object) -> Any:
        made = plain(function)
        made._cache.save_overload = refuse
        return made

    plain = numba.njit
    monkeypatch.setattr(numba, "njit", kept)
    twice = compiling.whole(lambda number: 2 * number)

    assert [8, 10] == [twice(4), twice(5)]


def test_the_key_knows_each_source(tmp_path):
    """Machine code is kept under a digest of every file that it was made of."""
    other = tmp_path / "calendars.py"
    keys = set()
    for text in ("OPENS = 8", "OPENS = 9", "OPENS = 9"):
        other.write_text(text)
        keys.add(compiling.key_of_sources(loop.__file__, str(other)))

    assert 2 == len(keys)


PACKAGE = Path(compiling.__file__).parent
KEPT = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if re.search(r"import .*whole[\s\S]*= part_of\(", path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("path", KEPT, ids=lambda at: at.stem)
def test_what_is_compiled_in_from_another_room_is_in_the_key(path):
    """Else an edit there would go unnoticed, and old machine code would run."""
    text = path.read_text(encoding="utf-8")
    rooms = set(re.findall(r"part_of\((\w+)\.", text))

    assert rooms
    assert [] == [room for room in rooms if f"{room}.__file__" not in text]


class Screen:
    """A terminal, or a file, that remembers what was written to it."""

    def __init__(self, is_terminal: bool) -> None:
        self.is_terminal, self.text = is_terminal, ""

    def isatty(self) -> bool:
        """Return whether somebody looks at it."""
        return self.is_terminal

    def write(self, text: str) -> None:
        """Remember a text."""
        self.text += text


@compiles
@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_compilation_is_said_once_and_to_people_only(
    is_terminal, monkeypatch, caplog
):
    """A terminal is told once that something compiles; a notebook or file never is."""
    import numba

    screen = Screen(is_terminal)
    compiling._say.cache_clear()
    monkeypatch.setattr(sys, "stderr", screen)
    caplog.set_level(logging.INFO, logger="simlib")
    for number in (1, 2):
        monkeypatch.setattr(compiling, "_is_over", False)
        compiled_now = numba.njit(lambda given: given + 1)
        compiled_now.__module__ = "simlib.fast_engine.loop"
        with compiling.with_notice():
            assert number + 1 == compiled_now(number)

    assert [compiling.NOTICE] == [record.message for record in caplog.records]
    assert (compiling.NOTICE + "\n" if is_terminal else "") == screen.text


@compiles
def test_nothing_is_said_where_nothing_is_compiled(monkeypatch, caplog):
    """Somebody else's compilation, or a loop from the cache, is no news."""
    import numba

    compiling._say.cache_clear()
    monkeypatch.setattr(compiling, "_is_over", False)
    caplog.set_level(logging.INFO, logger="simlib")
    with compiling.with_notice():
        numba.njit(lambda given: given + 2)(1)

    assert [] == caplog.records


ONE_RUN = """
import logging, time
logging.basicConfig(level=logging.INFO, format="%(message)s")
logging.getLogger("numba").setLevel(logging.WARNING)
from simlib.run import simulate
from simlib.scenario import load
print(len(simulate(load("holed_bucket"), seed=1).log))
"""


@compiles
@pytest.mark.slow
def test_only_the_first_run_on_a_machine_compiles(tmp_path):
    """The second process finds the machine code, says nothing and writes the same."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    said = []
    for _ in range(2):
        command = [sys.executable, "-c", ONE_RUN]
        done = subprocess.run(
            command, env=environment, capture_output=True, check=True, text=True
        )
        said.append((done.stdout, done.stderr.strip()))

    assert [(said[0][0], compiling.NOTICE), (said[0][0], "")] == said


def test_a_log_is_put_in_order_when_somebody_looks():
    """Figures, which go lead by lead, need no order; they are the same with one."""
    run = simulate(load("baseline").changed({"horizon": 90}), 4)
    found = metrics_of(run)
    is_ordered = "ordered" in vars(run.log)
    again = dataclasses.replace(run, log=dataclasses.replace(run.log))

    assert not is_ordered
    assert np.all(np.diff(run.log.time) >= 0)
    assert metrics_of(again) == pytest.approx(found, nan_ok=True)
