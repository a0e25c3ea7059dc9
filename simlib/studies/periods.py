"""A metric month by month, or quarter by quarter, in every replication.

In: a study, and how to run it. Out: counts of events by period. This is a period
view: what happened in the month, whenever the lead was captured. Only
``cohort.customers`` is a cohort view.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from simlib.errors import StudyError, nearest
from simlib.execution import MONTHS, Figures, How, Span, measured
from simlib.studies.intervals import Floats

if TYPE_CHECKING:
    from simlib.studies.study import Study

PERIODS = {"month": 1, "quarter": 3, "year": 12}


def period_values(study: Study, name: str, by: str, how: How) -> Floats:
    """Return a count of each period in each replication of a study.

    Parameters
    ----------
    study : Study
        Its replications are run again, since it keeps no logs.
    name : str
        ``leads``, ``customers``, ``lost``, ``reached.STAGE`` (entries into it),
        ``spend``, ``hand_raisers`` of a market, or ``cohort.customers``: those leads of
        the period who were customers by the horizon.
    by : {"month", "quarter", "year"}
        A last period that is not whole is left out.
    how : How

    Returns
    -------
    array of float64, shape (replications, periods)

    Raises
    ------
    StudyError
        For a metric that does not add up over periods, or another period.
    """
    if by not in PERIODS:
        known = "total, month, quarter, year, source"
        raise StudyError(f"by '{by}': it must be one of {known}.{nearest(by, PERIODS)}")
    scenario = study.scenario
    span = study.span
    asks_more = how.get("executor") is not None or how.get("store") is not None
    found = _measured(span, how) if asks_more else _by_month(span, how.get("engine"))
    if name not in found.names:
        raise StudyError(
            f"metric '{name}' does not add up by {by}; it must be one of "
            f"{', '.join(found.names)}.{nearest(name, found.names)}"
        )
    months = found.numbers[:, :, found.names.index(name)]
    whole = int(scenario.horizon / scenario.days_per_month + 1e-9)
    whole -= whole % PERIODS[by]
    if whole == 0:
        raise StudyError(f"by '{by}': the horizon holds no whole {by}")
    kept = months[:, :whole].reshape(len(months), -1, PERIODS[by])
    counts: Floats = kept.sum(axis=2)
    return counts


def _measured(span: Span, how: How) -> Figures:
    return measured([span], MONTHS, how)[0]


@lru_cache(maxsize=64)
def _by_month(span: Span, engine: str | None) -> Figures:
    """Return all counts by month; who asks for a second one need not wait again."""
    return _measured(span, {"engine": engine or "auto"})
