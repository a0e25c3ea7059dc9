"""Tables that a reader takes at their word: names, pairs, costs, and what is not."""

from __future__ import annotations

import json
import re

import pytest
from cli.typed import said
from rich.console import Console

from simlib import load
from simlib.attribution import WAYS
from simlib.cli import alike, cells, ladders, naming, report
from simlib.metrics import METRICS
from simlib.studies import Interval, compare, replicate

PAIRED = "on the same buyers and leads"


@pytest.mark.parametrize("width", [60, 80, 110])
def test_each_source_keeps_its_name_in_a_narrow_terminal(capsys, width):
    """Amounts of nine digits push no name of a source out of its column."""
    sources, out = ["organic_search", "free_trial"], Console(width=width)
    wide = [report.number(Interval(1e8, -1e9, 1e9, 2))] * 3
    rows = dict.fromkeys(sources, wide)
    out.print(cells.laid_out(out, "Cost", WAYS, rows, "source"))
    lines = capsys.readouterr().out.splitlines()

    assert sources == [
        name for line in lines for name in sources if line.startswith(f" {name} ")
    ]


@pytest.mark.parametrize(
    ("one", "two", "why"),
    [
        ("sales_desk", "hot_first", ""),
        ("unfunded_demand", "funded_demand", ""),
        ("textbook", "sales_desk", "365.25 days, and 364 days (52 months of 7 days)"),
        ("sales_desk", "five_minutes", "364 days (52 months of 7 days), and 84 days"),
        ("baseline", "baseline_market", "only one has a market behind its leads"),
        ("gating", "gate_and_flood", "20,000 and 24,000 buyers"),
        ("textbook", "leaky_bucket", "or what these bring, differ"),
        ("textbook", "bought_list", "most of their s"),
    ],
)
def test_only_worlds_that_share_their_draws_are_called_paired(one, two, why):
    """Another horizon, month, market or way to bring leads is another firm."""
    found = alike.unlike([load(one), load(two)])

    assert why in found
    assert bool(why) == bool(found)


def test_different_firms_get_one_warning_instead(capsys):
    """And the length of the month, where it is none that one would think of."""
    words = ["--replications", 2, "--metric", "customers"]
    apart = said(capsys, "compare", "textbook", "sales_desk", *words)[1]
    alike_ = said(capsys, "compare", "sales_desk", "hot_first", *words)[1]

    assert (0, 1) == (apart.count(PAIRED), apart.count("different firms or times: "))
    assert (1, 0) == (alike_.count(PAIRED), alike_.count("different firms or times"))
    assert "textbook: 365.25 days; sales_desk: 364 days (52 months of 7 days)" in apart
    assert "\n364 days (52 months of 7 days)\n" in alike_


def test_a_sweep_says_how_long_it_lasts_and_who_keeps_hours(capsys):
    """As `run` does."""
    hours = ["--set", "teams.sdr.calendar=business_hours", "--replications", 2]
    grid = ["--grid", "teams.sdr.people=2,3"]
    line = "364 days (52 months of 7 days), sdr in office hours"

    assert f"\n{line}\n" in said(capsys, "sweep", "sales_desk", *grid, *hours)[1]
    assert f"\n{line}, 2 runs" in said(capsys, "run", "sales_desk", *hours)[1]


def test_where_nothing_costs_anything_no_cost_is_shown(capsys, tmp_path):
    """A customer for 0 would be news: there is a dash, a line, and no picture."""
    words = ["--replications", 2, "--pictures", tmp_path]
    out = said(capsys, "run", "textbook", *words)[1]
    table = said(capsys, "sweep", "textbook", "--grid", "horizon=9,10", *words[:2])[1]

    assert "no source and no team has a cost" in out
    assert table.endswith("no team has a cost: what one costs is not shown\n")
    assert re.search(r"(?m)^ website +[\d,]+ +[\d.]+ +0 +- +- +- ", out)
    assert "Cost ladder" not in out
    assert "cost_ladder.png" not in {path.name for path in tmp_path.iterdir()}
    assert ["-", "-"] == re.findall(r"(?m)^ horizon = \d+ .*\] +(\S+) *$", table)


def test_contracts_are_of_the_whole_run_and_totals_stand_apart(capsys):
    """Two years of contracts are not those of a year, and spend is no cost of one."""
    out = said(capsys, "run", "sales_desk", "--replications", 2)[1]
    ladder, whole = out.split("Cost ladder")[1].split("In all")

    assert "spend" not in ladder
    assert "annual contract value of all won in 364 days " in whole
    assert "contracts won, a year" not in out


def test_cac_and_payback_of_a_row_follow_one_rule():
    """Payback is the CAC over the mean margin of those won, churn stretching it."""
    study = replicate(load("sales_desk").changed({"deal.monthly_churn": 0.02}), 5)
    deal, won = study.scenario.deal, study.values("revenue.won").sum()
    margin = won / study.values("customers").sum() / 12 * deal.gross_margin
    cac = ladders.cost_of_one(study, "customers").mean
    found = ladders.payback(study)

    assert found.mean == pytest.approx(ladders.payback_months(cac, margin, 0.02))
    assert found.low < found.mean < found.high


