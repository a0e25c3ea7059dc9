"""Counts and conversion of a log that can be counted by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from logs import GRAPH, NOTHING, STORY, any_log, log_of

from simlib.errors import LogError
from simlib.funnel import by_kind, by_source, by_stage, losses, steps, win_rate
from simlib.log import KINDS


def rows(table, *columns):
    """Return columns of a table as a list of tuples."""
    return list(table[list(columns)].itertuples(index=False, name=None))


def test_by_stage_counts_people_entries_and_losses():
    """Lost ends have no row: who is lost stands where they were lost from."""
    columns = ("stage", "reached", "entries", "there_now", "lost", "customers")

    assert rows(by_stage(STORY), *columns) == [
        ("visitor", 2, 2, 0, 1, 1),
        ("captured", 6, 6, 0, 0, 1),
        ("mql", 5, 6, 2, 2, 1),
        ("opportunity", 2, 2, 1, 0, 1),
        ("customer", 1, 1, 1, 0, 1),
        ("nurture", 1, 1, 0, 0, 0),
    ]


def test_who_begins_in_an_end_was_lost_from_nowhere():
    """The lead before in the log is not the one that was lost."""
    lives = [[(1, "enter", "captured")], [(2, "enter", "lost")]]
    table = by_stage(log_of([("web", life) for life in lives]))

    assert rows(table, "stage", "lost", "there_now")[1] == ("captured", 0, 1)


def test_by_stage_gives_shares():
    """Of all seven people six were leads; one of two opportunities was won."""
    table = by_stage(STORY).set_index("stage")

    assert table.loc["captured", "share_reached"] == pytest.approx(6 / 7)
    assert table.loc["opportunity", "conversion_to_customer"] == 0.5


def test_steps_count_each_way_that_was_taken():
    """Ways are told apart by where they lead and for what reason."""
    table = steps(STORY)
    columns = ("stage", "to", "reason", "count", "share_of_entries", "median_days")

    assert rows(table[table["stage"].isin(["captured", "mql"])], *columns) == [
        ("captured", "mql", "", 5, pytest.approx(5 / 6), 1.0),
        ("captured", "opportunity", "", 1, pytest.approx(1 / 6), 1.0),
        ("mql", "opportunity", "", 1, pytest.approx(1 / 6), 2.0),
        ("mql", "lost", "went cold", 1, pytest.approx(1 / 6), 0.5),
        ("mql", "nurture", "leaked", 1, pytest.approx(1 / 6), 1.5),
        ("mql", "", "visit cap", 1, pytest.approx(1 / 6), 2.0),
    ]


def test_losses_are_leaks_ends_and_the_cap():
    """Each loss has the stage that was left, the reason and where it led."""
    table = losses(STORY)

    assert sorted(rows(table, "stage", "reason", "to", "count")) == [
        ("mql", "leaked", "nurture", 1),
        ("mql", "visit cap", "", 1),
        ("mql", "went cold", "lost", 1),
        ("visitor", "leaked", "lost", 1),
    ]
    assert table["share_of_losses"].tolist() == [0.25] * 4


def test_an_ordinary_step_into_a_lost_end_is_a_loss():
    """A transition to lost needs no reason to be counted, the largest loss first."""
    gone = [(1, "enter", "captured"), (2, "enter", "lost")]
    leak = [(1, "enter", "captured"), (2, "enter", "nurture", "leaked")]
    table = losses(log_of([("web", leak), ("web", gone), ("web", gone)]))

    assert rows(table, "reason", "to", "count") == [
        ("", "lost", 2),
        ("leaked", "nurture", 1),
    ]


def test_by_source_splits_leads_into_won_lost_and_in_progress():
    """Web: one won, one ended by the cap, one waiting. Ads: one lost of three."""
    columns = ("source", "visitors", "leads", "customers", "lost", "in_progress")

    assert rows(by_source(STORY), *columns) == [
        ("web", 2, 3, 1, 1, 1),
        ("ads", 0, 3, 0, 1, 2),
    ]


def test_by_source_follows_leads_through_stages():
    """Reached stages, conversion, and days of those who bought; nan for nobody."""
    table = by_source(STORY).set_index("source")

    assert table["reached_mql"].tolist() == [3, 2]
    assert table["reached_opportunity"].tolist() == [1, 1]
    assert table["conversion_lead_to_customer"].tolist() == [pytest.approx(1 / 3), 0]
    assert table.loc["web", "mean_days_to_customer"] == 6
    assert math.isnan(table.loc["ads", "mean_days_to_customer"])


def test_two_growing_sources_can_blend_into_a_falling_one():
    """200 at 5%, then 6%; 100 at 1%, then 600 at 1.2%: the blend falls by 34.5%.

    The second pair is told with five times as many, so that customers are whole.
    """

    def blend(web, won_web, ads, won_ads):
        won = [(1, "enter", "captured"), (2, "enter", "customer")]
        lives = [("web", won)] * won_web + [("ads", won)] * won_ads
        lives += [("web", won[:1])] * (web - won_web)
        lives += [("ads", won[:1])] * (ads - won_ads)
        table = by_source(log_of(lives))
        rates = table["conversion_lead_to_customer"]
        return *rates, table["customers"].sum() / table["leads"].sum()

    before = blend(200, 10, 100, 1)
    after = blend(1000, 60, 3000, 36)

    assert (before, after[:2]) == (
        pytest.approx((0.05, 0.01, 11 / 300)),
        pytest.approx((0.06, 0.012)),
    )
    assert after[2] / before[2] - 1 == pytest.approx(-0.345, abs=0.001)


def test_by_kind_knows_what_leads_really_are():
    """Leads by their kind at arrival; a visitor who was no lead is not among them."""
    table = by_kind(STORY)

    assert rows(table, "kind", "leads", "customers") == [
        ("ready", 3, 1),
        ("not_yet", 2, 0),
        ("misfit", 1, 0),
        ("junk", 0, 0),
    ]
    assert table["share_of_leads"].tolist() == pytest.approx([1 / 2, 1 / 3, 1 / 6, 0])
    assert tuple(table["kind"]) == KINDS


def test_by_kind_of_a_crm_view_is_refused():
    """A CRM does not know kinds; the message says whom to ask."""
    with pytest.raises(LogError, match=r"by_kind: this log is a CRM view.*ask the log"):
        by_kind(STORY.crm())


def test_a_crm_view_has_the_same_leads_and_no_visitors():
    """Only those without a name are missing."""
    columns = ["leads", "customers", "lost", "in_progress"]
    seen, true = by_source(STORY.crm()), by_source(STORY)

    assert seen[columns].equals(true[columns])
    assert by_stage(STORY.crm())["reached"].tolist() == [6, 5, 2, 1, 1]


def test_win_rate_leaves_open_deals_out():
    """One deal is won and one is open; without closed deals there is no rate."""
    assert win_rate(STORY) == 1
    assert math.isnan(win_rate(NOTHING))


def test_nothing_happened_gives_empty_counts():
    """Tables of a log without rows hold zeros, and no rows of ways."""
    assert by_stage(NOTHING)["reached"].tolist() == [0] * 6
    assert by_source(NOTHING)["leads"].tolist() == [0, 0]
    assert (len(steps(NOTHING)), len(losses(NOTHING))) == (0, 0)


@given(any_log())
def test_people_are_conserved(log):
    """Leads are won, lost or in progress; people are in a stage or left for good."""
    table, sources = by_stage(log), by_source(log)

    assert (
        sources["leads"] == sources[["customers", "lost", "in_progress"]].sum(axis=1)
    ).all()
    assert table["there_now"].sum() + table["lost"].sum() == len(log.leads)
    assert by_kind(log)["leads"].sum() == sources["leads"].sum()
    assert steps(log)["count"].sum() + len(log.leads) == (
        (log.event == 0).sum() + (log.event == 5).sum()
    )


def test_reached_stages_of_the_graph_have_columns():
    """Every stage between capture and the ends is a column of by_source."""
    between = [at.name for at in GRAPH.stages if not at.terminal and not at.anonymous]

    assert [f"reached_{name}" for name in between] == [
        name for name in by_source(STORY) if name.startswith("reached_")
    ]
