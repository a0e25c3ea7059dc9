"""The page about a calibration: whole, self-contained, and safe."""

from __future__ import annotations

import dataclasses
import re

import pytest
from known_funnels import crm_log

from simlib.crm import backtest, calibrate, write_report
from simlib.errors import FileError


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Return the text of a page whose sources have odd names."""
    log = crm_log(seed=1, horizon=200)
    graph = dataclasses.replace(log.graph, sources=("<b>ads</b>", "R&D"))
    meta = {"rows": {"read": 1300, "used": 1290, "dropped": {"no date": 10}}}
    log = dataclasses.replace(log, graph=graph, meta={**log.meta, **meta})
    path = tmp_path_factory.mktemp("page") / "page.html"
    write_report(calibrate(log), path, backtest(log, 140, 60, draws=20))
    return path.read_text(encoding="utf-8")


def test_it_asks_no_other_file_for_anything(page):
    """Every picture is inside; there is no script, no link, no address."""
    pictures = re.findall(r'<img alt="([^"]+)" src="data:image/png;base64,', page)

    assert 6 == len(pictures) == page.count("<img")
    assert not re.search(r"https?://|<script|<link|src=\"(?!data:)", page)


def test_names_are_text_not_markup(page):
    """A source called <b>ads</b> is shown as such."""
    assert "&lt;b&gt;ads&lt;/b&gt;" in page
    assert "<b>ads" not in page


def test_rows_warnings_and_the_verdict_are_there(page):
    """It says what was dropped and why, what cannot be told, and how it would do."""
    for text in ("1,300 rows read, 1,290 used", "10 dropped: no date", "Backtest"):
        assert text in page


def test_figures_are_let_go(tmp_path):
    """No picture of a page stays open in memory; a reader's own figures do."""
    from matplotlib import pyplot as plt

    before = plt.get_fignums()
    write_report(calibrate(crm_log(seed=1, horizon=200)), tmp_path / "page.html")

    assert before == plt.get_fignums()


def test_a_folder_that_is_not_there_is_said(tmp_path):
    """The message names the file; nothing is half-written."""
    found = calibrate(crm_log(seed=1, horizon=200))
    with pytest.raises(FileError, match="cannot be written"):
        write_report(found, tmp_path / "nowhere" / "page.html")
