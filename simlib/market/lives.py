"""Everybody's life in the market, from what a scenario says to who left a name when.

In: a scenario with a market, and an address. Out: `Lives`: windows, meetings that came
about, captures. A capture is a lead to be; whether it becomes one depends on whether
its buyer is in the funnel already, which the engines know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.compiling import with_notice
from simlib.draws import (
    Floats,
    Keys,
    entity_keys,
    keys_of,
    stream_key,
    uniforms,
)
from simlib.log import KINDS
from simlib.market.books import book_of, rows_of
from simlib.market.life import NOT_YET, READY, Told, tell
from simlib.market.meetings import (
    MEETS,
    NOBODY,
    RAISES_HAND,
    Ints,
    Rows,
)
from simlib.market.rules import rules_of
from simlib.market.windows import Run, Windows, windows_of
from simlib.scenario.models import ScenarioFields

MISFIT, JUNK = KINDS.index("misfit"), KINDS.index("junk")
MOST_NEEDS = 1 << 20
BUYER = np.dtype(
    [
        ("time", "f8"),
        ("memory", "f8"),
        ("until", "f8"),  # the end of its window, or long ago
        ("asked", "f8"),  # fields of the forms that it has filled
        ("leaves", "f8"),  # when it stops reading our mail
        ("visited", "f8"),
        ("buyer", "i8"),
        ("kind", "i8"),
        ("needs", "i8"),  # windows so far
        ("address", "i8"),  # of the need in which it left its name last
        ("known", "i8"),
        ("forms", "i8"),
        ("first", "i8"),  # the source that it met first
        ("raises", "f8"),  # below the chance to ask, if it does
    ],
    align=True,
)


@dataclass(frozen=True)
class Captures:
    """Names that were left, in order of time.

    Attributes
    ----------
    time : array of float64, days
    source : array of int16
        Through which source the name was left.
    first : array of int16
        The source that the buyer met first.
    buyer : array of int64
    need : array of int64
        Which need of the buyer it was: 2k - 1 for its k-th window, else 2k.
    kind : array of int8
    key : array of uint64
        Address of the lead's luck: that of the buyer's window, this one or the next,
        so that a policy which catches the name sooner does not change the luck.
    memory : array of float64
    fields : array of int16
        Fields of forms that the buyer had filled.
    """

    time: Floats
    source: NDArray[np.int16]
    first: NDArray[np.int16]
    buyer: Ints
    need: Ints
    kind: NDArray[np.int8]
    key: Keys
    memory: Floats
    fields: NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class Lives:
    """What became of all buyers.

    Attributes
    ----------
    kind : array of int8, shape (buyers,)
        ``not_yet`` for all who fit.
    windows : Windows
    lived, considered, raised : arrays of bool, shape (windows,)
        Whether it opened; whether the buyer thought of us; whether a hand was raised.
    rows : Rows
        Meetings that were possible.
    happened : array of bool, shape (rows,)
    became : array of int8
        What became of a meeting; see `simlib.market.life`.
    memory : array of float64, shape (rows,)
        The buyer's memory just before.
    captures : Captures
    notices : float
        Chance that nurture sees an entry into the market.
    run : (seed, replication)
    """

    kind: NDArray[np.int8]
    windows: Windows
    lived: NDArray[np.bool_]
    considered: NDArray[np.bool_]
    raised: NDArray[np.bool_]
    rows: Rows
    happened: NDArray[np.bool_]
    became: NDArray[np.int8]
    memory: Floats
    captures: Captures
    notices: float
    run: Run

    @cached_property
    def hands(self) -> Floats:
        """Days on which hands were raised, from day 0, in order."""
        rows = self.happened & (self.rows.what == RAISES_HAND) & (self.rows.time >= 0)
        return np.sort(self.rows.time[rows])

    @cached_property
    def _met(self) -> Ints:
        """The rows that were visits or touches from day 0 on."""
        met = (self.rows.what == MEETS) & self.happened & (self.rows.time >= 0)
        return np.flatnonzero(met)

    def meetings(self, source: int) -> Floats:
        """Return the days of a source's visits and touches from day 0, in order."""
        rows = self._met[self.rows.source[self._met] == source]
        return np.sort(self.rows.time[rows])

    def meeting_counts(self, sources: int) -> Ints:
        """Return how many visits and touches each source had, shape (sources,)."""
        return np.bincount(self.rows.source[self._met], minlength=sources)

    def raises_at(self, source: int) -> bool:
        """Return whether it is at this source that hands are raised."""
        hands = self.rows.source[self.rows.what == RAISES_HAND]
        return bool(len(hands) and hands[0] == source)

    @cached_property
    def opened(self) -> Windows:
        """The windows that opened, in order of (buyer, start)."""
        at, opened = self.windows, self.lived
        return Windows(
            at.buyer[opened],
            at.start[opened],
            at.end[opened],
            at.extra[opened],
            at.key[opened],
        )

    @cached_property
    def found(self) -> NDArray[np.int8]:
        """For each opened window, 1 if the buyer had not thought of us."""
        return (~self.considered[self.lived]).astype(np.int8)

    @cached_property
    def signals(self) -> tuple[Ints, Floats, NDArray[np.int8]]:
        """Moments at which a contact in nurture stirs: (buyer, days, hand), in order.

        An entry into the market that is noticed (0), and a raised hand (1).
        """
        at = self.opened
        seen = uniforms(stream_key(*self.run, "market.notices"), at.key) < self.notices
        rows = np.flatnonzero(self.happened & (self.rows.what == RAISES_HAND))
        buyer = np.concatenate([at.buyer[seen], self.rows.buyer[rows]])
        time = np.concatenate([at.start[seen], self.rows.time[rows]])
        hand = np.repeat(np.array([0, 1], dtype=np.int8), [seen.sum(), len(rows)])
        order = np.lexsort((time, buyer))
        return buyer[order], time[order], hand[order]


