"""Controls: which values can be moved, how far, and what a setting changes."""

from __future__ import annotations

import pytest

import simlib as sl
from simlib.errors import StudyError
from simlib.explore import rules
from simlib.explore.controls import controls_for
from simlib.explore.known import KNOWN, known_of

DESK = {
    "stages.mql.hand_off": {},
    "teams.sdr.morale": {},
    "sources.all_leads.form": {},
    "sources.all_leads.shocks": {},
    "checklist": {},
    "intent": {},
    "fit_score": {},
}
# What a mechanism adds to a scenario, in a scenario that has it.
MECHANISMS = [
    ("scored_desk", DESK, path)
    for path in (
        "stages.captured.score",
        "stages.mql.hand_off",
        "teams.sdr",
        "checklist",
    )
]
MECHANISMS += [
    ("scored_desk", DESK, f"sources.all_leads.{part}") for part in ("form", "shocks")
]
MECHANISMS += [
    ("scored_desk", DESK, "intent"),
    ("scored_desk", DESK, "fit_score"),
    (
        "form_length",
        {"stages.mql.next.sql.by_fields": {}},
        "stages.mql.next.sql.by_fields",
    ),
    ("bought_list", {}, "reputation"),
    ("bought_list", {}, "sources.list.burn"),
    ("advertising", {}, "market.goodwill"),
    ("named_accounts", {}, "sources.named.meets"),
    ("named_accounts", {}, "sources.named.cost.per_account"),
    ("search_spend", {}, "sources.search.meets"),
    ("ai_search_grows", {}, "sources.ai.meets"),
    (
        "textbook",
        {"sources.website.leads.uptake": {}},
        "sources.website.leads.uptake",
    ),
    ("retargeting", {}, "market"),
    ("retargeting", {}, "sources.retargeting.meets"),
    ("compounds_or_stops", {}, "sources.content.leads.content"),
]


def control(name, path, wish=None):
    """Return the control of one path of a packaged scenario, and the scenario."""
    scenario = sl.load(name)
    return scenario, controls_for(scenario, {path: wish})[0]


@pytest.mark.parametrize("name", sl.names())
def test_every_packaged_scenario_has_controls_that_work(name):
    """Up to six of them, and both ends of each are scenarios that can be."""
    scenario = sl.load(name)
    controls = controls_for(scenario)

    assert 1 <= len(controls) <= 6
    for one in controls:
        for end in one.choices or (one.low, one.high):
            scenario.changed(one.changes(scenario, one.checked(end)))


@pytest.mark.parametrize("name", sl.names())
def test_the_start_changes_nothing(name):
    """Where a control begins, the scenario is as it was, and lies in the range."""
    scenario = sl.load(name)

    for one in controls_for(scenario):
        assert one.changes(scenario, one.start) == {}
        assert one.choices or one.low <= one.start <= one.high


def test_a_rate_is_shown_in_percent_within_the_evidence():
    """Won opportunities: 15% to 35%, of which today's 22% is one."""
    _, one = control("sales_desk", "stages.opportunity.next.customer.rate")

    assert (15, 22, 35, "%") == (
        one.low * one.factor,
        one.start * one.factor,
        one.high * one.factor,
        one.unit,
    )


def test_a_lag_that_is_short_is_shown_in_hours():
    """Two and a half hours of work, and not a tenth of a day; its mean is moved."""
    scenario, one = control("sales_desk", "stages.mql.work")

    assert ("stages.mql.work.mean", "hours") == (one.path, one.unit)
    assert pytest.approx(2.5) == one.start * one.factor
    assert one.changes(scenario, 0.2) == {"stages.mql.work.mean": 0.2}


def test_rates_that_differ_by_kind_are_moved_by_a_factor():
    """Twice the rates of all kinds, none above 1."""
    scenario, one = control("leaky_bucket", "stages.captured.next.sql.rate")
    changed = scenario.changed(one.changes(scenario, 2.0))

    assert "times today" == one.unit
    assert {"ready": 0.56, "not_yet": 0.12, "misfit": 0.008, "junk": 0} == dict(
        changed.stages["captured"].next["sql"].rate
    )


