"""Simulated, exported, read, calibrated: what went in comes out again."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from known_funnels import crm_log, said

from simlib.crm import calibrate, read_export, shown, write_export, write_report
from simlib.funnel import histories
from simlib.run import simulate
from simlib.scenario import Scenario, load

HORIZON = 150
AS_OF = dt.date(2025, 1, 6) + dt.timedelta(days=HORIZON)
MINUTE = 1 / 1440
EXPORTS = [
    ("hubspot", "labels", MINUTE),
    ("hubspot", "api", MINUTE),
    ("salesforce", "labels", 1),
    ("salesforce", "api", MINUTE),
    ("pipedrive", "labels", MINUTE),
    ("pipedrive", "api", MINUTE),
    ("plain", "labels", MINUTE),
]
HARMLESS = {
    "hubspot": ("planned_close", "duplicates", "day_first", "latin1", "semicolons"),
    "salesforce": ("planned_close", "duplicates", "day_first", "footer"),
    "pipedrive": ("duplicates", "missing_ids", "day_first", "bom"),
    "plain": ("duplicates", "missing_ids", "day_first", "bom", "semicolons"),
}


@pytest.fixture(scope="module")
def log():
    """Return the CRM view of a run of two stages and two sources."""
    return crm_log(seed=1, horizon=HORIZON, per_month=80)


def read_back(log, folder, layout, spelling="labels", flaws=()):
    """Return the log that an export of a log is read as."""
    paths = write_export(log, folder, layout, spelling=spelling, flaws=flaws)
    return read_export(paths, as_of=AS_OF)


def lives(log, *stages):
    """Return each lead's source, and when it came, was won and was lost, in order."""
    told = histories(log)
    names = np.array(log.graph.sources, dtype=object)
    leads = np.flatnonzero(told.is_lead)
    ends = [
        np.where(flag, told.final_entry, np.nan)
        for flag in (told.is_customer, told.is_lost_lead)
    ]
    between = [told.first_entry[:, log.graph.stage_code(name)] for name in stages]
    table = np.column_stack([told.captured, *between, *ends])[leads]
    order = np.lexsort((np.nan_to_num(table[:, -1]), np.floor(table[:, 0])))
    return names[told.source[leads]][order].tolist(), table[order]


@pytest.mark.parametrize(("layout", "spelling", "step"), EXPORTS)
def test_an_export_is_read_as_the_log_that_it_was(
    layout, spelling, step, log, tmp_path
):
    """Who came from where, was made a deal, won or lost, and when.

    Times agree as far as the layout has them: by the minute, or by the day. Pipedrive
    does not tell when a lead became a deal.
    """
    back = read_back(log, tmp_path, layout, spelling)
    stages = () if layout == "pipedrive" else ("opportunity",)
    floor = np.floor(histories(log).captured.min())
    (sources, times), (found, read) = lives(log, *stages), lives(back, *stages)

    assert (0, len(times), sorted(sources)) == (floor, len(read), sorted(found))
    for column in range(times.shape[1]):
        was, now = np.sort(times[:, column]), np.sort(read[:, column])
        assert np.array_equal(np.isnan(was), np.isnan(now))
        # A clock shows what has begun: times are read as up to one step earlier.
        late = (was - now)[~np.isnan(was)]
        assert (True, True) == (late.min() > -1e-4, late.max() < step + 1e-4)


@pytest.mark.parametrize("layout", HARMLESS)
def test_harmless_flaws_change_nothing(layout, log, tmp_path):
    """Planned dates, rows twice, another order of dates, another code: the same log."""
    clean = read_back(log, tmp_path / "clean", layout)
    flawed = read_back(log, tmp_path / "flawed", layout, flaws=HARMLESS[layout])

    assert lives(clean)[0] == lives(flawed)[0]
    assert np.array_equal(lives(clean)[1], lives(flawed)[1], equal_nan=True)


def figures(log):
    """Return counts and lags by source, and shares with their intervals."""
    table = calibrate(log).table.set_index("source").sort_index()
    points = table[["leads", "won", "p10_days", "p50_days", "p90_days"]]
    return points.to_numpy().ravel().tolist(), table[["share_final", "low", "high"]]


def agree(first, second):
    """Return whether figures are the same but for minutes, and the luck of draws."""
    points, shares = zip(first, second, strict=True)
    width = shares[0]["high"] - shares[0]["low"]
    off = (shares[0] - shares[1]).abs().max(axis=1) / width
    return pytest.approx(points[0], rel=0.005) == points[1] and off.max() < 0.1


