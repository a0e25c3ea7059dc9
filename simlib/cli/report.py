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

from simlib.cli.figures import figure_of
from simlib.cli.ordering import along
from simlib.metrics import describe
from simlib.scenario import Scenario
from simlib.studies import Interval, Study
from simlib.studies.told import NONE, figure

NARROWEST = 80
MONTH = (28, 32)  # days: what anybody calls a month


def show(study: Study) -> None:
    """Print the report of a study."""
    out, said, runs = console(), study.scenario, study.replications
    out.print(f"[bold]{escape(said.name)}[/]")
    out.print(
        f"{times(said)}, {runs} run{'' if runs == 1 else 's'}, "
        f"seed {study.seed}, amounts in {escape(said.currency)}"
    )
    if runs > 1:
        out.print(
            "mean of a run [95% interval of the mean, cut where no mean can be]",
            markup=False,
        )
        out.print("what one costs, and payback: the mean spend over the mean number")
    else:
        out.print("one run has no intervals: ask for --replications 20")
    out.print()
    for part in _tables(study, out):
        if isinstance(part, str):
            say(out, part)
        else:
            out.print(part)


def times(scenario: Scenario) -> str:
    """Return how long a scenario lasts, and who works in office hours only."""
    teams = scenario.teams.items()
    closing = [name for name, team in teams if team.calendar != "always_on"]
    office = f", {' and '.join(closing)} in office hours" if closing else ""
    return f"{scenario.horizon:,g} days{_months(scenario)}{office}"


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


def _tables(study: Study, out: Console) -> Iterator[Table | str]:
    from simlib.cli import ladders  # it makes its tables by those of this file

    yield _funnel(study)
    yield _outcome(study)
    if study.scenario.teams:
        yield _teams(study)
    yield from ladders.tables(study, out)


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
        table.add_row(stage, amount(reached), percent(part))
    return table


def _outcome(study: Study) -> Table:
    """Return what became of the leads, and how long it took."""
    rows = {
        "leads": (amount, "leads"),
        "customers": (amount, "customers"),
        "lost": (amount, "lost"),
        "still in progress": (amount, "in_progress"),
        "visitors who became leads": (_part, "conversion.visit_to_lead"),
        "leads who became customers": (_part, "conversion.lead_to_customer"),
        "closed deals that were won": (_part, "win_rate"),
        "days to customer, mean": (amount, "days_to_customer.mean"),
        "days to customer, median": (amount, "days_to_customer.median"),
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
            amount(figure_of(study, f"wait_days.{team}.mean")),
            _part(figure_of(study, f"gave_up.{team}.share")),
            _part(figure_of(study, f"utilisation.{team}")),
        )
    return table


def amount(interval: Interval) -> str:
    """Return a mean that is never below 0, its interval cut there."""
    return number(cut(interval))


def _part(interval: Interval) -> str:
    """Return a share as per cent, its interval cut at 0 and 1."""
    return share(cut(interval, most=1.0))


def cut(found: Interval, most: float = math.inf) -> Interval:
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
    mean, low, high = map(as_text, interval.parts)
    return escape(mean if NONE in {low, high} else f"{mean} [{low}, {high}]")


def percent(value: float) -> str:
    """Return a share as per cent."""
    return f"{figure(100 * value)}%" if math.isfinite(value) else NONE
