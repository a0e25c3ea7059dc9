"""The event log: written and read back whole, and as a CRM would see it."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from logs import NOTHING, STORY, any_log

from simlib.errors import FileError, LogError
from simlib.log import COLUMNS, EventLog, read_log
from simlib.run import simulate
from simlib.scenario import load

CODES = ("time", "lead", "event", "stage", "reason", "kind")
OF_LEADS = ("source", "kind", "amount", "band", "ordinal")


def told(log: EventLog) -> dict[str, object]:
    """Return all that a log holds, so that two can be compared."""
    codes = {name: getattr(log, name) for name in CODES}
    leads = {f"leads.{name}": getattr(log.leads, name) for name in OF_LEADS}
    columns = {**codes, **leads}
    values = {name: (at.dtype, repr(at.tolist())) for name, at in columns.items()}
    return {**values, "graph": log.graph, "meta": log.meta}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(log=any_log())
def test_parquet_brings_any_log_back_whole(tmp_path, log):
    """What is read from Parquet equals what was written: rows, leads, names, types."""
    assert told(log) == told(read_log(log.write(tmp_path / "any.parquet")))


def test_parquet_brings_a_run_back_whole(tmp_path):
    """So does the log of a run, with its scenario's name, digest and seed."""
    run = simulate(load("holed_bucket"), seed=4)
    back = read_log(run.log.write(tmp_path / "run.parquet"))

    assert told(run.log) == told(back)
    assert (run.scenario.digest, 4) == (back.meta["digest"], back.meta["seed"])


def test_a_log_without_events(tmp_path):
    """A log in which nothing happened is written and read like any other."""
    assert told(NOTHING) == told(read_log(NOTHING.write(tmp_path / "none.parquet")))
    assert list(COLUMNS) == list(NOTHING.frame.columns)


def test_other_tools_can_read_the_parquet(tmp_path):
    """The file is an ordinary table with names, for whoever reads Parquet."""
    path = STORY.write(tmp_path / "log.parquet")
    table = pd.read_parquet(path)

    pd.testing.assert_frame_equal(STORY.frame, table)


def test_csv_holds_the_names(tmp_path):
    """As CSV the log is its table, readable by anybody."""
    path = STORY.write(tmp_path / "log.csv")
    table = pd.read_csv(path, keep_default_na=False)

    assert list(COLUMNS) == list(table.columns)
    assert STORY.frame.astype(str).to_numpy().tolist() == (
        table.astype(STORY.frame.dtypes[["time", "lead"]].to_dict())
        .astype(str)
        .to_numpy()
        .tolist()
    )


def test_the_table_speaks_in_names():
    """Codes become names of sources, kinds, events, stages and reasons."""
    row = STORY.frame.query("event == 'give_up'").iloc[0]

    assert [3.5, 3, "ads", "misfit", "give_up", "mql", ""] == [
        row[name] if name != "kind" else "misfit" for name in COLUMNS
    ]


def test_lasting_names():
    """A lead's name is its source, its band and its number there."""
    names = STORY.leads.names(STORY.graph.sources)

    assert ["web/0-0", "web/0-1", "ads/0-2"] == names[:3].tolist()


def test_a_log_says_what_it_is():
    """In a notebook a log is one line."""
    assert f"<EventLog: {len(STORY)} events of 7 leads>" == repr(STORY)


def test_unknown_stages_are_named():
    """Asked for a stage that it has not, a log lists those that it has."""
    with pytest.raises(LogError, match="stage 'demo': the log has visitor, captured"):
        STORY.graph.stage_code("demo")


# --- the CRM view ------------------------------------------------------------------


def test_a_crm_sees_identified_leads_only():
    """Visitors who left no name are unseen, and so is what others did as visitors."""
    crm = STORY.crm()

    assert "visitor" not in set(crm.frame["stage"])
    assert [0, 2, 3, 4, 5, 6] == sorted(set(crm.lead.tolist()))


def test_a_crm_knows_no_kinds():
    """What a lead really is does not stand in a CRM, in no column of it."""
    crm = STORY.crm()

    assert [name for name in COLUMNS if name != "kind"] == list(crm.frame.columns)
    assert {-1} == set(crm.kind.tolist()) | set(crm.leads.kind.tolist())


def test_a_crm_view_is_written_and_read(tmp_path):
    """The CRM view, too, comes back whole, and still knows no kinds."""
    crm = STORY.crm()
    back = read_log(crm.write(tmp_path / "crm.parquet"))

    assert told(crm) == told(back)
    assert list(crm.frame.columns) == list(back.frame.columns)


@settings(max_examples=30)
@given(any_log())
def test_a_crm_adds_nothing(log):
    """Each row of the CRM view is a row of the log, in the same order."""
    crm = log.crm()
    rows = list(zip(log.time, log.lead, log.event, log.stage, strict=True))
    left = iter(rows)

    assert all(
        row in left
        for row in zip(crm.time, crm.lead, crm.event, crm.stage, strict=True)
    )


# --- what goes wrong ---------------------------------------------------------------


def test_a_missing_file(tmp_path):
    """A log that is not there is missed by its path."""
    with pytest.raises(LogError, match=r"none\.parquet: there is no such file"):
        read_log(tmp_path / "none.parquet")


@pytest.mark.parametrize("content", [b"", b"PAR1", b"day,lead\n1,2\n"])
def test_a_file_that_is_no_log(tmp_path, content):
    """A file that is no Parquet file is named, and not shown as a traceback."""
    path = tmp_path / "odd.parquet"
    path.write_bytes(content)

    with pytest.raises(LogError, match=r"odd\.parquet: not an event log"):
        read_log(path)


def test_a_table_that_is_no_log(tmp_path):
    """A Parquet file that somebody else wrote is not taken for a log."""
    path = tmp_path / "sales.parquet"
    pq.write_table(pa.table({"time": [1.0], "lead": [2]}), path)

    with pytest.raises(LogError, match=r"sales\.parquet: not an event log"):
        read_log(path)


@pytest.mark.parametrize("part", ["simlib.graph", "simlib.leads", "simlib.meta"])
def test_a_log_with_damaged_names(tmp_path, part):
    """A log whose names or leads are damaged is refused, not half read."""
    path = STORY.write(tmp_path / "log.parquet")
    table = pq.read_table(path)
    damaged = {**table.schema.metadata, part.encode(): b"{"}
    pq.write_table(table.replace_schema_metadata(damaged), path)

    with pytest.raises(LogError, match=r"log\.parquet: not an event log"):
        read_log(path)


def test_a_truncated_log(tmp_path):
    """A log that was cut off is refused."""
    path = STORY.write(tmp_path / "log.parquet")
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(LogError, match=r"log\.parquet: not an event log"):
        read_log(path)


def test_another_format(tmp_path):
    """A log is written in two formats, and the message says which."""
    with pytest.raises(LogError, match=r"log\.xlsx: a log is written as \.parquet or"):
        STORY.write(tmp_path / "log.xlsx")


def test_a_folder_that_is_not_there(tmp_path):
    """Where a log cannot be written, the message says so, and nothing is left."""
    with pytest.raises(FileError, match="cannot be written"):
        STORY.write(tmp_path / "no" / "log.parquet")

    assert [] == list(tmp_path.iterdir())


def test_dates_survive(tmp_path):
    """Day 0 keeps its date."""
    graph = dataclasses.replace(STORY.graph, start=dt.date(2026, 3, 2))
    log = dataclasses.replace(STORY, graph=graph)

    assert (
        dt.date(2026, 3, 2) == read_log(log.write(tmp_path / "l.parquet")).graph.start
    )
