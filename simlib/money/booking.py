"""What was spent, by source and time.

In: a run. Out: arrays or DataFrames in the scenario's currency. Costs are booked when
they occur: monthly costs day by day while a source runs, people day by day whether
busy or idle, costs per lead at capture, per touch at arrival, one-off at the source's
start, nurture while a contact is in it. It never divides by leads or customers.

People are shared between sources in proportion to the working time that each source's
leads took of their team in the whole run; where a team did nothing, in proportion to
the leads, then to the arrivals, then evenly. So every cost belongs to some source.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from simlib.funnel.columns import (
    Floats,
    added,
    counted,
    month_starts,
    months_of,
    share,
)
from simlib.funnel.history import Histories, histories
from simlib.funnel.hours import busy_days
from simlib.funnel.marks import NURTURE

if TYPE_CHECKING:
    import pandas as pd

    from simlib.run import Run
    from simlib.scenario.models import Source, Team


@dataclass(frozen=True)
class Costs:
    """What was spent, in three parts of one shape, in the scenario's currency.

    Attributes
    ----------
    media : array of float64
        The sources' own costs: per month, per lead, per touch, one-off.
    nurture : array of float64
        Keeping contacts in nurture.
    people : array of float64
        The teams, busy or idle.
    """

    media: Floats
    nurture: Floats
    people: Floats

    @property
    def marketing(self) -> Floats:
        """Everything but people."""
        return self.media + self.nurture

    @property
    def total(self) -> Floats:
        """Everything: the fully loaded cost."""
        return self.media + self.nurture + self.people


def costs(run: Run, edges: Floats) -> Costs:
    """Return what was spent, by span of time and source; fast, no table is made.

    Parameters
    ----------
    edges : array of float64, shape (n + 1,), days
        Where the spans begin and end, from 0 to the horizon.

    Returns
    -------
    Costs
        Each part of shape (n, sources).
    """
    past = histories(run.log)
    return Costs(
        media=_media(run, past, edges),
        nurture=_nurture(run, past, edges),
        people=np.diff(edges)[:, None] * _people_per_day(run, past),
    )


def costs_by_source(run: Run) -> Costs:
    """Return what was spent in the whole run, each part of shape (sources,)."""
    whole = costs(run, np.array([0.0, run.log.graph.horizon]))
    return Costs(whole.media[0], whole.nurture[0], whole.people[0])


def total_costs(run: Run) -> Costs:
    """Return what was spent in the whole run, each part of shape (1,).

    The sum of `costs_by_source`, without asking which source bears which people.
    """
    past = histories(run.log)
    whole = np.array([0.0, past.horizon])
    per_month = sum(team.people * team.cost_per_month for team in _teams(run))
    return Costs(
        media=_media(run, past, whole).sum(axis=1),
        nurture=_nurture(run, past, whole).sum(axis=1),
        people=np.array([per_month * past.horizon / run.scenario.days_per_month]),
    )


def _teams(run: Run) -> list[Team]:
    """Return what the scenario says of the log's teams, in their order."""
    return [run.scenario.teams[team.name] for team in run.log.graph.teams]


def _media(run: Run, past: Histories, edges: Floats) -> Floats:
    """Return the sources' own costs by span and source."""
    terms = [_terms(run.scenario.sources[name]) for name in past.graph.sources]
    start, stop, per_month, per_lead, per_touch, one_off = np.array(terms).T
    begin, end = edges[:-1, None], edges[1:, None]
    days = np.minimum(stop, end) - np.maximum(start, begin)
    media: Floats = np.maximum(days, 0.0) * per_month / run.scenario.days_per_month
    if per_lead.any():
        media += _happened(past, past.captured, edges) * per_lead
    if per_touch.any():
        media += _touches(run, past, edges) * per_touch
    if one_off.any():
        media += ((begin <= start) & (start < end)) * one_off
    return media


def _terms(source: Source) -> tuple[float, ...]:
    """Return when a source begins and stops, and its four costs."""
    effort, cost = getattr(source, "meets", None) or source.leads, source.cost
    start = effort.start or 0.0
    stop = math.inf if effort.stop is None else effort.stop
    accounts = getattr(effort, "accounts", None) or 0
    per_month = cost.per_month + cost.per_account * accounts
    return start, stop, per_month, cost.per_lead, cost.per_touch, cost.one_off


