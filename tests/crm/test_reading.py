"""Exports of real CRMs: recognised, joined, counted; persons are left out."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest
from known_funnels import crm_log
from nasty_files import lives_of

from simlib import crm
from simlib.cli import main
from simlib.crm.reading import read_export
from simlib.errors import DataError
from simlib.funnel import histories

CONTACTS = """\
Record ID,First Name,Email,Create Date,Original Source,Lifecycle Stage,{columns}
1,Ann,ann@example.com,2025-01-06 08:00,Organic Search,customer,2025-01-07 08:00,
2,Bob,bob@example.com,2025-01-07 08:00,PAID_SEARCH,lead,,
3,Cyd,cyd@example.com,2025-01-08 08:00,,opportunity,,2025-01-20 08:00
""".format(columns="Became a Marketing Qualified Lead Date,Became an Opportunity Date")
DEALS = """\
Record ID,Deal Name,Associated Contact IDs,Create Date,Deal Stage,Close Date,Amount
70,a,1,2025-01-10 08:00,Closed Won (Sales Pipeline),2025-02-01 08:00,900
71,b,1;4,2025-01-09 08:00,Closed Lost,2025-01-30 08:00,
72,c,3,2025-01-21 08:00,Contract Sent,2025-03-31 08:00,
73,d,99,2025-01-22 08:00,Closed Lost,2025-01-30 08:00,
"""
LEADS = """\
Id,FirstName,CreatedDate,LeadSource,Status,ConvertedDate,ConvertedOpportunityId,IsDeleted
00Q000000000001AAA,Ann,2025-01-06T08:00:00.000Z,Web,Qualified,2025-01-09,006000000000001AAA,false
00Q000000000002AAA,Bob,2025-01-07T08:00:00.000Z,Web,Open,,,false
00Q000000000003AAA,Cyd,2025-01-07T08:00:00.000Z,Web,Open,,,true
"""
OPPORTUNITIES = """\
Id,Name,CreatedDate,LeadSource,StageName,CloseDate,IsWon,IsClosed,Amount
006000000000001,Deal,2025-01-09T09:30:00.000Z,Web,Signed,2025-02-01,true,true,500
"""
HISTORY = """\
Id,OpportunityId,StageName,CreatedDate
h1,006000000000001AAA,Prospecting,2025-01-09T09:30:00.000Z
h2,006000000000001AAA,Negotiation/Review,2025-01-15T10:00:00.000Z
h3,006000000000001AAA,Proposal,2025-01-12T10:00:00.000Z
h4,006000000000001AAA,Signed,2025-01-31T16:00:00.000Z
"""
STAGES = """\
MasterLabel,SortOrder,IsWon,IsClosed
Prospecting,1,false,false
Proposal,2,false,false
Negotiation/Review,3,false,false
Signed,4,true,true
"""


@pytest.fixture
def put(tmp_path):
    """A function that writes files and returns their paths."""

    def write(**files):
        paths = []
        for name, text in files.items():
            paths.append(tmp_path / f"{name}.csv")
            paths[-1].write_text(text, encoding="utf-8")
        return paths

    return write


def test_contacts_and_deals_of_hubspot_are_one_funnel(put):
    """The deal that was won decides; an open deal's close date is only planned."""
    log = read_export(put(contacts=CONTACTS, deals=DEALS), as_of="2025-02-10")

    assert (
        "Organic Search: captured 01-06 08:00, mql 01-07 08:00, "
        "opportunity 01-10 08:00, customer 02-01 08:00",
        "Paid Search: captured 01-07 08:00",
        "no source: captured 01-08 08:00, opportunity 01-20 08:00",
    ) == lives_of(log)
    assert {
        "read": 7,
        "used": 5,
        "dropped": {
            "deal of no lead in the files": 1,
            "another deal of the same lead": 1,
        },
    } == log.meta["rows"]
    assert [900.0] == log.leads.amount[np.isfinite(log.leads.amount)].tolist()


def test_the_order_of_the_files_makes_no_difference(put):
    """People come before deals, whatever is named first."""
    paths = put(contacts=CONTACTS, deals=DEALS)
    lives = [lives_of(read_export(files)) for files in (paths, paths[::-1])]

    assert lives[0] == lives[1]


