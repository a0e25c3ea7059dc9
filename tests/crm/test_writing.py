"""A run as a CRM would export it: what is in the files, and how it is written."""

from __future__ import annotations

import csv
import dataclasses
import re

import numpy as np
import pytest
from known_funnels import crm_log

from simlib.crm import write_export
from simlib.crm.writing import FLAWS
from simlib.crm.writing.cells import escaped
from simlib.errors import DataError, FileError
from simlib.funnel import histories
from simlib.log import Graph

FILES = {
    "hubspot": ["contacts.csv", "deals.csv"],
    "salesforce": ["leads.csv", "opportunities.csv", "history.csv", "stages.csv"],
    "pipedrive": ["deals.csv"],
    "plain": ["leads.csv"],
}


@pytest.fixture(scope="module")
def log():
    """Return the CRM view of a small run."""
    return crm_log(seed=1, horizon=120, per_month=40)


@pytest.fixture
def written(log, tmp_path):
    """Return a function that writes an export and returns its rows by file."""

    def write(layout, *flaws, encoding="utf-8", delimiter=",", **how):
        paths = write_export(log, tmp_path, layout, flaws=flaws, **how)
        return {
            path.name: list(
                csv.DictReader(
                    path.read_text(encoding=encoding).splitlines(), delimiter=delimiter
                )
            )
            for path in paths
        }

    return write


def counts(log):
    """Return how many leads there are, how many were won, and how many were lost."""
    told = histories(log)
    lost = int(told.is_lost_lead.sum())
    return int(told.is_lead.sum()), int(told.is_customer.sum()), lost


@pytest.mark.parametrize("layout", FILES)
def test_a_folder_gets_a_file_for_each_table(layout, log, tmp_path):
    """The folder is made; the names are those of the tables, people first."""
    paths = write_export(log, tmp_path / "new" / "folder", layout)

    assert FILES[layout] == [path.name for path in paths]


def test_a_file_name_is_taken_as_it_is_or_as_a_beginning(log, tmp_path):
    """One table is that file; several put their names before the ending."""
    out = tmp_path / "mine.csv"

    assert ["mine.csv"] == [path.name for path in write_export(log, out, "plain")]
    assert ["mine_contacts.csv", "mine_deals.csv"] == [
        path.name for path in write_export(log, out, "hubspot")
    ]


def test_every_lead_win_and_loss_is_in_each_layout(log, written):
    """The same numbers of leads, wins and dated losses, whatever the CRM."""
    hubspot = written("hubspot")["contacts.csv"]
    pipedrive = written("pipedrive")["deals.csv"]
    plain = written("plain")["leads.csv"]
    sales = written("salesforce", spelling="api")
    leads, deals = sales["leads.csv"], sales["opportunities.csv"]
    lost = [row["Unqualified_Date__c"] for row in leads]
    lost += [row["CloseDate"] for row in deals if row["StageName"] == "Closed Lost"]
    gone = 'Date entered "Lost (Lifecycle Stage Pipeline)"'

    def count(rows, won, lost):
        filled = [sum(bool(row[name]) for row in rows) for name in (won, lost)]
        return len(rows), *filled

    assert [counts(log)] * 4 == [
        count(hubspot, "Became a Customer Date", gone),
        count(pipedrive, "Deal - Won time", "Deal - Lost time"),
        count(plain, "won", "lost"),
        (
            len(leads),
            sum(row["IsWon"] == "true" for row in deals),
            sum(map(bool, lost)),
        ),
    ]


