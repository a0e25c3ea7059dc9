"""What a user says of qualification: capture action, hand-off, checklist of sales.

In: plain values from YAML or Python. Out: frozen, checked records, as in
`simlib.scenario.models`, and `Trait`: what a rate may ask of a lead besides its kind.
All are off in a scenario that does not name them.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import AfterValidator, Field, model_validator

from simlib.scenario.forms import KNOWN_AT_LEAST, ByFields
from simlib.scenario.values import (
    Duration,
    Frozen,
    Kind,
    LagSpec,
    Name,
    NotNegative,
    Number,
    Part,
    PartError,
    Rate,
    Share,
    ShareOrByKind,
)

TIERS = ("high", "middle", "low")
HIGH, MIDDLE, LOW = range(len(TIERS))
MOST_QUESTIONS = 10


class Trait(NamedTuple):
    """What a rate may ask of a lead besides its kind and its source.

    Attributes
    ----------
    tier : int
        Intent of the action by which it left its name: its place in `TIERS`.
    heard : int
        1 if enough answers of the checklist sounded like yes.
    yes : int
        How many answers of the checklist are yes in truth.
    fields : int
        How many fields of forms it had filled when it left its name.
    listed : int
        1 if its account is on a list (ABM) for which something is done.
    """

    tier: int = HIGH
    heard: int = 1
    yes: int = 0
    fields: int = KNOWN_AT_LEAST
    listed: int = 0


class ByTier(Part):
    """Factors by the intent of the capture action."""

    high: Share = Field(1.0, description="Factor, 0 to 1: demo, trial, contact form.")
    middle: Share = Field(1.0, description="Factor, 0 to 1: gated asset, webinar.")
    low: Share = Field(1.0, description="Factor, 0 to 1: newsletter, follow.")

    def of(self, tier: int) -> float:
        """Return the factor of a tier."""
        return (self.high, self.middle, self.low)[tier]


def _by_kind(*shares: float) -> dict[Kind, float]:
    kinds: tuple[Kind, ...] = ("ready", "not_yet", "misfit", "junk")
    return Frozen(zip(kinds, shares, strict=True))


class Intent(Part):
    """By which action leads left their names; what is left of 1 is low intent."""

    high: Rate = Field(
        default_factory=lambda: _by_kind(0.45, 0.08, 0.12, 0.06),
        description="Share, 0 to 1, who asked for a demo, a trial or a call, by kind.",
    )
    middle: Rate = Field(
        default_factory=lambda: _by_kind(0.40, 0.52, 0.40, 0.34),
        description="Share, 0 to 1, who came by a gated asset or a webinar, by kind.",
    )
    mql_definition: Literal["high_intent", "sales_look"] = Field(
        "high_intent",
        description="high_intent: rates ask for the action; sales_look: every lead "
        "counts as high, and sales sort them out.",
    )
    changes_on: NotNegative | None = Field(
        None,
        description="Leads captured from this day on follow the other definition. "
        "Default: it never changes.",
    )


class FitScore(Part):
    """What a CRM shows of how well a lead fits: a score from 0 to 100, with noise.

    No rate asks for it; it is there to be looked at.
    """

    fitting: Annotated[Number, Field(ge=0, le=100)] = Field(
        65.0, description="Mean score, 0 to 100, of leads inside the ICP."
    )
    others: Annotated[Number, Field(ge=0, le=100)] = Field(
        40.0, description="Mean score, 0 to 100, of misfits and junk."
    )
    spread: Annotated[Number, Field(ge=0, le=100)] = Field(
        12.0,
        description="Standard deviation of the noise, a number of points of the score.",
    )


def _bant() -> dict[str, Any]:
    return Frozen(budget=0.55, authority=0.45, need=0.65, timing=0.40)


class Checklist(Part):
    """What sales want to know of a lead (BANT, MEDDIC), and how well a call tells."""

    switches = ("common",)

    questions: Annotated[dict[Name, ShareOrByKind], AfterValidator(Frozen)] = Field(
        default_factory=_bant,
        min_length=1,
        max_length=MOST_QUESTIONS,
        description="Share of leads, 0 to 1, for whom the answer is yes, or by kind.",
    )
    common: Annotated[Number, Field(ge=0, lt=1)] = Field(
        0.0,
        description="How much the answers of a lead go together, 0 to below 1: the "
        "correlation behind them by one common factor. 0: they are independent.",
    )
    sensitivity: Share = Field(
        0.90, description="Chance, 0 to 1, that a yes is heard as a yes."
    )
    specificity: Share = Field(
        0.85, description="Chance, 0 to 1, that a no is heard as a no."
    )
    needed: Annotated[int, Field(strict=True, ge=0, le=MOST_QUESTIONS)] = Field(
        3, description="How many must sound like yes, a whole number."
    )

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        if self.needed > len(self.questions):
            raise PartError(
                "needed",
                f"is {self.needed}; there are {len(self.questions)} questions",
            )
        return self

    def share(self, question: str, kind: str) -> float:
        """Return the share (0 to 1) of a kind for whom an answer is yes."""
        said: Any = self.questions[question]
        return float(said[kind] if isinstance(said, dict) else said)


class HandOff(Part):
    """How a lead gets from marketing to the people who call it."""

    delay: Duration = Field(
        default_factory=lambda: LagSpec(dist="lognormal", mean=1.0, cv=1.0),
        description="Days until the lead is in their queue; it counts as response "
        "time. A routing rule makes it 0.",
    )
    context: bool = Field(
        False,
        strict=True,
        description="They see what the lead did: less work, better calls.",
    )
    work_times: Share = Field(
        0.8, description="Factor, 0 to 1, on the work where there is context."
    )
    rate_times: Annotated[Number, Field(ge=1, le=100)] = Field(
        1.1,
        description="A number, 1 or more: factor on rates to all stages but ends where "
        "there is context.",
    )


class Asked(Part):
    """What a rate may ask of a lead; a part of every transition."""

    switches: ClassVar[tuple[str, ...]] = ("intent", "checked", "by_yes", "by_fields")

    intent: ByTier | None = Field(
        None,
        description="Factors on the rate by the capture action; needs intent. "
        "Default: 1 for all.",
    )
    checked: bool = Field(
        False,
        strict=True,
        description="Only leads of whom enough answers sounded like yes; needs a "
        "checklist.",
    )
    by_yes: Annotated[tuple[Share, ...], Field(max_length=MOST_QUESTIONS + 1)] = Field(
        (),
        description="Factors on the rate, 0 to 1, by how many answers are yes in "
        "truth, from none to all; needs a checklist.",
    )
    by_fields: ByFields | None = Field(
        None,
        description="The more fields sales know of a lead, the fewer slip through who "
        "are not ready; the rate is told as with three. Default: as many.",
    )

    @property
    def asks(self) -> bool:
        """Whether the rate differs by trait."""
        return bool(self.intent or self.checked or self.by_yes or self.by_fields)

    def factor(self, trait: Trait, kind: str) -> float:
        """Return the factor (0 to 1) on the rate of a kind of lead with some traits."""
        factor = self.intent.of(trait.tier) if self.intent else 1.0
        if self.checked:
            factor *= trait.heard
        if self.by_fields and kind != "ready":
            factor *= self.by_fields.slips(trait.fields)
        return factor * self.by_yes[trait.yes] if self.by_yes else factor


def traits_of(
    ways: list[Asked], questions: Mapping[Any, Any], wins_times: float
) -> list[Trait]:
    """Return every trait that some rate tells from others, the usual one first.

    Accounts of a list are won `wins_times` as often.
    """
    tiers = (HIGH, MIDDLE, LOW) if any(way.intent for way in ways) else (HIGH,)
    heard = (1, 0) if any(way.checked for way in ways) else (1,)
    counts = range(len(questions) + 1) if any(way.by_yes for way in ways) else (0,)
    fields = range(KNOWN_AT_LEAST, most_fields(ways) + 1)
    listed = (0, 1) if wins_times != 1 else (0,)
    return [Trait(*one) for one in product(tiers, heard, counts, fields, listed)]


def most_fields(ways: list[Asked]) -> int:
    """Return up to how many fields some rate tells leads apart by."""
    told = [way.by_fields.most for way in ways if way.by_fields]
    return max(told, default=KNOWN_AT_LEAST)
