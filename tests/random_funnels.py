"""Random funnels whose truth is known: several stages and sources, cut off anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simlib.lags import Lag, lag_of
from simlib.log import EventLog
from simlib.run import simulate
from simlib.scenario import Scenario

FAMILIES = ("lognormal", "gamma", "weibull", "exponential")
EARLY = ("captured", "mql", "opportunity")
MANY = 200_000


@dataclass(frozen=True)
class Funnel:
    """A random funnel and its truth.

    Attributes
    ----------
    said : dict
        The scenario, as a mapping.
    censored : float
        Expected share of leads that are still in progress at the horizon.
    shares : dict
        Final share won, by source, and of all leads as ``total``.
    median_days : float
        Median of the days from lead to win; the same for all sources.
    """

    said: dict[str, Any]
    censored: float
    shares: dict[str, float]
    median_days: float

    def log(self, seed: int = 0) -> EventLog:
        """Return the CRM view of one run."""
        return simulate(Scenario.of(self.said), seed=seed).log.crm()


def random_funnel(seed: int) -> Funnel:
    """Return a funnel of 1 to 3 steps and 2 to 4 sources, 10% to 80% in progress.

    Shares differ by source, lags are of any family; 300 to 3,000 leads come in all.
    """
    draw = np.random.default_rng([2025, seed])
    early = EARLY[-draw.integers(1, 4) :]
    names = [f"source_{k + 1}" for k in range(draw.integers(2, 5))]
    stages: dict[str, Any] = {"customer": {"terminal": "won"}}
    stages["lost"] = {"terminal": "lost"}
    won, mix = np.ones(len(names)), draw.dirichlet(np.full(len(names), 4.0))
    to_win, there, going = np.zeros(MANY), np.zeros(MANY), np.ones(MANY, dtype=bool)
    for here, onward in zip(early, (*early[1:], "customer"), strict=True):
        logit = draw.uniform(-1.5, 0.4) + 0.4 * draw.standard_normal(len(names))
        rates = np.round(1 / (1 + np.exp(-logit)), 6)
        ahead, out = random_lag(draw), random_lag(draw)
        rate = dict(zip(names, rates.tolist(), strict=True))
        stages[here] = {
            "next": {onward: {"rate": rate, "lag": ahead}},
            "leak": {"to": "lost", "lag": out},
        }
        on, step = draw.random(MANY) < rates @ mix, drawn(ahead, draw)
        there += np.where(going, np.where(on, step, drawn(out, draw)), 0)
        to_win, won, going = to_win + step, won * rates, going & on
    censored = draw.uniform(0.1, 0.8)
    horizon = cut_off(there, censored)
    per_day = np.exp(draw.uniform(np.log(300), np.log(3000))) / horizon * mix
    leads = {
        name: {"leads": {"per_day": rate}, "entry": early[0]}
        for name, rate in zip(names, per_day.tolist(), strict=True)
    }
    said = {"name": f"random {seed}", "horizon": horizon, "stages": stages}
    truth = dict(zip(names, won.tolist(), strict=True)) | {"total": float(won @ mix)}
    return Funnel(said | {"sources": leads}, censored, truth, float(np.median(to_win)))


def random_lag(draw: np.random.Generator) -> dict[str, Any]:
    """Return a lag of any family with a mean of 3 to 60 days."""
    family = FAMILIES[draw.integers(len(FAMILIES))]
    mean, cv = np.exp(draw.uniform(np.log(3), np.log(60))), draw.uniform(0.5, 1.4)
    lag = {"dist": family, "mean": float(mean)}
    return lag if family == "exponential" else lag | {"cv": float(cv)}


def drawn(said: dict[str, Any], draw: np.random.Generator) -> np.ndarray:
    """Return many durations of a lag, days."""
    lag: Lag = lag_of(said["dist"], mean=said["mean"], cv=said.get("cv", 1.0))
    numbers = draw.random(MANY)
    lag.from_uniforms(numbers)
    return numbers


def cut_off(there: np.ndarray, share: float) -> float:
    """Return the horizon at which a share of leads is in progress, in whole days.

    Leads come steadily: of those with the age a, P(there > a) are in progress.
    """
    from scipy.optimize import brentq

    def excess(horizon: float) -> float:
        return float(np.minimum(there, horizon).mean() / horizon - share)

    return float(max(round(brentq(excess, 0.1, 1e6)), 3))