def lives_of(scenario: ScenarioFields, run: Run) -> Lives:
    """Return everybody's life in a scenario's market.

    Parameters
    ----------
    scenario : Scenario
        With a market.
    run : (seed, replication)
    """
    market = scenario.market
    assert market is not None
    origin = stream_key(*run, "market.buyer")
    keys = entity_keys(origin, market.buyers)
    kind = _kinds(market.misfit, market.junk, uniforms(origin, keys))
    fitting = np.where(kind == NOT_YET, keys, np.uint64(0))
    windows = windows_of(market, fitting, scenario.horizon, run)
    rows = rows_of(scenario, kind, windows, run)
    book = book_of(scenario, rows, windows, kind, keys, run)
    told = _told(len(rows.time), len(windows))
    with with_notice():
        tell(book, rules_of(scenario), told)
    return Lives(
        kind=kind,
        windows=windows,
        lived=told.lived.astype(bool),
        considered=told.considered.astype(bool),
        raised=told.raised.astype(bool),
        rows=rows,
        happened=told.happened.astype(bool),
        became=told.happened,
        memory=told.memory,
        captures=_captures(rows, told, kind, origin),
        notices=market.notices,
        run=run,
    )


def _kinds(misfit: float, junk: float, luck: Floats) -> NDArray[np.int8]:
    """Return what each buyer is while out of the market."""
    kind = np.full(len(luck), NOT_YET, dtype=np.int8)
    kind[luck < misfit + junk] = MISFIT
    kind[luck < junk] = JUNK
    return kind


def _told(rows: int, windows: int) -> Told:
    """Return what is to be filled, before anything happened."""
    me = np.zeros(1, dtype=BUYER)
    me["buyer"] = NOBODY
    flags: Mapping[str, Any] = {
        name: np.zeros(windows, dtype=np.int8)
        for name in ("considered", "raised", "lived")
    }
    return Told(
        happened=np.zeros(rows, dtype=np.int8),
        memory=np.zeros(rows),
        captured=np.full(rows, NOBODY, dtype=np.int64),
        first=np.full(rows, NOBODY, dtype=np.int16),
        fields=np.zeros(rows, dtype=np.int16),
        me=me.view(np.recarray),
        **flags,
    )


def _captures(rows: Rows, told: Told, kind: NDArray[np.int8], origin: int) -> Captures:
    """Return the names that were left, in order of time."""
    at = np.flatnonzero(told.captured != NOBODY)
    at = at[np.argsort(rows.time[at], kind="stable")]
    buyer, need = rows.buyer[at], told.captured[at]
    fits, inside = kind[buyer] == NOT_YET, need % 2 == 1
    return Captures(
        time=rows.time[at],
        source=rows.source[at],
        first=told.first[at],
        buyer=buyer,
        need=need,
        kind=np.where(fits & inside, READY, kind[buyer]).astype(np.int8),
        key=keys_of(np.uint64(origin), MOST_NEEDS * (need // 2 + 1) + buyer),
        memory=told.memory[at],
        fields=told.fields[at],
    )
