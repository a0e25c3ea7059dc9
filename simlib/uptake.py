"""How a habit spreads: slowly, then fast, then no further.

In: times in days, the day by which half of it is there, and how fast. Out: shares. It
knows no source and draws nothing.

Source: the logistic curve (Verhulst 1838).
"""

from __future__ import annotations

import math

import numpy as np

from simlib.draws import Floats

TENTH_TO_NINE_TENTHS = 2 * math.log(9)
"""Of the odds, on a log scale."""


def uptake(time: Floats, half_on: float, days: float) -> Floats:
    """Return the share (0 to 1) of what there will be that is there at times (days).

    Parameters
    ----------
    half_on : float
        The day by which half of it is there.
    days : float
        From a tenth to nine tenths of it.
    """
    odds = (time - half_on) * (TENTH_TO_NINE_TENTHS / days)
    share: Floats = 0.5 * (1.0 + np.tanh(0.5 * odds))
    return share
