"""Every table of a real run: it can be made, says its units, and adds up."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from simlib import funnel, money
from simlib.metrics import metrics_by_source, metrics_of
from simlib.run import Run, simulate
from simlib.scenario import load

OF_A_LOG = {
    "by_stage": funnel.by_stage,
    "steps": funnel.steps,
    "losses": funnel.losses,
    "by_source": funnel.by_source,
    "by_kind": funnel.by_kind,
    "cohorts": funnel.cohorts,
    "cohort_curves": funnel.cohort_curves,
    "periods": funnel.periods,
    "time_in_stage": funnel.time_in_stage,
    "time_to_customer": funnel.time_to_customer,
    "work_in_progress": funnel.work_in_progress,
    "queue_length": funnel.queue_length,
    "response_times": funnel.response_times,
    "response_curve": funnel.response_curve,
    "utilisation": funnel.utilisation,
}
OF_A_RUN = {
    "spend_by_source": money.spend_by_source,
    "spend_by_period": money.spend_by_period,
    "cost_ladder": money.cost_ladder,
    "cost_per_by_source": money.cost_per_by_source,
    "payback_by_source": money.payback_by_source,
    "cac_by_month": money.cac_by_month,
    "pipeline": money.pipeline,
}


@pytest.fixture(scope="module")
def run() -> Run:
    """Half a year of the baseline."""
    return simulate(load("baseline").changed({"horizon": 182.625}), seed=3)


@pytest.mark.parametrize("name", OF_A_LOG)
def test_a_real_log_has_every_table(run, name):
    """Rows come out, and making the table again gives the same."""
    table: Any = OF_A_LOG[name](run.log)

    assert isinstance(table, pd.DataFrame)
    assert len(table) > 0
    pd.testing.assert_frame_equal(table, OF_A_LOG[name](run.log))


@pytest.mark.parametrize("name", [name for name in OF_A_LOG if name != "by_kind"])
def test_a_crm_view_has_every_table_but_kinds(run, name):
    """Nothing in these tables needs what a CRM does not know."""
    assert len(OF_A_LOG[name](run.log.crm())) > 0


@pytest.mark.parametrize("name", OF_A_RUN)
def test_a_real_run_has_every_table_of_money(run, name):
    """Rows come out, in the scenario's currency."""
    table = OF_A_RUN[name](run)

    assert set(table["currency"]) == {"USD"}


def test_a_real_run_adds_up(run):
    """Leads are conserved, and sources sum to the whole."""
    whole, sources = metrics_of(run), metrics_by_source(run)
    names = ("leads", "customers", "lost", "in_progress", "spend", "occupancy.mql")

    assert whole["leads"] == len(run.log.leads)
    assert whole["leads"] == sum(whole[name] for name in names[1:4])
    assert {name: whole[name] for name in names} == pytest.approx(
        {name: sum(found[name] for found in sources.values()) for name in names}
    )


def test_a_real_runs_spend_is_what_the_scenario_says(run):
    """People cost what they cost, whatever they did: six months at full pay."""
    said = run.scenario
    people = sum(team.people * team.cost_per_month for team in said.teams.values())

    assert money.costs_by_source(run).people.sum() == pytest.approx(6 * people)
