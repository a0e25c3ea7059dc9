"""The sender's reputation: what share of our mail arrives, day by day.

In: a scenario, and times in days. Out: the reputation R (0 to 1) at these times, a
factor on every mail that we send. It starts at 1; a send to an imported list lowers it
from R to R (1 - D), and then it recovers: dR/dt = (1 - R) / recovery_days. It is known
in advance and draws nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from simlib.draws import Floats
from simlib.scenario.models import ScenarioFields, Source
from simlib.scenario.reputation import Reputation


class Sender:
    """A sender's reputation over time.

    Attributes
    ----------
    day : array of float64, shape (sends,), days
        When lists were mailed, in order.
    lost : array of float64, shape (sends,)
        What is missing to a full reputation just after each.
    recovery_days : float
    """

    def __init__(self, sources: Mapping[str, Source], said: Reputation) -> None:
        self.recovery_days = said.recovery_days
        sends = sorted(
            (sent.day, said.drop(source.burn))
            for source in sources.values()
            if source.burn
            for sent in source.leads.imports
        )
        self.day: Floats = np.array([day for day, _ in sends], dtype=np.float64)
        self.lost: Floats = np.zeros(len(sends))
        before, lost = 0.0, 0.0
        for place, (day, drop) in enumerate(sends):
            lost *= math.exp(-(day - before) / self.recovery_days)
            lost = 1 - (1 - lost) * (1 - drop)
            self.lost[place], before = lost, day

    def at(self, time: Floats) -> Floats:
        """Return the reputation (0 to 1) at times (days), shape as `time`.

        At the moment of a send it is what is left after it.
        """
        reputation = np.ones(np.shape(time))
        place = np.searchsorted(self.day, time, side="right") - 1
        burnt = place >= 0
        since = time[burnt] - self.day[place[burnt]]
        reputation[burnt] -= self.lost[place[burnt]] * np.exp(
            -since / self.recovery_days
        )
        return reputation


def reputation_at(scenario: ScenarioFields, times: Floats) -> Floats:
    """Return the sender's reputation (0 to 1) at times (days), shape as `times`.

    Parameters
    ----------
    scenario : Scenario
        Its sources' `burn`, and its `reputation`.
    times : array of float64, days
        Times before the start count as well: nothing has happened then.

    Notes
    -----
    After one send with a drop D, R(t) = 1 - D exp(-t / recovery_days). The form of the
    drop and its weights are our own, set so that a bought list with 15% bounces and
    0.5% complaints costs 60%; see docs/evidence.md.
    """
    return Sender(scenario.sources, scenario.reputation).at(times)