def test_one_lead_tells_the_same_story_everywhere(log, written):
    """The first customer: put in, made a deal and won on the same days."""
    told = histories(log)
    row = int(np.flatnonzero(told.is_customer[told.is_lead])[0])
    contact = written("hubspot")["contacts.csv"][row]
    deal = written("pipedrive")["deals.csv"][row]
    plain = written("plain")["leads.csv"][row]
    sales = written("salesforce", spelling="api")
    lead = sales["leads.csv"][row]
    one = lead["ConvertedOpportunityId"]
    opportunity = next(r for r in sales["opportunities.csv"] if r["Id"] == one)
    steps = [r["CreatedDate"] for r in sales["history.csv"] if one in r.values()]

    def days(*cells):
        return [cell[:10] for cell in cells]

    expected = days(plain["created"], plain["reached_opportunity"], plain["won"])
    assert [expected] * 3 == [
        days(
            contact["Create Date"],
            contact["Became an Opportunity Date"],
            contact["Became a Customer Date"],
        ),
        days(lead["CreatedDate"], lead["ConvertedDate"], opportunity["CloseDate"]),
        days(lead["CreatedDate"], *steps),
    ]
    assert expected[::2] == days(deal["Deal - Deal created"], deal["Deal - Won time"])


def test_a_report_looks_like_a_report(log, tmp_path):
    """Salesforce: quoted, American dates, cp1252, and a footer if asked."""
    leads, *_ = write_export(log, tmp_path, "salesforce", flaws=["footer"])
    text = leads.read_text(encoding="cp1252")
    first, *_, last = text.splitlines()

    assert first.startswith('"Lead ID","First Name"')
    assert re.search(r'"\d\d/\d\d/2025"', text)
    assert "Müller" in text
    assert ["Confidential" in text, last] == [True, '"Example Company"']


def test_no_cell_is_a_formula(written):
    """A telephone number begins with +, and is escaped; so is every = + - @ and tab."""
    cells = [
        cell
        for layout in FILES
        for rows in written(layout, encoding="cp1252").values()
        for row in rows
        for cell in row.values()
    ]

    assert ["'=1+1", "'@x", "'\tx", "'-1", "1-1", ""] == [
        escaped(text) for text in ("=1+1", "@x", "\tx", "-1", "1-1", "")
    ]
    assert "'+1 555 0101" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_a_source_that_is_a_formula_is_escaped(log, tmp_path):
    """A hostile name in the log stays text in a spreadsheet."""
    graph: Graph = dataclasses.replace(log.graph, sources=("=cmd|' /C calc'!A0", "ads"))
    hostile = dataclasses.replace(log, graph=graph)
    (path,) = write_export(hostile, tmp_path, "plain")

    assert ",'=cmd|" in path.read_text(encoding="utf-8")


def test_planned_dates_stand_on_open_deals_only(written):
    """Without the flaw an open deal has no close date; with it, each has one."""
    clean, flawed = (
        list(written("hubspot", *flaws)["deals.csv"])
        for flaws in ((), ("planned_close",))
    )

    def closes(rows, stage):
        return {bool(row["Close Date"]) for row in rows if row["Deal Stage"] == stage}

    assert [{False}, {True}, {True}] == [
        closes(clean, "Appointment Scheduled"),
        closes(flawed, "Appointment Scheduled"),
        closes(clean, "Closed Won"),
    ]


def test_what_was_set_back_has_lost_its_dates(written):
    """Some contacts with a deal are Leads again, their opportunity undated."""
    export = written("hubspot", "emptied_stages")
    deals = {row["Associated Contact IDs"] for row in export["deals.csv"]}
    back = [
        row
        for row in export["contacts.csv"]
        if row["Record ID"] in deals and not row["Became an Opportunity Date"]
    ]

    assert back
    assert {"Lead"} == {row["Lifecycle Stage"] for row in back}


def test_sources_ids_and_rows_go_wrong_here_and_there(log, written):
    """A few sources are empty or Unknown, a few ids empty, a few rows there twice."""
    rows = written("plain", "missing_sources", "missing_ids", "duplicates")["leads.csv"]
    sources, ids = [row["source"] for row in rows], [row["id"] for row in rows]

    assert {"", "Unknown", "search", "ads"} == set(sources)
    assert counts(log)[0] < len(rows) < 1.1 * counts(log)[0]
    assert 0 < ids.count("") < len(ids) / 20


def test_only_wins_are_dated(written):
    """No loss has a date; that it was lost is still said."""
    rows = written("pipedrive", "undated_losses")["deals.csv"]

    assert "Lost" in {row["Deal - Status"] for row in rows}
    assert {""} == {row["Deal - Lost time"] for row in rows}
    assert any(row["Deal - Won time"] for row in rows)