def test_one_number_for_some_kinds_leaves_the_others_alone():
    """Search meets only who is ready: more often then, and still nobody else."""
    scenario, one = control("search_spend", "sources.search.meets.per_month")
    changed = scenario.changed(one.changes(scenario, 0.6))

    assert (0.5, "") == (one.start, one.unit)
    assert {"ready": 0.6} == changed.sources["search"].meets.per_month


def test_a_star_moves_every_source():
    """Half the leads of all three sources."""
    scenario, one = control("linkedin_budget", "sources.*.leads.per_month")
    changed = scenario.changed(one.changes(scenario, 0.5))

    assert [47, 62.5, 12.5] == [
        source.leads.per_month for source in changed.sources.values()
    ]


def test_sources_counted_by_the_day_move_as_well():
    """Where three sources have leads a day, as after a fit, a star moves them all."""
    names = ("referral", "search", "webinar")
    by_day = {f"sources.{name}.leads.per_day": 2.0 for name in names}
    scenario = sl.load("growing_firm").changed(by_day)
    one = controls_for(scenario)[0]

    assert "sources.*.leads.per_day" == one.path
    assert dict.fromkeys(by_day, 1.0) == one.changes(scenario, 0.5)


def test_a_star_reads_the_scenario_once(monkeypatch):
    """However many sources there are, all is written out one time for a move."""
    scenario, one = control("baseline", "sources.*.leads.per_month")
    asked = []

    def counted(given):
        asked.append(given.name)
        return given.model_dump(mode="json")

    monkeypatch.setattr(rules, "said", counted)
    one.changes(scenario, 2.0)

    assert [scenario.name] == asked


def test_another_share_of_a_mix_leaves_a_sum_of_one():
    """More junk, and the other kinds shrink in proportion."""
    scenario, one = control("textbook", "sources.website.mix.junk")
    mix = scenario.changed(one.changes(scenario, 0.45)).sources["website"].mix

    assert pytest.approx(1) == sum(mix.values())
    assert pytest.approx(0.27 * 0.55 / 0.77) == mix["ready"]


def test_people_are_whole():
    """Three people may become one to nine, one by one."""
    _, one = control("sales_desk", "teams.sdr.people")

    assert (1, 9, 1) == (one.low, one.high, one.step)
    assert type(one.checked(4.0)) is int


def test_names_become_choices():
    """The order of service is chosen among those that the schema knows."""
    _, one = control("sales_desk", "teams.sdr.order")

    assert ("fifo", "lifo", "hot_first", "round_robin") == one.choices
    assert one.said("fifo") == "first come, first served"
    assert one.said("round_robin") == "in turn, a queue for each person"


def test_a_user_may_say_range_and_label():
    """What is wished comes before what is known."""
    _, one = control(
        "sales_desk", "teams.sdr.people", {"low": 2, "high": 4, "label": "the desk"}
    )

    assert (2, 4, "the desk") == (one.low, one.high, one.label)


def test_who_has_no_name_yet_is_a_visitor():
    """A source that brings visitors is not said to bring leads."""
    _, one = control("leaky_bucket", "sources.website.leads.per_month")

    assert "website: visitors a month" == one.label


def leaves(place, path):
    """Yield the paths of numbers and choices below a place; those not set left out."""
    if isinstance(place, dict):
        for name, below in place.items():
            yield from leaves(below, f"{path}.{name}")
    elif place is not None and not isinstance(place, list):
        yield path


# A choice among other laws or ways needs other keys beside it; parts of a whole of 1
# are not moved alone.
NOT_ALONE = {"dist", "by", "intent", "seen_in_market", "seen_out_of_market"}


@pytest.mark.parametrize(("name", "changes", "part"), MECHANISMS)
def test_every_key_of_a_mechanism_has_a_label_and_a_range(name, changes, part):
    """Words of its own, and both ends are scenarios that can be."""
    scenario = sl.load(name).changed(changes)
    paths = [
        path
        for path in leaves(rules.value_at(scenario, part), part)
        if path.split(".")[-1] not in NOT_ALONE
    ]

    assert paths
    for one in controls_for(scenario, paths):
        assert known_of(one.path), one.path
        assert "{" not in one.label
        for end in one.choices or (one.low, one.high):
            scenario.changed(one.changes(scenario, one.checked(end)))


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.pattern)
def test_what_is_known_is_of_a_place_that_the_schema_has(known):
    """No label waits for a key that there is not."""
    ends = {".cv": ".work.cv", "intent.*": "intent.high"}  # a star for several steps
    path = known.pattern
    for end, longer in ends.items():
        path = path.removesuffix(end) + longer if path.endswith(end) else path
    path = path.rstrip("*").replace("*", "name")

    assert rules.rules_at(path) != rules.rules_at("nowhere")


