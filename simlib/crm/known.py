"""A log as it was known on a day: what came later is hidden.

In: an `EventLog` and a day. Out: an `EventLog` that ends there. Nothing of the future
is left in it: no later lead, and no amount of a deal that was not yet won.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np

from simlib.errors import DataError
from simlib.funnel import histories
from simlib.log import EventLog, LeadTable


def known_at(log: EventLog, day: float) -> EventLog:
    """Return what a log showed on a day (days from its start).

    Raises
    ------
    DataError
        If the day is not inside the log, or no lead had come by then.
    """
    if not 0 < day < log.graph.horizon:
        raise DataError(
            f"cut: day {day:g} is not inside the data, which go from day 0 to "
            f"{log.graph.horizon:g}"
        )
    rows = log.time < day
    if not rows.any():
        raise DataError(f"cut: no lead had come before day {day:g}")
    present = np.unique(log.lead[rows])
    number = np.full(len(log.leads), -1, dtype=np.int32)
    number[present] = np.arange(len(present), dtype=np.int32)
    told = histories(log)
    won = (told.is_customer & (told.final_entry < day))[present]
    table = {
        field.name: getattr(log.leads, field.name)[present]
        for field in dataclasses.fields(LeadTable)
        if getattr(log.leads, field.name) is not None
    }
    table["amount"] = np.where(won, table["amount"], np.nan)
    columns = {
        name: getattr(log, name)[rows]
        for name in ("time", "event", "stage", "reason", "kind")
    }
    date = log.graph.start + dt.timedelta(days=int(day))
    return dataclasses.replace(
        log,
        **columns,
        lead=number[log.lead[rows]],
        leads=LeadTable(**table),
        graph=dataclasses.replace(log.graph, horizon=float(day)),
        meta={
            **{name: value for name, value in log.meta.items() if name != "rows"},
            "as_of": date.isoformat(),
        },
    )
