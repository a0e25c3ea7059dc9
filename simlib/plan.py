"""A scenario compiled for an engine: names become numbers, nothing else changes.

In: a `Scenario`. Out: `Plan`, the one interpretation of a scenario, read by the
population and by both engines. It draws nothing and simulates nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from simlib.calendars import CALENDARS
from simlib.lags import Lag
from simlib.log import KINDS, Graph, StageInfo, TeamInfo
from simlib.scenario import Scenario
from simlib.scenario.checks import (
    NURTURE,
    TOLERANCE,
    default_entry,
    default_leak,
    rate_of,
    stage_names,
)
from simlib.scenario.models import Exit, Stage
from simlib.scenario.values import Rate, as_lag

ORDERS = ("fifo", "lifo", "hot_first")
FIFO, LIFO, HOT_FIRST = range(len(ORDERS))
LEAKED, WENT_COLD, NOT_REACHED = "leaked", "went cold", "not reached"
UNSUBSCRIBED, VISIT_CAP = "unsubscribed", "visit cap"
READY, NOT_YET = KINDS.index("ready"), KINDS.index("not_yet")

# The order of what happens at one moment; within one of these, leads in their order.
HOURS, WORK_ENDS, ARRIVES, LAG_ENDS, PATIENCE_ENDS = range(5)

ByKindAndSource = tuple[tuple[tuple[float, ...], ...], ...]


@dataclass(frozen=True)
class Way:
    """A way out of a stage: to which stage, for what reason, after how long.

    `number` counts the ways of its stage; both engines find the lag's days by it.
    """

    to: int
    reason: int
    lag: Lag
    number: int = 0


AT_ONCE = Lag("fixed", 0.0)
NOWHERE = Way(-1, 0, AT_ONCE)


@dataclass(frozen=True)
class Curve:
    """The contact curve 1 / (1 + (w / half_at) ** power), w in days after `dial`."""

    half_at: float
    power: float
    dial: float


@dataclass(frozen=True)
class Pool:
    """The nurture pool's two clocks: mean days until each, per kind (inf: never)."""

    days_to_ready: tuple[float, ...]
    days_to_drop_out: float
    wakes: Way
    drops_out: Way


@dataclass(frozen=True)
class StagePlan:
    """One stage, with everything that an engine asks of it.

    Attributes
    ----------
    index : int
    name : str
    terminal : bool
    ways : tuple of Way
        The transitions in the order of the file, the leak last.
    thresholds : tuple
        Cumulated rates of the transitions: ``thresholds[kind][source][way]``.
    team : int
        Team that works here or whose slots are held here; -1 for none.
    slots : bool
    work : Lag
    patience : Lag or None
        None waits for ever.
    curve : Curve or None
    went_cold, not_reached : Way
    visits : int
        How often a lead may enter; 0 means without limit.
    pool : Pool or None
        Only in the nurture pool.
    comes_back : bool
        Whether a lead may enter more than once.
    """

    index: int
    name: str
    terminal: bool
    ways: tuple[Way, ...] = ()
    thresholds: ByKindAndSource = ()
    team: int = -1
    slots: bool = False
    work: Lag = AT_ONCE
    patience: Lag | None = None
    curve: Curve | None = None
    went_cold: Way = NOWHERE
    not_reached: Way = NOWHERE
    visits: int = 0
    pool: Pool | None = None
    comes_back: bool = False

    @property
    def exits(self) -> tuple[Way, ...]:
        """Every way out, in the order of their numbers."""
        if self.pool:
            return self.pool.wakes, self.pool.drops_out
        if self.terminal:
            return ()
        return (*self.ways, self.went_cold, self.not_reached)

    @cached_property
    def outcome_stream(self) -> str:
        """Name of the numbers that decide the way out."""
        return f"{self.name}.outcome"

    @cached_property
    def lag_stream(self) -> str:
        """Name of the numbers that become the chosen way's lag."""
        return f"{self.name}.lag"

    @cached_property
    def work_stream(self) -> str:
        """Name of the numbers that become the work time."""
        return f"{self.name}.work"

    @cached_property
    def patience_stream(self) -> str:
        """Name of the numbers that become the patience."""
        return f"{self.name}.patience"

    @cached_property
    def contact_stream(self) -> str:
        """Name of the numbers that decide whether a lead is reached."""
        return f"{self.name}.contact"


