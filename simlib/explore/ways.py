"""Ways that give way: a rate may rise where as many are lost the less.

In: a scenario, the path of a rate, and its new value. Out: what changes beside it. No
widget is made here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simlib.scenario import Scenario

RATE = ("stages", "next", "rate")
LENGTHS = (5, 6)  # stages.STAGE.next.WAY.rate, and there .KIND


def given_way(scenario: Scenario, path: str, setting: object) -> dict[str, float]:
    """Return the rates of ways into lost stages, as far as they must give way.

    Where all ways out of a stage sum to 1, as after a fit, no rate could rise at all;
    who is won more often is lost less often.

    Parameters
    ----------
    scenario : Scenario
    path : str
        Of what is set; anything but a rate has nothing beside it.
    setting : object
        Its new value.

    Returns
    -------
    dict
        Path to rate, of those that change; empty where there is room enough.
    """
    steps = path.split(".")
    is_rate = len(steps) in LENGTHS and (steps[0], steps[2], steps[4]) == RATE
    if not is_rate or not isinstance(setting, int | float):
        return {}
    _, stage, _, way, *rest = steps
    rates = {
        name: _rate(one.rate, rest[1:])
        for name, one in scenario.stages[stage].next.items()
        if name != way
    }
    over = setting + sum(rate for rate, _ in rates.values()) - 1.0
    found = {}
    for name, (rate, is_own) in rates.items():
        if is_own and over > 0 and scenario.stages[name].terminal == "lost":
            taken = min(rate, over)
            found[".".join(["stages", stage, "next", name, *rest])] = round(
                rate - taken, 12
            )
            over -= taken
    return found


def _rate(said: Any, kind: list[str]) -> tuple[float, bool]:
    """Return a way's rate for a kind, and whether it is a number at the same path."""
    own = said.get(kind[0]) if kind and isinstance(said, Mapping) else said
    if isinstance(own, int | float) and isinstance(said, Mapping) == bool(kind):
        return float(own), True
    return _largest(said), False


def _largest(said: Any) -> float:
    """Return the largest number of a rate, however many names it is given for."""
    if isinstance(said, Mapping):
        return max((_largest(one) for one in said.values()), default=0.0)
    return float(said)
