"""What each lead went through, as arrays: the one reading of a log that tables share.

In: an `EventLog`. Out: `Histories`: visits to stages, waits, pieces of work and deals,
and per lead when it came, was captured and ended. Whatever still goes on at the
horizon is cut there. NumPy only, no loop over rows, and no tables: those are made
elsewhere. It never knows a scenario.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from simlib.funnel.columns import Flags, Floats, Ints
from simlib.log import END, ENTER, QUEUE, START, EventLog, LeadTable

NURTURE = "nurture"
STILL = -1
_KEPT = "_histories"


@dataclass(frozen=True)
class Visits:
    """Stays in a stage, by lead and then by time; arrays of one length.

    Attributes
    ----------
    lead : array of int, row in the lead table
    stage : array of int, code; the number of stages stands for "ended by visit cap"
    reason : array of int, why it came here; 0 for an ordinary step
    entered, left : array of float64, days
        A stay that goes on is cut at the horizon.
    is_over : array of bool
        Whether the lead entered another stage (or ended) after this one.
    is_first : array of bool
        Whether it is the lead's first visit to this stage.
    """

    lead: Ints
    stage: Ints
    reason: Ints
    entered: Floats
    left: Floats
    is_over: Flags
    is_first: Flags


@dataclass(frozen=True)
class Spans:
    """Waits, or pieces of work, by lead and then by time; arrays of one length.

    Attributes
    ----------
    lead, stage, team : array of int, codes
    begun, until : array of float64, days
        What goes on at the horizon is cut there.
    end : array of int
        Code of the event that ended it, or `STILL`.
    """

    lead: Ints
    stage: Ints
    team: Ints
    begun: Floats
    until: Floats
    end: Ints

    @property
    def days(self) -> Floats:
        """How long each took, or has taken so far."""
        return self.until - self.begun


@dataclass(frozen=True)
class Deals:
    """Visits to the pipeline stage, by lead and then by time; arrays of one length.

    Attributes
    ----------
    lead : array of int, row in the lead table
    opened, closed : array of float64, days; an open deal closes at nan
    won, lost : array of bool; neither is true for an open deal
    """

    lead: Ints
    opened: Floats
    closed: Floats
    won: Flags
    lost: Flags

    @property
    def still_open(self) -> Flags:
        """Whether a deal is neither won nor lost at the horizon."""
        return np.isnan(self.closed)


class _Columns(NamedTuple):
    """Columns of a log, as it has them; codes are widened where they are used."""

    time: Floats
    lead: Ints
    stage: Ints
    reason: Ints


def histories(log: EventLog) -> Histories:
    """Return the histories of a log, read once and kept with the log."""
    # A log is frozen, but like its `frame` this is only another reading of it: it
    # lives in the instance's dictionary, no field, so that a changed log starts anew.
    kept = vars(log)
    if _KEPT not in kept:
        kept[_KEPT] = Histories(log)
    found: Histories = kept[_KEPT]
    return found


class Histories:
    """A log, read lead by lead.

    An entity is *captured* (and from then on a lead) when it first enters a stage
    that is not anonymous, unless that is a lost end. How a lead stands at the horizon
    is what its last step says: won, lost (ended by the visit cap included), or in
    progress. Visitors who never were leads are neither.

    Attributes
    ----------
    graph : Graph
    leads : LeadTable
    ended : int
        The code that stands for "ended by visit cap" beside those of the stages.
    """

    def __init__(self, log: EventLog) -> None:
        self.graph = log.graph
        self.leads: LeadTable = log.leads
        self.ended = len(log.graph.stages)
        self._log = _Columns(log.time, log.lead, log.stage, log.reason)
        self._order = _lead_order(log.lead, len(log.leads))
        self._event = log.event[self._order]

    @cached_property
    def source(self) -> Ints:
        """The source of each entity, shape (leads,), code."""
        return self.leads.source.astype(np.intp)

    @property
    def horizon(self) -> float:
        """Days observed."""
        return self.graph.horizon

    # --- what is known of a stage ---------------------------------------------------
    # By code; then "ended by visit cap", then (for the code -1) "nowhere".

    @cached_property
    def is_won(self) -> Flags:
        """Whether a stage is the end of a customer, shape (stages + 2,)."""
        ends = [stage.terminal == "won" for stage in self.graph.stages]
        return np.array([*ends, False, False])

    @cached_property
    def is_lost(self) -> Flags:
        """Whether a stage is the end of a lost lead, shape (stages + 2,)."""
        ends = [stage.terminal == "lost" for stage in self.graph.stages]
        return np.array([*ends, True, False])

    @cached_property
    def is_anonymous(self) -> Flags:
        """Whether one may be in a stage without a name, shape (stages + 2,)."""
        return np.array([*(at.anonymous for at in self.graph.stages), False, False])

    @cached_property
    def team_of(self) -> Ints:
        """The team of each stage, or -1, shape (stages,)."""
        teams = {team.name: code for code, team in enumerate(self.graph.teams)}
        return np.array([teams.get(at.team, -1) for at in self.graph.stages], int)

    # --- what happened, in pieces ---------------------------------------------------

    @cached_property
    def visits(self) -> Visits:
        """Every stay in a stage."""
        is_end = self._event == END
        rows = np.flatnonzero((self._event == ENTER) | is_end)
        found = self._order[rows]
        # Codes as the platform's index type: NumPy indexes and counts by it.
        lead = self._log.lead[found].astype(np.intp)
        stage = self._log.stage[found].astype(np.intp)
        if is_end.any():
            stage[is_end[rows]] = self.ended
        entered = self._log.time[found]
        is_over = _same_as_next(lead)
        next_entered = np.append(entered[1:], self.horizon)[: len(rows)]
        return Visits(
            lead=lead,
            stage=stage,
            reason=self._log.reason[found],
            entered=entered,
            left=np.where(is_over, next_entered, self.horizon),
            is_over=is_over,
            is_first=self._is_first(lead, stage),
        )

    def _is_first(self, lead: Ints, stage: Ints) -> Flags:
        """Return which visits are their lead's first to the stage."""
        place = lead * (self.ended + 1) + stage
        rows = np.arange(len(place), dtype=np.int32)
        first = np.zeros(len(self.leads) * (self.ended + 1), dtype=np.int32)
        # Backwards: where a place comes up twice, the earlier visit is written last.
        first[place[::-1]] = rows[::-1]
        return np.asarray(first[place] == rows)

    @cached_property
    def waits(self) -> Spans:
        """Every wait for a person or a slot; ends with START, GIVE_UP or `STILL`."""
        return self._spans(QUEUE)

    @cached_property
    def works(self) -> Spans:
        """Every piece of work, from START on; a slot is held until the next step."""
        return self._spans(START)

    def _spans(self, event: int) -> Spans:
        """Return what begins with an event and ends with the lead's next one."""
        rows = np.flatnonzero(self._event == event)
        after = np.minimum(rows + 1, len(self._order) - 1)
        row, next_row = self._order[rows], self._order[after]
        lead = self._log.lead[row].astype(np.intp)
        stage = self._log.stage[row].astype(np.intp)
        goes_on = (self._log.lead[next_row] != lead) | (after == rows)
        return Spans(
            lead=lead,
            stage=stage,
            team=self.team_of[stage],
            begun=self._log.time[row],
            until=np.where(goes_on, self.horizon, self._log.time[next_row]),
            end=np.where(goes_on, STILL, self._event[after]),
        )

    @cached_property
    def deals(self) -> Deals:
        """Every visit to the pipeline stage, and what came of it.

        A deal is won if the lead then becomes a customer; it is lost if before that
        the lead is lost, leaks (a step with a reason), falls back to nurture, reaches
        the visit cap or enters the pipeline stage anew. Else it is open.
        """
        visits, names = self.visits, self.graph.stage_names
        opens = np.array(
            [*(name == self.graph.pipeline_stage for name in names), False]
        )
        falls_back = np.array([*(name == NURTURE for name in names), False])
        closes = opens | falls_back | (self.is_won | self.is_lost)[:-1]
        rows = np.flatnonzero(opens[visits.stage])
        closing = closes[visits.stage] | (visits.reason > 0)
        closers = np.append(np.flatnonzero(closing), -1)
        closer = closers[np.searchsorted(closers[:-1], rows, side="right")]
        is_closed = (closer >= 0) & (visits.lead[closer] == visits.lead[rows])
        is_won = is_closed & self.is_won[visits.stage[closer]]
        return Deals(
            lead=visits.lead[rows],
            opened=visits.entered[rows],
            closed=np.where(is_closed, visits.entered[closer], np.nan),
            won=is_won,
            lost=is_closed & ~is_won,
        )

    # --- what is known of a lead ----------------------------------------------------

    @cached_property
    def first_entry(self) -> Floats:
        """When each lead first entered each stage, shape (leads, stages), days or nan.

        The last column, beyond the stages, is the end by the visit cap.
        """
        visits = self.visits
        table = np.full((len(self.leads), self.ended + 1), np.nan)
        first = visits.is_first
        table[visits.lead[first], visits.stage[first]] = visits.entered[first]
        return table

    @cached_property
    def arrived(self) -> Floats:
        """When each entity came, shape (leads,), days; nan where the log is silent."""
        return self._first_per_lead(self._first)

    @cached_property
    def captured(self) -> Floats:
        """When each entity became a lead, shape (leads,), days; nan for never."""
        stage = self.visits.stage
        names_itself = ~(self.is_anonymous | self.is_lost)
        if names_itself[stage[self._first]].all():
            return self.arrived
        return self._first_per_lead(np.flatnonzero(names_itself[stage]))

    def _first_per_lead(self, rows: Ints) -> Floats:
        """Return when each entity first made one of the visits, nan for never."""
        found = np.full(len(self.leads), np.nan)
        # Backwards: where a lead comes up twice, the earlier visit is written last.
        found[self.visits.lead[rows][::-1]] = self.visits.entered[rows][::-1]
        return found

    @cached_property
    def _first(self) -> Ints:
        """The first visit of each entity that the log knows."""
        return np.append(0, self._last[:-1] + 1)[: len(self._last)]

    @cached_property
    def _last(self) -> Ints:
        """The last visit of each entity that the log knows."""
        return np.flatnonzero(~self.visits.is_over)

    @cached_property
    def final_stage(self) -> Ints:
        """Where each entity is at the horizon, shape (leads,); -1 for nowhere."""
        found = np.full(len(self.leads), -1, dtype=np.intp)
        found[self.visits.lead[self._last]] = self.visits.stage[self._last]
        return found

    @cached_property
    def final_entry(self) -> Floats:
        """When each entity came to where it is at the horizon, shape (leads,), days."""
        found = np.full(len(self.leads), np.nan)
        found[self.visits.lead[self._last]] = self.visits.entered[self._last]
        return found

    @cached_property
    def was_visitor(self) -> Flags:
        """Whether each entity ever was in an anonymous stage, shape (leads,)."""
        visits = self.visits
        found = np.zeros(len(self.leads), dtype=bool)
        found[visits.lead[self.is_anonymous[visits.stage]]] = True
        return found

    @cached_property
    def is_lead(self) -> Flags:
        """Whether each entity was captured, shape (leads,)."""
        return np.isfinite(self.captured)

    @cached_property
    def is_customer(self) -> Flags:
        """Whether each entity is a customer at the horizon, shape (leads,)."""
        return self.is_won[self.final_stage]

    @cached_property
    def is_lost_lead(self) -> Flags:
        """Whether each entity was a lead and is lost at the horizon, shape (leads,)."""
        return self.is_lead & self.is_lost[self.final_stage]

    @cached_property
    def days_to_customer(self) -> Floats:
        """Days from capture to customer, shape (leads,); nan for other leads."""
        return np.where(self.is_customer, self.final_entry - self.captured, np.nan)


def _lead_order(lead: Ints, leads: int) -> Ints:
    """Return the order that gathers each lead's rows and keeps their sequence."""
    # NumPy sorts 16-bit integers by radix, five times as fast as wider ones.
    small = lead.astype(np.uint16) if leads <= 1 << 16 else lead
    return np.argsort(small, kind="stable")


def _same_as_next(codes: Ints) -> Flags:
    """Return where the next code is the same; False in the last place."""
    same = np.zeros(len(codes), dtype=bool)
    np.equal(codes[1:], codes[:-1], out=same[:-1])
    return same
