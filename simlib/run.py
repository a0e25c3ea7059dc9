"""One run: a scenario, a seed, a replication, and what happened.

In: a `Scenario` and an address of randomness. Out: `Run`. This is the only place
that chooses an engine.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from simlib import simpy_engine
from simlib.errors import StudyError, nearest
from simlib.log import EventLog
from simlib.plan import compiled
from simlib.population import Population
from simlib.scenario import Scenario

ENGINES = ("auto", "simpy")


@dataclass(frozen=True)
class Run:
    """A simulated scenario.

    Attributes
    ----------
    scenario : Scenario
    seed, replication : int
    log : EventLog
    """

    scenario: Scenario
    seed: int
    replication: int
    log: EventLog


def simulate(
    scenario: Scenario, seed: int = 0, replication: int = 0, engine: str = "auto"
) -> Run:
    """Run a scenario once.

    Parameters
    ----------
    scenario : Scenario
    seed, replication : int
        Address of the randomness; the same address gives the same log.
    engine : {"auto", "simpy"}

    Raises
    ------
    StudyError
        For an unknown engine.
    """
    if engine not in ENGINES:
        known = ", ".join(ENGINES)
        raise StudyError(
            f"engine '{engine}': it must be one of {known}.{nearest(engine, ENGINES)}"
        )
    people = Population(compiled(scenario), seed, replication)
    log = simpy_engine.simulate(people)
    meta = {
        "scenario": scenario.name,
        "digest": scenario.digest,
        "seed": seed,
        "replication": replication,
    }
    return Run(scenario, seed, replication, dataclasses.replace(log, meta=meta))