def test_a_late_register_knows_no_early_end(written):
    """Nobody is won or lost in the first 40 of 120 days, though leads come."""
    rows = written("plain", "late_register")["leads.csv"]
    ends = [row[name] for row in rows for name in ("won", "lost") if row[name]]

    assert min(row["created"] for row in rows) < "2025-01-08"
    assert "2025-02-15" <= min(ends) < "2025-02-20"


def test_some_are_won_before_they_came(written):
    """A typing error: the win stands before the first contact."""
    rows = written("plain", "negative_lags")["leads.csv"]
    wrong = [row for row in rows if row["won"] and row["won"] < row["created"]]

    assert 0 < len(wrong) < len(rows) / 20


@pytest.mark.parametrize(
    ("flaws", "cell"),
    [
        ((), "2025-01-06 "),
        (("day_first",), "06/01/2025 "),
        (("whole_days",), "2025-01-06"),
        (("day_first", "whole_days"), "06/01/2025"),
    ],
)
def test_dates_are_written_as_asked(flaws, cell, written):
    """The same first day in four ways."""
    first = written("hubspot", *flaws)["contacts.csv"][0]["Create Date"]

    assert (True, cell.endswith(" ")) == (first.startswith(cell.strip()), " " in first)


@pytest.mark.parametrize(
    ("flaw", "start"),
    [("latin1", b"id,name"), ("bom", b"\xef\xbb\xbfid,"), ("semicolons", b"id;name;")],
)
def test_files_are_coded_as_asked(flaw, start, log, tmp_path):
    """Latin-1, a byte order mark, semicolons."""
    (path,) = write_export(log, tmp_path, "plain", flaws=[flaw])
    data = path.read_bytes()

    assert data.startswith(start)
    assert (flaw == "latin1") == (b"M\xfcller" in data)


@pytest.mark.parametrize("layout", FILES)
def test_all_flaws_at_once_can_be_written(layout, written):
    """Whatever is asked of a layout together is still a table."""
    tables = written(layout, "all", encoding="latin-1", delimiter=";")

    assert FILES[layout] == list(tables)
    assert all(len(row) > 3 for rows in tables.values() for row in rows[:5])


def test_the_same_seed_hits_the_same_rows(log, tmp_path):
    """An export with flaws can be made again; another seed hits other rows."""
    made = [
        write_export(log, tmp_path / f"{i}.csv", "plain", flaws=["all"], seed=seed)
        for i, seed in enumerate((4, 4, 5))
    ]
    first, again, other = (paths[0].read_bytes() for paths in made)

    assert (True, False) == (first == again, first == other)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layout": "hubspit"}, "Did you mean 'hubspot'"),
        ({"spelling": "apu"}, "labels or api"),
        ({"spelling": "api"}, "plain has no other names"),
        ({"flaws": ["bomb"]}, "there is no 'bomb'.*Did you mean 'bom'"),
        ({"flaws": ["footer"]}, "only salesforce can have it"),
        ({"flaws": ["bom", "latin1"]}, "exclude each other"),
    ],
)
def test_what_cannot_be_written_is_said(options, message, log, tmp_path):
    """A wrong name is answered with the right ones; no file is made."""
    with pytest.raises(DataError, match=message):
        write_export(log, tmp_path, **{"layout": "plain", **options})

    assert [] == list(tmp_path.iterdir())


def test_a_place_that_cannot_be_is_said(log, tmp_path):
    """Another ending, and a folder where a file stands."""
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match=r"as FILE\.csv, or into a folder"):
        write_export(log, tmp_path / "mine.xlsx", "plain")
    with pytest.raises(FileError, match="cannot be made a folder"):
        write_export(log, tmp_path / "file", "plain")


def test_every_flaw_is_explained():
    """What the command line offers has a sentence each."""
    assert all(len(flaw.text) > 15 for flaw in FLAWS.values())
