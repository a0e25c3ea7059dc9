"""What a user says of lead scoring: which actions bring points, and how many it takes.

In: plain values from YAML or Python. Out: frozen, checked records, as in
`simlib.scenario.models`. Nothing here draws; see `simlib.behaviour`.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Field, Tag

from simlib.scenario.values import (
    MOST_PARTS,
    Frozen,
    Kind,
    Months,
    Name,
    Number,
    NumbersOfKinds,
    Part,
    ShareOrByKind,
    number_or_mapping,
)

OfAll = Annotated[Number, Field(ge=0, le=1000)]
Points = Annotated[Number, Field(ge=-10_000, le=10_000)]
PerKind = Annotated[
    Annotated[OfAll, Tag("number")] | Annotated[NumbersOfKinds, Tag("mapping")],
    Discriminator(number_or_mapping),
]


class Action(Part):
    """Something that a lead does now and then, and that brings points each time."""

    points: Points = Field(description="Points each time, a number.")
    per_month: PerKind = Field(
        description="How often a lead does it, per month: a number, or one per kind."
    )

    def rate(self, kind: str) -> float:
        """Return how often a month a lead of a kind does it."""
        said: Any = self.per_month
        return float(said.get(kind, 0.0) if isinstance(said, dict) else said)


class Attribute(Part):
    """Something that a lead is, known from its form, and that brings points once."""

    points: Points = Field(description="Points, once, a number.")
    share: ShareOrByKind = Field(
        description="Share of leads, 0 to 1, of whom it is true, or one per kind."
    )

    def share_of(self, kind: str) -> float:
        """Return the share (0 to 1) of a kind of whom it is true."""
        said: Any = self.share
        return float(said[kind] if isinstance(said, dict) else said)


def _by_kind(*numbers: float) -> dict[Kind, float]:
    kinds: tuple[Kind, ...] = ("ready", "not_yet", "misfit", "junk")
    return Frozen(zip(kinds, numbers, strict=True))


def _action(points: float, *per_month: float) -> Action:
    return Action(points=points, per_month=_by_kind(*per_month))


def _attribute(points: float, *share: float) -> Attribute:
    return Attribute(points=points, share=_by_kind(*share))


def _usual_actions() -> Frozen[str, Action]:
    return Frozen(
        pricing_page=_action(10, 1.6, 0.25, 0.1, 0.1),
        ebook=_action(5, 1.0, 0.5, 0.7, 0.7),
        five_opens=_action(20, 1.0, 0.3, 0.1, 0.1),
    )


def _usual_attributes() -> Frozen[str, Attribute]:
    return Frozen(
        vice_president=_attribute(15, 0.30, 0.15, 0.05, 0.05),
        private_mail=_attribute(-5, 0.10, 0.20, 0.50, 0.50),
    )


class Score(Part):
    """Points for what a lead does and is; it goes on when it has enough of them."""

    threshold: Points = Field(
        75.0, description="Points at which a lead goes on, a number."
    )
    window_months: Annotated[Months, Field(le=120)] = Field(
        3.0, description="Months in which it must get there, or it leaks."
    )
    half_life_months: Months | None = Field(
        None,
        description="Months in which points for actions lose half. Default: never.",
    )
    actions: Annotated[dict[Name, Action], AfterValidator(Frozen)] = Field(
        default_factory=_usual_actions,
        max_length=MOST_PARTS,
        description="What leads do. Default: the points of a textbook.",
    )
    attributes: Annotated[dict[Name, Attribute], AfterValidator(Frozen)] = Field(
        default_factory=_usual_attributes,
        max_length=MOST_PARTS,
        description="What leads are. Default: the points of a textbook.",
    )
