"""Form length (M13) and progressive profiling (M14)."""

from __future__ import annotations

import numpy as np
import pytest
from agreement import near
from test_engines_agree import rows
from towns import town

from simlib.errors import ScenarioError
from simlib.log import KINDS
from simlib.market import lives_of
from simlib.plan import compiled
from simlib.population import Population
from simlib.run import simulate
from simlib.scenario import Scenario, load
from simlib.theory import FormLength

FORM = "sources.website.form"
LENGTHS = FormLength(
    {"ready": 0.27, "not_yet": 0.40, "misfit": 0.10, "junk": 0.23},
    {"ready": 0.05, "not_yet": 0.10, "misfit": 0.15, "junk": 0.15},
)


def with_form(fields: int | None, **leads: object) -> Scenario:
    """Return the textbook sum with a form of some fields, and 3,000 leads a month."""
    said = {"per_month": 3000, **leads}
    form = None if fields is None else {"fields": fields}
    return load("textbook").changed({"sources.website.leads": said, FORM: form})


def people(fields: int | None, replication: int = 0, **leads: object) -> Population:
    """Return the leads that come by it."""
    return Population(compiled(with_form(fields, **leads)), 1, replication)


def names(fields: int) -> set[tuple[int, int]]:
    """Return who leaves a name at a form."""
    found = people(fields)
    return set(zip(found.band.tolist(), found.ordinal.tolist(), strict=True))


@pytest.mark.parametrize("fields", [1, 3, 5, 11])
def test_leads_are_as_many_as_theory_says(fields):
    """The longer the form the fewer leads, each kind by its own loss."""
    shares, volume = LENGTHS.shares(fields), 36000 * LENGTHS.volume(fields)
    runs = [people(fields, replication) for replication in range(4)]

    assert volume == near([len(run) for run in runs], 0.02)
    for code, kind in enumerate(KINDS):
        assert shares[kind] == near([np.mean(run.kind == code) for run in runs], 0.05)


def test_a_longer_form_loses_leads_and_changes_none():
    """Who fills seven fields fills three too: the same people, fewer of them."""
    assert names(7) < names(3) < names(1)


def test_five_fields_are_what_the_source_says():
    """With five fields there are as many leads as without a word about the form."""
    without = people(None)

    assert len(people(5)) == pytest.approx(len(without), rel=0.01)


def test_an_import_fills_no_form():
    """Leads that are imported come whatever the form."""
    assert 500 == len(people(50, imports=[{"day": 3, "leads": 500}], per_month=0))


def test_off_leaves_no_trace():
    """Without a form there is no key of it, and the old digest and log."""
    plain, back = load("textbook"), load("textbook").changed({FORM: {}})
    back = back.changed({FORM: None})

    assert plain.digest == back.digest
    assert rows(simulate(plain, 1).log) == rows(simulate(back, 1).log)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({f"{FORM}.fields": 0}, f"{FORM}.fields: is 0; it must be 1 or more"),
        ({f"{FORM}.fields": 3.5}, f"{FORM}.fields"),
        ({f"{FORM}.loss": {"ready": 0.1}}, "no rate for not_yet, misfit, junk"),
        ({FORM: {"feilds": 3}}, "Did you mean 'fields'"),
    ],
)
def test_bad_forms_are_explained(changes, message):
    """One line names the place and what may be."""
    with pytest.raises(ScenarioError) as caught:
        load("textbook").changed(changes)

    assert message in str(caught.value)


def captures(fields: int, profiling: str = "all_at_once") -> int:
    """Return how often a name is left in a market in which all is gated."""
    assets = {
        name: {"seen_in_market": 0.5, "seen_out_of_market": 0.5, "fields": fields}
        for name in ("guide", "prices")
    }
    said = {"assets": assets, "gating": "everything", "gating_before": "everything"}
    return len(lives_of(town({**said, "profiling": profiling}), (1, 0)).captures.time)


def test_progressive_profiling_keeps_the_short_forms_leads():
    """Asking three fields and later two loses no name that a form of three had."""
    assert captures(7) < captures(3) <= captures(7, "progressive")


def test_a_source_of_a_market_has_no_form_of_its_own():
    """In a market the assets have forms."""
    with pytest.raises(ScenarioError, match="form: goes with leads"):
        load("gating").changed({"sources.content.form": {}})
