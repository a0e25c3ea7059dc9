"""Commands that study several scenarios: their tables, JSON and files."""

from __future__ import annotations

import csv
import json
import re

import pytest
from cli.typed import DESK, said

from simlib.studies import load_study

LEADS = "sources.website.leads.per_month"
WON = "stages.sql.next.customer.rate"
BETTER = "stages: {sql: {next: {customer: {rate: 0.4}}}}\n"


def test_compare_prints_json_of_means_and_paired_differences(capsys):
    """Scenarios, metrics by scenario, differences by pair: first minus second."""
    code, out, _ = said(capsys, *DESK, "--json")
    found = json.loads(out)
    leads, apart = found["metrics"]["leads"], found["difference"]["leads"]
    mean = leads["textbook"]["mean"] - leads["leaky_bucket"]["mean"]

    assert (0, ["textbook", "leaky_bucket"]) == (code, found["scenarios"])
    assert ["scenarios", "metrics", "difference"] == list(found)
    assert list(apart) == ["textbook - leaky_bucket"]
    assert apart["textbook - leaky_bucket"]["mean"] == pytest.approx(mean)
    assert {"mean", "low", "high"} == set(leads["textbook"])


def test_the_json_of_compare_has_every_scenario_and_pair(capsys):
    """What one of them lacks is null, so that nobody meets a missing key."""
    found = json.loads(said(capsys, *DESK, "--metric", "visitors", "--json")[1])
    null = {"mean": None, "low": None, "high": None}
    visitors = found["metrics"]["visitors"]

    assert null == visitors["textbook"] != visitors["leaky_bucket"]
    assert {"textbook - leaky_bucket": null} == found["difference"]["visitors"]


def test_compare_says_what_is_told_apart(capsys):
    """A sentence names the world that wins more customers."""
    worlds = ["compare", "hundred_or_twenty", "textbook", "--replications", "5"]
    code, out, _ = said(capsys, *worlds)

    assert code == 0
    assert "hundred_or_twenty - textbook" in out
    assert "customers: hundred_or_twenty is lower than textbook, by " in out


def test_compare_says_what_each_further_customer_costs(capsys, tmp_path):
    """A table of both spend and customers ends with that cost, or why there is none."""
    more = "sources: {search: {cost: {per_month: 4000}}}\n"
    (tmp_path / "more.yaml").write_text(f"extends: search_spend\n{more}")
    worlds = ["search_spend", str(tmp_path / "more.yaml")]
    out = said(capsys, "compare", *worlds, "--replications", "5")[1]

    words = " ".join(out.split())
    assert re.search(r"each further customer costs [\d,]+ USD \(\S+ to \S+\)\.$", words)
    assert "cost of each further customer: none (" in said(capsys, *DESK)[1]
    assert "further" not in said(capsys, *DESK, "--metric", "customers")[1]


def test_a_table_calls_figures_as_a_reader_would(capsys):
    """No name of a figure stands in it as a program writes it, only a scenario's."""
    out = said(capsys, *DESK)[1]

    assert "leads won" in out
    assert "time to customer, mean, days" in out
    assert out.startswith("3 runs of each, seed 0: mean [95% interval]\n365.25 days\n")
    assert {"leaky_bucket"} == set(re.findall(r"[a-z]+[._][a-z]+", out))


def test_a_comparison_is_told_apart_by_quarter(capsys):
    """Each quarter is a row: both means, and their paired difference."""
    words = [*DESK, "--by", "quarter", "--metric", "leads"]
    rows = json.loads(said(capsys, *words, "--json")[1])
    mean = {(row["world"], row["quarter"]): row["mean"] for row in rows}
    lines = said(capsys, *words)[1].splitlines()

    assert len(rows) == len(mean) == 3 * 4
    for quarter in range(1, 5):
        gap = mean["textbook", quarter] - mean["leaky_bucket", quarter]
        assert gap == pytest.approx(mean["textbook - leaky_bucket", quarter])
    assert ["leads, people", *(f" quarter {n}" for n in range(1, 5))] == [
        line[:10].rstrip() if "quarter" in line else line.rstrip()
        for line in lines
        if line.startswith(("leads", " quarter"))
    ]