@pytest.mark.parametrize(
    ("name", "path", "label", "ends", "unit"),
    [
        ("scored_desk", "stages.captured.score.threshold", "captured: points needed",
         (10, 75, 150), "points"),
        ("hand_off", "stages.mql.hand_off.delay", "mql: hand-off takes",
         (1, 24, 96), "hours"),
        ("bant", "checklist.needed", "answers that must be yes", (0, 3, 4), "answers"),
        ("form_length", "sources.all_leads.form.fields",
         "all leads: fields of the form", (1, 5, 11), "fields"),
        ("retargeting", "sources.retargeting.meets.after_visit_days",
         "retargeting: follows for", (7, 28, 90), "days"),
        ("diversify", "sources.ads.shocks.loss", "ads: a shock takes",
         (0, 40, 100), "%"),
    ],
)  # fmt: skip
def test_newer_mechanisms_are_said_in_plain_words(name, path, label, ends, unit):
    """Label, smallest, today's and largest value on the screen, and the unit."""
    _, one = control(name, path)
    shown = tuple(each * one.factor for each in (one.low, one.start, one.high))

    assert (label, pytest.approx(ends), unit) == (one.label, shown, one.unit)


def test_yes_and_no_are_chosen():
    """Whether sales see the history of a lead is no number."""
    scenario, one = control("hand_off", "stages.mql.hand_off.context")

    assert ((False, True), False) == (one.choices, one.start)
    assert one.changes(scenario, True) == {"stages.mql.hand_off.context": True}


def test_how_often_something_is_done_may_pass_one():
    """Four ebooks a month is a rate, not a share; it is not cut off at 1."""
    scenario, one = control(
        "scored_desk", "stages.captured.score.actions.ebook.per_month"
    )
    said = one.changes(scenario, 4.0)

    assert {"ready": 4.0, "not_yet": 2.0, "misfit": 2.8, "junk": 2.8} == pytest.approx(
        said["stages.captured.score.actions.ebook.per_month"]
    )


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "stages.mql.hand_off.delay",
            r"hand_off is off in this scenario; switch it on",
        ),
        (
            "teams.sdr.morale.ignores",
            r"scenario\.changed\(\{'teams\.sdr\.morale': \{\}",
        ),
        ("teams.sdr.moral.ignores", "Did you mean 'morale'"),
        ("sdr.people", r"Did you mean 'teams\.sdr\.people'"),
        ("hand_off.delay", r"Did you mean 'stages\.NAME\.hand_off\.delay'"),
        ("stages.captured.score.threshold", "there is no 'captured'; there is mql"),
        ("stages.mql.visits", "it is not set in this scenario"),
        ("sources.all_leads.leads.weekdays", "several numbers, which no slider"),
    ],
)
def test_a_wrong_path_teaches_the_right_one(path, said):
    """The message says what is off, what there is, and what comes nearest."""
    with pytest.raises(StudyError, match=said):
        control("sales_desk", path)


@pytest.mark.parametrize(
    ("name", "path", "reason"),
    [
        (
            "routed_by_intent",
            "stages.captured.next.mql.intent.middle",
            r"nothing but 0% is possible here\. One step on: stages\.captured\.next: "
            r"the rates sum to 1\.01 .* they must sum to 1 or less",
        ),
        (
            "bant",
            "checklist.needed",
            r"nothing but 4 answers is possible here\. One step on: checklist\.needed: "
            r"is 5; there are 4 questions",
        ),
    ],
)
def test_a_slider_without_room_is_refused_with_its_own_reason(name, path, reason):
    """What the scenario itself says of one step on stands in the message."""
    given = {"checklist.needed": 4} if name == "bant" else {}
    scenario = sl.load(name).changed(given)
    low = {"low": 4} if name == "bant" else None
    with pytest.raises(StudyError, match=reason):
        controls_for(scenario, {path: low})


def test_large_numbers_are_written_out():
    """Sixteen thousand is no power of ten."""
    _, one = control("sales_desk", "teams.sdr.cost_per_month")

    assert "16,000 USD" == one.said(one.high)
