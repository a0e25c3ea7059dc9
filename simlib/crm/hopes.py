"""Wins that nobody has seen yet: how many there may be still.

In: `Sojourns` of a log without a single win. Out: `Hope`, which adds a way to a win to
the last stage that anybody has reached. Where somebody was won there is none.

Without it a young funnel would seem to be one without customers. Of n stays in that
stage that ended, none by a win, the share that a win would take has Jeffreys'
posterior, Beta(1/2, n + 1/2); those that go on say nothing. When wins would come cannot
be known: an exponential lag about as long as the others of that stage, give or take.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from simlib.crm.chance import Chance
from simlib.crm.laws import Form
from simlib.crm.parameters import Stay
from simlib.crm.transitions import Sojourns
from simlib.draws import Floats
from simlib.funnel.history import NURTURE

GIVE_OR_TAKE = 1.0  # spread of the lag's logarithm
FORM = Form("exponential")


@dataclass(frozen=True)
class Hope:
    """A way to a win that nobody was seen to take.

    Attributes
    ----------
    stage : int
        Code of the last stage that anybody has reached.
    won : int
        Code of the stage of those won.
    ended : int
        Stays there that ended otherwise.
    days : float
        About how long a stay there takes.
    sources : int
    """

    stage: int
    won: int
    ended: int
    days: float
    sources: int

    def added(
        self, stays: tuple[Stay, ...], share: float, days: float
    ) -> tuple[Stay, ...]:
        """Return stays with the way added, at the cost of the others of its stage.

        Parameters
        ----------
        stays : tuple of Stay
        share : float
            Share of the stage that is won.
        days : float
            Mean of the lag.
        """
        never = np.ones((self.sources, 1))
        here = [stay for stay in stays if stay.stage == self.stage]
        old = here[0] if here else Stay(self.stage, (), never, (), ())
        others = [stay for stay in stays if stay.stage != self.stage]
        left = old.shares * (1 - share)
        won = np.full((self.sources, 1), share)
        new = replace(
            old,
            ways=(*old.ways, self.won),
            shares=np.hstack([left[:, :-1], won, left[:, -1:]]),
            forms=(*old.forms, FORM),
            thetas=(*old.thetas, np.array([math.log(days)])),
        )
        return (*others, new)

    @property
    def mean_share(self) -> float:
        """The mean of the share."""
        return 0.5 / (self.ended + 1)

    def shares(self, chance: Chance, count: int) -> Floats:
        """Return equally likely shares, shape (n,)."""
        from scipy.special import betaincinv

        return np.asarray(betaincinv(0.5, self.ended + 0.5, chance.uniform(count)))

    def lags(self, chance: Chance, count: int) -> Floats:
        """Return equally likely means of the lag, days, shape (n,)."""
        return np.asarray(self.days * np.exp(GIVE_OR_TAKE * chance.normal(count)))


def hope_of(stays: Sojourns) -> Hope | None:
    """Return the way to a win that there may be, or None if one was seen."""
    graph = stays.graph
    won = [code for code, stage in enumerate(graph.stages) if stage.terminal == "won"]
    if not won or np.isin(stays.to, won).any():
        return None
    nurture = [code for code, name in enumerate(graph.stage_names) if name == NURTURE]
    usual = stays.stage[~np.isin(stays.stage, nurture)]
    if not len(usual):
        return None
    here = stays.of_stage(int(usual.max()))
    ended = here.only(here.is_over)
    days = (ended if len(ended) else here).days
    return Hope(
        stage=int(usual.max()),
        won=won[0],
        ended=len(ended),
        days=max(float(np.median(days)), 0.5),
        sources=len(graph.sources),
    )
