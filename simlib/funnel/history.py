"""What each lead went through, as arrays: the one reading of a log that tables share.

In: an `EventLog`. Out: `Histories`: visits to stages, waits, pieces of work and deals,
and per lead when it came, was captured and ended. Whatever still goes on at the
horizon is cut there. `reading` goes through the rows; there are no tables here: those
are made elsewhere. It never knows a scenario.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simlib.funnel.columns import Flags, Floats, Ints, kept_with
from simlib.funnel.marks import marks_of
from simlib.funnel.reading import Pieces, Reading, closed_deals, reading_of
from simlib.log import EventLog, LeadTable

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
        Code of the event that ended it, or `reading.STILL`.
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


def histories(log: EventLog) -> Histories:
    """Return the histories of a log, read once and kept with the log."""
    return kept_with(log, _KEPT, Histories)


class Histories:
    """A log, read lead by lead.

    An entity is *captured* (and from then on a lead) when it first enters a stage
    that is not anonymous, unless that is a lost end. How a lead stands at the horizon
    is what its last step says: won, lost (ended by the visit cap included), or in
    progress. Visitors who never were leads are neither.

    Attributes
    ----------
    graph : Graph
    marks : Marks
    leads : LeadTable
    ended : int
        The code that stands for "ended by visit cap" beside those of the stages.
    """

    def __init__(self, log: EventLog) -> None:
        self.graph = log.graph
        self.leads: LeadTable = log.leads
        self.ended = len(log.graph.stages)
        self.marks = marks_of(log.graph)
        # Not the log, which keeps this: a ring of references waits for the collector.
        self._columns = log.columns

    @cached_property
    def _read(self) -> Reading:
        return reading_of(self._columns, self.graph, len(self.leads))

    @cached_property
    def source(self) -> Ints:
        """The source of each entity, shape (leads,), code."""
        return self.leads.source.astype(np.intp)

    @property
    def horizon(self) -> float:
        """Days observed."""
        return self.graph.horizon

    # --- what happened, in pieces ---------------------------------------------------

    @cached_property
    def visits(self) -> Visits:
        """Every stay in a stage."""
        return Visits(*[column[:-1] for column in self._read.stays])

    @cached_property
    def waits(self) -> Spans:
        """Every wait for a person or a slot; ends with START, GIVE_UP or STILL."""
        return self._spans(self._read.waits)

    @cached_property
    def works(self) -> Spans:
        """Every piece of work, from START on; a slot is held until the next step."""
        return self._spans(self._read.works)

    def _spans(self, pieces: Pieces) -> Spans:
        """Return pieces with the teams that they took."""
        return Spans(
            lead=pieces.lead,
            stage=pieces.stage,
            team=self.marks.team_of[pieces.stage],
            begun=pieces.begun,
            until=pieces.until,
            end=pieces.end,
        )

    @cached_property
    def deals(self) -> Deals:
        """Every visit to the pipeline stage, and what came of it.

        A deal is won if the lead then becomes a customer; it is lost if before that
        the lead is lost, leaks (a step with a reason), falls back to nurture, reaches
        the visit cap or enters the pipeline stage anew. Else it is open.
        """
        visits, marks = self.visits, self.marks
        rows = np.flatnonzero(marks.opens_deal[visits.stage])
        closed, won, lost = closed_deals(self._read.stays, rows, marks)
        return Deals(visits.lead[rows], visits.entered[rows], closed, won, lost)

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
        return np.asarray(self._read.ends.first_entry)

    @cached_property
    def captured(self) -> Floats:
        """When each entity became a lead, shape (leads,), days; nan for never."""
        names_itself = self.marks.names_itself
        if names_itself.take(self._read.ends.first_stage).all():
            return self.arrived
        rows = np.flatnonzero(names_itself[self.visits.stage])
        found = np.full(len(self.leads), np.nan)
        # Backwards: where a lead comes up twice, the earlier visit is written last.
        found[self.visits.lead[rows][::-1]] = self.visits.entered[rows][::-1]
        return found

    @cached_property
    def final_stage(self) -> Ints:
        """Where each entity is at the horizon, shape (leads,); -1 for nowhere."""
        return np.asarray(self._read.ends.last_stage)

    @cached_property
    def final_entry(self) -> Floats:
        """When each entity came to where it is at the horizon, shape (leads,), days."""
        return np.asarray(self._read.ends.last_entry)

    @cached_property
    def was_visitor(self) -> Flags:
        """Whether each entity ever was in an anonymous stage, shape (leads,)."""
        visits = self.visits
        found = np.zeros(len(self.leads), dtype=bool)
        found[visits.lead[self.marks.is_anonymous[visits.stage]]] = True
        return found

    @cached_property
    def is_lead(self) -> Flags:
        """Whether each entity was captured, shape (leads,)."""
        return np.isfinite(self.captured)

    @cached_property
    def is_customer(self) -> Flags:
        """Whether each entity is a customer at the horizon, shape (leads,)."""
        return self.marks.is_won.take(self.final_stage)

    @cached_property
    def is_lost_lead(self) -> Flags:
        """Whether each entity was a lead and is lost at the horizon, shape (leads,)."""
        return self.is_lead & self.marks.is_lost.take(self.final_stage)

    @cached_property
    def days_to_customer(self) -> Floats:
        """Days from capture to customer, shape (leads,); nan for other leads."""
        return np.where(self.is_customer, self.final_entry - self.captured, np.nan)
