"""Stocks, queues and people: how many are where, how long they wait, who is busy.

In: an `EventLog`. Out: DataFrames over days, or one row for each team. Work and waits
that go on at the horizon are counted up to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from simlib.calendars import open_days
from simlib.funnel.columns import Floats, Ints, grid, require_step, share, stacked
from simlib.funnel.history import Spans, histories
from simlib.funnel.hours import busy_by_team
from simlib.funnel.survival import aalen_johansen
from simlib.log import GIVE_UP, START, EventLog

if TYPE_CHECKING:
    import pandas as pd

HOURS_A_DAY = 24


def work_in_progress(log: EventLog, step_days: float = 1.0) -> pd.DataFrame:
    """Return how many are in each stage, day by day; waiting and work are in it.

    Parameters
    ----------
    step_days : float
        Distance of the days at which is counted.

    Returns
    -------
    DataFrame
        ``day``, ``stage``, ``count``, stage by stage; the ends are left out.
    """
    require_step("work_in_progress", step_days)
    past = histories(log)
    days, visits = grid(past.horizon, step_days), past.visits
    parts = []
    for code, stage in enumerate(log.graph.stages):
        if not stage.terminal:
            mine = visits.stage == code
            count = _stock(days, visits.entered[mine], visits.left[mine])
            parts.append({"day": days, "stage": stage.name, "count": count})
    return stacked(parts, "day", "stage", "count")


def queue_length(log: EventLog, step_days: float = 1.0) -> pd.DataFrame:
    """Return how many wait for each team and how many it has in hand, day by day.

    Parameters
    ----------
    step_days : float
        Distance of the days at which is counted.

    Returns
    -------
    DataFrame
        ``day``, ``team``, ``waiting``, ``in_hand`` (people at work, or slots held).
    """
    require_step("queue_length", step_days)
    past = histories(log)
    days = grid(past.horizon, step_days)
    parts = [
        {
            "day": days,
            "team": team.name,
            "waiting": _stock_of_team(days, past.waits, code),
            "in_hand": _stock_of_team(days, past.works, code),
        }
        for code, team in enumerate(log.graph.teams)
    ]
    return stacked(parts, "day", "team", "waiting", "in_hand")


def _stock(days: Floats, begun: Floats, until: Floats) -> Ints:
    """Return how many of the spans [begun, until) hold each of `days`."""
    come = np.searchsorted(np.sort(begun), days, side="right")
    return come - np.searchsorted(np.sort(until), days, side="right")


def _stock_of_team(days: Floats, spans: Spans, team: int) -> Ints:
    mine = spans.team == team
    return _stock(days, spans.begun[mine], spans.until[mine])


def response_times(log: EventLog) -> pd.DataFrame:
    """Return how long leads wait for each team, those who gave up named beside.

    Returns
    -------
    DataFrame
        One row for each team: ``team``; ``joined`` the queue = ``taken_up`` +
        ``gave_up`` + ``still_waiting`` at the horizon; ``mean_wait_hours`` of all who
        joined (whoever still waits counts so far); ``taken_up_mean_hours``,
        ``taken_up_median_hours``, ``taken_up_p90_hours`` of those taken up;
        ``gave_up_mean_hours``, ``gave_up_median_hours`` of those who gave up;
        ``within_5_minutes``, ``within_1_hour``, ``within_1_day``, shares of all who
        joined that were taken up so soon.
    """
    import pandas as pd

    past = histories(log)
    rows = [
        {"team": team.name, **_responses(past.waits, code)}
        for code, team in enumerate(log.graph.teams)
    ]
    return pd.DataFrame(rows)


def _responses(waits: Spans, team: int) -> dict[str, float]:
    """Return the figures of `response_times` for one team."""
    mine = waits.team == team
    hours, end = waits.days[mine] * HOURS_A_DAY, waits.end[mine]
    taken, gone = hours[end == START], hours[end == GIVE_UP]
    limits = {"within_5_minutes": 1 / 12, "within_1_hour": 1, "within_1_day": 24}
    return {
        "joined": len(hours),
        "taken_up": len(taken),
        "gave_up": len(gone),
        "still_waiting": len(hours) - len(taken) - len(gone),
        "mean_wait_hours": _mean(hours),
        "taken_up_mean_hours": _mean(taken),
        "taken_up_median_hours": _quantile(taken, 0.5),
        "taken_up_p90_hours": _quantile(taken, 0.9),
        "gave_up_mean_hours": _mean(gone),
        "gave_up_median_hours": _quantile(gone, 0.5),
        **{
            name: float(share((taken <= limit).sum(), len(hours)))
            for name, limit in limits.items()
        },
    }


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _quantile(values: Floats, probability: float) -> float:
    return float(np.quantile(values, probability)) if len(values) else float("nan")


def response_curves(logs: Mapping[str, EventLog]) -> pd.DataFrame:
    """Return the response curves of several logs, side by side.

    Parameters
    ----------
    logs : mapping of str to EventLog
        By the name that each is to have; each log has one team that answers.

    Returns
    -------
    DataFrame
        As `response_curve`, with the log's name in the place of its team.
    """
    import pandas as pd

    parts = [response_curve(log).assign(team=name) for name, log in logs.items()]
    return pd.concat(parts, ignore_index=True)


def response_curve(log: EventLog) -> pd.DataFrame:
    """Return which share of leads was taken up within each time, for each team.

    Giving up is a competing end, and whoever waits at the horizon is cut off there
    (Aalen-Johansen), so the curve need not reach 1.

    Returns
    -------
    DataFrame
        ``team``, ``hours`` since joining the queue (ascending in a team), ``share``
        of all who joined that is taken up by then, ``gave_up``, the share that has
        given up by then. A team that nobody waited for has no row.
    """
    waits = histories(log).waits
    parts = []
    for code, team in enumerate(log.graph.teams):
        mine = waits.team == code
        end = np.where(waits.end == START, 0, np.where(waits.end == GIVE_UP, 1, -1))
        curve = aalen_johansen(waits.days[mine], end[mine], ends=2)
        parts.append(
            {
                "team": team.name,
                "hours": curve.days * HOURS_A_DAY,
                "share": curve.share[0],
                "gave_up": curve.share[1],
            }
        )
    return stacked(parts, "team", "hours", "share", "gave_up")


def utilisation(log: EventLog) -> pd.DataFrame:
    """Return how busy each team is: busy open time / (servers x open time).

    Returns
    -------
    DataFrame
        ``team``; ``servers``, people or slots; ``serves_with``, which of the two;
        ``open_days`` before the horizon; ``busy_days``, summed over the servers, work
        under way counted up to the horizon; ``utilisation``. With business hours all
        days are open time, a working day being a third of one.
    """
    import pandas as pd

    past = histories(log)
    teams = log.graph.teams
    busy = busy_by_team(past)
    kinds = np.where(past.marks.holds_slots, "slots", "people")
    return pd.DataFrame(
        {
            "team": [team.name for team in teams],
            "servers": [team.servers for team in teams],
            "serves_with": kinds,
            "open_days": [open_days(team.calendar, past.horizon) for team in teams],
            "busy_days": busy,
            "utilisation": share(busy, past.marks.capacity_days),
        }
    )
