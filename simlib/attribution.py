"""Who gets the credit: by first touch, by last touch, and truly.

In: a scenario. Out: `Credit`: for each source the customers, pipeline and revenue
that three ways of counting give it, with 95% intervals. The true credit is a
counterfactual: the same seed, the same buyers and leads, in the same world without
the source. It follows no report of a CRM, and it shares nothing out: true credits
need not sum to the customers, since two sources may be needed for one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import NDArray

from simlib.errors import StudyError
from simlib.execution import WHOLE, Figures, How, Span, measured, ticking
from simlib.funnel import histories
from simlib.money import costs_by_source
from simlib.plan import Plan, compiled
from simlib.run import Run, simulate
from simlib.scenario import Scenario
from simlib.studies import Interval, interval, ratio_interval

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
FIRST, LAST, TRUE = "first touch", "last touch", "true"
WAYS = (FIRST, LAST, TRUE)
WORTH = {
    "customers": "customers",
    "pipeline": "revenue.pipeline",
    "revenue": "revenue.won",
}


@dataclass(frozen=True)
class Credit:
    """What each source is given credit for, in every replication.

    Attributes
    ----------
    scenario : Scenario
    seed, replications : int
    spend : array of float64, shape (replications, sources)
        The sources' own costs; people and nurture are left out, since they are shared.
    given : mapping of str to array of float64
        From a way of counting to an array of shape (replications, sources, 3): the
        customers, pipeline and revenue that it gives to each source.
    """

    scenario: Scenario
    seed: int
    replications: int
    spend: Floats = field(repr=False)
    given: Mapping[str, Floats] = field(repr=False)

    @property
    def sources(self) -> list[str]:
        """The sources, in the scenario's order."""
        return list(self.scenario.sources)

    def table(self) -> pd.DataFrame:
        """Return what each way of counting gives to each source.

        Returns
        -------
        DataFrame
            One row for each source, way and metric: ``source``, ``credit`` (first
            touch, last touch, true), ``metric`` (customers, pipeline, revenue,
            cost_per_customer), ``mean``, ``low``, ``high``, ``replications``. The cost
            is nan where the customers are none, or fewer than none.
        """
        return self._tidy(
            (source, way, name, found)
            for number, source in enumerate(self.sources)
            for way in WAYS
            for name, found in self._figures(number, way).items()
        )

    def differences(self) -> pd.DataFrame:
        """Return how far the first and the last touch are from the truth.

        Returns
        -------
        DataFrame
            As of `table`; ``credit`` is ``first touch - true`` or ``last touch -
            true``: paired differences. Below 0, the source is undervalued.
        """
        return self._tidy(
            (source, f"{way} - {TRUE}", name, interval(apart[:, number, column]))
            for number, source in enumerate(self.sources)
            for way, apart in (
                (way, self.given[way] - self.given[TRUE]) for way in (FIRST, LAST)
            )
            for column, name in enumerate(WORTH)
        )

    def order(self, way: str, metric: str = "customers") -> list[str]:
        """Return the sources, the one with most credit first.

        Raises
        ------
        StudyError
            For an unknown way of counting or metric.
        """
        for what, given, known in (("way", way, WAYS), ("metric", metric, WORTH)):
            if given not in known:
                raise StudyError(
                    f"credit: {what} '{given}'; it must be one of {', '.join(known)}"
                )
        means = self.given[way][:, :, list(WORTH).index(metric)].mean(axis=0)
        return [self.sources[at] for at in np.argsort(-means, kind="stable")]

    def _figures(self, number: int, way: str) -> dict[str, Interval]:
        worth = self.given[way][:, number]
        found = {name: interval(worth[:, at]) for at, name in enumerate(WORTH)}
        customers = worth[:, 0] if worth[:, 0].mean() > 0 else np.zeros(len(worth))
        cost = ratio_interval(self.spend[:, number], customers)
        return found | {"cost_per_customer": cost}

    def _tidy(self, rows: Any) -> pd.DataFrame:
        import pandas as pd

        head = ["source", "credit", "metric"]
        values = ["mean", "low", "high", "replications"]
        return pd.DataFrame(
            [(*said, at.mean, at.low, at.high, at.replications) for *said, at in rows],
            columns=head + values,
        )


