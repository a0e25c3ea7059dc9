"""The packaged scenarios say what their comments promise."""

from __future__ import annotations

from itertools import pairwise
from math import prod
from typing import Any

import numpy as np
import pytest

from simlib.scenario import Scenario, load
from simlib.studies import compare, replicate
from simlib.theory import RoundRobin, erlang_c_desk

KINDS = ("ready", "not_yet", "misfit", "junk")
USUAL_MIX = {"ready": 0.27, "not_yet": 0.40, "misfit": 0.10, "junk": 0.23}


def _by_kind(rate: Any, source: str = "default") -> dict[str, float]:
    """Return a rate for each kind, from any of the forms that a file may use."""
    if isinstance(rate, dict) and not set(rate) <= set(KINDS):
        rate = rate.get(source, rate["default"])
    return dict(rate) if isinstance(rate, dict) else dict.fromkeys(KINDS, float(rate))


def _first_pass(
    scenario: Scenario, path: list[str], mix: dict[str, float], source: str = "default"
) -> list[float]:
    """Return the average rate of each step of a path, for leads of a mix."""
    here, rates = dict(mix), []
    for stage, to in pairwise(path):
        rate = _by_kind(scenario.stages[stage].next[to].rate, source)
        passed = {kind: here[kind] * rate[kind] for kind in KINDS}
        rates.append(sum(passed.values()) / sum(here.values()))
        here = passed
    return rates


def test_baseline_meets_the_benchmarks_of_each_step():
    """.30, .35, .55 and .22 down the funnel, and 1.27% of leads become customers."""
    path = ["captured", "mql", "sql", "opportunity", "customer"]
    rates = _first_pass(load("baseline"), path, USUAL_MIX)
    assert [round(rate, 3) for rate in rates] == [0.30, 0.35, 0.55, 0.22]
    assert rates[0] * rates[1] * rates[2] * rates[3] == pytest.approx(0.0127, abs=2e-5)


def test_baseline_trials_meet_the_benchmarks_of_the_product_path():
    """15% of the trials become a PQL, and 45% of those an opportunity."""
    base = load("baseline")
    mix = dict(base.sources["free_trial"].mix)
    path = ["captured", "pql", "opportunity"]
    rates = _first_pass(base, path, mix, "free_trial")
    assert rates == pytest.approx([0.15, 0.45], abs=2e-3)


def test_baseline_sources_average_to_the_usual_mix():
    """The 610 leads a month of all running sources are 27/40/10/23 on average."""
    sources = [at for at in load("baseline").sources.values() if at.leads.per_month]
    total = sum(at.leads.per_month or 0 for at in sources)
    blend = {
        kind: sum((at.leads.per_month or 0) * at.mix[kind] for at in sources) / total
        for kind in KINDS
    }
    assert total == 610
    assert blend == pytest.approx(USUAL_MIX, abs=0.003)


def test_every_source_of_the_articles_is_in_the_baseline():
    """A marketer finds the sources that they know, under names that they know."""
    assert set(load("baseline").sources) == {
        "organic_search", "ai_search", "paid_search", "linkedin_ads", "retargeting",
        "organic_social", "webinar", "events", "referral", "partner", "direct",
        "newsletter", "free_trial", "outbound_email", "outbound_calls", "abm",
        "bought_list",
    }  # fmt: skip


def test_the_baseline_with_its_market_is_the_same_firm():
    """Stages, teams, nurture, money and costs are those of the baseline.

    Only leads, and the chance to win whom we had to find, are told by the market.
    """
    plain, market = load("baseline").said(), load("baseline_market").said()
    del market["market"]
    for source in plain["sources"].values():
        del source["leads"]
    for source in market["sources"].values():
        source.pop("meets", None)
        source.pop("leads", None)
    for said in (plain, market):
        del said["name"], said["description"]
        del said["stages"]["opportunity"]["next"]["customer"]

    assert plain == market


def test_the_baseline_with_its_market_has_the_baselines_leads(effort):
    """In two years as many leads, and of each source as many, as simply come there."""
    runs, found = effort.of(2, 16), []
    for name in ("baseline", "baseline_market"):
        study = replicate(load(name), runs, by_source=True)
        by_source = [
            study.values("leads", source).mean() for source in load(name).sources
        ]
        found.append(np.array(by_source))
    enough = found[0] > 300

    assert found[1].sum() == pytest.approx(found[0].sum(), rel=effort.of(0.04, 0.02))
    assert enough.sum() > 10
    assert found[1][enough] == pytest.approx(found[0][enough], rel=effort.of(0.3, 0.1))


