"""Pictures of one run as files.

In: a scenario, a seed and a folder. Out: PNG files. What is in a picture is decided in
`simlib.plots`; how it is computed, in the rooms of the tables.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simlib.cli.ordering import along
from simlib.errors import FileError
from simlib.scenario.steps import passed_by

if TYPE_CHECKING:
    import pandas as pd

    from simlib.scenario import Scenario

MOST_SOURCES = 6


def prepared(folder: Path) -> Path:
    """Return a folder that exists; make it if need be.

    Raises
    ------
    FileError
        If it cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileError(f"{folder}: no folder to write to ({reason})") from None
    return folder


def draw(scenario: Scenario, seed: int, engine: str, folder: Path) -> list[str]:
    """Draw the first run of a study into a folder; return the files.

    What nobody lived to see is not drawn: without leads there are no cohorts, and
    without a cost there is no ladder.
    """
    os.environ["MPLBACKEND"] = "Agg"  # files need no screen
    from simlib import funnel, money, plots
    from simlib.cli.alike import has_costs
    from simlib.run import simulate

    run = simulate(scenario, seed=seed, engine=engine)
    several = len(scenario.sources) > MOST_SOURCES
    title = "What one costs, by the sources that won most" if several else ""
    cost_ladder = partial(plots.cost_ladder, title=title)
    which = f"How far they come, and where they leak: first run, seed {seed}"
    ladder = _largest(money.cost_ladder(run))
    ladder["aside"] = ladder["rung"].isin(passed_by(scenario))
    leaks = partial(plots.funnel, title=which)
    pictures: dict[str, tuple[Callable[..., Any], pd.DataFrame]] = {
        "funnel": (leaks, _along(funnel.by_stage(run.log), "stage", scenario)),
        "cohorts": (plots.cohort_curves, funnel.cohort_curves(run.log)),
        "work_in_progress": (plots.work_in_progress, funnel.work_in_progress(run.log)),
        "cost_ladder": (cost_ladder, _along(ladder, "rung", scenario)),
        "response_times": (plots.response_times, funnel.response_curve(run.log)),
    }
    if not has_costs(scenario):
        del pictures["cost_ladder"]
    return [
        str(plots.save(picture(table), folder / f"{name}.png"))
        for name, (picture, table) in pictures.items()
        if len(table)
    ]


def _along(table: pd.DataFrame, column: str, scenario: Scenario) -> pd.DataFrame:
    """Return a table's rows with its stages in the order of the path."""
    places = {name: i for i, name in enumerate(along(table[column], scenario))}
    return table.sort_values(
        column, key=lambda names: names.map(places), kind="stable", ignore_index=True
    )


def _largest(ladder: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the sources that won most: more lines cannot be read."""
    won = ladder[ladder["rung"] == ladder["rung"].iloc[-1]]
    kept = won.nlargest(MOST_SOURCES, "reached")["source"]
    return ladder[ladder["source"].isin(kept)]
