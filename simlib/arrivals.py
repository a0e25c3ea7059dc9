"""Who arrives when: the leads of a source without a market.

In: a source as the user said it, and an address. Out: arrival times in days, and for
each arrival a lasting name (band, ordinal). A Poisson process with a changing rate is
cut out of a Poisson process in the plane of time and rate: a point (t, y) is an
arrival if y lies below the rate at t. The plane is drawn in bands of rate, each with
numbers of its own, so a higher rate adds arrivals and moves or removes none.

Source: thinning, Lewis and Shedler (1979); bands of rate make it independent of the
ceiling.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simlib.draws import Floats, entity_keys, exponentials, stream_key, uniforms
from simlib.lags import gamma_quantiles
from simlib.scenario.models import Arrivals, Source

LOWEST_BAND = 1.0
ONE_OFF = -1
DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Arrived:
    """Arrivals of one source, in no particular order.

    Attributes
    ----------
    time : array of float64, days
    band, ordinal : array of int32
        Address within the source; band -1 is the one-off import.
    key : array of uint64
        The entity's key for `simlib.draws`.
    """

    time: Floats
    band: NDArray[np.int32]
    ordinal: NDArray[np.int32]
    key: NDArray[np.uint64]


def arrivals(
    name: str,
    source: Source,
    *,
    horizon: float,
    days_per_month: float,
    seed: int,
    replication: int,
) -> Arrived:
    """Return the arrivals of a source before the horizon (days)."""
    rate = RateOfSource(name, source, horizon, days_per_month, seed, replication)
    parts = [_imported(name, source.leads, horizon, seed, replication)]
    low, high, band = 0.0, LOWEST_BAND, 0
    while low < rate.ceiling:
        parts.append(_band(name, rate, band, low, high, seed, replication))
        low, high, band = high, 2 * high, band + 1
    fields = ("time", "band", "ordinal", "key")
    joined = (np.concatenate([getattr(part, at) for part in parts]) for at in fields)
    return Arrived(*joined)


class RateOfSource:
    """A source's rate of arrival (leads a day) as a function of time (days).

    Attributes
    ----------
    end : float, days
        No lead arrives at or after it.
    ceiling : float
        No rate is higher.
    is_flat : bool
        Whether the rate is the same from day 0 to the end.
    """

    def __init__(
        self,
        name: str,
        source: Source,
        horizon: float,
        days_per_month: float,
        seed: int,
        replication: int,
    ) -> None:
        said = source.leads
        self.said, self.month = said, days_per_month
        lives_on = said.shape == "compounding" or said.stop is None
        self.end = horizon if lives_on else min(horizon, said.stop or 0.0)
        self.full = said.per_day or (said.per_month or 0.0) / days_per_month
        if said.half_spend_per_month is not None:
            doses = source.cost.per_month / said.half_spend_per_month
            self.full *= 1 - 0.5**doses
        self.daily = self._daily_factors(name, seed, replication)
        self.ceiling = self.full * float(self.daily.max(initial=0.0))
        steady = said.shape != "compounding" and said.start == 0
        self.is_flat = steady and bool(np.all(self.daily == self.daily[0]))

    def at(self, time: Floats) -> Floats:
        """Return the rate (leads a day) at times (days), shape as `time`."""
        rate = self.daily[time.astype(np.intp)]
        rate *= self.full
        if not self.is_flat:
            rate *= ramp(self.said, time, self.month)
        return rate

    def _daily_factors(self, name: str, seed: int, replication: int) -> Floats:
        """Return the factor of each day: its weekday times its luck."""
        days = math.ceil(self.end) + 1
        week = np.array(self.said.weekdays)
        week *= DAYS_A_WEEK / week.sum()
        factors = np.tile(week, days // DAYS_A_WEEK + 1)[:days]
        excess = self.said.overdispersion - 1
        if excess > 0 and self.full > 0:
            stream = stream_key(seed, replication, f"{name}.day")
            luck = uniforms(stream, entity_keys(stream, days))
            shape = self.full / excess
            factors *= gamma_quantiles(luck, shape) / shape
        return factors


def ramp(said: Arrivals, time: Floats, month: float) -> Floats:
    """Return the share (0 to 1) of the full rate that is reached at times (days).

    `steady` and `effort` and `saturating` are there at once and end on the day that
    the effort stops. `compounding` is a stock that decays by half every
    `half_life_months`, is filled evenly until it is full, and lives on after the stop.
    """
    since = time - said.start
    running = since >= 0
    if said.shape != "compounding":
        if said.stop is not None:
            running &= time < said.stop
        return running.astype(np.float64)
    decay = math.log(2) / (said.half_life_months * month)
    to_full = said.months_to_full * month
    built = since if said.stop is None else np.minimum(since, said.stop - said.start)
    stock = np.minimum(np.expm1(-decay * built) / math.expm1(-decay * to_full), 1.0)
    if said.stop is not None:
        stock *= np.exp(-decay * np.maximum(time - said.stop, 0.0))
    return np.where(running, stock, 0.0)


def _imported(
    name: str, said: Arrivals, horizon: float, seed: int, replication: int
) -> Arrived:
    """Return the one-off imports, numbered through in the order of the file."""
    days = [at.day for at in said.imports for _ in range(at.leads)]
    key = entity_keys(stream_key(seed, replication, f"{name}.import"), len(days))
    ordinal = np.arange(len(days), dtype=np.int32)
    time = np.array(days, dtype=np.float64)
    kept = time < horizon
    band = np.full(len(days), ONE_OFF, dtype=np.int32)
    return Arrived(time[kept], band[kept], ordinal[kept], key[kept])


def _band(
    name: str,
    rate: RateOfSource,
    band: int,
    low: float,
    high: float,
    seed: int,
    replication: int,
) -> Arrived:
    """Return the arrivals whose level of rate lies in [low, high) leads a day."""
    origin = stream_key(seed, replication, f"{name}.arrivals.{band}")
    time, key = _points(origin, high - low, rate.end)
    ordinal = np.arange(len(time), dtype=np.int32)
    if not (rate.is_flat and high <= rate.ceiling):
        level = uniforms(origin ^ 1, key)
        level *= high - low
        level += low
        here = level < rate.at(time)
        time, key, ordinal = time[here], key[here], ordinal[here]
    return Arrived(time, np.full(len(time), band, dtype=np.int32), ordinal, key)


def _points(
    origin: int, per_day: float, end: float
) -> tuple[Floats, NDArray[np.uint64]]:
    """Return the points of a homogeneous Poisson process and their keys."""
    expected = per_day * end
    count = math.ceil(expected + 6 * math.sqrt(expected) + 10)
    while True:
        key = entity_keys(origin, count)
        gaps = exponentials(origin, key)
        gaps *= 1 / per_day
        time = np.cumsum(gaps, out=gaps)
        if time[-1] >= end:
            kept = int(np.searchsorted(time, end))
            return time[:kept], key[:kept]
        count *= 2
