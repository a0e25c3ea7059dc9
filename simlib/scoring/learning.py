"""A learned score: weights from outcomes instead of points by hand.

In: a table of what sales see, with outcomes. Out: `Learned`, a logistic regression,
whose weights are points too: it can take the place of hand-set ones in a scenario. It
learns from leads that somebody worked on, as from a CRM: others have no outcome there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simlib.errors import StudyError
from simlib.run import Run
from simlib.scoring.sight import OTHERS

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Learned:
    """A logistic score: log odds = intercept + sum of weight x what is seen.

    Attributes
    ----------
    names : tuple of str
        Columns that it looks at.
    weights, errors : tuple of float
        Log odds for one more of each, and their standard errors.
    intercept : float
    leads : int
        How many it was fitted to.
    """

    names: tuple[str, ...]
    weights: tuple[float, ...]
    errors: tuple[float, ...]
    intercept: float
    leads: int

    def chance(self, table: pd.DataFrame) -> Floats:
        """Return the chance of success that it gives each lead of a table."""
        from scipy.special import expit

        seen = table[[*self.names]].to_numpy(dtype=np.float64)
        chance: Floats = expit(self.intercept + seen @ np.array(self.weights))
        return chance

    def changes(self, run: Run, chance: float) -> dict[str, Any]:
        """Return the changes that put it in the place of hand-set points.

        Parameters
        ----------
        run : Run
            Of a scenario with a score of the same actions and attributes.
        chance : float
            Where a lead passes, strictly between 0 and 1. Ten points are worth a
            factor e on the odds.
        """
        if not 0 < chance < 1:
            raise StudyError(f"chance: it must lie between 0 and 1; given: {chance:g}")
        odds = float(np.log(chance / (1 - chance)))
        scored = [(name, at.score) for name, at in run.scenario.stages.items()]
        stage, said = next((name, score) for name, score in scored if score)
        here = f"stages.{stage}.score"
        changes: dict[str, Any] = {f"{here}.threshold": 10 * (odds - self.intercept)}
        for name, weight in zip(self.names, self.weights, strict=True):
            key = "actions" if name in said.actions else "attributes"
            changes[f"{here}.{key}.{name}.points"] = 10 * weight
        return changes


def learned(
    table: pd.DataFrame, names: Sequence[str] | None = None, *, ridge: float = 1.0
) -> Learned:
    """Return the logistic score that fits the outcomes of the leads worked on.

    Maximum likelihood with a small penalty, ridge / 2 x sum of weights squared, so that
    a column that parts the outcomes cleanly has a weight too.

    Parameters
    ----------
    table : DataFrame
        As from `seen`.
    names : sequence of str, optional
        Columns to look at. Default: all actions and attributes.
    ridge : float
        Weight of the penalty, 0 or more.

    Raises
    ------
    StudyError
        If there is nothing to learn from: no lead worked on, or one outcome only.
    """
    from scipy.optimize import minimize

    chosen = [*names] if names else [at for at in table.columns if at not in OTHERS]
    known = table[table["worked"].to_numpy(dtype=bool)]
    good = known["outcome"].to_numpy(dtype=np.float64)
    if len(np.unique(good)) < 2:
        raise StudyError(
            f"{len(known)} leads were worked on, all with one outcome: nothing to "
            "learn; take a longer run, or let more of them pass"
        )
    seen = np.column_stack([np.ones(len(known)), known[chosen].to_numpy(np.float64)])
    penalty = np.array([0.0] + [ridge] * len(chosen))
    begin = np.zeros(len(penalty))
    done = minimize(
        _loss,
        begin,
        (seen, good, penalty),
        "L-BFGS-B",
        jac=True,
        options={"gtol": 1e-6},
    )
    errors = np.sqrt(np.diag(np.linalg.inv(_curvature(done.x, seen, penalty))))
    return Learned(
        names=tuple(chosen),
        weights=tuple(done.x[1:].tolist()),
        errors=tuple(errors[1:].tolist()),
        intercept=float(done.x[0]),
        leads=len(known),
    )


def _loss(
    weights: Floats, seen: Floats, good: Floats, penalty: Floats
) -> tuple[float, Floats]:
    """Return minus the penalised log likelihood, and its gradient."""
    from scipy.special import expit

    odds = seen @ weights
    fit = np.logaddexp(0.0, odds).sum() - good @ odds
    slope: Floats = seen.T @ (expit(odds) - good) + penalty * weights
    return float(fit + penalty @ weights**2 / 2), slope


def _curvature(weights: Floats, seen: Floats, penalty: Floats) -> Floats:
    """Return the second derivatives of the loss, shape (n, n)."""
    from scipy.special import expit

    chance = expit(seen @ weights)
    curved: Floats = (seen.T * (chance * (1 - chance))) @ seen + np.diag(penalty)
    return curved
