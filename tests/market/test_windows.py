"""Spells in and out of the market: exponential by default, else gamma (7.10).

Closed forms are `theory.Rhythm`: |z| < 3.5 and 2% where the target is a rate, 4% where
it is a variance. Cycles are short here, so that a start which is not stationary shows.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from agreement import near
from towns import town

from simlib.draws import entity_keys, exponentials, stream_key, uniforms
from simlib.errors import ScenarioError
from simlib.market.windows import Windows, windows_of
from simlib.scenario.market import Market
from simlib.theory import Rhythm

BUYERS, RUNS = 5_000, range(32)
HISTORY, END = 100.0, 1000.0
OUT_DAYS, IN_DAYS = 300.0, 60.0
SPREADS = [(0.3, 1.0), (1.0, 0.3), (0.3, 0.3), (2.0, 0.5), (0.5, 2.0)]
spreads = pytest.mark.parametrize(("out_cv", "in_cv"), SPREADS)


def market(**said: Any) -> Market:
    """Return a market of 300 days out and 60 days in."""
    days = {"out_days": OUT_DAYS, "in_days": IN_DAYS, "history": HISTORY}
    return Market(buyers=BUYERS, **{**days, **said})


@cache
def runs(out_cv: float, in_cv: float) -> list[Windows]:
    """Return the windows of some runs."""
    keys = entity_keys(7, BUYERS)
    said = market(out_cv=out_cv, in_cv=in_cv)
    return [windows_of(said, keys, END, (3, number)) for number in RUNS]


def inside(at: Windows, day: float) -> np.ndarray:
    """Return which buyers are in the market on a day."""
    now = at.buyer[(at.start <= day) & (day < at.end)]
    return np.isin(np.arange(BUYERS), now)


def entries(at: Windows, begin: float, end: float) -> np.ndarray:
    """Return how often each buyer enters the market in a span of days."""
    here = (at.start > begin) & (at.start <= end)
    return np.bincount(at.buyer[here], minlength=BUYERS)


@spreads
@pytest.mark.parametrize("day", [-100, -70, 0, 200, 450, 999])
def test_as_many_are_in_the_market_on_any_day(out_cv, in_cv, day):
    """One in six, from the first day of the history to the last one, for any spread."""
    found = [inside(at, day).mean() for at in runs(out_cv, in_cv)]

    assert Rhythm(OUT_DAYS, IN_DAYS, out_cv, in_cv).share_inside == near(found, 0.02)


@spreads
@pytest.mark.parametrize(("begin", "end"), [(-100, 0), (-100, 1000), (250, 950)])
def test_entries_have_the_mean_and_the_variance_of_renewal_theory(
    out_cv, in_cv, begin, end
):
    """Regular spells make the number of entries less a matter of chance."""
    counts = [entries(at, begin, end) for at in runs(out_cv, in_cv)]
    rhythm = Rhythm(OUT_DAYS, IN_DAYS, out_cv, in_cv)
    expected = rhythm.entries_a_year * (end - begin) / 365.25
    spread = rhythm.dispersion(end - begin)

    assert expected == near([count.mean() for count in counts], 0.02)
    assert spread == near([count.var() / count.mean() for count in counts], 0.04)


@spreads
def test_who_is_out_enters_as_the_rest_of_a_spell_ends(out_cv, in_cv):
    """Of those outside on a day, so many enter within 100 days; so many are in then."""
    rhythm = Rhythm(OUT_DAYS, IN_DAYS, out_cv, in_cv)
    some = [(inside(at, 300), at) for at in runs(out_cv, in_cv)]
    entered = [(entries(at, 300, 400)[~now] > 0).mean() for now, at in some]
    again = [np.corrcoef(now, inside(at, 330))[0, 1] for now, at in some]

    assert rhythm.enters_within(100) == near(entered, 0.02)
    assert rhythm.autocorrelation(30) == near(again, 0.06)


@spreads
def test_who_has_just_left_comes_back_as_a_whole_spell_ends(out_cv, in_cv):
    """Of those who leave the market early on, so many are back within 250 days."""
    back = []
    for at in runs(out_cv, in_cv):
        same = at.buyer[1:] == at.buyer[:-1]
        left = (at.end[:-1] > 0) & (at.end[:-1] < 500)
        soon = same & (at.start[1:] - at.end[:-1] <= 250)
        back.append(soon[left].mean())

    assert Rhythm(OUT_DAYS, IN_DAYS, out_cv, in_cv).returns_within(250) == near(
        back, 0.02
    )


def test_regular_needs_bring_fewer_back_soon():
    """The more regular needs are, the fewer have the next one within 150 days."""
    soon = []
    for out_cv in (1.0, 0.5, 0.3):
        at = runs(out_cv, 1.0)[0]
        again = (at.buyer[1:] == at.buyer[:-1]) & (at.end[:-1] < 500)
        soon.append(np.mean(at.start[1:][again] - at.end[:-1][again] < 150))

    assert soon[0] > 2 * soon[1] > 4 * soon[2] > 0


def test_windows_that_memory_opens_have_the_same_law():
    """Their mean is that of all windows, and so is their spread."""
    lifted = windows_of(
        market(in_cv=0.3, entry_lift=1.0), entity_keys(7, BUYERS), END, (3, 0)
    )
    days = (lifted.end - lifted.start)[lifted.extra]

    assert len(days) > 10_000
    assert days.mean() == pytest.approx(IN_DAYS, rel=0.02)
    assert days.std() / days.mean() == pytest.approx(0.3, rel=0.03)


def test_windows_that_memory_opens_put_off_no_other():
    """All others stay where they were, to the last bit."""
    keys, run = entity_keys(7, BUYERS), (3, 0)
    plain, lifted = (
        windows_of(market(out_cv=0.3, entry_lift=lift), keys, END, run)
        for lift in (0.0, 1.0)
    )
    base = ~lifted.extra

    assert 0 < base.sum() < len(base)
    assert np.array_equal(lifted.start[base], plain.start)
    assert np.array_equal(lifted.buyer[base], plain.buyer)


def test_by_default_spells_are_the_exponential_numbers_of_old():
    """With a spread of 1 each of the old numbers is used as it was, to the last bit."""
    keys, run = entity_keys(7, BUYERS), (3, 0)
    at = windows_of(market(out_cv=1.0, in_cv=1), keys, END, run)
    number = np.arange(len(at)) - np.searchsorted(at.buyer, at.buyer)
    already = uniforms(stream_key(*run, "market.inside"), keys) < 60 / 360
    before = np.full(BUYERS, -HISTORY)
    for spell in (1, 2, 3):
        rows = number == spell - 1
        who = at.buyer[rows]
        out, stay = (
            exponentials(stream_key(*run, f"market.{name}", spell), keys)[who]
            for name in ("out", "in")
        )
        out[already[who] & (spell == 1)] = 0.0

        assert np.array_equal(at.start[rows], before[who] + OUT_DAYS * out)
        assert np.array_equal(at.end[rows], at.start[rows] + IN_DAYS * stay)
        before[who] = at.end[rows]


def test_off_leaves_no_trace():
    """A spread of 1 is the old digest, and stands in no file."""
    plain = town()
    back = plain.changed({"market.out_cv": 0.3}).changed({"market.out_cv": 1})

    assert plain.digest == back.digest != town({"in_cv": 0.5}).digest
    assert {"out_cv", "in_cv"}.isdisjoint(back.said()["market"])


@pytest.mark.parametrize(
    ("key", "given", "message"),
    [
        ("out_cv", 0, "is 0; it must be 0.2 or more"),
        ("in_cv", 2.5, "is 2.5; it must be 2 or less"),
        ("out_cv", "regular", "is 'regular'; it must be a number"),
        ("outcv", 0.3, "Did you mean 'out_cv'?"),
    ],
)
def test_spreads_that_cannot_be_are_explained(key, given, message):
    """One line names the place and what may be."""
    with pytest.raises(ScenarioError) as caught:
        town().changed({f"market.{key}": given})

    assert str(caught.value).startswith(f"market.{key}: ")
    assert message in str(caught.value)
