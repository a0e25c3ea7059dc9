"""Which controls fit the question of a packaged scenario.

In: a scenario. Out: what to ask `controls_for` for, the most telling first. What fits
was chosen by hand from each description; a test sees that every packaged scenario has
an entry, and that one of its controls moves what the scenario was made for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simlib.explore.suited.reaching import REACHING
from simlib.explore.suited.working import WORKING
from simlib.scenario import Scenario

__all__ = ["SUITED", "wishes_of"]

SUITED = {**WORKING, **REACHING}


def wishes_of(scenario: Scenario) -> dict[str, Any]:
    """Return paths and ranges that fit a scenario; empty if it is none of ours.

    A scenario of one's own keeps the controls of the one that it extends until it is
    given a name of its own.
    """
    fit = SUITED.get(scenario.name, ())
    return dict(fit) if isinstance(fit, Mapping) else dict.fromkeys(fit)
