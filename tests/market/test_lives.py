"""The lives of buyers against what is known of them in closed form (7.10 to 7.12)."""

from __future__ import annotations

import numpy as np
import pytest
from towns import town

from simlib.errors import ScenarioError
from simlib.market import lives_of
from simlib.market.life import NOT_YET
from simlib.market.meetings import ENTERS
from simlib.metrics import metrics_of
from simlib.run import simulate

EXPOSED = {
    "content": {
        "meets": {"by": "visits", "per_month": {"ready": 0.08, "not_yet": 0.08}}
    },
    "direct": {"meets": {"by": "hand_raise"}},
}
OPEN = {"gating": "none", "gating_before": "none", "history": 1460}
UNMAILED = {"memory": {"mails_opened_per_month": 0}}


def at_entry(scenario, replications=4, start=0, end=730):
    """Return the memories of those who enter the market in a span of days."""
    found = []
    for number in range(replications):
        lives = lives_of(scenario, (1, number))
        rows = (lives.rows.what == ENTERS) & lives.happened
        rows &= (lives.rows.time >= start) & (lives.rows.time < end)
        found.append(lives.memory[rows])
    return np.concatenate(found)


def z(values, mean):
    """Return how many standard errors a sample's mean lies from the expected one."""
    return (np.mean(values) - mean) / (np.std(values, ddof=1) / np.sqrt(len(values)))


def test_share_in_the_market():
    """In the stationary state 4.93% are in the market (7.10), from the history on."""
    lives = lives_of(town({"buyers": 40_000}), (1, 0))
    at = lives.opened
    for day in (-729.0, 0.0, 400.0):
        inside = np.count_nonzero((at.start <= day) & (day < at.end))

        assert abs(inside / 40_000 - 0.049281) < 3.5 * np.sqrt(0.0493 * 0.95 / 40_000)


def test_entries_a_year():
    """A thousand buyers enter the market 200 times a year, to within chance (7.10)."""
    lives = lives_of(town({"buyers": 40_000}), (2, 0))
    entries = np.count_nonzero(
        (lives.opened.start >= 0) & (lives.opened.start < 365.25)
    )

    assert abs(entries - 8000) < 3.5 * np.sqrt(8000)


def test_memory_is_shot_noise():
    """Reading open pages at .08 a month gives the mean and the fullness of 7.11.

    Half-life 180 days, one read adds 1: mean memory .682540, mean fullness .419410.
    """
    scenario = town({"buyers": 20_000, **OPEN, **UNMAILED}, sources=EXPOSED)
    memory = at_entry(scenario)

    assert abs(z(memory, 0.682540)) < 3.5
    assert abs(z(1 - np.exp(-memory), 0.419410)) < 3.5


def test_memory_fades_when_the_content_stops():
    """180 days after the content stops, fullness is .261357 (7.11)."""
    stopped = {name: dict(said) for name, said in EXPOSED.items()}
    stopped["content"] = {"meets": {**EXPOSED["content"]["meets"], "stop": 0}}
    scenario = town({"buyers": 30_000, **OPEN, **UNMAILED}, sources=stopped)
    memory = at_entry(scenario, start=170, end=190)

    assert abs(z(1 - np.exp(-memory), 0.261357)) < 3.5


@pytest.mark.parametrize("floor", [0.0, 0.15, 1.0])
def test_who_thinks_of_us(floor):
    """Without any meeting a share `floor` thinks of us, and psi of them ask."""
    alone = {"direct": {"meets": {"by": "hand_raise"}}}
    chances = {"consideration": {"floor": floor, "raise_hand": 0.35}, **UNMAILED}
    run = simulate(town({"buyers": 30_000, **chances}, sources=alone, horizon=2000))
    found = metrics_of(
        run, only=["hand_raisers", "market.entries", "market.considered"]
    )
    entries = found["market.entries"]

    spread = 3.5 * np.sqrt(entries * 0.25)
    assert abs(found["market.considered"] - floor) * entries <= spread
    assert abs(found["hand_raisers"] / entries - 0.35 * floor) * entries <= spread + 40


