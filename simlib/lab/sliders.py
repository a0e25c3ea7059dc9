"""The lab as sliders: the dials, and what is assumed about demand.

In: a scenario. Out: an `Explorer`. It adds controls that move several values at once;
everything else is `simlib.explore`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simlib.explore.controls import Control, Setting, controls_for
from simlib.lab.dials import DIALS, GATES, changes, missing
from simlib.scenario import Scenario

if TYPE_CHECKING:
    from simlib.explore.later import Soon
    from simlib.explore.widget import Explorer

ASSUMED = {
    "market.memory.half_life": "memory of us halves in",
    "market.consideration.floor": "think of us without any memory",
    "market.consideration.raise_hand": "of those who think of us, ask for sales",
}
VIEWS = ("funnel", "ladder", "months", "waits")


@dataclass(frozen=True)
class Dial(Control):
    """A control that turns a dial of the lab: several values at once."""

    def changes(self, scenario: Scenario, setting: Setting) -> dict[str, Any]:
        """Return what a setting changes: path to new value."""
        return {} if setting == self.start else changes(scenario, self.path, setting)


def controls(scenario: Scenario) -> list[Control]:
    """Return the dials that a scenario has, and what is assumed of its demand."""
    found: list[Control] = [
        _dial(scenario, dial) for dial in DIALS if not missing(scenario, dial)
    ]
    return found + (controls_for(scenario, ASSUMED) if scenario.market else [])


def _dial(scenario: Scenario, dial: str) -> Dial:
    if dial == "gating":
        assert scenario.market is not None
        policy: Any = scenario.market.gating
        start = policy if isinstance(policy, str) else "as in the file"
        choices = tuple(dict.fromkeys([start, *GATES]))
        return Dial(dial, "what is behind a form", "", start, choices=choices)
    if dial == "demand":
        label = "sources that make demand"
        return Dial(dial, label, "", "funded", choices=("funded", "cut"))
    if dial == "volume":
        return Dial(dial, "lead volume", "times today", 1.0, 0.25, 4.0, 0.25)
    return Dial(dial, "people in every team", "times today", 1.0, 0.5, 3.0, 0.5)


def sliders(
    scenario: Scenario,
    replications: int = 12,
    seed: int = 0,
    soon: Soon | None = None,
) -> Explorer:
    """Show a scenario with the lab's dials as sliders.

    Parameters
    ----------
    scenario : Scenario
    replications, seed, soon
        As for `simlib.explore`.

    Returns
    -------
    Explorer
        The widget, to be shown as the last line of a cell.
    """
    from simlib.explore.session import Session
    from simlib.explore.views import VIEWS as KNOWN
    from simlib.explore.views import views_for
    from simlib.explore.widget import Explorer

    shown = [name for name in VIEWS if KNOWN[name].fits(scenario)]
    session = Session(scenario, controls(scenario), replications, seed)
    return Explorer(session, views_for(scenario, shown), soon)
