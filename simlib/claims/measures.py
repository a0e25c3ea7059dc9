"""What is counted in a world, and how it becomes one number for each replication.

In: figures of a world. Out: a number for each replication, nan where it is not
defined. It compares no worlds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simlib.execution import FIGURES, MONTHS, WHOLE, Figures
from simlib.scenario import Scenario
from simlib.studies.intervals import Floats

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Measure:
    """What is counted in a world.

    Attributes
    ----------
    metric : str
        A metric of a run, or a count by month.
    per : str
        Another one, by which it is divided; ``months`` for months; "" for none.
    months : tuple of int, or None
        First and last month after the change; None for the whole horizon.
    within : tuple of float, or None
        Lowest and highest value: the figure is then the share of the sources, of those
        where it is defined, whose value lies between them.
    spread_of : int
        Months in a period: the figure is then the spread of the run's periods, their
        standard deviation over their mean. 0 for none.
    falls : tuple of (float, int), or None
        A share and months in a period: the figure is then the share of the run's
        periods that lie so far or farther below their mean.
    """

    metric: str
    per: str = ""
    months: tuple[int, int] | None = None
    within: tuple[float, float] | None = None
    spread_of: int = 0
    falls: tuple[float, int] | None = None

    @property
    def kind(self) -> str:
        """How runs are measured for it."""
        if self.within:
            return FIGURES
        return MONTHS if self.months or self.spread_of or self.falls else WHOLE

    def values(self, scenario: Scenario, figures: Figures, change_month: int) -> Floats:
        """Return what is measured in each replication.

        Parameters
        ----------
        scenario : Scenario
        figures : Figures
            Of that world, of this measure's `kind`.
        change_month : int
            The month from which `months` are counted.
        """
        if self.within:
            return self._share_within(figures)
        if self.spread_of:
            by_period = _periods(scenario, _rows(figures, self.metric), self.spread_of)
            return _divided(by_period.std(axis=1, ddof=1), by_period.mean(axis=1))
        if self.falls:
            share, months = self.falls
            by_period = _periods(scenario, _rows(figures, self.metric), months)
            limit = (1 - share) * by_period.mean(axis=1, keepdims=True)
            fallen: Floats = (by_period <= limit + TOLERANCE).mean(axis=1)
            return fallen
        found = self._counted(figures, self.metric, change_month)
        if not self.per:
            return found
        if self.per == "months":
            return found / (scenario.horizon / scenario.days_per_month)
        return _divided(found, self._counted(figures, self.per, change_month))

    def _counted(self, figures: Figures, name: str, change_month: int) -> Floats:
        """Return a count of each replication, in the months that are asked for."""
        rows = _rows(figures, name)
        if self.months:
            first, last = (change_month + month for month in self.months)
            rows = rows[:, first - 1 : last]
        total: Floats = rows.sum(axis=1)
        return total

    def _share_within(self, figures: Figures) -> Floats:
        """Return the share of the sources whose value lies within the limits."""
        assert self.within
        low, high = self.within
        values = _rows(figures, self.metric)[:, 1:]  # the first row is the whole
        if self.per:
            values = _divided(values, _rows(figures, self.per)[:, 1:])
        inside = (values >= low) & (values <= high)
        return _divided(inside.sum(axis=1), np.isfinite(values).sum(axis=1))


def _rows(figures: Figures, name: str) -> Floats:
    """Return a figure by replication and row."""
    rows: Floats = figures.numbers[:, :, figures.names.index(name)]
    return rows


def _periods(scenario: Scenario, by_month: Floats, months: int) -> Floats:
    """Return counts by replication and period; what does not fill one is left out."""
    whole = int(scenario.horizon / scenario.days_per_month + TOLERANCE) // months
    kept = by_month[:, : whole * months]
    periods: Floats = kept.reshape(len(kept), whole, months).sum(axis=2)
    return periods


def _divided(top: Floats, bottom: Floats) -> Floats:
    """Return shares; nan where there is nothing to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share: Floats = top / bottom
    return share
