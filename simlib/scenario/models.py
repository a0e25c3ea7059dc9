"""What a user says: the parts of a scenario as frozen, checked records.

In: plain values from YAML or Python. Out: models whose field descriptions are also
the text of ``simlib schema``. Nothing here draws, simulates or knows a file.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from simlib.calendars import CALENDARS
from simlib.lags import Lag, empirical_lag, lag_of
from simlib.log import KINDS

Share = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=60)]
Kind = Literal["ready", "not_yet", "misfit", "junk"]
ByKind = dict[Kind, Share]
Cap = Annotated[int, Field(strict=True, ge=1, le=1000)]
Headcount = Annotated[int, Field(strict=True, ge=1, le=100_000)]


def _number_or_mapping(given: Any) -> str:
    return "mapping" if isinstance(given, dict | BaseModel) else "number"


def _form_of_rate(given: Any) -> str:
    if not isinstance(given, dict):
        return "number"
    return "kinds" if any(key in KINDS for key in given) else "sources"


ShareOrByKind = Annotated[
    Annotated[Share, Tag("number")] | Annotated[ByKind, Tag("mapping")],
    Discriminator(_number_or_mapping),
]
Rate = Annotated[
    Annotated[Share, Tag("number")]
    | Annotated[ByKind, Tag("kinds")]
    | Annotated[dict[Name, ShareOrByKind], Tag("sources")],
    Discriminator(_form_of_rate),
]
MIX = {"ready": 0.27, "not_yet": 0.40, "misfit": 0.10, "junk": 0.23}
LONGEST_HORIZON = 36_525.0
MOST_LEADS = 10_000_000
OTHERS = "default"


class Part(BaseModel):
    """Anything in a scenario: immutable, and every key must be known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LagSpec(Part):
    """A duration's distribution; a bare number means exactly that many days."""

    dist: Literal[
        "lognormal", "gamma", "weibull", "exponential", "fixed", "empirical"
    ] = Field("lognormal", description="Family of the distribution.")
    mean: NotNegative | None = Field(None, description="Mean, in days.")
    median: NotNegative | None = Field(None, description="Median, in days.")
    cv: Annotated[Positive, Field(le=20)] | None = Field(
        None, description="Coefficient of variation: sd / mean. Default 1."
    )
    values: tuple[NotNegative, ...] = Field(
        (), max_length=100_000, description="For empirical: observed days."
    )
    weights: tuple[NotNegative, ...] = Field(
        (), max_length=100_000, description="For empirical: weight of each value."
    )

    @model_validator(mode="after")
    def _says_one_thing(self) -> LagSpec:
        if self.dist == "empirical":
            if not self.values or self.mean is not None or self.median is not None:
                raise ValueError("an empirical lag has values, and no mean or median")
            if self.weights and len(self.weights) != len(self.values):
                raise ValueError(
                    f"{len(self.values)} values but {len(self.weights)} weights; "
                    "give one weight for each value"
                )
            if self.weights and sum(self.weights) <= 0:
                raise ValueError("the weights are all zero; give one a weight above 0")
            return self
        if self.values or self.weights:
            raise ValueError("values and weights go with dist: empirical")
        if (self.mean is None) == (self.median is None):
            raise ValueError("give either mean or median, in days")
        if self.cv is not None and self.dist in {"exponential", "fixed"}:
            known = "always 1" if self.dist == "exponential" else "always 0"
            raise ValueError(f"the cv of dist: {self.dist} is {known}; leave cv out")
        return self

    def lag(self) -> Lag:
        """Return the lag that this specification describes."""
        if self.dist == "empirical":
            return empirical_lag(self.values, self.weights or None)
        cv = 1.0 if self.cv is None else self.cv
        return lag_of(self.dist, mean=self.mean, median=self.median, cv=cv)


Duration = Annotated[
    Annotated[NotNegative, Tag("number")] | Annotated[LagSpec, Tag("mapping")],
    Discriminator(_number_or_mapping),
]


def as_lag(duration: Duration) -> Lag:
    """Return the lag of a duration; a bare number is a fixed one, in days."""
    if isinstance(duration, LagSpec):
        return duration.lag()
    return Lag("fixed", float(duration))


