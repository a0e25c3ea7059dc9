"""Stays in stages, read from a log for fitting: how each began, ended, or goes on.

In: an `EventLog`, of a run or from a CRM export. Out: `Sojourns`, one row for each
visit to a stage that is not an end. It fits nothing and drops no row; what cannot be
used is marked.

A lead whose first known stage is not the usual one is taken to have come through the
usual one at once: in an export a skipped stage is a missing date, not another source.

A register that starts late. Deals are often recorded from a day on, while the list of
leads goes back further: then whatever ended before that day was never seen. For stays
begun before it, `since` is their age on that day, and `carried` says which of two
things happened: only stays that still went on were carried over (left truncation), or
the lead is listed whether or not its stay had ended (nothing is known before).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.draws import Floats
from simlib.errors import DataError
from simlib.funnel import Histories, aalen_johansen, histories, kaplan_meier
from simlib.funnel.columns import Flags, Ints
from simlib.funnel.survival import Incidence
from simlib.log import EventLog, Graph

if TYPE_CHECKING:
    import pandas as pd

STILL = -1
CARRIED = ("all", "open")
SURE_OF_LATE_START = 7.0  # expected ends, none of them seen: a chance below 1 in 1,000


@dataclass(frozen=True)
class Sojourns:
    """Stays in stages, by lead and then by time; arrays of one length.

    Attributes
    ----------
    lead, source, stage : array of int, codes of the log
    to : array of int
        Code of the next stage; `STILL` for a stay that goes on (cut at the horizon).
        One beyond the stages stands for "ended by visit cap".
    entered, left : array of float64, days
    since : array of float64, days
        Age from which the stay was watched; 0 if it was from its beginning.
    unseen : array of bool
        Whether it may have ended unnoticed before the age `since`.
    graph : Graph
    entry : int
        Code of the stage in which leads begin.
    whole_days : bool
        Whether times are only dates.
    """

    lead: Ints
    source: Ints
    stage: Ints
    to: Ints
    entered: Floats
    left: Floats
    since: Floats
    unseen: Flags
    graph: Graph
    entry: int
    whole_days: bool

    def __len__(self) -> int:
        return len(self.lead)

    @property
    def days(self) -> Floats:
        """How long each stay took, or has taken so far."""
        return self.left - self.entered

    @property
    def is_over(self) -> Flags:
        """Whether the lead has left."""
        return np.asarray(self.to != STILL)

    @property
    def stage_names(self) -> tuple[str, ...]:
        """Names by code; the last is the end by visit cap."""
        return (*self.graph.stage_names, "visit cap")

    def of_stage(self, stage: int) -> Sojourns:
        """Return the stays in one stage."""
        return self.only(self.stage == stage)

    def only(self, rows: Flags) -> Sojourns:
        """Return the chosen rows."""
        names = ("lead", "source", "stage", "to", "entered", "left", "since", "unseen")
        return replace(self, **{name: getattr(self, name)[rows] for name in names})

    def incidence(self, ways: Ints) -> Incidence:
        """Return the cumulative incidence of leaving by each of `ways` (codes).

        Stays that began before their register did are left out where their end may
        have gone unseen; the others count from the age at which they were watched.
        """
        used = self.only(~self.unseen)
        end = np.full(len(used), -1)
        for number, way in enumerate(ways):
            end[used.to == way] = number
        if not used.since.any():
            return aalen_johansen(used.days, end, len(ways))
        return _late_entry_incidence(used.days, used.since, end, len(ways))

    @cached_property
    def table(self) -> pd.DataFrame:
        """The stays as a DataFrame with names; times in days."""
        import pandas as pd

        names = np.array([*self.stage_names, ""], dtype=object)
        return pd.DataFrame(
            {
                "lead": self.lead,
                "source": np.array(self.graph.sources, dtype=object)[self.source],
                "stage": names[self.stage],
                "entered": self.entered,
                "left": self.left,
                "to": names[self.to],
                "censored": ~self.is_over,
                "watched_from_age": self.since,
                "may_have_ended_unseen": self.unseen,
            }
        )


def _late_entry_incidence(
    days: Floats, since: Floats, end: Ints, ways: int
) -> Incidence:
    """Return the Aalen-Johansen estimate with left-truncated stays.

    A stay is at risk at u if since < u <= days. Before anybody is at risk nothing is
    known, and the curve says what holds from then on.
    """
    times = np.unique(days)
    at_risk = np.searchsorted(np.sort(since), times, side="left") - np.searchsorted(
        np.sort(days), times, side="left"
    )
    ended = np.array(
        [
            np.bincount(np.searchsorted(times, days[end == way]), minlength=len(times))
            for way in range(ways)
        ]
    ).reshape(ways, len(times))
    risk = np.maximum(at_risk, 1)
    going_on = np.cumprod(1 - np.minimum(ended.sum(axis=0) / risk, 1.0))
    before = np.append(1.0, going_on)[: len(times)]
    return Incidence(times, np.cumsum(before * ended / risk, axis=1), going_on, at_risk)


def sojourns(log: EventLog) -> Sojourns:
    """Return the stays of a log, with late registers marked.

    Read from ``log.meta``, all optional: ``whole_days``; ``register_starts`` (day on
    which ends begin to be recorded, found by itself if missing); ``register_carried``
    ("all" or "open", see the module's text).

    Raises
    ------
    DataError
        If there is no lead in the log.
    """
    told = histories(log)
    visits = told.visits
    if not len(visits.lead):
        raise DataError("the log has no leads: there is nothing to fit")
    is_end = told.marks.is_won | told.marks.is_lost
    rows = np.flatnonzero(~is_end[visits.stage])
    after = np.append(visits.stage[1:], STILL)
    stays = Sojourns(
        lead=visits.lead[rows],
        source=told.source[visits.lead[rows]],
        stage=visits.stage[rows],
        to=np.where(visits.is_over, after, STILL)[rows],
        entered=visits.entered[rows],
        left=visits.left[rows],
        since=np.zeros(len(rows)),
        unseen=np.zeros(len(rows), dtype=bool),
        graph=log.graph,
        entry=_usual_entry(visits.lead, visits.stage, is_end),
        whole_days=_whole_days(log),
    )
    stays = _with_skipped_entry(stays, told)
    return _with_late_start(stays, log)


def _usual_entry(lead: Ints, stage: Ints, is_end: Flags) -> int:
    first = stage[np.append(True, lead[1:] != lead[:-1])]
    counts = np.bincount(first, minlength=len(is_end))
    counts[is_end[: len(counts)]] = 0
    return int(counts.argmax())


def _whole_days(log: EventLog) -> bool:
    said = log.meta.get("whole_days")
    if said is not None:
        return bool(said)
    return bool(np.all(log.time == np.floor(log.time)))


def _with_skipped_entry(stays: Sojourns, told: Histories) -> Sojourns:
    """Add a stay of no length in the usual first stage for leads that skipped it."""
    lead, stage, entered = told.visits.lead, told.visits.stage, told.visits.entered
    first = np.flatnonzero(np.append(True, lead[1:] != lead[:-1]))
    rows = first[stage[first] != stays.entry]
    if not len(rows):
        return stays
    extra = {
        "lead": lead[rows],
        "source": told.source[lead[rows]],
        "stage": np.full(len(rows), stays.entry),
        "to": stage[rows],
        "entered": entered[rows],
        "left": entered[rows],
        "since": np.zeros(len(rows)),
        "unseen": np.zeros(len(rows), dtype=bool),
    }
    joined = {
        name: np.concatenate([getattr(stays, name), more])
        for name, more in extra.items()
    }
    order = np.lexsort((joined["left"], joined["entered"], joined["lead"]))
    sorted_: dict[str, Any] = {name: joined[name][order] for name in joined}
    return replace(stays, **sorted_)


def _with_late_start(stays: Sojourns, log: EventLog) -> Sojourns:
    """Mark stays that began before the ends of their stage were recorded."""
    carried = log.meta.get("register_carried", "all")
    if carried not in CARRIED:
        raise DataError(f"register_carried: '{carried}'; it must be all or open")
    since, unseen = stays.since.copy(), stays.unseen.copy()
    for stage, start in register_starts(stays, log).items():
        rows = np.flatnonzero(stays.stage == stage)
        age = start - stays.entered[rows]
        late = (age > 0) & (stays.left[rows] >= start)
        since[rows[late]] = age[late]
        unseen[rows[late]] = carried == "all"
    return replace(stays, since=since, unseen=unseen)


def register_starts(stays: Sojourns, log: EventLog) -> dict[int, float]:
    """Return the day on which ends begin to be recorded, by stage code.

    Said by ``log.meta["register_starts"]`` for all stages, or found: a stage whose
    first end comes so late that `SURE_OF_LATE_START` or more ends were to be expected
    before, judged by the stays that began afterwards.
    """
    said = log.meta.get("register_starts")
    found: dict[int, float] = {}
    for stage in np.unique(stays.stage).tolist():
        start = _late_start(stays.of_stage(stage)) if said is None else float(said)
        if start is not None and start > 0:
            found[stage] = start
    return found


def _late_start(stays: Sojourns) -> float | None:
    """Return when a stage's register started, or None if it was there all the time."""
    real = stays.only(stays.days > 0)
    if not real.is_over.any():
        return None
    first = float(real.left[real.is_over].min())
    before, after = real.only(real.entered < first), real.only(real.entered >= first)
    if len(before) < SURE_OF_LATE_START or len(after) < SURE_OF_LATE_START:
        return None
    curve = kaplan_meier(after.days, after.is_over)
    ages = first - before.entered
    place = np.searchsorted(curve.days, ages, side="left")
    expected = float(np.sum(1 - np.append(1.0, curve.going_on)[place]))
    return first if expected >= SURE_OF_LATE_START else None
