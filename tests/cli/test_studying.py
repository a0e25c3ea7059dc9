"""Commands that study several scenarios: their tables, JSON, files and mistakes."""

from __future__ import annotations

import csv
import json

import pytest

from simlib.cli import main
from simlib.studies import load_study

LEADS = "sources.website.leads.per_month"
WON = "stages.sql.next.customer.rate"
DESK = ["compare", "textbook", "leaky_bucket", "--replications", "3"]


def said(capsys, *words):
    """Return exit code, output and what was said beside it."""
    code = main([str(word) for word in words])
    out, beside = capsys.readouterr()
    return code, out, beside


def test_compare_prints_json_of_means_and_paired_differences(capsys):
    """Scenarios, metrics by scenario, differences by pair: first minus second."""
    code, out, _ = said(capsys, *DESK, "--json")
    found = json.loads(out)
    leads, apart = found["metrics"]["leads"], found["difference"]["leads"]
    mean = leads["textbook"]["mean"] - leads["leaky_bucket"]["mean"]

    assert (0, ["textbook", "leaky_bucket"]) == (code, found["scenarios"])
    assert list(apart) == ["textbook - leaky_bucket"]
    assert apart["textbook - leaky_bucket"]["mean"] == pytest.approx(mean)
    assert {"mean", "low", "high"} == set(leads["textbook"])


def test_compare_says_what_is_told_apart(capsys):
    """A sentence names the world that wins more customers."""
    worlds = ["compare", "hundred_or_twenty", "textbook", "--replications", "5"]
    code, out, _ = said(capsys, *worlds)

    assert code == 0
    assert "hundred_or_twenty - textbook" in out
    assert "textbook wins more customers, by" in out


def test_worlds_share_their_changes_and_their_store(capsys, tmp_path):
    """--set holds for all; a second time everything comes from the store."""
    words = [*DESK, "--set", "horizon=90", "--store", tmp_path / "kept", "--json"]
    first, second = said(capsys, *words), said(capsys, *words)

    assert first[:2] == second[:2]
    assert list((tmp_path / "kept").rglob("*.parquet"))


def test_a_comparison_is_written_whole(capsys, tmp_path):
    """As Parquet it reads back as the same study; as CSV it is a table."""
    whole, table = tmp_path / "two.parquet", tmp_path / "two.csv"
    for out in (whole, table):
        assert said(capsys, *DESK, "--out", out)[0] == 0

    assert list(load_study(whole).studies) == ["textbook", "leaky_bucket"]
    with table.open(encoding="utf-8") as file:
        assert next(csv.reader(file))[:2] == ["world", "metric"]


@pytest.mark.parametrize("executor", ["serial", "threads:2"])
@pytest.mark.parametrize("engine", ["simpy", "fast"])
def test_engines_and_executors_change_no_number(capsys, engine, executor):
    """The JSON is the same, wherever and by whatever the runs are made."""
    words = [*DESK, "--set", "horizon=90", "--json"]
    usual = said(capsys, *words)[1]

    assert usual == said(capsys, *words, "--engine", engine, "--executor", executor)[1]


def test_sweep_studies_each_point(capsys):
    """One row for each combination and metric, with the interval."""
    grid = ["--grid", f"{LEADS}=50,100", "--grid", f"{WON}=0.1,0.2"]
    words = ["sweep", "textbook", *grid, "--metric", "customers", "--replications", "3"]
    rows = json.loads(said(capsys, *words, "--json")[1])

    assert [(row[LEADS], row[WON]) for row in rows] == [
        *((50, 0.1), (50, 0.2), (100, 0.1), (100, 0.2))
    ]
    assert rows[0]["mean"] < rows[3]["mean"]


def test_sweep_reads_a_table(capsys, tmp_path):
    """A CSV has one path a column and one scenario a row."""
    table = tmp_path / "arms.csv"
    table.write_text(f"{LEADS},{WON}\n50,0.1\n100,\n", encoding="utf-8")
    code, out, _ = said(
        capsys, "sweep", "textbook", "--table", table, "--replications", "3"
    )

    assert code == 0
    assert "customers" in out


def test_sensitivity_puts_the_widest_first(capsys):
    """The tornado's first row moves the metric most."""
    ranges = ["--range", f"{LEADS}=90,100", "--range", f"{WON}=0.05,0.4"]
    few = ["--samples", "4", "--replications", "3", "--json"]
    rows = json.loads(said(capsys, "sensitivity", "textbook", *ranges, *few)[1])

    assert [WON, LEADS] == [row["path"] for row in rows]


def test_optimise_says_how_sure_it_is(capsys):
    """The best setting comes with its confidence over the runner-up."""
    few = ["--candidates", "4", "--replications", "2"]
    words = ["optimise", "textbook", "--range", f"{WON}=0.05,0.4", *few]
    found = json.loads(said(capsys, *words, "--json")[1])

    assert said(capsys, *words)[1].startswith(f"Best: {WON} = ")
    assert 0.05 <= found["best"][WON] <= 0.4
    assert 0 <= found["confidence"] <= 1


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["compare", "textbook", "textbok"], "Did you mean 'textbook'?"),
        (["compare", "textbook", "textbook"], "textbook is named twice"),
        (["compare", "textbook"], "a comparison needs two"),
        (["sweep", "textbook"], "give --grid PATH=V1,V2 or --table FILE.csv"),
        (["sweep", "textbook", "--grid", "horizon"], "write path=v1,v2"),
        (["sweep", "textbook", "--grid", "horizn=1,2"], "Did you mean 'horizon'?"),
        (["sweep", "textbook", "--table", "none.csv"], "there is no such file"),
        (["sensitivity", "textbook", "--range", "horizon=1"], "two numbers"),
        (["optimise", "textbook", "--range", "horizon=9,1"], "horizon"),
        (
            ["compare", "textbook", "baseline", "--engine", "fats"],
            "Did you mean 'fast'?",
        ),
        (["compare", "textbook", "baseline", "--out", "a.txt"], "FILE.parquet or FILE"),
    ],
)
def test_a_mistake_is_answered_in_one_line(capsys, words, line):
    """Exit code 2, nothing on standard output, and one line that says what to do."""
    code, out, beside = said(capsys, *words)

    assert (2, "", 1) == (code, out, beside.count("\n"))
    assert line in beside
