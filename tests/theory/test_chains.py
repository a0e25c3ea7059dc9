"""Where leads end: the absorbing chain against reference numbers and its own laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import BinomialCount, absorbing_chain

RECYCLING = {
    "captured": {"nurture": 0.40, "mql": 0.30, "pql": 0.05, "lost": 0.25},
    "nurture": {"mql": 0.25, "lost": 0.75},
    "mql": {"nurture": 0.30, "sql": 0.35, "lost": 0.35},
    "sql": {"nurture": 0.15, "opportunity": 0.55, "lost": 0.30},
    "pql": {"nurture": 0.25, "opportunity": 0.45, "lost": 0.30},
    "opportunity": {"nurture": 0.18, "won": 0.22, "lost": 0.60},
}


def test_visits_of_the_recycling_chain():
    """Expected visits from captured are the first row of (I - Q)^-1."""
    assert absorbing_chain(RECYCLING).visits_from("captured") == printed(
        {
            "captured": 1.000000,
            "nurture": 0.589778,
            "mql": 0.447445,
            "sql": 0.156606,
            "pql": 0.050000,
            "opportunity": 0.108633,
        }
    )


def test_chance_to_be_won_from_each_stage():
    """The share that is ever won rises along the way, nurture being the lowest."""
    chain = absorbing_chain(RECYCLING)
    won = {stage: chain.ends_from(stage)["won"] for stage in chain.stages}
    assert won == printed(
        {
            "captured": 0.023899,
            "nurture": 0.011722,
            "mql": 0.046888,
            "sql": 0.123919,
            "pql": 0.102880,
            "opportunity": 0.222110,
        }
    )


def test_customers_of_a_thousand_leads():
    """A thousand independent leads give a binomial count of customers."""
    won = absorbing_chain(RECYCLING).ends_from("captured")["won"]
    customers = BinomialCount(1000, won)
    assert (customers.mean, customers.sd) == printed((23.899276, 4.829917))


def test_rates_below_one_leak_to_the_rest():
    """Leaving out the way to lost changes nothing: the remainder goes there."""
    leaky = {
        stage: {target: rate for target, rate in row.items() if target != "lost"}
        for stage, row in RECYCLING.items()
    }
    assert absorbing_chain(leaky).ends_from("captured") == pytest.approx(
        absorbing_chain(RECYCLING).ends_from("captured")
    )


def test_the_rest_may_be_a_stage():
    """With nurture as the rest, only nurture can lose a lead."""
    chain = absorbing_chain(
        {"mql": {"won": 0.5}, "nurture": {"mql": 0.5, "lost": 0.5}}, rest="nurture"
    )
    assert chain.ends_from("mql") == pytest.approx({"won": 2 / 3, "lost": 1 / 3})


@st.composite
def chains(draw):
    """Any chain of up to five stages in which every stage leaks a little."""
    count = draw(st.integers(1, 5))
    names = [f"stage{number}" for number in range(count)]
    rows = {}
    for name in names:
        weights = draw(st.lists(st.floats(0, 1), min_size=count, max_size=count))
        total = sum(weights) + draw(st.floats(0.05, 1))
        rows[name] = {
            target: weight / total
            for target, weight in zip(names, weights, strict=True)
        }
    return rows


@given(chains())
def test_every_lead_ends_somewhere(rows):
    """Whatever the rates, the chances of all ends add up to 1 from every stage."""
    chain = absorbing_chain(rows)
    assert chain.end_shares.sum(axis=1) == pytest.approx([1.0] * len(rows))


@given(chains())
def test_every_visit_has_a_cause(rows):
    """Visits are the start plus what flows in: F = I + F Q."""
    chain = absorbing_chain(rows)
    inflow = chain.visits @ chain.steps
    inflow[range(len(rows)), range(len(rows))] += 1
    assert chain.visits == pytest.approx(inflow)


def test_a_trap_is_named():
    """A loop without a way out is refused, by the names of its stages."""
    rows = {"a": {"b": 1.0}, "b": {"a": 1.0}, "c": {"won": 0.5}}
    with pytest.raises(TheoryError, match="leads never leave a, b"):
        absorbing_chain(rows)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({}, "rates must hold at least one value"),
        ({"a": {"won": -0.1}}, "rate a -> won must be a share"),
        ({"a": {"won": float("nan")}}, "rate a -> won must be a share"),
        ({"a": {"won": 0.7, "b": 0.4}}, "rates of stage 'a' add up to 1.1"),
    ],
)
def test_impossible_rates_are_refused(rows, message):
    """Rates that are no shares, or too much together, are named with their place."""
    with pytest.raises(TheoryError, match=message):
        absorbing_chain(rows)


def test_unknown_names_get_the_nearest_one():
    """A misspelt stage or terminal is answered with the known names."""
    chain = absorbing_chain(RECYCLING)
    with pytest.raises(TheoryError, match=r"stage 'capturd'.* Did you mean 'captured'"):
        chain.visits_from("capturd")
    with pytest.raises(TheoryError, match="terminal 'wn' is unknown; known: "):
        chain.end_place("wn")
