"""How a figure stands in a table: its unit, its interval, and whether all runs have it.

In: metrics and intervals. Out: text. It computes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape, render
from rich.table import Table

from simlib.cli.report import cut, shown, table_of
from simlib.metrics import describe
from simlib.scenario import Scenario
from simlib.studies import Interval
from simlib.studies.told import NONE, figure, unit_of

SOME = "*"
FEWEST = 2  # pairs that have an interval
TOO_WIDE = 1000
ABOUT_SOME = f"{SOME} not defined in every run: the mean of those that have it"


def titled(metric: str, scenarios: Iterable[Scenario]) -> str:
    """Return a metric's title with its unit; shares say theirs in each cell."""
    title, unit = describe(metric).title, unit_of(metric, scenarios)
    return escape(f"{title}, {unit}" if unit else title)


def cell(metric: str, found: Interval, runs: int) -> str:
    """Return a mean with its interval, marked if only some of the runs have it."""
    most = 1.0 if describe(metric).unit == "share" else math.inf
    return _marked(shown(metric)(cut(found, most)), found, runs)


def gap_cell(metric: str, found: Interval, runs: int) -> str:
    """Return a difference with its interval; of shares, in percentage points.

    One pair alone is no difference to speak of: it has no interval.
    """
    if found.replications < FEWEST:
        return NONE
    if describe(metric).unit != "share":
        return _marked(shown(metric)(found), found, runs)
    ends = [figure(100 * at) for at in found.parts]
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


def laid_out(
    out: Console,
    title: str,
    columns: Sequence[str],
    rows: Mapping[str, Sequence[str]],
    first: str = "",
) -> Table:
    """Return a table of cells; where that is too wide, with a row for each cell."""
    labels = [escape(column) for column in columns]
    table = table_of(title, first, *labels)
    _keep_whole(table, rows, out.width // 2)
    for name, cells in rows.items():
        table.add_row(name, *cells)
    wide = out.options.update(width=TOO_WIDE)
    if out.measure(table, options=wide).maximum > out.width:
        table = _long_table(title, labels, rows, first)
        _keep_whole(table, rows, out.width // 2)
    explain(table, chain.from_iterable(rows.values()))
    return table


def _keep_whole(table: Table, names: Iterable[str], most: int) -> None:
    """Keep the first column whole in a narrow terminal: it says what is what."""
    longest = max((cell_len(render(name).plain) for name in names), default=0)
    head = table.columns[0]
    head.no_wrap, head.min_width = longest <= most, min(longest, most)


def _long_table(
    title: str, labels: Sequence[str], rows: Mapping[str, Sequence[str]], first: str
) -> Table:
    """Return a row for each metric and column."""
    table = table_of(title, first, "what", "mean")
    for name, cells in rows.items():
        heads = [name, *[""] * (len(cells) - 1)]
        for row in zip(heads, labels, cells, strict=True):
            table.add_row(*row)
        table.add_section()
    return table
