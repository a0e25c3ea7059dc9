"""The worth of several sources in closed form, against printed numbers."""

from __future__ import annotations

import pytest
from printed import printed

from simlib.errors import TheoryError
from simlib.theory import EqualSources, share_hit


@pytest.mark.parametrize(
    ("count", "sd", "tail"), [(1, 0.120, 0.1), (3, 0.0693, 0.001), (5, 0.0537, 0.0005)]
)
def test_more_sources_fall_less_far(count, sd, tail):
    """Each loses 40% in one quarter of ten: the mean stays, the tail shrinks (E28)."""
    sources = EqualSources(count, 0.1, 0.4)

    assert sources.mean == pytest.approx(0.96)
    assert sources.sd == printed(sd, 4)
    assert sources.falls_by(0.30) == printed(tail, 4)


def test_a_loss_of_nothing_is_none():
    """Without a loss the total never falls, and without shocks nobody is hit."""
    assert EqualSources(3, 0.5, 0.0).falls_by(0.1) == 0
    assert share_hit(0, 90) == 0
    assert share_hit(0.4, 90) == pytest.approx(0.0938, abs=1e-4)


def test_what_cannot_be_is_refused():
    """No sources, or more than all of them lost, is no number."""
    for said in ((0, 0.1, 0.4), (3, 1.1, 0.4), (3, 0.1, -1)):
        with pytest.raises(TheoryError):
            EqualSources(*said)
