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
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simlib.draws import Floats, Keys, entity_keys, keys_of, stream_key
from simlib.lags import gamma_quantiles
from simlib.points import Bands, Edges, Points, bands_of, joined, levels, points_of
from simlib.reputation import Sender
from simlib.scenario.arrivals import Arrivals, Uptake
from simlib.scenario.models import Source
from simlib.scenario.reputation import Reputation
from simlib.shocks import ShockTimes
from simlib.sorting import in_order
from simlib.uptake import uptake
from simlib.variates import uniforms

LOWEST_BAND = 1.0
ONE_OFF = -1
DAYS_A_WEEK = 7
MONTHS_A_YEAR = 12


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


class Band(NamedTuple):
    """Points to be drawn for one source: from `low` to `high` leads a day.

    The one-off imports of a source are a band too, of no width.
    """

    source: int
    number: int
    origin: int
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
    points = below(bands, rates)
    order, time = in_order(points.time, points.band)
    which = points.band.take(order)
    source = np.array([band.source for band in bands], dtype=np.int16)
    number = np.array([band.number for band in bands], dtype=np.int32)
    return Arrived(
        time=time,
        source=source.take(which),
        band=number.take(which),
        ordinal=points.ordinal.take(order),
        key=points.key.take(order),
    )


def below(bands: list[Band], rates: list[RateOfSource]) -> Points:
    """Return the points of bands that lie below the rate at their time, and imports."""
    flowing = [place for place, band in enumerate(bands) if band.number != ONE_OFF]
    edges = [_edges(bands[place], rates[bands[place].source]) for place in flowing]
    plane = bands_of(edges)
    points = points_of(plane)
    changing = [
        (place, rates[bands[at].source])
        for place, at in enumerate(flowing)
        if not rates[bands[at].source].is_flat
    ]
    if changing:
        points = _thinned(points, plane, changing)
    if len(flowing) == len(bands):
        return points
    points = points._replace(band=np.array(flowing, dtype=np.int32)[points.band])
    imports = [
        _imported(place, band, rates[band.source])
        for place, band in enumerate(bands)
        if band.number == ONE_OFF
    ]
    return joined([points, *imports])


def _thinned(
    points: Points, plane: Bands, changing: list[tuple[int, RateOfSource]]
) -> Points:
    """Return the points without those above a rate that changes."""
    kept = np.ones(len(points.time), dtype=bool)
    starts = np.searchsorted(points.band, np.arange(len(plane.low) + 1)).tolist()
    for place, rate in changing:
        here = slice(starts[place], starts[place + 1])
        of_band = points.some(here)
        kept[here] = levels(of_band, plane, place) < rate.at(of_band.time)
    return points.some(kept)


def _imported(place: int, band: Band, rate: RateOfSource) -> Points:
    """Return the one-off imports of a source before the horizon as points."""
    time = rate.imported()
    ordinal = np.flatnonzero(time < rate.horizon).astype(np.int32)
    key = keys_of(np.uint64(band.origin), ordinal)
    return Points(time[ordinal], key, np.full(len(key), place, np.int32), ordinal)


def _edges(band: Band, rate: RateOfSource) -> Edges:
    """Return where a band lies in the plane of time and rate; see `Bands`."""
    is_cut = rate.is_flat and band.high > rate.ceiling
    ceiling = rate.ceiling if is_cut else math.inf
    return band.origin, band.low, band.high, rate.end, ceiling


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
            self.daily = self.daily * source.form.lift(source.mix)
        even = len(set(said.weekdays)) == 1 and said.overdispersion == 1
        highest = self.daily[0] if even else self.daily.max(initial=0.0)
        self.ceiling = self.full * float(highest)
        self.sender = sender if source.by_mail and len(sender.day) else None
        self.shocks = self._shocks(source)
        moving = said.lives_on or said.growth_per_month or said.uptake
        steady = not (moving or said.start or self.sender or self.shocks)
        self.is_flat = steady and even

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
            yield Band(source, number, origin, low, high)
            low, high, number = high, 2 * high, number + 1
        if self.said.imports:
            origin = stream_key(*self.run, f"{self.name}.import")
            yield Band(source, ONE_OFF, origin)

    def imported(self) -> Floats:
        """Return the days of the one-off imports, in the order of the file."""
        imports = self.said.imports
        return np.repeat([at.day for at in imports], [at.leads for at in imports])

    def _daily_factors(self) -> Floats:
        """Return the factor of each day: its weekday times its luck."""
        days = math.ceil(self.end) + 1
        factors = weeks(tuple(self.said.weekdays), days)
        excess = self.said.overdispersion - 1
        if excess > 0 and self.full > 0:
            stream = stream_key(*self.run, f"{self.name}.day")
            luck = uniforms(stream, entity_keys(stream, days))
            shape = self.full / excess
            factors = factors * gamma_quantiles(luck, shape) / shape
        return factors


@lru_cache(maxsize=256)
def weeks(weekdays: tuple[float, ...], days: int) -> Floats:
    """Return the factor of each of so many days by its weekday, 1 in the mean."""
    week = np.array(weekdays)
    week *= DAYS_A_WEEK / week.sum()
    return np.tile(week, days // DAYS_A_WEEK + 1)[:days]


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
