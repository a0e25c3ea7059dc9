"""Whether simulated replications agree with a closed form."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

import simlib as sl
from simlib.plan import compiled

LARGEST_Z = 3.5


class Agrees:
    """Equal to replications whose mean lies near it: |z| < 3.5 and relatively close.

    ``assert target == near(values, relative)`` fails with the figures in the message.
    """

    def __init__(self, values: Iterable[float], relative: float) -> None:
        self.values = np.asarray(list(values), dtype=float)
        self.relative = relative

    def __eq__(self, target: object) -> bool:
        target = float(target)  # type: ignore[arg-type]
        return abs(self.z(target)) < LARGEST_Z and abs(
            self.mean - target
        ) <= self.relative * abs(target)

    __hash__ = None  # type: ignore[assignment]

    @property
    def mean(self) -> float:
        """Mean of the replications."""
        return float(self.values.mean())

    @property
    def error(self) -> float:
        """Standard error of the mean."""
        return float(self.values.std(ddof=1) / math.sqrt(len(self.values)))

    def z(self, target: float) -> float:
        """Distance of the mean from the target in standard errors."""
        if self.error == 0:
            return 0.0 if self.mean == target else math.inf
        return (self.mean - target) / self.error

    def __repr__(self) -> str:
        return f"{self.mean:.6g} +- {self.error:.2g} (allowed {self.relative:.1%})"


def near(values: Iterable[float], relative: float) -> Agrees:
    """Return what compares equal to a target that the replications support."""
    return Agrees(values, relative)


def logs(scenario: sl.Scenario, replications: int, seed: int = 1) -> list[sl.EventLog]:
    """Return the logs of a number of replications."""
    from simlib.run import simulate

    return [simulate(scenario, seed, number).log for number in range(replications)]


__all__ = ["Agrees", "compiled", "logs", "near"]
