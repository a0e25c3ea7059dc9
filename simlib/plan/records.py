"""A compiled scenario as records: stages, ways, teams, by number.

In: nothing but the values that the compiler gives. Out: `Plan` and its parts, which
keep their names. They hold no logic beyond reading themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.behaviour import Passage
from simlib.lags import REACH, Lag, Law
from simlib.log import KINDS, Graph, StageInfo, TeamInfo
from simlib.morale import Mood
from simlib.scenario import Scenario
from simlib.scenario.checks import stage_names
from simlib.scenario.qualification import Trait
from simlib.scenario.steps import reached

ORDERS = ("fifo", "lifo", "hot_first", "round_robin")
FIFO, LIFO, HOT_FIRST, ROUND_ROBIN = range(len(ORDERS))
LEAKED, WENT_COLD, NOT_REACHED = "leaked", "went cold", "not reached"
UNSUBSCRIBED, VISIT_CAP, IGNORED = "unsubscribed", "visit cap", "ignored"
READY, NOT_YET = KINDS.index("ready"), KINDS.index("not_yet")

# The order of what happens at one moment; within one of these, leads in their order.
HOURS, WORK_ENDS, ARRIVES, LAG_ENDS, PATIENCE_ENDS, EVENING = range(6)

ByKindAndColumn = tuple[tuple[tuple[float, ...], ...], ...]


@dataclass(frozen=True)
class Columns:
    """What a rate may depend on besides the kind: the source, and traits.

    Attributes
    ----------
    sources : int
    found : int
        2 if it counts whether a buyer had thought of us before we found it, else 1.
    traits : tuple of Trait
        Which traits some rate tells from others.
    """

    sources: int
    found: int = 1
    traits: tuple[Trait, ...] = (Trait(),)

    @property
    def count(self) -> int:
        """How many columns a table of rates has."""
        return self.sources * self.found * len(self.traits)

    def of(self, source: int, found: int = 0) -> int:
        """Return the column of a source and of a buyer, of who has the first trait."""
        return self.moved(source, found)

    def moved(self, column: int, found: int) -> int:
        """Return the column for a buyer who was found (1) or had thought of us (0)."""
        return int(column) + self.stride * found

    @property
    def stride(self) -> int:
        """How far a column moves for a buyer who was found; 0 if it does not count."""
        return self.sources if self.found > 1 else 0


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

    @property
    def law(self) -> Law:
        """The days in which a lead is reached, as a law; see `simlib.population`."""
        return Law(REACH, self.half_at, self.power, minus=self.dial)


@dataclass(frozen=True)
class Pool:
    """The nurture pool's two clocks: mean days until each, per kind (inf: never).

    A contact of a market wakes when its buyer stirs, and `raises` is its way then if
    it raised a hand.
    """

    days_to_ready: tuple[float, ...]
    days_to_drop_out: float
    wakes: Way
    drops_out: Way
    raises: Way


@dataclass(frozen=True)
class StagePlan:
    """One stage, with everything that an engine asks of it.

    Attributes
    ----------
    index : int
    name : str
    terminal, won : bool
    ways : tuple of Way
        The transitions in the order of the file, the leak last.
    thresholds : tuple
        Cumulated rates of the transitions: ``thresholds[kind][column][way]``; see
        `Columns`.
    team : int
        Team that works here or whose slots are held here; -1 for none.
    slots : bool
    work : Lag
    delay : Lag
        Until a lead is handed over to the team.
    patience : Lag or None
        None waits for ever.
    curve : Curve or None
    went_cold, not_reached, ignored : Way
        Nobody is `ignored` where it leads nowhere.
    score : tuple of Passage
        Where points are gathered: when a lead has enough of them, by kind.
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
    won: bool = False
    ways: tuple[Way, ...] = ()
    thresholds: ByKindAndColumn = ()
    team: int = -1
    slots: bool = False
    work: Lag = AT_ONCE
    delay: Lag = AT_ONCE
    patience: Lag | None = None
    curve: Curve | None = None
    went_cold: Way = NOWHERE
    not_reached: Way = NOWHERE
    ignored: Way = NOWHERE
    score: tuple[Passage, ...] = ()
    visits: int = 0
    pool: Pool | None = None
    comes_back: bool = False

    @property
    def exits(self) -> tuple[Way, ...]:
        """Every way out, in the order of their numbers."""
        if self.pool:
            return self.pool.wakes, self.pool.drops_out, self.pool.raises
        if self.terminal:
            return ()
        exits = (*self.ways, self.went_cold, self.not_reached)
        return (*exits, self.ignored) if self.may_be_ignored else exits

    @property
    def may_be_ignored(self) -> bool:
        """Whether the team may leave a lead alone that has come here."""
        return self.ignored.to >= 0

    @cached_property
    def outcome_stream(self) -> str:
        """Name of the numbers that decide the way out."""
        return f"{self.name}.outcome"

    @cached_property
    def lag_stream(self) -> str:
        """Name of the numbers that become the chosen way's lag."""
        return f"{self.name}.lag"

    @cached_property
    def delay_stream(self) -> str:
        """Name of the numbers that become the delay of the hand-off."""
        return f"{self.name}.delay"

    @cached_property
    def score_stream(self) -> str:
        """Name of the numbers that become actions which bring points."""
        return f"{self.name}.score"

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

    @cached_property
    def ignored_stream(self) -> str:
        """Name of the numbers that decide whether a lead is ignored."""
        return f"{self.name}.ignored"


