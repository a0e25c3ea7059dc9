"""What a user says of how a source meets the buyers of the market.

In: plain values from YAML or Python. Out: frozen, checked records, as in
`simlib.scenario.models`. A source without a market brings leads instead; see
`simlib.scenario.arrivals`.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from simlib.scenario.arrivals import Uptake
from simlib.scenario.market import PerKind
from simlib.scenario.values import (
    Flag,
    Headcount,
    Months,
    NotNegative,
    Number,
    Part,
    PartError,
    Positive,
    ShareOrByKind,
)


class Abm(Part):
    """What is done for the accounts of a list besides touching them (ABM).

    A touch of an account goes to all its contacts; it answers if one of them does.
    """

    contacts: Annotated[int, Field(strict=True, ge=1, le=50)] = Field(
        3, description="Contacts of each account, a whole number."
    )
    wins_times: Annotated[Number, Field(ge=0, le=100)] = Field(
        1.3,
        description="A number: factor on the rates at which leads of the list are won.",
    )
    value_times: Annotated[Number, Field(gt=0, le=100)] = Field(
        1.5, description="A number: factor on the value of the list's deals."
    )


class Meets(Part):
    """How a source meets the buyers of the market."""

    switches: ClassVar[tuple[str, ...]] = (
        "abm",
        "uptake",
        "first_meeting_costs",
        "ready_times",
    )

    by: Literal["visits", "touches", "hand_raise"] = Field(
        description="visits: buyers come upon an asset; touches: we reach buyers (ads, "
        "mails, calls); hand_raise: who thought of us asks for sales."
    )
    per_month: PerKind = Field(
        0.0, description="Meetings of one buyer a month: a number, or one per kind."
    )
    in_all_per_month: NotNegative | None = Field(
        None, description="Touches a month in all, spread evenly; or per_month."
    )
    shape: Literal["steady", "compounding"] = Field(
        "steady", description="Full at once, or built up like a stock of content."
    )
    start: NotNegative | None = Field(
        None, description="Day on which it starts. Default: before the history."
    )
    stop: NotNegative | None = Field(
        None, description="Day on which the effort stops. Default: never."
    )
    months_to_full: Months = Field(
        12.0, description="Compounding: months of effort until the rate is full."
    )
    half_life_months: Months = Field(
        12.0, description="Compounding: months in which old content loses half."
    )
    uptake: Uptake | None = Field(
        None, description="How it spreads. Default: all of it is there from the start."
    )
    first_meeting_costs: Positive | None = Field(
        None,
        description="Currency that the first meeting costs, where cost.per_month buys "
        "them: each further one costs more. Default: spend buys no meetings.",
    )
    ready_times: Positive = Field(
        1.0,
        description="Visits: factor on how often buyers in the market come, a number.",
    )
    answer: ShareOrByKind = Field(
        0.0,
        description="Touches: chance, 0 to 1, of an answer (a lead), by kind.",
    )
    warmed_by_memory: NotNegative = Field(
        0.0,
        description="Touches: the answer x (1 + this x (1 - exp(-memory))), a number.",
    )
    remember: NotNegative = Field(
        0.0, description="Touches: memory added by each, a number."
    )
    by_mail: Flag = Field(
        False, description="Touches: arrive only as far as the sender's reputation."
    )
    accounts: Headcount | None = Field(
        None,
        description="Touches: how many listed accounts that fit are touched (ABM).",
    )
    abm: Abm | None = Field(
        None,
        description="What is done for the listed accounts. Default: they are touched.",
    )
    after_visit_days: Positive | None = Field(
        None, description="Touches: only who visited in the last so many days."
    )
    only_open: Flag = Field(
        False, description="Visits: open assets only, as AI search cites them."
    )
    fills_times: Positive = Field(
        1.0, description="Visits: factor on leaving a name, a number."
    )

    @model_validator(mode="after")
    def _says_how_often(self) -> Self:
        if self.in_all_per_month is not None and "per_month" in self.model_fields_set:
            raise ValueError("has per_month and in_all_per_month; keep one of the two")
        if self.by == "visits" and self.accounts:
            raise PartError("by", "accounts go with touches")
        if self.abm and not self.accounts:
            raise PartError("abm", "needs accounts: how many there are on the list")
        if self.first_meeting_costs and self.by == "hand_raise":
            raise PartError("first_meeting_costs", "nobody can buy raised hands")
        if self.first_meeting_costs and self.after_visit_days:
            raise PartError(
                "first_meeting_costs",
                "needs a known pool, and after_visit_days depends on other sources",
            )
        start = 0.0 if self.start is None else self.start
        if self.stop is not None and self.stop < start:
            raise PartError(
                "stop", f"is {self.stop:g}; it must be {start:g} (start) or later"
            )
        return self
