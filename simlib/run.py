"""One run: a scenario, a seed, a replication, and what happened.

In: a `Scenario` and an address of randomness. Out: `Run`. This is the only place
that chooses an engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simlib.errors import StudyError, nearest
from simlib.log import EventLog
from simlib.plan import Plan, compiled
from simlib.scenario import Scenario

if TYPE_CHECKING:
    from simlib.market import Lives
    from simlib.population import Population

ENGINES = ("auto", "simpy", "fast")


@dataclass(frozen=True)
class Run:
    """A simulated scenario.

    Attributes
    ----------
    scenario : Scenario
    seed, replication : int
    log : EventLog
    lives : Lives or None
        The lives of all buyers, leads or not, in a scenario with a market.
    """

    scenario: Scenario
    seed: int
    replication: int
    log: EventLog
    lives: Lives | None = None

    def __repr__(self) -> str:
        """Say in one line which run it is; the scenario itself would fill pages."""
        events, leads = len(self.log), len(self.log.leads)
        return (
            f"<Run of {self.scenario.name!r}: seed {self.seed}, replication "
            f"{self.replication}, {events} events of {leads} leads>"
        )


def simulate(
    scenario: Scenario | Plan,
    seed: int = 0,
    replication: int = 0,
    engine: str = "auto",
) -> Run:
    """Run a scenario once.

    Parameters
    ----------
    scenario : Scenario or Plan
        A plan is a compiled scenario: who runs one many times compiles it once.
    seed, replication : int
        Address of the randomness; the same address gives the same log.
    engine : {"auto", "simpy", "fast"}
        Both engines write the same log; ``auto`` takes the fast one.

    Raises
    ------
    StudyError
        For an unknown engine.
    """
    from simlib.population import Population

    run_with = _engine(engine)
    plan = scenario if isinstance(scenario, Plan) else compiled(scenario)
    said = plan.scenario
    people = Population(plan, seed, replication)
    log = run_with(people)
    lives = people.buyers.lives if people.buyers else None
    log.meta.update(
        scenario=said.name,
        digest=said.digest,
        seed=seed,
        replication=replication,
    )
    return Run(said, seed, replication, log, lives)


def _engine(name: str) -> Callable[[Population], EventLog]:
    """Return an engine; only the one that is used is imported."""
    if name not in ENGINES:
        known = ", ".join(ENGINES)
        raise StudyError(
            f"engine '{name}': it must be one of {known}.{nearest(name, ENGINES)}"
        )
    if name == "simpy":
        from simlib import simpy_engine

        return simpy_engine.simulate
    from simlib import fast_engine

    return fast_engine.simulate