def test_a_comparison_is_told_apart_by_source(capsys, tmp_path):
    """What no world shares has no difference; a file holds the same table as JSON."""
    words = ["compare", "hundred_or_twenty", "textbook", "--replications", 3]
    words += ["--by", "source", "--metric", "leads", "--out", tmp_path / "two.csv"]
    rows = json.loads(said(capsys, *words, "--json")[1])
    with (tmp_path / "two.csv").open(encoding="utf-8") as file:
        written = [(row["world"], row["source"]) for row in csv.DictReader(file)]

    assert written == [(row["world"], row["source"]) for row in rows]
    assert written == [
        ("hundred_or_twenty", "hundred"),
        ("hundred_or_twenty", "twenty"),
        ("textbook", "website"),
    ]
    assert [100, 20] == [row["mean"] for row in rows[:2]]


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
    assert max(len(line) for line in lines if line.startswith(" ")) <= 100
    assert lines[-1].startswith("customers: highest with sales_desk, told apart from")


def test_a_comparison_goes_on_until_it_is_known_well_enough(capsys, tmp_path):
    """With --until the table says how many replications that took."""
    words = ["compare", "textbook", "hundred_or_twenty", "--replications", 10]
    words += ["--until", "customers=0.08", "--metric", "customers", "--json"]
    found = json.loads(said(capsys, *words, "--out", tmp_path / "two.csv")[1])
    with (tmp_path / "two.csv").open(encoding="utf-8") as file:
        runs = {int(row["replications"]) for row in csv.DictReader(file)}
    narrow = [
        (at["high"] - at["low"]) / 2 <= 0.08 * at["mean"]
        for at in found["metrics"]["customers"].values()
    ]

    assert len(runs) == 1
    assert runs.pop() > 10
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


def test_tables_say_units_and_which_figures_not_every_run_has(capsys):
    """Money in its currency, people as people; a star where a run has no CAC."""
    names = ["--metric", "customers", "--metric", "cac"]
    words = ["compare", "linkedin_budget", "leaky_bucket", "sales_desk", *names]
    out = said(capsys, *words, "--replications", 5)[1]

    assert "customers, people" in out
    assert "cost of a customer (CAC), USD" in out
    assert "* not defined in every run: the mean of those that have it" in out


def test_a_difference_of_shares_is_in_percentage_points(capsys):
    """A rate of 2% less 1% is no 1% of anything."""
    words = [*DESK, "--metric", "conversion.lead_to_customer"]

    assert " pp [" in said(capsys, *words)[1]


def test_who_lacks_a_metric_is_named_and_not_called_as_good(capsys):
    """Payback is not defined without a deal; the others are compared all the same."""
    words = ["compare", "textbook", "linkedin_budget", "sales_desk"]
    last = said(capsys, *words, "--metric", "revenue.won")[1].splitlines()[-1]

    assert last == (
        "contract value won: highest with sales_desk, told apart from all others "
        "(over 99% confidence). Not defined with textbook."
    )


def test_points_of_a_table_are_called_by_their_names(capsys, tmp_path):
    """A column of names is what the sentences say; equal points are said to be."""
    table = tmp_path / "arms.csv"
    table.write_text(f"name,{WON}\nlow,0.1\nhigh,0.4\n", encoding="utf-8")
    words = ["sweep", "textbook", "--table", table, "--replications", 5]
    out = said(capsys, *words)[1]

    assert "leads: the same in every run with both of them." in out
    assert "customers: highest with high, told apart from all others" in out


def test_too_few_samples_for_shares_are_said(capsys):
    """With eight samples a share may come out below 0: it is not to be read."""
    ranges = ["--range", f"{LEADS}=50,100", "--range", f"{WON}=0.1,0.11"]
    words = ["sensitivity", "textbook", *ranges, "--samples", 2, "--replications", 2]

    assert "too rough to be read: give more --samples" in said(capsys, *words)[1]


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
