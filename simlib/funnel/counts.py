"""Counts and conversion: by stage, step, source and kind, and what was lost where.

In: an `EventLog`. Out: DataFrames, one row for each stage, step, source or kind.
Counts are of the whole log up to its horizon; nothing here is a rate over time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.errors import LogError
from simlib.funnel.columns import Flags, Ints, added, counted, share
from simlib.funnel.history import Histories, histories
from simlib.log import KINDS, EventLog

if TYPE_CHECKING:
    import pandas as pd


def by_stage(log: EventLog) -> pd.DataFrame:
    """Return how many came to each stage and what became of them.

    Lost ends have no row of their own: their leads stand in ``lost`` of the stage that
    they were lost from. Visitors count in the stages that they were in; in a CRM view
    these stages have no row, for a CRM has never seen them.

    Returns
    -------
    DataFrame
        One row for each stage, in the scenario's order: ``stage``; ``reached``, who
        ever entered it; ``entries``, how often it was entered; ``there_now``, who is
        in it at the horizon; ``lost``, who left for good from it; ``customers``, of
        those who reached it; ``share_reached`` of all who are in the log;
        ``conversion_to_customer`` = customers / reached (at the horizon, with the
        others still on their way).
    """
    import pandas as pd

    past = histories(log)
    visits, size = past.visits, past.ended + 1
    reached = counted(visits.stage[visits.is_first], size)
    won = visits.is_first & past.is_customer[visits.lead]
    entrants = int(np.isfinite(past.arrived).sum())
    final = past.final_stage[past.final_stage >= 0]
    customers = counted(visits.stage[won], size)
    table = pd.DataFrame(
        {
            "stage": [*log.graph.stage_names, ""],
            "reached": reached,
            "entries": counted(visits.stage, size),
            "there_now": counted(final, size),
            "lost": _lost_from(past),
            "customers": customers,
            "share_reached": share(reached, entrants),
            "conversion_to_customer": share(customers, reached),
        }
    )
    hidden = past.marks.is_lost[:-1].copy()
    if log.meta.get("view") == "crm":
        hidden |= past.marks.is_anonymous[:-1]
    return table[~hidden].reset_index(drop=True)


def _lost_from(past: Histories) -> Ints:
    """Return how many left each stage for good, into a lost end or at the visit cap."""
    visits = past.visits
    into_end = past.marks.is_lost[visits.stage[1:]] & ~visits.is_over[1:]
    left = visits.stage[:-1][into_end & visits.is_over[:-1]]
    return counted(left, past.ended + 1)


def steps(log: EventLog) -> pd.DataFrame:
    """Return how often each way from a stage to the next was taken.

    Returns
    -------
    DataFrame
        One row for each way that was taken: ``stage``, ``to`` ("" at the visit cap),
        ``reason`` ("" for an ordinary step), ``count``; ``share_of_entries``, of all
        entries into ``stage``; ``median_days`` from entering ``stage`` to leaving it,
        of those who have left this way.
    """
    import pandas as pd

    past = histories(log)
    visits = past.visits
    at = np.flatnonzero(visits.is_over)
    taken = pd.DataFrame(
        {
            "stage": visits.stage[at],
            "to": visits.stage[at + 1],
            "reason": visits.reason[at + 1],
            "days": visits.left[at] - visits.entered[at],
        }
    )
    keys = ["stage", "to", "reason"]
    table = taken.groupby(keys)["days"].agg(["size", "median"]).reset_index()
    entries = counted(visits.stage, past.ended + 1)
    names = np.array([*log.graph.stage_names, ""], dtype=object)
    reasons = np.array(log.graph.reasons, dtype=object)
    return pd.DataFrame(
        {
            "stage": names[table["stage"]],
            "to": names[table["to"]],
            "reason": reasons[table["reason"]],
            "count": table["size"],
            "share_of_entries": share(table["size"], entries[table["stage"]]),
            "median_days": table["median"],
        }
    )


def losses(log: EventLog) -> pd.DataFrame:
    """Return where leads leave the path, and why.

    A loss is a step with a reason (a leak, to wherever), a step into a lost end, or
    the visit cap. A lead that leaks to nurture and comes back may be in it twice.

    Returns
    -------
    DataFrame
        The columns of `steps`, and ``share_of_losses``; the largest first.
    """
    table = steps(log)
    ends = {stage.name for stage in log.graph.stages if stage.terminal == "lost"}
    is_loss = (table["reason"] != "") | table["to"].isin(ends)
    found = table[is_loss].sort_values("count", ascending=False, kind="stable")
    found["share_of_losses"] = share(found["count"], found["count"].sum())
    return found.reset_index(drop=True)


def by_source(log: EventLog) -> pd.DataFrame:
    """Return what each source brought, one row for each source.

    Returns
    -------
    DataFrame
        ``source``; ``visitors`` where there are anonymous stages; ``leads``;
        ``reached_STAGE`` for each stage between; ``customers``, ``lost`` and
        ``in_progress``, which sum to the leads; ``conversion_lead_to_customer``;
        ``mean_days_to_customer``, of those who are customers at the horizon.
    """
    past = histories(log)
    return _by_group(past, "source", log.graph.sources, past.source)


def by_kind(log: EventLog) -> pd.DataFrame:
    """Return what became of each kind of lead, by its kind at arrival.

    Returns
    -------
    DataFrame
        As `by_source`, with ``kind`` in the place of ``source``, and with
        ``share_of_leads``.

    Raises
    ------
    LogError
        If the log does not tell kinds, as in the CRM view.
    """
    past = histories(log)
    if np.any(past.leads.kind[np.isfinite(past.arrived)] < 0):
        raise LogError(
            "by_kind: this log is a CRM view, and a CRM does not know what a lead "
            "really is; ask the log of the run itself"
        )
    table = _by_group(past, "kind", KINDS, past.leads.kind)
    table["share_of_leads"] = share(table["leads"], table["leads"].sum())
    return table


def _by_group(
    past: Histories, title: str, names: tuple[str, ...], group: Ints
) -> pd.DataFrame:
    """Return counts of leads by a code that each entity has."""
    import pandas as pd

    def tally(chosen: Flags) -> Ints:
        return counted(group[chosen], len(names))

    columns: dict[str, Any] = {title: names}
    if past.marks.is_anonymous.any():
        columns["visitors"] = tally(past.was_visitor)
    leads, customers = tally(past.is_lead), tally(past.is_customer)
    columns["leads"] = leads
    for code, stage in enumerate(past.graph.stages):
        if not stage.terminal and not stage.anonymous:
            reached = np.isfinite(past.first_entry[:, code])
            columns[f"reached_{stage.name}"] = tally(reached)
    lost = tally(past.is_lost_lead)
    columns["customers"], columns["lost"] = customers, lost
    columns["in_progress"] = leads - customers - lost
    columns["conversion_lead_to_customer"] = share(customers, leads)
    won = past.is_customer
    days = added(group[won], past.days_to_customer[won], len(names))
    columns["mean_days_to_customer"] = share(days, customers)
    return pd.DataFrame(columns)


def win_rate(log: EventLog) -> float:
    """Return won deals / closed deals, nan if no deal has closed.

    A deal is a visit to the pipeline stage; open deals are in neither number. See
    `Histories.deals` for when a deal counts as lost.
    """
    deals = histories(log).deals
    return float(share(deals.won.sum(), (deals.won | deals.lost).sum()))
