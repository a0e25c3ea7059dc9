"""`simlib run`: the report, the JSON and the pictures."""

from __future__ import annotations

import json
import re

import pytest

from simlib.cli import report
from simlib.cli.ordering import along
from simlib.scenario import load
from simlib.studies import Interval

QUICK = ("--set", "horizon=60")


def test_run_prints_a_report(simlib):
    """Funnel, outcome, teams, costs and sources, with intervals; nothing else."""
    code, out, err = simlib("run", "sales_desk", *QUICK, "--replications", 3)

    assert (0, "") == (code, err)
    for sign in ("Funnel", "Outcome", "Teams", "Cost ladder", "Payback by source"):
        assert sign in out
    assert re.search(r"mql +[\d,]+ \[[\d,]+, [\d,]+\] +100%", out)
    assert "all_leads" in out


def test_one_run_has_no_intervals(simlib):
    """The report says how to get them."""
    code, out, err = simlib("run", "textbook", *QUICK, "--replications", 1)

    assert (0, "") == (code, err)
    assert "--replications 20" in out
    assert "[" not in out


def run_json(simlib, *arguments):
    """Return what `run --json` prints, read back."""
    code, out, err = simlib("run", *arguments, "--json")
    assert (0, "") == (code, err)
    return json.loads(out)


def test_json_has_the_promised_shape(simlib):
    """Six keys; each figure is a mean with the ends of its interval."""
    found = run_json(simlib, "baseline", *QUICK, "--replications", 2, "--seed", 5)

    assert {
        "scenario": "baseline",
        "seed": 5,
        "replications": 2,
        "horizon_days": 60,
    } == {
        key: value
        for key, value in found.items()
        if key not in {"metrics", "by_source"}
    }
    assert set(load("baseline").sources) == set(found["by_source"])
    for metrics in (found["metrics"], *found["by_source"].values()):
        assert {("mean", "low", "high")} == {tuple(each) for each in metrics.values()}
    leads = found["metrics"]["leads"]
    assert leads["low"] < leads["mean"] < leads["high"]
    assert {
        *("leads", "customers", "lost", "in_progress", "conversion.lead_to_customer"),
        *("days_to_customer.mean", "days_to_customer.median", "spend", "cac"),
        *(
            "wait_days.sdr.mean",
            "gave_up.sdr.share",
            "utilisation.sdr",
            "cost_per.lead",
        ),
        *("payback_months", "revenue.pipeline", "reached.mql", "occupancy.mql"),
        *("cost_per.mql", "reached.customer", "occupancy.nurture"),
    } <= set(found["metrics"])


def test_json_says_null_where_there_is_nothing(simlib):
    """No interval of one run, and no payback without customers."""
    found = run_json(simlib, "textbook", "--set", "horizon=1", "--replications", 1)[
        "metrics"
    ]

    assert {"mean": 1, "low": None, "high": None} == found["leads"] | {"mean": 1}
    assert {"mean": None, "low": None, "high": None} == found["payback_months"]


def test_visitors_have_a_conversion_of_their_own(simlib):
    """Where there is an anonymous stage, JSON says how many became leads."""
    metrics = run_json(simlib, "leaky_bucket", *QUICK, "--replications", 2)["metrics"]

    assert 0 < metrics["conversion.visit_to_lead"]["mean"] < 0.03


def test_the_same_seed_gives_the_same_figures(simlib):
    """And another seed gives others; the engine makes no difference."""
    first, again, simpy, other = (
        run_json(simlib, "sales_desk", *QUICK, "--replications", 2, *more)["metrics"]
        for more in ((), (), ("--engine", "simpy"), ("--seed", 1))
    )

    assert first == again == simpy
    assert first != other


def test_values_are_changed(simlib):
    """Several `--set` are made together; nothing after the = takes a part away."""
    found = run_json(
        simlib,
        *("baseline", "--replications", 1, "--set", "horizon=10"),
        *("--set", "sources.events=", "--set", "teams={sdr: {people: 9}}"),
    )

    assert found["horizon_days"] == 10
    assert "events" not in found["by_source"]


