"""What a CRM shows of each lead on the last day, whatever the scenario.

In: a `Run`. Out: a DataFrame with a row for each lead, without its kind: no CRM has
one. For what leads did, where a stage has a score, see `simlib.scoring.sight`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.draws import Floats, normals
from simlib.funnel import histories
from simlib.log import KINDS
from simlib.plan import compiled
from simlib.population import Population
from simlib.run import Run
from simlib.scenario.qualification import FitScore

if TYPE_CHECKING:
    import pandas as pd

ACTIONS = ("demo, trial, contact", "gated asset, webinar", "newsletter, follow")
"""Capture actions by intent: high, middle, low."""
FITTING = [KINDS.index("ready"), KINDS.index("not_yet")]
BEST = 100.0


def shown(run: Run) -> pd.DataFrame:
    """Return what a CRM shows of each lead at the horizon.

    Returns
    -------
    DataFrame
        Index: the lead. ``created`` (day), ``source``, ``stage`` and ``since`` (day)
        it stands there; where the scenario tells of it ``capture_action`` (`intent`),
        ``fit_score``, 0 to 100 (`fit_score`), and ``amount``.
    """
    import pandas as pd

    people = Population(compiled(run.scenario), run.seed, run.replication)
    past, graph = histories(run.log), run.log.graph
    lead = np.flatnonzero(past.is_lead)
    visits = past.visits
    last = np.flatnonzero(~visits.is_over)
    stage = np.full(len(past.leads), -1)
    stage[visits.lead[last]] = visits.stage[last]
    stages = pd.Index([*(at.name for at in graph.stages), "visit cap"])
    columns: dict[str, Any] = {
        "created": past.captured[lead],
        "source": pd.Categorical.from_codes(past.source[lead], pd.Index(graph.sources)),
        "stage": pd.Categorical.from_codes(stage[lead], stages),
        "since": past.final_entry[lead],
    }
    if run.scenario.intent:
        tiers = people.qualities.tier[lead]
        columns["capture_action"] = pd.Categorical.from_codes(tiers, pd.Index(ACTIONS))
    if run.scenario.fit_score:
        columns["fit_score"] = fit_scores(run.scenario.fit_score, people)[lead]
    if run.scenario.deal:
        columns["amount"] = run.log.leads.amount[lead]
    names = run.log.leads.names(graph.sources)[lead]
    return pd.DataFrame(columns, index=pd.Index(names, name="lead"))


def fit_scores(said: FitScore, people: Population) -> Floats:
    """Return each lead's score of fit: a mean by whether it fits, and noise."""
    fits = np.isin(people.kind, FITTING)
    noise = normals(people.stream("fit_score", 1), people.key)
    score = np.where(fits, said.fitting, said.others) + said.spread * noise
    return np.clip(score, 0.0, BEST)
