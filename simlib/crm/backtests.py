"""Backtest: fit on what was known on a day, forecast, and look what came.

In: an `EventLog`, a day and a horizon. Out: `Backtest`: forecasts by source and month
with bands, their scores, two naive rivals, and a verdict in words. An export may have
been corrected after the day; that cannot be seen in it, and so a backtest on an export
is a little kinder than life.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from simlib.crm.calibrated import Calibration, calibrate
from simlib.crm.forecasts import NEW, OPEN, Forecast, forecast, month_edges
from simlib.crm.known import known_at
from simlib.crm.scores import Score, bands, point_score, score
from simlib.crm.verdicts import verdict_of
from simlib.draws import Floats
from simlib.errors import DataError
from simlib.funnel import histories
from simlib.funnel.columns import Ints
from simlib.log import EventLog

if TYPE_CHECKING:
    import pandas as pd

DRAWS = 400


@dataclass(frozen=True)
class Backtest:
    """A forecast held against what happened.

    Attributes
    ----------
    calibration : Calibration
        Fitted on what was known at the cut.
    horizon_days : float
    forecast : Forecast
    actual : array, shape (K, months, 2)
        Wins by source, month and origin (`OPEN`, `NEW`).
    rivals : dict of array, shape (K, months)
        Expected wins by two naive ways.
    """

    calibration: Calibration
    horizon_days: float
    forecast: Forecast
    actual: Floats
    rivals: dict[str, Floats]

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the sources that had leads."""
        names = self.calibration.log.graph.sources
        return tuple(names[k] for k in self._used)

    @property
    def _used(self) -> Ints:
        busy = self.calibration.leads + self.actual.sum(axis=(1, 2))
        return np.flatnonzero(busy)

    @cached_property
    def score(self) -> Score:
        """The score over all sources and months."""
        futures = self.forecast.wins.sum(axis=3)[:, self._used]
        actual = self.actual.sum(axis=2)[self._used]
        return score(futures.reshape(len(futures), -1), actual.ravel())

    @cached_property
    def rival_scores(self) -> dict[str, Score]:
        """The scores of the naive rivals, as Poisson forecasts."""
        actual = self.actual.sum(axis=2)[self._used].ravel()
        return {
            name: point_score(means[self._used].ravel(), actual)
            for name, means in self.rivals.items()
        }

    @cached_property
    def findings(self) -> list[str]:
        """Why the past may not predict the future, a sentence each."""
        return verdict_of(self)[1]

    @cached_property
    def verdict(self) -> str:
        """Whether the past predicted the future, in words."""
        return verdict_of(self)[0]

    @cached_property
    def table(self) -> pd.DataFrame:
        """By source and month: forecast, bands and outcome, by origin and in all.

        Columns: ``source`` ("total" for all), ``month`` (1, 2, ...; 0 for the whole
        time), ``origin`` ("all", "open", "new"), ``mean``, ``p05``, ``p25``, ``p75``,
        ``p95``, ``actual``; counts of wins.
        """
        import pandas as pd

        rows = []
        for name, source in [
            *zip(self.sources, self._used, strict=True),
            ("total", None),
        ]:
            for month in range(len(self.forecast.months)):
                for label, origin in (("all", None), ("open", OPEN), ("new", NEW)):
                    futures, actual = self._cell(source, month, origin)
                    row = {"source": name, "month": month, "origin": label}
                    rows.append(row | bands(futures) | {"actual": actual})
        return pd.DataFrame(rows)

    def _cell(
        self, source: int | None, month: int, origin: int | None
    ) -> tuple[Floats, int]:
        """Return the futures and the outcome of a source, month (0: all) and origin."""
        picked = (
            slice(None) if source is None else slice(int(source), int(source) + 1),
            slice(None) if month == 0 else slice(month - 1, month),
            slice(None) if origin is None else slice(origin, origin + 1),
        )
        futures = self.forecast.wins[(slice(None), *picked)].sum(axis=(1, 2, 3))
        return futures, int(self.actual[picked].sum())

    def summary(self) -> dict[str, Any]:
        """Return the figures as plain values, for JSON."""
        cut = self.calibration.as_of
        used = zip(self.sources, self._used, strict=True)
        edges = self.forecast.months
        return {
            "cut": cut.isoformat(),
            "horizon_days": _whole(self.horizon_days),
            "sources": {name: self._summed(int(k)) for name, k in used},
            "total": self._summed(None),
            "months": [
                {"from": (cut + dt.timedelta(days=int(edges[m]))).isoformat()}
                | self._part(None, m + 1, None)
                for m in range(len(edges) - 1)
            ],
            "score": _plain(self.score),
            "verdict": self.verdict,
            "findings": self.findings,
            "rivals": {name: _plain(one) for name, one in self.rival_scores.items()},
        }

    def _summed(self, source: int | None) -> dict[str, Any]:
        return self._part(source, 0, None) | {
            "from_open": self._part(source, 0, OPEN),
            "from_new": self._part(source, 0, NEW),
        }

    def _part(
        self, source: int | None, month: int, origin: int | None
    ) -> dict[str, Any]:
        futures, actual = self._cell(source, month, origin)
        rounded = {name: round(value, 3) for name, value in bands(futures).items()}
        return {"forecast": rounded, "actual": actual}


