"""Calibration: from a log to a scenario that runs, and how sure one can be of it.

In: an `EventLog`, most often read from a CRM export. Out: `Calibration`. It reads no
file and writes none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.crm.arrivals_fit import ArrivalFit, fit_arrivals
from simlib.crm.chance import Chance
from simlib.crm.fitting import StageFit, fit_stage
from simlib.crm.hopes import Hope, hope_of
from simlib.crm.parameters import (
    Frame,
    Funnel,
    Stay,
    best_stay,
    drawn_stay,
    scenario_of,
)
from simlib.crm.passage import Passage
from simlib.crm.summaries import by_source, by_way
from simlib.crm.transitions import Sojourns, sojourns
from simlib.crm.warned import warnings_of
from simlib.draws import Floats
from simlib.errors import DataError
from simlib.funnel import histories
from simlib.log import EventLog
from simlib.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

DRAWS = 200
FEWEST_AMOUNTS = 5


@dataclass(frozen=True)
class Calibration:
    """A funnel read from data.

    Attributes
    ----------
    log : EventLog
    stays : Sojourns
    fits : tuple of StageFit
        The stages that anybody was seen to leave.
    arrivals : tuple of ArrivalFit, one for each source of the log
    """

    log: EventLog
    stays: Sojourns
    fits: tuple[StageFit, ...]
    arrivals: tuple[ArrivalFit, ...]
    _kept: dict[tuple[int, int], list[Funnel]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @cached_property
    def funnel(self) -> Funnel:
        """The most likely parameters."""
        stays = tuple(best_stay(fit) for fit in self.fits)
        if self.hope is not None:
            stays = self.hope.added(stays, *self.hope.mean)
        return Funnel(stays, self.log.graph, self.stays.entry)

    @cached_property
    def hope(self) -> Hope | None:
        """A way to a win where nobody was won yet, or None."""
        return hope_of(self.stays)

    @cached_property
    def passage(self) -> Passage:
        """Final shares and times to a win with the most likely parameters."""
        return self.funnel.passage()

    def funnels(self, count: int = DRAWS, seed: int = 0) -> list[Funnel]:
        """Return equally likely parameters: lags and shares of all stages."""
        if (count, seed) not in self._kept:
            self._kept[count, seed] = [
                Funnel(stays, self.log.graph, self.stays.entry)
                for stays in self._drawn_stays(count, Chance(seed, "stages"))
            ]
        return self._kept[count, seed]

    def _drawn_stays(self, count: int, chance: Chance) -> list[tuple[Stay, ...]]:
        parts = [fit.draws(count, chance) for fit in self.fits]
        # Each stage's draws come in order of family: shuffle them apart.
        orders = [np.argsort(chance.uniform(count)) for _ in parts]
        drawn = [
            tuple(
                drawn_stay(fit, part, int(order[number]))
                for fit, part, order in zip(self.fits, parts, orders, strict=True)
            )
            for number in range(count)
        ]
        hope = self.hope
        if hope is None:
            return drawn
        lucks = zip(drawn, *hope.drawn(chance, count), strict=True)
        return [hope.added(stays, share, days) for stays, share, days in lucks]

    @cached_property
    def passages(self) -> list[Passage]:
        """Final shares and times to a win, one for each of `DRAWS` draws."""
        return [funnel.passage() for funnel in self.funnels()]

    @property
    def rates(self) -> Floats:
        """Leads a day of each source to go on with, shape (K,)."""
        return np.array([fit.per_day for fit in self.arrivals])

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario that says what was found; it runs, and extends nothing."""
        return scenario_of(self.funnel, self._frame(self.rates))

    def draws(self, count: int, seed: int = 0) -> list[Scenario]:
        """Return scenarios with equally likely parameters: shares, lags and rates.

        A study that runs each of them once has bands that hold the uncertainty of the
        parameters, of arrivals and of outcomes.

        Parameters
        ----------
        count : int
        seed : int
        """
        chance = Chance(seed, "rates")
        found = []
        for funnel in self.funnels(count, seed):
            rates = np.array([fit.drawn_rate(chance) for fit in self.arrivals])
            found.append(scenario_of(funnel, self._frame(rates)))
        return found

    def _frame(self, rates: Floats) -> Frame:
        return Frame(
            "A calibrated funnel",
            f"Fitted to {len(self.stays)} stays in stages of "
            f"{int(self.leads.sum())} leads, known as of {self.as_of}. Waiting for "
            "people is part of the lags; what a lead really was is not in the data.",
            self.arrivals,
            rates,
            deal_of(self.log),
        )

    @property
    def leads(self) -> Floats:
        """Leads of each source, shape (K,)."""
        return np.array([float(fit.leads) for fit in self.arrivals])

    @property
    def as_of(self) -> dt.date:
        """The date as of which the data are known: the day of the horizon."""
        said = self.log.meta.get("as_of")
        if said is not None:
            return dt.date.fromisoformat(str(said)[:10])
        graph = self.log.graph
        return graph.start + dt.timedelta(days=int(graph.horizon))

    @cached_property
    def table(self) -> pd.DataFrame:
        """By source and in all: leads, won, final share and days to the win."""
        return by_source(self)

    @cached_property
    def ways(self) -> pd.DataFrame:
        """By stage, way and source: seen, share, lag, family, goodness of fit."""
        return by_way(self)

    @cached_property
    def warnings(self) -> list[str]:
        """What the data cannot tell, or tell against the model, a sentence each."""
        return warnings_of(self)

    def summary(self) -> dict[str, Any]:
        """Return the figures as plain values, for JSON."""
        rows = self.log.meta.get("rows") or {
            "read": len(self.log.leads),
            "used": int(self.leads.sum()),
            "dropped": {},
        }
        table = self.table.to_dict("records")
        *sources, total = [{str(k): v for k, v in row.items()} for row in table]
        return {
            "as_of": self.as_of.isoformat(),
            "rows": rows,
            "warnings": list(self.warnings),
            "sources": {row["source"]: _summed(row) for row in sources},
            "total": _summed(total),
        }


