"""The terminal report: funnel, teams, cost ladder, and payback by source.

In: a study. Out: tables on standard output. It
computes nothing but the ratio of two means, and cuts off what no figure can be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from simlib.cli.figures import NOTHING, figure_of
from simlib.cli.ordering import along
from simlib.metrics import describe
from simlib.scenario import Scenario
from simlib.studies import Interval, Study, ratio_interval

NARROWEST = 80
NONE = "-"
MONTH = (28, 32)  # days: what anybody calls a month


def show(study: Study) -> None:
    """Print the report of a study."""
    out, said, runs = console(), study.scenario, study.replications
    out.print(f"[bold]{escape(said.name)}[/]")
    out.print(
        f"{said.horizon:,g} days{_months(said)}, {runs} run{'' if runs == 1 else 's'}, "
        f"seed {study.seed}, amounts in {escape(said.currency)}"
    )
    if runs > 1:
        out.print(
            "mean of a run [95% interval of the mean, cut where no mean can be]",
            markup=False,
        )
        out.print("cost of one: the mean spend divided by the mean number of them")
    else:
        out.print("one run has no intervals: ask for --replications 20")
    out.print()
    for table in _tables(study):
        out.print(table)


def _months(scenario: Scenario) -> str:
    """Return how many months the days are, where a month is not what one thinks."""
    days = scenario.days_per_month
    if MONTH[0] <= days <= MONTH[1]:
        return ""
    return f" ({figure(scenario.horizon / days)} months of {days:g} days)"


def show_scenarios(found: dict[str, Scenario]) -> None:
    """Print the names of scenarios, and what each is for."""
    table = table_of("", "name", "what it is")
    for name, scenario in found.items():
        about = f"{scenario.name}. {' '.join(scenario.description.split())}"
        table.add_row(name, escape(about))
    console().print(table)


def console() -> Console:
    """Return standard output; a file or a pipe gets lines that are never cut."""
    out = Console(highlight=False)
    return out if out.is_terminal else Console(width=100, highlight=False)


def say(out: Console, text: str) -> None:
    """Print a sentence; a terminal breaks it between words, a file gets it whole."""
    out.print(text, markup=False, soft_wrap=not out.is_terminal)


def shown(metric: str) -> Callable[[Interval], str]:
    """Return what shows a metric's interval: shares as per cent."""
    return share if describe(metric).unit == "share" else number


def table_of(title: str, *columns: str) -> Table:
    """Return an empty table: the first column is text, the others are numbers."""
    table = Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for number, name in enumerate(columns):
        is_text = number == 0 or name.startswith("what")
        table.add_column(
            name,
            justify="left" if is_text else "right",
            no_wrap=not is_text,
            overflow="fold",
        )
    return table


def _tables(study: Study) -> Iterator[Table]:
    yield _funnel(study)
    yield _outcome(study)
    if study.scenario.teams:
        yield _teams(study)
    yield _ladder(study)
    yield _sources(study)


def _funnel(study: Study) -> Table:
    """Return how many reached each stage, and what share of all that is."""
    everybody = "visitors" if "visitors" in study.names else "leads"
    table = table_of("Funnel", "stage", "people who reached it", f"of all {everybody}")
    base = figure_of(study, everybody).mean
    prefix = "reached."
    found = [name.removeprefix(prefix) for name in study.names if prefix in name]
    for stage in along(found, study.scenario):
        reached = figure_of(study, f"reached.{stage}")
        part = reached.mean / base if base else math.nan
        table.add_row(stage, _amount(reached), percent(part))
    return table


def _outcome(study: Study) -> Table:
    """Return what became of the leads, and how long it took."""
    rows = {
        "leads": (_amount, "leads"),
        "customers": (_amount, "customers"),
        "lost": (_amount, "lost"),
        "still in progress": (_amount, "in_progress"),
        "visitors who became leads": (_part, "conversion.visit_to_lead"),
        "leads who became customers": (_part, "conversion.lead_to_customer"),
        "closed deals that were won": (_part, "win_rate"),
        "days to customer, mean": (_amount, "days_to_customer.mean"),
        "days to customer, median": (_amount, "days_to_customer.median"),
    }
    table = table_of("Outcome", "", "number" if study.replications == 1 else "mean")
    for label, (as_text, name) in rows.items():
        text = as_text(figure_of(study, name))
        if text != NONE:
            table.add_row(label, text)
    return table


