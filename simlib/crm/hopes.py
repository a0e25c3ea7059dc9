"""Wins that nobody has seen yet: how many there may be still.

In: `Sojourns` of a log without a single win. Out: `Hope`, which adds a way to a win to
the last stage that anybody has reached. Where somebody was won there is none.

Without it a young funnel would seem to be one without customers. Of those in that stage
the share u will be won, after a gamma lag of mean D and shape 2; the others end
otherwise, after an exponential one of mean E. A stay that ended otherwise at t adds
log (1 - u) + log f_E(t), one of age a that goes on log (u S_D(a) + (1 - u) S_E(a)).
Beforehand u has Jeffreys' law, Beta(1/2, 1/2), and D is E give or take a factor of
three: wins may be slower than losses, so that many early losses do not rule them out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from simlib.crm.chance import Chance
from simlib.crm.laws import LEAST, Form
from simlib.crm.parameters import Stay
from simlib.crm.transitions import Sojourns
from simlib.draws import Floats
from simlib.funnel.marks import NURTURE

GIVE_OR_TAKE = math.log(3)  # spread of log D around log E
WIDE = 1.5  # spread of log E around what was seen
SHARES, LAGS = 61, 21  # points of the grid, each as likely beforehand
MOST_AGES = 100
SHAPE = 2.0  # hardly any win comes at once
FORM = Form("gamma")


@dataclass(frozen=True)
class Hope:
    """A way to a win that nobody was seen to take.

    Attributes
    ----------
    stage : int
        Code of the last stage that anybody has reached.
    won : int
        Code of the stage of those won.
    share, days : array, shape (n,)
        Points of a grid: the share of the stage that will be won, and the mean lag.
    weight : array, shape (n,)
        How likely each point is; they sum to 1.
    sources : int
    """

    stage: int
    won: int
    share: Floats
    days: Floats
    weight: Floats
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
            thetas=(*old.thetas, np.log([days, SHAPE])),
        )
        return (*others, new)

    @property
    def mean(self) -> tuple[float, float]:
        """The mean of the share, and a middle lag (days)."""
        lag = np.exp(self.weight @ np.log(self.days))
        return float(self.weight @ self.share), float(lag)

    def drawn(self, chance: Chance, count: int) -> tuple[Floats, Floats]:
        """Return equally likely shares and lags (days), shape (n,) each."""
        place = chance.picked(self.weight, count)
        place = place[np.argsort(chance.uniform(count))]
        return self.share[place], self.days[place]


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
    share, days, weight = _grid(here)
    return Hope(here.stage[0].item(), won[0], share, days, weight, len(graph.sources))


def _grid(here: Sojourns) -> tuple[Floats, Floats, Floats]:
    """Return shares and lags on a grid, and how likely each pair is."""
    from scipy.special import betaincinv, ndtri

    ended, still = here.days[here.is_over], here.days[~here.is_over]
    typical = max(float(np.median(ended if len(ended) else still)), 0.5)
    middle = ndtri((np.arange(LAGS) + 0.5) / LAGS)
    other = (typical * np.exp(WIDE * middle))[None, None, :]
    lag = other * np.exp(GIVE_OR_TAKE * middle)[None, :, None]
    share = betaincinv(0.5, 0.5, (np.arange(SHARES) + 0.5) / SHARES)[:, None, None]
    logs = len(ended) * (np.log1p(-share) - np.log(other)) - ended.sum() / other
    for age, count in zip(*_ages(still), strict=True):
        late = 2 * age / lag  # P(lag > age) = (1 + late) exp(-late) for the shape 2
        going = share * (1 + late) * np.exp(-late) + (1 - share) * np.exp(-age / other)
        logs = logs + count * np.log(np.maximum(going, LEAST))
    weight = np.exp(logs - logs.max()).ravel()
    both = np.broadcast_arrays(share, lag, logs)
    return both[0].ravel(), both[1].ravel(), weight / weight.sum()


def _ages(still: Floats) -> tuple[Floats, Floats]:
    """Return ages of stays that go on, few of them, and how many have each."""
    parts = np.array_split(np.sort(still), min(len(still), MOST_AGES) or 1)
    parts = [part for part in parts if len(part)]
    means = [float(part.mean()) for part in parts]
    return np.array(means), np.array([float(len(part)) for part in parts])
