"""A plan's stages as steps of a walk: what columns of leads are compared with.

In: a `Plan`. Out: a `Step` for each stage, with the addresses of the numbers that a
walk through it needs. It draws nothing.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from simlib.draws import Floats
from simlib.fast_engine.tables import NONE, Tables, tables_of
from simlib.plan import Plan, StagePlan
from simlib.population import Ask


class Step:
    """One stage as columns pass it.

    Attributes
    ----------
    is_end, is_staffed : bool
    pool : Pool or None
    stages_ahead : int
        How many stages may come after; the more, the further upstream.
    ways : list of (to, reason, slot, days)
        A way's lag is the number at the slot, or the days where the slot is `NONE`.
    choices : int
        How many bounds luck is compared with.
    bounds : list of float or None
        Cumulated rates, if they are the same for all kinds and sources.
    rows : array of float64, shape (choices, kinds * columns)
        Cumulated rates by kind and column.
    columns : int
    score : tuple of Passage
    """

    def __init__(self, stage: StagePlan, plan: Plan, tables: Tables) -> None:
        self.is_end, self.is_staffed = stage.terminal, stage.team >= 0
        self.pool, self.columns = stage.pool, plan.columns.count
        self.stages_ahead = int(tables.ahead[stage.index].sum())
        first = int(tables.stages[stage.index]["first_way"])
        slots = tables.ways["lag"][first : first + len(stage.ways)].tolist()
        self.ways = [
            (way.to, way.reason, slot, way.lag.centre)
            for way, slot in zip(stage.ways, slots, strict=True)
        ]
        self.rows = _rows(stage)
        self.score = stage.score
        self.score_stream = stage.score_stream
        self.choices = len(self.rows)
        same = np.all(self.rows == self.rows[:, :1])
        self.bounds = self.rows[:, 0].tolist() if same else None
        self._hand = tables.hands[stage.index]
        lags = sorted(set(slots) - {NONE})
        # One lag for all is drawn with the luck; of several, only what is chosen.
        self._slots = [0, 1] if stage.pool else [0, *lags] if len(lags) == 1 else [0]
        self._first = [] if stage.terminal else self._asks(1)

    def asks(self, visit: int) -> list[Ask]:
        """Return the addresses of the numbers that all need for the k-th visit."""
        return self._first if visit == 1 else self._asks(visit)

    def ask(self, slot: int, visit: int) -> Ask:
        """Return the address of the number at a slot for the k-th visit."""
        return self._hand.asks(visit)[slot]

    def score_asks(self, visit: int) -> list[Ask]:
        """Return the addresses of the days until points are enough, by kind."""
        return [(self.score_stream, visit, score) for score in self.score]

    def _asks(self, visit: int) -> list[Ask]:
        asks = self._hand.asks(visit)
        return [asks[slot] for slot in self._slots]


def _rows(stage: StagePlan) -> Floats:
    """Return a stage's cumulated rates, shape (choices, kinds * columns)."""
    rows = [row for kind in stage.thresholds for row in kind]
    return np.array(rows, dtype=np.float64).reshape(max(len(rows), 1), -1).T.copy()


@lru_cache(maxsize=64)
def steps_of(plan: Plan) -> list[Step]:
    """Return a plan's steps; made once for each plan."""
    return [Step(stage, plan, tables_of(plan)) for stage in plan.stages]