class Transition(Part):
    """A way from one stage to another: how likely, and how long it takes."""

    rate: Rate = Field(
        description="Probability: a number, per kind, per source, or both."
    )
    lag: Duration = Field(0.0, description="Days from the outcome to the next stage.")


class Exit(Part):
    """Where a lead goes that does not take a transition."""

    to: Name = Field(description="The stage that it leaks to.")
    lag: Duration = Field(0.0, description="Days until it has left. Default: at once.")
    reason: Annotated[str, Field(min_length=1, max_length=60)] = Field(
        "leaked", description="The reason written into the log."
    )


class Contact(Part):
    """The contact curve: chance of reaching a lead after w days is
    1 / (1 + (w / half_at) ** power)."""

    half_at: Positive = Field(description="Days after which half are still reached.")
    power: Positive = Field(description="How steeply the chance falls.")
    dial: NotNegative = Field(0.0, description="Days from taking a lead up to calling.")


class Stage(Part):
    """A state of the lead lifecycle."""

    next: dict[Name, Transition] = Field(
        default_factory=dict, description="Transitions, tried in the order written."
    )
    leak: Exit | None = Field(None, description="The rest: what no transition takes.")
    team: Name | None = Field(None, description="The team that must do the work here.")
    work: Duration | None = Field(None, description="Days of work for each lead.")
    patience: Duration | None = Field(
        None, description="Days that a lead waits before it goes cold. Default: ever."
    )
    contact: Contact | None = Field(None, description="Speed to lead.")
    went_cold: Exit | None = Field(None, description="Where leads go that gave up.")
    not_reached: Exit | None = Field(None, description="Where unreached leads go.")
    slots: Name | None = Field(
        None, description="The team whose slot is held from entering until leaving."
    )
    visits: Cap | None = Field(
        None, description="Cap on visits; entering once more ends the lead."
    )
    anonymous: bool = Field(False, description="A visitor, not yet a lead.")
    terminal: Literal["won", "lost"] | None = Field(None, description="An end.")


class Nurture(Part):
    """The nurture pool: two clocks race for everybody in it."""

    to: Name = Field(description="The stage that a woken lead re-enters.")
    ready_per_month: Annotated[
        Annotated[NotNegative, Tag("number")]
        | Annotated[dict[Kind, NotNegative], Tag("mapping")],
        Discriminator(_number_or_mapping),
    ] = Field(description="Rate of waking, per month, a number or per kind.")
    drop_out_per_month: NotNegative = Field(0.0, description="Rate of unsubscribing.")
    cost_per_month: NotNegative = Field(0.0, description="Cost per contact and month.")
    visits: Cap = Field(20, description="Cap on returns to the pool.")

    def ready_rate(self, kind: str) -> float:
        """Return the rate of waking per month of a kind."""
        rates: Any = self.ready_per_month
        return float(rates.get(kind, 0.0) if isinstance(rates, dict) else rates)


class Team(Part):
    """Finite people."""

    people: Headcount = Field(description="How many.")
    cost_per_month: NotNegative = Field(0.0, description="Cost of one person a month.")
    order: Literal["fifo", "lifo", "hot_first"] = Field(
        "fifo", description="Order of service."
    )
    hot: Rate = Field(
        default_factory=lambda: {
            "ready": 0.85,
            "not_yet": 0.20,
            "misfit": 0.20,
            "junk": 0.20,
        },
        description="Chance that sales see a lead of this kind as hot.",
    )
    calendar: Literal["always_on", "business_hours"] = Field(
        CALENDARS[0], description="When they work."
    )
    slots_per_person: Headcount = Field(
        20, description="Open deals that one person can hold."
    )


class Import(Part):
    """Leads that come all at once."""

    day: NotNegative = Field(description="The day of the import.")
    leads: Annotated[int, Field(strict=True, ge=1, le=MOST_LEADS)] = Field(
        description="How many."
    )


