"""A plan as tables that keep its words: what the event loop looks up.

In: a `Plan`. Out: `Tables`, arrays of records. Durations that are the same for
everybody stand in the tables; all others are a lead's own numbers, found in its hand
(see `simlib.fast_engine.hands`) at the slot that the table names, or drawn when it is
needed, where the loop is compiled and knows the law. It draws nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from simlib import calendars
from simlib.compiling import COMPILED
from simlib.lags import Lag, Law
from simlib.plan import HOT_FIRST, Plan, StagePlan, stages_ahead
from simlib.population import LUCK, SPELL, Ask, Meaning, law_of
from simlib.variates import LAW

NONE = -1
NOTHING = (
    "desk",
    "pool",
    "score",
    "hot",
    "reach",
    "work",
    "delay",
    "patience",
    "ignored",
)

STAGE = np.dtype(
    [
        ("desk", "i8"),  # where a lead must wait for somebody, or NONE
        ("in_turn", "i8"),  # 1: there and at those after it, each lead at the next
        ("slots", "i8"),  # 1: a slot is held, not a person's time
        ("pool", "i8"),  # where in the rates its mean days begin, or NONE
        ("terminal", "i8"),
        ("won", "i8"),
        ("meets", "i8"),  # 1: some desk lies here or ahead, or all are in the loop
        ("visits", "i8"),  # the cap, or 0
        ("comes_back", "i8"),  # 1: visits are counted
        ("choices", "i8"),  # how many bounds luck is compared with
        ("bounds", "i8"),  # where in the rates they begin
        ("first_way", "i8"),
        ("last_way", "i8"),
        ("cold", "i8"),  # the way of who gave up
        ("missed", "i8"),  # the way of who was not reached
        ("ignored", "i8"),  # slot of the luck of not being ignored, or NONE
        ("score", "i8"),  # slot of the days until points are enough, by kind, or NONE
        ("window", "f8"),  # the days in which they must be
        ("hot", "i8"),  # slot of the luck that makes a lead look hot, or NONE
        ("reach", "i8"),  # slot of the days in which a lead is reached, or NONE
        ("work", "i8"),  # slot of the days of work, or NONE: work_days for all
        ("work_days", "f8"),
        ("delay", "i8"),  # slot of the hand-off's delay, or NONE: delay_days for all
        ("delay_days", "f8"),
        ("patience", "i8"),  # slot of the patience, or NONE: patience_days for all
        ("patience_days", "f8"),
        ("drawn", "i8"),  # 1: numbers are drawn when needed, and not dealt before
        ("laws", "i8"),  # where in the laws those of its hand begin
    ],
    align=True,
)
WAY = np.dtype(
    [("to", "i8"), ("reason", "i8"), ("lag", "i8"), ("lag_days", "f8")], align=True
)
DESK = np.dtype(
    [
        ("free", "i8"),
        ("open", "i8"),
        ("hot", "i8"),  # where in the rates the chances to look hot begin
        ("order", "i8"),
        ("calendar", "i8"),
        ("team", "i8"),
        ("mood", "i8"),  # where its people's mood is, or NONE
        ("waiting", "i8"),
        ("there", "i8"),  # 0: the place of its only person is empty
        ("desks", "i8"),  # of the first of a team: how many it has, for as many people
        ("turn", "i8"),  # of these, which one gets the next lead
    ],
    align=True,
)


@dataclass(frozen=True)
class Tables:
    """The tables of one plan.

    Attributes
    ----------
    stages, ways, desks : arrays of `STAGE`, `WAY` and `DESK` records
    rates : array of float64
        Cumulated rates by stage, kind, source and choice; the chance to look hot by
        team, kind and source; the nurture pool's mean days until ready, by kind, and
        until dropping out.
    hours : array of float64, days
        When teams with working hours open, close, open, ...
    hands : tuple
        For each stage, what its hands hold, in order.
    laws : array of `LAW` records
        Of all numbers of all drawn hands, hand by hand.
    drawn : list of (str, bool)
        Their streams, and whether the number is the same at each visit.
    all_in_loop : bool
        Whether everybody walks in the loop from arrival on: buyers of a market, or if
        no number must be dealt. Else columns walk first, and those after all desks.
    ahead : array of bool, shape (stages, stages)
        Whether a lead that stands before or in the one may enter the other.
    """

    stages: NDArray[np.void]
    ways: NDArray[np.void]
    desks: NDArray[np.void]
    rates: NDArray[np.float64]
    hours: NDArray[np.float64]
    hands: tuple[Hand, ...]
    laws: NDArray[np.void]
    drawn: list[tuple[str, bool]]
    all_in_loop: bool
    ahead: NDArray[np.bool_]


class Hand:
    """What the numbers of one visit to a stage are: their streams and meanings."""

    def __init__(self) -> None:
        self._slots: dict[tuple[str, Meaning], int] = {}
        self._once: set[str] = set()

    def __len__(self) -> int:
        return len(self._slots)

    def slot(self, stream: str, meaning: Meaning, *, once: bool = False) -> int:
        """Return the slot of a number; `once` if it is the same at each visit."""
        if once:
            self._once.add(stream)
        return self._slots.setdefault((stream, meaning), len(self._slots))

    def days(self, stream: str, lag: Lag) -> tuple[int, float]:
        """Return the slot of a duration, or no slot and the days of everybody."""
        if lag.is_constant:
            return NONE, lag.centre
        return self.slot(stream, lag), 0.0

    @property
    def laws(self) -> list[Law] | None:
        """The laws of all slots, if the loop can draw them when they are needed."""
        laws = [law_of(meaning) for _, meaning in self._slots]
        found = [law for law in laws if law is not None]
        return found if COMPILED and len(found) == len(laws) else None

    @property
    def streams(self) -> list[tuple[str, bool]]:
        """The streams of all slots, and whether each is the same at each visit."""
        return [(stream, stream in self._once) for stream, _ in self._slots]

    def asks(self, visit: int) -> list[Ask]:
        """Return the addresses of the numbers for the k-th visit."""
        return [
            (stream, 1 if stream in self._once else visit, meaning)
            for stream, meaning in self._slots
        ]


@lru_cache(maxsize=64)
def tables_of(plan: Plan) -> Tables:
    """Return a plan's tables; made once for each plan."""
    return _Builder(plan).tables()


