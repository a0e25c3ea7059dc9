"""What is read in a world, and the closed forms that bands of claims lean on."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from small_scenario import SMALL

import simlib as sl
from simlib.claims import known
from simlib.claims.effects import checked, effects
from simlib.claims.measures import Measure
from simlib.claims.trials import passes
from simlib.execution import MONTHS, Figures, Span, measured
from simlib.theory import TotalLag, period_to_cohort

DAYS = 30.4375
YEAR = sl.Scenario.of({**SMALL, "horizon": 12.5 * DAYS})


def values(measure: Measure, numbers: list[list[float]], name: str = "leads"):
    """Return what a measure makes of one figure, by replication and row."""
    figures = Figures((name,), np.array(numbers, float)[:, :, None])
    return measure.values(YEAR, figures, 0)


def test_spread_is_that_of_whole_periods():
    """Quarters of 10 and 20 by turns: sd over mean; the broken month counts nowhere."""
    months = [[10, 0, 0, 20, 0, 0, 10, 0, 0, 20, 0, 0, 999]]
    spread = np.sqrt(4 * 25 / 3) / 15

    assert values(Measure("leads", spread_of=3), months) == pytest.approx([spread])


def test_falls_counts_periods_so_far_below_the_mean():
    """Of twelve months one falls by half and one by three tenths; ten do not."""
    months = [[100] * 10 + [70, 50] + [0]]
    mean = (1000 + 120) / 12
    falls = [values(Measure("leads", falls=(by, 1)), months)[0] for by in (0.2, 0.4)]

    assert 70 < 0.8 * mean
    assert falls == pytest.approx([2 / 12, 1 / 12])


def test_within_is_a_share_of_the_sources_and_not_of_the_whole():
    """Three of four sources have a figure, two of the three lie in the band."""
    rows = [[0.5, 0.01, 0.05, 0.2, np.nan]]
    inside = Measure("rate", within=(0.01, 0.05))

    assert values(inside, rows, "rate") == pytest.approx([2 / 3])


@pytest.mark.parametrize(
    ("measure", "kind"),
    [
        (Measure("leads"), "whole"),
        (Measure("leads", months=(1, 2)), "months"),
        (Measure("leads", spread_of=3), "months"),
        (Measure("leads", falls=(0.3, 1)), "months"),
        (Measure("leads", within=(0, 1)), "figures"),
    ],
)
def test_a_measure_says_how_runs_are_measured(measure, kind):
    """By month for periods, by source for shares of sources, else as a whole."""
    assert measure.kind == kind


def test_customers_of_cohorts_are_all_customers_by_another_month():
    """By month of capture or of winning, a run's customers are as many, but earlier."""
    world = sl.load("four_months_late").changed({"horizon": 730.5})
    figures = measured([Span(world, 0, 0, 2)], MONTHS, {})[0]
    won, of_cohort = (
        figures.numbers[:, :, figures.names.index(name)]
        for name in ("customers", "cohort.customers")
    )

    assert of_cohort.sum(axis=1).tolist() == won.sum(axis=1).tolist()
    assert (of_cohort[:, 0] > won[:, 0]).all()


def spread_in_theory(sources: int, months: int) -> float:
    """Return the spread of the leads of equal sources under E28's shocks.

    A shock is a busy day of endless servers with a fixed service: two days u apart are
    both spared with exp(-rate (days + min(u, days))). Chance adds that of a count.
    """
    rate, days, loss, a_month = 0.4 / 365.25, 90.0, 0.4, 500
    length, spared = months * DAYS, np.exp(-0.4 / 365.25 * 90)

    def together(u: float) -> float:
        both = np.exp(-rate * (days + min(u, days))) - spared**2
        return (length - u) * both

    variance = 2 / length**2 * quad(together, 0, length, points=[min(days, length)])[0]
    mean = 1 - loss * (1 - spared)
    of_shocks = loss**2 * variance / sources / mean**2
    return float(np.sqrt(of_shocks + 1 / (a_month * months * mean)))


def bands(name: str) -> list[tuple[float, float]]:
    """Return the bands of a claim's checks."""
    return [check.band for check in known.claim(name).checks]


def test_bands_of_e28_hold_the_closed_form():
    """One, three and five sources, and five against one: in the middle of its band."""
    one, three, five = (spread_in_theory(number, 3) for number in (1, 3, 5))
    wanted = [*bands("E28")[1:4], known.claim("E28").band]

    for (low, high), value in zip(wanted, (one, three, five, five / one), strict=True):
        assert low < value < high
        assert (low + high) / 2 == pytest.approx(value, rel=0.02)


def test_bands_of_e29_hold_the_closed_form():
    """The products of the rates, and with recycling the absorbing chain."""
    share = [0.45 * 0.22, 0.35 * 0.55 * 0.22, 0.102880, 0.046888]
    days = [21 + 72, 10 + 14 + 72]
    low, high = known.claim("E29").band

    for (least, most), value in zip(bands("E29"), share + days, strict=True):
        assert (least + most) / 2 == pytest.approx(value, rel=0.01)
    assert (low + high) / 2 == pytest.approx(share[0] / share[1], rel=0.01)


def test_bands_of_e30_hold_the_closed_form():
    """E[exp(-gT)] for both rates of growth, and the law of the time to customer."""
    lag = TotalLag((28, 10, 14, 72), (0.5976, 1, 0.8452, 0.3727))
    ratios = [period_to_cohort(lag, growth / DAYS) for growth in (0.05, 0.1, 0)]
    shares = [float(lag.share_by(days)) for days in (90, 120, 180)]

    for (low, high), value in zip(bands("E30"), ratios + shares, strict=True):
        assert (low + high) / 2 == pytest.approx(value, rel=0.01)


@pytest.mark.parametrize("name", ["E29", "E30"])
def test_quick_checks_lie_in_their_bands(name):
    """Two doors of one chain, two readings of one world: as the closed forms say."""
    claim = known.claim(name)
    found = checked(claim, claim.replications[0], 0, {})

    assert [check.name for check, figure in found if not passes(check, figure)] == []


def test_an_effect_of_one_world_is_a_figure():
    """E38 reads a share of sources; no world stands against the baseline."""
    claim = known.claim("E38")
    found = effects(claim, [{}], 2, 0, {}, smaller=True)[0]

    assert not claim.is_ratio
    assert 0.5 < found.mean < 1
    assert claim.usual()["teams.sdr.people"] == 5
