"""Nasty files: each is read rightly, or refused with one message that says where."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from nasty_files import Case, bomb, parquet, workbook

from simlib.crm.reading import read_export
from simlib.errors import DataError

HEAD = "id,created,won,source\n"
ONE = ("web: captured 01-06, customer 02-01",)
TWO = (*ONE, "ads: captured 01-07")
MAP = {"mapping": {"created": "first", "won": "deal", "source": "from"}}
MAPPED_HEAD = "first,deal,from\n"

TEXT = [
    Case(
        "a byte order mark is no part of a name",
        "\ufeff" + HEAD + "1,2025-01-06,2025-02-01,web\n2,2025-01-07,,ads\n",
        TWO,
    ),
    Case(
        "semicolons part columns as commas do",
        (HEAD + "1,2025-01-06,2025-02-01,web\n2,2025-01-07,,ads\n").replace(",", ";"),
        TWO,
    ),
    Case(
        "so do tabs",
        (HEAD + "1,2025-01-06,2025-02-01,web\n2,2025-01-07,,ads\n").replace(",", "\t"),
        TWO,
        name="export.tsv",
    ),
    Case(
        "a first line sep=; is for Excel, no header",
        "sep=;\n" + (HEAD + "1,2025-01-06,2025-02-01,web\n").replace(",", ";"),
        ONE,
    ),
    Case(
        "UTF-16 with tabs, as Excel writes Unicode text",
        (HEAD + "1,2025-01-06,2025-02-01,wéb\n").replace(",", "\t").encode("utf-16"),
        ("wéb: captured 01-06, customer 02-01",),
    ),
    Case(
        "Latin-1 is read as what it is",
        (HEAD + "1,2025-01-06,2025-02-01,Käufer\n").encode("latin-1"),
        ("Käufer: captured 01-06, customer 02-01",),
    ),
    Case(
        "a file that mixes UTF-8 and Latin-1 is read cell by cell",
        HEAD.encode()
        + "1,2025-01-06,2025-02-01,Käufer\n".encode()
        + "2,2025-01-07,,Käufer\n".encode("latin-1"),
        ("Käufer: captured 01-06, customer 02-01", "Käufer: captured 01-07"),
    ),
    Case(
        "line ends may be those of old Macs",
        HEAD.replace("\n", "\r") + "1,2025-01-06,2025-02-01,web\r2,2025-01-07,,ads\r",
        TWO,
    ),
    Case(
        "quoted cells may hold commas and line ends",
        'id,created,won,source,name\n1,2025-01-06,2025-02-01,web,"Roe,\nJane"\n2,2025-01-07,,ads,x\n',
        TWO,
    ),
    Case(
        "blank lines are no rows",
        HEAD + "\n1,2025-01-06,2025-02-01,web\n,,,\n2,2025-01-07,,ads\n\n\n",
        TWO,
    ),
    Case(
        "lines above the header are left alone",
        "Our leads\nmade by sales\n\n" + HEAD + "1,2025-01-06,2025-02-01,web\n",
        ONE,
    ),
    Case(
        "rows may be shorter than the header",
        HEAD + "1,2025-01-06,2025-02-01,web\n2,2025-01-07\n",
        (*ONE, "no source: captured 01-07"),
        warns="1 leads have no source",
    ),
    Case(
        "a comma too many at the end of all rows does no harm",
        HEAD + "1,2025-01-06,2025-02-01,web,\n2,2025-01-07,,ads,\n",
        TWO,
    ),
    Case(
        "a formula in a cell is text",
        HEAD + '1,2025-01-06,2025-02-01,"=HYPERLINK(""x"",""y"")"\n',
        ('=HYPERLINK("x","y"): captured 01-06, customer 02-01',),
    ),
    Case(
        "names of columns have no case",
        HEAD.upper() + "1,2025-01-06,2025-02-01,web\n",
        ONE,
    ),
]
REFUSED = [
    Case("an empty file", "", error=": the file is empty"),
    Case("only a byte order mark", b"\xef\xbb\xbf\r\n", error=": the file is empty"),
    Case("a header without rows", HEAD, error=": there is no row below the header"),
    Case("one column", "created\n2025-01-06\n", error=", row 1: only one column ('created'); columns must be parted by commas, semicolons or tabs"),
    Case("bytes that are no text", b"\x00\x01\x02\x03" * 999, error=": this is no text; give the export as CSV, XLSX or Parquet"),
    Case("an old Excel file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), error=": this is an old Excel file, or a locked one; save it as XLSX or CSV", name="old.xls"),
    Case("a page that calls itself a workbook", "<html><table><tr><td>a,b</td></tr>", error=": this is a page or JSON under another name; export again as CSV or XLSX", name="report.xls"),
    Case("a packed file", b"\x1f\x8b\x08\x00", error=": this is packed with gzip; unpack it first", name="export.csv.gz"),
    Case("a PDF", b"%PDF-1.7 ...", error=": this is a PDF; export the table as CSV or XLSX"),
    Case("a cell with a comma that is not quoted shifts its row", HEAD + "1,2025-01-06,2025-02-01,web\n2,2025-01-07,,ads, paid\n", error=", row 3, column 5: more cells than the header has; is a cell with ',' unquoted?"),
    Case("a quotation mark that never closes", HEAD + '1,2025-01-06,2025-02-01,web\n2,2025-01-07,,"ads\n3,2025-01-08,,web\n', error=", row 3: a quotation mark opens a cell and never closes"),
    Case("a word where a date should be", HEAD + "1,2025-01-06,2025-02-01,web\n2,soon,,ads\n", error=", row 3, column 'created': 'soon' is no date that can be read; write it as 2025-03-31, or leave the cell empty"),
    Case("a day that no calendar has", HEAD + "1,2025-02-30,,web\n", error=", row 2, column 'created': '2025-02-30' is no date that can be read; write it as 2025-03-31, or leave the cell empty"),
    Case("day first and month first in one column", HEAD + "1,13/01/2025,,web\n2,01/14/2025,,web\n", error=", row 3, column 'created': here the month comes first, but in row 2 the day does; one column has one order: write dates as 2025-03-31"),
    Case("dates that may be read in two ways", HEAD + "1,03/04/2025,,web\n", error=", row 2, column 'created': this column does not tell whether the day or the month comes first; say --dates day-first or month-first"),
    Case("a column that comes twice", "id,created,won,won,source\n1,2025-01-06,,,web\n", error=", row 1, column 'won': this name stands twice in the header; rename or remove one of them"),
    Case("ids that a spreadsheet has rounded", HEAD + "1.2E+11,2025-01-06,,web\n", error=", row 2, column 'id': '1.2E+11' was rounded by a spreadsheet, and others with it; export the ids as text"),
    Case("addresses of persons where groups should be", HEAD + "1,2025-01-06,,web\n2,2025-01-06,,ann@example.com\n", error=", row 3, column 'source': this looks like an address or a telephone number of a person; choose a column that names groups"),
    Case("a last date far from all others, when the day of the export is not said", HEAD + "".join(f"{n},2025-01-{n:02d},,web\n" for n in range(1, 29)) + "29,2052-01-03,,web\n", error=", row 30, column 'created': 2052-01-03 comes 9836 days after all other dates; if it is a slip, say the day of the export with --as-of"),
    Case("a close date that nobody explains", "first,end\n2025-01-06,2025-02-01\n", error=", column 'end': a close date alone does not say whether a deal was won, lost, or is only planned to close; name the status too (--map status=COLUMN)", options={"mapping": ["created=first", "closed=end"]}),
    Case("nothing that can be used", HEAD + "1,2025-01-06,,web\n", error=": no row can be used (created after the as-of date: 1)", options={"as_of": "2024-01-01"}),
]  # fmt: skip
DATES = [
    Case("one cell decides for its column that the day comes first", HEAD + "1,13/01/2025,,web\n2,02/03/2025,,web\n", ("web: captured 01-13", "web: captured 03-02")),
    Case("another column of the file may decide, too", HEAD + "1,02/03/2025,14/03/2025,web\n", ("web: captured 03-02, customer 03-14",)),
    Case("but a column that is sure is not overruled", "created;won;source\n13.01.2025;02/14/2025;web\n", ("web: captured 01-13, customer 02-14",)),
    Case("dots mean that the day comes first", "created;won;source\n06.01.2025;01.02.2025;web\n", ONE),
    Case("the user may say it", HEAD + "1,01/06/2025,02/01/2025,web\n", ONE, options={"dates": "month-first"}),
    Case("AM and PM are told apart, and 12 AM is midnight", "created,won,source\n1/13/2025 12:05 AM,1/13/2025 1:30 PM,web\n", ("web: captured 01-13 00:05, customer 01-13 13:30",)),
    Case("months may have names", 'created,won,source\n6 Jan 2025,"February 1, 2025",web\n', ONE),
    Case("milliseconds since 1970", "created,won,source\n1736121600000,1738368000000,web\n", ONE),
    Case("day numbers of a spreadsheet", "created,won,source\n45663,45689,web\n", ONE),
    Case("offsets are turned to one zone", "created,won,source\n2025-01-06T23:30:00Z,2025-01-07T01:45:00+02:00,web\n", ("web: captured 01-06 23:30, customer 01-06 23:45",)),
    Case("and to the zone that is said", "created,won,source\n2025-01-06T23:30:00Z,2025-01-07T23:45:00.123+0000,web\n", ("web: captured 01-07 00:30, customer 01-08 00:45",), options={"timezone": "Europe/Berlin"}),
    Case("dates of midnight UTC are dates, which no zone moves", "created,won,source\n2025-01-06T00:00:00Z,2025-02-01T00:00:00Z,web\n", ONE, options={"timezone": "America/New_York"}),
    Case("times with a zone beside times without one are warned of", "created,won,source\n2025-01-06T23:30:00Z,2025-01-09 10:00,web\n", ("web: captured 01-06 23:30, customer 01-09 10:00",), warns="created say their time zone and won do not"),
    Case("a date against a time of the same day is lag 0, not less", "created,won,source\n2025-01-06 14:00,2025-01-06,web\n2025-01-07 09:00,,web\n", ("web: captured 01-06, customer 01-06", "web: captured 01-07"), warns="are 0 days apart"),
    Case("an end a little before the beginning is clocks: lag 0", "created,won,source\n2025-01-06 14:00,2025-01-06 13:00,web\n", ("web: captured 01-06 14:00, customer 01-06 14:00",), warns="taken as the same moment"),
    Case("an end long before the beginning is a mistake", "created,won,source\n2025-01-06,2024-12-01,web\n2025-01-07,,ads\n", ("ads: captured 01-07",), dropped={"won before it was created": 1}),
    Case("words for nothing are nothing", HEAD + "1,2025-01-06,n/a,web\n2,2025-01-06,-,web\n3,2025-01-06,0000-00-00 00:00:00,web\n", ("web: captured 01-06",) * 3),
    Case("no created date, no lead", HEAD + "1,,2025-02-01,web\n2,2025-01-07,,ads\n", ("ads: captured 01-07",), dropped={"no created date": 1}),
]  # fmt: skip
ROWS = [
    Case("an id that comes again is counted once, with the most that is known", HEAD + "1,2025-01-06,,web\n1,2025-01-06,2025-02-01,web\n", ONE, dropped={"the same id again": 1}),
    Case("rows without ids are leads of their own", HEAD + ",2025-01-06,2025-02-01,web\n,2025-01-07,,ads\n3,2025-01-08,,ads\n", (*TWO, "ads: captured 01-08"), warns="2 rows have no id"),
    Case("no source and a source called unknown are two", HEAD + "1,2025-01-06,2025-02-01,unknown\n2,2025-01-07,,\n", ("unknown: captured 01-06, customer 02-01", "no source: captured 01-07"), warns="'unknown' is a source of its own"),
    Case("case and spaces make no new source", HEAD + "1,2025-01-06,2025-02-01,Web\n2,2025-01-07,, web \n", ("Web: captured 01-06, customer 02-01", "Web: captured 01-07")),
    Case("leads after the as-of date are left out", HEAD + "1,2025-01-06,2025-02-01,web\n2,2025-03-01,,web\n", ("web: captured 01-06, customer 02-01",), dropped={"created after the as-of date": 1}, options={"as_of": "2025-02-03"}),
    Case("what is to be won after the as-of date is open", HEAD + "1,2025-01-06,2025-02-01,web\n", ("web: captured 01-06",), warns="after the as-of date: taken as open", options={"as_of": dt.date(2025, 1, 20)}),
    Case("leads of the last day had no time", HEAD + "1,2025-01-06,2025-02-01,web\n2,2025-02-01,,ads\n", (*ONE, "ads: captured 02-01"), warns="1 leads were created on the as-of date"),
    Case("the day of the export may stand in the file's name", HEAD + "1,2025-01-06,2025-02-01,web\n", ONE, name="leads-2025-03-31.csv", warns="2025-03-31 is from the name of the file"),
    Case("where nothing tells it, the last date is taken, and said", HEAD + "1,2025-01-06,2025-02-01,web\n", ONE, warns="the last date in the files, 2025-02-01, is taken"),
    Case("a status decides, not the dates", "created,won,source,status\n2025-01-06,2025-02-01,web,won\n2025-01-06,2025-02-01,ads,open\n", (ONE[0], "ads: captured 01-06"), warns="1 open deals have a close date"),
    Case("won without a date cannot be placed", "created,won,source,status\n2025-01-06,2025-02-01,web,won\n2025-01-06,,ads,won\n", ONE, dropped={"won, but without a date": 1}),
    Case("lost without a date is not won yet", "created,won,source,status\n2025-01-06,2025-02-01,web,won\n2025-01-07,,ads,lost\n", TWO, warns="1 leads are lost without a date"),
    Case("a skipped stage is no leak", "created,reached_mql,reached_sql,won,source\n2025-01-06,2025-01-07,2025-01-08,,web\n2025-01-06,,2025-01-09,2025-02-01,web\n", ("web: captured 01-06, mql 01-07, sql 01-08", "web: captured 01-06, sql 01-09, customer 02-01")),
    Case("a stage dated after a later one is left out", "created,reached_mql,reached_sql,won,source\n2025-01-06,2025-03-07,2025-01-08,,web\n", ("web: captured 01-06, sql 01-08",), warns="counts as skipped"),
    Case("words of the status can be said", "first,state,end,from\n2025-01-06,signed,2025-02-01,web\n2025-01-07,talking,2025-04-01,ads\n", TWO, options={"mapping": {"created": "first", "status": "state", "closed": "end", "source": "from", "words": {"won": "signed"}}}),
    Case("amounts may have decimal commas", 'created,won,source,amount\n2025-01-06,2025-02-01,web,"1.200,50 €"\n', ONE),
]  # fmt: skip
TABLES = [
    Case("a workbook with times and a title above", workbook(["Our leads"], [], ["created", "won", "source"], [dt.datetime(2025, 1, 6), dt.datetime(2025, 2, 1), "web"]), ONE, name="leads.xlsx"),
    Case("a workbook that calls itself CSV is still one", workbook(["created", "won", "source"], [dt.datetime(2025, 1, 6), "2025-02-01", "web"]), ONE),
    Case("the wrong cell of a workbook is named", workbook(["created", "won"], [dt.datetime(2025, 1, 6), "x"]), error=", row 2, column 'won': 'x' is no date that can be read; write it as 2025-03-31, or leave the cell empty", name="a.xlsx"),
    Case("a workbook that would unfold to far too much", bomb(), error=": would unfold to 315 MB from 0.3 MB and is not opened; export it as CSV", name="bomb.xlsx"),
    Case("half a workbook", workbook(["created", "won"])[:900], error=": not a workbook that can be read (broken, or locked with a password); export it again as XLSX or CSV", name="half.xlsx"),
    Case("an empty workbook", workbook(), error=": no sheet has a table in it", name="empty.xlsx"),
    Case("a Parquet file with dates and times", parquet(created=[dt.datetime(2025, 1, 6)], won=[dt.date(2025, 2, 1)], source=["web"]), ONE, name="leads.parquet"),
    Case("half a Parquet file", b"PAR1" + bytes(50), error=": not a Parquet file that can be read", name="half.parquet"),
]  # fmt: skip


@pytest.mark.parametrize(
    "case",
    [*TEXT, *REFUSED, *DATES, *ROWS, *TABLES],
    ids=lambda case: case.says,
)
def test_a_nasty_file_is_read_rightly_or_refused_by_row_and_column(case, tmp_path):
    """What the case says: the lives of its leads, the count, or the whole message."""
    assert case.expected == case.outcome(tmp_path)


def test_a_folder_for_a_file_is_refused_with_what_it_holds(tmp_path):
    """One may have meant the table in it."""
    (tmp_path / "leads.csv").write_text(HEAD)
    with pytest.raises(DataError, match=r"a folder; name the files.*leads\.csv"):
        read_export(tmp_path)


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"layout": "hubspit"}, "Did you mean 'hubspot'"),
        ({"layout": "pipedrive"}, "not the columns of pipedrive"),
        ({"mapping": ["won=wonn"]}, "no column 'wonn' for won; there are"),
        ({"mapping": ["creatd=created"]}, "Did you mean 'created'"),
        ({"mapping": ["won"]}, "write it as created=first_contact_date"),
        ({"mapping": {"words": {"one": "x"}}}, "it must be won, lost or open"),
        ({"mapping": {"files": {"x.csv": {"id": "a"}}}}, "no such file was given"),
        ({"as_of": "1 May"}, "is no date such as"),
        ({"dates": "year-first"}, "it must be day-first or month-first"),
        ({"timezone": "Mars"}, "'Mars' is not known"),
    ],
)
def test_a_mistake_of_the_user_is_answered_with_what_may_be(options, line, tmp_path):
    """The message names what was given and what there is."""
    path = tmp_path / "leads.csv"
    path.write_text(HEAD + "1,2025-01-06T10:00Z,2025-02-01,web\n")
    with pytest.raises(DataError) as caught:
        read_export(path, **options)

    assert line in str(caught.value)


@pytest.mark.parametrize("name", ["leads.csv", "leads.xlsx", "leads.parquet"])
def test_a_damaged_file_is_read_or_refused_in_one_line(name, tmp_path):
    """Whatever bytes are lost or changed, nothing else than `DataError` comes out."""
    rows = [[dt.datetime(2025, 1, 6 + day), "2025-02-01", "web"] for day in range(9)]
    days, won, source = zip(*rows, strict=True)
    lines = [f"{day},{end},{place}\n" for day, end, place in rows]
    whole = {
        "leads.csv": ("created,won,source\n" + "".join(lines)).encode(),
        "leads.xlsx": workbook(["created", "won", "source"], *rows),
        "leads.parquet": parquet(created=days, won=won, source=source),
    }[name]
    chance = np.random.default_rng(5)
    path = tmp_path / name
    refused = []
    for _ in range(60):
        damaged = bytearray(whole)
        place = chance.integers(len(whole))
        damaged[place : place + chance.integers(3)] = chance.bytes(chance.integers(3))
        path.write_bytes(damaged)
        try:
            read_export(path)
        except DataError as error:
            refused.append(str(error))

    assert 0 < len(refused)
    assert [] == [text for text in refused if len(text.splitlines()) > 1]
