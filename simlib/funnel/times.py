"""How long things take, when the horizon cuts off what is not finished yet.

In: an `EventLog`. Out: DataFrames of days. A mean over those who have finished would
favour the quick; everything here counts the unfinished for as long as they were seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simlib.funnel.history import Histories, histories
from simlib.funnel.survival import (
    Incidence,
    aalen_johansen,
    kaplan_meier,
    restricted_mean,
)
from simlib.log import EventLog

if TYPE_CHECKING:
    import pandas as pd

WON, LOST = 0, 1


def time_in_stage(log: EventLog) -> pd.DataFrame:
    """Return how long visits to each stage last, by Kaplan and Meier.

    Waiting, work and the lag until the next stage are all in it, wherever the lead
    goes next; a visit that goes on at the horizon is cut off there.

    Returns
    -------
    DataFrame
        One row for each stage but the ends: ``stage``, ``visits``, ``left``,
        ``there_now``; ``p25_days``, ``median_days``, ``p75_days`` (nan where the
        curve does not come so far); ``mean_days``, each visit cut at the longest
        follow-up, so that it is too low where visits go on.
    """
    import pandas as pd

    past = histories(log)
    visits = past.visits
    rows = []
    for code, stage in enumerate(log.graph.stages):
        if stage.terminal:
            continue
        mine = visits.stage == code
        left = visits.is_over[mine]
        curve = kaplan_meier(visits.left[mine] - visits.entered[mine], left)
        rows.append(
            {
                "stage": stage.name,
                "visits": len(left),
                "left": int(left.sum()),
                "there_now": int((~left).sum()),
                "p25_days": curve.days_until(0.25),
                "median_days": curve.days_until(0.5),
                "p75_days": curve.days_until(0.75),
                "mean_days": restricted_mean(curve),
            }
        )
    return pd.DataFrame(rows)


def customer_incidence(past: Histories) -> Incidence:
    """Return the cumulative incidence of becoming a customer (0) or lost (1).

    Time runs from capture; leads in progress are cut off at the horizon.
    """
    leads = past.is_lead
    end = np.where(past.is_customer, WON, np.where(past.is_lost_lead, LOST, -1))
    until = np.where(end >= 0, past.final_entry, past.horizon)
    return aalen_johansen((until - past.captured)[leads], end[leads], ends=2)


def time_to_customer(log: EventLog) -> pd.DataFrame:
    """Return which share of leads is a customer by each age, by Aalen and Johansen.

    A lost lead will never be a customer, so it is not treated as cut off (Kaplan and
    Meier would, and would promise far too many customers): being lost is a competing
    end. Only leads in progress are cut off, at the horizon.

    Returns
    -------
    DataFrame
        One row for each age at which anything happened, from 0: ``age_days`` since
        capture; ``customers``, ``lost`` and ``in_progress`` as shares of all leads,
        which sum to 1; ``at_risk``, leads followed to just before that age.
    """
    import pandas as pd

    curve = customer_incidence(histories(log))
    return pd.DataFrame(
        {
            "age_days": curve.days,
            "customers": curve.share[WON],
            "lost": curve.share[LOST],
            "in_progress": curve.going_on,
            "at_risk": curve.at_risk,
        }
    )
