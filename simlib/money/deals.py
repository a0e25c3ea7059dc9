"""What came back: the value of deals opened and of deals won.

In: a run. Out: a DataFrame in the scenario's currency. Values are annual contract
values at the win; nothing is discounted and no renewal is counted.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from simlib.funnel.columns import added, counted, months_of, share
from simlib.funnel.history import histories
from simlib.log import KINDS
from simlib.money.booking import month_edges

if TYPE_CHECKING:
    import pandas as pd

    from simlib.run import Run

NEVER = (KINDS.index("misfit"), KINDS.index("junk"))


def pipeline(run: Run) -> pd.DataFrame:
    """Return the value of deals opened beside the value won, month by month.

    A period view: the deals won in a month were mostly opened in earlier ones; only
    ``later_won_value`` and what stands after it follow the deals of a month on. A deal
    is a visit to the pipeline stage; values are annual contract values.

    Returns
    -------
    DataFrame
        ``period`` (1, 2, ...), ``from_day``, ``deals_opened``, ``pipeline_value``,
        ``deals_won``, ``deals_lost``, ``won_value`` of all customers won in the
        period, ``win_rate`` = won / (won + lost) of the deals closed in the period;
        of the deals opened in it ``later_won_value``, won before the horizon,
        ``still_open_value`` at the horizon, and ``never_value``, of misfits and junk,
        which no CRM tells; ``currency``. Values are nan without a deal in the scenario.
    """
    import pandas as pd

    past, starts = histories(run.log), month_edges(run)[:-1]
    deals, amount, size = past.deals, run.log.leads.amount, len(starts)
    opened = months_of(starts, deals.opened)
    won = counted(months_of(starts, deals.closed[deals.won]), size)
    lost = counted(months_of(starts, deals.closed[deals.lost]), size)
    customers = past.is_customer
    sold = months_of(starts, past.final_entry[customers])
    worth = amount[deals.lead]
    never = np.isin(run.log.leads.kind[deals.lead], NEVER)
    known = math.nan if run.scenario.deal is None else 1.0
    return pd.DataFrame(
        {
            "period": np.arange(1, size + 1),
            "from_day": starts,
            "deals_opened": counted(opened, size),
            "pipeline_value": added(opened, worth, size) * known,
            "deals_won": won,
            "deals_lost": lost,
            "won_value": added(sold, amount[customers], size) * known,
            "win_rate": share(won, won + lost),
            "later_won_value": added(opened, worth * deals.won, size) * known,
            "still_open_value": added(opened, worth * deals.still_open, size) * known,
            "never_value": added(opened, worth * never, size) * known,
            "currency": run.scenario.currency,
        }
    )
