"""Times that are cut off, against published and hand-made answers."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.funnel import aalen_johansen, kaplan_meier
from simlib.funnel.survival import restricted_mean


def test_kaplan_meier_meets_the_classic_example():
    """Weeks of remission of 21 patients under 6-MP (Freireich and others, 1963)."""
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    cut_off = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    days = np.array([*ended, *cut_off], float)
    curve = kaplan_meier(days, np.arange(21) < 9)
    survival = dict(zip(curve.days.tolist(), curve.going_on.round(3), strict=True))

    assert {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627} == {
        week: survival[week] for week in (6, 7, 10, 13, 16)
    }
    assert {22: 0.538, 23: 0.448} == {week: survival[week] for week in (22, 23)}
    assert curve.days_until(0.5) == 23


def test_nothing_cut_off_gives_the_plain_shares():
    """Without cutting off, the curve is the share that ended by each time."""
    curve = kaplan_meier(np.array([1.0, 2, 2, 5]), np.ones(4, bool))

    assert curve.share[0].tolist() == pytest.approx([0.25, 0.75, 1])
    assert restricted_mean(curve) == pytest.approx(2.5)


def test_who_is_lost_will_not_buy():
    """Of two leads one is lost, then one buys: half buy. Cutting off would say all."""
    days, end = np.array([1.0, 2.0]), np.array([1, 0])
    competing = aalen_johansen(days, end, ends=2)

    assert competing.share[:, -1].tolist() == [0.5, 0.5]
    assert kaplan_meier(days, end == 0).share[0, -1] == 1


def test_competing_ends_with_some_cut_off():
    """Five leads: bought at 1, cut off at 2, lost at 3, bought at 4, cut off at 5."""
    curve = aalen_johansen(np.arange(1.0, 6), np.array([0, -1, 1, 0, -1]), ends=2)

    assert curve.at_risk.tolist() == [5, 4, 3, 2, 1]
    assert curve.share[0] == pytest.approx([0.2, 0.2, 0.2, 7 / 15, 7 / 15])
    assert curve.share[1] == pytest.approx([0, 0, 4 / 15, 4 / 15, 4 / 15])
    assert curve.share.sum(axis=0) + curve.going_on == pytest.approx(np.ones(5))


def test_points_on_the_curve():
    """A share that is never reached has no day; of the enders it always has one."""
    curve = aalen_johansen(np.arange(1.0, 6), np.array([0, -1, 1, 0, -1]), ends=2)

    assert (curve.days_until(0.2), curve.days_until(0.3)) == (1, 4)
    assert np.isnan(curve.days_until(0.5))
    assert curve.days_until_of_enders(0.95) == 4


def test_of_nothing_nothing_is_known():
    """An empty record has no days and no mean."""
    curve = kaplan_meier(np.array([]), np.array([], bool))

    assert np.isnan(curve.days_until(0.5))
    assert np.isnan(curve.days_until_of_enders(0.5))
    assert np.isnan(restricted_mean(curve))
