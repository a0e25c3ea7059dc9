"""The values of a scenario: numbers with bounds, rates, and lags.

In: plain values from YAML or Python. Out: types that refuse what cannot be. A value
is the smallest thing that a change replaces: a rate or a lag is never half of an old
one and half of a new one. Nothing here knows what a stage or a source is.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal, NoReturn, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    SerializerFunctionWrapHandler,
    StrictBool,
    Tag,
    model_serializer,
    model_validator,
)

from simlib.errors import nearest
from simlib.lags import Lag, empirical_lag, lag_of
from simlib.log import KINDS

K = TypeVar("K")
V = TypeVar("V")

LONGEST_HORIZON = 36_525.0
MOST_PARTS = 100
MOST_VALUES = 100_000
LARGEST = 1e9
FIRST_YEAR, LAST_YEAR = 1900, 2200
OTHERS = "default"


class PartError(ValueError):
    """What is wrong inside a part, and at which of its keys."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key


class Frozen(dict[K, V]):
    """A dict that nobody can change."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a scenario never changes; ask for another by .changed({...})")

    __setitem__ = __delitem__ = __ior__ = _refuse
    update = setdefault = pop = popitem = clear = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)


class Part(BaseModel):
    """Anything in a scenario: immutable, and every key must be known."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    switches: ClassVar[tuple[str, ...]] = ()
    """Keys of mechanisms that came later: nothing is written of them while off."""

    @model_serializer(mode="wrap")
    def _without_what_is_off(
        self, written: SerializerFunctionWrapHandler
    ) -> dict[str, Any]:
        """Leave a mechanism out where it is off: no old digest may change by it."""
        said: dict[str, Any] = written(self)
        for key in self.switches:
            field = type(self).model_fields[key]
            if getattr(self, key) == field.get_default(call_default_factory=True):
                said.pop(key, None)
        return said


def _in_order(by_kind: Mapping[K, V]) -> Frozen[K, V]:
    """Return a mapping by kind in the order of `KINDS`, however it was written."""
    return Frozen({kind: by_kind[kind] for kind in KINDS if kind in by_kind})  # type: ignore[index, misc]


def _whole(by_kind: Mapping[K, V]) -> Mapping[K, V]:
    """Refuse a mapping that leaves a kind out."""
    missing = [kind for kind in KINDS if kind not in by_kind]
    if missing:
        raise ValueError(f"no rate for {', '.join(missing)}; 0 is a rate too")
    return by_kind


Flag = StrictBool
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Share = Annotated[Number, Field(ge=0, le=1)]
NotNegative = Annotated[Number, Field(ge=0, le=LARGEST)]
Positive = Annotated[Number, Field(gt=0, le=LARGEST)]
Months = Annotated[Number, Field(ge=0.01, le=12_000)]
Spread = Annotated[Number, Field(ge=0.01, le=20)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=60)]
Cap = Annotated[int, Field(strict=True, ge=1, le=1000)]
Headcount = Annotated[int, Field(strict=True, ge=1, le=100_000)]
Leads = Annotated[int, Field(strict=True, ge=1, le=10_000_000)]

Kind = Literal["ready", "not_yet", "misfit", "junk"]
Shares = Annotated[dict[Kind, Share], AfterValidator(_in_order)]
SharesOfAll = Annotated[Shares, AfterValidator(_whole)]
NumbersOfKinds = Annotated[dict[Kind, NotNegative], AfterValidator(_in_order)]


def _printable(text: str) -> str:
    """Refuse text that would break a table or move a terminal's cursor."""
    if not text.isprintable():
        raise ValueError("must be text on one line, without control characters")
    return text


ONE_LINE = AfterValidator(_printable)


def number_or_mapping(given: Any) -> str:
    """Return the form in which a value was written."""
    return "mapping" if isinstance(given, dict | BaseModel) else "number"


def _form_of_rate(given: Any) -> str:
    if not isinstance(given, dict):
        return "number"
    return "kinds" if any(key in KINDS for key in given) else "sources"


def _one_form(given: Any) -> Any:
    """Refuse a rate that is empty or mixes kinds with sources."""
    if not isinstance(given, dict):
        return given
    if not given:
        raise ValueError(
            "is empty; give a number from 0 to 1, or one for each kind or source"
        )
    strangers = [key for key in given if key not in KINDS]
    if 0 < len(strangers) < len(given):
        stranger = strangers[0]
        raise ValueError(
            f"'{stranger}' is no kind ({', '.join(KINDS)}), and kinds and sources do "
            f"not mix; for a source write {stranger}: {{ready: ...}}."
            f"{nearest(stranger, KINDS)}"
        )
    return given


