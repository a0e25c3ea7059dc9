"""The sender's reputation: what a bought list costs everybody who writes mail (M23)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from agreement import near
from small_scenario import edited
from test_engines_agree import rows

from simlib.arrivals import arrivals
from simlib.errors import ScenarioError
from simlib.reputation import reputation_at
from simlib.run import simulate
from simlib.scenario import Scenario, load
from simlib.scenario.models import Source
from simlib.theory import full_days_lost

MONTH = 30.4375
BURN = {"bounce_percent": 15, "complaint_percent": 0.5}
RUNS = 400


def lists(*days: float, burn: Any = BURN, **said: Any) -> Scenario:
    """Return a scenario that mails bought lists on some days."""
    bought = {"imports": [{"day": day, "leads": 10} for day in days]}
    changes = {"sources.list": {"leads": bought, "burn": burn}, **said}
    return load("textbook").changed(changes)


def reputations(scenario: Scenario, *days: float) -> list[float]:
    """Return the reputation on some days."""
    return reputation_at(scenario, np.array(days)).tolist()


def outcomes(burn: bool, run: int) -> int:
    """Return the outcomes of mail in the 90 days after a list, burnt or not."""
    mail = {"leads": {"per_month": 21.75}, "mix": {"ready": 1}, "by_mail": True}
    bought = {"leads": {"imports": [{"day": 0, "leads": 1}]}, "mix": {"ready": 1}}
    said = {"mail": mail, "list": {**bought, "burn": BURN} if burn else bought}
    sources = {name: Source.model_validate(one) for name, one in said.items()}
    frame = {"horizon": 90, "days_per_month": MONTH, "seed": 1, "replication": run}
    return int(np.sum(arrivals(sources, **frame).source == 0))


def test_a_list_burns_and_a_quarter_heals():
    """15% bounces and .5% complaints cost 60%; 90% of that is back in 90 days (E23)."""
    found = reputations(lists(10), -5, 9.9, 10, 40, 70, 100)

    assert found == pytest.approx([1, 1, 0.4, 0.7215, 0.8707, 0.94], abs=1e-4)


def test_a_second_list_burns_what_is_left():
    """R becomes R (1 - D) at each send, whatever the order of the file."""
    first = reputations(lists(10), 40)[0]

    assert reputations(lists(40, 10), 40) == pytest.approx([first * 0.4])
    assert reputations(lists(10, 10), 10) == pytest.approx([0.16])


@pytest.mark.parametrize(
    ("burn", "left"),
    [
        ({"bounce_percent": 2, "complaint_percent": 0.1}, 1.0),
        ({"bounce_percent": 12, "complaint_percent": 0}, 0.7),
        ({"bounce_percent": 0, "complaint_percent": 0.5}, 0.79),
        ({"bounce_percent": 40, "complaint_percent": 1}, 0.2),
    ],
)
def test_only_what_is_above_the_limits_costs(burn, left):
    """Up to 2% bounces and .1% complaints are free, and no send costs more than 80%."""
    assert reputations(lists(10, burn=burn), 10) == pytest.approx([left])


def test_weights_and_recovery_are_settings():
    """A sender whom bounces cost twice as much, and who recovers in half the time."""
    said = {"reputation": {"bounce_weight": 0.06, "recovery_days": 20, "worst": 1}}
    found = reputations(lists(0, burn={"bounce_percent": 10}, **said), 0, 20)

    assert found == pytest.approx([0.31, 1 - 0.69 * np.exp(-1)])


def test_e23_mail_loses_a_fifth_of_a_quarter():
    """Of 21.75 outcomes of mail a month 15.1 are lost, and the list brings 3.2."""
    lost = [outcomes(False, run) - outcomes(True, run) for run in range(RUNS)]
    days = full_days_lost(0.6, 90, 39.09)
    gained = 10_000 * 0.85 * 0.5 * 0.005 * 0.15

    assert days == pytest.approx(21.1, abs=0.05)
    assert 21.75 / MONTH * days == near(lost, relative=0.05)
    assert gained < min(np.mean(lost), 15.1)


def test_a_burnt_reputation_moves_nobody():
    """Leads that still come are the same people at the same moments."""
    source = next(iter(load("textbook").sources))
    mail = {f"sources.{source}.by_mail": True}
    free, burnt = (
        simulate(lists(0, burn=burn, **mail), 3).log.leads for burn in (None, BURN)
    )
    named = [
        set(zip(at.source.tolist(), at.band.tolist(), at.ordinal.tolist(), strict=True))
        for at in (free, burnt)
    ]

    assert named[1] < named[0]


@pytest.mark.parametrize(
    "off", [{"sources.website.by_mail": False}, {"reputation": {}}]
)
def test_off_it_is_not_there(off):
    """Without a list that burns, no log and no digest knows of a reputation."""
    before = Scenario.of(edited("horizon", 100))
    after = before.changed(off)

    assert before.digest == after.digest
    assert rows(simulate(before, 2).log) == rows(simulate(after, 2).log)


def test_mail_without_a_list_is_never_burnt():
    """`by_mail` alone changes no log."""
    before = Scenario.of(edited("horizon", 100))
    after = before.changed({"sources.website.by_mail": True})

    assert rows(simulate(before, 2).log) == rows(simulate(after, 2).log)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("sources.ads.burn", BURN, "sources.ads.burn: needs leads.imports"),
        ("sources.ads.burn", {"bounces": 3}, "sources.ads.burn.bounces"),
        ("reputation.recovery_days", 0, "reputation.recovery_days"),
    ],
)
def test_mistakes_are_named(path, value, message):
    """A list that is not there, a key that is none, and no time to recover."""
    with pytest.raises(ScenarioError, match=message):
        Scenario.of(edited(path, value))
