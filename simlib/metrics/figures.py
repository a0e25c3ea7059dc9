"""The figures of one run, computed from its histories and its costs.

In: a run. Out: ``dict[str, float]``, for the run or for each of its sources. A figure
that is not defined (a share of nobody) is nan. It compares no runs and knows no
intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simlib.errors import StudyError
from simlib.funnel.columns import Flags, Floats, Ints, added, counted, share
from simlib.funnel.history import histories
from simlib.funnel.hours import busy_days
from simlib.funnel.tallies import StageTally, stage_tally
from simlib.log import GIVE_UP
from simlib.metrics.meanings import describe
from simlib.money.booking import Costs, costs_by_source, total_costs
from simlib.money.payback import margin_per_month, payback_months

if TYPE_CHECKING:
    from simlib.run import Run

Numbers = NDArray[Any]


def metrics_of(run: Run, only: Collection[str] | None = None) -> dict[str, float]:
    """Return the metrics of a run.

    Parameters
    ----------
    run : Run
        Anything with a ``scenario`` and a ``log``.
    only : collection of str, optional
        Names of the metrics that are wanted; fewer cost less time. By default all.

    Returns
    -------
    dict
        Name to value; see `METRICS`. ``leads`` = ``customers`` + ``lost`` +
        ``in_progress``.

    Raises
    ------
    StudyError
        If `only` names a metric that this run does not have.
    """
    found = _Figures(run, by_source=False)
    values = found.values(only)[0].tolist()
    return _chosen(dict(zip(found.names, values, strict=True)), only)


def metrics_by_source(
    run: Run, only: Collection[str] | None = None
) -> dict[str, dict[str, float]]:
    """Return the metrics of each source of a run, by the same names.

    Counts, spend, occupancy, utilisation and revenue sum to those of the run; shared
    costs are divided as `simlib.money.booking` says.

    Parameters
    ----------
    run, only
        As for `metrics_of`.
    """
    found = _Figures(run, by_source=True)
    rows = zip(run.log.graph.sources, found.values(only).tolist(), strict=True)
    return {
        source: _chosen(dict(zip(found.names, row, strict=True)), only)
        for source, row in rows
    }


def _chosen(found: dict[str, float], only: Collection[str] | None) -> dict[str, float]:
    """Return the figures that are wanted, or all."""
    if only is None:
        return found
    for name in only:
        if name not in found:
            metric = describe(name)
            raise StudyError(f"metric '{metric.name}': this run does not have it")
    return {name: found[name] for name in only}


class _Figures:
    """Figures of a run, in columns; a row for the run, or one for each source."""

    def __init__(self, run: Run, *, by_source: bool) -> None:
        self.run, self.by_source = run, by_source
        self.past = histories(run.log)
        self.groups = len(self.past.graph.sources) if by_source else 1
        self.names: list[str] = []
        self.columns: list[Numbers] = []
        self.divisors: list[tuple[int, Numbers]] = []

    def add(self, *names: str, values: Numbers, per: Numbers | None = None) -> None:
        """Add figures of one or more names, of shape (groups, names) in any layout.

        Parameters
        ----------
        per : array, optional
            What they are divided by, in the same layout, or of shape (1, names) for
            all groups; where it is 0, the figure is nan. All are divided at once.
        """
        if per is not None:
            per = per if per.ndim == 2 else per.reshape(self.groups, len(names))
            self.divisors.append((len(self.names), per))
        self.names += names
        self.columns.append(values.reshape(self.groups, len(names)))

    def values(self, only: Collection[str] | None) -> Floats:
        """Return the figures, shape (groups, names); at least those that are wanted."""
        wanted = None if only is None else {name.split(".")[0] for name in only}
        for heads, add in BLOCKS.items():
            if wanted is None or not wanted.isdisjoint(heads):
                add(self)
        empty = np.zeros((self.groups, 0))
        found = np.concatenate([empty, *self.columns], axis=1, dtype=np.float64)
        per = np.ones(found.shape)
        for place, divisor in self.divisors:
            per[:, place : place + divisor.shape[1]] = divisor
        return share(found, per)

    @cached_property
    def group(self) -> Ints:
        """The group of each entity, shape (leads,)."""
        if self.by_source:
            return self.past.source
        return np.zeros(len(self.past.leads), dtype=np.intp)

    @cached_property
    def tally(self) -> StageTally:
        """Who came to each stage and for how long, shapes (groups, stages)."""
        return stage_tally(self.past, self.group, self.groups)

    @cached_property
    def costs(self) -> Costs:
        """What was spent, each part of shape (groups,)."""
        return costs_by_source(self.run) if self.by_source else total_costs(self.run)

    @cached_property
    def standing(self) -> tuple[Ints, Ints, Ints]:
        """How many are leads, customers and lost leads, each of shape (groups,)."""
        past = self.past
        states = (past.is_lead, past.is_customer, past.is_lost_lead)
        leads, customers, lost = (self.count(state) for state in states)
        return leads, customers, lost

    def count(self, which: Flags) -> Ints:
        """Return how many entities of each group there are, of those chosen."""
        if self.groups == 1:
            return np.array([np.count_nonzero(which)])
        return counted(self.group[which], self.groups)


def _add_lives(found: _Figures) -> None:
    """Add what became of people."""
    leads, customers, lost = found.standing
    found.add("leads", values=leads)
    found.add("customers", values=customers)
    found.add("lost", values=lost)
    found.add("in_progress", values=leads - customers - lost)
    found.add("conversion.lead_to_customer", values=customers, per=leads)


def _add_visitors(found: _Figures) -> None:
    """Add those who came without a name, where the scenario has such stages."""
    if found.past.marks.is_anonymous.any():
        came = found.past.was_visitor
        visitors = found.count(came)
        captured = found.count(came & found.past.is_lead)
        found.add("visitors", values=visitors)
        found.add("conversion.visit_to_lead", values=captured, per=visitors)


def _add_market(found: _Figures) -> None:
    """Add what buyers did, leads or not, where the scenario has a market."""
    lives = getattr(found.run, "lives", None)
    if lives is None:
        return
    sources = range(len(found.past.graph.sources))
    met = lives.meeting_counts(len(sources))
    raised = [len(lives.hands) if lives.raises_at(source) else 0 for source in sources]
    opened = lives.opened.start >= 0
    entries = np.full(found.groups, np.count_nonzero(opened))
    thought = np.full(found.groups, np.count_nonzero(1 - lives.found[opened]))
    figures = np.array([raised, met])
    by_group = figures if found.by_source else figures.sum(axis=1, keepdims=True)
    found.add("hand_raisers", values=by_group[0])
    found.add("meetings", values=by_group[1])
    found.add("market.entries", values=entries)
    found.add("market.considered", values=thought, per=entries)


def _add_days(found: _Figures) -> None:
    """Add how long the customers took."""
    past, won = found.past, np.flatnonzero(found.past.is_customer)
    groups, of = found.groups, found.group[won]
    days = past.final_entry[won] - past.captured[won]
    medians = [_median(days[of == code]) for code in range(groups)]
    sums, customers = added(of, days, groups), counted(of, groups)
    found.add("days_to_customer.mean", values=sums, per=customers)
    found.add("days_to_customer.median", values=np.array(medians))


def _median(values: Floats) -> float:
    """Return the median, nan of nothing; for few numbers faster than NumPy's."""
    if not len(values):
        return float("nan")
    ordered, half = np.sort(values), len(values) // 2
    return float(ordered[half] + ordered[-half - 1]) / 2


