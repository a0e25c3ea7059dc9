"""Erlang's formulas and their relatives: shares and waits without a record.

In: arrival rates, mean work and people, all in one unit of time. Out: plain shares and
mean waits. It assumes Poisson arrivals and a steady state, and leads with endless
patience or none; for patience in between see `queues`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from simlib.theory.guards import (
    require_count,
    require_not_negative,
    require_positive,
    require_some,
    require_stable,
)


def erlang_b(people: int, offered_load: float) -> float:
    """Return the share of arrivals lost when nobody can wait (Erlang B).

    B(0) = 1, B(k) = a B(k-1) / (k + a B(k-1)); insensitive to the law of work.
    Assumes Poisson arrivals. Source: Erlang 1917; Gross and Harris.

    Parameters
    ----------
    people : int
        Servers, or slots.
    offered_load : float
        a = arrival rate x mean work, 0 or more.

    Examples
    --------
    >>> round(erlang_b(60, 64.8), 6)
    0.142018
    """
    require_count(people=people)
    require_not_negative(offered_load=offered_load)
    lost = 1.0
    for busy in range(1, int(people) + 1):
        lost = offered_load * lost / (busy + offered_load * lost)
    return lost


def erlang_c(people: int, offered_load: float) -> float:
    """Return the chance of having to wait when nobody gives up (Erlang C).

    C = B / (1 - rho (1 - B)), rho = a / people. Assumes Poisson arrivals and
    exponential work. Source: Erlang 1917; Gross and Harris.

    Parameters
    ----------
    people : int
        Servers.
    offered_load : float
        a = arrival rate x mean work; below `people`, or the queue grows for ever.

    Raises
    ------
    TheoryError
        If the load per person is 1 or more.
    """
    lost = erlang_b(people, offered_load)
    load = offered_load / people
    require_stable(load)
    return lost / (1 - load * (1 - lost))


def fluid_abandonment(arrival_rate: float, service_mean: float, people: int) -> float:
    """Return the share that must be lost at an overloaded desk, whatever the patience.

    max(0, 1 - c mu / lambda): the fluid limit of M/G/c+G. Source: Whitt 2006.

    Parameters
    ----------
    arrival_rate, service_mean, people
        As in `erlang_a_desk`.
    """
    require_positive(arrival_rate=arrival_rate, service_mean=service_mean)
    require_count(people=people)
    return max(0.0, 1 - people / (service_mean * arrival_rate))


def priority_waits(
    arrival_rates: Sequence[float], service_mean: float, people: int
) -> tuple[float, ...]:
    """Return the mean wait of each class, the most urgent class first.

    W_k = C / (c mu (1 - s_(k-1)) (1 - s_k)), s_k the load of the classes up to k:
    Cobham's formula for several servers. Assumes that work once begun is finished,
    one exponential work time for all classes, perfect sorting, endless patience.
    Source: Cobham 1954; Kella and Yechiali 1985.

    Parameters
    ----------
    arrival_rates : sequence of float
        Arrivals per unit of time of each class, in the order of service.
    service_mean : float
        Mean work in the same unit.
    people : int
        Number of people.

    Raises
    ------
    TheoryError
        If a rate is negative or the total load per person is 1 or more.
    """
    require_some(arrival_rates=arrival_rates)
    for rate in arrival_rates:
        require_not_negative(arrival_rate=rate)
    require_positive(service_mean=service_mean)
    capacity = people / service_mean
    waits = erlang_c(people, math.fsum(arrival_rates) * service_mean)
    loads = np.concatenate([[0.0], np.cumsum(arrival_rates) / capacity])
    means = waits / (capacity * (1 - loads[:-1]) * (1 - loads[1:]))
    return tuple(means.tolist())
