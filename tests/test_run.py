"""One run: which engine, which libraries, and where a log says it comes from."""

from __future__ import annotations

import subprocess
import sys

import pytest
from test_engines_agree import rows

import simlib as sl
from simlib.errors import StudyError
from simlib.plan import compiled
from simlib.run import ENGINES, simulate
from simlib.scenario import load

TINY = load("textbook").changed({"horizon": 60})


@pytest.mark.parametrize("engine", ENGINES)
def test_each_engine_writes_the_same_log(engine):
    """Whichever engine is asked for, the rows are those of the reference."""
    expected = rows(simulate(TINY, seed=3, replication=2, engine="simpy").log)

    assert expected == rows(simulate(TINY, seed=3, replication=2, engine=engine).log)


def test_a_plan_is_as_good_as_its_scenario():
    """Who runs a scenario many times may compile it once."""
    run, again = simulate(TINY, seed=3), simulate(compiled(TINY), seed=3)

    assert rows(run.log) == rows(again.log)
    assert (TINY, 3, 0) == (again.scenario, again.seed, again.replication)


def test_a_log_says_where_it_comes_from():
    """The log's notes name the scenario, its digest and the address of its luck."""
    run = simulate(TINY, seed=3, replication=2)

    assert {
        "scenario": TINY.name,
        "digest": TINY.digest,
        "seed": 3,
        "replication": 2,
    } == run.log.meta


def test_a_run_is_told_in_one_line():
    """Printed, a run says which it is and how much came of it, not its scenario."""
    run = simulate(TINY, seed=3, replication=2)

    assert repr(run) == (
        f"<Run of {TINY.name!r}: seed 3, replication 2, {len(run.log)} events of "
        f"{len(run.log.leads)} leads>"
    )


def test_an_unknown_engine_is_refused():
    """The message says which engines there are, and the nearest one."""
    with pytest.raises(
        StudyError, match=r"engine 'fsat': it must be one of .* Did you mean 'fast'"
    ):
        simulate(TINY, engine="fsat")


@pytest.mark.parametrize(
    ("engine", "needed", "spared"),
    [
        ("", "", "numba simpy"),
        ("simpy", "simpy", "simlib.fast_engine"),
        ("fast", "", "simpy"),
    ],
)
def test_only_the_engine_in_use_is_imported(engine, needed, spared):
    """No engine is loaded before it runs, nor numba, which draws for both."""
    code = f"""
import sys
from simlib.run import simulate
from simlib.scenario import load
if {engine!r}:
    simulate(load("textbook").changed({{"horizon": 9}}), engine={engine!r})
assert set({needed!r}.split()) <= set(sys.modules)
assert not set({spared!r}.split()) & set(sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True
    )

    assert "" == done.stderr


@pytest.mark.parametrize("given", ["baseline", None])
def test_what_is_no_scenario_is_refused_with_the_way_to_one(given):
    """A name or nothing: one sentence that says how a scenario is loaded."""
    with pytest.raises(StudyError, match=r"a Scenario is needed; .*load\('baseline'\)"):
        simulate(given)
    with pytest.raises(StudyError, match="a Scenario is needed"):
        sl.replicate(given, 2)
    with pytest.raises(StudyError, match="a Scenario is needed"):
        sl.compare({"a": given, "b": given}, replications=2)
