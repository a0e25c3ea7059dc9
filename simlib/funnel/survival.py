"""Times that are cut off: how long things take when not all of them have ended yet.

In: days, and whether (or how) each ended. Out: step functions of time. Arithmetic on
arrays only; it knows no log and no stage.

A stay with one end is the case of Kaplan and Meier (1958): whoever is cut off counts
as long as they were seen. Where one end forbids another, as being lost forbids
becoming a customer, treating the first as "cut off" would pretend that the lost could
still buy. That is the case of Aalen and Johansen (1978), the cumulative incidence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simlib.funnel.columns import Flags, Floats, Ints


@dataclass(frozen=True)
class Incidence:
    """Shares that have ended in each way by a time, with competing ends.

    Attributes
    ----------
    days : array of float64, shape (t,)
        The distinct times at which anything ended or was cut off, ascending.
    share : array of float64, shape (ends, t)
        Probability of having ended in each way by then (right-continuous).
    going_on : array of float64, shape (t,)
        Probability of not having ended by then.
    at_risk : array of int, shape (t,)
        How many were still followed just before.
    """

    days: Floats
    share: Floats
    going_on: Floats
    at_risk: NDArray[np.int64]

    def days_until(self, share: float, end: int = 0) -> float:
        """Return when `share` of all have ended in a way (days), nan if never."""
        return _first(self.days, self.share[end] >= share)

    def days_until_of_enders(self, share: float, end: int = 0) -> float:
        """Return when `share` of those seen to end in a way have done so (days).

        The reference is the last value of the curve, so what lies beyond the longest
        follow-up is not in it: on a short record this point comes out too early.
        """
        if not len(self.days) or self.share[end][-1] <= 0:
            return float("nan")
        return self.days_until(share * float(self.share[end][-1]), end)


def aalen_johansen(days: Floats, end: Ints, ends: int) -> Incidence:
    """Return the cumulative incidence of competing ends.

    F_k(t) = sum over u <= t of S(u-) d_k(u) / n(u), with d_k(u) ends of the way k and
    n(u) at risk at the time u, and S the share that goes on. Whoever is cut off at u
    is still at risk at u. Assumes that being cut off says nothing about the end, as
    holds for a common horizon. Aalen and Johansen (1978).

    Parameters
    ----------
    days : array of float, shape (n,)
        Time until the end, or until cut off.
    end : array of int, shape (n,)
        0 to ends - 1 for the way of the end, -1 if cut off.
    ends : int
        How many ways there are.
    """
    times, place = np.unique(days, return_inverse=True)
    size = len(times)
    leaving = np.bincount(place, minlength=size)
    at_risk = len(days) - np.cumsum(leaving) + leaving
    ended = np.array(
        [np.bincount(place[end == way], minlength=size) for way in range(ends)]
    ).reshape(ends, size)
    going_on = np.cumprod(1 - ended.sum(axis=0) / at_risk)
    before = np.append(1.0, going_on)[:size]
    return Incidence(
        days=times,
        share=np.cumsum(before * ended / at_risk, axis=1),
        going_on=going_on,
        at_risk=at_risk,
    )


def kaplan_meier(days: Floats, ended: Flags) -> Incidence:
    """Return the share that ended by each time, some being cut off before.

    The product-limit estimate; ``going_on`` is the survival function. Kaplan and
    Meier (1958).

    Parameters
    ----------
    days : array of float, shape (n,)
        Time until the end, or until cut off.
    ended : array of bool, shape (n,)
        False where cut off.
    """
    return aalen_johansen(days, np.where(ended, 0, -1), ends=1)


def restricted_mean(curve: Incidence) -> float:
    """Return the mean days of going on, each cut at the longest follow-up.

    The area under ``going_on``: the mean itself if everything ended, else less.
    """
    if not len(curve.days):
        return float("nan")
    widths = np.diff(curve.days, prepend=0.0)
    return float(np.sum(widths * np.append(1.0, curve.going_on)[:-1]))


def _first(days: Floats, reached: Flags) -> float:
    places = np.flatnonzero(reached)
    return float(days[places[0]]) if len(places) else float("nan")
