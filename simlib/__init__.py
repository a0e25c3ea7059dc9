"""Lead Lab: buyers and leads on their way through the lead lifecycle, simulated.

The public names, nothing else. They are imported when they are first used, so that
``import simlib`` costs next to nothing.

    import simlib as sl
    base = sl.load("baseline")
    run = sl.simulate(base, seed=7)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simlib import (
        claims,
        course,
        crm,
        explore,
        funnel,
        lab,
        metrics,
        money,
        motion,
        plots,
        scoring,
        studies,
        theory,
    )
    from simlib.attribution import credit
    from simlib.errors import SimlibError
    from simlib.log import EventLog, read_log
    from simlib.run import Run, simulate
    from simlib.scenario import Scenario, load, names, schema
    from simlib.studies import (
        compare,
        load_study,
        optimise,
        replicate,
        sensitivity,
        sweep,
        two_worlds,
    )

__version__ = "0.1.0"

_HOMES = {
    "EventLog": "simlib.log",
    "Run": "simlib.run",
    "Scenario": "simlib.scenario",
    "SimlibError": "simlib.errors",
    "compare": "simlib.studies",
    "credit": "simlib.attribution",
    "load": "simlib.scenario",
    "load_study": "simlib.studies",
    "names": "simlib.scenario",
    "optimise": "simlib.studies",
    "read_log": "simlib.log",
    "replicate": "simlib.studies",
    "schema": "simlib.scenario",
    "sensitivity": "simlib.studies",
    "simulate": "simlib.run",
    "sweep": "simlib.studies",
    "two_worlds": "simlib.studies",
}
_ROOMS = (
    "claims",
    "course",
    "crm",
    "explore",
    "funnel",
    "lab",
    "metrics",
    "money",
    "motion",
    "plots",
    "scoring",
    "studies",
    "theory",
)

__all__ = [
    "EventLog",
    "Run",
    "Scenario",
    "SimlibError",
    "claims",
    "compare",
    "course",
    "credit",
    "crm",
    "explore",
    "funnel",
    "lab",
    "load",
    "load_study",
    "metrics",
    "money",
    "motion",
    "names",
    "optimise",
    "plots",
    "read_log",
    "replicate",
    "schema",
    "scoring",
    "sensitivity",
    "simulate",
    "studies",
    "sweep",
    "theory",
    "two_worlds",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        found = getattr(import_module(_HOMES[name]), name)
    elif name in _ROOMS:
        found = import_module(f"simlib.{name}")
    else:
        raise AttributeError(f"module 'simlib' has no attribute '{name}'")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
