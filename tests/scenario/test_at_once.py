"""Lags of which a share takes no time."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError
from small_scenario import edited, small

from simlib.scenario import Scenario
from simlib.scenario.values import LagSpec


def spec(**said):
    """Return a checked lag."""
    return LagSpec.model_validate({"dist": "gamma", "mean": 10, **said})


def test_a_share_takes_no_time_and_the_others_their_family():
    """Of the lags 30% are 0, the mean is that of the others times 70%."""
    numbers = (np.arange(100_000) + 0.5) / 100_000
    lag = spec(at_once=0.3).lag()
    lag.from_uniforms(numbers)

    assert (0.3, 7.0, True) == (
        np.mean(numbers == 0),
        pytest.approx(lag.mean),
        bool(np.all(np.diff(numbers) >= 0)),
    )
    assert lag.mean == pytest.approx(numbers.mean(), rel=1e-4)


def test_off_means_off():
    """A lag of which nothing goes at once is the lag that it always was."""
    path = "stages.captured.next.sql.lag"
    said = {"dist": "lognormal", "mean": 4, "cv": 1}
    off = Scenario.of(edited(path, said | {"at_once": 0}))
    on = Scenario.of(edited(path, said | {"at_once": 0.1}))

    assert Scenario.of(small()).digest == off.digest != on.digest


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"dist": "fixed", "mean": 3, "at_once": 0.2}, "needs a spread"),
        ({"dist": "empirical", "values": [1, 2], "at_once": 0.2}, "is a value 0 here"),
        ({"dist": "gamma", "mean": 3, "at_once": 1}, "less than 1"),
    ],
)
def test_where_it_does_not_belong_it_is_refused(said, message):
    """Fixed and empirical lags say a zero in their own way; not all can be at once."""
    with pytest.raises(ValidationError, match=message):
        LagSpec.model_validate(said)
