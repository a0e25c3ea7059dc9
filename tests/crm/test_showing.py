"""What a CRM shows of each lead: no kind, but what hints at it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from test_engines_agree import rows

import simlib as sl
from simlib.crm import shown
from simlib.crm.showing import ACTIONS, fit_scores
from simlib.errors import ScenarioError
from simlib.plan import compiled
from simlib.population import Population

TOLD = {"fit_score": {}, "intent": {}}


def test_a_lead_has_a_row_with_what_a_crm_knows():
    """Where all is told there is a column for it, and none for the kind."""
    run = sl.simulate(sl.load("baseline").changed({**TOLD, "horizon": 90.0}), seed=1)
    table = shown(run)

    assert [
        "created", "source", "stage", "since", "capture_action", "fit_score", "amount",
    ] == list(table.columns)  # fmt: skip
    assert len(table) == len(sl.funnel.histories(run.log).leads)
    assert set(ACTIONS) == set(table["capture_action"])
    assert table["fit_score"].between(0, 100).all()
    assert (table["since"] >= table["created"]).all()
    assert not table.isna().any(axis=None)


def test_what_nobody_tells_of_is_not_shown():
    """Without intent, score of fit and deal there are dates, source and stage."""
    table = shown(sl.simulate(sl.load("textbook"), seed=1))

    assert ["created", "source", "stage", "since"] == list(table.columns)


def test_visitors_without_a_name_have_no_row():
    """A CRM has leads, and nobody who only came by."""
    run = sl.simulate(sl.load("leaky_bucket"), seed=1)

    assert len(shown(run)) < len(run.log.leads) / 20


@pytest.mark.parametrize("spread", [6.0, 12.0, 24.0])
def test_the_score_tells_who_fits_as_well_as_it_should(spread):
    """Of two leads the one that fits has more with a chance of Phi(25 / (sd 2^.5))."""
    said = sl.load("textbook").changed(
        {"fit_score.spread": spread, "sources.website.leads.per_month": 1000}
    )
    people = Population(compiled(said), 1, 0)
    assert said.fit_score
    score, fits = fit_scores(said.fit_score, people), people.kind < 2
    higher = np.searchsorted(np.sort(score[~fits]), score[fits]) / np.sum(~fits)
    expected = 0.5 * (1 + math.erf(25 / (2 * spread)))

    assert expected == pytest.approx(higher.mean(), abs=0.012)


def test_a_score_to_look_at_changes_nothing():
    """With the score of fit the log is as it was; without it there is no key."""
    plain = sl.load("textbook")
    told = plain.changed({"fit_score": {}})

    assert rows(sl.simulate(plain, 1).log) == rows(sl.simulate(told, 1).log)
    assert plain.digest == told.changed({"fit_score": None}).digest


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"fit_score.spread": -1}, "fit_score.spread: is -1"),
        ({"fit_score.fitting": 101}, "fit_score.fitting: is 101"),
        ({"fit_score.fits": 50}, "fit_score.fits: unknown key"),
    ],
)
def test_bad_scores_are_explained(changes, message):
    """One line names the place and what may be."""
    with pytest.raises(ScenarioError, match=message):
        sl.load("textbook").changed(changes)
