"""What the next customer costs, where one world spends more than another.

In: spend and customers of two worlds on the same replications. Out: `Further`, a ratio
of paired differences, or why there is none. Nothing here simulates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simlib.studies.intervals import Floats, Interval, interval, ratio_interval

NOT_TOLD = "not known (customers are not told apart)"
FOR_LESS = "none (the world with more customers spends less)"


@dataclass(frozen=True)
class Further:
    """What each further customer costs.

    Attributes
    ----------
    cost : Interval
        Currency per customer; where `why` says something, it is not to be shown.
    why : str
        Why there is no such cost; "" if there is one.
    """

    cost: Interval
    why: str = ""


def further_customer(spend: Floats, customers: Floats) -> Further | None:
    """Return what each further customer costs: more spend for more customers.

    The paired difference of spend over the paired difference of customers, with the
    interval of a ratio of means (`ratio_interval`). The average cost of all customers
    tells nothing of it: the last ones may cost many times as much.

    Parameters
    ----------
    spend, customers : arrays of float, shape (replications,)
        Paired differences of two worlds, the same minus the same; spend in currency.

    Returns
    -------
    Further or None
        None where the worlds spend the same, or with fewer than two pairs.
    """
    pairs = np.isfinite(spend) & np.isfinite(customers)
    spend, customers = spend[pairs], customers[pairs]
    if len(spend) < 2 or not spend.any():
        return None
    cost, gap = ratio_interval(spend, customers), interval(customers)
    # Near no difference the ratio may be anything, and its interval is not to be had.
    if gap.low <= 0 <= gap.high:
        return Further(cost, NOT_TOLD)
    return Further(cost, FOR_LESS if cost.high < 0 else "")
