"""Numbers, rates and lags: what they accept, and that nobody can change them."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from simlib.lags import Lag
from simlib.scenario.values import Duration, Frozen, LagSpec, Rate, as_lag

RATES: TypeAdapter[Any] = TypeAdapter(Rate)
DURATIONS: TypeAdapter[Any] = TypeAdapter(Duration)
BY_KIND = {"ready": 0.5, "not_yet": 0.2, "misfit": 0.0, "junk": 0.0}


@pytest.mark.parametrize(
    "rate",
    [0.3, BY_KIND, {"website": 0.2, "default": BY_KIND}],
    ids=["number", "kinds", "sources"],
)
def test_a_rate_has_three_forms(rate):
    """A number, a number for each kind, or either of them for each source."""
    assert RATES.validate_python(rate) == rate


def test_kinds_stand_in_one_order():
    """However the kinds are written, they are kept in the order of the model."""
    shuffled = dict(reversed(BY_KIND.items()))

    assert list(RATES.validate_python(shuffled)) == list(BY_KIND)


@pytest.mark.parametrize("rate", ["0.3", True, None, [0.3], 1.01, {"ready": 0.3}])
def test_a_rate_is_nothing_else(rate):
    """Texts are not converted, and a mapping leaves no kind out."""
    with pytest.raises(ValidationError):
        RATES.validate_python(rate)


@pytest.mark.parametrize(
    ("said", "mean"),
    [
        (3, 3.0),
        (0, 0.0),
        ({"dist": "lognormal", "mean": 4, "cv": 2}, 4.0),
        ({"dist": "gamma", "mean": 4}, 4.0),
        ({"dist": "weibull", "mean": 4, "cv": 0.5}, 4.0),
        ({"dist": "exponential", "mean": 4}, 4.0),
        ({"dist": "fixed", "mean": 4}, 4.0),
        ({"dist": "empirical", "values": [1, 3]}, 2.0),
        ({"dist": "empirical", "values": [1, 3], "weights": [3, 1]}, 1.5),
    ],
)
def test_a_duration_becomes_a_lag(said, mean):
    """A bare number is a fixed lag; each family keeps the mean that was said."""
    assert as_lag(DURATIONS.validate_python(said)).mean == pytest.approx(mean)


def test_a_median_is_kept():
    """Of a lognormal lag, the median is the centre."""
    spec = LagSpec(dist="lognormal", median=4, cv=1)

    assert spec.lag() == Lag("lognormal", 4.0, spec.lag().shape)


@pytest.mark.parametrize("family", ["lognormal", "gamma", "weibull"])
@pytest.mark.parametrize("cv", [0.01, 20])
def test_every_spread_that_is_allowed_can_be_drawn(family, cv):
    """The bounds of cv are inside what each family can do."""
    assert LagSpec(dist=family, mean=2, cv=cv).lag().mean == pytest.approx(2)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(b=2),
        lambda d: d.__setitem__("a", 2),
        lambda d: d.__delitem__("a"),
        lambda d: d.pop("a"),
        lambda d: d.popitem(),
        lambda d: d.clear(),
        lambda d: d.setdefault("b", 2),
        lambda d: d.__ior__({"b": 2}),
    ],
)
def test_a_frozen_mapping_refuses_changes(change):
    """The message says how to get another scenario instead."""
    frozen = Frozen({"a": 1})

    with pytest.raises(TypeError, match=r"never changes; .* \.changed"):
        change(frozen)

    assert frozen == {"a": 1}


def test_a_frozen_mapping_travels():
    """It can be copied and sent to another process, and stays frozen."""
    frozen = Frozen({"a": {"b": 1}})

    copies = [copy.deepcopy(frozen), pickle.loads(pickle.dumps(frozen))]

    assert [(Frozen, frozen)] * 2 == [(type(other), other) for other in copies]
