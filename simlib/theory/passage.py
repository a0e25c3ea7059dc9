"""How long leads take and how many are where: times on an absorbing chain.

In: a solved chain and the mean and cv of the stay in each stage. Out: mean and sd of
the time to an end, and the number of leads in each stage (Little's law). Any unit of
time, the same everywhere. It never needs the whole law of a stay, only two moments.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simlib.errors import TheoryError
from simlib.theory.chains import AbsorbingChain
from simlib.theory.guards import require_known, require_not_negative

_Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stay:
    """Time spent in a stage before the next step.

    Attributes
    ----------
    mean : float
        Expected stay, 0 or more, any unit of time.
    cv : float
        Standard deviation over mean (1 = exponential).
    """

    mean: float
    cv: float = 1.0

    def __post_init__(self) -> None:
        require_not_negative(mean=self.mean, cv=self.cv)

    @property
    def square(self) -> float:
        """The second moment, mean^2 (1 + cv^2)."""
        return self.mean**2 * (1 + self.cv**2)


@dataclass(frozen=True)
class Moments:
    """Mean and standard deviation of a time, in the unit of the stays."""

    mean: float
    sd: float


Stays = Mapping[str, Stay | Mapping[str, Stay]]


def time_to_end(
    chain: AbsorbingChain, start: str, stays: Stays, given: str | None = None
) -> Moments:
    """Return mean and sd of the time from a stage to the end of a lead.

    First-passage moments of a semi-Markov process, with p_ij the steps:
    E[T_i] = sum_j p_ij (m_ij + E[T_j]) and
    E[T_i^2] = sum_j p_ij (s_ij + 2 m_ij E[T_j] + E[T_j^2]), m and s the first two
    moments of the stay. Given one end, steps become p_ij h_j / h_i with h the chance of
    that end (Doob's h-transform). It assumes stays that are independent of the past
    and no queues. Source: Howard, Dynamic Probabilistic Systems, volume 2.

    Parameters
    ----------
    chain : AbsorbingChain
        A solved lifecycle.
    start : str
        First stage.
    stays : mapping of str to Stay, or to a mapping of next step to Stay
        The stay of each stage, alike for all next steps or one for each.
    given : str, optional
        Count only leads that end in this terminal.

    Returns
    -------
    Moments
        In the unit of the stays.

    Raises
    ------
    TheoryError
        If a stay is missing, a name unknown, or the given end impossible.
    """
    first = chain.place(start)
    means, squares = _stay_tables(chain, stays)
    steps, exits = _conditional_steps(chain, start, given)
    every_step = np.hstack([steps, exits])
    solver = np.eye(len(chain.stages)) - steps
    mean = np.linalg.solve(solver, (every_step * means).sum(axis=1))
    onward = steps * means[:, : len(chain.stages)]
    square = np.linalg.solve(
        solver, (every_step * squares).sum(axis=1) + 2 * onward @ mean
    )
    variance = max(0.0, float(square[first] - mean[first] ** 2))
    return Moments(float(mean[first]), math.sqrt(variance))


def stage_populations(
    chain: AbsorbingChain, start: str, stays: Stays, arrival_rate: float
) -> dict[str, float]:
    """Return the long-run mean number of leads in each stage.

    Little's law, stage by stage: L_i = rate x visits_i x mean stay_i. It assumes a
    steady flow, whatever the laws of arrivals and stays. Source: Little 1961.

    Parameters
    ----------
    chain : AbsorbingChain
        A solved lifecycle.
    start : str
        Stage in which all leads arrive.
    stays : mapping
        As in `time_to_end`.
    arrival_rate : float
        Leads per unit of time (the unit of the stays).
    """
    require_not_negative(arrival_rate=arrival_rate)
    means, _ = _stay_tables(chain, stays)
    stay = (np.hstack([chain.steps, chain.exits]) * means).sum(axis=1)
    counts = arrival_rate * chain.visits[chain.place(start)] * stay
    return dict(zip(chain.stages, counts.tolist(), strict=True))


def little(arrival_rate: float, time_mean: float) -> float:
    """Return the long-run mean number present, L = lambda W (Little 1961).

    Parameters
    ----------
    arrival_rate : float
        Arrivals per unit of time, 0 or more.
    time_mean : float
        Mean time that each one stays, in the same unit.
    """
    require_not_negative(arrival_rate=arrival_rate, time_mean=time_mean)
    return arrival_rate * time_mean


def _stay_tables(chain: AbsorbingChain, stays: Stays) -> tuple[_Floats, _Floats]:
    """Return first and second moments of the stay, (stages, stages + ends)."""
    targets = chain.stages + chain.ends
    taken = np.hstack([chain.steps, chain.exits]) > 0
    means = np.zeros(taken.shape)
    squares = np.zeros(taken.shape)
    for row, column in np.argwhere(taken):
        stay = _stay(stays, chain.stages[row], targets[column])
        means[row, column], squares[row, column] = stay.mean, stay.square
    return means, squares


def _stay(stays: Stays, stage: str, target: str) -> Stay:
    require_known("stay of stage", stage, stays)
    found = stays[stage]
    if isinstance(found, Stay):
        return found
    if not isinstance(found, Mapping):
        raise TheoryError(f"stay of stage '{stage}' must be a Stay; given: {found!r}")
    require_known(f"stay from '{stage}' to", target, found)
    return found[target]


def _conditional_steps(
    chain: AbsorbingChain, start: str, given: str | None
) -> tuple[_Floats, _Floats]:
    """Return steps and exits, given an end if there is one (Doob's h-transform)."""
    if given is None:
        return chain.steps, chain.exits
    end = chain.end_place(given)
    chances = chain.end_shares[:, end]
    if chances[chain.place(start)] <= 0:
        raise TheoryError(f"no lead from stage '{start}' can end in '{given}'")
    possible = np.where(chances > 0, chances, np.inf)
    exits = np.zeros_like(chain.exits)
    exits[:, end] = chain.exits[:, end] / possible
    return chain.steps * chances / possible[:, None], exits
