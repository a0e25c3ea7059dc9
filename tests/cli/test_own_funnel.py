"""Calibrate and backtest, as typed."""

from __future__ import annotations

import json

import pytest
from known_funnels import crm_log

from simlib.cli import main


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """Return the path of a log of 430 days from 2025-01-06 on."""
    path = tmp_path_factory.mktemp("export") / "log.parquet"
    crm_log(seed=1, horizon=430, per_month=60).write(path)
    return str(path)


def test_a_scenario_and_a_page_are_written(export, tmp_path, capsys):
    """The scenario can be checked, the page is there, and the shares are shown."""
    out, page = tmp_path / "mine.yaml", tmp_path / "page.html"
    codes = [
        main(["calibrate", export, "--out", str(out), "--report", str(page)]),
        main(["check", str(out)]),
    ]
    said = capsys.readouterr().out

    assert ([0, 0], True) == (codes, page.stat().st_size > 10_000)
    assert "search: " in said
    assert "ever won" in said
    assert "mine.yaml: fine (4 stages, 2 sources" in said


def test_json_is_all_that_is_on_standard_output(export, tmp_path, capsys):
    """With --json the figures can be piped on, whatever else is written."""
    out = str(tmp_path / "mine.yaml")
    assert 0 == main(["calibrate", export, "--json", "--out", out])
    calibrated = json.loads(capsys.readouterr().out)
    cut = ["--cut", "2025-12-01", "--horizon", "60"]
    assert 0 == main(["backtest", export, *cut, "--json", "--arrivals", "actual"])
    tested = json.loads(capsys.readouterr().out)

    assert {"search", "ads"} == set(calibrated["sources"]) == set(tested["sources"])
    assert ("2025-12-01", "60") == (tested["cut"], str(tested["horizon_days"]))


def test_a_backtest_says_its_verdict_first(export, capsys):
    """Then forecast and outcome by source, and the rivals' scores."""
    assert 0 == main(["backtest", export, "--cut", "2025-12-01", "--horizon", "60"])
    lines = capsys.readouterr().out.splitlines()

    assert "past" in lines[0]
    assert lines[1].startswith("  search: ")
    assert "raw conversion" in lines[4]


def test_an_export_is_written_and_how_to_read_it_is_said(tmp_path, capsys):
    """A line for each file, then the command that reads them back."""
    place = tmp_path / "sales"
    options = ["--layout", "hubspot", "--out", str(place), "--flaws", "planned_close"]
    assert 0 == main(["export", "leaky_bucket", *options])
    *written, hint = capsys.readouterr().out.splitlines()

    assert [f"{place / name}.csv: written" for name in ("contacts", "deals")] == written
    assert hint.startswith(f"To read it back: simlib calibrate {place}")


def test_an_unknown_layout_is_answered_with_one_line(tmp_path, capsys):
    """Exit code 2, and the layouts that there are."""
    options = ["--layout", "hubspit", "--out", str(tmp_path)]

    assert 2 == main(["export", "leaky_bucket", *options])
    assert "Did you mean 'hubspot'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["backtest", "--cut", "1 May", "--horizon", "9"], "is no date such as"),
        (["backtest", "--cut", "2030-01-01", "--horizon", "9"], "is not inside the"),
        (["backtest", "--cut", "2025-12-01", "--horizon", "900"], "days or fewer"),
        (
            ["backtest", "--cut", "2025-12-01", "--horizon", "9", "--arrivals", "x"],
            "it must be forecast or actual",
        ),
        (["calibrate", "--out", "mine.txt"], "is written as .yaml or .yml"),
        (["calibrate", "--report", "mine.pdf"], "is written as .html"),
    ],
)
def test_a_mistake_is_answered_with_one_line(arguments, line, export, capsys):
    """Exit code 2, one line, no traceback."""
    command, *options = arguments
    code = main([command, export, *options])
    error = capsys.readouterr().err

    assert (2, 1) == (code, len(error.splitlines()))
    assert line in error
