"""Grids, tables, influence and optima."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from studies.desks import coin, desk

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