def test_four_tables_of_salesforce_are_one_funnel(put):
    """Ids of 15 and 18 characters join, and the stage table knows what is won.

    The history is more exact than a close date; what is in the bin is left out.
    """
    paths = put(leads=LEADS, opps=OPPORTUNITIES, history=HISTORY, stages=STAGES)
    log = read_export(paths, as_of="2025-02-10")

    assert (
        "Web: captured 01-06 08:00, opportunity 01-09 09:30, proposal 01-12 10:00, "
        "negotiation_review 01-15 10:00, customer 01-31 16:00",
        "Web: captured 01-07 08:00",
    ) == lives_of(log)
    assert {"deleted in the CRM": 1} == log.meta["rows"]["dropped"]


def test_files_of_one_mapping_are_joined_by_an_id(put):
    """Each file says what it has; the file with created dates has the leads."""
    paths = put(
        people="lead,first,origin\na,2025-01-06,web\nb,2025-01-07,ads\n",
        sales="customer_of,paid_on,worth\na,2025-02-01,70\nz,2025-02-01,70\n",
    )
    log = read_export(
        paths,
        mapping=[
            *("created=first", "source=origin", "people.csv:id=lead"),
            *("won=paid_on", "amount=worth", "sales.csv:id=customer_of"),
        ],
    )

    assert ("web: captured 01-06, customer 02-01", "ads: captured 01-07") == lives_of(
        log
    )
    assert {"row of no lead in the files": 1} == log.meta["rows"]["dropped"]


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({"contacts": CONTACTS, "opps": OPPORTUNITIES}, "of different CRMs"),
        ({"history": HISTORY}, "alone tells of no deals"),
        ({"opps": OPPORTUNITIES, "h": HISTORY.replace("006", "007")}, "no deal of"),
        ({"contacts": CONTACTS, "deals": DEALS.replace("Asso", "x")}, "no column"),
        (
            {"contacts": CONTACTS.replace("\n1,", "\n8,").replace("\n3,", "\n9,"),
             "deals": DEALS.replace(",99,", ",,")},
            "are they exports of the same CRM?",
        ),
    ],
)  # fmt: skip
def test_files_that_do_not_belong_together_are_refused(files, line, put):
    """One message that says what is missing."""
    with pytest.raises(DataError) as caught:
        read_export(put(**files), as_of="2025-02-10")

    assert line in str(caught.value)


def test_a_file_named_twice_is_refused(put):
    """Its leads would count twice."""
    (path,) = put(contacts=CONTACTS)
    with pytest.raises(DataError, match="named twice"):
        read_export([path, path])


def test_a_large_file_is_read_in_pieces(put, monkeypatch):
    """Whatever a file's size, only some rows of it are in memory at once."""
    monkeypatch.setattr("simlib.crm.reading.text_files.PIECE", 3)
    rows = [f"{n},2025-01-{n:02d},,web" for n in range(1, 29)]
    (path,) = put(
        leads="\n".join(["id,created,won,source", *rows[:20], "", *rows[20:]])
    )
    log = read_export(path)
    with pytest.raises(DataError, match=r"row 26, column 'created'"):
        read_export(put(wrong=path.read_text().replace("2025-01-24", "soon")))

    assert (28, "web: captured 01-28") == (len(log.leads), lives_of(log)[-1])


def test_a_register_of_deals_that_starts_late_is_warned_of(put):
    """Leads go back further than what became of them: those before count from then."""
    log = crm_log(seed=3, horizon=500, per_month=50)
    start = np.datetime64(log.graph.start)
    lines = ["created,won,lost"]
    for lead in range(len(log.leads)):
        rows = log.lead == lead
        last = log.graph.stages[log.stage[rows][-1]].terminal
        day = [str(start + int(time)) for time in log.time[rows]]
        known = last and log.time[rows][-1] > 250
        won, lost = (
            day[-1] if known and last == end else "" for end in ("won", "lost")
        )
        lines.append(f"{day[0]},{won},{lost}")
    found = crm.calibrate(read_export(put(deals="\n".join(lines)), as_of="2026-05-21"))
    total = found.table.iloc[-1]
    truth = (0.30 + 0.15) / 2 * 0.3  # as `known_funnels` has it

    assert any("that record starts late" in text for text in found.warnings)
    assert total["low"] < truth < total["high"]


