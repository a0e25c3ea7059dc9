"""Where leads meet: one run's desks, and what the event loop asks of its caller.

In: the leads that have come to a first desk. Out: what they did there and after, as
lines of the record; who will meet no desk any more walks on from where it stands.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simlib.compiling import COMPILED, with_notice
from simlib.fast_engine.columns import (
    Column,
    array,
    at_hand,
    changed,
    column,
    field,
    records,
    row,
    rows,
)
from simlib.fast_engine.hands import Hands, Streams
from simlib.fast_engine.leads import everybody, newcomers, to_come
from simlib.fast_engine.loop import play
from simlib.fast_engine.moods import moods_of
from simlib.fast_engine.record import Record
from simlib.fast_engine.stores import EVENT, lines_written, more_room, room_for_lines
from simlib.fast_engine.tables import NONE, Tables, tables_of
from simlib.fast_engine.walks import Walks
from simlib.fast_engine.world import (
    ENDED,
    GONE,
    KEY_BITS,
    LEFT,
    NO_HAND,
    QUEUE_ENDS,
    RUN,
    World,
)
from simlib.log import EVENINGS
from simlib.plan import ARRIVES, LAG_ENDS, Plan
from simlib.sorting import in_order
from simlib.variates import quantiles_of_scipy

if TYPE_CHECKING:
    from simlib.market import Buyers

FIRST_LOOK_AHEAD = 2
"""At first a hand is dealt to all who need at most so many visits to come to it."""


MARKET = {
    "opens": np.float64,
    "closes": np.float64,
    "found": np.int64,
    "stirs": np.float64,
    "hands_raised": np.int64,
    "free_at": np.float64,
}
NO_MARKET = {name: column(np.zeros(0, kind)) for name, kind in MARKET.items()}


class Floor:
    """The desks of one run, and the leads that come to them."""

    def __init__(self, walks: Walks, tables: Tables) -> None:
        self.walks, self.tables = walks, tables
        leads = everybody(walks.people) if tables.all_in_loop else newcomers(walks)
        self.number = np.arange(len(walks.people))
        if not tables.all_in_loop:
            self.number = leads["number"].astype(np.intp)
        self.hands = Hands(walks.people, tables, self.number)
        self.streams = Streams(walks.people, tables)
        for stage in walks.arrived:
            here = np.flatnonzero(leads["stage"] == stage)
            if not tables.stages[stage]["drawn"]:
                leads["hand"][here] = self.hands.deal(stage, 1, here)
            self._hand_over(leads, stage, here)
        self.world = self._world(leads)
        self.asked: Counter[tuple[int, int]] = Counter()

    def _hand_over(
        self, leads: NDArray[np.void], stage: int, here: NDArray[np.intp]
    ) -> None:
        """Let the delay of the hand-off pass for leads that enter a first desk."""
        at = self.tables.stages[stage]
        leads["entered"][here] = leads["time"][here]
        delay = np.full(len(here), at["delay_days"])
        if at["delay"] != NONE:
            ask = self.tables.hands[stage].asks(1)[at["delay"]]
            delay = self.walks.people.drawn([ask], self.number[here])[0]
        leads["time"][here] += delay
        leads["by"][here[delay > 0]] = LAG_ENDS

    def _world(self, leads: NDArray[np.void]) -> Any:
        """Return the world in which the leads meet, before anything happened."""
        tables, count = self.tables, len(leads)
        world = World(
            run=records(self._run(6 * count + 64, count + 64)),
            stages=records(tables.stages),
            ways=records(tables.ways),
            desks=records(tables.desks.copy()),
            rates=column(tables.rates),
            lag_times=column(self.walks.plan.lag_times),
            hours=column(tables.hours),
            pages=self.hands.pages,
            hands=self.hands.where,
            numbers=self.hands.numbers,
            laws=records(tables.laws),
            streams=column(self.streams.keys),
            leads=records(leads),
            queues=records(np.full(2 * len(tables.desks), NONE, dtype=QUEUE_ENDS)),
            visits=column(self._visits_so_far(count).ravel()),
            to_come=to_come(self.walks.people, in_loop=tables.all_in_loop),
            **self._first_seen(leads),
            **market_of(self.walks.people.buyers),
            **moods_of(self.walks.people, tables),
            heap=np.empty(count + 64, dtype=EVENT) if COMPILED else [],
            lines=room_for_lines(6 * count + 64),
        )
        return at_hand(world)

    def _first_seen(self, leads: NDArray[np.void]) -> dict[str, Column]:
        """Return when leads are first seen, and their keys, in the order of events."""
        if self.tables.all_in_loop:
            time, first = self.walks.people.time, ARRIVES << KEY_BITS
            key = np.arange(first, first + len(time))
        else:
            by = leads["by"].astype(np.int32)
            order, time = in_order(leads["time"].copy(), by)
            key = (by[order].astype(np.int64) << KEY_BITS) + order
        return {"first_times": column(time), "first_keys": column(key)}

    def _run(self, lines: int, events: int) -> NDArray[np.void]:
        """Return the run's one record, with room for some lines and events."""
        run = frame_of(self.walks.plan).copy()
        run["depth"], run["drawn_depth"] = self.hands.depth, self.streams.depth
        run["to_come"] = len(self.number)
        run["room"], run["heap_room"] = lines, events
        return run

    def _visits_so_far(self, leads: int) -> NDArray[np.int16]:
        """Return the leads' visits that are counted, shape (leads, stages)."""
        visits = np.zeros((leads, len(self.tables.stages)), dtype=np.int16)
        if not self.tables.all_in_loop:
            for stage, counted in self.walks.visits.items():
                visits[:, stage] = counted[self.number]
        return visits

    def play(self) -> None:
        """Let everything happen before the horizon."""
        with with_notice():
            while (stopped := play(self.world)) != ENDED:
                if stopped == NO_HAND:
                    self._deal()
                else:
                    self._make_room()

    def _deal(self) -> None:
        """Deal the number that is needed now to all who may need it soon."""
        leads, stages = self.world.leads, len(self.tables.stages)
        run = row(self.world.run, 0)
        lead = int(run.stopped_at)
        stage = int(row(leads, lead).stage)
        if self.tables.stages[stage]["drawn"]:
            self.streams.extend()
            run.drawn_depth = self.streams.depth
            self.world = changed(self.world, streams=column(self.streams.keys))
            return
        visits = array(self.world.visits, np.int16).reshape(-1, stages)[:, stage]
        visit = int(visits[lead]) + 1
        place = field(leads, "place")
        may_come = (place != GONE) & (place != LEFT)
        may_come &= self.tables.ahead[field(leads, "stage"), stage]
        # Who asks again for the same page was too narrow before: look further ahead.
        ahead = FIRST_LOOK_AHEAD << self.asked[stage, visit]
        self.asked[stage, visit] += 1
        may_come &= (visits < visit) & (visits >= visit - ahead)
        may_come &= self.hands.lacks(stage, visit)
        self.hands.deal(stage, visit, np.flatnonzero(may_come))
        run.depth = self.hands.depth
        self.world = changed(
            self.world,
            pages=self.hands.pages,
            hands=self.hands.where,
            numbers=self.hands.numbers,
        )

    def _make_room(self) -> None:
        """Double the room for lines and for events to come."""
        heap, lines = self.world.heap, more_room(self.world.lines)
        heap = np.concatenate((heap, np.empty_like(heap)))
        run = row(self.world.run, 0)
        run.room, run.heap_room = len(lines.time), len(heap)
        self.world = changed(self.world, lines=lines, heap=heap)

    def write(self, record: Record) -> None:
        """Write everything that happened into the record."""
        count = int(field(self.world.run, "lines")[0])
        record.add(lines_written(self.world.lines, count))

    def evenings(self) -> NDArray[np.void]:
        """Return how the teams with morale were, evening by evening."""
        return rows(self.world.diary, EVENINGS)

    def part(self) -> None:
        """Let those walk on, to their ends, who will meet no desk any more."""
        if self.tables.all_in_loop or not len(self.number):
            return
        leads, walks = self.world.leads, self.walks
        left = np.flatnonzero(field(leads, "place") == LEFT)
        number, stages = self.number[left], len(self.tables.stages)
        walks.kind[number] = field(leads, "kind")[left]
        if walks.visits:
            visits = array(self.world.visits, np.int16).reshape(-1, stages)[left]
        for stage, counted in walks.visits.items():
            counted[number] = visits[:, stage]
        time = field(leads, "time")[left]
        step = field(leads, "reason")[left] * stages + field(leads, "stage")[left]
        for one in np.flatnonzero(np.bincount(step)).tolist():
            who = np.flatnonzero(step == one)
            why, where = divmod(one, stages)
            walks.enter(where, why, number[who], time[who])
        walks.go()


