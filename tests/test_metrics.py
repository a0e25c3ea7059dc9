"""The figures of a run: by hand, as identities, and what their names mean."""

from __future__ import annotations

import dataclasses
import math
from types import SimpleNamespace

import pytest
from hypothesis import given
from logs import GRAPH, NOTHING, RUN, STORY, any_log, log_of, run_of

from simlib.errors import StudyError
from simlib.funnel import by_source, cohorts, utilisation, win_rate
from simlib.metrics import METRICS, describe, metrics_by_source, metrics_of
from simlib.money import cac, pipeline

NAN = float("nan")
FOUND = metrics_of(RUN)
KNOWN = {
    "leads": 6,
    "visitors": 2,
    "conversion.visit_to_lead": 1 / 2,
    "customers": 1,
    "lost": 2,
    "in_progress": 3,
    "conversion.lead_to_customer": 1 / 6,
    "days_to_customer.mean": 6,
    "days_to_customer.median": 6,
    "wait_days.sdr.mean": 0.25,
    "wait_days.ae.mean": 0,
    "gave_up.sdr.share": 1 / 6,
    "gave_up.ae.share": 0,
    "utilisation.sdr": 0.5,
    "utilisation.ae": 0.3,
    "reached.visitor": 2,
    "reached.captured": 6,
    "reached.mql": 5,
    "reached.opportunity": 2,
    "reached.customer": 1,
    "reached.lost": 2,
    "reached.nurture": 1,
    "occupancy.visitor": 0.1,
    "occupancy.captured": 0.6,
    "occupancy.mql": 0.85,
    "occupancy.opportunity": 0.6,
    "occupancy.nurture": 0.4,
    "cost_per.visitor": 3372 / 2,
    "cost_per.captured": 562,
    "cost_per.mql": 3372 / 5,
    "cost_per.opportunity": 1686,
    "cost_per.customer": 3372,
    "cost_per.nurture": 3372,
    "spend": 3372,
    "cost_per.lead": 562,
    "marketing_cost_per.lead": 372 / 6,
    "cac": 3372,
    "payback_months": 4.215,
    "revenue.pipeline": 36_000,
    "revenue.won": 12_000,
    "win_rate": 1,
}
SUMS = ("leads", "visitors", "customers", "lost", "in_progress", "spend")
SUMS_BY_NAME = ("reached.", "occupancy.", "utilisation.", "revenue.")


def test_the_figures_of_a_run_known_by_hand():
    """Every figure of the story, worked out on paper, and no other."""
    assert FOUND == pytest.approx(KNOWN)


def test_the_figures_of_a_source_known_by_hand():
    """Waits and costs are those of the source's own leads."""
    found = metrics_by_source(RUN)["ads"]
    names = ["leads", "customers", "lost", "wait_days.sdr.mean", "gave_up.sdr.share"]

    assert [3, 0, 1, 1 / 3, 1 / 3] == pytest.approx([found[name] for name in names])
    assert [1718, 1718 / 3, 118 / 3, 0.3] == pytest.approx(
        [
            found["spend"],
            found["cost_per.lead"],
            found["marketing_cost_per.lead"],
            found["utilisation.sdr"],
        ]
    )
    assert math.isnan(found["cac"])
    assert math.isnan(found["days_to_customer.median"])


@pytest.mark.parametrize(
    ("days", "median"), [((1, 2, 6), 2), ((1, 2, 4, 6), 3), ((5,), 5)]
)
def test_the_median_of_days_to_customer(days, median):
    """The middle one, or the middle between the two in the middle."""
    lives = [
        ("web", [(1, "enter", "captured"), (1 + d, "enter", "customer")]) for d in days
    ]
    found = metrics_of(run_of(log_of(lives)))

    assert found["days_to_customer.median"] == median
    assert found["days_to_customer.mean"] == pytest.approx(sum(days) / len(days))


def test_churn_lengthens_payback():
    """The payback of a run is the one with churn."""
    deal = SimpleNamespace(gross_margin=0.8, monthly_churn=0.02)

    assert metrics_of(run_of(STORY, deal=deal))["payback_months"] == pytest.approx(
        math.log(1 - 3372 * 0.02 / 800) / math.log(0.98)
    )


def test_without_a_deal_there_is_no_revenue():
    """What is not defined is nan, not 0."""
    found = metrics_of(run_of(STORY, deal=None))
    names = ("payback_months", "revenue.pipeline", "revenue.won")

    assert [NAN] * 3 == pytest.approx([found[name] for name in names], nan_ok=True)


def test_nothing_happened_has_counts_of_zero_and_nothing_else():
    """No leads: counts are 0, costs run on, shares of nobody are nan."""
    found = metrics_of(run_of(NOTHING))

    assert [0] * 5 == [found[name] for name in SUMS[:-1]]
    assert found["spend"] > 0
    assert math.isnan(found["conversion.lead_to_customer"])
    assert found.keys() == FOUND.keys()


def test_without_visitors_and_teams_nobody_speaks_of_them():
    """A figure of a thing that a scenario does not have is left out."""
    stages = tuple(at for at in GRAPH.stages if not at.anonymous and not at.team)
    graph = dataclasses.replace(GRAPH, stages=stages, teams=())
    found = metrics_of(run_of(log_of([], graph), teams={}))
    absent = ("visitors", "conversion.visit", "wait_days", "gave_up", "utilisation")

    assert [] == [name for name in found if name.startswith(absent)]