def test_buckets_keep_the_textbooks_rates():
    """Leaky: 1% leave a name, 10% qualify, 20% buy, though the kinds differ."""
    path = ["visitor", "captured", "sql", "customer"]
    rates = _first_pass(load("leaky_bucket"), path, USUAL_MIX)
    assert rates == pytest.approx([0.01, 0.10, 0.20])
    sums = _first_pass(load("textbook"), path[1:], USUAL_MIX)
    assert sums == pytest.approx([0.10, 0.20])


def test_the_prize_draw_of_lesson_01_doubles_the_leads():
    """5.35% of the junk instead of 1% makes 2% of all visitors leave a name."""
    form = "stages.visitor.next.captured.rate.junk"
    draw = load("leaky_bucket").changed({form: 0.0535})
    [rate] = _first_pass(draw, ["visitor", "captured"], USUAL_MIX)
    assert rate == pytest.approx(0.02, abs=1e-4)


def test_the_two_channels_of_lesson_02_are_a_hundred_and_twenty():
    """100 leads at 2% and 20 at 15%, exactly so many in one batch."""
    channels = load("hundred_or_twenty")
    rates = channels.stages["captured"].next["customer"].rate
    batches = {
        name: [(batch.leads, rates[name]) for batch in source.leads.imports]
        for name, source in channels.sources.items()
    }
    assert batches == {"hundred": [(100, 0.02)], "twenty": [(20, 0.15)]}


def test_the_linkedin_money_buys_47_percent_more_opportunities():
    """At the same spend, 75 outbound leads for 125 of LinkedIn make it 1.470 times."""
    client = load("linkedin_budget")
    rates = client.stages["captured"].next["opportunity"].rate
    leads = {name: at.leads.per_month for name, at in client.sources.items()}
    moved = leads | {"linkedin_ads": 0, "outbound": 75}
    before, after = (
        sum(count * rates[name] for name, count in each.items())
        for each in (leads, moved)
    )
    assert 7500 + leads["linkedin_ads"] * 120 + leads["outbound"] * 300 == 30_000
    assert after / before == pytest.approx(1.470, abs=5e-4)


def test_the_growing_firm_of_lesson_14_wins_round_shares():
    """10 of 100 referrals, 8 of 100 webinar leads and 5 of 100 searchers are won."""
    path = ["captured", "mql", "opportunity", "customer"]
    shares = {
        source: prod(_first_pass(load("growing_firm"), path, USUAL_MIX, source))
        for source in load("growing_firm").sources
    }
    assert shares == pytest.approx({"referral": 0.10, "search": 0.05, "webinar": 0.08})


def test_the_flood_lands_on_the_usual_desk():
    """`flood_300` is `sales_desk` with a stage before it and twice the leads."""
    flood, desk = load("flood_300").said(), load("sales_desk").said()
    del flood["stages"]["captured"]
    flood["sources"]["all_leads"]["entry"] = "mql"
    flood["sources"]["all_leads"]["leads"]["per_month"] /= 2
    flood["name"], flood["description"] = desk["name"], desk["description"]

    assert flood == desk


def test_round_robin_is_the_usual_desk_with_separate_queues():
    """`round_robin` is `sales_desk` in another order, and waits as its head says.

    One queue: 56% wait, 1.82 h on average; dealt in turn: 63% and 4.34 h, where nobody
    gives up.
    """
    dealt, desk = load("round_robin"), load("sales_desk")
    same = {"name": desk.name, "description": desk.description}
    pooled, in_turn = (form(150 / 168, 2.5, 3) for form in (erlang_c_desk, RoundRobin))
    found = [
        (round(at.wait_share, 2), round(at.wait_mean, 2)) for at in (pooled, in_turn)
    ]

    assert dealt.changed({**same, "teams.sdr.order": "fifo"}) == desk
    assert found == [(0.56, 1.82), (0.63, 4.34)]


def test_separate_queues_lose_customers():
    """What `simlib compare sales_desk round_robin` shows: about a tenth fewer."""
    found = compare({name: load(name) for name in ("sales_desk", "round_robin")})
    left = found.ratio("customers")

    assert 0.85 < left.low < left.high < 0.95