def test_more_meetings_move_nothing():
    """A higher rate adds meetings and leaves every other meeting where it was."""
    few, many = (
        lives_of(
            town(sources={"content": {"meets": {"by": "visits", "per_month": rate}}}),
            (1, 0),
        )
        for rate in (0.05, 0.07)
    )
    met = [
        {
            *zip(
                lives.rows.buyer[lives.happened],
                lives.rows.time[lives.happened],
                strict=True,
            )
        }
        for lives in (few, many)
    ]

    assert met[0] < met[1]


def test_policy_moves_no_need():
    """Gating changes no time in the market and no meeting, only what comes of it."""
    open_, gated = (
        lives_of(town({"gating": policy}), (1, 0)) for policy in ("none", "everything")
    )

    assert np.array_equal(open_.windows.start, gated.windows.start)
    assert np.array_equal(
        open_.happened[open_.rows.what != 1], gated.happened[gated.rows.what != 1]
    )
    assert len(open_.captures.time) < len(gated.captures.time)


def test_only_who_fits_enters_the_market():
    """Misfits and junk are met and may leave a name, but never need anything."""
    scenario = town(
        {"misfit": 0.3, "junk": 0.3},
        sources={"content": {"meets": {"by": "visits", "per_month": 0.1}}},
    )
    lives = lives_of(scenario, (1, 0))

    assert {NOT_YET} == set(lives.kind[lives.windows.buyer].tolist())
    assert {0, 1, 2, 3} == set(lives.captures.kind.tolist())


def test_a_preview_is_remembered_like_an_open_page():
    """What a gated page shows at once may be worth as much as the page (M6, 7.11)."""
    page = {"seen_in_market": 1, "seen_out_of_market": 1, "preview": 0.9}
    gated = {"gating": "everything", "gating_before": "everything", "history": 1460}
    market = {"buyers": 20_000, "assets": {"report": page}, **gated, **UNMAILED}
    shown = at_entry(town(market, sources=EXPOSED))
    market["assets"] = {"report": {**page, "preview": 0.0}}
    hidden = at_entry(town(market, sources=EXPOSED))

    assert abs(z(shown, 0.682540)) < 3.5
    assert hidden.mean() < 0.4 * shown.mean()


@pytest.mark.parametrize("preview", [-0.1, "much", float("inf")])
def test_a_preview_that_cannot_be_is_explained(preview):
    """One line names the place."""
    with pytest.raises(ScenarioError, match=r"market\.assets\.articles\.preview"):
        town().changed({"market.assets.articles.preview": preview})


@pytest.mark.parametrize("lift", [0.0, 0.5, 2.0])
def test_memory_may_make_needs(lift):
    """Out of the market 1 + lift x fullness times as many enter it; by default none.

    Reading at .08 a month fills a memory by .419410 on average (7.11). A buyer then
    enters the market once in out_days / (1 + lift x fullness) + in_days.
    """
    market = {"buyers": 20_000, "entry_lift": lift, **OPEN, **UNMAILED}
    lives = lives_of(town(market, sources=EXPOSED), (1, 0))
    entries = np.count_nonzero(lives.opened.start >= 0)
    expected = 20_000 * 730 / (1736.25 / (1 + lift * 0.419410) + 90)

    assert abs(entries - expected) < 3.5 * np.sqrt(expected)


def test_nobody_is_made_to_need_what_they_never_heard_of():
    """Without a meeting there is no memory, and a lift opens no window."""
    alone = {"direct": {"meets": {"by": "hand_raise"}}}
    plain, lifted = (
        lives_of(town({"entry_lift": lift, **UNMAILED}, sources=alone), (1, 0))
        for lift in (0.0, 2.0)
    )

    assert np.array_equal(plain.opened.start, lifted.opened.start)
