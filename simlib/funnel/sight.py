"""What sales can see of a lead, against what it is: a confusion matrix.

In: a `Run`, with its seed, so that the marks on the leads can be told again. Out: a
DataFrame. Marks are the team's own (`hot` in the scenario); nothing here is a kind
that a CRM would know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simlib.errors import LogError, nearest
from simlib.funnel.columns import share
from simlib.funnel.history import histories
from simlib.log import KINDS, QUEUE
from simlib.plan import TeamPlan, compiled
from simlib.population import Population

if TYPE_CHECKING:
    import pandas as pd

    from simlib.run import Run


def seen_as_hot(run: Run, team: str) -> pd.DataFrame:
    """Return who looks hot to a team when they join its queue, and who is ready.

    Whether the team acts on it is another matter: only with the order ``hot_first``.

    Parameters
    ----------
    run : Run
    team : str
        A team of the scenario.

    Returns
    -------
    DataFrame
        Two rows, ``looks`` hot and not hot: ``ready`` and ``others``, how many were so;
        ``ready_share`` = ready / (ready + others); ``mean_wait_hours`` of all in the
        row, those who gave up included (whoever still waits counts so far).

    Raises
    ------
    LogError
        If the scenario has no such team.
    """
    import pandas as pd

    plan = compiled(run.scenario)
    at = _team(plan.teams, team)
    log, waits = run.log, histories(run.log).waits
    queued = np.flatnonzero(log.event == QUEUE)
    # In the order of the waits: by lead, then by time.
    queued = queued[np.argsort(log.lead[queued], kind="stable")]
    here = waits.team == at.index
    lead, kind, hours = waits.lead[here], log.kind[queued][here], waits.days[here] * 24
    chances = np.array(at.hot)[kind, log.leads.source[lead]]
    people = Population(plan, run.seed, run.replication)
    hot = people.luck(at.hot_stream, 1)[lead] < chances
    ready = kind == KINDS.index("ready")
    rows = [
        {
            "looks": looks,
            "ready": int((mine & ready).sum()),
            "others": int((mine & ~ready).sum()),
            "ready_share": float(share((mine & ready).sum(), mine.sum())),
            "mean_wait_hours": float(share(hours[mine].sum(), mine.sum())),
        }
        for looks, mine in (("hot", hot), ("not hot", ~hot))
    ]
    return pd.DataFrame(rows)


def _team(teams: tuple[TeamPlan, ...], name: str) -> TeamPlan:
    """Return the team of a name."""
    known = [team.name for team in teams]
    if name not in known:
        listed = ", ".join(known) or "no team"
        raise LogError(
            f"team '{name}': the scenario has {listed}.{nearest(name, known)}"
        )
    return teams[known.index(name)]
