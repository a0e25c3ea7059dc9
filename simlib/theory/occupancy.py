"""How many leads are in a stage without a queue: the M/G/infinity system.

In: arrival rates and the lag of the stage. Out: laws of counts, at rest and on the way
there. Any unit of time, the same everywhere. It assumes Poisson arrivals and leads
that do not hinder each other; for finite people see `queues`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simlib.lags import Lag
from simlib.theory.counts import PoissonCount
from simlib.theory.guards import (
    require_finite,
    require_not_negative,
    require_positive,
    require_share,
)

_BENDS = (1e-6, 0.01, 0.1, 0.5, 0.9, 0.99, 1 - 1e-6)


def stationary_occupancy(arrival_rate: float, stay_mean: float) -> PoissonCount:
    """Return the law of the number in a stage, long after the start.

    M/G/infinity: Poisson with mean lambda E[S], whatever the law of the stay
    (insensitivity). Source: Gross and Harris, Fundamentals of Queueing Theory.

    Parameters
    ----------
    arrival_rate : float
        Arrivals per unit of time, 0 or more.
    stay_mean : float
        Mean stay in the same unit, 0 or more.
    """
    require_not_negative(arrival_rate=arrival_rate, stay_mean=stay_mean)
    return PoissonCount(arrival_rate * stay_mean)


def occupancy_at(
    time: float, arrival_rate_at: Callable[[float], float], stay: Lag
) -> PoissonCount:
    """Return the law of the number in a stage at a time, for any arrival rate.

    Poisson with mean m(t) = integral from 0 to t of lambda(u) (1 - G(t - u)) du, G the
    law of the stay; empty at time 0. Source: Eick, Massey and Whitt 1993.

    Parameters
    ----------
    time : float
        Time since the first arrivals could come, 0 or more.
    arrival_rate_at : callable
        lambda(u), arrivals per unit of time at time u; without jumps, or integrate
        piece by piece.
    stay : Lag
        Law of the stay, in the same unit of time.
    """
    from scipy.integrate import quad

    require_not_negative(time=time)
    if time == 0:
        return PoissonCount(0.0)
    turns = [time - turn for turn in _turns(stay) if 0 < turn < time]
    mean, _ = quad(
        lambda u: arrival_rate_at(u) * _still_there(stay, time - u),
        *(0.0, time),
        points=turns or None,
        epsrel=1e-10,
        limit=200 + 2 * len(turns),
    )
    return PoissonCount(float(mean))


def ramp_occupancy(
    time: float, start_rate: float, slope: float, stay_mean: float
) -> PoissonCount:
    """Return the law of the number in a stage under a linear ramp of arrivals.

    With lambda(t) = l0 + b t and exponential stays of mean m, from empty:
    m(t) = m (l0 + b t - b m) - m (l0 - b m) e^(-t/m). Source: Eick, Massey and
    Whitt 1993.

    Parameters
    ----------
    time : float
        Time since the start, 0 or more.
    start_rate : float
        Arrivals per unit of time at time 0.
    slope : float
        Growth of that rate per unit of time; the rate must stay 0 or more.
    stay_mean : float
        Mean of the exponential stay, above 0.
    """
    require_not_negative(time=time, start_rate=start_rate)
    require_finite(slope=slope)
    require_positive(stay_mean=stay_mean)
    require_not_negative(**{"arrival rate at the end": start_rate + slope * time})
    settled = start_rate - slope * stay_mean
    mean = slope * time - settled * math.expm1(-time / stay_mean)
    return PoissonCount(max(0.0, stay_mean * mean))


def effort_occupancy(
    time: float, arrival_rate: float, stop: float, stay: Lag
) -> PoissonCount:
    """Return the number still in a stage when arrivals last from 0 to `stop`.

    Poisson with mean lambda (H(t) - H(t - stop)), H(x) = E[min(S, x)]: what outbound
    leaves in flight after its last day. Source: M/G/infinity with a time-dependent
    rate (Eick, Massey and Whitt 1993).

    Parameters
    ----------
    time : float
        Time since the first arrivals, 0 or more.
    arrival_rate : float
        Arrivals per unit of time while the effort lasts.
    stop : float
        Time of the last arrival, 0 or more.
    stay : Lag
        Law of the stay, in the same unit of time.
    """
    require_not_negative(time=time, arrival_rate=arrival_rate, stop=stop)
    present = _stay_until(stay, time) - _stay_until(stay, max(0.0, time - stop))
    return PoissonCount(max(0.0, arrival_rate * present))


def effort_wins(
    time: float, arrival_rate: float, stop: float, stay: Lag, win_rate: float
) -> PoissonCount:
    """Return the law of the wins by a time, from an effort between 0 and `stop`.

    Who has left the stage, thinned: Poisson with mean
    win_rate x (lambda min(t, stop) - number still there).

    Parameters
    ----------
    time, arrival_rate, stop, stay
        As in `effort_occupancy`.
    win_rate : float
        Chance of each one that leaves the stage to be a win, 0 to 1.
    """
    require_share(win_rate=win_rate)
    still_there = effort_occupancy(time, arrival_rate, stop, stay).expected
    left = arrival_rate * min(time, stop) - still_there
    return PoissonCount(win_rate * max(0.0, left))


def _values(stay: Lag) -> tuple[float, ...]:
    """Return the values of a lag that has some in particular, else nothing."""
    return (stay.centre,) if stay.family == "fixed" else stay.values


def _shares(stay: Lag) -> NDArray[np.float64]:
    """Return the chance of each of those values."""
    return np.diff(np.array(stay.weights or (1.0,)), prepend=0.0)


def _turns(stay: Lag) -> list[float]:
    """Return where survival jumps or bends, so that an integral misses nothing."""
    values = _values(stay)
    if values:
        return list(values)
    bends: list[float] = stay.distribution().ppf(_BENDS).tolist()
    return bends


def _still_there(stay: Lag, time: float) -> float:
    """Return the chance that a stay lasts longer than a time."""
    values = _values(stay)
    if values:
        return float(_shares(stay)[np.array(values) > time].sum())
    return float(stay.distribution().sf(time))


def _stay_until(stay: Lag, time: float) -> float:
    """Return E[min(S, time)] = t P(S > t) + E[S; S <= t], limited expected value."""
    values = _values(stay)
    if values:
        return float(_shares(stay) @ np.minimum(values, time))
    if time == 0:
        return 0.0
    return time * _still_there(stay, time) + stay.mean * _length_biased(stay, time)


def _length_biased(stay: Lag, time: float) -> float:
    """Return E[S; S <= time] / E[S], the law of the stays that one meets under way."""
    from scipy.special import gammainc, ndtr

    ratio = time / stay.centre
    if stay.family == "lognormal":
        return float(ndtr(math.log(ratio) / stay.shape - stay.shape))
    if stay.family == "weibull":
        return float(gammainc(1 + 1 / stay.shape, ratio**stay.shape))
    shape = stay.shape if stay.family == "gamma" else 1.0
    return float(gammainc(1 + shape, ratio))