def _add_teams(found: _Figures) -> None:
    """Add waits, giving up and utilisation of each team."""
    past, group = found.past, found.group
    teams, waits, works = past.graph.teams, past.waits, past.works
    if not teams:
        return
    size = found.groups * len(teams)
    place = group[waits.lead] * len(teams) + waits.team
    joined = counted(place, size)
    gave_up = counted(place[waits.end == GIVE_UP], size)
    waited = added(place, waits.days, size)
    place = group[works.lead] * len(teams) + works.team
    busy, open_days = added(place, busy_days(past), size), past.marks.capacity_days
    names = [team.name for team in teams]
    found.add(*[f"wait_days.{team}.mean" for team in names], values=waited, per=joined)
    found.add(*[f"gave_up.{team}.share" for team in names], values=gave_up, per=joined)
    used = [f"utilisation.{team}" for team in names]
    found.add(*used, values=busy, per=open_days.reshape(1, -1))


def _add_moods(found: _Figures) -> None:
    """Add who quit and how morale was, of each team that has morale; of no source."""
    evenings, size = found.run.log.evenings, found.groups
    if evenings is None:
        return
    teams = found.past.graph.teams
    for code in np.unique(evenings["team"]).tolist():
        mine, team = evenings[evenings["team"] == code], teams[code]
        vacant = 1 - mine["present"].mean() / team.servers
        figures = (mine["quitted"][-1], mine["morale"].mean(), vacant)
        names = ("quits.{}", "morale.{}.mean", "vacant.{}.share")
        for name, figure in zip(names, figures, strict=True):
            value = np.nan if found.by_source else float(figure)
            found.add(name.format(team.name), values=np.full(size, value))


