"""What a user says: the parts of a scenario as frozen, checked records.

In: plain values from YAML or Python. Out: models whose field descriptions are also
the text of ``simlib schema``. Nothing here draws, simulates or knows a file.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from simlib.scenario.arrivals import Arrivals, Shocks
from simlib.scenario.forms import Form
from simlib.scenario.market import Market
from simlib.scenario.meetings import Meets
from simlib.scenario.morale import Morale
from simlib.scenario.qualification import Asked, Checklist, FitScore, HandOff, Intent
from simlib.scenario.reputation import Burn, Reputation
from simlib.scenario.scoring import Score
from simlib.scenario.values import (
    LARGEST,
    LONGEST_HORIZON,
    MOST_PARTS,
    ONE_LINE,
    Cap,
    Day,
    Duration,
    Flag,
    Frozen,
    Headcount,
    Kind,
    Name,
    NotNegative,
    Number,
    NumbersOfKinds,
    Part,
    PartError,
    Positive,
    Rate,
    Share,
    Shares,
    as_lag,
    number_or_mapping,
)


def _usual_mix() -> dict[Kind, float]:
    return Frozen({"ready": 0.27, "not_yet": 0.40, "misfit": 0.10, "junk": 0.23})


def _shares_of_one(mix: dict[Any, float]) -> dict[Any, float]:
    """Refuse shares that do not sum to 1."""
    total = sum(mix.values())
    if abs(total - 1) > 1e-6:
        raise ValueError(f"the shares sum to {total:g}; they must sum to 1")
    return mix


def _usual_score() -> dict[Kind, float]:
    return Frozen({"ready": 0.85, "not_yet": 0.20, "misfit": 0.20, "junk": 0.20})


class Transition(Asked):
    """A way from one stage to another: how likely, and how long it takes."""

    switches = (*Asked.switches, "found")

    rate: Rate = Field(
        description="Probability, 0 to 1: a number, per kind, per source, or both."
    )
    lag: Duration = Field(
        0.0, description="Days from the outcome to the next stage. Default: at once."
    )
    found: Share = Field(
        1.0,
        description="Factor, 0 to 1, on the rate of buyers of a market who had not "
        "thought of us before we found them.",
    )


class Exit(Part):
    """Where a lead goes that does not take a transition."""

    to: Name = Field(description="The stage that it leaks to.")
    lag: Duration = Field(0.0, description="Days until it has left. Default: at once.")
    reason: Annotated[str, Field(min_length=1, max_length=60), ONE_LINE] = Field(
        "leaked", description="The reason written into the log."
    )


class Contact(Part):
    """The contact curve: who is still reached after a response time of w days.

    The chance is 1 / (1 + (w / half_at) ** power).
    """

    half_at: Annotated[Number, Field(ge=1e-6, le=LARGEST)] = Field(
        description="Days of response time after which half are still reached."
    )
    power: Annotated[Number, Field(ge=0.1, le=20)] = Field(
        description="How steeply the chance falls, a number."
    )
    dial: NotNegative = Field(
        0.0, description="Days from taking a lead up to the first ring."
    )


class Stage(Part):
    """A state of the lead lifecycle."""

    switches = ("score", "hand_off")

    next: Annotated[dict[Name, Transition], AfterValidator(Frozen)] = Field(
        default_factory=Frozen,
        max_length=MOST_PARTS,
        description="Transitions by the stage they lead to, tried in this order.",
    )
    leak: Exit | None = Field(
        None,
        description="Where the rest goes, whom no transition takes. "
        "Default: to the first stage with terminal: lost, at once.",
    )
    team: Name | None = Field(None, description="The team that must do the work here.")
    work: Duration | None = Field(
        None,
        description="Days of work for each lead; 8 hours each with business_hours.",
    )
    hand_off: HandOff | None = Field(
        None,
        description="How leads get to the team. Default: at once, without context.",
    )
    patience: Duration | None = Field(
        None,
        description="Days that a lead waits for the team before it goes cold. "
        "Default: it waits for ever.",
    )
    contact: Contact | None = Field(
        None, description="Speed to lead: who is still reached. Default: everybody."
    )
    went_cold: Exit | None = Field(
        None,
        description="Where leads go whose patience ended. "
        "Default: where the leak goes, at once.",
    )
    not_reached: Exit | None = Field(
        None,
        description="Where leads go that the team did not reach. "
        "Default: where the leak goes, at once.",
    )
    score: Score | None = Field(
        None,
        description="Points that a lead must gather here before it goes on. "
        "Default: none.",
    )
    slots: Name | None = Field(
        None, description="The team whose slot is held from entering until leaving."
    )
    visits: Cap | None = Field(
        None,
        description="Cap on visits of one lead, a whole number; entering once more "
        "ends it. Needed where leads can come round again.",
    )
    anonymous: Flag = Field(False, description="A visitor, not yet a lead.")
    terminal: Literal["won", "lost"] | None = Field(
        None, description="An end: won or lost. Leads never leave it."
    )


class Nurture(Part):
    """The nurture pool: two clocks race for everybody in it."""

    switches = ("hand_to",)

    to: Name = Field(description="The stage that a woken lead re-enters.")
    hand_to: Name | None = Field(
        None,
        description="The stage that a contact enters who raises a hand, in a market. "
        "Default: where all woken leads go.",
    )
    ready_per_month: Annotated[
        Annotated[NotNegative, Tag("number")]
        | Annotated[NumbersOfKinds, Tag("mapping")],
        Discriminator(number_or_mapping),
    ] = Field(description="Rate of waking, per month: a number, or one per kind.")
    drop_out_per_month: NotNegative = Field(
        0.0, description="Rate of unsubscribing, per month."
    )
    cost_per_month: NotNegative = Field(
        0.0, description="Currency per contact and month."
    )
    visits: Cap = Field(20, description="Cap on visits of one lead to the pool.")

    def ready_rate(self, kind: str) -> float:
        """Return the rate of waking per month of a kind."""
        rates: Any = self.ready_per_month
        return float(rates.get(kind, 0.0) if isinstance(rates, dict) else rates)


class Team(Part):
    """Finite people."""

    switches = ("morale",)

    people: Headcount = Field(description="How many people, a whole number.")
    cost_per_month: NotNegative = Field(
        0.0, description="Currency per person and month, busy or idle."
    )
    order: Literal["fifo", "lifo", "hot_first", "round_robin"] = Field(
        "fifo",
        description="Order of service: first come, last come, hottest first, or dealt "
        "in turn (round_robin): each person has a queue of their own, and who waits "
        "for somebody who quits waits for the successor.",
    )
    hot: Rate = Field(
        default_factory=_usual_score,
        description="Chance, 0 to 1, that sales see a lead as hot.",
    )
    calendar: Literal["always_on", "business_hours"] = Field(
        "always_on",
        description="When they work: always, or Monday to Friday from 9 to 17.",
    )
    slots_per_person: Headcount = Field(
        20, description="Open deals that one person can hold, where slots are used."
    )
    morale: Morale | None = Field(
        None, description="How they take backlog and bad leads. Default: they do not."
    )


class Cost(Part):
    """What a source costs, in the scenario's currency."""

    switches = ("per_account",)

    per_month: NotNegative = Field(
        0.0, description="Currency per month, start to stop."
    )
    per_lead: NotNegative = Field(0.0, description="Currency per lead, at capture.")
    per_touch: NotNegative = Field(
        0.0,
        description="Currency per arrival, or per contact met of a market.",
    )
    per_account: NotNegative = Field(
        0.0,
        description="Currency per listed account and month, start to stop; goes with "
        "meets.accounts.",
    )
    one_off: NotNegative = Field(0.0, description="Currency, once, at the start.")


