"""Moving a budget between sources, against reference numbers."""

from __future__ import annotations

import math

import pytest
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import needed_yield_ratio, shift_ratio

SHARES = [
    (1 / 3, 1 / 3, 1 / 3),
    (0.25, 0.50, 0.25),
    (0.40, 0.40, 0.20),
]


def budget(shares: tuple[float, ...]) -> dict[str, float]:
    """Return shares of spend by source."""
    return dict(zip(("seo", "linkedin", "outbound"), shares, strict=True))


@pytest.mark.parametrize(
    ("shares", "elasticity", "ratio"),
    [
        (SHARES[0], 1.0, 9.545455),
        (SHARES[1], 1.0, 2.547660),
        (SHARES[2], 1.0, 3.778920),
        (SHARES[1], 0.8, 5.229226),
        (SHARES[2], 0.8, 15.787381),
    ],
)
def test_what_plus_47_percent_takes(shares, elasticity, ratio):
    """How much better than the cut source the grown one must be."""
    found = needed_yield_ratio(
        *(budget(shares), {"seo": 0.8}, "linkedin", "outbound"),
        gain=0.47,
        elasticity=elasticity,
    )
    assert found == printed(ratio)


def test_plus_47_percent_may_be_impossible():
    """With equal thirds and an elasticity of 0.8 the limit is +41.2%."""
    thirds = budget(SHARES[0])
    useless = {"seo": 0.8, "linkedin": 0.0, "outbound": 1.0}
    limit = shift_ratio(thirds, useless, "linkedin", "outbound", 0.8)
    needed = needed_yield_ratio(
        *(thirds, {"seo": 0.8}, "linkedin", "outbound"), gain=0.47, elasticity=0.8
    )
    assert (limit, needed) == (printed(1.412, 3), math.inf)


@pytest.mark.parametrize(
    ("elasticity", "ratio"), [(1.0, printed(1.470, 3)), (0.8, printed(1.24, 2))]
)
def test_cutting_linkedin_for_outbound(elasticity, ratio):
    """Half the budget moved to outbound: +47%, and half that with low elasticity."""
    spend = {"seo": 7500, "linkedin": 15000, "outbound": 7500}
    opportunities = {"seo": 94 * 0.034, "linkedin": 125 * 0.025, "outbound": 3.9825}
    yields = {source: opportunities[source] / spend[source] for source in spend}
    found = shift_ratio(spend, yields, "linkedin", "outbound", elasticity)
    assert found == ratio


def test_the_needed_ratio_gives_the_gain():
    """Put back in, the needed ratio gives just the wanted gain."""
    spend = budget(SHARES[2])
    ratio = needed_yield_ratio(
        *(spend, {"seo": 0.3}, "linkedin", "outbound"), gain=0.2, elasticity=0.9
    )
    yields = {"seo": 0.3, "outbound": 1.0, "linkedin": 1 / ratio}
    found = shift_ratio(spend, yields, "linkedin", "outbound", 0.9)
    assert found == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: shift_ratio({"a": 1}, {"a": 1}, "a", "b"), "source 'b' is unknown"),
        (lambda: shift_ratio({"a": 1}, {"a": 1}, "a", "a"), "they must be two sources"),
        (
            lambda: shift_ratio({"a": 1, "b": 1}, {"a": 1}, "a", "b"),
            "yield of source 'b' is unknown",
        ),
        (
            lambda: shift_ratio({"a": 1, "b": -1}, {"a": 1, "b": 1}, "a", "b"),
            "spend of b must be 0 or more",
        ),
        (
            lambda: shift_ratio({"a": 1, "b": 0}, {"a": 1, "b": 1}, "a", "b"),
            "spend of b must be above 0",
        ),
        (
            lambda: shift_ratio({"a": 1, "b": 1}, {"a": 0, "b": 0}, "a", "b"),
            "pipeline before must be above 0",
        ),
        (
            lambda: shift_ratio({"a": 1, "b": 1}, {"a": 1, "b": 1}, "a", "b", 0),
            "elasticity must be above 0",
        ),
        (
            lambda: needed_yield_ratio({"a": 1, "b": 1}, {}, "a", "b", gain=-0.1),
            "gain must be 0 or more",
        ),
    ],
)
def test_impossible_budgets_are_refused(ask, message):
    """Wrong names, spends and yields are named."""
    with pytest.raises(TheoryError, match=message):
        ask()
