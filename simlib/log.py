"""The event log: what happened, to whom, when.

In: parallel columns from an engine or from a CRM export. Out: `EventLog`, the one
record that tables, pictures, calibration and the CRM view read. It never computes a
figure and never knows how the events came about.

Events
------
``enter``    into a stage; the reason is empty for an ordinary step, else the leak's
``queue``    joined the queue of the stage's team, or waits for one of its slots
``start``    a person took the lead up, or a slot was free
``finish``   the work is done, the person is free again
``give_up``  the lead's patience was over before anybody was free
``end``      the lead may not enter a stage once more (reason ``visit cap``)
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simlib.errors import LogError
from simlib.files import written_safely

if TYPE_CHECKING:
    import pandas as pd

EVENTS = ("enter", "queue", "start", "finish", "give_up", "end")
ENTER, QUEUE, START, FINISH, GIVE_UP, END = range(len(EVENTS))
KINDS = ("ready", "not_yet", "misfit", "junk")
UNKNOWN_KIND = -1
COLUMNS = ("time", "lead", "source", "kind", "event", "stage", "reason")
# One row for each evening of each team whose people have morale.
EVENINGS = np.dtype(
    [
        ("time", "f8"),
        ("team", "i4"),
        ("morale", "f8"),
        ("trust", "f8"),
        ("present", "i4"),
        ("learning", "i4"),
        ("waiting", "i4"),
        ("quitted", "i4"),
    ],
    align=True,
)


@dataclass(frozen=True)
class StageInfo:
    """What tables need to know of a stage.

    Attributes
    ----------
    name : str
    terminal : str
        ``"won"``, ``"lost"`` or ``""`` for a stage that is not an end.
    team : str
        The team that works here or whose slots are held here, or ``""``.
    slots : bool
        True if a lead holds a slot of `team` instead of being worked on.
    anonymous : bool
        True before a visitor has said who they are.
    """

    name: str
    terminal: str = ""
    team: str = ""
    slots: bool = False
    anonymous: bool = False


@dataclass(frozen=True)
class TeamInfo:
    """A team: its name, how many it can serve at once, its calendar's code."""

    name: str
    servers: int
    calendar: int = 0


@dataclass(frozen=True)
class Graph:
    """The names and the frame of a log: everything that is not an event.

    Attributes
    ----------
    stages, teams, sources, reasons
        What the codes in the columns stand for. Reason 0 is ``""``.
    horizon : float
        Days observed, half-open: an event at the horizon has not happened.
    days_per_month : float
    start : datetime.date
        The date of day 0.
    pipeline_stage : str
        The stage whose deals make the pipeline, or ``""``.
    """

    stages: tuple[StageInfo, ...]
    teams: tuple[TeamInfo, ...]
    sources: tuple[str, ...]
    reasons: tuple[str, ...]
    horizon: float
    days_per_month: float = 30.4375
    start: dt.date = dt.date(2025, 1, 6)
    pipeline_stage: str = ""

    @cached_property
    def stage_names(self) -> tuple[str, ...]:
        """The stages' names in the order of their codes."""
        return tuple(stage.name for stage in self.stages)

    def stage_code(self, name: str) -> int:
        """Return the code of a stage, or raise `LogError` for an unknown name."""
        if name not in self.stage_names:
            raise LogError(f"stage '{name}': the log has {', '.join(self.stage_names)}")
        return self.stage_names.index(name)


