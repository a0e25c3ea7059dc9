"""Everybody's numbers for one visit to one stage, as lists that a story looks into.

In: a `Population`. Out: `NumbersOfStages`, and the buyers behind the leads. The numbers
are the population's own; here they are only looked up once, by the names under which
a story asks for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simlib.plan import StagePlan
from simlib.population import Population

if TYPE_CHECKING:
    from simlib.market import Buyers, KnownBuyers


class NumbersOfStages(dict[tuple[int, int], "Numbers"]):
    """Everybody's numbers by (stage, visit), looked up in the population once."""

    def __init__(self, people: Population) -> None:
        super().__init__()
        self.people = people

    def __missing__(self, address: tuple[int, int]) -> Numbers:
        index, visit = address
        stage = self.people.plan.stages[index]
        self[address] = Numbers(self.people, stage, visit)
        return self[address]


class Numbers:
    """Everybody's numbers for the k-th visit to one stage, each list by lead."""

    def __init__(self, people: Population, stage: StagePlan, visit: int) -> None:
        self.lags = [
            (people.days(stage.lag_stream, visit, way.lag) * people.lag_times).tolist()
            for way in stage.exits
        ]
        if stage.pool:
            self.ready = people.spell("nurture.ready", visit).tolist()
            self.drop = people.spell("nurture.drop", visit).tolist()
            return
        self.luck = people.luck(stage.outcome_stream, visit).tolist()
        self.passes = [
            people.passes(stage, visit, score.kind).tolist() for score in stage.score
        ]
        if stage.team >= 0:
            self.work = people.days(stage.work_stream, visit, stage.work).tolist()
            self.delay = people.days(stage.delay_stream, visit, stage.delay).tolist()
        if stage.may_be_ignored:
            self.ignored = people.luck(stage.ignored_stream, visit).tolist()
        if stage.patience:
            days = people.days(stage.patience_stream, visit, stage.patience)
            self.patience = days.tolist()
        if stage.curve:
            self.reachable = people.reachable(stage, visit).tolist()


def known(buyers: Buyers | None) -> KnownBuyers | None:
    """Return the buyers behind the leads, where there is a market."""
    if buyers is None:
        return None
    from simlib.market import KnownBuyers

    return KnownBuyers(buyers)
