"""People who serve one queue: waits, with and without patience.

In: arrival rate, mean work time, people and patience, all in one unit of time. Out:
long-run waits, queue lengths and shares, as a `Desk`. It assumes Poisson arrivals,
exponential work and patience, first come first served, an always-on clock and a
steady state; it knows nothing of leads (see `desks`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simlib.errors import TheoryError
from simlib.theory.erlang import erlang_b, erlang_c
from simlib.theory.guards import require_not_negative, require_positive

_FAR = 45.0  # e^-45 = 3e-20: what lies further out cannot be seen in a float
_MOST_STATES = 2**21
_NO_DELAY = 0.0


@dataclass(frozen=True)
class Desk:
    """Long-run behaviour of people who serve one queue, first come first served.

    Times are in the unit that the desk was asked in.

    Attributes
    ----------
    arrival_rate, service_mean, people, patience_mean
        What was asked; `patience_mean` is infinite when nobody gives up.
    load : float
        Work offered per person, lambda x service_mean / people; may pass 1 if leads
        give up.
    utilisation : float
        Share of people's time that is work.
    wait_share : float
        Chance that an arrival finds everybody busy.
    wait_mean : float
        Mean time in the queue of all arrivals, those who give up and those who need
        not wait included.
    wait_mean_served : float
        The same of those who are served.
    queue_mean : float
        Mean number waiting.
    abandonment : float
        Share of arrivals who give up.
    served_rate : float
        Arrivals served per unit of time.
    log_density : float
        Logarithm of the density of the offered wait just above 0.
    """

    arrival_rate: float
    service_mean: float
    people: int
    patience_mean: float
    load: float
    utilisation: float
    wait_share: float
    wait_mean: float
    wait_mean_served: float
    queue_mean: float
    abandonment: float
    served_rate: float
    log_density: float

    def served_within(self, wait: float) -> float:
        """Return the share of all arrivals who are served after at most `wait`."""
        require_not_negative(wait=wait)
        return self.mean_over_served(lambda _: 1.0, wait)

    def mean_over_served(
        self, value: Callable[[float], float], longest: float = math.inf
    ) -> float:
        """Return E[value(W); served and W <= longest], over all arrivals.

        The density of the wait of those served is
        lambda p_(c-1) exp(lambda (1 - e^(-theta x)) / theta - (c mu + theta) x), with
        an atom 1 - P(wait) at 0. Source: Zeltyn and Mandelbaum 2005.

        Parameters
        ----------
        value : callable
            Worth of a wait, such as the chance of contact after it.
        longest : float
            Count only waits up to here.
        """
        from scipy.integrate import quad

        at_once = (1 - self.wait_share) * value(_NO_DELAY)
        # x = u^2 takes the root singularity out of contact curves at 0
        end = math.sqrt(min(longest, self._horizon()))
        if end == 0:
            return at_once
        peak = math.sqrt(self._likeliest_wait())
        waited, _ = quad(
            lambda u: 2 * u * self._served_density(u * u) * value(u * u),
            *(0.0, end),
            points=[peak] if 0 < peak < end else None,
            epsabs=1e-13,
            epsrel=1e-11,
            limit=400,
        )
        return at_once + float(waited)

    def _served_density(self, wait: float) -> float:
        return math.exp(self.log_density + self._exponent(wait))

    def _exponent(self, wait: float) -> float:
        capacity = self.people / self.service_mean
        if math.isinf(self.patience_mean):
            return (self.arrival_rate - capacity) * wait
        theta = 1 / self.patience_mean
        pressed = -self.arrival_rate * math.expm1(-theta * wait) / theta
        return pressed - (capacity + theta) * wait

    def _likeliest_wait(self) -> float:
        """Return where the density of the wait of those served is highest."""
        if math.isinf(self.patience_mean):
            return 0.0
        leaving = self.people / self.service_mean + 1 / self.patience_mean
        if self.arrival_rate <= leaving:
            return 0.0
        return self.patience_mean * math.log(self.arrival_rate / leaving)

    def _horizon(self) -> float:
        """Return a wait beyond which the density is negligible."""
        top = self._likeliest_wait()
        step = self.service_mean / self.people
        while self._exponent(top) - self._exponent(top + step) < _FAR:
            step *= 2
        return top + step


def erlang_c_desk(arrival_rate: float, service_mean: float, people: int) -> Desk:
    """Solve a desk at which nobody gives up, M/M/c.

    Wq = C / (c mu - lambda), P(W <= t) = 1 - C e^(-(c mu - lambda) t). Assumes Poisson
    arrivals, exponential work, patient leads. Source: Gross and Harris.

    Parameters
    ----------
    arrival_rate : float
        Arrivals per unit of time, above 0.
    service_mean : float
        Mean work in the same unit.
    people : int
        Number of people.

    Raises
    ------
    TheoryError
        If the load per person is 1 or more.
    """
    require_positive(arrival_rate=arrival_rate, service_mean=service_mean)
    waits = erlang_c(people, arrival_rate * service_mean)
    spare = people / service_mean - arrival_rate
    load = arrival_rate * service_mean / people
    return Desk(
        arrival_rate,
        service_mean,
        people,
        patience_mean=math.inf,
        load=load,
        utilisation=load,
        wait_share=waits,
        wait_mean=waits / spare,
        wait_mean_served=waits / spare,
        queue_mean=arrival_rate * waits / spare,
        abandonment=0.0,
        served_rate=arrival_rate,
        log_density=math.log(waits * spare) if waits > 0 else -math.inf,
    )


def erlang_a_desk(
    arrival_rate: float, service_mean: float, people: int, patience_mean: float
) -> Desk:
    """Solve a desk whose waiting leads lose patience, M/M/c+M (Erlang A).

    p_k proportional to the product of lambda / (min(k, c) mu + (k - c)^+ theta);
    P(give up) = theta Lq / lambda. Assumes Poisson arrivals, exponential work and
    exponential patience while waiting. Any load is stable. Source: Palm 1957; Zeltyn
    and Mandelbaum 2005.

    Parameters
    ----------
    arrival_rate : float
        Arrivals per unit of time, above 0.
    service_mean : float
        Mean work in the same unit.
    people : int
        Number of people (or of slots).
    patience_mean : float
        Mean patience 1/theta in the same unit; for endless patience see
        `erlang_c_desk`.

    Raises
    ------
    TheoryError
        If an argument is not above 0, or the queue is too long to be summed.

    Examples
    --------
    >>> round(erlang_a_desk(300 / 168, 2.5, 3, 16.0).abandonment, 6)
    0.333316
    """
    require_positive(arrival_rate=arrival_rate, service_mean=service_mean)
    require_positive(patience_mean=patience_mean)
    offered = arrival_rate * service_mean
    theta, capacity = 1 / patience_mean, people / service_mean
    lost = erlang_b(people, offered)
    queue, log_first = _queue_weights(arrival_rate, capacity, theta)
    below = (1 - lost) / lost * math.exp(log_first) if lost > 0 else math.inf
    total = below + float(queue.sum())
    chances = queue / total
    waiting = np.arange(len(chances))
    queue_mean = float(waiting @ chances)
    given_up = theta * queue_mean / arrival_rate
    return Desk(
        arrival_rate,
        service_mean,
        people,
        patience_mean,
        load=offered / people,
        utilisation=offered * (1 - given_up) / people,
        wait_share=float(chances.sum()),
        wait_mean=queue_mean / arrival_rate,
        wait_mean_served=_wait_of_served(chances, capacity, theta, given_up),
        queue_mean=queue_mean,
        abandonment=given_up,
        served_rate=arrival_rate * (1 - given_up),
        log_density=math.log(capacity) + log_first - math.log(total),
    )


def _queue_weights(
    arrival_rate: float, capacity: float, theta: float
) -> tuple[NDArray[np.float64], float]:
    """Return p_(c+j) for j = 0, 1, ..., the largest set to 1, and the log of the first.

    Sums logarithms, as the product overflows when many more come than can be served.
    """
    count = 256
    while count <= _MOST_STATES:
        steps = np.log(arrival_rate) - np.log(capacity + theta * np.arange(1, count))
        logs = np.concatenate([np.zeros(1), np.cumsum(steps)])
        top = float(logs.max())
        if steps[-1] < 0 and logs[-1] < top - _FAR:
            return np.exp(logs - top), -top
        count *= 2
    raise TheoryError("patience is so long that the queue cannot be summed; shorten it")


def _wait_of_served(
    chances: NDArray[np.float64], capacity: float, theta: float, given_up: float
) -> float:
    """Return E[W | served], by the number found waiting.

    Who finds j waiting lives through j + 1 departures at rates c mu + i theta, and is
    served with chance c mu / (c mu + (j + 1) theta).
    """
    ahead = np.arange(1, len(chances) + 1)
    served = capacity / (capacity + theta * ahead)
    waits = np.cumsum(1 / (capacity + theta * ahead))
    return float(chances @ (served * waits)) / (1 - given_up)
