"""How leads arrive: rate, weekdays, trend, breaks, imports, and more than pure chance.

In: the days on which a source's leads came. Out: `ArrivalFit`. It forecasts nothing;
the rate that a forecast should go on with is `per_day`.

Counts of days are taken as Poisson with a gamma factor for each day, as scenarios have
it: variance = mean (1 + (phi - 1) w), w the weight of the weekday and phi the
`overdispersion`. Standard errors are widened by it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simlib.crm.chance import Chance
from simlib.draws import Floats
from simlib.funnel.columns import Ints

WEEK = 7
MONTH = 30.4375
SURE = 3.0  # standard errors for a trend
LEAST_TREND = 0.01  # and a change a month that matters
SURE_OF_BREAK = 14.0  # likelihood ratio at the likeliest of many days: about 1 in 1,000
FLAT_WEEK = 0.01  # p-value above which the weekdays are taken to be alike
RECENT_WEEKS = 13
BURST = 12.0  # standard deviations above a usual day
LEAST_BURST = 20
EARLIEST, QUIET = 1e-4, 1e-4  # chances below which a start, or a stop, is meant


@dataclass(frozen=True)
class ArrivalFit:
    """How one source's leads arrive.

    Attributes
    ----------
    leads : int
        All that came, imports included.
    per_day : float
        Rate to go on with: of the whole time, or since a break, or of the last 13
        weeks if there is a trend.
    per_day_spread : float
        Its standard error.
    weekdays : array, shape (7,)
        Weights of Monday to Sunday, mean 1.
    overdispersion : float
        Variance / mean of a day's count at the mean rate.
    trend_per_month : float
        Relative change in 30.4375 days, fitted over the whole time.
    trend_z : float
        The trend in standard errors.
    broke_on : float or None
        Day on which the level changed abruptly, days.
    before_break : float
        Rate a day before it.
    start, stop : float
        Days between which the source brought leads; `stop` may be the horizon.
    imports : tuple of (day, leads)
        Days with far more than usual, counted apart.
    counts : array, shape (days,)
        Leads of each day, imports taken out.
    """

    leads: int
    per_day: float
    per_day_spread: float
    weekdays: Floats
    overdispersion: float
    trend_per_month: float
    trend_z: float
    broke_on: float | None
    before_break: float
    start: float
    stop: float
    imports: tuple[tuple[int, int], ...]
    counts: Floats

    @property
    def has_trend(self) -> bool:
        """Whether the rate rose or fell for longer, beyond chance and to some size."""
        return _is_trend(self.trend_z, self.trend_per_month)

    @property
    def is_over(self) -> bool:
        """Whether the source has stopped bringing leads."""
        return self.stop < len(self.counts)

    def drawn_rate(self, chance: Chance) -> float:
        """Return one equally likely rate a day (a gamma law)."""
        if self.per_day <= 0:
            return 0.0
        shape = max((self.per_day / self.per_day_spread) ** 2, 0.5)
        number = float(chance.gamma(np.array([shape]))[0])
        return self.per_day * number / shape

    def days_ahead(self, first: float, days: int, rate: float, chance: Chance) -> Ints:
        """Return how many leads come on each of the days from `first`, shape (days,).

        Parameters
        ----------
        first : float
            Day of the log with which the forecast begins.
        days : int
        rate : float
            Leads a day.
        chance : Chance
        """
        weights = self.weekdays[(int(first) + np.arange(days)) % WEEK]
        mean = rate * weights
        excess = self.overdispersion - 1
        if excess > 1e-9 and rate > 0:
            shape = np.full(days, rate / excess)
            mean = mean * chance.gamma(shape) / shape
        if rate <= 0:
            return np.zeros(days, dtype=np.int64)
        return chance.poisson(mean)


def fit_arrivals(days: Floats, horizon: float) -> ArrivalFit:
    """Return how leads arrive that came on some days.

    Parameters
    ----------
    days : array, shape (n,)
        When each lead came, days; day 0 is a Monday.
    horizon : float
        Days observed.
    """
    size = max(int(np.ceil(horizon)), 1)
    place = np.minimum(days.astype(np.int64), size - 1)
    counts = np.bincount(place, minlength=size).astype(np.float64)
    if horizon < size and size > 1:
        counts = counts[:-1]  # a day that has only begun
    usual, imports = _without_bursts(counts)
    start, stop = _span(usual)
    here = usual[start:stop]
    weekdays = _weekdays(here, start)
    weight = weekdays[(start + np.arange(len(here))) % WEEK]
    mean = here.sum() / max(weight.sum(), 1e-9)
    spread = _overdispersion(here, mean, weight)
    slope, error = _slope(here, weight, spread)
    broke, before = _break(here, weight, spread, trend=(slope / error) ** 2)
    trend = float(np.expm1(slope * MONTH))
    trending = _is_trend(slope / error, trend)
    since = _used_from(len(here), broke, trending=trending)
    recent, shares = here[since:].sum(), weight[since:].sum()
    rate = recent / max(shares, 1e-9)
    return ArrivalFit(
        leads=len(days),
        per_day=float(rate),
        per_day_spread=float(np.sqrt(spread * (recent + 0.5)) / max(shares, 1e-9)),
        weekdays=weekdays,
        overdispersion=spread,
        trend_per_month=trend,
        trend_z=float(slope / error) if error > 0 else 0.0,
        broke_on=None if broke is None else float(start + broke),
        before_break=before,
        start=float(start),
        stop=float(stop),
        imports=imports,
        counts=usual,
    )


def _is_trend(z: float, per_month: float) -> bool:
    return abs(z) > SURE and abs(per_month) > LEAST_TREND


def _without_bursts(counts: Floats) -> tuple[Floats, tuple[tuple[int, int], ...]]:
    """Return the counts without days that can only be imports, and those days."""
    usual, found = counts.copy(), []
    for day in np.argsort(counts)[::-1][: len(counts) // 20]:
        rest = np.delete(usual, day)
        spread = float(np.sqrt(max(rest.var(), rest.mean(), 0.1)))
        if usual[day] < max(LEAST_BURST, rest.mean() + BURST * spread):
            break
        found.append((int(day), int(usual[day])))
        usual[day] = round(float(np.median(rest)))
    return usual, tuple(sorted(found))


def _span(counts: Floats) -> tuple[int, int]:
    """Return from which day to which the source was at work.

    It began late, or stopped, if so long a silence is all but impossible else.
    """
    busy = np.flatnonzero(counts)
    if len(busy) < 2:
        return 0, len(counts)
    first, last = int(busy[0]), int(busy[-1]) + 1
    rate = counts.sum() / (last - first)
    spread = max(float(counts[first:last].var()) / rate, 1.0)
    start = first if np.exp(-rate * first / spread) < EARLIEST else 0
    silent = len(counts) - last
    stop = last if np.exp(-rate * silent / spread) < QUIET else len(counts)
    return start, stop


def _weekdays(counts: Floats, start: int) -> Floats:
    """Return the weight of each weekday, pulled a little towards 1."""
    from scipy.stats import chi2

    which = (start + np.arange(len(counts))) % WEEK
    total = np.bincount(which, counts, minlength=WEEK)
    days = np.bincount(which, minlength=WEEK)
    expected = counts.sum() * days / max(days.sum(), 1)
    if len(counts) < 4 * WEEK or expected.min() < 3:
        return np.ones(WEEK)
    inner = counts - (total / days)[which]
    spread = max(float(np.sum(inner**2)) / max(len(counts) - WEEK, 1), 1e-9)
    spread = max(spread / counts.mean(), 1.0)
    off = float(np.sum((total - expected) ** 2 / expected)) / spread
    if chi2.sf(off, WEEK - 1) > FLAT_WEEK:
        return np.ones(WEEK)
    weights = (total + spread) / (expected + spread)
    return np.asarray(weights * WEEK / weights.sum())


def _overdispersion(counts: Floats, mean: float, weight: Floats) -> float:
    """Return phi by moments: sum((n - m w)^2 - m w) / sum(m w^2), plus 1.

    A slow change of the level is not taken for it: each day is held against the mean
    of the weeks around it.
    """
    if mean <= 0 or len(counts) < 2 * WEEK:
        return 1.0
    window = min(8 * WEEK + 1, 2 * (len(counts) // 4) + 1)
    kernel = np.ones(window)
    level = np.convolve(counts, kernel, "same") / np.convolve(weight, kernel, "same")
    expected = level * weight
    lost = 1 - 1 / window  # a day takes part in its own level
    excess = np.sum((counts - expected) ** 2 / lost - expected)
    return float(np.clip(1 + excess / np.sum(level * weight**2), 1.0, 1000.0))


def _slope(counts: Floats, weight: Floats, spread: float) -> tuple[float, float]:
    """Return the daily log-linear trend and its standard error (Poisson score)."""
    if counts.sum() < 10 or len(counts) < 4 * WEEK:
        return 0.0, np.inf
    day = np.arange(len(counts)) - (len(counts) - 1) / 2
    slope, level = 0.0, np.log(counts.sum() / weight.sum())
    for _ in range(25):
        mean = weight * np.exp(np.clip(level + slope * day, -30, 30))
        score = np.array([np.sum(counts - mean), np.sum((counts - mean) * day)])
        bend = np.array(
            [[mean.sum(), mean @ day], [mean @ day, mean @ day**2]], dtype=float
        )
        step = np.linalg.solve(bend, score)
        level, slope = level + step[0], slope + step[1]
        if np.abs(step).max() < 1e-10:
            break
    error = float(np.sqrt(spread * np.linalg.inv(bend)[1, 1]))
    return float(slope), error


def _break(
    counts: Floats, weight: Floats, spread: float, trend: float
) -> tuple[int | None, float]:
    """Return the day on which the level changed most, or None, and the level before.

    A steady trend of that likelihood ratio must not explain it as well.

    The likelihood ratio of two levels against one, divided by the overdispersion, at
    the likeliest of all days that leave four weeks on either side.
    """
    edge = 4 * WEEK
    if len(counts) < 3 * edge or counts.sum() < 20:
        return None, float("nan")
    first, done = np.cumsum(counts)[:-1], np.cumsum(weight)[:-1]
    total, whole = counts.sum(), weight.sum()
    rest, left = total - first, whole - done
    gain = _xlogy(first, first / done) + _xlogy(rest, rest / left)
    ratio = 2 * (gain - total * np.log(total / whole)) / spread
    inside = slice(edge, len(ratio) - edge)
    day = edge + int(np.argmax(ratio[inside]))
    if ratio[day] < max(SURE_OF_BREAK, trend + SURE_OF_BREAK / 2):
        return None, float("nan")
    return day + 1, float(first[day] / done[day])


def _xlogy(x: Floats, y: Floats) -> Floats:
    from scipy.special import xlogy

    return np.asarray(xlogy(x, y))


def _used_from(size: int, broke: int | None, *, trending: bool) -> int:
    """Return the day from which the rate to go on with is measured."""
    if broke is not None:
        return broke
    return max(size - RECENT_WEEKS * WEEK, 0) if trending else 0
