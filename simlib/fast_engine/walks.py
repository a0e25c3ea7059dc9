"""The ways on which nobody is needed: all leads walk them at once, as columns.

In: a `Population` and leads about to enter stages. Out: their lines in the `Record`,
and those who now stand before a desk. What happens between two desks concerns one lead
only, so it needs no order of events: a whole stage is passed by comparing, adding and
choosing among columns. It knows no queue; for that see `simlib.fast_engine.loop`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simlib.draws import Floats
from simlib.fast_engine.record import Record
from simlib.fast_engine.tables import NONE, Tables
from simlib.log import END, ENTER
from simlib.plan import NOT_YET, READY
from simlib.population import Population

Ints = NDArray[np.integer]
FIRST_VISIT = np.ones(1, dtype=np.int16)


class Party(NamedTuple):
    """Leads that enter a stage, or are in it.

    Attributes
    ----------
    lead : array of int, shape (n,)
    time : array of float64, days
    moved : array of bool
        Whether a lag has passed since the lead arrived.
    visit : array of int16, shape (n,)
        How often they have now been here; `FIRST_VISIT` for all at the first.
    """

    lead: Ints
    time: Floats
    moved: NDArray[np.bool_]
    visit: NDArray[np.int16] = FIRST_VISIT

    def some(self, which: Any) -> Party:
        """Return a part of the party."""
        visit = self.visit if len(self.visit) == 1 else self.visit[which]
        return Party(self.lead[which], self.time[which], self.moved[which], visit)


class Walks:
    """Everybody's walks, and what walking changes: kinds and visits.

    Attributes
    ----------
    kind : array of int8
        Each lead's kind by now.
    visits : dict
        For each stage to which leads come back: each lead's visits so far.
    arrived : dict
        For each stage with a desk: those who have come to it, and wait.
    """

    def __init__(self, people: Population, tables: Tables, record: Record) -> None:
        self.people, self.tables, self.record = people, tables, record
        self.plan = people.plan
        self.kind = people.kind.copy()
        self.visits: dict[int, NDArray[np.int16]] = {
            stage.index: np.zeros(len(people), dtype=np.int16)
            for stage in self.plan.stages
            if stage.comes_back
        }
        self.arrived: dict[int, Party] = {}
        self._inside: dict[int, list[Party]] = {}
        # Upstream stages first: everybody who will pass one is there when it is passed.
        self._rank = tables.ahead.sum(axis=1).tolist()

    def begin(self) -> None:
        """Let everybody arrive, and walk on."""
        entries = np.array(self.plan.entries)
        entry = entries[self.people.source]
        for stage in dict.fromkeys(self.plan.entries):
            lead = np.flatnonzero(entry == stage)
            self.enter(stage, 0, lead, self.people.time[lead])
        self.go()

    def enter(self, stage: int, reason: int, lead: Ints, time: Floats) -> None:
        """Let leads enter a stage for a reason."""
        self._enter(stage, reason, Party(lead, time, np.zeros(len(lead), dtype=bool)))

    def go(self) -> None:
        """Walk until everybody stands before a desk or has come to an end."""
        while self._inside:
            stage = max(self._inside, key=self._rank.__getitem__)
            party = _merged(self._inside.pop(stage))
            if self.tables.stages[stage]["desk"] != NONE:
                before = [self.arrived[stage]] if stage in self.arrived else []
                self.arrived[stage] = _merged([*before, party])
            elif len(party.visit) == 1:
                self._pass(stage, party)
            else:
                for visit in np.unique(party.visit):
                    self._pass(stage, party.some(party.visit == visit))

    def _enter(self, stage: int, reason: int, party: Party) -> None:
        """Write down who enters before the horizon and may."""
        before = party.time < self.plan.horizon
        if not before.all():
            party = party.some(before)
        if stage in self.visits:
            party = self._counted(stage, party)
        if len(party.lead):
            self._write(party, ENTER, stage, reason)
            if not self.plan.stages[stage].terminal:
                self._inside.setdefault(stage, []).append(party)

    def _counted(self, stage: int, party: Party) -> Party:
        """Count a visit; those who have used all theirs come to an end."""
        visits, cap = self.visits[stage], self.plan.stages[stage].visits
        party = party._replace(visit=visits[party.lead] + 1)
        if cap and (over := party.visit > cap).any():
            self._write(party.some(over), END, stage, self.plan.visit_cap)
            party = party.some(~over)
        visits[party.lead] = party.visit
        return party

    def _write(self, party: Party, event: int, stage: int, reason: int) -> None:
        code = self.record.code(event, stage, reason)
        self.record.add(party.time, party.lead, code, self.kind[party.lead])

    def _pass(self, stage: int, party: Party) -> None:
        """Take everybody's way out of a stage; all visit it for the k-th time."""
        if self.plan.stages[stage].pool:
            self._nurture(stage, party)
        else:
            self._choose(stage, party)

    def _drawn(self, stage: int, party: Party, slots: list[int]) -> Floats:
        """Return a party's numbers for some slots of its hands."""
        asks = self.tables.hands[stage].asks(int(party.visit[0]))
        return self.people.drawn([asks[slot] for slot in slots], party.lead)

    def _choose(self, stage: int, party: Party) -> None:
        """Compare everybody's luck with the rates, and let the chosen lags pass."""
        ways = self.plan.stages[stage].ways
        first = int(self.tables.stages[stage]["first_way"])
        lags = self.tables.ways["lag"][first : first + len(ways)].tolist()
        drawn = sorted(set(lags) - {NONE})
        shared = drawn if len(drawn) == 1 else []
        table = self._drawn(stage, party, [0, *shared])
        chosen = self._choices(stage, party, table[0])
        for number, way in enumerate(ways):
            who = np.flatnonzero(chosen == number)
            if not len(who):
                continue
            some, slot = party.some(who), lags[number]
            if slot == NONE:
                lag: Floats = np.full(1, way.lag.centre)
            elif shared:
                lag = table[1][who]
            else:
                lag = self._drawn(stage, some, [slot])[0]
            self._leave(some, lag, way.to, way.reason)

    def _choices(self, stage: int, party: Party, luck: Floats) -> Ints:
        """Return the number of everybody's way out of a stage."""
        at = self.tables.stages[stage]
        count, plan = int(at["choices"]), self.plan
        source, kind = self.people.source[party.lead], self.kind[party.lead]
        row = kind.astype(np.intp) * len(plan.sources) + source
        chosen = np.zeros(len(luck), dtype=np.int16)
        for choice in range(count):
            bounds = self.tables.rates[int(at["bounds"]) + choice :][row * count]
            chosen += luck >= bounds
        last = len(plan.stages[stage].ways) - 1
        return np.minimum(chosen, last, out=chosen) if count > last else chosen

    def _leave(self, party: Party, lag: Floats, to: int, reason: int) -> None:
        time, moved = party.time + lag, party.moved | (lag > 0)
        self._enter(to, reason, Party(party.lead, time, moved))

    def _nurture(self, stage: int, party: Party) -> None:
        """Let each lead's two clocks race."""
        pool = self.plan.stages[stage].pool
        assert pool is not None
        wakes_in, leaves_in = self._drawn(stage, party, [0, 1])
        kind = self.kind[party.lead]
        wakes_in *= np.array(pool.days_to_ready)[kind]
        leaves_in *= pool.days_to_drop_out
        leaves = leaves_in < wakes_in
        moved = np.ones(len(leaves), dtype=bool)
        after = party._replace(
            time=party.time + np.minimum(wakes_in, leaves_in), moved=moved
        )
        woken = after.lead[~leaves & (kind == NOT_YET)]
        self.kind[woken] = READY
        for way, who in ((pool.wakes, ~leaves), (pool.drops_out, leaves)):
            some = after.some(who)
            self._enter(way.to, way.reason, some._replace(visit=FIRST_VISIT))


def _merged(parties: list[Party]) -> Party:
    """Return several parties in one stage as one: all have visits counted, or none."""
    if len(parties) == 1:
        return parties[0]
    lead, time, moved, visit = zip(*parties, strict=True)
    together = visit[0] if visit[0] is FIRST_VISIT else np.concatenate(visit)
    return Party(
        np.concatenate(lead), np.concatenate(time), np.concatenate(moved), together
    )
