"""The figures of one run: a flat table of names and numbers.

In: a run. Out: ``dict[str, float]``, for the run or for each of its sources, and what
each name means, in which unit. A figure that is not defined (a share of nobody) is
nan. It compares no runs and knows no intervals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simlib.errors import StudyError, nearest
from simlib.funnel.columns import Floats, Ints, added, counted, share
from simlib.funnel.counts import stage_tally
from simlib.funnel.history import Histories, histories
from simlib.funnel.hours import busy_days, capacity_days
from simlib.log import GIVE_UP
from simlib.money.booking import costs_by_source
from simlib.money.payback import margin_per_month, payback_months

if TYPE_CHECKING:
    from simlib.run import Run

Numbers = NDArray[Any]


@dataclass(frozen=True)
class Metric:
    """A figure's name, its unit, and what it is in one sentence.

    In `METRICS` the name may hold a place for any stage or team: STAGE or TEAM.
    """

    name: str
    unit: str
    meaning: str


METRICS = (
    Metric("visitors", "people", "People who came to an anonymous stage."),
    Metric("leads", "people", "People who were captured, so identified contacts."),
    Metric("customers", "people", "Leads who are customers at the horizon."),
    Metric(
        "lost",
        "people",
        "Leads who are lost at the horizon, those ended by the visit cap included.",
    ),
    Metric("in_progress", "people", "Leads neither won nor lost at the horizon."),
    Metric("reached.STAGE", "people", "People who ever entered STAGE."),
    Metric(
        "conversion.visit_to_lead",
        "share",
        "Share of the visitors who became leads, of all visitors.",
    ),
    Metric(
        "conversion.lead_to_customer",
        "share",
        "Share of the leads who became customers, of all leads captured.",
    ),
    Metric(
        "days_to_customer.mean",
        "days",
        "Mean time from capture to customer, of those won before the horizon.",
    ),
    Metric(
        "days_to_customer.median",
        "days",
        "Median time from capture to customer, of those won before the horizon.",
    ),
    Metric(
        "wait_days.TEAM.mean",
        "days",
        "Mean time in the queue of TEAM, of all who joined it: those who gave up are "
        "included, and those still waiting at the horizon count so far.",
    ),
    Metric(
        "gave_up.TEAM.share",
        "share",
        "Share of those who joined the queue of TEAM that gave up.",
    ),
    Metric(
        "utilisation.TEAM",
        "share",
        "Share of the open time of TEAM, over all its people or slots, that was busy; "
        "for a source, the part of it that this source's leads took.",
    ),
    Metric(
        "occupancy.STAGE",
        "people",
        "Time average of the number in STAGE over the horizon, queue and work "
        "included.",
    ),
    Metric("spend", "money", "All costs, people included, booked as they occur."),
    Metric("cost_per.lead", "money", "Spend divided by leads."),
    Metric(
        "cost_per.STAGE", "money", "Spend divided by the people who ever entered STAGE."
    ),
    Metric("cac", "money", "Customer acquisition cost: spend divided by customers."),
    Metric(
        "payback_months",
        "months",
        "Months in which a customer's gross margin pays the CAC, churn included.",
    ),
    Metric(
        "revenue.pipeline",
        "money",
        "Annual contract value of the deals that entered the pipeline stage.",
    ),
    Metric("revenue.won", "money", "Annual contract value of the customers."),
    Metric(
        "win_rate", "share", "Won deals divided by closed deals; open deals left out."
    ),
    Metric(
        "marketing_cost_per.lead",
        "money",
        "Spend without people, divided by leads.",
    ),
)
_PLACES = re.compile("STAGE|TEAM")


def describe(name: str) -> Metric:
    """Return unit and meaning of a metric by its full name, as ``reached.mql``.

    Raises
    ------
    StudyError
        If there is no metric of that name.
    """
    for metric in METRICS:
        pattern = _PLACES.sub(r"(\\w+)", metric.name.replace(".", r"\."))
        found = re.fullmatch(pattern, name)
        if found:
            place = found.group(1) if found.groups() else ""
            return Metric(name, metric.unit, _PLACES.sub(place, metric.meaning))
    known = [metric.name for metric in METRICS]
    raise StudyError(
        f"metric '{name}': it must be one of {', '.join(known)}.{nearest(name, known)}"
    )


def metrics_of(run: Run) -> dict[str, float]:
    """Return the metrics of a run.

    Parameters
    ----------
    run : Run
        Anything with a ``scenario`` and a ``log``.

    Returns
    -------
    dict
        Name to value; see `METRICS`. ``leads`` = ``customers`` + ``lost`` +
        ``in_progress``.
    """
    cost = costs_by_source(run)
    everybody = np.zeros(len(run.log.leads), dtype=np.intp)
    spend, marketing = cost.total.sum(keepdims=True), cost.marketing.sum(keepdims=True)
    names, values = _metrics(run, everybody, spend, marketing)
    return dict(zip(names, values[0].tolist(), strict=True))


def metrics_by_source(run: Run) -> dict[str, dict[str, float]]:
    """Return the metrics of each source of a run, by the same names.

    Counts, spend, occupancy and utilisation sum to those of the run; shared costs are
    divided as `simlib.money.booking` says.
    """
    past, cost = histories(run.log), costs_by_source(run)
    names, values = _metrics(run, past.source, cost.total, cost.marketing)
    return {
        source: dict(zip(names, row, strict=True))
        for source, row in zip(past.graph.sources, values.tolist(), strict=True)
    }


class _Figures:
    """Figures by group, in columns."""

    def __init__(self, groups: int) -> None:
        self.groups = groups
        self.names: list[str] = []
        self.columns: list[Numbers] = []

    def add(self, *names: str, values: Numbers) -> None:
        """Add figures of one or more names, of shape (groups, names) in any layout."""
        self.names += names
        self.columns.append(values.reshape(self.groups, len(names)))

    def values(self) -> Floats:
        """Return all figures, of shape (groups, names)."""
        return np.concatenate(self.columns, axis=1, dtype=np.float64)


def _metrics(
    run: Run, group: Ints, spend: Floats, marketing: Floats
) -> tuple[list[str], Floats]:
    """Return names, and values by group, of shape (groups, names).

    `group` says for each entity to which group it belongs; `spend` and `marketing`
    have a value for each group.
    """
    past, groups = histories(run.log), len(spend)
    found = _Figures(groups)
    # 0 never a lead, 1 in progress, 2 customer, 3 lost: a customer is a lead as well.
    standing = past.is_lead + 1 * past.is_customer + 2 * past.is_lost_lead
    _, in_progress, customers, lost = counted(
        group + groups * standing, 4 * groups
    ).reshape(4, groups)
    leads = in_progress + customers + lost
    found.add("leads", values=leads)
    _add_visitors(found, past, group)
    found.add("customers", values=customers)
    found.add("lost", values=lost)
    found.add("in_progress", values=in_progress)
    found.add("conversion.lead_to_customer", values=share(customers, leads))
    _add_days(found, past, group)
    _add_teams(found, past, group)
    _add_stages(found, past, group, spend)
    found.add("spend", values=spend)
    found.add("cost_per.lead", values=share(spend, leads))
    found.add("marketing_cost_per.lead", values=share(marketing, leads))
    found.add("cac", values=share(spend, customers))
    _add_returns(found, run, group, spend)
    return found.names, found.values()


def _add_visitors(found: _Figures, past: Histories, group: Ints) -> None:
    """Add those who came without a name, where the scenario has such stages."""
    if past.is_anonymous.any():
        came = past.was_visitor
        visitors = counted(group[came], found.groups)
        captured = counted(group[came & past.is_lead], found.groups)
        found.add("visitors", values=visitors)
        found.add("conversion.visit_to_lead", values=share(captured, visitors))


def _add_days(found: _Figures, past: Histories, group: Ints) -> None:
    """Add how long the customers took."""
    won = np.flatnonzero(past.is_customer)
    groups, of, days = found.groups, group[won], past.days_to_customer[won]
    medians = [_median(days[of == code]) for code in range(groups)]
    mean = share(added(of, days, groups), counted(of, groups))
    found.add("days_to_customer.mean", values=mean)
    found.add("days_to_customer.median", values=np.array(medians))


def _median(values: Floats) -> float:
    """Return the median, nan of nothing; for few numbers faster than NumPy's."""
    if not len(values):
        return float("nan")
    ordered, half = np.sort(values), len(values) // 2
    return float(ordered[half] + ordered[-half - 1]) / 2


