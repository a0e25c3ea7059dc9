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
    from simlib import course, funnel, money, plots, theory
    from simlib.errors import SimlibError
    from simlib.log import EventLog, read_log
    from simlib.run import Run, simulate
    from simlib.scenario import Scenario, load, names, schema
    from simlib.studies import compare, replicate

__version__ = "0.1.0"

_HOMES = {
    "EventLog": "simlib.log",
    "Run": "simlib.run",
    "Scenario": "simlib.scenario",
    "SimlibError": "simlib.errors",
    "compare": "simlib.studies",
    "load": "simlib.scenario",
    "names": "simlib.scenario",
    "read_log": "simlib.log",
    "replicate": "simlib.studies",
    "schema": "simlib.scenario",
    "simulate": "simlib.run",
}
_ROOMS = ("course", "funnel", "money", "plots", "theory")

__all__ = [
    "EventLog",
    "Run",
    "Scenario",
    "SimlibError",
    "compare",
    "course",
    "funnel",
    "load",
    "money",
    "names",
    "plots",
    "read_log",
    "replicate",
    "schema",
    "simulate",
    "theory",
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