def test_no_personal_data_get_into_the_scenario_or_the_report(tmp_path, capsys):
    """Names, addresses and telephone numbers of the export are nowhere to be found."""
    log = crm_log(seed=1, horizon=430, per_month=60)
    files = crm.write_export(log, tmp_path / "in", "hubspot")
    people = [line.split(",") for line in files[0].read_text("utf-8").splitlines()[1:]]
    out, page = tmp_path / "mine.yaml", tmp_path / "page.html"
    options = ["--out", str(out), "--report", str(page), "--as-of", "2026-03-12"]
    code = main(["calibrate", *map(str, files), *options])
    said = capsys.readouterr()
    text = out.read_text("utf-8") + page.read_text("utf-8") + said.out + said.err
    words = {cell.strip("'\"") for row in people for cell in row[2:5]}

    assert 0 == code
    assert any("@" in word for word in words)
    assert [] == [word for word in words if word and word in text]


def test_calibrate_and_backtest_read_an_export_and_say_how(put, tmp_path, capsys):
    """--map and a mapping file may be given together; JSON tells the rows used."""
    log = crm_log(seed=1, horizon=430, per_month=60)
    (path,) = crm.write_export(log, tmp_path / "leads.csv", "plain")
    text = path.read_text("utf-8").replace("created,source", "first_seen,origin", 1)
    (path,) = put(mine=text)
    (tmp_path / "columns.yaml").write_text(
        "created: first_seen\nwon: won\nlost: lost\n"
    )
    options = ["--mapping", str(tmp_path / "columns.yaml"), "--map", "source=origin"]
    options += ["--as-of", "2026-03-12", "--timezone", "Europe/Berlin"]
    assert 0 == main(["calibrate", str(path), *options, "--json"])
    found = json.loads(capsys.readouterr().out)
    cut = ["--cut", "2025-12-01", "--horizon", "60"]
    assert 0 == main(["backtest", str(path), *options, *cut])
    verdict = capsys.readouterr().out

    assert ("2026-03-12", {"search", "ads"}) == (found["as_of"], set(found["sources"]))
    assert {"read": len(log.leads), "used": len(log.leads), "dropped": {}} == (
        found["rows"]
    )
    assert verdict.startswith("Read mine.csv: mapped rows (utf-8, commas)")


def test_leads_that_are_all_won_at_once_can_be_calibrated(put, tmp_path):
    """Nothing is left to chance, and the page is written all the same."""
    (path,) = put(mine="created,won\n" + "2025-01-06,2025-01-06\n" * 30)
    found = crm.calibrate(read_export(path, as_of="2025-02-03"))
    page = crm.write_report(found, tmp_path / "page.html")
    share = found.summary()["total"]["share_final"]

    assert page.stat().st_size > 10_000
    assert 0.9 < share["low"] <= share["mean"] <= share["high"] <= 1


def test_a_source_called_total_is_not_taken_for_the_sum(put):
    """Tables call the sum of all sources so: the source gets brackets."""
    (path,) = put(mine="created,won,source\n2025-01-06,2025-01-09,Total\n")

    assert ("(Total)",) == read_export(path).graph.sources


@pytest.mark.parametrize("spelling", ["labels", "api"])
@pytest.mark.parametrize("layout", ["hubspot", "salesforce", "pipedrive"])
def test_each_layout_of_a_run_tells_the_same_leads(layout, spelling, tmp_path):
    """Who came from where, and on which day they were won, is what the run says."""
    log = crm_log(seed=2, horizon=200, per_month=40)
    files = crm.write_export(log, tmp_path, layout, spelling=spelling)
    end = log.graph.start + dt.timedelta(days=int(log.graph.horizon))
    found = read_export(files, as_of=end)

    assert wins(log) == wins(found)
    assert {} == found.meta["rows"]["dropped"]


def wins(log):
    """Return the sorted source, day of arrival and day of the win of each lead."""
    told = histories(log)
    start = log.graph.start.toordinal()
    won = np.where(told.is_customer, told.final_entry, np.nan)
    days = [np.nan_to_num(np.floor(one) + start) for one in (told.arrived, won)]
    names = np.array(log.graph.sources)[told.source]
    here = np.isfinite(told.arrived)
    return sorted(zip(names[here], *(one[here].tolist() for one in days), strict=True))
