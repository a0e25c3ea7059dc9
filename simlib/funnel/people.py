"""The people at the desks: morale, trust, who quits and which places are empty.

In: an `EventLog` of a scenario with `teams.NAME.morale`. Out: a DataFrame, one row for
each evening of each such team. It knows nothing of leads; what morale does to them is
in the other tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simlib.errors import LogError

if TYPE_CHECKING:
    import pandas as pd

    from simlib.log import EventLog


def morale(log: EventLog) -> pd.DataFrame:
    """Return how each team with morale is, evening by evening.

    Returns
    -------
    DataFrame
        By team and then by time: ``team``; ``day``; ``month``, the same in months;
        ``morale`` and ``trust`` (0 to 1); ``present`` people, ``learning`` of them;
        ``vacant`` places; ``waiting`` leads; ``quits`` so far.

    Raises
    ------
    LogError
        If no team of the log has morale, as in a CRM view.
    """
    import pandas as pd

    if log.evenings is None:
        raise LogError(
            "morale: no team in this log has it; say teams.NAME.morale: {} in the "
            "scenario, and ask the log of the run itself"
        )
    at = log.evenings[np.lexsort((log.evenings["time"], log.evenings["team"]))]
    names = np.array([team.name for team in log.graph.teams], dtype=object)
    places = np.array([team.servers for team in log.graph.teams])
    return pd.DataFrame(
        {
            "team": names[at["team"]],
            "day": at["time"],
            "month": at["time"] / log.graph.days_per_month,
            "morale": at["morale"],
            "trust": at["trust"],
            "present": at["present"],
            "learning": at["learning"],
            "vacant": places[at["team"]] - at["present"],
            "waiting": at["waiting"],
            "quits": at["quitted"],
        }
    )
