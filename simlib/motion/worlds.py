"""What the browser is told of a run: names as text, everything else as typed arrays.

In: event logs. Out: dictionaries of plain values and of bytes, little-endian, which
travel as binary messages. It knows no widget.
"""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.log import KINDS, EventLog
from simlib.motion.segments import (
    STATES,
    VISIT_CAP,
    Flags,
    Ints,
    Segments,
    places,
    segments,
    spots,
)

NURTURE = "nurture"
Said = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Cast:
    """The leads that are shown, the same in every world.

    Attributes
    ----------
    names : tuple of str
        Their lasting names.
    rows : tuple of array of int32
        For each world, each lead's number in `names`, or -1 if it is not shown.
    """

    names: tuple[str, ...]
    rows: tuple[Ints, ...]


def cast(logs: Sequence[EventLog], most: int) -> Cast:
    """Choose whom to show: all, or the same at most `most` leads in every world.

    Chosen is by a checksum of the lasting name, and so without regard to what becomes
    of a lead.
    """
    named = [log.leads.names(log.graph.sources) for log in logs]
    marks = [np.array([zlib.crc32(n.encode()) for n in names]) for names in named]
    limits = [np.sort(mark)[most] for mark in marks if len(mark) > most]
    below = min(limits, default=np.inf)
    chosen = [mark < below for mark in marks]
    shown = [names[keep] for names, keep in zip(named, chosen, strict=True)]
    number = {name: i for i, name in enumerate(dict.fromkeys(np.concatenate(shown)))}
    rows = tuple(
        np.array(
            [number[n] if keep else -1 for n, keep in zip(names, kept, strict=True)],
            dtype=np.int32,
        )
        for names, kept in zip(named, chosen, strict=True)
    )
    return Cast(tuple(number), rows)


def world(log: EventLog, title: str, row: Ints, people: int) -> Said:
    """Return one world: its map in words, and its stays as the truth and the CRM know.

    Parameters
    ----------
    row : array of int32
        As `Cast.rows`.
    people : int
        How many leads are shown in all worlds together.
    """
    source = np.full(people, -1, dtype=np.int32)
    source[row[row >= 0]] = log.leads.source[row >= 0]
    truth = segments(log)
    views = {"truth": _view(truth, log, row)}
    if any(stage.anonymous for stage in log.graph.stages):
        views["crm"] = _view(segments(log.crm()), log, row)
    peaks = [np.frombuffer(view["peaks"], "<i4") for view in views.values()]
    return {
        "title": title,
        "horizon": log.graph.horizon,
        "start": log.graph.start.isoformat(),
        "stages": _stages(log),
        "sources": list(log.graph.sources),
        "reasons": list(log.graph.reasons),
        "leads": len(log.leads),
        "peaks": np.max(peaks, axis=0).tolist(),
        "source": _bytes(source, "<i4"),
        "views": views,
    }


def _stages(log: EventLog) -> list[Said]:
    """Return what the map says of each stage."""
    people = {team.name: team.servers for team in log.graph.teams}
    return [
        {
            **dataclasses.asdict(stage),
            "people": people.get(stage.team, 0),
            "pool": stage.name == NURTURE,
        }
        for stage in log.graph.stages
    ]


def _view(found: Segments, log: EventLog, row: Ints) -> Said:
    """Return the stays of those who are shown, and when anybody comes and goes."""
    count = len(places(log.graph))
    shown = _only(found, row[found.lead] >= 0)
    spot = spots(shown, count)
    lasting = shown.until > shown.begun
    peaks = np.zeros(count, dtype=np.int32)
    np.maximum.at(peaks, shown.place[lasting], spot[lasting] + 1)
    codes = {"place": shown.place, "spot": spot, "event": shown.event}
    codes |= {"reason": shown.reason, "kind": shown.kind, "lead": row[shown.lead]}
    return {
        **{name: _bytes(values, "<i4") for name, values in codes.items()},
        "begun": _bytes(shown.begun, "<f4"),
        "until": _bytes(shown.until, "<f4"),
        "peaks": _bytes(peaks, "<i4"),
        **_comings(found, count),
    }


def _comings(found: Segments, count: int) -> Said:
    """Return when anybody, shown or not, comes to each place and leaves it, sorted.

    Who is in place p at time t is the number of `comes` up to t between ``bounds[p]``
    and ``bounds[p + 1]``, less the number of `goes`.
    """
    by_coming = np.lexsort((found.begun, found.place))
    by_going = np.lexsort((found.until, found.place))
    bounds = np.searchsorted(found.place[by_coming], np.arange(count + 1))
    return {
        "comes": _bytes(found.begun[by_coming], "<f4"),
        "goes": _bytes(found.until[by_going], "<f4"),
        "bounds": _bytes(bounds, "<i4"),
    }


def _only(found: Segments, rows: Flags) -> Segments:
    """Return some of the stays."""
    names = [field.name for field in dataclasses.fields(found)]
    return Segments(**{name: getattr(found, name)[rows] for name in names})


def _bytes(values: NDArray[Any], kind: str) -> bytes:
    """Return an array as bytes of a fixed order, whatever the machine's is."""
    return values.astype(kind).tobytes()


def whereabouts(
    logs: Mapping[str, EventLog], by: str, days: Sequence[float]
) -> list[Said]:
    """Return how many of each group are in each stage on some days, in each world.

    Parameters
    ----------
    logs : mapping of str to EventLog
        By the world's name.
    by : {"source", "kind"}

    Returns
    -------
    list of dict
        ``world``, ``day``, ``stage``, ``group`` and ``count``: rows of a table. The
        end by visit cap is a stage here if anybody came to it.
    """
    return [
        {"world": name, **row}
        for name, log in logs.items()
        for row in _counted(log, by, days)
    ]


def _counted(log: EventLog, by: str, days: Sequence[float]) -> list[Said]:
    """Return the rows of one world."""
    found = segments(log)
    stage = found.place // len(STATES)
    stages = [*log.graph.stage_names]
    if (stage == len(stages)).any():
        stages.append(VISIT_CAP)
    groups = log.graph.sources if by == "source" else KINDS
    group = log.leads.source[found.lead] if by == "source" else found.kind
    rows = []
    for day in days:
        now = found.at(day) & (group >= 0)
        cell = stage[now] * len(groups) + group[now]
        counts = np.bincount(cell, minlength=len(stages) * len(groups)).tolist()
        rows += [
            {"day": day, "stage": at, "group": name, "count": counts.pop(0)}
            for at in stages
            for name in groups
        ]
    return rows