def credit(
    scenario: Scenario, replications: int = 8, seed: int = 0, **how: Unpack[How]
) -> Credit:
    """Return what each source is given credit for: first touch, last touch, truly.

    - *Last touch*: the source through which a lead left its name, as in a CRM.
    - *First touch*: the source that the lead's buyer met first, ever. Without a market
      a lead meets nobody before it leaves its name: the first touch is the last one.
    - *True*: the whole, minus the whole of the same world without the source. Its
      leads or meetings are taken away, all other luck stays; a source at which hands
      are raised is taken away by letting nobody raise one.

    Parameters
    ----------
    scenario : Scenario
    replications : int
        Of the world as it is, and of the world without each source.
    seed : int
    **how
        Engine, executor, store and progress, as for `simlib.studies.replicate`.

    Raises
    ------
    StudyError
        For fewer than two replications, which have no interval.
    """
    if replications < 2:
        raise StudyError(f"replications: is {replications}; it must be 2 or more")
    plan, engine = compiled(scenario), how.get("engine", "auto")
    first, last, spend = _as_it_is(plan, seed, replications, engine)
    worlds = [scenario, *(without(scenario, name) for name in scenario.sources)]
    spans = [Span(world, seed, 0, replications) for world in worlds]
    with ticking(how.get("progress")) as ticker:
        how["progress"] = ticker
        whole, *others = (_worth(found) for found in measured(spans, WHOLE, how))
    true = np.stack([whole - other for other in others], axis=1)
    given = {FIRST: first, LAST: last, TRUE: true}
    return Credit(scenario, seed, replications, spend, given)


def without(scenario: Scenario, source: str) -> Scenario:
    """Return the same world in which a source brings nobody and meets nobody.

    The source keeps its name, so that rates that speak of it stay possible.

    Raises
    ------
    StudyError
        If there is no such source.
    """
    if source not in scenario.sources:
        known = ", ".join(scenario.sources)
        raise StudyError(f"source '{source}': it must be one of {known}")
    said, path = scenario.sources[source], f"sources.{source}"
    if said.meets is None:
        nobody: dict[str, Any] = {f"{path}.leads": {"per_month": 0.0, "imports": []}}
        if said.burn is not None:
            nobody[f"{path}.burn"] = None
        return scenario.changed(nobody)
    if said.meets.by == "hand_raise":
        return scenario.changed({"market.consideration.raise_hand": 0.0})
    if said.meets.in_all_per_month is not None:
        return scenario.changed({f"{path}.meets.in_all_per_month": 0.0})
    return scenario.changed({f"{path}.meets.per_month": 0.0})


def _as_it_is(
    plan: Plan, seed: int, replications: int, engine: str
) -> tuple[Floats, Floats, Floats]:
    """Return worth by first and by last touch, and spend, of each replication."""
    first, last, spend = [], [], []
    for number in range(replications):
        run = simulate(plan, seed, number, engine)
        first.append(_shared_out(run, first_touch(run)))
        last.append(_shared_out(run, run.log.leads.source))
        spend.append(costs_by_source(run).media)
    return np.array(first), np.array(last), np.array(spend)


def first_touch(run: Run) -> NDArray[np.integer]:
    """Return for each lead the source that its buyer met first; its own without one.

    Returns
    -------
    array of int, shape (leads,)
        Codes of sources.
    """
    leads = run.log.leads
    found = leads.source.copy()
    if run.lives is not None and leads.buyer is not None:
        # Names are left in order of time, and so are the leads that they become.
        found[leads.buyer >= 0] = run.lives.captures.first
    return found


def _shared_out(run: Run, source: NDArray[np.integer]) -> Floats:
    """Return customers, pipeline and revenue by source, shape (sources, 3)."""
    past, amount = histories(run.log), run.log.leads.amount
    size = len(run.log.graph.sources)
    worth = np.where(np.isnan(amount), 0.0, amount)
    won, opened = np.flatnonzero(past.is_customer), past.deals.lead

    def summed(leads: NDArray[np.integer], weights: Floats) -> Floats:
        return np.bincount(source[leads], weights, minlength=size).astype(float)

    columns = (
        summed(won, np.ones(len(won))),
        summed(opened, worth[opened]),
        summed(won, worth[won]),
    )
    return np.stack(columns, axis=1)


def _worth(found: Figures) -> Floats:
    """Return customers, pipeline and revenue of a whole world, (replications, 3)."""
    columns = [found.names.index(name) for name in WORTH.values()]
    return np.nan_to_num(found.numbers[:, 0, columns])