class _Builder:
    """Lays a plan out; its lists live only while it works."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        staffed = dict.fromkeys(
            (at.team, at.slots) for at in plan.stages if at.team >= 0
        )
        self.desks = [at for at in staffed for _ in range(plan.teams[at[0]].lines)]
        self.stages = np.zeros(len(plan.stages), dtype=STAGE)
        self.ways: list[tuple[int, int, int, float]] = []
        self.rates: list[float] = []
        self.hands = tuple(Hand() for _ in plan.stages)
        self.laws: list[Law] = []
        self.drawn: list[tuple[str, bool]] = []
        self.ahead = self._ahead()

    def tables(self) -> Tables:
        """Return the tables; to be called once."""
        for stage in self.plan.stages:
            self._lay_out(stage)
            self._lay_out_laws(stage)
        in_market = self.plan.scenario.market is not None
        all_in_loop = in_market or bool(self.stages["drawn"].all())
        if all_in_loop:
            self.stages["meets"] = 1
        return Tables(
            stages=self.stages,
            ways=np.array(self.ways, dtype=WAY),
            desks=np.array([self._desk(*desk) for desk in self.desks], dtype=DESK),
            rates=np.array(self.rates, dtype=np.float64),
            hours=self._hours(),
            hands=self.hands,
            laws=np.array(self.laws, dtype=LAW),
            drawn=self.drawn,
            all_in_loop=all_in_loop,
            ahead=self.ahead,
        )

    def _ahead(self) -> NDArray[np.bool_]:
        ahead = np.eye(len(self.plan.stages), dtype=bool)
        for stage, beyond in stages_ahead(self.plan.stages).items():
            ahead[stage, list(beyond)] = True
        return ahead

    def _lay_out(self, stage: StagePlan) -> None:
        """Fill one stage's record, its ways, its bounds and its hand."""
        at, hand = self.stages[stage.index], self.hands[stage.index]
        for slot in NOTHING:
            at[slot] = NONE
        staffed = [other.index for other in self.plan.stages if other.team >= 0]
        at["meets"] = np.any(self.ahead[stage.index, staffed])
        at["terminal"], at["won"] = stage.terminal, stage.won
        at["visits"], at["comes_back"] = stage.visits, stage.comes_back
        at["first_way"] = len(self.ways)
        if stage.pool:
            at["pool"] = len(self.rates)
            self.rates += (*stage.pool.days_to_ready, stage.pool.days_to_drop_out)
            hand.slot("nurture.ready", SPELL)
            hand.slot("nurture.drop", SPELL)
        elif not stage.terminal:
            hand.slot(stage.outcome_stream, LUCK)
            self._lay_out_choice(stage)
        for score in stage.score:
            place = hand.slot(stage.score_stream, score)
            at["score"], at["window"] = place - score.kind, score.window
        for way in stage.exits:
            self.ways.append(
                (way.to, way.reason, *hand.days(stage.lag_stream, way.lag))
            )
        if stage.team >= 0:
            self._lay_out_desk(stage)

    def _lay_out_laws(self, stage: StagePlan) -> None:
        """Say whether a stage's numbers are drawn when needed, and by which laws."""
        at, hand = self.stages[stage.index], self.hands[stage.index]
        laws = hand.laws
        at["drawn"], at["laws"] = laws is not None, len(self.laws)
        if laws is not None:
            self.laws += laws
            self.drawn += hand.streams

    def _lay_out_choice(self, stage: StagePlan) -> None:
        at = self.stages[stage.index]
        rows = [row for kind in stage.thresholds for row in kind]
        at["choices"], at["bounds"] = len(rows[0]), len(self.rates)
        self.rates += [bound for row in rows for bound in row]
        at["last_way"] = at["first_way"] + len(stage.ways) - 1
        at["cold"] = at["last_way"] + 1
        at["missed"] = at["last_way"] + 2

    def _lay_out_desk(self, stage: StagePlan) -> None:
        at, hand = self.stages[stage.index], self.hands[stage.index]
        team = self.plan.teams[stage.team]
        at["desk"] = self.desks.index((stage.team, stage.slots))
        at["in_turn"], at["slots"] = team.lines > 1, stage.slots
        at["work"], at["work_days"] = hand.days(stage.work_stream, stage.work)
        at["delay"], at["delay_days"] = hand.days(stage.delay_stream, stage.delay)
        forever = Lag("fixed", np.inf)
        patience = stage.patience or forever
        at["patience"], at["patience_days"] = hand.days(stage.patience_stream, patience)
        if stage.curve:
            at["reach"] = hand.slot(stage.contact_stream, stage.curve)
        if stage.may_be_ignored:
            at["ignored"] = hand.slot(stage.ignored_stream, LUCK)
        if team.order == HOT_FIRST:
            at["hot"] = hand.slot(team.hot_stream, LUCK, once=True)

    def _desk(self, team: int, slots: bool) -> tuple[int, ...]:
        """Return the record of a desk where a team works or gives out its slots."""
        at, chances = self.plan.teams[team], len(self.rates)
        if at.order == HOT_FIRST:
            self.rates += (chance for kind in at.hot for chance in kind)
        free = (at.slots if slots else at.people) // at.lines
        is_open = calendars.is_open(at.calendar, 0.0)
        in_mood = [other.index for other in self.plan.teams if other.mood]
        mood = in_mood.index(team) if team in in_mood else NONE
        said = (free, is_open, chances, at.order, at.calendar, team, mood)
        return (*said, 0, 1, at.lines, 0)

    def _hours(self) -> NDArray[np.float64]:
        """Return openings and closings in turn, if any desk keeps hours."""
        kept = {self.plan.teams[team].calendar for team, _ in self.desks}
        if calendars.BUSINESS_HOURS not in kept:
            return np.zeros(0)
        opening = calendars.opening_times(calendars.BUSINESS_HOURS, self.plan.horizon)
        closing = [calendars.closing_after(time) for time in opening]
        return np.array([opening, closing], dtype=np.float64).T.ravel()
