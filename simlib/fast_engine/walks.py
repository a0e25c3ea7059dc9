"""The ways on which nobody is needed: all leads walk them at once, as columns.

In: a `Population` and leads about to enter stages. Out: their lines in the `Record`,
and those who now stand before a desk. What happens between two desks concerns one lead
only, so it needs no order of events: a whole stage is passed by comparing, adding and
choosing among columns. It knows no queue; for that see `simlib.fast_engine.loop`.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simlib.draws import Floats
from simlib.fast_engine.record import Record
from simlib.fast_engine.steps import Step, steps_of
from simlib.fast_engine.stores import Lines
from simlib.fast_engine.tables import NONE
from simlib.log import END, ENTER
from simlib.plan import NOT_YET, READY, Pool
from simlib.population import Population

Ints = NDArray[np.integer]
Flags = NDArray[np.bool_]


class Party(NamedTuple):
    """Leads that enter a stage, or are in it.

    Attributes
    ----------
    lead : array of int, shape (n,)
    time : array of float64, days
    moved : bool or array of bool
        Whether a lag has passed since the lead arrived; one value stands for all.
    visit : array of int16 or None
        How often they have now been here; None where nobody comes back.
    """

    lead: Ints
    time: Floats
    moved: bool | Flags
    visit: NDArray[np.int16] | None = None

    def some(self, which: Ints | Flags) -> Party:
        """Return a part of the party."""
        moved = self.moved if isinstance(self.moved, bool) else self.moved[which]
        visit = None if self.visit is None else self.visit[which]
        return Party(self.lead[which], self.time[which], moved, visit)


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

    def __init__(self, people: Population, record: Record) -> None:
        self.people, self.record, self.plan = people, record, people.plan
        self.steps = steps_of(self.plan)
        self.changes = any(stage.pool for stage in self.plan.stages)
        self.kind = people.kind.copy() if self.changes else people.kind
        self.visits: dict[int, NDArray[np.int16]] = {
            stage.index: np.zeros(len(people), dtype=np.int16)
            for stage in self.plan.stages
            if stage.comes_back
        }
        self.arrived: dict[int, Party] = {}
        self._inside: dict[int, list[Party]] = {}

    @cached_property
    def slows(self) -> bool:
        """Whether some source's leads are slower, or quicker, than others."""
        return bool(np.any(self.plan.lag_times != 1))

    def begin(self) -> None:
        """Let everybody arrive, and walk on."""
        entries, time = self.plan.entries, self.people.time
        stages = list(dict.fromkeys(entries))
        if len(stages) == 1:
            self.enter(stages[0], 0, np.arange(len(time)), time)
        else:
            entry = np.array(entries)[self.people.source]
            for stage in stages:
                lead = np.flatnonzero(entry == stage)
                self.enter(stage, 0, lead, time[lead])
        self.go()

    def enter(self, stage: int, reason: int, lead: Ints, time: Floats) -> None:
        """Let leads enter a stage for a reason."""
        self._enter(stage, reason, Party(lead, time, moved=False))

    def go(self) -> None:
        """Walk until everybody stands before a desk or has come to an end."""
        while self._inside:
            # Upstream first: who will pass a stage is there when it is passed.
            stage = max(self._inside, key=self._rank)
            party = _merged(self._inside.pop(stage))
            step = self.steps[stage]
            if step.is_staffed:
                before = [self.arrived[stage]] if stage in self.arrived else []
                self.arrived[stage] = _merged([*before, party])
            elif party.visit is None:
                self._pass(step, party, 1)
            else:
                for visit in np.unique(party.visit).tolist():
                    self._pass(step, party.some(party.visit == visit), visit)

    def _rank(self, stage: int) -> int:
        return self.steps[stage].stages_ahead

    def _enter(self, stage: int, reason: int, party: Party) -> None:
        """Write down who enters before the horizon and may."""
        before = party.time < self.plan.horizon
        if np.count_nonzero(before) < len(before):
            party = party.some(before)
        if stage in self.visits:
            party = self._counted(stage, party)
        if len(party.lead):
            self._write(party, ENTER, stage, reason)
            if not self.steps[stage].is_end:
                self._inside.setdefault(stage, []).append(party)

    def _counted(self, stage: int, party: Party) -> Party:
        """Count a visit; those who have used all theirs come to an end."""
        visits, cap = self.visits[stage], self.plan.stages[stage].visits
        visit = visits[party.lead] + np.int16(1)
        party = party._replace(visit=visit)
        if cap and (over := visit > cap).any():
            self._write(party.some(over), END, stage, self.plan.visit_cap)
            party, visit = party.some(~over), visit[~over]
        visits[party.lead] = visit
        return party

    def _write(self, party: Party, event: int, stage: int, reason: int) -> None:
        kind = self.kind[party.lead]
        self.record.add(Lines(party.time, party.lead, event, stage, reason, kind))

    def _pass(self, step: Step, party: Party, visit: int) -> None:
        """Take everybody's way out of a stage; all visit it for the k-th time."""
        if step.pool:
            self._nurture(step, step.pool, party, visit)
        else:
            self._choose(step, party, visit)

    def _choose(self, step: Step, party: Party, visit: int) -> None:
        """Compare everybody's luck with the rates, and let the chosen lags pass."""
        drawn = self.people.drawn
        luck, *shared = drawn(step.asks(visit), party.lead)
        chosen = self._choices(step, party, luck)
        if step.score:
            party = self._scored(step, party, visit, chosen)
        for number, (to, reason, slot, days) in enumerate(step.ways):
            who = (chosen == number).nonzero()[0]
            if not len(who):
                continue
            some = party if len(who) == len(chosen) else party.some(who)
            if slot == NONE:
                lag: float | Floats = days
            elif shared:
                lag = shared[0][who]
            else:
                lag = drawn([step.ask(slot, visit)], some.lead)[0]
            if self.slows:
                lag = lag * self.people.lag_times[some.lead]
            self._enter(to, reason, _after(some, lag))

    def _scored(self, step: Step, party: Party, visit: int, chosen: Ints) -> Party:
        """Let points be gathered; who has not enough in the window leaks, in place."""
        asks, window = step.score_asks(visit), step.score[0].window
        passes_in = self.people.drawn(asks, party.lead)
        passes_in = passes_in[self.kind[party.lead], np.arange(len(party.lead))]
        chosen[passes_in > window] = len(step.ways) - 1
        return _after(party, np.minimum(passes_in, window))

    def _choices(self, step: Step, party: Party, luck: Floats) -> Ints:
        """Return the number of everybody's way out of a stage."""
        chosen = np.zeros(len(luck), dtype=np.int8)
        if step.bounds is None:
            row = self.kind[party.lead].astype(np.intp)
            row *= step.columns
            row += self.people.column[party.lead]
            for bounds in step.rows:
                chosen += luck >= bounds[row]
        else:
            for bound in step.bounds:
                chosen += luck >= bound
        last = len(step.ways) - 1
        return np.minimum(chosen, last) if step.choices > last else chosen

    def _nurture(self, step: Step, pool: Pool, party: Party, visit: int) -> None:
        """Let each lead's two clocks race."""
        wakes_in, leaves_in = self.people.drawn(step.asks(visit), party.lead)
        kind = self.kind[party.lead]
        wakes_in *= np.array(pool.days_to_ready)[kind]
        leaves_in *= pool.days_to_drop_out
        leaves = leaves_in < wakes_in
        time = party.time + np.minimum(wakes_in, leaves_in)
        after = Party(party.lead, time, moved=True)
        self.kind[party.lead[~leaves & (kind == NOT_YET)]] = READY
        for way, who in ((pool.wakes, ~leaves), (pool.drops_out, leaves)):
            self._enter(way.to, way.reason, after.some(who))


def _is_all(lag: float | Floats) -> bool:
    """Return whether a lag passes for everybody."""
    return bool(np.count_nonzero(lag) == np.size(lag))


def _after(party: Party, lag: float | Floats) -> Party:
    """Return a party after a lag (days), not yet anywhere."""
    moved: Any = party.moved
    if moved is not True:
        moved = _is_all(lag) or moved | (lag > 0)
    return Party(party.lead, party.time + lag, moved)


def _merged(parties: list[Party]) -> Party:
    """Return several parties in one stage as one: all have visits counted, or none."""
    if len(parties) == 1:
        return parties[0]
    lead, time = (np.concatenate([party[i] for party in parties]) for i in (0, 1))
    visits = [party.visit for party in parties if party.visit is not None]
    visit = np.concatenate(visits) if visits else None
    if all(party.moved is True for party in parties):
        return Party(lead, time, moved=True, visit=visit)
    flags = [np.broadcast_to(party.moved, len(party.lead)) for party in parties]
    return Party(lead, time, np.concatenate(flags), visit)
