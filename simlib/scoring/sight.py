"""What sales see of leads: what they did and are, and what came of them.

In: a `Run`. Out: a DataFrame with a row for each lead that entered the scored stage
early enough to use its whole window. The kind, which no CRM has, is beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simlib.errors import StudyError
from simlib.log import ENTER, KINDS, START, EventLog
from simlib.plan import StagePlan, compiled
from simlib.population import Population
from simlib.run import Run
from simlib.scenario.qualification import TIERS

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
FIRST = 1
OTHERS = ("points", "tier", "worked", "outcome", "ready", "kind")
"""Columns that are neither actions nor attributes."""


def seen(run: Run, outcome: str) -> pd.DataFrame:
    """Return what sales see of each scored lead, and what it is.

    Parameters
    ----------
    run : Run
        Of a scenario in which a stage has a score.
    outcome : str
        The stage that counts as success, such as ``"sql"``.

    Returns
    -------
    DataFrame
        Index: the lead. Columns: a count for each action in the window and a flag for
        each attribute; ``points``, the most that it has in the window; ``tier``, its
        capture action, where the scenario tells; ``worked``, whether somebody took it
        up; ``outcome``, whether it reached the stage; ``ready`` and ``kind``, the truth
        on entering the scored stage.

    Raises
    ------
    StudyError
        If no stage has a score.
    LogError
        If there is no stage of the outcome's name.
    """
    import pandas as pd

    people = Population(compiled(run.scenario), run.seed, run.replication)
    stage = _scored(people)
    _require_other_names(stage)
    lead, kind = _entered(run.log, stage)
    columns = _behaviour(people, stage, lead, kind)
    if run.scenario.intent:
        tiers = people.qualities.tier[lead]
        columns["tier"] = pd.Categorical.from_codes(tiers, pd.Index(TIERS))
    columns["worked"] = np.isin(lead, run.log.lead[run.log.event == START])
    reached = run.log.stage == run.log.graph.stage_code(outcome)
    columns["outcome"] = np.isin(lead, run.log.lead[reached])
    columns["ready"] = kind == KINDS.index("ready")
    columns["kind"] = pd.Categorical.from_codes(kind, pd.Index(KINDS))
    names = run.log.leads.names(run.log.graph.sources)[lead]
    return pd.DataFrame(columns, index=pd.Index(names, name="lead"))


def _scored(people: Population) -> StagePlan:
    """Return the first stage with a score."""
    for stage in people.plan.stages:
        if stage.score:
            return stage
    raise StudyError(
        f"no stage of '{people.plan.scenario.name}' has a score; give one of them "
        "score, or take the scenario scored_desk"
    )


def _require_other_names(stage: StagePlan) -> None:
    """Refuse actions and attributes that are called like another column."""
    rule = stage.score[0]
    for name, _, _ in (*rule.actions, *rule.attributes):
        if name in OTHERS:
            raise StudyError(
                f"an action or attribute is called '{name}', as a column of the table "
                f"is; give it another name than {', '.join(OTHERS)}"
            )


def _entered(log: EventLog, stage: StagePlan) -> tuple[Ints, NDArray[np.int8]]:
    """Return who entered a stage a whole window before the horizon, and their kinds."""
    here = (log.event == ENTER) & (log.stage == stage.index)
    lead, first = np.unique(log.lead[here], return_index=True)
    in_time = log.time[here][first] + stage.score[0].window <= log.graph.horizon
    return lead[in_time].astype(np.int64), log.kind[here][first][in_time]


def _behaviour(
    people: Population, stage: StagePlan, lead: Ints, kind: NDArray[np.int8]
) -> dict[str, Any]:
    """Return a column for each action and attribute, and the points."""
    rule = stage.score[0]
    columns: dict[str, Any] = {
        **{name: np.zeros(len(lead), dtype=np.int64) for name, _, _ in rule.actions},
        **{name: np.zeros(len(lead), dtype=bool) for name, _, _ in rule.attributes},
        "points": np.zeros(len(lead)),
    }
    stream, name = people.stream, stage.score_stream
    for score in stage.score:
        mine = np.flatnonzero(kind == score.kind)
        keys = people.key[lead[mine]]
        found: dict[str, Any] = {
            **score.counts(stream, name, FIRST, keys),
            **score.has(stream, name, keys),
            "points": score.best(stream, name, FIRST, keys),
        }
        for column, values in found.items():
            columns[column][mine] = values
    return columns
