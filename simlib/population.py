"""Everybody's destiny, drawn before any event: who comes, and how they would answer.

In: a `Plan`, a seed and a replication. Out: `Population`: arrival times, kinds, and
for every decision of every lead the number that it will be compared with. A number
is turned into days here, once, so that both engines read the same bits. It never
knows what will happen: queues, outcomes and the order of events belong to an engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simlib.arrivals import ONE_OFF, arrivals
from simlib.behaviour import Passage, may_be
from simlib.compiling import COMPILED
from simlib.draws import (
    Floats,
    as_exponentials,
    entity_keys,
    exponentials,
    stream_key,
)
from simlib.lags import EXPONENTIAL, UNIFORM, Lag, Law
from simlib.log import KINDS, LeadTable
from simlib.plan import NOT_YET, READY, Curve, Plan, StagePlan, TeamPlan
from simlib.scenario.rates import abm_of, the_list
from simlib.scenario.values import as_lag
from simlib.traits import Leads, Qualities, fields_asked, qualities
from simlib.variates import bounds_passed, turn, uniforms

if TYPE_CHECKING:
    from simlib.market import Buyers

LUCK, SPELL = "luck", "spell"
Meaning = Lag | Curve | Passage | str
Ask = tuple[str, int, Meaning]


class Population:
    """The people of one replication, in order of arrival.

    A number's meaning is a `Lag` (days), a `Curve` (days in which a lead is reached), a
    `Passage` (days until a lead has points enough), `LUCK` (uniform) or `SPELL`
    (exponential, mean 1).

    Attributes
    ----------
    plan : Plan
    seed, replication : int
    time : array of float64, shape (n,), days
        Arrival times, ascending.
    source : array of int16
    kind : array of int8
        Kinds at arrival.
    column : array of int
        Each lead's column in tables of rates at arrival; see `plan.Columns`.
    key : array of uint64
        Addresses for `simlib.draws`.
    band, ordinal : array of int32
        Lasting names within the source; of the market's leads: need and buyer.
    fields : array of int16
        Fields of forms that each had filled when it left its name; 0 without a form.
    buyers : Buyers or None
        The buyers behind the leads, in a scenario with a market.
    """

    def __init__(self, plan: Plan, seed: int, replication: int) -> None:
        self.plan, self.seed, self.replication = plan, seed, replication
        said = plan.scenario
        arrived = arrivals(
            said.sources,
            horizon=said.horizon,
            days_per_month=said.days_per_month,
            seed=seed,
            replication=replication,
            reputation=said.reputation,
        )
        self.time: Floats = arrived.time
        self.source: NDArray[np.int16] = arrived.source
        self.key = arrived.key
        self.band, self.ordinal = arrived.band, arrived.ordinal
        self.kind = self._kinds()
        self.fields = np.zeros(len(self.time), dtype=np.int16)
        if any(at.form for at in said.sources.values()):
            imported = self.band == ONE_OFF
            self.fields = fields_asked(said.sources, self.source, imported)
            self._fill_forms()
        self.buyers: Buyers | None = None
        if said.market:
            self._take_in_the_market()
        self.column: NDArray[np.integer] = self._columns()
        self._kept: dict[Ask, Floats] = {}

    def __len__(self) -> int:
        return len(self.time)

    def _take_in_the_market(self) -> None:
        """Add the leads that come of the market, in order of arrival."""
        from simlib.market import Buyers, lives_of

        lives = lives_of(self.plan.scenario, (self.seed, self.replication))
        new = lives.captures
        order = np.argsort(np.concatenate([self.time, new.time]), kind="stable")

        def merged(old: NDArray[Any], added: NDArray[Any]) -> NDArray[Any]:
            return np.concatenate([old, added.astype(old.dtype)])[order]

        nobody = np.full(len(self.time), -1, dtype=np.int64)
        self.buyers = Buyers(lives, merged(nobody, new.buyer))
        self.time = merged(self.time, new.time)
        self.source = merged(self.source, new.source)
        self.key = merged(self.key, new.key)
        self.band = merged(self.band, new.need)
        self.ordinal = merged(self.ordinal, new.buyer)
        self.kind = merged(self.kind, new.kind)
        self.fields = merged(self.fields, new.fields)

    def _kinds(self) -> NDArray[np.int8]:
        """Return each lead's kind, by its own number and its source's mix."""
        luck = uniforms(self.stream("kind", 1), self.key)
        return bounds_passed(luck, self.plan.kind_bounds, self.source)

    def _fill_forms(self) -> None:
        """Leave out who gives up at a form: each one's number against its length."""
        sources = self.plan.scenario.sources.values()
        fills = np.array(
            [
                [at.form.fills(kind) if at.form else 1.0 for kind in KINDS]
                for at in sources
            ]
        )
        luck = uniforms(self.stream("form", 1), self.key)
        stays = luck < fills[self.source, self.kind]
        stays |= self.band == ONE_OFF
        for column in ("time", "source", "key", "band", "ordinal", "kind", "fields"):
            setattr(self, column, getattr(self, column)[stays])

    def _columns(self) -> NDArray[np.integer]:
        """Return each lead's column at arrival: its source, and traits that count."""
        columns = self.plan.columns
        if len(columns.traits) == 1:
            return self.source
        trait = self.qualities.place(columns.traits)
        return self.source + columns.sources * columns.found * trait

    @cached_property
    def qualities(self) -> Qualities:
        """How each lead left its name, and what a call would hear."""
        told = (self.time, self.kind, self.source, self.key, self.fields, self.listed)
        said = self.plan.scenario
        return qualities(said, Leads(*told), lambda name: self.stream(name, 1))

    @cached_property
    def listed(self) -> NDArray[np.bool_]:
        """Whether each lead's account is on a list for which something is done."""
        if self.buyers is None:
            return np.zeros(len(self), dtype=bool)
        return self.buyers.listed(the_list(self.plan.scenario), self.time)

    @cached_property
    def lag_times(self) -> Floats:
        """The factor of each lead's lags, by its source, shape (n,)."""
        return np.asarray(self.plan.lag_times[self.source])

    def stream(self, name: str, visit: int) -> int:
        """Return the key of a stream of this replication's numbers."""
        return stream_key(self.seed, self.replication, name, visit)

    def drawn(self, asked: Sequence[Ask], leads: NDArray[np.integer]) -> Floats:
        """Return numbers of some leads only: the same ones that all leads are given.

        Parameters
        ----------
        asked : sequence of (stream, visit, meaning)
        leads : array of int

        Returns
        -------
        array of float64, shape (len(asked), len(leads))
        """
        streams = [self.stream(name, visit) for name, visit, _ in asked]
        column = np.array(streams, dtype=np.uint64).reshape(-1, 1)
        table = uniforms(column, self.key[leads])
        for row, (name, visit, meaning) in zip(table, asked, strict=True):
            if isinstance(meaning, Passage):
                row[:] = self._passes(meaning, name, visit, leads)
            else:
                meant(meaning, row)
        return table

    def _passes(
        self, passage: Passage, stream: str, visit: int, leads: NDArray[np.integer]
    ) -> Floats:
        """Return the days until leads have points enough, if they are of a kind."""
        said = self.plan.scenario
        changing = (READY, NOT_YET) if said.nurture or said.market else ()
        who = np.flatnonzero(may_be(passage.kind, self.kind[leads], changing))
        days = np.full(len(leads), np.inf)
        keys = self.key[leads[who]]
        days[who] = passage.days(self.stream, stream, visit, keys)
        return days

    def _of_all(self, stream: str, visit: int, meaning: Meaning) -> Floats:
        """Return everybody's numbers, drawn once and kept."""
        ask = (stream, visit, meaning)
        if ask not in self._kept:
            if isinstance(meaning, Lag) and meaning.is_constant:
                numbers = np.full(len(self), meaning.centre)
            elif isinstance(meaning, Passage):
                everybody = np.arange(len(self))
                numbers = self._passes(meaning, stream, visit, everybody)
            else:
                numbers = uniforms(self.stream(stream, visit), self.key)
                meant(meaning, numbers)
            self._kept[ask] = numbers
        return self._kept[ask]

    def luck(self, stream: str, visit: int) -> Floats:
        """Return everybody's uniform number of a stream for their k-th visit."""
        return self._of_all(stream, visit, LUCK)

    def days(self, stream: str, visit: int, lag: Lag) -> Floats:
        """Return everybody's duration (days) of a lag for their k-th visit.

        All lags of one stream are made from the same numbers: a lead that is quick
        on one way would be quick on the other.
        """
        return self._of_all(stream, visit, lag)

    def spell(self, stream: str, visit: int) -> Floats:
        """Return everybody's standard exponential number of a stream and visit."""
        return self._of_all(stream, visit, SPELL)

    def passes(self, stage: StagePlan, visit: int, kind: int) -> Floats:
        """Return the days until each lead, being of a kind, has points; or inf."""
        return self._of_all(stage.score_stream, visit, stage.score[kind])

    def reachable(self, stage: StagePlan, visit: int) -> Floats:
        """Return how many days after entering the queue each lead is still reached."""
        assert stage.curve is not None
        return self._of_all(stage.contact_stream, visit, stage.curve)

    def stays(self, team: TeamPlan) -> Floats:
        """Return what each holder of each place of a team puts up with.

        Returns
        -------
        array of float64, shape (people, stays)
            Exponential numbers of mean 1: who has had that much of the chances of
            quitting, quits. See `simlib.morale`.
        """
        assert team.mood is not None
        places = entity_keys(self.stream(f"{team.name}.place", 1), team.people)
        holders = range(1, team.mood.stays + 1)
        drawn = [
            exponentials(self.stream(team.stay_stream, k), places) for k in holders
        ]
        return np.array(drawn).T.copy()

    @cached_property
    def amount(self) -> Floats:
        """Each lead's annual contract value if it is won; nan without a deal."""
        deal = self.plan.scenario.deal
        if deal is None:
            return np.full(len(self), np.nan)
        amount = self.days("deal.value", 1, as_lag(deal.value))
        times = abm_of(self.plan.scenario).value_times
        return np.where(self.listed, amount * times, amount)

    @cached_property
    def leads(self) -> LeadTable:
        """The leads' rows for the log."""
        buyer = None if self.buyers is None else self.buyers.buyer.astype(np.int32)
        columns = (self.source, self.kind, self.amount, self.band, self.ordinal)
        return LeadTable(*columns, buyer)