class Source(Part):
    """Where leads come from."""

    switches = ("meets", "by_mail", "burn", "shocks", "form", "lag_times")

    leads: Arrivals = Field(
        default_factory=lambda: Arrivals(per_month=0.0),
        description="How many leads, and when.",
    )
    meets: Meets | None = Field(
        None, description="How it meets the buyers of a market; then leave leads out."
    )
    entry: Name | None = Field(
        None,
        description="The stage that they enter. "
        "Default: captured, or else the first stage of the file.",
    )
    mix: Annotated[Shares, AfterValidator(_shares_of_one)] = Field(
        default_factory=_usual_mix,
        description="Share of each kind, 0 to 1; they sum to 1.",
    )
    cost: Cost = Field(default_factory=Cost, description="What it costs.")
    by_mail: Flag = Field(
        False, description="Its leads a month go down with the sender's reputation."
    )
    burn: Burn | None = Field(
        None, description="What mailing its imports does to the sender's reputation."
    )
    shocks: Shocks | None = Field(
        None, description="What now and then costs it leads. Default: nothing."
    )
    form: Form | None = Field(
        None, description="The form by which leads leave a name; imports fill none."
    )
    lag_times: Positive = Field(
        1.0,
        description="Factor on every lag of its leads' ways from stage to stage, a "
        "number. Default: 1, they take as many days as others.",
    )

    @model_validator(mode="after")
    def _brings_somebody(self) -> Self:
        if ("leads" in self.model_fields_set) == (self.meets is not None):
            missing = "is missing (how many leads, and when; or meets, in a market)"
            twice = "goes without meets; keep one of the two"
            raise PartError("leads", twice if self.meets else missing)
        if self.meets and self.by_mail:
            raise PartError("by_mail", "goes with leads; here write meets.by_mail")
        if self.meets and self.shocks:
            raise PartError("shocks", "go with leads, not with meets")
        if self.meets and self.form:
            raise PartError("form", "goes with leads; in a market assets have forms")
        if self.cost.per_account and not (self.meets and self.meets.accounts):
            raise PartError("cost.per_account", "needs meets.accounts: a list of them")
        if self.burn and not self.leads.imports:
            raise PartError("burn", "needs leads.imports: the list that is mailed")
        return self