def test_all_layouts_give_the_same_figures(tmp_path):
    """A funnel of one stage, which all of them can tell: shares and lags agree.

    A Salesforce report has days only, and so it is the Data Loader's export here.
    """
    short = said(horizon=HORIZON, per_month=60)
    del short["stages"]["captured"]
    for source in short["sources"].values():
        source["entry"] = "opportunity"
    log = simulate(Scenario.of(short), seed=1).log.crm()
    exports = (("hubspot", "labels"), ("salesforce", "api"), ("pipedrive", "labels"))
    first, *others = (
        figures(read_back(log, tmp_path / layout, layout, spelling))
        for layout, spelling in exports
    )

    assert all(agree(first, other) for other in others), (first, others)


@pytest.mark.slow
def test_layouts_with_stages_give_the_figures_of_the_log(log, tmp_path):
    """Two stages: HubSpot, the Data Loader and a plain table tell all of them."""
    exports = (("hubspot", "labels"), ("salesforce", "api"), ("plain", "labels"))
    first = figures(log)
    others = [
        figures(read_back(log, tmp_path / layout, layout, spelling))
        for layout, spelling in exports
    ]

    assert all(agree(first, other) for other in others), (first, others)


@pytest.mark.parametrize("flaw", ["late_register", "undated_losses"])
def test_what_an_export_hides_is_allowed_for(flaw, tmp_path):
    """Ends that were never recorded do not pull the share down: the truth is inside."""
    log = crm_log(seed=2, horizon=HORIZON, per_month=200)
    total = calibrate(read_back(log, tmp_path, "plain", flaws=[flaw])).table.iloc[-1]

    assert total["low"] < 0.0675 < total["high"]
    assert total["share_seen"] < total["low"]


def test_no_person_gets_into_scenario_or_report(log, tmp_path):
    """Names, addresses and numbers of an export are in neither."""
    found = calibrate(read_back(log, tmp_path / "export", "hubspot"))
    page, scenario = tmp_path / "page.html", tmp_path / "mine.yaml"
    write_report(found, page)
    found.scenario.to_yaml(scenario)
    text = page.read_text(encoding="utf-8") + scenario.read_text(encoding="utf-8")
    export = (tmp_path / "export" / "contacts.csv").read_text(encoding="utf-8")

    persons = ("Müller", "@example.com", "+1 555", "Example")
    assert ([True] * 3, [False] * 4) == (
        [person in export for person in persons[:3]],
        [person in text for person in persons],
    )


HINTS = {
    "hubspot": ("First Conversion", "HubSpot Score"),
    "salesforce": ("Capture Action", "Fit Score"),
    "plain": ("capture_action", "fit_score"),
}


@pytest.fixture(scope="module")
def scored():
    """Return a run whose scenario tells of fit and of capture actions."""
    told = {"fit_score": {}, "intent": {}, "horizon": HORIZON}
    return simulate(load("holed_bucket").changed(told), seed=2)


@pytest.mark.parametrize(("layout", "spelling", "_"), EXPORTS)
def test_an_export_with_scores_is_read_as_one_without(
    layout, spelling, _, scored, tmp_path
):
    """Reading looks at neither the score of fit nor the capture action."""
    bare = write_export(scored.log, tmp_path / "bare", layout, spelling=spelling)
    whole = write_export(scored, tmp_path / "whole", layout, spelling=spelling)
    as_of = scored.scenario.start + dt.timedelta(days=HORIZON)
    tables = [read_export(paths, as_of=as_of).frame for paths in (bare, whole)]

    assert (layout == "pipedrive") == (bare[0].read_bytes() == whole[0].read_bytes())
    assert tables[0].equals(tables[1])


@pytest.mark.parametrize("layout", HINTS)
def test_an_export_tells_what_a_crm_shows_of_each_lead(layout, scored, tmp_path):
    """The same actions and scores as the table of `shown` has, lead by lead."""
    first = pd.read_csv(
        write_export(scored, tmp_path, layout)[0],
        encoding="cp1252",
        keep_default_na=False,
    )
    table = shown(scored).sort_values("created", kind="stable")
    actions, scores = (first[column].tolist() for column in HINTS[layout])

    assert table["capture_action"].tolist() == actions
    assert [f"{score:.0f}" for score in table["fit_score"]] == list(map(str, scores))


@pytest.mark.parametrize("layout", ["hubspot", "salesforce", "pipedrive", "plain"])
def test_what_a_scenario_does_not_tell_is_in_no_export(layout, tmp_path):
    """A run of a scenario without scores is written as its log is, byte for byte."""
    run = simulate(load("holed_bucket").changed({"horizon": HORIZON}), seed=2)
    of_run = write_export(run, tmp_path / "run", layout)
    of_log = write_export(run.log, tmp_path / "log", layout)

    assert [p.read_bytes() for p in of_run] == [p.read_bytes() for p in of_log]
