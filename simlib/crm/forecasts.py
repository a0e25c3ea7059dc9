"""Forecasts: wins to come from leads already there and from new ones.

In: a `Calibration`, its as-of day being the present. Out: `Forecast`, wins by draw,
source, month and origin. Each draw has parameters of its own (shares, lags, rates) and
one course of events, so that its bands hold the uncertainty of parameters, arrivals
and outcomes.

Leads in progress are simulated straight from the fitted ways, on condition of the stage
they are in and of their age there: way j is still open with a chance in proportion to
p_j S_j(age), and its lag is drawn from what lies beyond the age. A scenario cannot say
that (its leads begin at age 0), and so this does not run one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simlib.crm.calibrated import Calibration
from simlib.crm.chance import Chance
from simlib.crm.laws import days_beyond, survival
from simlib.crm.parameters import Funnel, Stay
from simlib.draws import Floats
from simlib.funnel.columns import Ints

OPEN, NEW = 0, 1
MOST_STEPS = 60
HALF_A_DAY = 0.5


@dataclass(frozen=True)
class Forecast:
    """Wins to come, n draws.

    Attributes
    ----------
    wins : array, shape (n, K, months, 2)
        By draw, source, month from the as-of day, and origin: `OPEN` for leads already
        there, `NEW` for those still to come.
    arrivals : array, shape (n, K)
        New leads.
    months : array, shape (months + 1,), days
        Where each month begins, from the as-of day; the last entry is the end.
    """

    wins: Floats
    arrivals: Floats
    months: Floats


@dataclass
class _Crowd:
    """Leads under way in one draw; arrays of one length.

    stage, source : codes; time : days from the as-of day at which they entered the
    stage (negative if before); origin : `OPEN` or `NEW`.
    """

    stage: Ints
    source: Ints
    time: Floats
    origin: Ints


def month_edges(days: float, days_per_month: float) -> Floats:
    """Return where the months of a forecast begin and end, days; the last is cut."""
    count = max(int(np.ceil(days / days_per_month - 1e-9)), 1)
    return np.append(np.arange(count) * days_per_month, days).astype(np.float64)


def forecast(
    calibration: Calibration,
    horizon_days: float,
    draws: int = 200,
    seed: int = 0,
    actual: tuple[Floats, Ints] | None = None,
) -> Forecast:
    """Return the wins of the next days.

    Parameters
    ----------
    calibration : Calibration
    horizon_days : float
        How far ahead.
    draws : int
        How many futures.
    seed : int
    actual : (days, sources)
        When new leads come, days from the as-of day, and their sources; forecast if
        not given.
    """
    edges = month_edges(horizon_days, calibration.log.graph.days_per_month)
    sources = len(calibration.arrivals)
    shape = (draws, sources, len(edges) - 1, 2)
    wins, arrivals = np.zeros(shape), np.zeros((draws, sources))
    there = _open_leads(calibration)
    for number, funnel in enumerate(calibration.funnels(draws, seed)):
        chance = Chance(seed, f"future.{number}")
        came = actual or _arriving(calibration, horizon_days, chance)
        arrivals[number] = np.bincount(came[1], minlength=sources)
        crowd = _joined(there, came, funnel.entry)
        when, who = _won(funnel, crowd, horizon_days, chance)
        month = np.searchsorted(edges, when, side="right") - 1
        where = (crowd.source[who], month, crowd.origin[who])
        np.add.at(wins[number], where, 1.0)
    return Forecast(wins, arrivals, edges)


def _open_leads(calibration: Calibration) -> _Crowd:
    """Return the leads in progress, by the stage they are in."""
    stays = calibration.stays
    rows = np.flatnonzero(~stays.is_over)
    entered = stays.entered[rows] - stays.graph.horizon
    if stays.whole_days:
        entered = np.minimum(entered + HALF_A_DAY, 0.0)
    # Where an end may have gone unseen, some of them are no longer there.
    return _Crowd(
        stays.stage[rows],
        stays.source[rows],
        entered,
        np.full(len(rows), OPEN),
    )


def _arriving(
    calibration: Calibration, days: float, chance: Chance
) -> tuple[Floats, Ints]:
    """Return when new leads come (days from the as-of day) and their sources."""
    first, count = calibration.log.graph.horizon, int(np.ceil(days))
    times, sources = [], []
    for source, fit in enumerate(calibration.arrivals):
        if fit.is_over or not fit.leads:
            continue
        rate = fit.drawn_rate(chance)
        daily = fit.days_ahead(first, count, rate, chance)
        begun = np.repeat(np.arange(count, dtype=np.float64), daily)
        times.append(begun + chance.uniform(len(begun)))
        sources.append(np.full(len(begun), source))
    if not times:
        return np.zeros(0), np.zeros(0, dtype=np.int64)
    joined, codes = np.concatenate(times), np.concatenate(sources)
    kept = joined < days
    return joined[kept], codes[kept]


def _joined(there: _Crowd, came: tuple[Floats, Ints], entry: int) -> _Crowd:
    new = len(came[0])
    return _Crowd(
        np.concatenate([there.stage, np.full(new, entry)]),
        np.concatenate([there.source, came[1]]),
        np.concatenate([there.time, came[0]]),
        np.concatenate([there.origin, np.full(new, NEW)]),
    )


def _won(
    funnel: Funnel, crowd: _Crowd, days: float, chance: Chance
) -> tuple[Floats, Ints]:
    """Return when leads are won before the end, and which of the crowd they are."""
    by_stage = {stay.stage: stay for stay in funnel.stays}
    stage, time = crowd.stage.copy(), crowd.time.copy()
    under_way = np.arange(len(stage))
    when, who = [np.zeros(0)], [np.zeros(0, dtype=np.int64)]
    for _ in range(MOST_STEPS):
        if not len(under_way):
            break
        luck = chance.uniform(2, len(under_way))
        going = np.zeros(len(under_way), dtype=bool)
        here = stage[under_way]  # before anybody moves: each moves once
        for code in np.unique(here):
            if code not in by_stage:
                continue
            mine = np.flatnonzero(here == code)
            rows = under_way[mine]
            to, left = _left(
                by_stage[int(code)], crowd.source[rows], time[rows], luck[:, mine]
            )
            stage[rows], time[rows] = to, left
            going[mine] = left < days
        under_way = under_way[going]
        done = np.isin(stage[under_way], funnel.won)
        when.append(time[under_way[done]])
        who.append(under_way[done])
        under_way = under_way[~done]
    return np.concatenate(when), np.concatenate(who)


def _left(
    stay: Stay, source: Ints, entered: Floats, luck: Floats
) -> tuple[Ints, Floats]:
    """Return where leads of one stage go, and when (days; infinity for never)."""
    age = np.maximum(-entered, 0.0)
    # Who enters from now on has waited for nothing, and may go on at once.
    later = [
        np.where(age > 0, survival(form, theta[None], age)[0], 1.0)
        for form, theta in zip(stay.forms, stay.thetas, strict=True)
    ]
    still = np.stack([*later, np.ones(len(age))], axis=1)
    chances = np.cumsum(stay.shares[source] * still, axis=1)
    total = chances[:, -1:]
    chosen = np.sum(luck[0][:, None] * np.where(total > 0, total, 1) >= chances, axis=1)
    chosen = np.where(total[:, 0] > 0, chosen, len(stay.ways))
    left = np.full(len(age), np.inf)
    for way, (form, theta) in enumerate(zip(stay.forms, stay.thetas, strict=True)):
        mine = chosen == way
        beyond = luck[1][mine] * later[way][mine]
        left[mine] = entered[mine] + days_beyond(form, theta, beyond)
    # A lead that is still there has not left before now, whatever rounding says.
    left = np.where(entered < 0, np.maximum(left, 0.0), left)
    return np.append(stay.ways, stay.stage)[np.minimum(chosen, len(stay.ways))], left
