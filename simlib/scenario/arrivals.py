"""What a user says of a source's leads: how many, when, and what may happen to it.

In: plain values from YAML or Python. Out: frozen, checked records, as in
`simlib.scenario.models`. Nothing here draws; see `simlib.arrivals`.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simlib.content import ContentStock
from simlib.scenario.values import (
    Leads,
    Months,
    NotNegative,
    Number,
    Part,
    PartError,
    Positive,
    Share,
)

MOST_GROWN = 1e12
"""However long and fast it grows, no source becomes larger than so many times."""


class Import(Part):
    """Leads that come all at once."""

    day: NotNegative = Field(description="The day of the import, from the start.")
    leads: Leads = Field(description="How many leads.")


class Content(Part):
    """Pieces of content and their visitors; of these a share becomes leads.

    Most pieces lose visitors from their first month on; a few grow first, and fade
    slowly.
    """

    pieces_per_month: NotNegative = Field(
        4.0, description="Pieces published a month, from start to stop, a number."
    )
    visits_per_piece: NotNegative = Field(
        100.0, description="Visits a month to a new piece, a number."
    )
    conversion: Share = Field(
        0.01, description="Share of visits that become leads, a number from 0 to 1."
    )
    half_life_months: Months = Field(
        8.0, description="Months in which an ordinary piece loses half its visits."
    )
    compounding_share: Share = Field(
        0.1, description="Share of pieces that grow before they fade, 0 to 1."
    )
    growth: Annotated[Number, Field(ge=0, le=1000)] = Field(
        2.7309, description="Compounding: visits gained, as a number times the first."
    )
    growth_months: Months = Field(
        6.0, description="Compounding: months in which 63% of that growth is there."
    )
    compounding_half_life_months: Months = Field(
        48.0, description="Compounding: months in which half of the visits is lost."
    )

    @property
    def stock(self) -> ContentStock:
        """What is published, and what becomes of it."""
        return ContentStock(
            pieces_per_month=self.pieces_per_month,
            visits_per_piece=self.visits_per_piece,
            compounding_share=self.compounding_share,
            half_life=self.half_life_months,
            growth=self.growth,
            growth_months=self.growth_months,
            compounding_half_life=self.compounding_half_life_months,
        )


class Shocks(Part):
    """What now and then hits a source: it brings less for a while."""

    per_year: Annotated[Number, Field(ge=0, le=1000)] = Field(
        0.4, description="How often, a number a year, at random."
    )
    loss: Share = Field(0.4, description="Share of its leads that is lost, 0 to 1.")
    days: Annotated[Number, Field(gt=0, le=100_000)] = Field(
        90.0, description="Days that it lasts."
    )


class Uptake(Part):
    """How a habit spreads, such as asking an assistant instead of a search engine.

    The share of the full rate is logistic in time: slow, then fast, then no further.
    """

    half_on: Annotated[Number, Field(ge=-100_000, le=100_000)] = Field(
        365.0,
        description="Day by which half of the full rate is there; it may lie before 0.",
    )
    months: Months = Field(
        36.0, description="Months from a tenth of the full rate to nine tenths."
    )


class Arrivals(Part):
    """How a source's leads arrive: a Poisson process with a changing rate."""

    switches = ("growth_per_month", "content", "uptake")

    per_month: NotNegative | None = Field(
        None, description="Leads a month when the source runs in full."
    )
    per_day: NotNegative | None = Field(
        None, description="Leads a day when the source runs in full; or per_month."
    )
    shape: Literal["steady", "compounding", "effort", "saturating", "content"] = Field(
        "steady",
        description="How the rate develops: steady or effort (full at once, nothing "
        "after the stop), compounding (builds up, then fades slowly), saturating "
        "(full, less and less for more spend), content (piece by piece).",
    )
    start: NotNegative = Field(0.0, description="Day on which the effort starts.")
    stop: NotNegative | None = Field(
        None, description="Day on which the effort stops. Default: never."
    )
    growth_per_month: Annotated[Number, Field(ge=-0.5, le=1)] = Field(
        0.0,
        description="Steady or effort: share by which the rate grows each month after "
        "the start, a number; below 0 it shrinks.",
    )
    months_to_full: Months = Field(
        12.0, description="Compounding: months of effort until the rate is full."
    )
    half_life_months: Months = Field(
        12.0, description="Compounding: months in which old content loses half."
    )
    half_spend_per_month: Positive | None = Field(
        None,
        description="Saturating: currency per month that brings half the full rate.",
    )
    content: Content | None = Field(
        None, description="Content: the pieces that bring the leads, not per_month."
    )
    uptake: Uptake | None = Field(
        None, description="How it spreads. Default: all of it is there from the start."
    )
    weekdays: Annotated[tuple[NotNegative, ...], Field(min_length=7, max_length=7)] = (
        Field((1.0,) * 7, description="Weights of Monday to Sunday, seven numbers.")
    )
    overdispersion: Annotated[Number, Field(ge=1, le=1000)] = Field(
        1.0,
        description="Variance / mean of a day's count at the full rate, a number; "
        "1 is pure chance.",
    )
    imports: Annotated[tuple[Import, ...], Field(max_length=10_000)] = Field(
        (), description="One-off imports."
    )

    @model_validator(mode="after")
    def _can_be_drawn(self) -> Self:
        self._says_how_many()
        if self.stop is not None and self.stop < self.start:
            raise PartError(
                "stop", f"is {self.stop:g}; it must be {self.start:g} (start) or later"
            )
        if sum(self.weekdays) <= 0:
            raise PartError("weekdays", "are all 0; give one day a weight above 0")
        if self.shape == "saturating" and self.half_spend_per_month is None:
            raise PartError("half_spend_per_month", "is missing; saturating needs it")
        if self.shape != "saturating" and self.half_spend_per_month is not None:
            raise PartError("half_spend_per_month", "goes only with shape: saturating")
        if self.growth_per_month and self.shape not in {"steady", "effort"}:
            shapes = "steady or effort"
            raise PartError("growth_per_month", f"goes only with shape: {shapes}")
        return self

    def _says_how_many(self) -> None:
        """Refuse a source that says twice how many leads it brings, or not at all."""
        said = [
            key
            for key in ("per_month", "per_day", "content")
            if getattr(self, key) is not None
        ]
        if len(said) > 1:
            raise ValueError(f"has {said[0]} and {said[1]}; keep one of the two")
        if not said and not self.imports:
            raise ValueError("needs per_month, per_day or imports")
        if self.shape == "content" and self.content is None:
            raise PartError("content", "is missing; shape: content needs it")
        if self.shape != "content" and self.content is not None:
            raise PartError("content", "goes only with shape: content")

    @property
    def lives_on(self) -> bool:
        """Whether leads still come when the effort has stopped."""
        return self.shape in {"compounding", "content"}

    def grown(self, days: float, days_per_month: float) -> float:
        """Return how many times its first rate a source has, days after its start."""
        months = max(days, 0.0) / days_per_month
        logarithm = months * math.log1p(self.growth_per_month)
        return math.exp(min(logarithm, math.log(MOST_GROWN)))

    def most_grown(self, days_per_month: float, horizon: float) -> float:
        """Return the largest of these numbers before the horizon (days)."""
        stop = horizon if self.stop is None else min(self.stop, horizon)
        return max(1.0, self.grown(stop - self.start, days_per_month))

    def full_per_day(self, days_per_month: float, horizon: float) -> float:
        """Return the highest rate (leads a day) before the horizon (days).

        Of content it is a bound: what all pieces up to the horizon would bring if they
        had grown at once.
        """
        if self.content:
            stop = horizon if self.stop is None else min(self.stop, horizon)
            months = max(stop - self.start, 0.0) / days_per_month
            visits = self.content.stock.most(months)
            return visits * self.content.conversion / days_per_month
        per_day = self.per_day or (self.per_month or 0.0) / days_per_month
        return per_day * self.most_grown(days_per_month, horizon)