def _summed(row: dict[str, Any]) -> dict[str, Any]:
    """Return one row of the table as the summary has it."""
    return {
        "leads": int(row["leads"]),
        "won": int(row["won"]),
        "share_seen": _number(row["share_seen"]),
        "share_final": {
            "mean": _number(row["share_final"]),
            "low": _number(row["low"]),
            "high": _number(row["high"]),
        },
        "lag": {
            "family": str(row["family"]),
            "p10": _number(row["p10_days"]),
            "p50": _number(row["p50_days"]),
            "p90": _number(row["p90_days"]),
        },
        "plateau": bool(row["plateau"]),
        "share_possible": {
            "low": _number(row["least"]),
            "high": _number(row["most"]),
        },
    }


def _number(value: float) -> float | None:
    return float(f"{value:.6g}") if np.isfinite(value) else None


def calibrate(log: EventLog) -> Calibration:
    """Return what a log says about its funnel.

    Parameters
    ----------
    log : EventLog
        With the horizon as the as-of date; see `simlib.crm.transitions` for what is
        read from its ``meta``.

    Raises
    ------
    DataError
        If there are no leads, or nobody was ever seen to leave a stage.
    """
    stays = sojourns(log)
    sources = len(log.graph.sources)
    stages: Sequence[int] = np.unique(stays.stage).tolist()
    found = (fit_stage(stays, stage, sources) for stage in stages)
    fits = tuple(fit for fit in found if fit is not None)
    if not fits:
        raise DataError(
            "nobody was seen to leave a stage before the as-of date: there is nothing "
            "to fit; check the as-of date and the columns of dates"
        )
    return Calibration(log, stays, fits, _arrivals(log))


def _arrivals(log: EventLog) -> tuple[ArrivalFit, ...]:
    told = histories(log)
    came = told.captured
    # A lead that was lost at once, with nothing before, came when it was lost.
    came = np.where(np.isfinite(came), came, told.arrived)
    return tuple(
        fit_arrivals(came[(told.source == k) & np.isfinite(came)], log.graph.horizon)
        for k in range(len(log.graph.sources))
    )


def deal_of(log: EventLog) -> dict[str, Any] | None:
    """Return what deals are worth: a lognormal value from those won, or None."""
    told = histories(log)
    amount = log.leads.amount[told.is_customer]
    amount = amount[np.isfinite(amount) & (amount > 0)]
    if len(amount) < FEWEST_AMOUNTS:
        return None
    logs = np.log(amount)
    if logs.std() < 1e-6:
        return {"value": float(f"{amount[0]:.6g}")}
    cv = float(np.clip(np.sqrt(np.expm1(logs.var(ddof=1))), 0.01, 20))
    median = float(f"{np.exp(logs.mean()):.6g}")
    return {"value": {"dist": "lognormal", "median": median, "cv": float(f"{cv:.4g}")}}
