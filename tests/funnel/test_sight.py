"""What sales can see of a lead, against what it is."""

from __future__ import annotations

import pytest

import simlib as sl
from simlib.errors import LogError
from simlib.funnel import response_times, seen_as_hot
from simlib.run import simulate

PERFECT = {"ready": 1, "not_yet": 0, "misfit": 0, "junk": 0}


def flooded(**changes):
    """Return two sales months of a flooded desk that serves the hot ones first."""
    return simulate(sl.load("hot_first").changed({"horizon": 14, **changes}), 3)


def test_nobody_is_counted_twice():
    """The four counts are all who joined the queue, and the waits are theirs."""
    run = flooded()
    seen, joined = seen_as_hot(run, "sdr"), response_times(run.log).iloc[0]
    people = seen["ready"] + seen["others"]

    assert people.sum() == joined.joined
    assert (people * seen["mean_wait_hours"]).sum() / people.sum() == pytest.approx(
        joined.mean_wait_hours
    )


def test_a_score_that_never_errs_has_an_empty_diagonal():
    """Then all who look hot are ready, and nobody else is."""
    seen = seen_as_hot(flooded(**{"teams.sdr.hot": PERFECT}), "sdr")

    assert (seen["others"][0], seen["ready"][1]) == (0, 0)


def test_whom_the_engine_serves_first_is_who_looks_hot():
    """With endless patience the hot wait less than a fifth as long as the others."""
    patient = {"stages.mql.patience": None, "stages.mql.went_cold": None}
    hot, cold = seen_as_hot(flooded(**patient), "sdr")["mean_wait_hours"]

    assert hot < cold / 5


def test_an_unknown_team_is_named():
    """A slip of the pen gets the nearest name."""
    with pytest.raises(LogError, match="team 'sdrs': the scenario has sdr"):
        seen_as_hot(flooded(), "sdrs")