def _teams(study: Study) -> Table:
    """Return how long leads waited for each team, and how busy it was."""
    table = table_of("Teams", "team", "wait, days", "gave up", "busy")
    for team in study.scenario.teams:
        table.add_row(
            team,
            _amount(figure_of(study, f"wait_days.{team}.mean")),
            _part(figure_of(study, f"gave_up.{team}.share")),
            _part(figure_of(study, f"utilisation.{team}")),
        )
    return table


def _ladder(study: Study) -> Table:
    """Return what one lead, one of each stage, and one customer cost."""
    currency = escape(study.scenario.currency)
    table = table_of("Cost ladder", "cost of one", currency)
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
        table.add_row(label, _amount(_cost_of_one(study, name)))
    rows = {
        "all spend": "spend",
        "pipeline opened": "revenue.pipeline",
        "contracts won, a year": "revenue.won",
    }
    for label, name in rows.items():
        table.add_row(label, _amount(figure_of(study, name)))
    return table


def _sources(study: Study) -> Table:
    """Return leads, customers, cost and payback of each source."""
    table = table_of(
        "Payback by source",
        *("source", "leads", "customers", "per lead", "CAC", "payback, months"),
    )
    counts = ("leads", "customers")
    partly = False
    for source in study.scenario.sources:
        payback = figure_of(study, "payback_months", source)
        some = 0 < payback.replications < study.replications
        partly |= some
        table.add_row(
            source,
            *(figure(figure_of(study, name, source).mean) for name in counts),
            *(figure(_cost_of_one(study, name, source).mean) for name in counts),
            _amount(payback) + ("*" if some else " "),
        )
    if partly:
        table.caption = "* only of the runs with a customer of this source: too short"
        table.caption_justify = "left"
    return table


def _cost_of_one(study: Study, name: str, source: str | None = None) -> Interval:
    """Return what one costs over all runs together: some runs may have none."""
    if name not in study.names:
        return NOTHING
    return ratio_interval(study.values("spend", source), study.values(name, source))


def _amount(interval: Interval) -> str:
    """Return a mean that is never below 0, its interval cut there."""
    return number(_cut(interval))


def _part(interval: Interval) -> str:
    """Return a share as per cent, its interval cut at 0 and 1."""
    return share(_cut(interval, most=1.0))


def _cut(found: Interval, most: float = math.inf) -> Interval:
    """Return an interval without what no mean can be: it holds the truth as often."""
    # In this order: a nan compares with nothing, and stays.
    return replace(found, low=max(found.low, 0.0), high=min(found.high, most))


def number(interval: Interval) -> str:
    """Return ``mean [low, high]`` in as many digits as one reads; - for nothing."""
    return _with_interval(interval, figure)


def share(interval: Interval) -> str:
    """Return a share as per cent, with its interval."""
    return _with_interval(interval, percent)


def _with_interval(interval: Interval, as_text: Callable[[float], str]) -> str:
    mean, low, high = map(as_text, (interval.mean, interval.low, interval.high))
    return escape(mean if NONE in {low, high} else f"{mean} [{low}, {high}]")


def figure(value: float) -> str:
    """Return a number in as many digits as one reads, never in powers of ten."""
    if not math.isfinite(value):
        return NONE
    if float(value).is_integer():
        return f"{value:,.0f}"
    for least, decimals in ((100, 0), (10, 1), (1, 2)):
        if abs(value) >= least:
            return f"{value:,.{decimals}f}"
    return f"{value:.3f}"


def percent(value: float) -> str:
    """Return a share as per cent."""
    return f"{figure(100 * value)}%" if math.isfinite(value) else NONE
