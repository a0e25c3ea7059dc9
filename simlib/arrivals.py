"""Who arrives when: the leads of the sources without a market.

In: sources as the user said them, and an address. Out: arrival times in days, and for
each arrival a lasting name (source, band, ordinal). A Poisson process with a changing
rate is cut out of a Poisson process in the plane of time and rate: a point (t, y) is an
arrival if y lies below the rate at t. The plane is drawn in bands of rate, each with
numbers of its own, so a higher rate adds arrivals and moves or removes none.

Source: thinning, Lewis and Shedler (1979); bands of rate make it independent of the
ceiling.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simlib.draws import (
    Floats,
    Keys,
    as_exponentials,
    entity_keys,
    keys_of,
    stream_key,
    uniforms,
)
from simlib.lags import gamma_quantiles
from simlib.reputation import Sender
from simlib.scenario.arrivals import Arrivals, Uptake
from simlib.scenario.models import Source
from simlib.scenario.reputation import Reputation
from simlib.shocks import ShockTimes
from simlib.uptake import uptake

LOWEST_BAND = 1.0
ONE_OFF = -1
DAYS_A_WEEK = 7
MONTHS_A_YEAR = 12
LEVEL = np.uint64(1)


@dataclass(frozen=True)
class Arrived:
    """Arrivals of some sources, in order of time.

    Attributes
    ----------
    time : array of float64, days
    source : array of int16
    band, ordinal : array of int32
        Address within the source; band -1 is the one-off imports.
    key : array of uint64
        The entity's key for `simlib.draws`.
    """

    time: Floats
    source: NDArray[np.int16]
    band: NDArray[np.int32]
    ordinal: NDArray[np.int32]
    key: Keys


@dataclass(frozen=True)
class Band:
    """Points to be drawn for one source: from `low` to `high` leads a day.

    The one-off imports of a source are a band too, of so many leads and no width.
    """

    source: int
    number: int
    origin: int
    count: int
    low: float = 0.0
    high: float = 0.0


def arrivals(
    sources: Mapping[str, Source],
    *,
    horizon: float,
    days_per_month: float,
    seed: int,
    replication: int,
    reputation: Reputation | None = None,
) -> Arrived:
    """Return the arrivals of all sources before the horizon (days)."""
    sender = Sender(sources, reputation or Reputation())
    run = seed, replication
    rates = [
        RateOfSource(name, source, horizon, days_per_month, run, sender)
        for name, source in sources.items()
    ]
    bands = [band for number, rate in enumerate(rates) for band in rate.bands(number)]
    points = Points(bands, rates)
    kept = points.kept()
    kept = kept[np.argsort(points.time[kept], kind="stable")]
    which = points.which[kept]
    source = np.array([band.source for band in bands], dtype=np.int16)
    number = np.array([band.number for band in bands], dtype=np.int32)
    return Arrived(
        time=points.time[kept],
        source=source[which],
        band=number[which],
        ordinal=points.ordinal(kept).astype(np.int32),
        key=points.key[kept],
    )


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
        run: tuple[int, int],
        sender: Sender,
    ) -> None:
        said = source.leads
        self.name, self.said, self.month, self.run = name, said, days_per_month, run
        self.horizon = horizon
        lives_on = said.lives_on or said.stop is None
        self.end = horizon if lives_on else min(horizon, said.stop or 0.0)
        self.full = said.full_per_day(days_per_month, horizon)
        if said.half_spend_per_month is not None:
            doses = source.cost.per_month / said.half_spend_per_month
            self.full *= 1 - 0.5**doses
        self.daily = self._daily_factors()
        if source.form:  # all who would fill a form of one field; see population
            self.daily *= source.form.lift(source.mix)
        self.ceiling = self.full * float(self.daily.max(initial=0.0))
        self.sender = sender if source.by_mail and len(sender.day) else None
        self.shocks = self._shocks(source)
        moving = said.lives_on or said.growth_per_month or said.uptake
        steady = not (moving or said.start or self.sender or self.shocks)
        self.is_flat = steady and bool(np.all(self.daily == self.daily[0]))

    def at(self, time: Floats) -> Floats:
        """Return the rate (leads a day) at times (days), shape as `time`."""
        rate = self.daily[time.astype(np.intp)]
        rate *= self.full
        if not self.is_flat:
            rate *= self._ramp(time)
        if self.said.uptake:
            rate *= spread(self.said.uptake, time, self.month)
        if self.sender:
            rate *= self.sender.at(time)
        if self.shocks:
            rate *= self.shocks.at(time)
        return rate

    def _ramp(self, time: Floats) -> Floats:
        """Return the share (0 to 1) of the full rate that is reached at times."""
        if self.said.growth_per_month:
            return ramp(self.said, time, self.month) * self._grown(time)
        if self.said.content is None:
            return ramp(self.said, time, self.month)
        return visits(self.said, time, self.month) * (
            self.said.content.conversion / self.month / self.full
        )

    def _grown(self, time: Floats) -> Floats:
        """Return the rate at times after the start, as a share of its highest."""
        months = np.maximum(time - self.said.start, 0.0) / self.month
        highest = math.log(self.said.most_grown(self.month, self.horizon))
        grown = np.minimum(months * math.log1p(self.said.growth_per_month), highest)
        share: Floats = np.exp(grown - highest)
        return share

    def _shocks(self, source: Source) -> ShockTimes | None:
        """Return what hits a source, if anything does."""
        if not (source.shocks and source.shocks.per_year and source.shocks.loss):
            return None
        stream = stream_key(*self.run, f"{self.name}.shock")
        year = MONTHS_A_YEAR * self.month
        return ShockTimes(source.shocks, self.horizon, year, stream)

    def bands(self, source: int) -> Iterator[Band]:
        """Yield the bands of rate up to the ceiling, then the imports."""
        low, high, number = 0.0, LOWEST_BAND, 0
        while low < self.ceiling:
            origin = stream_key(*self.run, f"{self.name}.arrivals.{number}")
            yield Band(source, number, origin, self.likely(high - low), low, high)
            low, high, number = high, 2 * high, number + 1
        if self.said.imports:
            origin = stream_key(*self.run, f"{self.name}.import")
            yield Band(
                source, ONE_OFF, origin, sum(at.leads for at in self.said.imports)
            )

    def likely(self, per_day: float) -> int:
        """Return how many points of a rate will, but for a freak, reach the end."""
        expected = per_day * self.end
        return math.ceil(expected + 6 * math.sqrt(expected) + 10)

    def imported(self) -> Floats:
        """Return the days of the one-off imports, in the order of the file."""
        imports = self.said.imports
        return np.repeat([at.day for at in imports], [at.leads for at in imports])

    def _daily_factors(self) -> Floats:
        """Return the factor of each day: its weekday times its luck."""
        days = math.ceil(self.end) + 1
        week = np.array(self.said.weekdays)
        week *= DAYS_A_WEEK / week.sum()
        factors = np.tile(week, days // DAYS_A_WEEK + 1)[:days]
        excess = self.said.overdispersion - 1
        if excess > 0 and self.full > 0:
            stream = stream_key(*self.run, f"{self.name}.day")
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


def spread(said: Uptake, time: Floats, month: float) -> Floats:
    """Return the share (0 to 1) of a habit that has spread at times (days)."""
    return uptake(time, said.half_on, said.months * month)


def visits(said: Arrivals, time: Floats, month: float) -> Floats:
    """Return the visits a month to a source's content at times (days).

    Pieces appear evenly from the start to the stop, and live on after it.
    """
    assert said.content is not None
    stopped = math.inf if said.stop is None else (said.stop - said.start) / month
    return said.content.stock.visits((time - said.start) / month, stopped)


class Points:
    """The points of all bands: homogeneous Poisson processes, drawn side by side.

    Attributes
    ----------
    time : array of float64, days
    key, origin : array of uint64
    which : array of int32
        The place of a point's band.
    first : array of int64
        The place of each band's first point.
    """

    def __init__(self, bands: list[Band], rates: list[RateOfSource]) -> None:
        self.bands, self.rates = bands, rates
        spare = 1
        while not self._reach_the_end(spare):
            spare *= 2

    def _reach_the_end(self, spare: int) -> bool:
        """Draw the points; return whether those of each band are enough."""
        counts = [b.count * (1 if b.number == ONE_OFF else spare) for b in self.bands]
        self.first = np.cumsum([0, *counts])
        self.which = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        origins = np.array([band.origin for band in self.bands], dtype=np.uint64)
        self.origin = np.repeat(origins, counts)
        ordinal = np.arange(len(self.which))
        ordinal -= np.repeat(self.first[:-1], counts)
        self.key = keys_of(self.origin, ordinal)
        self.time = uniforms(self.origin, self.key)
        as_exponentials(self.time)
        return all(self._timed(place) for place in range(len(self.bands)))

    def _timed(self, place: int) -> bool:
        """Turn a band's gaps into times; return whether they reach the end."""
        band, time = self.bands[place], self.time[self._slice(place)]
        if band.number == ONE_OFF:
            time[:] = self.rates[band.source].imported()
            return True
        time *= 1 / (band.high - band.low)
        np.cumsum(time, out=time)
        return bool(time[-1] >= self.rates[band.source].end)

    def _slice(self, place: int) -> slice:
        return slice(int(self.first[place]), int(self.first[place + 1]))

    def ordinal(self, point: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the numbers of points within their bands."""
        number: NDArray[np.intp] = point - self.first[self.which[point]]
        return number

    def kept(self) -> NDArray[np.intp]:
        """Return the points that are arrivals, by source, not in order of time."""
        parts = [np.zeros(0, dtype=np.intp)]
        for place, band in enumerate(self.bands):
            rate, here = self.rates[band.source], self._slice(place)
            if band.number == ONE_OFF:
                inside = np.flatnonzero(self.time[here] < rate.horizon)
            else:
                count = int(np.searchsorted(self.time[here], rate.end))
                inside = np.arange(count)
                if not (rate.is_flat and band.high <= rate.ceiling):
                    inside = inside[self._below(band, rate, inside + here.start)]
            parts.append(inside + here.start)
        return np.concatenate(parts)

    def _below(
        self, band: Band, rate: RateOfSource, point: NDArray[np.intp]
    ) -> NDArray[np.bool_]:
        """Return which points of a band lie below the rate at their time."""
        level = uniforms(self.origin[point] ^ LEVEL, self.key[point])
        level *= band.high - band.low
        level += band.low
        below: NDArray[np.bool_] = level < rate.at(self.time[point])
        return below
