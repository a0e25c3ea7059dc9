"""What is known of stages and teams, as arrays that tables look codes up in.

In: a `Graph`. Out: `Marks`, made once for each graph. Arrays go by the stages' codes;
then comes "ended by visit cap", then (for the code -1) "nowhere".
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np

from simlib.calendars import open_days
from simlib.funnel.columns import Flags, Floats, Ints, kept_with
from simlib.log import Graph

NURTURE = "nurture"
_KEPT = "_marks"


def marks_of(graph: Graph) -> Marks:
    """Return the marks of a graph, made once and kept with it."""
    return kept_with(graph, _KEPT, Marks)


class Marks:
    """The marks of one graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    @cached_property
    def is_won(self) -> Flags:
        """Whether a stage is the end of a customer, shape (stages + 2,)."""
        return _flags(stage.terminal == "won" for stage in self.graph.stages)

    @cached_property
    def is_lost(self) -> Flags:
        """Whether a stage is the end of a lost lead, shape (stages + 2,)."""
        lost = _flags(stage.terminal == "lost" for stage in self.graph.stages)
        lost[-2] = True
        return lost

    @cached_property
    def is_anonymous(self) -> Flags:
        """Whether one may be in a stage without a name, shape (stages + 2,)."""
        return _flags(stage.anonymous for stage in self.graph.stages)

    @cached_property
    def names_itself(self) -> Flags:
        """Whether who enters a stage is a lead from then on, shape (stages + 2,)."""
        return ~(self.is_anonymous | self.is_lost)

    @cached_property
    def opens_deal(self) -> Flags:
        """Whether a stage is the pipeline stage, shape (stages + 2,)."""
        names = self.graph.stage_names
        return _flags(name == self.graph.pipeline_stage for name in names)

    @cached_property
    def closes_deal(self) -> Flags:
        """Whether a deal that was open is closed in a stage, shape (stages + 2,)."""
        falls_back = _flags(name == NURTURE for name in self.graph.stage_names)
        return np.asarray(self.opens_deal | falls_back | self.is_won | self.is_lost)

    @cached_property
    def team_of(self) -> Ints:
        """The team of each stage, or -1, shape (stages,)."""
        teams = {team.name: code for code, team in enumerate(self.graph.teams)}
        return np.array([teams.get(at.team, -1) for at in self.graph.stages], int)

    @cached_property
    def has_slots(self) -> Flags:
        """Whether a slot is held in a stage, shape (stages,)."""
        return np.array([stage.slots for stage in self.graph.stages], bool)

    @cached_property
    def holds_slots(self) -> Flags:
        """Which teams' servers are slots, shape (teams,)."""
        named = {stage.team for stage in self.graph.stages if stage.slots}
        return np.array([team.name in named for team in self.graph.teams], bool)

    @cached_property
    def capacity_days(self) -> Floats:
        """Each team's servers times its open time before the horizon, in days."""
        graph = self.graph
        open_time = [open_days(team.calendar, graph.horizon) for team in graph.teams]
        servers = [team.servers for team in graph.teams]
        return np.asarray(np.array(servers, float) * np.array(open_time, float))


def _flags(of_stages: Iterable[bool]) -> Flags:
    """Return flags of stages, and two that are not set."""
    return np.array([*of_stages, False, False])
