"""A habit that spreads (M25): the share of AI search grows on its own, up to a cap."""

from __future__ import annotations

import numpy as np
import pytest
from agreement import near
from test_engines_agree import rows
from towns import town

from simlib.errors import ScenarioError
from simlib.market import Lives, lives_of
from simlib.plan import compiled
from simlib.population import Population
from simlib.run import simulate
from simlib.scenario import load
from simlib.theory import Uptake

MONTH = 30.4375
HABIT = Uptake(half_on=500, days=30 * MONTH)
LEADS = "sources.website.leads"
SPANS = [(0, 250), (250, 500), (500, 1000)]


def leads(replication: int, **said: object) -> np.ndarray:
    """Return the days on which leads of a source without a market arrive."""
    changes = {"per_month": 900, **said}
    scenario = load("textbook").changed({LEADS: changes, "horizon": 1000.0})
    return Population(compiled(scenario), 1, replication).time


def cited(replication: int = 0, **meets: object) -> Lives:
    """Return the lives of buyers who come through an assistant, or not."""
    ai = {"by": "visits", "per_month": {"ready": 0.4, "not_yet": 0.04}, **meets}
    scenario = town(sources={"ai": {"meets": ai}}, horizon=1000)
    return lives_of(scenario, (1, replication))


def spread(**said: float) -> dict[str, object]:
    """Return the habit as a scenario says it."""
    return {"uptake": {"half_on": 500, "months": 30, **said}}


@pytest.mark.parametrize(("begin", "end"), SPANS)
def test_leads_follow_the_curve(begin, end):
    """As many of the full rate as the mean of the logistic curve says."""
    runs = [leads(number, **spread()) for number in range(4)]
    found = [np.sum((days >= begin) & (days < end)) for days in runs]
    full = 900 / MONTH * (end - begin)

    assert full * HABIT.average(begin, end) == near(found, 0.04)


@pytest.mark.parametrize(("begin", "end"), SPANS)
def test_visits_follow_the_curve(begin, end):
    """In a market too, of the visits that all buyers would make."""
    grown, full = (
        [cited(number, **said).meetings(0) for number in range(4)]
        for said in (spread(), {})
    )
    counts = [
        [np.sum((days >= begin) & (days < end)) for days in runs]
        for runs in (grown, full)
    ]

    assert np.mean(counts[1]) * HABIT.average(begin, end) == near(counts[0], 0.05)


def test_who_comes_early_comes_at_the_cap_too():
    """The curve adds visits and leads; it moves none."""
    early, all_ = leads(0, **spread()), leads(0)
    some, most = cited(**spread()).meetings(0), cited().meetings(0)

    assert {*early.tolist()} < {*all_.tolist()}
    assert {*some.tolist()} < {*most.tolist()}


def test_a_stop_ends_it():
    """A source that is stopped brings nothing more, however it has spread."""
    assert leads(0, stop=400, **spread()).max() < 400
    assert cited(stop=400, **spread()).meetings(0).max() < 400


def test_a_visitor_may_be_likelier_to_have_a_need():
    """With ready_times 3 who is in the market comes three times as often."""
    usual, more = (
        cited(ready_times=times, uptake={"half_on": -9000}) for times in (1.0, 3.0)
    )
    needs = [
        np.sum(lives.happened & (lives.rows.window >= 0) & (lives.rows.what == 2))
        for lives in (usual, more)
    ]
    inside = [
        np.isin(lives.rows.buyer, lives.windows.buyer) & lives.happened
        for lives in (usual, more)
    ]

    assert needs[1] > 2.5 * needs[0]
    assert inside[1].sum() > inside[0].sum()


def test_what_is_gated_gains_nothing():
    """Where only open pages can be cited, a habit that spreads passes by forms."""
    scenario = load("ai_search_grows")
    years = [0, 365.25, 730.5, 1461, 1826.25]
    open_ = np.histogram(lives_of(scenario, (1, 0)).meetings(2), years)[0]
    gated = scenario.changed({"market.gating": "everything"})

    assert np.all(np.diff(open_ / np.diff(years)) > 0)
    assert 0 == len(lives_of(gated, (1, 0)).meetings(2))


def test_off_leaves_no_trace():
    """Without the key there is the old digest, and the old log."""
    plain = load("textbook")
    back = plain.changed({f"{LEADS}.uptake": {}}).changed({f"{LEADS}.uptake": None})

    assert plain.digest == back.digest
    assert rows(simulate(plain, 1).log) == rows(simulate(back, 1).log)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"months": 0}, f"{LEADS}.uptake.months: is 0"),
        ({"half_on": "soon"}, f"{LEADS}.uptake.half_on"),
        ({"half_in": 3}, "Did you mean 'half_on'"),
    ],
)
def test_bad_curves_are_explained(changes, message):
    """One line names the place and what may be."""
    with pytest.raises(ScenarioError) as caught:
        load("textbook").changed({f"{LEADS}.uptake": changes})

    assert message in str(caught.value)
