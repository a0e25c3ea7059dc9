"""Leads in motion: a run as dots that flow, wait, leak, are nurtured and come back.

In: one run, or two on the same buyers. Out: a widget for JupyterLab, and a still
picture wherever there is no browser. The room itself can be called, so that
``sl.motion(run)`` and ``simlib.motion.segments`` both work. It simulates nothing.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from simlib.errors import LogError, StudyError, nearest
from simlib.log import UNKNOWN_KIND, EventLog
from simlib.motion.segments import Place, Segments, places, segments, spots
from simlib.run import Run

if TYPE_CHECKING:
    from simlib.motion.widget import Motion

__all__ = ["Place", "Segments", "motion", "places", "segments", "spots"]

BYS = ("source", "kind")
MOST = 8000


def motion(
    run: Run | EventLog,
    other: Run | EventLog | None = None,
    by: str = "source",
    *,
    names: tuple[str, str] = ("A", "B"),
    most: int = MOST,
) -> Motion:
    """Show leads as dots on their way through the stages.

    Parameters
    ----------
    run : Run or EventLog
    other : Run or EventLog, optional
        A second world, shown beside the first by the same clock. The same dot is the
        same buyer in both.
    by : {"source", "kind"}
        What colours and shapes say; it can be changed with a click.
    names : tuple of str
        What the two worlds are called.
    most : int
        How many dots are drawn; of more leads a fair part is shown. The numbers in
        the picture always count all of them.

    Returns
    -------
    Motion
        The widget, to be shown as the last line of a cell.

    Raises
    ------
    StudyError
        For an unknown `by`, for something that is no run, and for two runs that do
        not have the same buyers.
    LogError
        For a log without a single lead, or without kinds where `by` asks for them.
    """
    from simlib.motion.widget import Motion

    if by not in BYS:
        raise StudyError(
            f"motion: by '{by}': it must be one of {', '.join(BYS)}.{nearest(by, BYS)}"
        )
    if most < 1:
        raise StudyError(f"motion: most {most}: at least 1 dot must be drawn")
    _same_buyers(run, other)
    logs = _one(run) if other is None else _two(run, other, names)
    for log in logs.values():
        _can_be_shown(log, by)
    return Motion(logs, by, most)


def _one(run: Run | EventLog) -> dict[str, EventLog]:
    """Return one world by the name of its scenario."""
    log = _log(run)
    return {str(log.meta.get("scenario", "run")): log}


def _two(
    run: Run | EventLog, other: Run | EventLog, names: tuple[str, str]
) -> dict[str, EventLog]:
    """Return both worlds by their names."""
    if len(set(names)) != 2:
        raise StudyError(f"motion: names {names}: two worlds need two different names")
    return dict(zip(names, (_log(run), _log(other)), strict=True))


def _log(run: object) -> EventLog:
    """Return the log of a run, or the log that was given."""
    if isinstance(run, Run):
        return run.log
    if isinstance(run, EventLog):
        return run
    raise StudyError(
        f"motion: it shows a run or an event log, and was given a "
        f"{type(run).__name__}; make a run with sl.simulate(scenario)"
    )


def _same_buyers(run: object, other: object) -> None:
    """Raise `StudyError` for two runs whose randomness has different addresses."""
    if not (isinstance(run, Run) and isinstance(other, Run)):
        return
    ours, theirs = (run.seed, run.replication), (other.seed, other.replication)
    if ours != theirs:
        raise StudyError(
            f"motion: the two runs have different buyers: seed {ours[0]}, replication "
            f"{ours[1]} and seed {theirs[0]}, replication {theirs[1]}; simulate both "
            f"with the same"
        )


def _can_be_shown(log: EventLog, by: str) -> None:
    """Raise `LogError` for a log that has nothing to show."""
    if not len(log.leads):
        raise LogError("motion: nobody came in this run, there is nothing to show")
    if by == "kind" and (log.leads.kind == UNKNOWN_KIND).all():
        raise LogError(
            "motion: by 'kind': this log knows no kinds, as a CRM does not; show it "
            "by='source'"
        )


class _Room(ModuleType):
    """A room that can be called as its main function."""

    def __call__(self, *args: Any, **kwargs: Any) -> Motion:
        return motion(*args, **kwargs)


_Room.__call__.__doc__ = motion.__doc__
sys.modules[__name__].__class__ = _Room
