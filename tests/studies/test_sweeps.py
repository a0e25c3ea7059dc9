"""Grids, tables, influence and optima."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from studies.desks import coin, desk

from simlib import load
from simlib.errors import SimlibError
from simlib.studies import optimise, sensitivity, sweep

RATE = "stages.captured.next.customer.rate"
HEADS, TAILS = (f"sources.{name}.cost.one_off" for name in ("heads", "tails"))


def test_a_grid_holds_every_combination():
    """Two paths with two values each are four points, the last varying fastest."""
    found = sweep(coin(), {RATE: [0.1, 0.2], HEADS: [0, 5]}, 2)

    assert [tuple(point.values()) for point in found.points] == [
        (0.1, 0),
        (0.1, 5),
        (0.2, 0),
        (0.2, 5),
    ]


def test_points_share_their_luck():
    """On the same leads a higher rate never loses a customer, in any replication."""
    found = sweep(coin(), {RATE: [0.1, 0.2, 0.4]}, 5)
    first, second, third = (study.values("customers") for study in found.studies)

    assert (first <= second).all()
    assert (second <= third).all()


def test_a_table_has_one_scenario_a_row(tmp_path: Path):
    """A CSV file of paths is read as settings, and an empty cell leaves one alone."""
    path = tmp_path / "plan.csv"
    path.write_text(f"{RATE},{HEADS}\n0.5,\n,7\n")

    assert sweep(coin(), path, 2).points == [{RATE: 0.5}, {HEADS: 7}]


PEOPLE = "teams.sdr.people"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_whole_numbers_stay_whole_beside_an_empty_cell(tmp_path: Path, separator):
    """However a spreadsheet separates columns, a row of nothing is the scenario."""
    path = tmp_path / "plan.csv"
    rows = [f"{PEOPLE},horizon", "2,60", ",", "", "3 , 50"]
    path.write_text("\n".join(rows).replace(",", separator), encoding="utf-8-sig")
    frame = pd.DataFrame({PEOPLE: [2, None, 3], "horizon": [60, None, 50]})
    points = [{PEOPLE: 2, "horizon": 60}, {}, {PEOPLE: 3, "horizon": 50}]

    assert sweep(desk(), path, 1).points == points
    assert sweep(desk(), frame, 1).points == points


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{PEOPLE}\n2\nmany\n", "line 3: teams.sdr.people: is 'many'"),
        (f"{PEOPLE},horizn\n2,9\n", "line 2: horizn: .* Did you mean 'horizon'"),
        (f"{PEOPLE},horizon\n2,60,7\n", "line 2: the number of cells is 3, in line 1"),
        (f"{PEOPLE},horizon\n2,60\n3\n", "line 3: the number of cells is 1, in line 1"),
        (f"{PEOPLE},{PEOPLE}\n2,3\n", f"line 1: {PEOPLE} is there twice"),
        (f"{PEOPLE},\n2,about 3\n", "line 2: 'about 3' stands below no path"),
        (f"{PEOPLE}\n", "has no row below its paths"),
        ("", "line 1: names no path"),
        (f'{PEOPLE}\n"2\n', "line 2: unexpected end of data"),
        (f"{PEOPLE}\n{{\n", f"line 2: {PEOPLE}: line 1, column 2: something is"),
    ],
)
def test_a_bad_row_of_a_table_is_named_and_never_shifted(tmp_path: Path, text, message):
    """The message says the file and the line, and nothing is run."""
    path = tmp_path / "plan.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SimlibError, match=rf"plan\.csv: {message}"):
        sweep(desk(), path, 1)


def test_the_table_of_a_sweep_is_tidy():
    """One row for each point and metric, with the settings beside the interval."""
    table = sweep(coin(), {RATE: [0, 1]}, 3).table(["customers"])

    assert table[
        [RATE, "metric", "mean", "low", "high", "unit"]
    ].to_numpy().tolist() == [
        [0, "customers", 0, 0, 0, "people"],
        [1, "customers", 200, 200, 200, "people"],
    ]


def test_a_tornado_ranks_what_moves_the_metric():
    """Spend answers to a one-off cost in full, and to the win rate not at all."""
    found = sensitivity(
        coin(), {RATE: (0.1, 0.2), HEADS: (0.0, 10.0)}, "spend", 2, samples=8
    )

    assert found.tornado[["path", "effect"]].to_numpy().tolist() == [
        [HEADS, 10],
        [RATE, 0],
    ]


def test_sobol_shares_the_variance_of_a_sum():
    """Of spend = a + b with b twice as wide, b has 4/5 of the variance."""
    found = sensitivity(
        coin(), {HEADS: (0.0, 10.0), TAILS: (0.0, 20.0)}, "spend", 1, samples=256
    )

    assert found.sobol["first_order"].tolist() == pytest.approx([0.2, 0.8], abs=0.05)
    assert found.sobol["total"].tolist() == pytest.approx([0.2, 0.8], abs=0.05)


@pytest.mark.parametrize(("path", "share"), [(HEADS, 1.0), (RATE, 0.0)])
def test_a_setting_that_is_alone_has_all_of_the_variance_or_none(path, share):
    """One setting shares with none: it moves the metric, or it does not."""
    found = sensitivity(coin(), {path: (0.0, 0.5)}, "spend", 2, samples=4)

    assert found.sobol.to_numpy().tolist() == [[path, share, share]]


def test_the_best_volume_of_a_desk_is_inside_its_range():
    """SQLs peak between an idle desk and a flooded one."""
    leads = "sources.all_leads.leads.per_month"
    found = optimise(desk(), {leads: (20, 600)}, "reached.sql", candidates=12)

    assert 110 <= found.best[leads] <= 260
    assert 0 <= found.confidence <= 1
    assert found.sentence().startswith(f"Best: {leads} = ")


def test_a_split_keeps_its_total_and_finds_the_corner():
    """All candidates spend the budget; the cheapest split of a one-sided cost wins."""
    world = coin().changed({"sources.heads.cost.per_lead": 1})
    found = optimise(
        world,
        {HEADS: (0.0, 100.0), TAILS: (0.0, 100.0)},
        "spend",
        largest=False,
        total=100,
        candidates=8,
        replications=2,
    )
    sums = found.tried[HEADS] + found.tried[TAILS]

    assert sums.tolist() == pytest.approx([100.0] * len(sums))


def test_a_split_of_whole_numbers_stays_whole():
    """Nine people for two teams: every candidate has nine, and none is half."""
    places = {f"teams.{team}.people": (1, 8) for team in ("sdr", "ae")}
    world = load("baseline").changed({"horizon": 60})
    found = optimise(
        world, places, "reached.sql", total=9, candidates=8, replications=2
    )
    parts = found.tried[list(places)]

    assert set(parts.sum(axis=1)) == {9}
    assert [str(kind) for kind in parts.dtypes] == ["int64", "int64"]
    assert (found.ranges, found.total) == (places, 9)


def test_two_whole_numbers_are_enough_to_choose_from():
    """Where nothing lies between the candidates, the first two meet."""
    found = optimise(
        desk(), {PEOPLE: (2, 3)}, "reached.sql", candidates=4, replications=2
    )

    assert (found.best, found.runner_up) == ({PEOPLE: 3}, {PEOPLE: 2})
    assert found.confidence > 0.95


def test_a_tie_at_the_top_is_said():
    """Two settings that never differ are no finding."""
    rate = "stages.captured.next.customer.lag"
    found = optimise(coin(), {rate: (0, 1)}, "customers", candidates=4, replications=2)

    assert found.sentence().endswith("The runner-up is the same in every run.")
    assert repr(found).endswith("tried has all 2 candidates")


def test_a_figure_that_is_never_defined_moves_nothing_by_no_share():
    """No deal, no revenue: neither an effect nor a share of its variance."""
    found = sensitivity(coin(), {RATE: (0.1, 0.2)}, "revenue.won", 2, samples=2)

    assert found.table()[["effect", "first_order", "total"]].isna().all(axis=None)
    assert repr(found).startswith(f"Sensitivity of revenue.won in 'coin' to {RATE}: ")


def test_a_further_constraint_is_kept():
    """No candidate that is not allowed is ever tried."""
    found = optimise(
        coin(),
        {HEADS: (0.0, 10.0)},
        "spend",
        allowed=lambda point: point[HEADS] >= 4,
        candidates=8,
        replications=2,
        largest=False,
    )

    assert found.tried[HEADS].min() >= 4


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sweep(coin(), {}), "nothing to vary"),
        (lambda: sweep(coin(), {RATE: []}), f"{RATE} has no values"),
        (
            lambda: sweep(coin(), {"stages.captred.visits": [1]}),
            "Did you mean 'captured'",
        ),
        (lambda: sweep(coin(), "gone.csv"), "gone.csv: there is no such file"),
        (lambda: sensitivity(coin(), {}, "spend"), "give at least one path"),
        (lambda: sensitivity(coin(), {RATE: (1, 1)}, "spend"), "the range 1 to 1 is"),
        (lambda: sensitivity(coin(), {RATE: (1, 0)}, "spend"), "the lower end first"),
        (
            lambda: sensitivity(coin(), {RATE: (0.0, 2.0)}, "spend", samples=2),
            "sensitivity: the ranges hold what cannot be: .*rate: is 2",
        ),
        (
            lambda: sensitivity(coin(), {RATE: (0.0, 1.0)}, "visitors"),
            "metric 'visitors': this study has",
        ),
        (
            lambda: optimise(coin(), {RATE: (0.0, 1.0)}, "spend", total=3),
            "optimise: the total is 3; values in the ranges sum to 0 to 1",
        ),
        (
            lambda: optimise(coin(), {RATE: (0.0, 1.0)}, "spend", total=float("nan")),
            "optimise: the total is nan",
        ),
        (
            lambda: sensitivity(coin(), {RATE: (0.0, 1.0)}, "spend", samples=12),
            "it must be a power of 2",
        ),
        (
            lambda: optimise(coin(), {RATE: (0.0, 1.0)}, "spend", candidates=1),
            "give 4 or more candidates",
        ),
        (
            lambda: optimise(
                coin(), {RATE: (0.0, 1.0)}, "spend", allowed=lambda _: False
            ),
            "no settings in the ranges meet the constraints",
        ),
    ],
)
def test_wrong_questions_are_answered_in_one_line(call, message):
    """The message says what was given and what may be."""
    with pytest.raises(SimlibError, match=message):
        call()


def test_a_data_frame_is_a_table_too():
    """What a CSV file can say, a DataFrame can say."""
    found = sweep(coin(), pd.DataFrame({RATE: [0.1, 0.2]}), 2)

    assert len(found.studies) == 2