@dataclass(frozen=True)
class LeadTable:
    """One row for each lead (or visitor), in the order of arrival.

    Attributes
    ----------
    source : array of int16
    kind : array of int8
        The kind at arrival; -1 where it is not known (the CRM view).
    amount : array of float64
        Annual contract value if this lead is won; nan where there is no deal.
    band, ordinal : array of int32
        The lead's address within its source; with it, a lead is found again in
        another world.
    buyer : array of int32, or None
        The buyer behind each lead of a market, -1 for nobody; None without a market.
    """

    source: NDArray[np.int16]
    kind: NDArray[np.int8]
    amount: NDArray[np.float64]
    band: NDArray[np.int32]
    ordinal: NDArray[np.int32]
    buyer: NDArray[np.int32] | None = None

    def __len__(self) -> int:
        return len(self.source)

    def names(self, sources: tuple[str, ...]) -> NDArray[np.object_]:
        """Return each lead's lasting name, ``"source/band-ordinal"``, shape (n,)."""
        triples = zip(self.source, self.band, self.ordinal, strict=True)
        named = [f"{sources[s]}/{band}-{ordinal}" for s, band, ordinal in triples]
        if self.buyer is not None:
            # A buyer's lead is the same whatever source brought it, in every world.
            for row in np.flatnonzero(self.buyer >= 0):
                named[row] = f"buyer {self.buyer[row]}/{self.band[row]}"
        return np.array(named, dtype=object)


