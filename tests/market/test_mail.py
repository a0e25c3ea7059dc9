"""What mail leaves in memory, whatever else happens meanwhile."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from towns import town

from simlib.market import lives_of
from simlib.market.mail import mail_of
from simlib.market.meetings import ENTERS
from simlib.market.stocks import level_at
from simlib.reputation import reputation_at
from simlib.scenario import Scenario

LIST = {
    "leads": {"imports": [{"day": 100.25, "leads": 50}]},
    "burn": {"bounce_percent": 15, "complaint_percent": 0.5},
}


def mailed(**sources: dict) -> Scenario:
    """Return a town whose contacts read much mail, and some other sources."""
    memory = {"mail": 1, "mails_opened_per_month": 4, "half_life": 90}
    read = {"by": "visits", "per_month": 0.5}
    hands = {"meets": {"by": "hand_raise"}}
    said = {"content": {"meets": read}, "direct": hands, **sources}
    return town({"buyers": 500, "memory": memory}, sources=said)


def remembered(scenario: Scenario) -> np.ndarray:
    """Return what buyers remember when they enter the market."""
    lives = lives_of(scenario, (1, 0))
    return lives.memory[(lives.rows.what == ENTERS) & (lives.rows.time >= 0)]


@pytest.mark.parametrize("day", [50.0, 100.0, 101.0, 130.5, 400.0])
def test_the_stock_is_the_mail_that_arrived_and_faded(day):
    """Four mails a month, as many as the reputation lets, halved in 90 days."""
    scenario, fading = mailed(list=LIST), math.log(2) / 90
    history = scenario.market.history

    def left(sent: float) -> float:
        arrives = reputation_at(scenario, np.array([sent]))[0]
        return 4 / 30.4375 * arrives * math.exp(-fading * (day - sent))

    burnt = [100.25] if day > 100.25 else None
    whole, _ = quad(left, -history, day, points=burnt, limit=500)

    assert level_at(mail_of(scenario), day) == pytest.approx(whole, rel=1e-5)


def test_a_source_that_leaves_nothing_in_memory_changes_no_memory():
    """However often one looks at a buyer, mail has left as much, burnt list or not."""
    idle = {"by": "touches", "per_month": 8, "remember": 0, "answer": 0}
    quiet = remembered(mailed(list=LIST))

    assert quiet.mean() > 1
    assert remembered(mailed(list=LIST, idle={"meets": idle})) == pytest.approx(quiet)


def test_a_burnt_reputation_leaves_less_in_memory():
    """Until the send all is the same; after it nobody remembers more, and some less."""
    lives = [
        lives_of(mailed(list={**LIST, "burn": burn}), (1, 0))
        for burn in (LIST["burn"], None)
    ]
    rows = lives[1].rows.what == ENTERS
    early = rows & (lives[1].rows.time < 100.25)
    burnt, unburnt = (each.memory for each in lives)

    assert np.array_equal(burnt[early], unburnt[early])
    assert np.all(burnt[rows] <= unburnt[rows] + 1e-9)
    assert burnt[rows].mean() < unburnt[rows].mean()
