"""Does the past predict the future? Tests of a fit against its own data.

In: `Sojourns` and their fits. Out: `Finding`: what differs, by how much, in words. It
mends nothing.

Lags: an end seen t days after entering, of a stay that could be watched for c days, has
F(t) / F(c) uniform if the lag is right, whatever the share and the censoring. A source
whose values lie low is quicker than the others, one whose values lie high slower.

Shares: what each entrant did, less what was to be expected by its age, added up in the
order of entering, wanders like a Brownian bridge if the share never changed (Brown,
Durbin and Evans 1975, for the idea).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simlib.crm.fitting import StageFit
from simlib.crm.laws import survival
from simlib.crm.transitions import STILL, Sojourns
from simlib.draws import Floats

SURE = 4.0  # standard errors of a mean of uniforms
SLOWER = 0.06  # and a shift of the mean that matters
SURE_BRIDGE = 1.95  # exceeded by a Brownian bridge with a chance of 1 in 1,000
FEWEST = 30


@dataclass(frozen=True)
class Finding:
    """Something that the model does not hold.

    Attributes
    ----------
    about : {"lag", "share"}
    stage, to : str
    source : str
        "" for all sources.
    text : str
        A sentence.
    day : float or None
        When a share changed, days.
    change : float
        Later share / earlier share, or nan.
    """

    about: str
    stage: str
    to: str
    source: str
    text: str
    day: float | None = None
    change: float = float("nan")


def _uniforms(here: Sojourns, fit: StageFit, way: int) -> tuple[Floats, Sojourns]:
    """Return F(t) / F(c) of each end by a way, and the stays that they belong to."""
    rows = here.only((here.to == fit.ways[way]) & (here.since == 0))
    theta = fit.theta(way)[None]
    longest = here.graph.horizon - rows.entered
    half = 0.5 if here.whole_days else 0.0
    form = fit.forms[way]
    done = 1 - survival(form, theta, rows.days + half)[0]
    could = 1 - survival(form, theta, longest + half)[0]
    return np.clip(done / np.maximum(could, 1e-12), 0, 1), rows


def lag_findings(stays: Sojourns, fits: list[StageFit]) -> list[Finding]:
    """Return the sources whose lags differ from the other sources'."""
    found = []
    for fit in fits:
        here = stays.of_stage(fit.stage)
        for way, to in enumerate(fit.ways):
            if fit.forms[way].is_table:
                continue
            points, rows = _uniforms(here, fit, way)
            for source in np.unique(rows.source):
                mine = points[rows.source == source]
                shift = float(mine.mean() - 0.5)
                z = shift * np.sqrt(12 * len(mine))
                if len(mine) < FEWEST or abs(z) < SURE or abs(shift) < SLOWER:
                    continue
                names = stays.stage_names
                name = stays.graph.sources[source]
                how = "slower" if shift > 0 else "quicker"
                text = (
                    f"{names[fit.stage]} to {names[to]}: leads from {name} are {how} "
                    "than the others; the scenario has one lag for all sources"
                )
                found.append(Finding("lag", names[fit.stage], names[to], name, text))
    return found


def share_findings(stays: Sojourns, fits: list[StageFit]) -> list[Finding]:
    """Return where a share changed with the time of entering, by source."""
    found = []
    for fit in fits:
        here = stays.of_stage(fit.stage)
        here = here.only((here.since == 0) & ~here.unseen)
        for way in range(len(fit.ways)):
            for source in np.unique(here.source):
                one = _share_change(here.only(here.source == source), fit, way)
                if one is not None:
                    found.append(one)
    return found


def _share_change(here: Sojourns, fit: StageFit, way: int) -> Finding | None:
    """Return the change of a source's share, if there is one beyond chance."""
    source = int(here.source[0])
    took = (here.to == fit.ways[way]) & (here.to != STILL)
    if took.sum() < FEWEST:
        return None
    order = np.argsort(here.entered, kind="stable")
    age = here.graph.horizon - here.entered[order]
    known = 1 - survival(fit.forms[way], fit.theta(way)[None], age)[0]
    known = np.maximum(known, 1e-12)
    took = took[order]
    share = float(took.sum() / known.sum())
    chance = np.clip(share * known, 0, 1)
    noise = np.cumsum(chance * (1 - chance))
    if noise[-1] <= 0:  # all went the same way: nothing is left to chance
        return None
    path = np.cumsum(took - chance)
    bridge = np.abs(path - noise / noise[-1] * path[-1]) / np.sqrt(noise[-1])
    at = int(bridge.argmax())
    if bridge[at] < SURE_BRIDGE or at + 1 >= len(took):
        return None
    before = float(took[: at + 1].sum() / known[: at + 1].sum())
    after = float(took[at + 1 :].sum() / known[at + 1 :].sum())
    names, name = here.stage_names, here.graph.sources[source]
    day = float(here.entered[order][at])
    text = (
        f"{names[fit.stage]} to {names[fit.ways[way]]}, source {name}: the share went "
        f"from {before:.1%} to {after:.1%} with those who entered about day {day:.0f}"
    )
    change = after / before if before > 0 else float("inf")
    return Finding(
        "share", names[fit.stage], names[fit.ways[way]], name, text, day, change
    )
