"""Lists of accounts (M9): several contacts in each, and deals of their own."""

from __future__ import annotations

import numpy as np
import pytest
from agreement import near
from test_engines_agree import rows
from towns import town

from simlib.errors import ScenarioError
from simlib.market import Lives, lives_of
from simlib.market.life import LEFT_A_NAME
from simlib.market.meetings import ENTERS
from simlib.money import costs_by_source
from simlib.plan import compiled
from simlib.population import Population
from simlib.run import simulate
from simlib.scenario import Scenario, load

LIST, CONTENT = range(2)
MEETS = "sources.named.meets"
PLAIN = {"contacts": 1, "wins_times": 1.0, "value_times": 1.0}


def world(abm: dict[str, float] | None = None, **meets: object) -> Scenario:
    """Return a market of 2,000 accounts, 800 of which stand on a list."""
    said = {"by": "touches", "accounts": 800, "per_month": 1, "answer": 0.05, **meets}
    content = {"by": "visits", "per_month": 0.1}
    named = {"meets": said if abm is None else {**said, "abm": abm}}
    return town(
        {"buyers": 2000, "misfit": 0.2},
        sources={
            "named": named,
            "content": {"meets": content},
            "direct": {"meets": {"by": "hand_raise"}},
        },
        deal={"value": {"dist": "gamma", "mean": 9000, "cv": 0.5}},
    )


def lives(scenario: Scenario) -> Lives:
    """Return everybody's life in one run."""
    return lives_of(scenario, (1, 0))


@pytest.mark.parametrize("contacts", [1, 3, 8])
def test_an_account_answers_if_one_of_its_contacts_does(contacts):
    """Of the touches 1 - (1 - p)^contacts are answered, p being .05 for each."""
    told = lives(world({**PLAIN, "contacts": contacts}))
    touched = told.happened & (told.rows.source == LIST)

    assert 1 - 0.95**contacts == near(told.became[touched] == LEFT_A_NAME, 0.05)


def test_a_hundred_accounts_have_twenty_needs_a_year():
    """One need in five years, however well an account is looked after."""
    told = lives(load("named_accounts").changed({"horizon": 7305.0}))
    listed = np.flatnonzero(told.kind == 1)[:100]
    entered = told.happened & (told.rows.what == ENTERS) & (told.rows.time >= 0)
    needs = int(np.isin(told.rows.buyer[entered], listed).sum())

    assert abs(needs - 400) < 3.5 * np.sqrt(400)


def test_only_accounts_of_the_list_are_touched():
    """Eight hundred who fit, and nobody outside the ICP."""
    told = lives(world({}))
    touched = told.rows.buyer[told.happened & (told.rows.source == LIST)]

    assert set(np.flatnonzero(told.kind == 1)[:800].tolist()) == set(touched.tolist())


def won(scenario: Scenario) -> tuple[Population, np.ndarray]:
    """Return the leads of one run, and which of them are won."""
    run = simulate(scenario, 1)
    flags = np.zeros(len(run.log.leads), dtype=bool)
    flags[run.log.lead[run.log.stage == run.log.graph.stage_code("customer")]] = True
    return Population(compiled(scenario), 1, 0), flags


def test_deals_of_the_list_are_won_more_often():
    """Twice as many of its leads are won, whoever brought them, and the same others.

    Nobody who bought before is lost by it.
    """
    people, usual = won(world({**PLAIN}))
    _, more = won(world({**PLAIN, "wins_times": 2.0}))
    sources = set(people.source[people.listed].tolist())

    assert {0, 1, 2} == sources
    assert np.array_equal(usual[~people.listed], more[~people.listed])
    assert 2 * usual[people.listed].mean() == near(more[people.listed], 0.2)
    assert set(people.ordinal[usual].tolist()) < set(people.ordinal[more].tolist())


def test_deals_of_the_list_are_larger():
    """One and a half times the value for the list, the same for all others."""
    usual = Population(compiled(world({**PLAIN})), 1, 0)
    large = Population(compiled(world({**PLAIN, "value_times": 1.5})), 1, 0)
    times = np.where(large.listed, 1.5, 1.0)

    assert 0 < large.listed.mean() < 1
    assert np.array_equal(usual.amount * times, large.amount)


def test_who_came_before_the_effort_gained_nothing_by_it():
    """Leads from day 100 to day 300 are of the list, if it is worked on then."""
    people = Population(compiled(world({}, start=100, stop=300)), 1, 0)
    day = people.time[people.listed]

    assert (day.min() >= 100, day.max() < 300) == (True, True)
    assert np.any(people.time < 100)


def test_off_leaves_no_trace():
    """One contact and factors of 1 are the touches as they were; None has no key."""
    plain = world()

    assert rows(simulate(plain, 1).log) == rows(simulate(world(PLAIN), 1).log)
    assert plain.digest == world(PLAIN).changed({f"{MEETS}.abm": None}).digest


def test_accounts_and_contacts_cost_money():
    """40 a month for each account, and a touch of three contacts costs three."""
    said = {"start": 0, "stop": 304.375}
    scenario = world({"contacts": 3}, **said).changed(
        {"sources.named.cost": {"per_account": 40, "per_touch": 2}}
    )
    run = simulate(scenario, 1)
    touches = len(run.lives.meetings(LIST))

    assert touches > 0
    assert costs_by_source(run).media[LIST] == pytest.approx(
        40 * 800 * 10 + 3 * 2 * touches
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({f"{MEETS}.accounts": None}, f"{MEETS}.abm: needs accounts: how many"),
        ({f"{MEETS}.abm.contacts": 0}, f"{MEETS}.abm.contacts: is 0; it must be 1"),
        ({f"{MEETS}.abm.contacts": 2.5}, f"{MEETS}.abm.contacts"),
        ({f"{MEETS}.abm.win_times": 2}, "Did you mean 'wins_times'"),
        ({f"{MEETS}.abm.value_times": 0}, f"{MEETS}.abm.value_times"),
        (
            {f"{MEETS}.abm.wins_times": 5.0},
            "stages.captured.next: the rates sum to 1.25",
        ),
        (
            {"sources.content.cost.per_account": 5},
            "sources.content.cost.per_account: needs meets.accounts",
        ),
        (
            {
                "sources.content.meets": {
                    "by": "touches",
                    "accounts": 5,
                    "abm": {},
                }
            },
            "sources.content.meets.abm: there is a list at 'named' already",
        ),
    ],
)
def test_bad_lists_are_explained(changes, message):
    """One line names the place and what may be."""
    with pytest.raises(ScenarioError) as caught:
        world({}).changed(changes)

    assert message in str(caught.value)