ShareOrByKind = Annotated[
    Annotated[Share, Tag("number")] | Annotated[SharesOfAll, Tag("mapping")],
    Discriminator(number_or_mapping),
]
Rate = Annotated[
    Annotated[Share, Tag("number")]
    | Annotated[SharesOfAll, Tag("kinds")]
    | Annotated[dict[Name, ShareOrByKind], AfterValidator(Frozen), Tag("sources")],
    Discriminator(_form_of_rate),
    BeforeValidator(_one_form),
]


class LagSpec(Part):
    """A distribution, most often of a lag in days."""

    switches = ("at_once",)

    dist: Literal[
        "lognormal", "gamma", "weibull", "exponential", "fixed", "empirical"
    ] = Field(description="Family of the distribution.")
    mean: NotNegative | None = Field(
        None, description="Mean: days of a lag, currency of a deal's value."
    )
    median: NotNegative | None = Field(
        None, description="Median, in the unit of the mean; instead of it."
    )
    cv: Spread | None = Field(
        None, description="Coefficient of variation: sd / mean, a number. Default: 1."
    )
    values: tuple[NotNegative, ...] = Field(
        (), max_length=MOST_VALUES, description="For empirical: values that were seen."
    )
    weights: tuple[NotNegative, ...] = Field(
        (), max_length=MOST_VALUES, description="For empirical: weight of each value."
    )
    at_once: Annotated[Number, Field(ge=0, lt=1)] = Field(
        0.0,
        description="Share, 0 to below 1, that takes no time; mean, median and cv are "
        "of the others.",
    )

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        centres = [
            name for name in ("mean", "median") if getattr(self, name) is not None
        ]
        if self.dist == "empirical":
            self._has_values(centres)
            return self
        if self.values or self.weights:
            raise ValueError("values and weights go with dist: empirical")
        if len(centres) != 1:
            raise ValueError("needs either mean or median (not both)")
        if self.cv is not None and self.dist in {"exponential", "fixed"}:
            known = "always 1" if self.dist == "exponential" else "always 0"
            raise PartError("cv", f"of dist: {self.dist} is {known}; leave cv out")
        if self.at_once and self.dist == "fixed":
            raise PartError(
                "at_once", "needs a spread; for two values write dist: empirical"
            )
        return self

    def _has_values(self, centres: list[str]) -> None:
        """Refuse an empirical lag without values, or with anything else."""
        if centres or self.cv is not None:
            unneeded = (*centres, "cv")[0]
            raise PartError(unneeded, "an empirical lag has only values and weights")
        if self.at_once:
            raise PartError("at_once", "is a value 0 here; put it among the values")
        if not self.values:
            raise ValueError("an empirical lag needs values: a list of days")
        if self.weights and len(self.weights) != len(self.values):
            raise PartError(
                "weights",
                f"there are {len(self.weights)} for {len(self.values)} values; "
                "give one weight for each value",
            )
        if self.weights and sum(self.weights) <= 0:
            raise PartError("weights", "are all zero; give one a weight above 0")

    def lag(self) -> Lag:
        """Return the lag that this specification describes."""
        if self.dist == "empirical":
            return empirical_lag(self.values, self.weights or None)
        cv = 1.0 if self.cv is None else self.cv
        lag = lag_of(self.dist, mean=self.mean, median=self.median, cv=cv)
        return replace(lag, at_once=self.at_once)


Duration = Annotated[
    Annotated[NotNegative, Tag("number")] | Annotated[LagSpec, Tag("mapping")],
    Discriminator(number_or_mapping),
]


def as_lag(duration: Duration) -> Lag:
    """Return the lag of a duration; a bare number is a fixed one, in days."""
    if isinstance(duration, LagSpec):
        return duration.lag()
    return Lag("fixed", float(duration))


def _a_day(given: Any) -> Any:
    """Refuse everything but a date between 1900 and 2200, or its text."""
    day = given
    if isinstance(given, str):
        with contextlib.suppress(ValueError):
            day = dt.date.fromisoformat(given)
    is_day = isinstance(day, dt.date) and not isinstance(day, dt.datetime)
    if not is_day or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(
            f"is '{given}'; it must be a date of the years {FIRST_YEAR} to "
            f"{LAST_YEAR}, such as 2025-01-06"
        )
    return day


Day = Annotated[dt.date, BeforeValidator(_a_day)]
