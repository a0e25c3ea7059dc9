"""An arm of E14: ten leads of whom half buy, against a thousand cheap ones (S4).

"Who cares if you get 1,000 cheap leads if none of them become customers?" At .2% two of
them do, at .5% five. Bands were written before the first run. Each runs quickly and at
full precision; see efforts.py.
"""

from __future__ import annotations

import numpy as np
import pytest
from test_experiments import batches

import simlib as sl
from simlib.theory import (
    BinomialCount,
    break_even_cost_per_lead,
    contest,
    cost_ladder,
)


@pytest.mark.parametrize("rate", [0.002, 0.005])
def test_e14_ten_leads_against_a_thousand(rate, effort):
    """Ten at 50% win more often than a thousand at .2%; at .5% it is a draw."""
    runs, share = effort.of(2, 40), effort.of(1, 0.25)
    good, cheap = (
        np.concatenate([batches(n, at, 240, f"{name}{part}") for part in range(runs)])
        for n, at, name in ((10, 0.5, "good"), (1000, rate, "cheap"))
    )
    law = contest(BinomialCount(10, 0.5), BinomialCount(1000, rate))
    seen = [np.mean(good > cheap), np.mean(good == cheap), np.mean(good < cheap)]

    assert seen == pytest.approx([law.better, law.tie, law.worse], abs=0.06 * share)


def test_e14_what_a_good_lead_may_cost(effort):
    """A thousand at 10 and .2% cost 5,000 a customer: a good lead may cost 2,500."""
    dear = break_even_cost_per_lead(cost_ladder(10, [0.002])[-1], 0.5)
    said, months = sl.load("hundred_or_twenty").said(), 120
    stages = said["stages"]
    stages["captured"]["next"]["customer"]["rate"] = {"cheap": 0.002, "good": 0.5}
    said["horizon"] = 30.4375 * months
    said["sources"] = {
        name: {
            "leads": {
                "imports": [
                    {"day": 30.4375 * month, "leads": leads} for month in range(months)
                ]
            },
            "cost": {"per_lead": cost},
        }
        for name, leads, cost in (("cheap", 1000, 10.0), ("good", 10, dear))
    }
    study = sl.replicate(sl.Scenario.of(said), effort.of(2, 40), by_source=True)
    cac = [
        study.values("spend", name).sum() / study.values("customers", name).sum()
        for name in ("cheap", "good")
    ]

    assert dear == pytest.approx(2500)
    assert cac == pytest.approx([5000, 5000], rel=effort.of(0.15, 0.04))
