"""A metric month by month, or quarter by quarter, in every replication.

In: a scenario and the address of its replications. Out: counts of events by period.
This is a period view: what happened in the month, whenever the lead was captured.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from simlib.errors import StudyError, nearest
from simlib.funnel import periods
from simlib.log import EventLog
from simlib.plan import compiled
from simlib.run import simulate
from simlib.scenario import Scenario
from simlib.studies.intervals import Floats

MONTHS = {"month": 1, "quarter": 3}
COUNTED = ("leads", "customers", "lost")
ENTERED = "entered_"


def period_values(
    scenario: Scenario, name: str, by: str, seed: int, replications: int, engine: str
) -> Floats:
    """Return a count of each period in each replication.

    Parameters
    ----------
    scenario : Scenario
    name : str
        ``leads``, ``customers``, ``lost`` or ``reached.STAGE`` (entries into it).
    by : {"month", "quarter"}
        A last period that is not whole is left out.
    seed, replications, engine
        As for `replicate`; the same address gives the same runs.

    Returns
    -------
    array of float64, shape (replications, periods)

    Raises
    ------
    StudyError
        For a metric that is no count of events, or another period.
    """
    if by not in MONTHS:
        known = "month, quarter, source"
        raise StudyError(f"by '{by}': it must be one of {known}.{nearest(by, MONTHS)}")
    tables = _monthly(scenario, seed, replications, engine)
    months = tables[_column(name, tables)]
    whole = int(scenario.horizon / scenario.days_per_month + 1e-9)
    whole -= whole % MONTHS[by]
    if whole == 0:
        raise StudyError(f"by '{by}': the horizon holds no whole {by}")
    kept = months[:, :whole]
    found: Floats = kept.reshape(len(kept), -1, MONTHS[by]).sum(axis=2)
    return found


def _column(name: str, tables: Mapping[str, Floats]) -> str:
    column = name.replace("reached.", ENTERED)
    if column not in tables:
        known = [table.replace(ENTERED, "reached.") for table in tables]
        raise StudyError(
            f"metric '{name}' is no count of events in a period; it must be one of "
            f"{', '.join(known)}.{nearest(name, known)}"
        )
    return column


@lru_cache(maxsize=64)
def _monthly(
    scenario: Scenario, seed: int, replications: int, engine: str
) -> dict[str, Floats]:
    """Return every count by month, shape (replications, months) each."""
    plan = compiled(scenario)
    tables = [
        _counts(simulate(plan, seed, number, engine).log)
        for number in range(replications)
    ]
    return {name: np.stack([table[name] for table in tables]) for name in tables[0]}


def _counts(log: EventLog) -> dict[str, Floats]:
    frame = periods(log)
    wanted = [
        name for name in frame if name in COUNTED or str(name).startswith(ENTERED)
    ]
    return {str(name): frame[name].to_numpy(float) for name in wanted}
