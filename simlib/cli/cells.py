"""How a figure stands in a table: its unit, its interval, and whether all runs have it.

In: metrics and intervals. Out: text. It computes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.markup import escape
from rich.table import Table

from simlib.cli.report import NONE, figure, shown
from simlib.metrics import describe
from simlib.scenario import Scenario
from simlib.studies import Interval

SOME = "*"
ABOUT_SOME = f"{SOME} not defined in every run: the mean of those that have it"


def titled(metric: str, scenarios: Iterable[Scenario]) -> str:
    """Return a metric's title with its unit; shares say theirs in each cell."""
    title, unit = describe(metric).title, describe(metric).unit
    if unit in {"share", title}:
        return escape(title)
    if unit == "money":
        currencies = {scenario.currency for scenario in scenarios}
        unit = currencies.pop() if len(currencies) == 1 else "each in its currency"
    return escape(f"{title}, {unit}")


def cell(metric: str, found: Interval, runs: int) -> str:
    """Return a mean with its interval, marked if only some of the runs have it."""
    return _marked(shown(metric)(found), found, runs)


def gap_cell(metric: str, found: Interval, runs: int) -> str:
    """Return a difference with its interval; of shares, in percentage points."""
    if describe(metric).unit != "share":
        return cell(metric, found, runs)
    ends = [figure(100 * at) for at in (found.mean, found.low, found.high)]
    mean, low, high = ends
    points = mean if mean == NONE else f"{mean} pp"
    return _marked(
        escape(points if NONE in {low, high} else f"{points} [{low}, {high}]"),
        found,
        runs,
    )


def _marked(text: str, found: Interval, runs: int) -> str:
    return text + (SOME if 0 < found.replications < runs else "")


def explain(table: Table, cells: Iterable[str]) -> None:
    """Say below a table what its marks mean, if it has any."""
    if any(text.endswith(SOME) for text in cells):
        table.caption = ABOUT_SOME
        table.caption_justify = "left"