def _touches(run: Run, past: Histories, edges: Floats) -> Floats:
    """Return who arrived of each source, or which contacts in the market it met.

    By span and source. Who left a name when they were met is not counted again.
    """
    touches = _happened(past, past.arrived, edges)
    lives = getattr(run, "lives", None)
    for number, source in enumerate(run.scenario.sources.values()):
        if lives is not None and source.meets:
            contacts = source.meets.abm.contacts if source.meets.abm else 1
            met, _ = np.histogram(lives.meetings(number), edges)
            touches[:, number] = contacts * met
    return touches


def _happened(past: Histories, days: Floats, edges: Floats) -> Floats:
    """Return how many of each entity's `days` lie in each span, by span and source."""
    spans, size = len(edges) - 1, len(past.graph.sources)
    rows = np.flatnonzero(np.isfinite(days))
    place = past.source[rows]
    if spans > 1:
        place = months_of(edges[:-1], days[rows]) * size + place
    return counted(place, spans * size).reshape(spans, size).astype(np.float64)


def _nurture(run: Run, past: Histories, edges: Floats) -> Floats:
    """Return what contacts in nurture cost by span and source."""
    size = len(past.graph.sources)
    cost = np.zeros((len(edges) - 1, size))
    said = run.scenario.nurture
    if said is None or not said.cost_per_month or NURTURE not in past.graph.stage_names:
        return cost
    visits = past.visits
    rows = np.flatnonzero(visits.stage == past.graph.stage_code(NURTURE))
    source = past.source[visits.lead[rows]]
    entered, left = visits.entered[rows], visits.left[rows]
    for span, (start, end) in enumerate(pairwise(edges)):
        days = np.minimum(left, end) - np.maximum(entered, start)
        cost[span] = added(source, np.maximum(days, 0.0), size)
    return cost * (said.cost_per_month / run.scenario.days_per_month)


def _people_per_day(run: Run, past: Histories) -> Floats:
    """Return what each source bears of the teams' cost a day, shape (sources,)."""
    size, teams = len(past.graph.sources), _teams(run)
    per_month = np.array([team.people * team.cost_per_month for team in teams], float)
    if not per_month.any():
        return np.zeros(size)
    works = past.works
    place = works.team * size + past.source[works.lead]
    work = added(place, busy_days(past), len(teams) * size).reshape(-1, size)
    idle = work.sum(axis=1) == 0
    if idle.any():
        work[idle] = _weights_without_work(past)
    shares = work / work.sum(axis=1, keepdims=True)
    return np.asarray(per_month @ shares / run.scenario.days_per_month)


def _weights_without_work(past: Histories) -> Floats:
    """Return by what sources share a team that did nothing, shape (sources,)."""
    size = len(past.graph.sources)
    for present in (past.is_lead, np.isfinite(past.arrived)):
        if present.any():
            return counted(past.source[present], size).astype(np.float64)
    return np.ones(size)


def month_edges(run: Run) -> Floats:
    """Return where the months begin, and the horizon."""
    graph = run.log.graph
    return np.append(month_starts(graph.horizon, graph.days_per_month), graph.horizon)


def spend_by_source(run: Run) -> pd.DataFrame:
    """Return what each source cost in the whole run.

    Returns
    -------
    DataFrame
        ``source``; ``media``, ``nurture`` and ``people`` (see `Costs`), which sum to
        ``spend``; ``share_of_spend``; ``currency``.
    """
    import pandas as pd

    cost = costs_by_source(run)
    return pd.DataFrame(
        {
            "source": run.log.graph.sources,
            "media": cost.media,
            "nurture": cost.nurture,
            "people": cost.people,
            "spend": cost.total,
            "share_of_spend": share(cost.total, cost.total.sum()),
            "currency": run.scenario.currency,
        }
    )


def spend_by_period(run: Run) -> pd.DataFrame:
    """Return what each source cost in each month.

    Returns
    -------
    DataFrame
        ``period`` (1, 2, ...), ``from_day``, then the columns of `spend_by_source`
        without the share: one row for each month and source.
    """
    import pandas as pd

    edges, sources = month_edges(run), run.log.graph.sources
    cost, months = costs(run, edges), len(edges) - 1
    return pd.DataFrame(
        {
            "period": np.repeat(np.arange(1, months + 1), len(sources)),
            "from_day": np.repeat(edges[:-1], len(sources)),
            "source": sources * months,
            "media": cost.media.ravel(),
            "nurture": cost.nurture.ravel(),
            "people": cost.people.ravel(),
            "spend": cost.total.ravel(),
            "currency": run.scenario.currency,
        }
    )
