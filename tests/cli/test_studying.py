"""Commands that study several scenarios: their tables, JSON, files and mistakes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from simlib.cli import main
from simlib.execution import Ticker, ledger
from simlib.studies import load_study

LEADS = "sources.website.leads.per_month"
WON = "stages.sql.next.customer.rate"
BETTER = "stages: {sql: {next: {customer: {rate: 0.4}}}}\n"
DESK = ["compare", "textbook", "leaky_bucket", "--replications", "3"]


@pytest.fixture
def kept_at_once(monkeypatch):
    """Every replication is written to the store as soon as it is finished."""
    monkeypatch.setattr(ledger, "SECONDS_BETWEEN_SAVES", 0.0)


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
    assert "customers: hundred_or_twenty is lower than textbook, by " in out


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

    last = said(capsys, *words)[1].splitlines()[-1]
    assert last.startswith(f"Best: {WON} = {found['best'][WON]:g}: customers ")
    assert 0.05 <= found["best"][WON] <= 0.4
    assert 0 <= found["confidence"] <= 1


def test_more_worlds_stand_one_below_the_other(capsys):
    """Every figure whole in a hundred columns, and which world is best in it."""
    words = ["compare", "textbook", "leaky_bucket", "hundred_or_twenty", "sales_desk"]
    code, out, _ = said(capsys, *words, "--replications", 3, "--metric", "customers")
    lines = out.splitlines()

    assert code == 0
    assert [f"textbook - {world}" in out for world in words[2:]] == [True] * 3
    assert max(len(line) for line in lines[:-1]) <= 100
    assert lines[-1].startswith("customers: highest with sales_desk, told apart from")


def test_a_comparison_goes_on_until_it_is_known_well_enough(capsys):
    """With --until the JSON says how many replications that took."""
    words = ["compare", "textbook", "hundred_or_twenty", "--replications", 10]
    words += ["--until", "customers=0.08", "--metric", "customers", "--json"]
    found = json.loads(said(capsys, *words)[1])
    narrow = [
        (at["high"] - at["low"]) / 2 <= 0.08 * at["mean"]
        for at in found["metrics"]["customers"].values()
    ]

    assert found["replications"] > 10
    assert narrow == [True, True]


def test_a_comparison_as_csv_holds_its_differences(capsys, tmp_path):
    """Rows of the worlds, then rows of A - B, by the same metrics."""
    out = tmp_path / "two.csv"
    said(capsys, *DESK, "--metric", "leads", "--out", out)
    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    assert [row["world"] for row in rows] == [
        *("textbook", "leaky_bucket", "textbook - leaky_bucket")
    ]
    assert float(rows[2]["mean"]) == pytest.approx(
        float(rows[0]["mean"]) - float(rows[1]["mean"])
    )


def test_sweep_says_which_point_is_best(capsys):
    """Settings and metrics in a row each, and a sentence that names the winner."""
    words = ["sweep", "textbook", "--grid", f"{WON}=0.1,0.4", "--replications", 5]
    code, out, _ = said(capsys, *words, "--metric", "customers")

    assert code == 0
    assert f"{WON} = 0.1 " in out
    assert f"customers: highest with {WON} = 0.4, told apart from all others" in out


def test_sensitivity_says_what_each_setting_does(capsys):
    """A sentence for each setting, from one end of its range to the other."""
    words = ["sensitivity", "textbook", "--range", f"{WON}=0.1,0.4", "--samples", 2]
    code, out, _ = said(capsys, *words, "--replications", 5)

    assert code == 0
    assert f"{WON} from 0.1 to 0.4 raises customers by " in out


def test_two_worlds_are_told_person_by_person(capsys, tmp_path):
    """Who fares otherwise is counted, told and written; JSON has one object each."""
    better = tmp_path / "better.yaml"
    better.write_text(f"extends: textbook\nname: better\n{BETTER}", "utf-8")
    words = ["worlds", "textbook", better, "--seed", 1]
    code, out, _ = said(capsys, *words, "--count", 1, "--out", tmp_path / "who.csv")
    people = json.loads(said(capsys, *words, "--json")[1])["people"]
    with (tmp_path / "who.csv").open(encoding="utf-8") as file:
        written = list(csv.DictReader(file))

    assert code == 0
    assert f"{len(people)} people fare otherwise in {better} than in textbook." in out
    assert "textbook: day" in out
    assert {at["outcome_textbook"] for at in people} == {"lost"}
    assert [at["lead"] for at in people] == [at["lead"] for at in written]


@pytest.mark.usefixtures("kept_at_once")
def test_ctrl_c_leaves_a_store_from_which_to_go_on(capsys, tmp_path, monkeypatch):
    """One line and code 130; the same command then prints what an undisturbed one does.

    The fifth run presses Ctrl-C.
    """
    words = [*DESK, "--set", "horizon=90", "--json"]
    undisturbed = said(capsys, *words)
    keep = [*words, "--store", tmp_path / "kept", "--executor", "serial"]
    tick, done = Ticker.tick, []

    def interrupted(self, count):
        tick(self, count)
        done.append(count)
        if len(done) == 5:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Ticker, "tick", interrupted)
        code, out, beside = said(capsys, *keep)

    assert (130, "", 1) == (code, out, beside.count("\n"))
    assert f"stopped; the runs that {tmp_path / 'kept'} holds are not made" in beside
    assert sum(1 for _ in (tmp_path / "kept").rglob("*.parquet")) == 5
    assert said(capsys, *keep) == undisturbed


def test_ctrl_c_without_a_store_says_how_to_have_one(capsys, monkeypatch):
    """Code 130 and one line."""

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Ticker, "tick", interrupted)

    assert (
        130,
        "",
        "simlib: stopped; nothing was kept: with --store DIR the same command would go "
        "on where it was\n",
    ) == said(capsys, *DESK)


@pytest.mark.usefixtures("kept_at_once")
def test_a_full_disk_is_said_once_and_costs_no_result(capsys, tmp_path, monkeypatch):
    """The store ends with one line, the figures are those of a study without it."""
    words = [*DESK, "--set", "horizon=90", "--json"]
    undisturbed = said(capsys, *words)[1]

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    code, out, beside = said(capsys, *words, "--store", tmp_path / "kept")

    assert (0, undisturbed, 1) == (code, out, beside.count("\n"))
    assert "(No space left on device); the study goes on without its store" in beside


def test_a_study_that_cannot_be_written_is_printed_nonetheless(
    capsys, tmp_path, monkeypatch
):
    """The result is on standard output before one line says what went wrong."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    code, out, beside = said(capsys, *DESK, "--json", "--out", tmp_path / "a.csv")

    assert (2, 1) == (code, beside.count("\n"))
    assert json.loads(out)["scenarios"] == ["textbook", "leaky_bucket"]
    assert "a.csv: cannot be written (No space left on device)" in beside


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
        (["compare", "textbook", "baseline", "--metric", "cca"], "Did you mean 'cac'"),
        (
            ["compare", "textbook", "baseline", "--metric", "wait_days.sdrr.mean"],
            "there is no 'sdrr'. Did you mean 'sdr'?",
        ),
        (["compare", "textbook", "baseline", "--until", "cac"], "write metric=share"),
        (["compare", "textbook", "baseline", "--until", "cac=5"], "between 0 and 1"),
        (["compare", "textbook", "baseline", "--until", "ca=0.1"], "you mean 'cac'?"),
        (["sweep", "textbook", "--grid", "horizon=9", "--metric", "x"], "metric 'x'"),
        (
            ["sweep", "textbook", "--grid", "horizon=9", "--grid", "horizon=8"],
            "--grid horizon: is given twice",
        ),
        (["sensitivity", "textbook", "--range", "horizon=1,2", "--metric", "x"], "'x'"),
        (
            ["compare", "textbook", "baseline", "--executor", "proceses"],
            "Did you mean 'processes'?",
        ),
        (["compare", "textbook", "baseline", "--out", "no/a.csv"], "no folder no"),
        (["worlds", "textbook", "textbok"], "Did you mean 'textbook'?"),
        (["worlds", "textbook", "textbook"], "textbook is named twice"),
        (["compare", "textbook", "baseline", "--set", "horizn=9"], "--set horizn: "),
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
