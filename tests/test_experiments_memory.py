"""Claims on trial that rest on memory: E20 in a market, E25 and E27.

Arms are paired: the same buyers, with the same needs and luck. Bands of the arms were
written before their first run. Each runs quickly and at full precision; see efforts.py.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from efforts import Effort

import simlib as sl
from simlib.funnel import histories
from simlib.log import KINDS
from simlib.market.life import LEFT_A_NAME
from simlib.studies.intervals import ratio_interval
from simlib.theory import Goodwill, Rhythm

READ = "sources.content.meets.per_month"
SHUT = {
    "market.gating": "everything",
    "market.gating_before": "everything",
    "market.memory.bounce": 0.1,
    "market.assets.articles.form": {
        "ready": 0.30,
        "not_yet": 0.08,
        "misfit": 0.08,
        "junk": 0.08,
    },
}
CALLED: dict[str, dict[str, object]] = {
    "open": {},
    "never read": {READ: 0.0},
    # .22 instead of .419 of a full memory: 46% of the reading
    "less read": {READ: 0.457 * 0.08},
    "gated": SHUT,
}


@cache
def answers(world: str, effort: Effort) -> np.ndarray:
    """Return the calls that are answered, in each run, whoever is a lead already."""
    said = sl.load("warm_outbound").changed(CALLED[world])
    calls, found = list(said.sources).index("calls"), []
    for number in range(effort.of(4, 64)):
        lives = sl.simulate(said, 0, number).lives
        rows = (lives.rows.source == calls) & (lives.rows.time >= 0)
        found.append(np.sum(lives.became[rows] == LEFT_A_NAME))
    return np.array(found)


@pytest.mark.parametrize(
    ("world", "times"), [("open", 2.049), ("less read", 1.55), ("gated", 1.25)]
)
def test_e25_who_has_read_us_answers_more_often(world, times, effort):
    """Open content doubles the answers; at .22 of a full memory they are 1.55 times.

    With everything gated they are 1.25 times: of the readers 8% fill the form, and who
    turns away keeps a tenth. The multiple is 1 + 2.5 times how full memories are.
    """
    found = ratio_interval(answers(world, effort), answers("never read", effort))

    assert found.mean == pytest.approx(times, rel=effort.of(0.05, 0.025))


def test_e25_the_multiples_are_those_of_theory():
    """How full a memory is, by what is read and what a form leaves of it (7.11)."""
    memory = Goodwill(180)
    filled, left = memory.memory(0.08 * 0.08, 1.0), memory.memory(0.08 * 0.92, 0.1)
    full = {
        "open": memory.memory(0.08, 1.0).fullness(),
        "less read": memory.memory(0.457 * 0.08, 1.0).fullness(),
        "gated": 1 - (1 - filled.fullness()) * (1 - left.fullness()),
    }
    times = {world: 1 + 2.5 * share for world, share in full.items()}

    assert times == {
        "open": pytest.approx(2.0485, abs=0.0005),
        "less read": pytest.approx(1.55, abs=0.0005),
        "gated": pytest.approx(1.2486, abs=0.0005),
    }


@pytest.mark.parametrize(("world", "change"), [("less read", -0.24), ("gated", -0.39)])
def test_e25_a_gate_before_the_content_takes_answers_from_outbound(
    world, change, effort
):
    """At .22 of a full memory outbound loses 24% of its answers, behind forms 39%."""
    found = ratio_interval(answers(world, effort), answers("open", effort))

    assert found.mean - 1 == pytest.approx(change, abs=effort.of(0.03, 0.015))
    assert found.high < 1


def test_e25_a_list_of_100_has_20_needs_a_year(effort):
    """One need in five years: 20 among 100 accounts, by chance 12 to 29."""
    year = sl.load("warm_outbound").changed({"market.buyers": 100, "horizon": 365.25})
    needs = sl.replicate(year, effort.of(60, 2000)).values("market.entries")
    low, high = effort.of((0.9, 1), (0.93, 0.99))

    assert 100 * Rhythm(1736.25, 90).entries_a_year == pytest.approx(20, abs=0.1)
    assert needs.mean() == pytest.approx(20, abs=effort.of(1.8, 0.9))
    assert low < np.mean((needs >= 12) & (needs <= 29)) <= high


@pytest.mark.parametrize(
    ("sessions", "times", "share"),
    [
        (0.01, 1, 0.01),
        (0.01, 1.3, 0.0130),
        (0.01, 4.4, 0.0426),
        (0.05, 1, 0.05),
        (0.05, 1.3, 0.0640),
        (0.05, 4.4, 0.188),
    ],
)
def test_e27_a_small_share_of_sessions_a_larger_one_of_leads(
    sessions, times, share, effort
):
    """1% of the visits: 1%, 1.3% or 4.3% of the names, by how keen they are (C8).

    5% of them: 5%, 6.4% or 18.8%. Quickly the share lies in the interval, at full
    precision within 5% of it.
    """
    meets = "sources.{}.meets.per_month".format
    world = sl.load("ai_search").changed(
        {
            meets("ai"): {"ready": 0.6 * sessions, "not_yet": 0.08 * sessions},
            meets("content"): {
                "ready": 0.6 * (1 - sessions),
                "not_yet": 0.08 * (1 - sessions),
            },
            "sources.ai.meets.fills_times": float(times),
        }
    )
    study = sl.replicate(world, effort.of(6, 96), by_source=True)
    cited, read = (study.values("leads", source) for source in ("ai", "content"))
    found = ratio_interval(cited, cited + read)

    low, high = effort.of(
        (found.low, found.high), (0.95 * found.mean, 1.05 * found.mean)
    )

    assert low < share < high
    assert found.high - found.low < effort.of(0.02, 0.005) * max(1, share / 0.0426)


def test_e27_behind_a_form_nobody_is_cited(effort):
    """With everything gated the source brings no lead at all."""
    gated = sl.load("ai_search").changed({"market.gating": "everything"})

    study = sl.replicate(gated, effort.of(2, 16), by_source=True)

    assert not study.values("leads", "ai").any()


# --- E20 in a market -----------------------------------------------------------------

MONTHS, DAYS_IN_A_MONTH = 12, 30.4375


def contacts(gone: float, **memory: float) -> sl.Scenario:
    """Return buyers who nearly all leave a name at a fair, nurtured for a year."""
    base = sl.load("gating").said()
    meets = {"by": "touches", "per_month": 30.0, "start": 0, "stop": 4, "answer": 1}
    won = base["stages"]["opportunity"]["next"]["customer"]
    lag = {"dist": "lognormal", "mean": 5, "cv": 1}
    ready = {"ready": 1, "not_yet": 0, "misfit": 0, "junk": 0}
    base["stages"]["captured"]["next"]["opportunity"] = {"rate": ready, "lag": lag}
    base["stages"]["opportunity"]["next"]["customer"] = {**won, "lag": 0}
    base["sources"] = {"fair": {"meets": meets}, "direct": base["sources"]["direct"]}
    base["market"] |= {"buyers": 4000, "history": 0, "gating_from": 0}
    base["market"]["memory"] |= memory
    base["nurture"]["drop_out_per_month"] = gone
    base["horizon"] = MONTHS * DAYS_IN_A_MONTH
    return sl.Scenario.of(base)


ALONE = {"gone": 0.03, "mails_opened_per_month": 0.0}
NURTURED = {"gone": 0.038}


@cache
def a_year(effort: Effort) -> dict[str, np.ndarray]:
    """Return early leads, those ready within a year, and customers, by run."""
    found = {}
    for name, said in (("alone", ALONE), ("nurtured", NURTURED)):
        runs = []
        for number in range(effort.of(6, 96)):
            log = sl.simulate(contacts(**said), 1, number).log
            past, leads = histories(log), log.leads
            early = leads.kind == KINDS.index("not_yet")
            reached = past.visits.stage == log.graph.stage_code("opportunity")
            ready = np.isin(np.flatnonzero(early), past.visits.lead[reached])
            runs.append([early.sum(), ready.sum(), past.is_customer[early].sum()])
        found[name] = np.array(runs)
    return found


@pytest.mark.parametrize(("world", "share"), [("alone", 0.1603), ("nurtured", 0.1536)])
def test_e20_in_a_market_nurture_makes_nobody_ready(world, share, effort):
    """Of the early 16% are ready within a year, whether they are nurtured or not (C3).

    Ready is who enters the market, at r a month, before losing touch, at d: in a year
    r / (r + d) (1 - exp(-12 (r + d))). Mails do not make the need, and drive some away.
    """
    enters = DAYS_IN_A_MONTH / 1736.25
    gone = {"alone": 0.03, "nurtured": 0.038}[world]
    law = enters / (enters + gone) * (1 - np.exp(-MONTHS * (enters + gone)))
    early, ready, _ = a_year(effort)[world].sum(axis=0)

    assert law == pytest.approx(share, abs=0.00005)
    assert ready / early == pytest.approx(law, rel=effort.of(0.05, 0.02))


def test_e20_in_a_market_nurture_wins_those_who_think_of_us(effort):
    """As few are ready, and yet 20 to 60% more of the early become customers.

    By hand: mails fill memories by .42 on average, so .51 think of us instead of .15.
    Of them .25 are won, of the others .10: .176 in all instead of .123, less who left.
    """
    alone, nurtured = (a_year(effort)[each][:, 2] for each in ("alone", "nurtured"))
    found = ratio_interval(nurtured, alone)

    assert 1.2 < found.mean < 1.6
    assert found.low > 1
