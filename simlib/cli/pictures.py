"""Pictures of one run as files.

In: a scenario, a seed and a folder. Out: PNG files. What is in a picture is decided in
`simlib.plots`; how it is computed, in the rooms of the tables.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simlib.errors import FileError

if TYPE_CHECKING:
    from simlib.scenario import Scenario


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
    """Draw the first run of a study into a folder; return the files."""
    os.environ["MPLBACKEND"] = "Agg"  # files need no screen
    from simlib import funnel, money, plots
    from simlib.run import simulate

    run = simulate(scenario, seed=seed, engine=engine)
    ladder = money.cost_ladder(run)
    pictures: dict[str, Callable[[], Any]] = {
        "funnel": lambda: plots.funnel(funnel.by_stage(run.log)),
        "cohorts": lambda: plots.cohort_curves(funnel.cohort_curves(run.log)),
        "work_in_progress": lambda: plots.work_in_progress(
            funnel.work_in_progress(run.log)
        ),
        "cost_ladder": lambda: plots.cost_ladder(ladder),
    }
    if scenario.teams:
        pictures["response_times"] = lambda: plots.response_times(
            funnel.response_curve(run.log)
        )
    return [
        str(plots.save(picture(), folder / f"{name}.png"))
        for name, picture in pictures.items()
    ]
