"""People who are dealt arrivals in turn, each with a queue of their own.

In: arrival rate, mean work and people, all in one unit of time. Out: long-run waits, as
a `RoundRobin`. It assumes Poisson arrivals, exponential work, endless patience, an
always-on clock and a steady state; for one queue that all share see `queues`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from simlib.theory.guards import (
    require_count,
    require_not_negative,
    require_positive,
    require_stable,
)


@dataclass(frozen=True)
class RoundRobin:
    """Long-run waits where each arrival is dealt to the next person in turn.

    To one of c people every c-th arrival comes: the sum of c exponential spans, which
    is Erlang's law. So each is a queue E_c/M/1, a case of GI/M/1, in which the number
    found by an arrival is geometric and the wait of who must wait is exponential:
    P(W > t) = sigma exp(-mu (1 - sigma) t), where sigma < 1 solves
    sigma = (lambda / (lambda + mu (1 - sigma))) ** c. Source: Kleinrock 1975 (GI/M/1);
    Gross and Harris.

    Attributes
    ----------
    arrival_rate : float
        lambda, of all arrivals together, above 0.
    service_mean : float
        1 / mu, mean work, above 0.
    people : int
        c.

    Raises
    ------
    TheoryError
        If the load per person is 1 or more.

    Examples
    --------
    >>> round(RoundRobin(1, 1, 2).wait_mean, 6)
    0.618034
    """

    arrival_rate: float
    service_mean: float
    people: int

    def __post_init__(self) -> None:
        require_positive(arrival_rate=self.arrival_rate, service_mean=self.service_mean)
        require_count(people=self.people)
        require_stable(self._offered / self.people)

    @property
    def _offered(self) -> float:
        return self.arrival_rate * self.service_mean

    @property
    def wait_share(self) -> float:
        """sigma, the chance that an arrival finds its person busy."""
        return math.exp(self._log_share(self._slack))

    @property
    def wait_mean(self) -> float:
        """Mean wait of all arrivals, sigma / (mu (1 - sigma))."""
        return self.wait_share / self._slack * self.service_mean

    @property
    def queue_mean(self) -> float:
        """Mean number waiting in all queues together (Little's law)."""
        return self.arrival_rate * self.wait_mean

    def served_within(self, wait: float) -> float:
        """Return the share of arrivals who are served after at most `wait`."""
        require_not_negative(wait=wait)
        return 1 - self.wait_share * math.exp(-self._slack * wait / self.service_mean)

    def _log_share(self, slack: float) -> float:
        """Return the logarithm of (lambda / (lambda + mu slack)) ** c."""
        return -self.people * math.log1p(slack / self._offered)

    @cached_property
    def _slack(self) -> float:
        """1 - sigma, found numerically (Brent's method) to the last digits.

        With a = lambda / mu it is the root above 0 of a concave function that is 0 at 0
        and highest at a ((c / a) ** (1 / (c + 1)) - 1).
        """
        from scipy.optimize import brentq

        offered, people = self._offered, self.people
        highest = offered * math.expm1(math.log(people / offered) / (people + 1))
        root = brentq(
            lambda slack: -slack - math.expm1(self._log_share(slack)),
            *(highest, 1.0),
            xtol=1e-15,
        )
        return float(root)