@lru_cache(maxsize=64)
def frame_of(plan: Plan) -> NDArray[np.void]:
    """Return what a plan says of the run's one record; made once for each plan."""
    tables, run = tables_of(plan), np.zeros(1, dtype=RUN)
    run["horizon"], run["stages"] = plan.horizon, len(plan.stages)
    run["sources"], run["laws"] = len(plan.sources), len(tables.laws)
    run["returns"] = any(stage.comes_back for stage in plan.stages)
    run["columns"], run["stride"] = plan.columns.count, plan.columns.stride
    run["visit_cap"], run["stopped_at"] = plan.visit_cap, NONE
    if COMPILED:
        run["normal"], run["gamma"] = quantiles_of_scipy()
    run["arriving"] = tables.all_in_loop and plan.scenario.market is None
    moody = any(team.mood for team in plan.teams)
    run["clocks"] = moody or len(tables.hours) > 0
    return run


def market_of(buyers: Buyers | None) -> dict[str, Column]:
    """Return what the world holds of a market; nothing where there is none."""
    if buyers is None:
        return NO_MARKET
    opened = buyers.lives.opened
    free_at = np.full(int(buyers.number.max(initial=NONE)) + 1, -np.inf)
    return {
        "opens": column(opened.start),
        "closes": column(opened.end),
        "found": column(buyers.lives.found.astype(np.int64)),
        "stirs": column(buyers.signal_times),
        "hands_raised": column(buyers.lives.signals[2].astype(np.int64)),
        "free_at": column(free_at),
    }