def _add_teams(found: _Figures, past: Histories, group: Ints) -> None:
    """Add waits, giving up and utilisation of each team."""
    teams, waits, works = past.graph.teams, past.waits, past.works
    if not teams:
        return
    size = found.groups * len(teams)
    place = group[waits.lead] * len(teams) + waits.team
    joined = counted(place, size)
    gave_up = counted(place[waits.end == GIVE_UP], size)
    wait = share(added(place, waits.days, size), joined)
    place = group[works.lead] * len(teams) + works.team
    busy = added(place, busy_days(past), size).reshape(found.groups, -1)
    names = [team.name for team in teams]
    found.add(*[f"wait_days.{name}.mean" for name in names], values=wait)
    found.add(
        *[f"gave_up.{name}.share" for name in names], values=share(gave_up, joined)
    )
    used = share(busy, capacity_days(past))
    found.add(*[f"utilisation.{name}" for name in names], values=used)


def _add_stages(found: _Figures, past: Histories, group: Ints, spend: Floats) -> None:
    """Add who reached each stage, how many were in it, and what one of them cost."""
    stages = past.graph.stages
    came, days = stage_tally(past, group, found.groups)
    stock = days / past.horizon
    between = [code for code, stage in enumerate(stages) if not stage.terminal]
    bought = [code for code, stage in enumerate(stages) if stage.terminal != "lost"]
    cost = share(spend.reshape(-1, 1), came[:, bought])
    found.add(*[f"reached.{stage.name}" for stage in stages], values=came)
    found.add(
        *[f"occupancy.{stages[at].name}" for at in between], values=stock[:, between]
    )
    found.add(*[f"cost_per.{stages[at].name}" for at in bought], values=cost)


def _add_returns(found: _Figures, run: Run, group: Ints, spend: Floats) -> None:
    """Add payback, pipeline, revenue and win rate."""
    past, groups, deal = histories(run.log), found.groups, run.scenario.deal
    deals, amount = past.deals, run.log.leads.amount
    opened, won = group[deals.lead], np.flatnonzero(past.is_customer)
    months = [
        _payback(run, won[group[won] == code], cost)
        for code, cost in enumerate(spend.tolist())
    ]
    known = np.nan if deal is None else 1.0
    pipeline = added(opened, amount[deals.lead], groups) * known
    closed = counted(opened[deals.won | deals.lost], groups)
    win_rate = share(counted(opened[deals.won], groups), closed)
    found.add("payback_months", values=np.array(months))
    found.add("revenue.pipeline", values=pipeline)
    found.add("revenue.won", values=added(group[won], amount[won], groups) * known)
    found.add("win_rate", values=win_rate)


def _payback(run: Run, customers: Ints, spend: float) -> float:
    """Return the months to payback of some customers, nan without any."""
    if run.scenario.deal is None or not len(customers):
        return float("nan")
    margin = margin_per_month(run, customers)
    cac = spend / len(customers)
    return payback_months(cac, margin, run.scenario.deal.monthly_churn)