class Deal(Part):
    """What a customer is worth."""

    value: Duration = Field(
        description="Annual contract value in currency: a number or a distribution."
    )
    gross_margin: Share = Field(1.0, description="Share of revenue kept, 0 to 1.")
    monthly_churn: Annotated[Number, Field(ge=0, lt=1)] = Field(
        0.0, description="Share of customers lost each month, 0 to below 1."
    )
    pipeline_stage: Name = Field(
        "opportunity", description="The stage in which pipeline value begins."
    )

    def mean_value(self) -> float:
        """Return the mean annual contract value."""
        return as_lag(self.value).mean


class ScenarioFields(Part):
    """Everything that a user sets."""

    switches = ("market", "reputation", "intent", "fit_score", "checklist")

    name: Annotated[str, Field(min_length=1, max_length=120), ONE_LINE] = Field(
        description="What to call it."
    )
    description: Annotated[str, Field(max_length=10_000)] = Field(
        "", description="What it is for."
    )
    horizon: Annotated[Number, Field(gt=0, le=LONGEST_HORIZON)] = Field(
        730.0, description="Days simulated; an event at the horizon has not happened."
    )
    start: Day = Field(dt.date(2025, 1, 6), description="Date of day 0, a Monday.")
    days_per_month: Annotated[Number, Field(ge=1, le=366)] = Field(
        30.4375, description="Days in a month."
    )
    currency: Annotated[str, Field(min_length=1, max_length=8), ONE_LINE] = Field(
        "USD", description="What amounts are labelled with."
    )
    stages: Annotated[dict[Name, Stage], AfterValidator(Frozen)] = Field(
        min_length=1, max_length=MOST_PARTS, description="The lead lifecycle, a graph."
    )
    nurture: Nurture | None = Field(
        None, description="The nurture pool; leaks may go to the stage nurture."
    )
    teams: Annotated[dict[Name, Team], AfterValidator(Frozen)] = Field(
        default_factory=Frozen, max_length=MOST_PARTS, description="People, by team."
    )
    sources: Annotated[dict[Name, Source], AfterValidator(Frozen)] = Field(
        min_length=1, max_length=MOST_PARTS, description="Where leads come from."
    )
    market: Market | None = Field(
        None, description="Buyers with lives of their own, whom sources meet."
    )
    reputation: Reputation = Field(
        default_factory=Reputation,
        description="What burns the sender's reputation, and how it recovers.",
    )
    intent: Intent | None = Field(
        None, description="By which action leads left their names; rates may ask it."
    )
    fit_score: FitScore | None = Field(
        None, description="What a CRM shows of how well a lead fits. Default: nothing."
    )
    checklist: Checklist | None = Field(
        None, description="What sales ask a lead (BANT); rates may ask for answers."
    )
    deal: Deal | None = Field(None, description="What a customer is worth.")