@dataclass(frozen=True)
class TeamPlan:
    """One team: how many it serves at once, in what order, when, and who looks hot.

    `hot` holds the chance that a lead looks hot: ``hot[kind][source]``.
    """

    index: int
    name: str
    people: int
    slots: int
    order: int
    calendar: int
    hot: tuple[tuple[float, ...], ...]

    @cached_property
    def hot_stream(self) -> str:
        """Name of the numbers that decide whether a lead looks hot."""
        return f"{self.name}.hot"


@dataclass(frozen=True, eq=False)
class Plan:
    """A compiled scenario; a plan is equal to itself only.

    Attributes
    ----------
    scenario : Scenario
    stages : tuple of StagePlan
    teams : tuple of TeamPlan
    sources, reasons : tuple of str
    entries : tuple of int
        The entry stage of each source.
    horizon : float, days
    """

    scenario: Scenario
    stages: tuple[StagePlan, ...]
    teams: tuple[TeamPlan, ...]
    sources: tuple[str, ...]
    reasons: tuple[str, ...]
    entries: tuple[int, ...]
    horizon: float

    @cached_property
    def visit_cap(self) -> int:
        """The code of the reason ``visit cap``."""
        return self.reasons.index(VISIT_CAP)

    def graph(self) -> Graph:
        """Return the names and the frame that a log of this plan carries."""
        said = self.scenario
        deal_stage = said.deal.pipeline_stage if said.deal else ""
        return Graph(
            stages=tuple(self._stage_info(stage) for stage in self.stages),
            teams=tuple(self._team_info(team) for team in self.teams),
            sources=self.sources,
            reasons=self.reasons,
            horizon=self.horizon,
            days_per_month=said.days_per_month,
            start=said.start,
            pipeline_stage=deal_stage if deal_stage in stage_names(said) else "",
        )

    def _stage_info(self, stage: StagePlan) -> StageInfo:
        said = self.scenario.stages.get(stage.name)
        return StageInfo(
            name=stage.name,
            terminal=(said.terminal or "") if said else "",
            team=self.teams[stage.team].name if stage.team >= 0 else "",
            slots=stage.slots,
            anonymous=said.anonymous if said else False,
        )

    def _team_info(self, team: TeamPlan) -> TeamInfo:
        holds_slots = any(at.slots and at.team == team.index for at in self.stages)
        servers = team.slots if holds_slots else team.people
        return TeamInfo(team.name, servers, team.calendar)


def compiled(scenario: Scenario) -> Plan:
    """Return the plan of a scenario."""
    return _Compiler(scenario).plan()