@dataclass(frozen=True)
class TeamPlan:
    """One team: how many it serves at once, in what order, when, and who looks hot.

    `hot` holds the chance that a lead looks hot: ``hot[kind][source]``. `mood` is how
    its people begin, and `evenings` (days) are when they take stock; None and empty
    where nothing touches them.
    """

    index: int
    name: str
    people: int
    slots: int
    order: int
    calendar: int
    hot: tuple[tuple[float, ...], ...]
    mood: Mood | None = None
    evenings: tuple[float, ...] = ()

    @property
    def lines(self) -> int:
        """How many queues they have: one, or one for each person."""
        return self.people if self.order == ROUND_ROBIN else 1

    @cached_property
    def hot_stream(self) -> str:
        """Name of the numbers that decide whether a lead looks hot."""
        return f"{self.name}.hot"

    @cached_property
    def stay_stream(self) -> str:
        """Name of the numbers that say what each person puts up with."""
        return f"{self.name}.stay"


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
    columns : Columns
    """

    scenario: Scenario
    stages: tuple[StagePlan, ...]
    teams: tuple[TeamPlan, ...]
    sources: tuple[str, ...]
    reasons: tuple[str, ...]
    entries: tuple[int, ...]
    horizon: float
    columns: Columns

    @cached_property
    def lag_times(self) -> NDArray[np.float64]:
        """The factor of each source's lags, shape (sources,)."""
        return np.array([at.lag_times for at in self.scenario.sources.values()], float)

    @cached_property
    def kind_bounds(self) -> NDArray[np.float64]:
        """Cumulated shares of each source's kinds, shape (sources, kinds - 1).

        Of those who come to a form, if the source has one.
        """
        mixes: list[Mapping[Any, float]] = [
            at.form.people(at.mix) if at.form else at.mix
            for at in self.scenario.sources.values()
        ]
        shares = [[mix.get(kind, 0.0) for kind in KINDS] for mix in mixes]
        bounds: NDArray[np.float64] = np.cumsum(shares, axis=1)[:, :-1].copy()
        return bounds

    @cached_property
    def visit_cap(self) -> int:
        """The code of the reason ``visit cap``."""
        return self.reasons.index(VISIT_CAP)

    @cached_property
    def graph(self) -> Graph:
        """The names and the frame that a log of this plan carries."""
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


def stages_ahead(stages: Sequence[StagePlan]) -> dict[int, set[int]]:
    """Return for each stage the stages that a lead may enter after it."""
    steps = {at.index: {way.to for way in at.exits} - {NOWHERE.to} for at in stages}
    return {stage: reached(onward, steps) for stage, onward in steps.items()}