class Arrivals(Part):
    """How a source's leads arrive: a Poisson process with a changing rate."""

    per_month: NotNegative | None = Field(None, description="Leads a month at full.")
    per_day: NotNegative | None = Field(None, description="Leads a day at full.")
    shape: Literal["steady", "compounding", "effort", "saturating"] = Field(
        "steady", description="How the rate develops."
    )
    start: NotNegative = Field(0.0, description="Day of the first effort.")
    stop: NotNegative | None = Field(None, description="Day on which effort stops.")
    months_to_full: Positive = Field(12.0, description="Compounding: build-up.")
    half_life_months: Positive = Field(12.0, description="Compounding: decay.")
    half_spend_per_month: Positive | None = Field(
        None, description="Saturating: spend a month that yields half the full rate."
    )
    weekdays: Annotated[tuple[NotNegative, ...], Field(min_length=7, max_length=7)] = (
        Field((1.0,) * 7, description="Weight of Monday to Sunday.")
    )
    overdispersion: Annotated[Positive, Field(ge=1, le=1000)] = Field(
        1.0, description="Variance / mean of the count of a day at the full rate."
    )
    imports: tuple[Import, ...] = Field((), description="One-off imports.")

    @model_validator(mode="after")
    def _can_be_drawn(self) -> Arrivals:
        if self.per_month is not None and self.per_day is not None:
            raise ValueError("give per_month or per_day, not both")
        if self.per_month is None and self.per_day is None and not self.imports:
            raise ValueError("give per_month, per_day or imports")
        if self.stop is not None and self.stop < self.start:
            raise ValueError(f"stop {self.stop:g} lies before start {self.start:g}")
        if sum(self.weekdays) <= 0:
            raise ValueError("weekdays are all zero; give one day a weight above 0")
        if (self.shape == "saturating") != (self.half_spend_per_month is not None):
            raise ValueError("half_spend_per_month goes with shape: saturating")
        return self


class Cost(Part):
    """What a source costs."""

    per_month: NotNegative = Field(0.0, description="While it runs.")
    per_lead: NotNegative = Field(0.0, description="For each lead, at capture.")
    per_touch: NotNegative = Field(0.0, description="For each arrival, lead or not.")
    one_off: NotNegative = Field(0.0, description="Once, at the start.")


class Source(Part):
    """Where leads come from."""

    leads: Arrivals = Field(description="How many, when.")
    entry: Name | None = Field(
        None, description="The stage that they enter; default captured."
    )
    mix: ByKind = Field(
        default_factory=lambda: dict(MIX),
        description="Shares of the kinds; they sum to 1.",
    )
    cost: Cost = Field(default_factory=lambda: Cost(), description="What it costs.")

    @model_validator(mode="after")
    def _shares_sum_to_one(self) -> Source:
        total = sum(self.mix.values())
        if abs(total - 1) > 1e-6:
            raise ValueError(f"mix: the shares sum to {total:g}; they must sum to 1")
        return self


class Deal(Part):
    """What a customer is worth."""

    value: Duration = Field(
        description="Annual contract value: a number, or dist with mean and cv."
    )
    gross_margin: Share = Field(1.0, description="Share of revenue kept.")
    monthly_churn: Annotated[Share, Field(lt=1)] = Field(
        0.0, description="Share of customers lost each month."
    )
    pipeline_stage: Name = Field("opportunity", description="Where pipeline begins.")

    def mean_value(self) -> float:
        """Return the mean annual contract value."""
        return as_lag(self.value).mean


class ScenarioFields(Part):
    """Everything that a user sets."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    description: str = Field("", description="What it is for.")
    horizon: Annotated[Positive, Field(le=LONGEST_HORIZON)] = Field(
        730.0, description="Days simulated, half-open."
    )
    start: dt.date = Field(dt.date(2025, 1, 6), description="Day 0, a Monday.")
    days_per_month: Positive = Field(30.4375, description="Days in a month.")
    currency: Annotated[str, Field(min_length=1, max_length=8)] = Field(
        "USD", description="Label of amounts."
    )
    stages: dict[Name, Stage] = Field(description="The lead lifecycle, a free graph.")
    nurture: Nurture | None = Field(None, description="The nurture pool.")
    teams: dict[Name, Team] = Field(default_factory=dict, description="People.")
    sources: dict[Name, Source] = Field(description="Where leads come from.")
    deal: Deal | None = Field(None, description="What a customer is worth.")


assert set(MIX) == set(KINDS)
