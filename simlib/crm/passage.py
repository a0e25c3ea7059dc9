"""From stages to the whole funnel: the final share won, and how long it takes.

In: shares and lags of every stage. Out: for each source the share that is ever won and
points of the time from entry to the win. Loops are allowed. It draws nothing.

The stages form a semi-Markov process. With q_sj the share that goes from s to j and
phi_sj the transform of its lag, the transform of the time to a win solves
g_s = r_s + sum_j q_sj phi_sj g_j, one linear system for each frequency (Howard 1971,
"Dynamic Probabilistic Systems", vol. 2). Lags are put on a grid of days, damped so
that what lies beyond the grid does not come round (Abate and Whitt 1992).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.crm.laws import Form, days_beyond, survival
from simlib.draws import Floats

GRID = 1024
DAMPING = 6.0
TAIL = 0.01


@dataclass(frozen=True)
class Step:
    """A way from one stage to another.

    Attributes
    ----------
    stage, to : int
        Codes; `to` may be an end.
    share : array, shape (K,)
        Share of each source that takes it.
    form : Form
    theta : array, shape (size,)
    """

    stage: int
    to: int
    share: Floats
    form: Form
    theta: Floats


@dataclass(frozen=True)
class Passage:
    """What becomes of leads that enter.

    Attributes
    ----------
    share : array, shape (K,)
        Share of each source that is ever won.
    days : array, shape (n,)
        A grid of days.
    by : array, shape (K, n)
        Share of each source that is won by then.
    """

    share: Floats
    days: Floats
    by: Floats

    def point(
        self, share: float, source: int | None = None, mix: Floats | None = None
    ) -> float:
        """Return the days by which a share of the eventual wins has come.

        Parameters
        ----------
        share : float
            0 to 1.
        source : int
            All sources together, weighted by `mix` (leads), if it is not given.
        """
        if source is None:
            assert mix is not None
            curve, final = mix @ self.by, float(mix @ self.share)
        else:
            curve, final = self.by[source], float(self.share[source])
        if final <= 0:
            return float("nan")
        return float(np.interp(share, np.maximum.accumulate(curve / final), self.days))


def final_shares(steps: Sequence[Step], won: Sequence[int], stages: int) -> Floats:
    """Return the share that is ever won from each stage, shape (K, stages)."""
    sources = len(steps[0].share) if steps else 1
    moves = np.zeros((sources, stages, stages))
    for step in steps:
        moves[:, step.stage, step.to] += step.share
    return np.asarray(_solved(moves, won), dtype=np.float64)


def _solved(moves: NDArray[Any], won: Sequence[int]) -> NDArray[Any]:
    """Solve g = r + Q g for the stages; wins are where g is 1."""
    size = moves.shape[-1]
    goal = np.zeros((*moves.shape[:-1], 1), dtype=moves.dtype)
    goal[..., list(won), 0] = 1
    # An end that is no win, or a stage without a way, keeps nothing: g = 0 there.
    system = np.eye(size) * (1 + 1e-12) - moves
    out: NDArray[Any] = np.linalg.solve(system, goal)[..., 0]
    return out


def passage(
    steps: Sequence[Step], won: Sequence[int], stages: int, entry: int
) -> Passage:
    """Return the final share and the time to a win of each source.

    Parameters
    ----------
    steps : sequence of Step
    won : sequence of int
        Codes of the ends that are wins.
    stages : int
        How many codes there are.
    entry : int
        Code of the stage in which leads begin.
    """
    share = final_shares(steps, won, stages)[:, entry]
    width = _longest(steps) / GRID
    damp = np.exp(-DAMPING * np.arange(GRID) / GRID)
    moves = np.zeros((GRID // 2 + 1, len(share), stages, stages), dtype=complex)
    edges: Floats = (np.arange(GRID + 1.0) - 0.5) * width
    for step in steps:
        beyond = survival(step.form, step.theta[None], edges)[0].copy()
        # Half of a step is on either side of its grid point; none is before 0.
        beyond[0] = 1.0
        bent = np.fft.rfft((beyond[:-1] - beyond[1:]) * damp)
        moves[:, :, step.stage, step.to] += bent[:, None] * step.share
    waves = _solved(moves, won)[:, :, entry]
    coming = np.fft.irfft(waves, GRID, axis=0) / damp[:, None]
    by = np.clip(np.cumsum(coming, axis=0), 0, share).T
    return Passage(share, edges[1:], by.astype(np.float64))


def _longest(steps: Sequence[Step]) -> float:
    """Return days by which nearly all who will be won have been."""
    far: dict[int, float] = {}
    for step in steps:
        days = float(days_beyond(step.form, step.theta, np.array([TAIL]))[0])
        far[step.stage] = max(far.get(step.stage, 0.0), days)
    return max(sum(far.values()), 1.0) * 1.5
