"""The stays of one stage, counted into cells: all that a likelihood needs of them.

In: `Sojourns` of one stage. Out: `Cells`: how many of each source left by each way,
after how long, and how many still go on at which age. Half a million stays become some
hundred cells, so that a fit costs the same for any number of rows. It knows no family.

Ages of more than `EXACT` different values are gathered into steps of 1% (ends: 0.5%),
each represented by its mean: the error is of second order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simlib.crm.transitions import STILL, Sojourns
from simlib.draws import Floats
from simlib.funnel.columns import Ints

EXACT = 400
OPEN_STEP, END_STEP = 0.01, 0.005


@dataclass(frozen=True)
class Ends:
    """Ends by one way, all sources together: days until then, and how many."""

    days: Floats
    weight: Floats


@dataclass(frozen=True)
class Cells:
    """Counts of one stage; K sources, J ways, B cells of stays that go on.

    Attributes
    ----------
    stage : int
    ways : tuple of int
        Codes of the stages that leads went to, by first appearance in the graph.
    counts : array, shape (K, J)
        Leads of a source that were seen to leave by a way.
    ends : tuple of Ends, one for each way
    age, since : array, shape (B,), days
        Age at the horizon, and age from which ends were recorded (0: always).
    going_on : array, shape (K, B)
        Stays not seen to end.
    late_since : array, shape (L,), days
        Ages at which stays were carried over into the register.
    late : array, shape (K, L)
        Stays known only because they had not ended at that age.
    whole_days : bool
    """

    stage: int
    ways: tuple[int, ...]
    counts: Floats
    ends: tuple[Ends, ...]
    age: Floats
    since: Floats
    going_on: Floats
    late_since: Floats
    late: Floats
    whole_days: bool

    @property
    def entered(self) -> Floats:
        """Stays of each source, shape (K,)."""
        total: Floats = self.counts.sum(axis=1) + self.going_on.sum(axis=1)
        return total

    @property
    def typical_days(self) -> float:
        """A middle duration: the median of all ends, or of the ages without one."""
        parts = [end for end in self.ends if len(end.days)]
        days = np.concatenate([end.days for end in parts]) if parts else self.age
        weights = (
            np.concatenate([end.weight for end in parts])
            if parts
            else self.going_on.sum(axis=0)
        )
        return max(_weighted_median(days, weights), 0.5 if self.whole_days else 1e-3)

    def pooled(self) -> Cells:
        """Return the same with all sources as one."""

        def sum_of(table: Floats) -> Floats:
            total: Floats = table.sum(axis=0, keepdims=True)
            return total

        return replace(
            self,
            counts=sum_of(self.counts),
            going_on=sum_of(self.going_on),
            late=sum_of(self.late),
        )


def _weighted_median(values: Floats, weights: Floats) -> float:
    if not len(values) or weights.sum() <= 0:
        return 1.0
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) >= weights.sum() / 2
    return float(values[order][reached.argmax()])


def cells(stays: Sojourns, stage: int, sources: int) -> Cells:
    """Return the cells of a stage.

    Parameters
    ----------
    stays : Sojourns
    stage : int
        Code of the stage.
    sources : int
        K, how many sources there are.
    """
    here = stays.of_stage(stage)
    ways = tuple(int(way) for way in np.unique(here.to[here.to != STILL]))
    counts = np.zeros((sources, len(ways)))
    for number, way in enumerate(ways):
        counts[:, number] = np.bincount(here.source[here.to == way], minlength=sources)
    still = here.only(here.to == STILL)
    since = np.where(still.unseen, still.since, 0.0)
    age, since, going_on = _open_cells(still, since, sources)
    late = here.only((here.since > 0) & ~here.unseen)
    late_since, _, late_table = _open_cells(
        replace(late, left=late.entered + late.since), np.zeros(len(late)), sources
    )
    return Cells(
        stage=stage,
        ways=ways,
        counts=counts,
        ends=tuple(_ends(here, way) for way in ways),
        age=age,
        since=since,
        going_on=going_on,
        late_since=late_since,
        late=late_table,
        whole_days=stays.whole_days,
    )


def _ends(here: Sojourns, way: int) -> Ends:
    days = here.days[here.to == way]
    place, size = _steps(days, END_STEP)
    weight = np.bincount(place, minlength=size).astype(float)
    return Ends(np.bincount(place, days, minlength=size) / weight, weight)


def _open_cells(
    still: Sojourns, since: Floats, sources: int
) -> tuple[Floats, Floats, Floats]:
    """Return mean age, mean `since` and count by source of each cell of open stays."""
    by_age, _ = _steps(still.days, OPEN_STEP)
    by_since, size = _steps(since, OPEN_STEP)
    both, place = np.unique(by_age * max(size, 1) + by_since, return_inverse=True)
    weight = np.bincount(place, minlength=len(both)).astype(float)
    table = np.zeros((sources, len(both)))
    np.add.at(table, (still.source, place), 1.0)
    age = np.bincount(place, still.days, minlength=len(both)) / weight
    return age, np.bincount(place, since, minlength=len(both)) / weight, table


def _steps(days: Floats, step: float) -> tuple[Ints, int]:
    """Return the cell of each duration and how many cells there are."""
    values, place = np.unique(days, return_inverse=True)
    if len(values) > EXACT:
        rounded = np.round(np.log(np.maximum(values, 1e-6)) / step)
        # A lag of exactly 0 is a thing of its own: "at once".
        rounded[values <= 0] = -np.inf
        _, again = np.unique(rounded, return_inverse=True)
        place = again[place]
        return place, int(again.max()) + 1
    return place, len(values)
