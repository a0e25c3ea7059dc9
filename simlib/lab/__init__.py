"""The scenario lab: four dials, crossed, on any scenario.

In: a scenario. Out: tables, sentences and pictures of what gating, funded demand, lead
volume and people do to conversion, cost and payback, alone and together; the same as
sliders. It adds no model of its own: a dial is a set of changes to a scenario.

The rooms: `dials` (what each dial moves), `figures` (what is read), `crossing` (worlds
for all combinations) and `sliders` (the explorer).
"""

from __future__ import annotations

from simlib.lab.crossing import Crossed, cross
from simlib.lab.dials import (
    DIALS,
    capture_sources,
    demand_sources,
    dials,
    missing,
    turned,
)
from simlib.lab.figures import FIGURES
from simlib.lab.sliders import sliders

__all__ = [
    "DIALS",
    "FIGURES",
    "Crossed",
    "capture_sources",
    "cross",
    "demand_sources",
    "dials",
    "missing",
    "sliders",
    "turned",
]
