"""Everybody's destiny, drawn before any event: who comes, and how they would answer.

In: a `Plan`, a seed and a replication. Out: `Population`: arrival times, kinds, and
for every decision of every lead the number that it will be compared with. A number
is turned into days here, once, so that both engines read the same bits. It never
knows what will happen: queues, outcomes and the order of events belong to an engine.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simlib.arrivals import Arrived, arrivals
from simlib.draws import Floats, exponentials, stream_key, uniforms
from simlib.lags import Lag
from simlib.log import LeadTable
from simlib.plan import Curve, Plan, StagePlan
from simlib.scenario.models import as_lag


class Population:
    """The people of one replication, in order of arrival.

    Attributes
    ----------
    plan : Plan
    seed, replication : int
    time : array of float64, shape (n,), days
        Arrival times, ascending.
    source : array of int16
    kind : array of int8
        Kinds at arrival.
    key : array of uint64
        Addresses for `simlib.draws`.
    band, ordinal : array of int32
        Lasting names within the source.
    """

    def __init__(self, plan: Plan, seed: int, replication: int) -> None:
        self.plan, self.seed, self.replication = plan, seed, replication
        parts = [self._arrived(name) for name in plan.sources]
        sizes = [len(part.time) for part in parts]
        time = np.concatenate([part.time for part in parts])
        order = np.argsort(time, kind="stable")
        codes = np.arange(len(parts), dtype=np.int16)

        def joined(name: str) -> NDArray[np.generic]:
            return np.concatenate([getattr(part, name) for part in parts])[order]

        self.time: Floats = time[order]
        self.source: NDArray[np.int16] = np.repeat(codes, sizes)[order]
        self.key = joined("key").astype(np.uint64, copy=False)
        self.band = joined("band").astype(np.int32, copy=False)
        self.ordinal = joined("ordinal").astype(np.int32, copy=False)
        self.kind = self._kinds()
        self._drawn: dict[tuple[str, int, Lag | Curve | str], Floats] = {}

    def __len__(self) -> int:
        return len(self.time)

    def _arrived(self, name: str) -> Arrived:
        said = self.plan.scenario
        return arrivals(
            name,
            said.sources[name],
            horizon=said.horizon,
            days_per_month=said.days_per_month,
            seed=self.seed,
            replication=self.replication,
        )

    def _kinds(self) -> NDArray[np.int8]:
        """Return each lead's kind, by its own number and its source's mix."""
        luck = uniforms(self._stream("kind"), self.key)
        bounds = np.array(
            [
                np.cumsum(
                    [
                        source.mix.get(kind, 0.0)
                        for kind in ("ready", "not_yet", "misfit")
                    ]
                )
                for source in self.plan.scenario.sources.values()
            ]
        )
        passed: NDArray[np.bool_] = luck[:, None] >= bounds[self.source]
        return passed.sum(axis=1).astype(np.int8)

    def _stream(self, name: str, visit: int = 1) -> int:
        return stream_key(self.seed, self.replication, name, visit)

    def luck(self, stream: str, visit: int) -> Floats:
        """Return everybody's uniform number of a stream for their k-th visit."""
        address = (stream, visit, "uniform")
        if address not in self._drawn:
            self._drawn[address] = uniforms(self._stream(stream, visit), self.key)
        return self._drawn[address]

    def days(self, stream: str, visit: int, lag: Lag) -> Floats:
        """Return everybody's duration (days) of a lag for their k-th visit.

        All lags of one stream are made from the same numbers: a lead that is quick
        on one way would be quick on the other.
        """
        address = (stream, visit, lag)
        if address not in self._drawn:
            self._drawn[address] = lag.days(self._stream(stream, visit), self.key)
        return self._drawn[address]

    def spell(self, stream: str, visit: int) -> Floats:
        """Return everybody's standard exponential number of a stream and visit."""
        address = (stream, visit, "exponential")
        if address not in self._drawn:
            self._drawn[address] = exponentials(self._stream(stream, visit), self.key)
        return self._drawn[address]

    def reachable(self, stage: StagePlan, visit: int) -> Floats:
        """Return how many days after entering the queue each lead is still reached.

        The chance of contact after w days is p(w) = 1 / (1 + (w / half_at) ** power);
        a lead with the uniform number u is reached if u < p(w), which is to say if
        w < half_at * ((1 - u) / u) ** (1 / power). The days that dialling takes are
        already taken off.
        """
        curve = stage.curve
        assert curve is not None
        address = (stage.contact_stream, visit, curve)
        if address not in self._drawn:
            luck = uniforms(self._stream(address[0], visit), self.key)
            limit = curve.half_at * ((1 - luck) / luck) ** (1 / curve.power)
            self._drawn[address] = limit - curve.dial
        return self._drawn[address]

    @cached_property
    def amount(self) -> Floats:
        """Each lead's annual contract value if it is won; nan without a deal."""
        deal = self.plan.scenario.deal
        if deal is None:
            return np.full(len(self), np.nan)
        return self.days("deal.value", 1, as_lag(deal.value))

    @cached_property
    def leads(self) -> LeadTable:
        """The leads' rows for the log."""
        return LeadTable(self.source, self.kind, self.amount, self.band, self.ordinal)