@dataclass(frozen=True)
class EventLog:
    """Events in order of (time, lead, order of happening), as columns of codes.

    Attributes
    ----------
    time : array of float64, shape (n,), days
    lead : array of int32, row in `leads`
    event : array of int8, code in `EVENTS`
    stage : array of int16, code in ``graph.stages``
    reason : array of int16, code in ``graph.reasons``
    kind : array of int8, code in `KINDS`, the lead's kind at that moment
    leads : LeadTable
    graph : Graph
    meta : dict
        Where the log comes from: scenario, seed, replication, engine, versions.
    evenings : array of `EVENINGS` records, or None
        How teams with morale are: by time, then by team. None where there is none.
    """

    time: NDArray[np.float64]
    lead: NDArray[np.int32]
    event: NDArray[np.int8]
    stage: NDArray[np.int16]
    reason: NDArray[np.int16]
    kind: NDArray[np.int8]
    leads: LeadTable
    graph: Graph
    meta: dict[str, Any] = field(default_factory=dict)
    evenings: NDArray[np.void] | None = None

    def __len__(self) -> int:
        return len(self.time)

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        """Time, lead, event, stage, reason: in any order that keeps each lead's own."""
        return self.time, self.lead, self.event, self.stage, self.reason

    def __repr__(self) -> str:
        return f"<EventLog: {len(self)} events of {len(self.leads)} leads>"

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The log as a DataFrame with `COLUMNS`; names are categories."""
        import pandas as pd

        def named(codes: NDArray[Any], names: tuple[str, ...]) -> pd.Categorical[str]:
            return pd.Categorical.from_codes(codes, categories=pd.Index(names))

        graph = self.graph
        columns: dict[str, Any] = {
            "time": self.time,
            "lead": self.lead,
            "source": named(self.leads.source[self.lead], graph.sources),
            "kind": named(self.kind, KINDS),
            "event": named(self.event, EVENTS),
            "stage": named(self.stage, graph.stage_names),
            "reason": named(self.reason, graph.reasons),
        }
        frame = pd.DataFrame(columns)
        return frame.drop(columns="kind") if self.meta.get("view") == "crm" else frame

    def crm(self) -> EventLog:
        """Return the log as a CRM sees it: identified leads only, and no kinds."""
        hidden = [i for i, stage in enumerate(self.graph.stages) if stage.anonymous]
        seen = ~np.isin(self.stage, hidden)
        identified = np.zeros(len(self.leads), dtype=bool)
        ends = [i for i, stage in enumerate(self.graph.stages) if stage.terminal]
        identified[self.lead[seen & ~np.isin(self.stage, ends)]] = True
        kept = self._only(seen & identified[self.lead])
        unknown = np.full(len(self.leads), UNKNOWN_KIND, dtype=np.int8)
        return dataclasses.replace(
            kept,
            kind=np.full(len(kept), UNKNOWN_KIND, dtype=np.int8),
            leads=dataclasses.replace(self.leads, kind=unknown),
            meta={**self.meta, "view": "crm"},
            evenings=None,
        )

    def _only(self, rows: NDArray[np.bool_]) -> EventLog:
        """Return a log with the chosen rows; the leads keep their numbers."""
        columns = ("time", "lead", "event", "stage", "reason", "kind")
        return dataclasses.replace(
            self, **{name: getattr(self, name)[rows] for name in columns}
        )

    def write(self, path: str | Path) -> Path:
        """Write the log as ``.parquet`` (reads back whole) or ``.csv`` (the frame).

        Raises
        ------
        LogError
            For another ending, or where the file cannot be written.
        """
        path = Path(path)
        if path.suffix not in {".parquet", ".csv"}:
            raise LogError(f"{path}: a log is written as .parquet or .csv")
        with written_safely(path) as temporary:
            if path.suffix == ".csv":
                self.frame.to_csv(temporary, index=False)
            else:
                self._write_parquet(temporary)
        return path

    def _write_parquet(self, path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.Table.from_pandas(self.frame, preserve_index=False)
        leads = {
            name: np.asarray(getattr(self.leads, name)).tolist()
            for name in ("source", "kind", "amount", "band", "ordinal")
        }
        if self.leads.buyer is not None:
            leads["buyer"] = self.leads.buyer.tolist()
        extra = {
            "simlib.graph": json.dumps(dataclasses.asdict(self.graph), default=str),
            "simlib.leads": json.dumps(leads),
            "simlib.meta": json.dumps(self.meta, default=str),
        }
        if self.evenings is not None:
            extra["simlib.evenings"] = json.dumps(self.evenings.tolist())
        metadata = {**(table.schema.metadata or {}), **extra}
        pq.write_table(table.replace_schema_metadata(metadata), path)


def read_log(path: str | Path) -> EventLog:
    """Read a log that `EventLog.write` wrote as Parquet.

    Raises
    ------
    LogError
        If the file is missing, is no Parquet file, or was not written by Lead Lab.
    """
    import pyarrow as pa

    path = Path(path)
    try:
        return _read_parquet(path)
    except FileNotFoundError:
        raise LogError(f"{path}: there is no such file") from None
    except (
        pa.ArrowException,
        AttributeError,
        KeyError,
        OSError,
        TypeError,
        ValueError,
    ) as error:
        raise LogError(f"{path}: not an event log of Lead Lab") from error


def _read_parquet(path: Path) -> EventLog:
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    metadata = table.schema.metadata
    graph, leads, meta = (
        json.loads(metadata[f"simlib.{part}".encode()])
        for part in ("graph", "leads", "meta")
    )
    evenings = json.loads(metadata.get(b"simlib.evenings", "null"))
    frame = table.to_pandas()
    codes = {
        name: frame[name].cat.codes.to_numpy() if name in frame else None
        for name in ("event", "stage", "reason", "kind")
    }
    if codes["kind"] is None:
        codes["kind"] = np.full(len(frame), UNKNOWN_KIND)
    types = {"event": np.int8, "stage": np.int16, "reason": np.int16, "kind": np.int8}
    columns = {name: np.asarray(codes[name]).astype(types[name]) for name in types}
    return EventLog(
        time=frame["time"].to_numpy(np.float64),
        lead=frame["lead"].to_numpy(np.int32),
        leads=_lead_table(leads),
        graph=_graph(graph),
        meta=meta,
        evenings=_evenings(evenings),
        **columns,
    )


def _evenings(saved: list[list[float]] | None) -> NDArray[np.void] | None:
    return None if saved is None else np.array([tuple(at) for at in saved], EVENINGS)


def _lead_table(columns: dict[str, list[Any]]) -> LeadTable:
    types = {
        "source": np.int16,
        "kind": np.int8,
        "amount": np.float64,
        "band": np.int32,
        "ordinal": np.int32,
        "buyer": np.int32,
    }
    return LeadTable(
        **{
            name: np.array(columns[name], types[name])
            for name in types & columns.keys()
        }
    )


def _graph(saved: dict[str, Any]) -> Graph:
    return Graph(
        stages=tuple(StageInfo(**stage) for stage in saved.pop("stages")),
        teams=tuple(TeamInfo(**team) for team in saved.pop("teams")),
        sources=tuple(saved.pop("sources")),
        reasons=tuple(saved.pop("reasons")),
        start=dt.date.fromisoformat(saved.pop("start")),
        **saved,
    )
