"""Two engines, one truth: the same log, line by line, for any scenario."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import scenarios, tied_scenarios
from town_strategies import markets

from simlib import compiling, fast_engine, simpy_engine
from simlib.log import EventLog
from simlib.plan import Plan, compiled
from simlib.population import Population
from simlib.scenario import load, names

COLUMNS = ("time", "lead", "event", "stage", "reason", "kind")
UNCOMPILED = """
import sys
if {hidden}:
    sys.modules["numba"] = None
sys.path.insert(0, "tests")
from hypothesis import given, settings, strategies as st
import strategies, test_engines_agree as at
from simlib.compiling import COMPILED
assert not COMPILED

@settings(max_examples={examples}, derandomize=True, deadline=None, database=None)
@given(strategies.scenarios(), st.integers(0, 3))
def agree(scenario, seed):
    at.assert_agreement(at.compiled(scenario), seed)

agree()
for name in ("baseline", "sales_desk"):
    at.assert_agreement(at.compiled(at.load(name).changed({{"horizon": 90}})))
"""


def rows(log: EventLog) -> dict[str, object]:
    """Return the columns of a log, with their types, so that two can be compared."""
    columns = {name: getattr(log, name) for name in COLUMNS}
    if log.evenings is not None:
        columns["evenings"] = log.evenings
    return {name: (at.dtype, at.tolist()) for name, at in columns.items()}


def assert_agreement(plan: Plan, seed: int = 1) -> None:
    """Assert that both engines write the same about the same people, drawn twice."""
    slow = rows(simpy_engine.simulate(Population(plan, seed, 0)))
    fast = rows(fast_engine.simulate(Population(plan, seed, 0)))

    assert slow == fast


@settings(max_examples=250)
@given(scenarios(), st.integers(0, 3))
def test_any_scenario(scenario, seed):
    """For any scenario both engines write the same rows."""
    assert_agreement(compiled(scenario), seed)


@settings(max_examples=150)
@given(tied_scenarios(), st.integers(0, 3))
def test_whole_days(scenario, seed):
    """They do so too where all durations are whole or half days: everything is tied."""
    assert_agreement(compiled(scenario), seed)


@settings(max_examples=150)
@given(markets(), st.integers(0, 3))
def test_markets(scenario, seed):
    """They do so where leads have buyers behind them, who come and go."""
    assert_agreement(compiled(scenario), seed)


@pytest.mark.slow
@settings(max_examples=5000)
@given(st.one_of(scenarios(), tied_scenarios(), markets()), st.integers(0, 100))
def test_very_many_scenarios(scenario, seed):
    """They do so for thousands of scenarios."""
    assert_agreement(compiled(scenario), seed)


@pytest.mark.parametrize("name", names())
def test_packaged_scenarios(name):
    """Both engines write the same rows for each packaged scenario, in full."""
    assert_agreement(compiled(load(name)))


@pytest.mark.parametrize(
    ("hidden", "disabled"), [(True, ""), (False, "1")], ids=["missing", "disabled"]
)
def test_uncompiled(hidden, disabled):
    """The same source agrees where it runs as plain Python, with no numba at all."""
    code = UNCOMPILED.format(hidden=hidden, examples=40)
    environment = {**os.environ, "NUMBA_DISABLE_JIT": disabled}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, check=False
    )

    assert (0, b"") == (done.returncode, done.stderr)


@pytest.mark.skipif(
    os.environ.get("NUMBA_DISABLE_JIT", "0") != "0", reason="somebody asked for it"
)
def test_this_run_is_compiled():
    """Where numba is installed the tests above try the compiled loop."""
    pytest.importorskip("numba")

    assert compiling.COMPILED
