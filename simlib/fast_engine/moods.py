"""The people of teams with morale, as the event loop keeps them.

In: a `Population` and its tables. Out: what the `World` holds of moods, seats, stays
and evenings, and afterwards the diary as the log has it. How moods change is told in
`simlib.morale`.
"""

from __future__ import annotations

from dataclasses import astuple, replace
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from simlib.fast_engine.columns import column, records
from simlib.fast_engine.tables import Tables
from simlib.log import EVENINGS
from simlib.morale import Mood, Seat, layout
from simlib.plan import TeamPlan
from simlib.population import Population

MOOD, SEAT = layout(Mood), layout(Seat)
KINDS: dict[str, DTypeLike] = {
    "moods": MOOD,
    "seats": SEAT,
    "stays": np.float64,
    "evenings": np.float64,
    "evening_desks": np.int64,
    "diary": EVENINGS,
}
NO_MOODS = {name: column(np.zeros(0, kind)) for name, kind in KINDS.items()}


def moods_of(people: Population, tables: Tables) -> dict[str, Any]:
    """Return what the world holds of moods; nothing where there is no morale."""
    moody = [team for team in people.plan.teams if team.mood]
    if not moody:
        return NO_MOODS
    stays = [people.stays(team).ravel() for team in moody]
    moods: list[Mood] = []
    seats = first_stay = 0
    for team, drawn in zip(moody, stays, strict=True):
        assert team.mood is not None
        moods.append(replace(team.mood, first_seat=seats, first_stay=first_stay))
        seats += team.people
        first_stay += len(drawn)
    time, desk = _evenings(moody, tables)
    return {
        "moods": records(np.array([astuple(mood) for mood in moods], dtype=MOOD)),
        "seats": records(np.array([astuple(Seat())] * seats, dtype=SEAT)),
        "stays": column(np.concatenate([*stays, np.zeros(0)])),
        "evenings": column(time),
        "evening_desks": column(desk),
        "diary": records(np.zeros(len(time), dtype=EVENINGS)),
    }


def _evenings(
    moody: list[TeamPlan], tables: Tables
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return all evenings, by time and then by team, and the first desk of each."""
    desks = {
        int(number): at for at, number in reversed([*enumerate(tables.desks["team"])])
    }
    teams = [team for team in moody if team.index in desks]
    count = [len(team.evenings) for team in teams]
    team = np.repeat([team.index for team in teams], count).astype(np.int64)
    time = np.array([day for each in teams for day in each.evenings], dtype=np.float64)
    order = np.lexsort((team, time))
    desk = np.array([desks[index] for index in team.tolist()], dtype=np.int64)
    return time[order], desk[order]
