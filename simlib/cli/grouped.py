"""A comparison month by month, quarter by quarter, or source by source.

In: a comparison. Out: one tidy table, printed or as JSON. It computes nothing but means
and paired differences, by `simlib.studies`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from simlib.cli import alike
from simlib.cli.cells import cell, gap_cell, laid_out, titled
from simlib.cli.compared import Pair, label
from simlib.cli.figures import NOTHING
from simlib.cli.options import Way
from simlib.cli.report import console, say
from simlib.cli.tables import json_of
from simlib.errors import StudyError, nearest
from simlib.metrics import describe
from simlib.studies import Comparison, Interval, Study, interval
from simlib.studies.periods import period_values

if TYPE_CHECKING:
    import pandas as pd

    from simlib.execution import How

WAYS = ("month", "quarter", "source")
USUAL = {
    "source": ("leads", "customers", "conversion.lead_to_customer", "spend", "cac"),
    "month": ("leads", "customers", "spend"),
    "quarter": ("leads", "customers", "spend"),
}
COLUMNS = ("mean", "low", "high", "unit", "replications")


def way_of(by: str | None) -> str | None:
    """Return by what a comparison is told apart.

    Raises
    ------
    StudyError
        For anything but a month, a quarter or a source.
    """
    if by is not None and by not in WAYS:
        known = ", ".join(WAYS)
        raise StudyError(f"--by {by}: it must be one of {known}.{nearest(by, WAYS)}")
    return by


def table_of_groups(found: Comparison, names: Sequence[str], by: str) -> pd.DataFrame:
    """Return means and paired differences of each period or source.

    Parameters
    ----------
    found : Comparison
    names : sequence of str
        The metrics; by default the usual ones.
    by : {"month", "quarter", "source"}

    Returns
    -------
    DataFrame
        ``world`` (or ``A - B``), ``metric``, the period (from 1) or source, ``mean``,
        ``low``, ``high``, ``unit``, ``replications``.

    Raises
    ------
    StudyError
        For a metric that does not add up over periods.
    """
    import pandas as pd

    chosen = list(names) or USUAL[by]
    worlds = [
        _of_world(study, name, by, found.how).assign(world=world, metric=name)
        for world, study in found.studies.items()
        for name in chosen
        if name in study.names
    ]
    gaps = [
        _between(found, name, (one, two), by)
        for one, two in combinations(found.studies, 2)
        for name in chosen
        if all(name in found.studies[world].names for world in (one, two))
    ]
    columns = ["world", "metric", by, *COLUMNS]
    return pd.concat([*worlds, *gaps], ignore_index=True)[columns]


def _of_world(study: Study, name: str, by: str, how: How) -> pd.DataFrame:
    """Return the means of one world, a row for each period or source."""
    import pandas as pd

    if by == "source":
        return study.summary([name], by)
    found = [interval(values) for values in period_values(study, name, by, how).T]
    figures = [(at.mean, at.low, at.high, at.replications) for at in found]
    table = pd.DataFrame(figures, columns=["mean", "low", "high", "replications"])
    return table.assign(unit=describe(name).unit, **{by: range(1, len(found) + 1)})


def _between(found: Comparison, name: str, pair: Pair, by: str) -> pd.DataFrame:
    """Return the paired differences of two worlds, as `_of_world` has the means."""
    gap = found.difference(name, *pair, by)
    assert not isinstance(gap, Interval)
    return gap.assign(world=label(pair), metric=name)


def show_groups(found: Comparison, table: pd.DataFrame, by: str) -> None:
    """Print a table for each metric: a row for each period or source."""
    out, first = console(), next(iter(found.studies.values()))
    for line in alike.lines_above(found.studies):
        say(out, line)
    worlds = list(found.studies)
    columns = [*worlds, *(label((worlds[0], other)) for other in worlds[1:])]
    for name, part in table.groupby("metric", sort=False):
        title = titled(str(name), found.scenarios.values())
        rows = {
            str(group) if by == "source" else f"{by} {group}": [
                (cell if at in worlds else gap_cell)(
                    str(name), _at(here, at), first.replications
                )
                for at in columns
            ]
            for group, here in part.groupby(by, sort=False)
        }
        out.print(laid_out(out, title, columns, rows))
    say(out, "Each interval holds by itself: of twenty, expect one to miss the truth.")


def tell(way: Way, found: Comparison, table: pd.DataFrame, by: str) -> None:
    """Print a comparison by period or source, or its JSON; write its table."""
    way.tell(
        table,
        lambda: show_groups(found, table, by),
        lambda: json_of(table),
        lambda: table,
    )


def _at(rows: pd.DataFrame, column: str) -> Interval:
    """Return the figure of a world or difference, `NOTHING` if there is none."""
    here = rows[rows["world"] == column]
    if here.empty:
        return NOTHING
    mean, low, high, runs = here.iloc[0][["mean", "low", "high", "replications"]]
    return Interval(float(mean), float(low), float(high), int(runs))
