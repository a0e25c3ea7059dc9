"""Samples: some replications of one setting, run a few at a time.

In: a scenario and a seed. Out: `Sample`, what the pictures and figures need of each
replication; no log is kept. Replications are addressed by (seed, number), so samples
of two settings are pairs of the same buyers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from simlib.funnel import by_stage, monthly_counts, response_curve
from simlib.funnel.columns import Floats
from simlib.funnel.history import histories
from simlib.funnel.times import WON, customer_incidence
from simlib.metrics import metrics_by_source, metrics_of
from simlib.money.booking import costs, month_edges
from simlib.plan import Plan, compiled
from simlib.run import Run, simulate
from simlib.scenario import Scenario

AGES = 60
# Beyond, only the few who came first have been followed for so long.
OLDEST = 0.8
MOST_SOURCES = 6
CUSTOMERS, HANDS, SPEND, EACH = "customers", "hand_raisers", "spend", "spend_per"
HOURS = np.concatenate([[0.0], np.geomspace(1 / 60, 24 * 28, 80)])


@dataclass(frozen=True)
class Kept:
    """What is kept of one replication.

    Attributes
    ----------
    figures : dict of str to float
        The metrics of the run.
    sources : dict of str to dict
        The metrics by source; empty where there is one source or more than six.
    stages : tuple of str
    reached, lost : arrays of float, shape (stages,)
        People who came to each stage, and who left for good from it.
    months : array of float, shape (months,)
        New customers in each month of the horizon.
    counts : dict of str to array of float, shape (months,)
        By month: customers, leads, raised hands, entries into each stage between, and
        what was spent.
    ages : array of float, shape (AGES,)
        Share of the leads won by each age; see `Sample.ages_days`.
    waits : dict of str to array of float, shape (hours,)
        By team, the share of leads taken up within each of `HOURS`.
    """

    figures: dict[str, float]
    sources: dict[str, dict[str, float]]
    stages: tuple[str, ...]
    reached: Floats
    lost: Floats
    months: Floats
    counts: dict[str, Floats]
    ages: Floats
    waits: dict[str, Floats]


@dataclass
class Sample:
    """Replications of one scenario, as many as have been run so far.

    Attributes
    ----------
    scenario : Scenario
    seed : int
    wanted : int
        How many replications it is to have.
    kept : list of Kept
        Number 0 first.
    """

    scenario: Scenario
    seed: int
    wanted: int
    kept: list[Kept] = field(default_factory=list)

    @cached_property
    def plan(self) -> Plan:
        """The compiled scenario."""
        return compiled(self.scenario)

    @property
    def is_complete(self) -> bool:
        """Whether all replications have been run."""
        return len(self.kept) >= self.wanted

    @property
    def ages_days(self) -> Floats:
        """The ages at which `Kept.ages` is read, shape (AGES,), days."""
        return np.linspace(0, OLDEST * self.scenario.horizon, AGES)

    def run_some(
        self, seconds: float, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        """Run at least one more replication, and more until the time is over."""
        end = clock() + seconds
        while not self.is_complete:
            run = simulate(self.plan, self.seed, len(self.kept))
            self.kept.append(kept_of(run, self.ages_days))
            if clock() >= end:
                return

    def values(self, name: str) -> Floats:
        """Return a metric in every replication, shape (replications,); nan if none.

        Besides `metrics_of` there is ``leads_per.STAGE``: leads for each in a stage.
        """
        stage = name.removeprefix("leads_per.")
        if stage != name:
            reached = self.values(f"reached.{stage}")
            return self.values("leads") / np.where(reached > 0, reached, np.nan)
        return np.array([each.figures.get(name, np.nan) for each in self.kept])


def kept_of(run: Run, ages: Floats) -> Kept:
    """Return what is kept of a run."""
    past, table = histories(run.log), by_stage(run.log)
    curve = customer_incidence(past)
    place = np.searchsorted(curve.days, ages, side="right") - 1
    sources = len(run.scenario.sources)
    counts = _counts(run)
    share = np.append(curve.share[WON], 0.0)  # the last is for ages before the first
    return Kept(
        figures=metrics_of(run),
        sources=metrics_by_source(run) if 1 < sources <= MOST_SOURCES else {},
        stages=tuple(table["stage"]),
        reached=table["reached"].to_numpy(float),
        lost=table["lost"].to_numpy(float),
        months=counts[CUSTOMERS],
        counts=counts,
        ages=share[place],
        waits=_waits(run),
    )


def _counts(run: Run) -> dict[str, Floats]:
    """Return what happened in each month, whoever it happened to; spend in currency."""
    past, visits = histories(run.log), histories(run.log).visits
    days = {CUSTOMERS: past.final_entry[past.is_customer], "leads": past.captured}
    if run.lives:
        days[HANDS] = run.lives.hands
    for code, stage in enumerate(run.log.graph.stages):
        if not stage.terminal:
            days[stage.name] = visits.entered[visits.stage == code]
    counts = {name: monthly_counts(run.log, at) for name, at in days.items()}
    spend = costs(run, month_edges(run)).total.sum(axis=1)
    return {name: each.astype(float) for name, each in counts.items()} | {SPEND: spend}


def _waits(run: Run) -> dict[str, Floats]:
    """Return the share taken up within each of `HOURS`, by team."""
    if not run.log.graph.teams:
        return {}
    table = response_curve(run.log)
    found = {}
    for team in dict.fromkeys(table["team"]):
        one = table[table["team"] == team]
        place = np.searchsorted(one["hours"].to_numpy(float), HOURS, side="right") - 1
        found[str(team)] = np.append(one["share"].to_numpy(float), 0.0)[place]
    return found
