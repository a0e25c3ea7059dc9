"""Shocks to a source, and what it is worth to have several (M28)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from small_scenario import edited
from test_engines_agree import rows

from simlib.arrivals import arrivals
from simlib.draws import stream_key
from simlib.errors import ScenarioError
from simlib.run import simulate
from simlib.scenario import Scenario
from simlib.scenario.arrivals import Shocks
from simlib.scenario.models import Source
from simlib.shocks import ShockTimes
from simlib.theory import EqualSources

YEAR = 365.25
RUNS = 4000
# So often that a source is under a shock at one moment of ten.
OFTEN = Shocks(per_year=-math.log(0.9) * YEAR / 90, loss=0.4, days=90)


def left(sources: int, day: float, said: Shocks = OFTEN) -> np.ndarray:
    """Return the share that is left of equal sources on a day, in many replications."""
    when = np.array([day])
    return np.array(
        [
            np.mean(
                [
                    ShockTimes(said, 730, YEAR, stream_key(1, run, f"s{source}")).at(
                        when
                    )
                    for source in range(sources)
                ]
            )
            for run in range(RUNS)
        ]
    )


@pytest.mark.parametrize(("count", "day"), [(1, 0.0), (3, 400.0), (5, 400.0)])
def test_e28_the_tail_shrinks_with_the_number_of_sources(count, day):
    """The mean stays at .96; sd .120, .069, .054; -30% in .1, .001, .0005 of cases."""
    found, law = left(count, day), EqualSources(count, 0.1, 0.4)

    assert found.mean() == pytest.approx(law.mean, abs=0.007)
    assert found.std() == pytest.approx(law.sd, rel=0.06)
    assert (found <= 0.7 + 1e-9).mean() == pytest.approx(law.falls_by(0.3), abs=0.015)


def test_a_shock_in_a_shock_makes_it_longer_not_deeper():
    """Nothing is left of half the leads, whatever the number of shocks."""
    said = Shocks(per_year=1000, loss=0.5, days=90)

    assert {0.5} == set(ShockTimes(said, 730, YEAR, 1).at(np.arange(730.0)).tolist())


def test_shocks_take_leads_away_and_move_none():
    """Who comes in spite of the shocks comes at the same moment."""
    frame = {"horizon": 730, "days_per_month": 30.4375, "seed": 1, "replication": 0}
    said = {"leads": {"per_day": 5}, "mix": {"ready": 1}}
    hit = {**said, "shocks": {"per_year": 2, "loss": 0.5}}
    calm, hard = (
        set(arrivals({"web": Source.model_validate(at)}, **frame).time.tolist())
        for at in (said, hit)
    )

    assert hard < calm


def test_each_source_has_its_own_shocks():
    """What hits one source leaves the others alone."""
    before = Scenario.of(edited("sources.website.shocks", {"per_year": 20, "days": 10}))
    after = before.changed({"sources.website.shocks": None})
    frames = [simulate(at, 1).log.leads for at in (before, after)]
    websites, ads = (
        [int(np.sum(at.source == source)) for at in frames] for source in (0, 1)
    )

    assert websites[0] < websites[1]
    assert ads[0] == ads[1]


@pytest.mark.parametrize("off", [None, {"per_year": 0}, {"loss": 0}])
def test_off_it_is_not_there(off):
    """Without shocks, or with ones that never come or cost nothing, no log changes."""
    before = Scenario.of(edited("horizon", 100))
    after = Scenario.of(edited("sources.website.shocks", off))

    assert (before.digest == after.digest) == (off is None)
    assert rows(simulate(before, 2).log) == rows(simulate(after, 2).log)


def test_mistakes_are_named():
    """Nothing can be lost twice over."""
    with pytest.raises(ScenarioError, match=r"sources\.ads\.shocks\.loss"):
        Scenario.of(edited("sources.ads.shocks", {"loss": 1.5}))