def test_pictures_are_drawn(simlib, tmp_path):
    """The last line says where they lie, and each of them is there."""
    code, out, err = simlib(
        "run", "sales_desk", *QUICK, "--replications", 1, "--pictures", "new/pictures"
    )

    said = out.splitlines()[-1]
    assert (0, "") == (code, err)
    assert said.startswith("Pictures of the first run: ")
    drawn = {tmp_path / name for name in said.split(": ")[1].split(", ")}
    assert drawn == set((tmp_path / "new" / "pictures").iterdir())
    assert {"funnel.png", "cost_ladder.png", "response_times.png"} < {
        p.name for p in drawn
    }


def test_pictures_of_nothing_are_left_out(simlib, tmp_path):
    """Before anybody has come there is no cohort to draw, and no complaint."""
    code, _, err = simlib(
        *("run", "leaky_bucket", "--set", "horizon=1", "--replications", 1),
        *("--pictures", "."),
    )

    assert (0, "") == (code, err)
    assert "funnel.png" in {path.name for path in tmp_path.iterdir()}
    assert "response_times.png" not in {path.name for path in tmp_path.iterdir()}


def test_json_stays_alone_beside_pictures(simlib):
    """Where the pictures lie is then said on standard error."""
    code, out, err = simlib(
        *("run", "textbook", *QUICK, "--replications", 1, "--json", "--pictures", ".")
    )

    assert json.loads(out)["scenario"] == "textbook"
    assert (code, err[:8]) == (0, "Pictures")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (12.0, "12"),
        (1234567.8, "1,234,568"),
        (123.45, "123"),
        (12.345, "12.3"),
        (1.2345, "1.23"),
        (0.12345, "0.123"),
        (-12.345, "-12.3"),
        (float("nan"), "-"),
        (float("inf"), "-"),
    ],
)
def test_figures_are_short(value, text):
    """As many digits as one reads, never a power of ten."""
    assert text == report.figure(value)


def test_intervals_stand_in_brackets():
    """Unless there is none."""
    nan = float("nan")
    assert ["12 [10.5, 14]", "12", "12.2% [10.5%, 14.2%]", "-"] == [
        report.number(Interval(12, 10.5, 14, 2)),
        report.number(Interval(12, nan, nan, 1)),
        report.share(Interval(0.1225, 0.105, 0.1425, 2)),
        report.number(Interval(nan, nan, nan, 0)),
    ]


def test_no_end_lies_where_no_mean_can(simlib):
    """Few runs of little give wide intervals: none goes below 0 or above 100%."""
    code, out, _ = simlib("run", "baseline", "--set", "horizon=60", "--replications", 3)

    assert code == 0
    ends = re.findall(r"\[([-\d.,]+)%?, ([-\d.,]+)(%?)\]", out)
    assert "0" in {low for low, _, _ in ends}
    assert not [low for low, _, _ in ends if low.startswith("-")]
    assert all(float(high.replace(",", "")) <= 100 for _, high, sign in ends if sign)


def test_a_firm_with_one_source_has_one_cac(simlib):
    """The ladder and the table of sources divide the same means."""
    code, out, _ = simlib("run", "search_spend", "--replications", 5)

    assert code == 0
    ladder = re.search(r"customer \(CAC\) +([\d,]+) \[", out)
    source = re.search(r"search +\d+ +[\d.]+ +[\d,]+ +[\d.]+ +([\d,]+) ", out)
    assert ladder.group(1) == source.group(1)


def test_stages_stand_along_the_path(simlib):
    """A stage that a file adds before those it extends is shown before them."""
    code, out, _ = simlib("run", "new_definition", "--replications", 1)

    assert code == 0
    funnel = out.split("Outcome")[0]
    assert re.findall(r"captured|newsletter|mql|sql", funnel) == [
        *("captured", "newsletter", "mql", "sql"),
    ]
    assert "84 days (12 months of 7 days), 1 run" in out


@pytest.mark.parametrize("name", ["baseline", "recycling_chain", "textbook"])
def test_a_path_written_in_order_stays(name):
    """Where nothing was added below an end, stages stand as they are written."""
    scenario = load(name)

    assert along(scenario.stages, scenario) == list(scenario.stages)
