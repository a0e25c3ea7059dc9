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
from simlib.theory import FormLength, specificity_by_fields

FORM = "sources.website.form"
TO_SQL = "stages.captured.next.sql"
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
        ({f"{TO_SQL}.by_fields": {}}, f"{TO_SQL}.by_fields: needs forms"),
        (
            {FORM: {}, f"{TO_SQL}.by_fields": {"cap": 0.7}},
            f"{TO_SQL}.by_fields.cap: is 0.7; at_three is 0.8",
        ),
        (
            {FORM: {}, f"{TO_SQL}.by_fields": {"at_three": 1.0}},
            f"{TO_SQL}.by_fields.at_three: is 1.0; it must be less than 1",
        ),
        (
            {FORM: {}, f"{TO_SQL}.by_fields": {"per_feild": 0.1}},
            "Did you mean 'per_field'",
        ),
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


def screened(fields: int, **said: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the kinds of leads, and who passes a call that knows their fields."""
    changes = {f"{TO_SQL}.rate": 0.5, f"{TO_SQL}.by_fields": said}
    log = simulate(with_form(fields).changed(changes), 1).log
    passed = np.zeros(len(log.leads), dtype=bool)
    passed[log.lead[log.stage == log.graph.stage_code("sql")]] = True
    return log.leads.kind, passed


@pytest.mark.parametrize("fields", [1, 3, 5, 8, 20])
def test_each_field_tells_sales_as_much_as_theory_says(fields):
    """Of those not ready, (1 - specificity) pass; of the ready as many as ever."""
    kind, passed = screened(fields)
    slip = 0.5 * (1 - specificity_by_fields(fields)) / (1 - specificity_by_fields(3))

    assert 0.5 == near(passed[kind == 0], 0.05)
    for code in range(1, len(KINDS)):
        assert slip == near(passed[kind == code], 0.12)


def test_a_field_may_tell_nothing():
    """Where no field tells anything, as many slip through at any length."""
    kind, passed = screened(11, per_field=0.0)

    assert 0.5 == near(passed[kind != 0], 0.05)


def test_who_fills_no_form_is_known_least():
    """An import is told apart as well as a lead with three fields."""
    said = with_form(11, imports=[{"day": 3, "leads": 50}], per_month=0)
    some = Population(compiled(said.changed({f"{TO_SQL}.by_fields": {}})), 1, 0)

    assert {3} == set(some.qualities.fields.tolist())


def known(profiling: str, fields: int = 7) -> dict[tuple[int, int], int]:
    """Return the fields that are known of each buyer at each need."""
    assets = {"guide": {"seen_in_market": 1, "seen_out_of_market": 1, "fields": fields}}
    said = {"assets": assets, "gating": "everything", "gating_before": "everything"}
    left = lives_of(town({**said, "profiling": profiling}), (1, 0)).captures
    pairs = zip(left.buyer.tolist(), left.need.tolist(), strict=True)
    return dict(zip(pairs, left.fields.tolist(), strict=True))


def test_a_form_tells_its_fields():
    """Who fills seven fields is known by seven; who raises a hand at first by none."""
    assert {0, 7} == set(known("all_at_once").values())


def test_progressive_profiling_knows_more_each_time():
    """Three fields at first, then two more with each form, in the same people."""
    told = known("progressive")
    steps = [
        (told[pair], told[later])
        for pair in told
        if (later := (pair[0], pair[1] + 1)) in told
    ]

    assert {0, 3, 5, 7} < set(told.values())
    assert all(after >= before for before, after in steps)
    assert any(after > before for before, after in steps)


def slips(profiling: str, fields: int) -> tuple[int, float]:
    """Return how many leads come, and which share of the not ready pass."""
    assets = {"guide": {"seen_in_market": 1, "seen_out_of_market": 1, "fields": fields}}
    said = {"assets": assets, "gating": "everything", "gating_before": "everything"}
    world = town({**said, "profiling": profiling}, horizon=3000).changed(
        {
            "stages.captured.next.customer": {"rate": 0.25, "by_fields": {}},
            "sources.content.meets.per_month": 0.4,
        }
    )
    log = simulate(world, 1).log
    not_ready = np.flatnonzero(log.leads.kind != 0)
    won = log.lead[log.stage == log.graph.stage_code("customer")]
    return len(log.leads), float(np.isin(not_ready, won).mean())


def test_progressive_profiling_has_a_short_forms_leads_and_a_long_ones_data():
    """As many names as with three fields, and as few who slip through as with seven."""
    few, short = slips("all_at_once", 3)
    many, progressive = slips("progressive", 7)
    least, long = slips("all_at_once", 7)

    assert least < few <= many
    assert max(long, progressive) < short


def test_a_source_of_a_market_has_no_form_of_its_own():
    """In a market the assets have forms."""
    with pytest.raises(ScenarioError, match="form: goes with leads"):
        load("gating").changed({"sources.content.form": {}})
