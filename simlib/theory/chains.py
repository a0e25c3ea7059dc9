"""Where leads end: the lifecycle as an absorbing Markov chain.

In: the rates of every stage, as a mapping of mappings. Out: expected visits to each
stage and the share that ends in each terminal. It knows no time (see `passage`), no
queues and no caps on visits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simlib.errors import TheoryError
from simlib.theory.guards import (
    require_known,
    require_share,
    require_some,
    require_total_at_most_one,
)

_NOTHING = 1e-12


@dataclass(frozen=True, eq=False)
class AbsorbingChain:
    """A chain of stages that ends in terminals, solved.

    With Q the rates between the n stages and R the rates into the m terminals, the
    fundamental matrix is F = (I - Q)^-1 and the shares of ends are B = F R. It assumes
    that the next step depends on the present stage only. Source: Kemeny and Snell,
    Finite Markov Chains.

    Attributes
    ----------
    stages, ends : tuple of str
        Names, in the order of the arrays.
    steps : ndarray (n, n)
        Q: chance of each step from stage to stage.
    exits : ndarray (n, m)
        R: chance of each step from a stage to a terminal.
    visits : ndarray (n, n)
        F: expected visits to each stage (column), by first stage (row).
    end_shares : ndarray (n, m)
        B: chance of each terminal (column), by first stage (row).
    """

    stages: tuple[str, ...]
    ends: tuple[str, ...]
    steps: NDArray[np.float64]
    exits: NDArray[np.float64]
    visits: NDArray[np.float64]
    end_shares: NDArray[np.float64]

    def place(self, stage: str) -> int:
        """Return the row of a stage; `TheoryError` if there is none of that name."""
        require_known("stage", stage, self.stages)
        return self.stages.index(stage)

    def end_place(self, end: str) -> int:
        """Return the column of a terminal; `TheoryError` if there is none."""
        require_known("terminal", end, self.ends)
        return self.ends.index(end)

    def visits_from(self, stage: str) -> dict[str, float]:
        """Return the expected visits to each stage of a lead that starts in one."""
        row = self.visits[self.place(stage)]
        return dict(zip(self.stages, row.tolist(), strict=True))

    def ends_from(self, stage: str) -> dict[str, float]:
        """Return the chance of each terminal for a lead that starts in a stage."""
        row = self.end_shares[self.place(stage)]
        return dict(zip(self.ends, row.tolist(), strict=True))


def absorbing_chain(
    rates: Mapping[str, Mapping[str, float]], rest: str = "lost"
) -> AbsorbingChain:
    """Solve a lifecycle for its visits and ends.

    Parameters
    ----------
    rates : mapping of str to mapping of str to float
        For each stage, the chance of each next step. A name that is only ever a
        target is a terminal.
    rest : str
        Where the remainder of a stage goes when its rates add up to less than 1
        (its leak); a terminal or a stage.

    Raises
    ------
    TheoryError
        If rates are no shares, add up to more than 1, or a stage can never end.

    Examples
    --------
    >>> chain = absorbing_chain({"captured": {"sql": 0.1}, "sql": {"won": 0.2}})
    >>> round(chain.ends_from("captured")["won"], 6)
    0.02
    """
    require_some(rates=rates)
    full = {stage: _with_rest(stage, row, rest) for stage, row in rates.items()}
    stages = tuple(full)
    targets = dict.fromkeys(target for row in full.values() for target in row)
    ends = tuple(target for target in targets if target not in full)
    steps = _table(full, stages)
    exits = _table(full, ends)
    _require_an_end(stages, steps, exits)
    visits = np.linalg.inv(np.eye(len(stages)) - steps).astype(np.float64)
    return AbsorbingChain(stages, ends, steps, exits, visits, visits @ exits)


def _with_rest(stage: str, row: Mapping[str, float], rest: str) -> dict[str, float]:
    for target, rate in row.items():
        require_share(**{f"rate {stage} -> {target}": rate})
    total = sum(row.values())
    require_total_at_most_one(f"rates of stage '{stage}'", total)
    full = dict(row)
    if total < 1 - _NOTHING:
        full[rest] = full.get(rest, 0.0) + 1 - total
    return full


def _table(
    rows: Mapping[str, Mapping[str, float]], columns: tuple[str, ...]
) -> NDArray[np.float64]:
    return np.array(
        [[row.get(column, 0.0) for column in columns] for row in rows.values()],
        dtype=np.float64,
    ).reshape(len(rows), len(columns))


def _require_an_end(
    stages: tuple[str, ...],
    steps: NDArray[np.float64],
    exits: NDArray[np.float64],
) -> None:
    """Raise `TheoryError` naming the stages from which no terminal can be reached."""
    reaches = exits.sum(axis=1) > 0
    for _ in stages:
        reaches = reaches | ((steps > 0) @ reaches)
    stuck = [stage for stage, ends in zip(stages, reaches, strict=True) if not ends]
    if stuck:
        raise TheoryError(
            f"leads never leave {', '.join(stuck)}: no way from there to a terminal; "
            "let some of the rates add up to less than 1"
        )