@pytest.mark.parametrize("name", FOUND)
def test_every_figure_is_described(name):
    """Unit and meaning name the stage or team, and no placeholder is left."""
    metric = describe(name)

    assert metric.name == name
    assert metric.unit in {"people", "share", "days", "months", "money"}
    assert metric.meaning.endswith(".")
    assert "STAGE" not in metric.meaning
    assert "TEAM" not in metric.meaning


@pytest.mark.parametrize("name", FOUND)
def test_a_figure_alone_is_the_same_figure(name):
    """Asking for less changes nothing but the work, for the run and by source."""
    alone = metrics_by_source(RUN, only=[name])

    assert metrics_of(RUN, only=[name]) == {name: FOUND[name]}
    for source, found in metrics_by_source(RUN).items():
        assert alone[source] == pytest.approx({name: found[name]}, nan_ok=True)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("reached.sql", r"metric 'reached.sql': this run does not have it"),
        ("leeds", r"metric 'leeds': it must be one of .*Did you mean 'leads'"),
    ],
)
def test_a_figure_that_a_run_does_not_have_is_refused(name, message):
    """A stage that the scenario lacks, or a name that no figure has."""
    with pytest.raises(StudyError, match=message):
        metrics_of(RUN, only=["leads", name])


def test_no_figures_are_no_work():
    """An empty wish gives an empty table."""
    assert metrics_of(RUN, only=[]) == {}


def test_every_description_is_of_a_figure():
    """No description is left over; those of a market are tried in `tests/market`."""
    described = {describe(name).meaning for name in FOUND}
    of_market = {"hand_raisers", "meetings", "market.entries", "market.considered"}
    own = [metric for metric in METRICS if "STAGE" not in metric.name]
    own = [metric for metric in own if metric.name not in of_market]

    assert {metric.meaning for metric in own if "TEAM" not in metric.name} <= described
    assert describe("reached.mql").meaning == "People who ever entered mql."


def test_every_figure_has_a_title_for_readers():
    """Plain words, with the name of a stage or team in its place, and no two alike."""
    titles = [metric.title for metric in METRICS]

    assert len(set(titles)) == len(titles)
    assert not [title for title in titles if set(title) & set("._")]
    assert (
        "wait for inside sales, mean" == describe("wait_days.inside_sales.mean").title
    )


def test_an_unknown_figure_is_refused():
    """The message says what there is and the nearest name."""
    with pytest.raises(
        StudyError, match=r"metric 'custmers': .*Did you mean 'customers'"
    ):
        describe("custmers")


@given(any_log())
def test_leads_are_won_lost_or_in_progress(log):
    """Nobody is missing and nobody is counted twice, in the run and by source."""
    run = run_of(log)

    for found in (metrics_of(run), *metrics_by_source(run).values()):
        parts = [found[name] for name in ("customers", "lost", "in_progress")]
        assert found["leads"] == sum(parts)


@given(any_log())
def test_sources_sum_to_the_run(log):
    """Counts, spend, occupancy, utilisation and revenue have no remainder."""
    whole, sources = metrics_of(run_of(log)), metrics_by_source(run_of(log)).values()
    names = [name for name in whole if name in SUMS or name.startswith(SUMS_BY_NAME)]

    assert {name: whole[name] for name in names} == pytest.approx(
        {name: sum(found[name] for found in sources) for name in names}
    )


@given(any_log(horizon=1000.0))
def test_littles_law_holds_on_a_finished_log(log):
    """Occupancy x horizon is the sum of all times in a stage, queue and work included.

    The times are read from the log's own frame, for stays that have ended.
    """
    frame = log.frame
    moves = frame[frame["event"].isin(["enter", "end"])]
    stays = moves.groupby("lead")["time"].shift(-1) - moves["time"]
    left_open = set(moves["stage"][stays.isna() & (moves["event"] == "enter")])
    days = stays.groupby(moves["stage"], observed=False).sum()
    found = metrics_of(run_of(log))

    assert {
        stage.name: found[f"occupancy.{stage.name}"] * 1000
        for stage in log.graph.stages
        if not stage.terminal and stage.name not in left_open
    } == pytest.approx(
        {
            stage.name: days[stage.name]
            for stage in log.graph.stages
            if not stage.terminal and stage.name not in left_open
        }
    )


@given(any_log())
def test_figures_agree_with_the_tables(log):
    """What has a table as well is the same there."""
    run = run_of(log)
    found, sources, teams = metrics_of(run), by_source(log), utilisation(log)

    assert {
        "leads": sources["leads"].sum(),
        "customers": cohorts(log)["customers"].sum(),
        "utilisation.sdr": teams["utilisation"][0],
        "utilisation.ae": teams["utilisation"][1],
        "cac": cac(run),
        "win_rate": win_rate(log),
        "revenue.pipeline": pipeline(run)["pipeline_value"].sum(),
        "revenue.won": pipeline(run)["won_value"].sum(),
    } == pytest.approx(
        {
            name: found[name]
            for name in (
                "leads",
                "customers",
                "utilisation.sdr",
                "utilisation.ae",
                "cac",
                "win_rate",
                "revenue.pipeline",
                "revenue.won",
            )
        },
        nan_ok=True,
    )
