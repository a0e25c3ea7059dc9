"""Speed to lead: the chance of contact after a response time.

In: a response time and the shape of a curve, all in one unit of time. Out: chances of
contact. It assumes that the delay itself does the harm; whether it does is a question
for evidence, not for a formula.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simlib.errors import TheoryError
from simlib.theory.guards import (
    require_not_negative,
    require_positive,
    require_share,
)
from simlib.theory.queues import Desk


class Curve(Protocol):
    """The chance of contact as a function of the response time."""

    def __call__(self, delay: ArrayLike) -> NDArray[np.float64]:
        """Return chances of contact, the shape of `delay`."""
        ...


@dataclass(frozen=True)
class ContactCurve:
    """A log-logistic contact curve, p(w) = 1 / (1 + (w / half_at)^power).

    Attributes
    ----------
    half_at : float
        Response time at which half are still reached, above 0.
    power : float
        Steepness; odds of contact fall as w^-power.

    Examples
    --------
    >>> float(ContactCurve(half_at=45.0, power=0.5)(5.0).round(6))
    0.75
    """

    half_at: float
    power: float = 0.5

    def __post_init__(self) -> None:
        require_positive(half_at=self.half_at, power=self.power)

    def __call__(self, delay: ArrayLike) -> NDArray[np.float64]:
        """Return chances of contact after delays (0 or more), the same shape."""
        chances: NDArray[np.float64] = 1 / (
            1 + (_delays(delay) / self.half_at) ** self.power
        )
        return chances


@dataclass(frozen=True)
class ExponentialCurve:
    """A contact curve that decays to a floor.

    p(w) = floor + (first - floor) e^(-w/tau). Its mean over the waits of M/M/c is
    floor + (first - floor) (1 - C + C eta / (eta + 1/tau)), eta = c mu - lambda.

    Attributes
    ----------
    first, floor : float
        Chance of contact at once, and after an endless wait.
    tau : float
        Time constant, above 0.
    """

    first: float
    floor: float
    tau: float

    def __post_init__(self) -> None:
        require_share(first=self.first, floor=self.floor)
        require_positive(tau=self.tau)

    def __call__(self, delay: ArrayLike) -> NDArray[np.float64]:
        """Return chances of contact after delays (0 or more), the same shape."""
        gone = np.exp(-_delays(delay) / self.tau)
        chances: NDArray[np.float64] = self.floor + (self.first - self.floor) * gone
        return chances


def odds_ratio(curve: Curve, fast: float, slow: float) -> float:
    """Return the odds of contact at one delay over those at another.

    [p / (1 - p)](fast) / [p / (1 - p)](slow); for a `ContactCurve` it is
    (slow / fast)^power. An odds ratio is not a ratio of chances.

    Parameters
    ----------
    curve : Curve
        Chance of contact by response time.
    fast, slow : float
        Response times at which the chance of contact is neither 0 nor 1.
    """
    first, second = (float(curve(delay)) for delay in (fast, slow))
    for chance in (first, second):
        if not 0 < chance < 1:
            raise TheoryError(f"odds need a chance between 0 and 1; it is {chance!r}")
    return first / (1 - first) * (1 - second) / second


def contact_at_desk(desk: Desk, curve: Curve, dial: float = 0.0) -> float:
    """Return the share of all arrivals at a desk who are served and reached.

    E[p(W + dial); served], over the wait W of the desk (`queues`).

    Parameters
    ----------
    desk : Desk
        A solved desk.
    curve : Curve
        Chance of contact, in the desk's unit of time.
    dial : float
        Time that dialling adds to every wait, 0 or more, in the same unit.
    """
    require_not_negative(dial=dial)
    return desk.mean_over_served(lambda wait: float(curve(wait + dial)))


def _delays(delay: ArrayLike) -> NDArray[np.float64]:
    try:
        delays = np.asarray(delay, dtype=np.float64)
    except (TypeError, ValueError):
        raise TheoryError(f"delay must be a number; given: {delay!r}") from None
    if not np.all(delays >= 0):
        raise TheoryError(f"delay must be 0 or more; given: {delay!r}")
    return delays
