"""The compiler: names of a scenario become numbers of a plan.

In: a checked `Scenario`. Out: `Plan`. Defaults that a scenario leaves open (the leak,
the entry, the reasons) are filled in here and nowhere else.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import accumulate
from operator import mul

from simlib.behaviour import Passage
from simlib.calendars import CALENDARS
from simlib.errors import StudyError
from simlib.lags import Lag
from simlib.log import KINDS
from simlib.plan import moods
from simlib.plan.records import (
    AT_ONCE,
    IGNORED,
    LEAKED,
    NOT_REACHED,
    NOWHERE,
    ORDERS,
    UNSUBSCRIBED,
    VISIT_CAP,
    WENT_COLD,
    ByKindAndColumn,
    Columns,
    Curve,
    Plan,
    Pool,
    StagePlan,
    TeamPlan,
    Way,
    stages_ahead,
)
from simlib.scenario import Scenario
from simlib.scenario.checks import (
    NURTURE,
    TOLERANCE,
    default_entry,
    default_leak,
    stage_names,
)
from simlib.scenario.models import Exit, Stage, Transition
from simlib.scenario.rates import factors_of, rate_of, traits
from simlib.scenario.values import as_lag


def compiled(scenario: Scenario) -> Plan:
    """Return the plan of a scenario.

    Raises
    ------
    StudyError
        If it is something else, such as a scenario's name.
    """
    if not isinstance(scenario, Scenario):
        name = scenario if isinstance(scenario, str) else "baseline"
        raise StudyError(
            f"a Scenario is needed; got {scenario!r:.60}. "
            f"Load one first: simlib.load({name!r})"
        )
    return _Compiler(scenario).plan()


class _Compiler:
    """Turns names into numbers; its tables live only while it works."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.names = stage_names(scenario)
        self.sources = tuple(scenario.sources)
        self.teams = tuple(scenario.teams)
        found = 2 if _tells_found(scenario) else 1
        self.columns = Columns(len(self.sources), found, tuple(traits(scenario)))
        fixed = ("", LEAKED, WENT_COLD, NOT_REACHED, UNSUBSCRIBED, VISIT_CAP)
        own = (
            exit_.reason
            for stage in scenario.stages.values()
            for exit_ in (stage.leak, stage.went_cold, stage.not_reached)
            if exit_
        )
        ignores = any(at.morale and at.morale.ignores for at in scenario.teams.values())
        rare = (IGNORED,) if ignores else ()
        self.reasons = tuple(dict.fromkeys((*fixed, *own, *rare)))

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
            columns=self.columns,
        )

    def _stage(self, name: str, stage: Stage) -> StagePlan:
        index = self.names.index(name)
        if stage.terminal:
            return StagePlan(index, name, terminal=True, won=stage.terminal == "won")
        leak = self._leak(stage)
        ways = [
            Way(self.names.index(to), 0, as_lag(way.lag))
            for to, way in stage.next.items()
        ]
        team = stage.team or stage.slots
        ways = [*ways, leak] if leak else ways
        cold = self._exit(stage.went_cold, leak, WENT_COLD)
        missed = self._exit(stage.not_reached, leak, NOT_REACHED)
        ignored = self._ignored(stage, leak)
        *ways, cold, missed, ignored = _numbered([*ways, cold, missed, ignored])
        curve = stage.contact
        return StagePlan(
            index=index,
            name=name,
            terminal=False,
            ways=tuple(ways),
            thresholds=self._thresholds(stage),
            team=self.teams.index(team) if team else -1,
            slots=bool(stage.slots),
            work=_work(stage),
            delay=as_lag(stage.hand_off.delay) if stage.hand_off else AT_ONCE,
            patience=None if stage.patience is None else as_lag(stage.patience),
            curve=Curve(curve.half_at, curve.power, curve.dial) if curve else None,
            went_cold=cold,
            not_reached=missed,
            ignored=ignored,
            score=self._score(stage),
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

    def _ignored(self, stage: Stage, leak: Way | None) -> Way:
        """Return the exit of those whom the team ignores; nowhere if it never does."""
        morale = self.scenario.teams[stage.team].morale if stage.team else None
        if morale is None or not morale.ignores:
            return NOWHERE
        return self._exit(None, leak, IGNORED)

    def _thresholds(self, stage: Stage) -> ByKindAndColumn:
        ways = list(stage.next.values())

        def of(kind: str) -> tuple[tuple[float, ...], ...]:
            factors = [
                factors_of(stage, self.scenario, trait, kind)
                for trait in self.columns.traits
            ]
            rows = {kept: self._rows(ways, kind, kept) for kept in set(factors)}
            return tuple(row for kept in factors for row in rows[kept])

        return tuple(of(kind) for kind in KINDS)

    def _rows(
        self, ways: list[Transition], kind: str, kept: tuple[float, ...]
    ) -> list[tuple[float, ...]]:
        """Return a kind's cumulated rates by column, of leads with one trait."""
        return [
            _cumulated(ways, source, kind, [*map(mul, kept, found)])
            for found in self._found(ways)
            for source in self.sources
        ]

    def _found(self, ways: list[Transition]) -> list[list[float]]:
        """Return factors on rates: of who had thought of us, and of who was found."""
        thought = [1.0] * len(ways)
        return [thought, [way.found for way in ways]][: self.columns.found]

    def _score(self, stage: Stage) -> tuple[Passage, ...]:
        """Return for each kind when a lead has points enough."""
        said, month = stage.score, self.scenario.days_per_month
        if said is None:
            return ()
        half_life = said.half_life_months
        return tuple(
            Passage(
                kind=number,
                threshold=said.threshold,
                window=said.window_months * month,
                half_life=math.inf if half_life is None else half_life * month,
                actions=tuple(
                    (name, at.points, _days(at.rate(kind), month))
                    for name, at in said.actions.items()
                ),
                attributes=tuple(
                    (name, at.points, at.share_of(kind))
                    for name, at in said.attributes.items()
                ),
            )
            for number, kind in enumerate(KINDS)
        )

    def _team(self, index: int, name: str) -> TeamPlan:
        team = self.scenario.teams[name]
        hot = tuple(
            tuple(rate_of(team.hot, source, kind) for source in self.sources)
            for kind in KINDS
        )
        mood, evenings = moods.of(team, self.scenario)
        return TeamPlan(
            index=index,
            name=name,
            people=team.people,
            slots=team.people * team.slots_per_person,
            order=ORDERS.index(team.order),
            calendar=CALENDARS.index(team.calendar),
            hot=hot,
            mood=mood,
            evenings=evenings,
        )

    def _nurture(self) -> StagePlan:
        said = self.scenario.nurture
        assert said is not None
        month = self.scenario.days_per_month
        lost = default_leak(self.scenario)
        wakes = Way(self.names.index(said.to), 0, AT_ONCE)
        to_lost = self.names.index(lost) if lost else wakes.to
        drops = Way(to_lost, self.reasons.index(UNSUBSCRIBED), AT_ONCE)
        hand = self.names.index(said.hand_to or said.to)
        wakes, drops, raises = _numbered([wakes, drops, Way(hand, 0, AT_ONCE)])
        pool = Pool(
            days_to_ready=tuple(_days(said.ready_rate(kind), month) for kind in KINDS),
            days_to_drop_out=_days(said.drop_out_per_month, month),
            wakes=wakes,
            drops_out=drops,
            raises=raises,
        )
        return StagePlan(
            index=self.names.index(NURTURE),
            name=NURTURE,
            terminal=False,
            visits=said.visits,
            pool=pool,
        )


def _with_loops(stages: list[StagePlan]) -> tuple[StagePlan, ...]:
    """Return the stages, marked where a lead may come back to one."""
    ahead = stages_ahead(stages)
    return tuple(replace(at, comes_back=at.index in ahead[at.index]) for at in stages)


def _work(stage: Stage) -> Lag:
    """Return how long a lead's work takes: less where there is context."""
    if stage.work is None:
        return AT_ONCE
    said, work = stage.hand_off, as_lag(stage.work)
    return work.times(said.work_times) if said and said.context else work


def _numbered(ways: list[Way]) -> list[Way]:
    return [replace(way, number=number) for number, way in enumerate(ways)]


def _tells_found(scenario: Scenario) -> bool:
    """Return whether some rate asks if a buyer was found or had thought of us."""
    ways = (way for at in scenario.stages.values() for way in at.next.values())
    return any(way.found != 1 for way in ways)


def _cumulated(
    ways: list[Transition], source: str, kind: str, factors: list[float]
) -> tuple[float, ...]:
    """Return cumulated rates; a sum that is 1 but for rounding takes everybody."""
    rates = [rate_of(way.rate, source, kind) for way in ways]
    sums = list(accumulate(map(mul, rates, factors)))
    if sums and abs(sums[-1] - 1) <= TOLERANCE:
        full = sums[-1]
        sums = [math.inf if total == full else total for total in sums]
    return tuple(sums)


def _days(per_month: float, month: float) -> float:
    return month / per_month if per_month else math.inf
