"""A burnt reputation in closed form, against printed numbers."""

from __future__ import annotations

import pytest
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import full_days_lost, recovery_days, reputation_after

A_QUARTER = recovery_days(0.9, 90)


@pytest.mark.parametrize(
    ("drop", "lost"), [(1.0, 35.177853), (0.5, 17.588927), (0.7, 24.624497)]
)
def test_days_lost_to_a_list(drop, lost):
    """Where 90% comes back in 90 days, a drop D costs 35.18 D days of mail (7.15)."""
    assert A_QUARTER == printed(39.086503)
    assert full_days_lost(drop, 90, A_QUARTER) == printed(lost)


def test_reputation_comes_back_in_a_quarter():
    """After a drop of .6 it is .7215, .8707 and .9400 in 30, 60 and 90 days (E23)."""
    found = [reputation_after(0.6, days, A_QUARTER) for days in (0, 30, 60, 90)]

    assert found == printed([0.4, 0.7215, 0.8707, 0.9400], 4)


def test_what_cannot_be_is_refused():
    """A share above 1, a day before the send, and a recovery of all are no numbers."""
    for drop, days, recovery in ((1.2, 1, 1), (0.5, -1, 1), (0.5, 1, 0)):
        with pytest.raises(TheoryError):
            reputation_after(drop, days, recovery)
    with pytest.raises(TheoryError):
        recovery_days(1.0, 90)