def _add_stages(found: _Figures) -> None:
    """Add who reached each stage and how many were in it."""
    stages = found.past.graph.stages
    came, days = found.tally
    between = [code for code, stage in enumerate(stages) if not stage.terminal]
    names = [f"occupancy.{stages[code].name}" for code in between]
    found.add(*[f"reached.{stage.name}" for stage in stages], values=came)
    found.add(*names, values=days[:, between] / found.past.horizon)


def _add_costs(found: _Figures) -> None:
    """Add what was spent, and what one lead, MQL ... customer cost."""
    stages, spend = found.past.graph.stages, found.costs.total
    leads, customers, _ = found.standing
    bought = [code for code, stage in enumerate(stages) if stage.terminal != "lost"]
    names = [f"cost_per.{stages[code].name}" for code in bought]
    found.add("spend", values=spend)
    each = np.repeat(spend, len(bought))
    found.add(*names, values=each, per=found.tally.reached[:, bought])
    found.add("cost_per.lead", values=spend, per=leads)
    found.add("marketing_cost_per.lead", values=found.costs.marketing, per=leads)
    found.add("cac", values=spend, per=customers)


def _add_returns(found: _Figures) -> None:
    """Add payback, pipeline, revenue and win rate."""
    past, groups, group = found.past, found.groups, found.group
    deals, amount = past.deals, past.leads.amount
    opened, won = group[deals.lead], np.flatnonzero(past.is_customer)
    months = [
        _payback(found.run, won[group[won] == code], cost)
        for code, cost in enumerate(found.costs.total.tolist())
    ]
    known = np.nan if found.run.scenario.deal is None else 1.0
    pipeline = added(opened, amount[deals.lead], groups) * known
    closed = counted(opened[deals.won | deals.lost], groups)
    deals_won = counted(opened[deals.won], groups)
    found.add("payback_months", values=np.array(months))
    found.add("revenue.pipeline", values=pipeline)
    found.add("revenue.won", values=added(group[won], amount[won], groups) * known)
    found.add("win_rate", values=deals_won, per=closed)


def _payback(run: Run, customers: Ints, spend: float) -> float:
    """Return the months to payback of some customers, nan without any."""
    if run.scenario.deal is None or not len(customers):
        return float("nan")
    margin = margin_per_month(run, customers)
    cac = spend / len(customers)
    return payback_months(cac, margin, run.scenario.deal.monthly_churn)


# The first word of each name, and who adds the figures that begin with it.
BLOCKS: dict[tuple[str, ...], Callable[[_Figures], None]] = {
    ("leads", "customers", "lost", "in_progress", "conversion"): _add_lives,
    ("visitors", "conversion"): _add_visitors,
    ("hand_raisers", "meetings", "market"): _add_market,
    ("days_to_customer",): _add_days,
    ("wait_days", "gave_up", "utilisation"): _add_teams,
    ("quits", "morale", "vacant"): _add_moods,
    ("reached", "occupancy"): _add_stages,
    ("spend", "cost_per", "marketing_cost_per", "cac"): _add_costs,
    ("payback_months", "revenue", "win_rate"): _add_returns,
}
