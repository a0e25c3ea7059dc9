"""A sender's reputation after a bought list, in closed form.

In: percentages, shares and days. Out: what a send costs, what is left of a reputation,
and how many days of full delivery are lost. It never simulates and never reads a
scenario. Linear recovery, dR/dt = (1 - R) / recovery_days, is our own assumption.
"""

from __future__ import annotations

import math

from simlib.theory.guards import require_not_negative, require_positive, require_share


def recovery_days(share: float, days: float) -> float:
    """Return the time constant (days) with which a share is recovered within days.

    Examples
    --------
    >>> round(recovery_days(0.9, 90), 6)
    39.086503
    """
    require_share(share=share)
    require_positive(share=share, days=days, rest=1 - share)
    return -days / math.log(1 - share)


def reputation_after(drop: float, days: float, recovery: float) -> float:
    """Return the reputation (0 to 1) so many days after one send.

    Parameters
    ----------
    drop : float
        Share that the send cost, 0 to 1.
    days, recovery : float, days
    """
    require_share(drop=drop)
    require_not_negative(days=days)
    require_positive(recovery=recovery)
    return 1 - drop * math.exp(-days / recovery)


def full_days_lost(drop: float, days: float, recovery: float) -> float:
    """Return the days of full delivery that one send costs within so many days.

    It is the integral of 1 - R. The other parameters are as in `reputation_after`.

    Examples
    --------
    >>> round(full_days_lost(0.5, 90, recovery_days(0.9, 90)), 6)
    17.588927
    """
    missing = reputation_after(drop, 0.0, recovery) - reputation_after(
        drop, days, recovery
    )
    return -recovery * missing