def test_a_source_that_wins_nobody_itself_is_seen(capsys):
    """Its spend, a row of all sources, and where its work shows."""
    out = said(capsys, "run", "advertising", "--set", "horizon=400", "--set",
               "market.buyers=2000", "--replications", 2)[1]  # fmt: skip

    assert re.search(r"(?m)^ ads +0 +0 +[\d,]+ +- +- ", out)
    assert re.search(r"(?m)^ all sources +[\d,.]+ +[\d,.]+ +[\d,]+ +[\d,.]+ ", out)
    assert "USD spent and no customer of its own" in out


def test_one_scenario_is_compared_before_and_after(capsys):
    """The change names the second world, and pairs it with the first."""
    words = ["compare", "sales_desk", "--set", "teams.sdr.people=4"]
    words += ["--replications", 2, "--metric", "customers"]
    found = json.loads(said(capsys, *words, "--json")[1])
    out = said(capsys, *words)[1]

    assert found["scenarios"] == ["sales_desk", "sales_desk, teams.sdr.people=4"]
    assert PAIRED in out
    assert "customers: sales_desk is lower than sales_desk, teams.sdr.people=4, " in out


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("payback", "payback_months"),
        ("Payback, months", "payback_months"),
        ("cost of a customer (CAC)", "cac"),
        ("wait for sdr, mean", "wait_days.sdr.mean"),
        ("reached mql", "reached.mql"),
        ("wait_days.sdr.mean", "wait_days.sdr.mean"),
    ],
)
def test_a_figure_is_called_by_its_title_or_its_name(typed, name):
    """As a table heads it, or as a program writes it."""
    assert [name] == naming.metrics_in([typed, name], [load("sales_desk")])
    assert {name: 0.1} == naming.shares_in({typed: 0.1}, [load("sales_desk")])


def test_all_figures_are_listed(capsys):
    """Name, title, unit and meaning of each: a table, or JSON."""
    rows = json.loads(said(capsys, "metrics", "--json")[1])
    out = said(capsys, "metrics")[1]

    assert [row["name"] for row in rows] == [metric.name for metric in METRICS]
    assert {("name", "title", "unit", "meaning")} == {tuple(row) for row in rows}
    assert all(f" {metric.name} " in out for metric in METRICS)


def test_one_name_is_as_good_as_a_list():
    """A plain string is one metric, not its letters."""
    base = load("textbook").changed({"horizon": 30})
    found = compare({"a": base, "b": base}, replications=2)

    assert found.table("customers").equals(found.table(["customers"]))
    assert found.summary("customers").equals(found.summary(["customers"]))


def test_amounts_in_sentences_have_units(capsys):
    """Money in its currency, months as months, and no powers of ten."""
    words = ["sales_desk", "--replications", 2]
    people = ["--set", "teams.sdr.people=30"]
    out = said(capsys, "compare", *words, *people)[1]
    best = said(capsys, "optimise", *words, "--range", "teams.sdr.people=2,9",
                "--metric", "spend", "--candidates", 4)[1]  # fmt: skip

    assert re.search(r"spend: .* by [\d,]+ USD \(", out)
    assert re.search(r"payback: .* [\d.]+ months", out)
    assert re.search(r"Best: .*: spend [\d,]+ USD \([\d,]+ to [\d,]+\)", best)
    assert not re.search(r"\de\+\d", out + best)
    assert str(Interval(21954.3, 9999.4, -12345.6, 3)) == "21,954 (9,999 to -12,346)"


def test_one_pair_is_no_difference_to_speak_of():
    """It has no interval; and no count lies below 0."""
    one, three = Interval(5, float("nan"), float("nan"), 1), Interval(1, -2, 4, 3)

    assert cells.gap_cell("customers", one, 2) == "-"
    assert cells.gap_cell("customers", three, 3) == "1 [-2, 4]"
    assert cells.cell("customers", three, 3) == "1 [0, 4]"


def test_a_change_that_does_nothing_is_said(capsys):
    """A checklist that no stage asks: one line beside the figures, and only then."""
    words = ["--set", "checklist.needed=1", "--replications", 1, "--json"]
    beside = said(capsys, "run", "textbook", *words)[2]

    assert beside == (
        "simlib: --set checklist.needed changes nothing: no stage of textbook asks a "
        "checklist (stages.NAME.next.TO.checked)\n"
    )
    assert said(capsys, "run", "bant", *words)[2] == ""


@pytest.mark.parametrize("command", [["run"], ["log", "--out", "a.csv"], ["credit"]])
def test_half_a_part_is_answered_with_who_has_it_whole(capsys, command):
    """Not with the keys that a market must have besides."""
    words = [*command, "baseline", "--set", "market.out_cv=.3"]
    line = "simlib: --set market: baseline has no market; baseline_market has\n"

    assert said(capsys, *words) == (2, "", line)


def test_a_parent_beside_a_file_elsewhere_is_answered_with_the_nearest(
    capsys, tmp_path
):
    """A word is a name, wherever the file lies; the nearest comes before the list."""
    mine = tmp_path / "mine.yaml"
    mine.write_text("extends: basline\n", "utf-8")
    start = "no file of that name. Did you mean 'baseline'? Packaged: advertising, "

    assert start in said(capsys, "check", mine)[2]
