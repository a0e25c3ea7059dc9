"""What one lead, one of each stage and one customer cost, and when they pay it back.

In: a study. Out: tables, and the notes below them. One rule for all of it: the runs
are taken together, the mean spend over the mean number, as some runs may have none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simlib.cli.alike import NO_COST, has_costs
from simlib.cli.cells import laid_out
from simlib.cli.figures import NOTHING, figure_of
from simlib.cli.ordering import along
from simlib.cli.report import amount, cut, number, table_of
from simlib.money.ladder import ALL_SOURCES
from simlib.money.payback import MONTHS_A_YEAR, payback_months
from simlib.studies import Interval, ratio_interval
from simlib.studies.told import NONE, figure

if TYPE_CHECKING:
    from simlib.studies import Study

NEVER = "never"


def tables(study: Study, out: Console) -> Iterator[Table | str]:
    """Yield the cost ladder, the totals, and payback by source with its notes."""
    if has_costs(study.scenario):
        yield _ladder(study)
    else:
        yield f"{NO_COST}: there is no cost ladder\n"
    yield _totals(study)
    yield _sources(study, out)
    yield from _paid_for_others(study)


def _ladder(study: Study) -> Table:
    """Return what one lead, one of each stage, and one customer cost."""
    table = table_of("Cost ladder", "cost of one", escape(study.scenario.currency))
    stages = study.scenario.stages
    steps = [
        name for name in along(stages, study.scenario) if not stages[name].terminal
    ]
    bought = {
        "lead": "leads",
        **{name: f"reached.{name}" for name in steps},
        "customer (CAC)": "customers",
    }
    for label, name in bought.items():
        table.add_row(label, amount(cost_of_one(study, name)))
    return table


def _totals(study: Study) -> Table:
    """Return spend and contracts of the whole horizon."""
    days = f"{study.scenario.horizon:,g} days"
    rows = {
        f"all spend in {days}": "spend",
        f"annual contract value of all opened in {days}": "revenue.pipeline",
        f"annual contract value of all won in {days}": "revenue.won",
    }
    table = table_of("In all", "", escape(study.scenario.currency))
    for label, name in rows.items():
        text = amount(figure_of(study, name))
        if text != NONE:
            table.add_row(label, text)
    return table


def _sources(study: Study, out: Console) -> Table:
    """Return leads, customers, spend, cost and payback of each source, and of all."""
    deal = study.scenario.deal
    churn = ",\nchurn included" if deal and deal.monthly_churn else ""
    heads = ("leads", "customers", "spend", "per lead", "CAC")
    counts, bought = ("leads", "customers", "spend"), ("leads", "customers")
    free = not has_costs(study.scenario)
    rows = {}
    sources = list(study.scenario.sources)
    for source in [*sources, None] if len(sources) > 1 else sources:
        costs = (NOTHING if free else cost_of_one(study, at, source) for at in bought)
        rows[escape(source or ALL_SOURCES)] = [
            *(figure(figure_of(study, name, source).mean) for name in counts),
            *(figure(cost.mean) for cost in costs),
            NONE if free else _months_said(payback(study, source)),
        ]
    columns = (*heads, f"payback, months{churn}")
    return laid_out(out, "Payback by source", columns, rows, "source")


def _paid_for_others(study: Study) -> Iterator[str]:
    """Yield a note for each source that spends and wins nobody itself."""
    for source in study.scenario.sources:
        spend = figure_of(study, "spend", source).mean
        if spend > 0 and not figure_of(study, "customers", source).mean:
            yield (
                f"{source}: {figure(spend)} {study.scenario.currency} spent and no "
                "customer of its own; what it does for other sources says simlib credit"
            )


def cost_of_one(study: Study, name: str, source: str | None = None) -> Interval:
    """Return what one costs over all runs together: some runs may have none."""
    if name not in study.names:
        return NOTHING
    return ratio_interval(study.values("spend", source), study.values(name, source))


def payback(study: Study, source: str | None = None) -> Interval:
    """Return the months to payback over all runs together, as `cost_of_one` has CAC.

    Spend over the customers' gross margin per month; churn stretches it by the
    formula of `simlib.money.payback`, which keeps the order, so that the ends of an
    interval stay its ends.
    """
    deal = study.scenario.deal
    if deal is None or not deal.gross_margin:
        return NOTHING
    margin = study.values("revenue.won", source) / MONTHS_A_YEAR * deal.gross_margin
    even = cut(ratio_interval(study.values("spend", source), margin))
    mean, low, high = (
        abs(payback_months(at, 1.0, deal.monthly_churn)) for at in even.parts
    )
    return Interval(mean, low, high, even.replications)


def _months_said(found: Interval) -> str:
    """Return months with their interval; an end that no margin pays is never."""
    if not any(math.isinf(at) for at in found.parts):
        return number(found)
    mean, low, high = (NEVER if math.isinf(at) else figure(at) for at in found.parts)
    return escape(f"{mean} [{low}, {high}]")