def law_of(meaning: Meaning) -> Law | None:
    """Return the law by which compiled code turns a number, if it can."""
    if isinstance(meaning, Lag | Curve):
        return meaning.law
    if isinstance(meaning, Passage):
        return None
    return Law(UNIFORM if meaning == LUCK else EXPONENTIAL)


def meant(meaning: Meaning, numbers: Floats) -> None:
    """Turn uniform numbers, in place, into what they mean."""
    law = law_of(meaning) if COMPILED else None
    if law is not None:
        turn(law, numbers)
    elif isinstance(meaning, Lag):
        meaning.from_uniforms(numbers)
    elif isinstance(meaning, Curve):
        _reachable(meaning, numbers)
    elif meaning == SPELL:
        as_exponentials(numbers)


def _reachable(curve: Curve, numbers: Floats) -> None:
    """Turn uniform numbers into the days in which leads are still reached.

    The chance of contact after w days is p(w) = 1 / (1 + (w / half_at) ** power); a
    lead with the uniform number u is reached if u < p(w), which is to say if
    w < half_at * ((1 - u) / u) ** (1 / power). The days that dialling takes are
    already taken off.
    """
    numbers[:] = (1 - numbers) / numbers
    np.power(numbers, 1 / curve.power, out=numbers)
    numbers *= curve.half_at
    numbers -= curve.dial