class _Compiler:
    """Turns names into numbers; its tables live only while it works."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.names = stage_names(scenario)
        self.sources = tuple(scenario.sources)
        self.teams = tuple(scenario.teams)
        fixed = ("", LEAKED, WENT_COLD, NOT_REACHED, UNSUBSCRIBED, VISIT_CAP)
        own = (
            exit_.reason
            for stage in scenario.stages.values()
            for exit_ in (stage.leak, stage.went_cold, stage.not_reached)
            if exit_
        )
        self.reasons = tuple(dict.fromkeys((*fixed, *own)))

    def plan(self) -> Plan:
        said = self.scenario
        stages = [self._stage(name, stage) for name, stage in said.stages.items()]
        if said.nurture:
            stages.append(self._nurture())
        entries = (at.entry or default_entry(said) for at in said.sources.values())
        return Plan(
            scenario=said,
            stages=_with_loops(stages),
            teams=tuple(self._team(i, name) for i, name in enumerate(self.teams)),
            sources=self.sources,
            reasons=self.reasons,
            entries=tuple(self.names.index(entry) for entry in entries),
            horizon=said.horizon,
        )

    def _stage(self, name: str, stage: Stage) -> StagePlan:
        index = self.names.index(name)
        if stage.terminal:
            return StagePlan(index, name, terminal=True)
        leak = self._leak(stage)
        ways = [
            Way(self.names.index(to), 0, as_lag(way.lag))
            for to, way in stage.next.items()
        ]
        team = stage.team or stage.slots
        ways = [*ways, leak] if leak else ways
        cold = self._exit(stage.went_cold, leak, WENT_COLD)
        missed = self._exit(stage.not_reached, leak, NOT_REACHED)
        *ways, cold, missed = _numbered([*ways, cold, missed])
        curve = stage.contact
        return StagePlan(
            index=index,
            name=name,
            terminal=False,
            ways=tuple(ways),
            thresholds=self._thresholds(stage),
            team=self.teams.index(team) if team else -1,
            slots=bool(stage.slots),
            work=AT_ONCE if stage.work is None else as_lag(stage.work),
            patience=None if stage.patience is None else as_lag(stage.patience),
            curve=Curve(curve.half_at, curve.power, curve.dial) if curve else None,
            went_cold=cold,
            not_reached=missed,
            visits=stage.visits or 0,
        )

    def _leak(self, stage: Stage) -> Way | None:
        """Return where those go that take no transition."""
        if stage.leak:
            reason = self.reasons.index(stage.leak.reason)
            to = self.names.index(stage.leak.to)
            return Way(to, reason, as_lag(stage.leak.lag))
        fallback = default_leak(self.scenario)
        if fallback is None:
            return None
        to = self.names.index(fallback)
        return Way(to, self.reasons.index(LEAKED), AT_ONCE)

    def _exit(self, said: Exit | None, leak: Way | None, why: str) -> Way:
        """Return the exit for a reason: its own, or to the leak's stage at once."""
        if said:
            reason = why if said.reason == LEAKED else said.reason
            to = self.names.index(said.to)
            return Way(to, self.reasons.index(reason), as_lag(said.lag))
        if leak is None:
            return NOWHERE
        return Way(leak.to, self.reasons.index(why), AT_ONCE)

    def _thresholds(self, stage: Stage) -> ByKindAndSource:
        rates = [way.rate for way in stage.next.values()]
        return tuple(
            tuple(_cumulated(rates, source, kind) for source in self.sources)
            for kind in KINDS
        )

    def _team(self, index: int, name: str) -> TeamPlan:
        team = self.scenario.teams[name]
        hot = tuple(
            tuple(rate_of(team.hot, source, kind) for source in self.sources)
            for kind in KINDS
        )
        return TeamPlan(
            index=index,
            name=name,
            people=team.people,
            slots=team.people * team.slots_per_person,
            order=ORDERS.index(team.order),
            calendar=CALENDARS.index(team.calendar),
            hot=hot,
        )

    def _nurture(self) -> StagePlan:
        said = self.scenario.nurture
        assert said is not None
        month = self.scenario.days_per_month
        lost = default_leak(self.scenario)
        wakes = Way(self.names.index(said.to), 0, AT_ONCE)
        to_lost = self.names.index(lost) if lost else wakes.to
        drops = Way(to_lost, self.reasons.index(UNSUBSCRIBED), AT_ONCE)
        wakes, drops = _numbered([wakes, drops])
        pool = Pool(
            days_to_ready=tuple(_days(said.ready_rate(kind), month) for kind in KINDS),
            days_to_drop_out=_days(said.drop_out_per_month, month),
            wakes=wakes,
            drops_out=drops,
        )
        return StagePlan(
            index=self.names.index(NURTURE),
            name=NURTURE,
            terminal=False,
            visits=said.visits,
            pool=pool,
        )


def stages_ahead(stages: Sequence[StagePlan]) -> dict[int, set[int]]:
    """Return for each stage the stages that a lead may enter after it."""
    ahead = {at.index: {way.to for way in at.exits} - {NOWHERE.to} for at in stages}
    for middle, beyond in ahead.items():
        for reached in ahead.values():
            if middle in reached:
                reached.update(beyond)
    return ahead


def _with_loops(stages: list[StagePlan]) -> tuple[StagePlan, ...]:
    """Return the stages, marked where a lead may come back to one."""
    ahead = stages_ahead(stages)
    return tuple(replace(at, comes_back=at.index in ahead[at.index]) for at in stages)


def _numbered(ways: list[Way]) -> list[Way]:
    return [replace(way, number=number) for number, way in enumerate(ways)]


def _cumulated(rates: list[Rate], source: str, kind: str) -> tuple[float, ...]:
    """Return cumulated rates; a sum that is 1 but for rounding takes everybody."""
    sums = list(accumulate(rate_of(rate, source, kind) for rate in rates))
    if sums and abs(sums[-1] - 1) <= TOLERANCE:
        full = sums[-1]
        sums = [math.inf if total == full else total for total in sums]
    return tuple(sums)


def _days(per_month: float, month: float) -> float:
    return month / per_month if per_month else math.inf