def _whole(days: float) -> float:
    """Return a whole number as one, so that it is written without a point."""
    return int(days) if days == int(days) else days


def _plain(one: Score) -> dict[str, Any]:
    """Return a score for JSON, where there is no nan."""
    values = asdict(one).items()
    return {
        name: round(value, 4) if np.isfinite(value) else None for name, value in values
    }


def backtest(
    log: EventLog,
    cut_day: float,
    horizon_days: float,
    *,
    arrivals: Literal["forecast", "actual"] = "forecast",
    draws: int = DRAWS,
    seed: int = 0,
) -> Backtest:
    """Return what would have been forecast on a day, and what came.

    Parameters
    ----------
    log : EventLog
    cut_day : float
        The day of the forecast, days from the log's start; what happened on or after
        it is hidden.
    horizon_days : float
        How far ahead; the log must reach so far.
    arrivals : {"forecast", "actual"}
        Whether new leads are forecast, or taken from the log.
    draws : int
        How many futures.
    seed : int

    Raises
    ------
    DataError
        If the log ends before the forecast does, or too little was known at the cut.
    """
    known = known_at(log, cut_day)
    end = cut_day + horizon_days
    if horizon_days <= 0 or end > log.graph.horizon + 1e-9:
        raise DataError(
            f"horizon: {horizon_days:g} days from day {cut_day:g} end on day {end:g}; "
            f"the data end on day {log.graph.horizon:g}; give "
            f"{log.graph.horizon - cut_day:g} days or fewer"
        )
    if arrivals not in {"forecast", "actual"}:
        raise DataError(f"arrivals: '{arrivals}'; it must be forecast or actual")
    calibration = calibrate(known)
    came = _came(log, cut_day, end) if arrivals == "actual" else None
    futures = forecast(calibration, horizon_days, draws, seed, came)
    edges = futures.months
    return Backtest(
        calibration=calibration,
        horizon_days=horizon_days,
        forecast=futures,
        actual=_actual(log, cut_day, edges),
        rivals=_rivals(log, cut_day, edges),
    )


def _came(log: EventLog, cut: float, end: float) -> tuple[Floats, Ints]:
    """Return when leads came after the cut (days from it), and their sources."""
    told = histories(log)
    rows = np.flatnonzero((told.arrived >= cut) & (told.arrived < end))
    return told.arrived[rows] - cut, told.source[rows]


def _actual(log: EventLog, start: float, edges: Floats) -> Floats:
    """Return the wins by source, month and origin from a day on, (K, months, 2)."""
    told = histories(log)
    when = told.final_entry - start
    rows = np.flatnonzero(told.is_customer & (when >= 0) & (when < edges[-1]))
    month = np.searchsorted(edges, when[rows], side="right") - 1
    origin = np.where(told.arrived[rows] >= start, NEW, OPEN)
    found = np.zeros((len(log.graph.sources), len(edges) - 1, 2))
    np.add.at(found, (told.source[rows], month, origin), 1.0)
    return found


def _rivals(log: EventLog, cut: float, edges: Floats) -> dict[str, Floats]:
    """Return the expected wins of two naive rivals, shape (K, months) each.

    Raw conversion times arrivals: wins so far / leads so far, times the leads that come
    in a month at the rate so far. Last period repeated: the wins of as many days
    before the cut, month by month.
    """
    told = histories(log)
    sources = len(log.graph.sources)
    leads = np.bincount(told.source[told.arrived < cut], minlength=sources)
    won = told.is_customer & (told.final_entry < cut)
    wins = np.bincount(told.source[won], minlength=sources)
    lengths = np.diff(edges)
    raw = (wins / np.maximum(leads, 1)) * (leads / cut)
    span = min(float(edges[-1]), cut)
    last = _actual(log, cut - span, month_edges(span, log.graph.days_per_month))
    repeated = np.zeros((sources, len(lengths)))
    months = min(last.shape[1], len(lengths))
    repeated[:, :months] = last.sum(axis=2)[:, :months]
    if months < len(lengths):  # a past shorter than the future: its mean goes on
        rate = last.sum(axis=(1, 2)) / span
        repeated[:, months:] = rate[:, None] * lengths[months:]
    return {
        "raw_conversion": raw[:, None] * lengths,
        "last_period": repeated,
    }
