"""What a user says of the market: buyers, what they remember, what is gated.

In: plain values from YAML or Python. Out: frozen, checked records, as in
`simlib.scenario.models`. All of it is off in a scenario without a `market`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from simlib.scenario.values import (
    MOST_PARTS,
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
    Share,
    ShareOrByKind,
    SharesOfAll,
    number_or_mapping,
)

PerKind = Annotated[
    Annotated[NotNegative, Tag("number")] | Annotated[NumbersOfKinds, Tag("mapping")],
    Discriminator(number_or_mapping),
]
Days = Annotated[Number, Field(ge=0.1, le=100_000)]
SpellSpread = Annotated[Number, Field(ge=0.2, le=2)]


def _by_kind(*shares: float) -> dict[Kind, float]:
    kinds: tuple[Kind, ...] = ("ready", "not_yet", "misfit", "junk")
    return Frozen(zip(kinds, shares, strict=True))


class Memory(Part):
    """What a buyer remembers of us: it grows when they meet us, and fades."""

    half_life: Days = Field(180.0, description="Days in which a memory halves.")
    read: NotNegative = Field(1.0, description="Memory added by reading, a number.")
    bounce: NotNegative = Field(
        0.1, description="Memory added by turning away from a form, a number."
    )
    mail: NotNegative = Field(
        0.3, description="Memory added by one opened mail, a number."
    )
    mails_opened_per_month: NotNegative = Field(
        0.5, description="Mails a month that a known contact opens."
    )
    unsubscribe_per_month: NotNegative = Field(
        0.03, description="Rate at which known contacts stop reading mail, per month."
    )


class Consideration(Part):
    """Whom a buyer thinks of on entering the market.

    The chance is floor + (1 - floor) * (1 - exp(-memory)).
    """

    floor: Share = Field(0.15, description="Chance without any memory of us, 0 to 1.")
    raise_hand: Share = Field(
        0.35, description="Chance that who thought of us asks for sales, 0 to 1."
    )


class Activation(Part):
    """A second stock, as goodwill, that fades fast: who met us lately acts now.

    Who thinks of us asks for sales with the chance raise_hand + (1 - raise_hand) *
    (1 - exp(-weight * stock)), the stock being that of the moment to ask.
    """

    half_life: Days = Field(
        14.0, description="Days in which it halves. No evidence: our judgement."
    )
    weight: NotNegative = Field(
        1.0, description="Factor on the stock, which is in units of memory, a number."
    )


class Goodwill(Part):
    """One memory of us that all buyers share: the mean of theirs, known in advance.

    dG/dt = u - G ln(2) / memory.half_life, from 0 at the beginning of the history; u
    is the memory that a buyer who fits gains a day on average. Every buyer's memory is
    then weight * G, whoever has met us. Touches that nobody answers and that cost
    nothing each are not drawn: they are in u, but count as no meeting and no first
    touch. Who reads our mail is not in u, so memory.mail must be 0.
    """

    switches = ("activation",)

    weight: NotNegative = Field(
        1.0, description="Factor on goodwill, which is in units of memory, a number."
    )
    activation: Activation | None = Field(
        None,
        description="What was met lately makes buyers ask for sales. Default: it does "
        "not.",
    )


class Asset(Part):
    """Content that buyers come upon; open, or behind a form."""

    switches = ("preview",)

    intent: Literal["high", "informational"] = Field(
        "informational",
        description="What it says of a reader: selective gating gates high intent.",
    )
    seen_in_market: Share = Field(
        description="Share, 0 to 1, of the visits of buyers in the market; sums to 1."
    )
    seen_out_of_market: Share = Field(
        description="Share, 0 to 1, of the visits of everybody else; sums to 1."
    )
    form: ShareOrByKind = Field(
        default_factory=lambda: _by_kind(0.30, 0.08, 0.08, 0.08),
        description="Chance, 0 to 1, that a form of five fields is filled, by kind.",
    )
    ask: ShareOrByKind = Field(
        default_factory=lambda: _by_kind(0.03, 0.004, 0.004, 0.004),
        description="Chance, 0 to 1, that a reader of the open asset leaves a name.",
    )
    fields: Annotated[int, Field(strict=True, ge=1, le=50)] = Field(
        5, description="Fields of the form, a whole number."
    )
    attraction: Annotated[Number, Field(gt=0, le=1)] = Field(
        1.0, description="Factor, above 0 to 1, on filling: how good the magnet is."
    )
    specificity: Share = Field(
        0.0,
        description="Filling by the ready x (1 + this), by junk x (1 - this), 0 to 1.",
    )
    preview: NotNegative = Field(
        0.0,
        description="Memory added by what it shows before its form, a number, besides "
        "memory.bounce.",
    )


class Market(Part):
    """Buyers with lives of their own; a few of them are in the market."""

    switches = ("goodwill", "out_cv", "in_cv")

    buyers: Annotated[Headcount, Field(le=1_000_000)] = Field(
        description="How many buyers there are, a whole number."
    )
    misfit: Share = Field(0.0, description="Share of buyers outside the ICP, 0 to 1.")
    junk: Share = Field(
        0.0, description="Share who will never buy: students, competitors, 0 to 1."
    )
    out_days: Days = Field(
        1736.25, description="Mean days of a buyer out of the market."
    )
    in_days: Days = Field(90.0, description="Mean days of a buyer in the market.")
    out_cv: SpellSpread = Field(
        1.0,
        description="How irregular the days out of the market are: coefficient of "
        "variation, 0.2 to 2. 1: a need comes on any day; below: after about as long.",
    )
    in_cv: SpellSpread = Field(
        1.0,
        description="How irregular the days in the market are: coefficient of "
        "variation, 0.2 to 2. Default: 1, exponential.",
    )
    entry_lift: NotNegative = Field(
        0.0,
        description="How much a full memory raises the rate of entering the market, a "
        "number: 0 if marketing does not make the need, else a share of the rate.",
    )
    history: Annotated[Number, Field(ge=0, le=3650)] = Field(
        730.0, description="Days before the start in which buyers already met us."
    )
    memory: Memory = Field(default_factory=Memory, description="What is remembered.")
    goodwill: Goodwill | None = Field(
        None,
        description="One memory for all, in place of each buyer's own (M2b): an "
        "approximation, for speed. Default: each remembers what it met.",
    )
    consideration: Consideration = Field(
        default_factory=Consideration, description="Whom buyers think of."
    )
    assets: Annotated[dict[Name, Asset], AfterValidator(Frozen)] = Field(
        default_factory=lambda: Frozen(
            articles=Asset(seen_in_market=0.6, seen_out_of_market=0.95),
            comparison=Asset(
                intent="high", seen_in_market=0.4, seen_out_of_market=0.05
            ),
        ),
        min_length=1,
        max_length=MOST_PARTS,
        description="What buyers come upon when they visit.",
    )
    gating: (
        Literal["none", "selective", "everything"]
        | Annotated[dict[Name, Flag], AfterValidator(Frozen)]
    ) = Field(
        "selective",
        description="What stands behind a form: none, selective (high intent only), "
        "everything, or true and false for each asset.",
    )
    gating_from: NotNegative = Field(
        0.0, description="Day from which `gating` holds; before it, `gating_before`."
    )
    gating_before: Literal["none", "selective", "everything"] = Field(
        "selective", description="What stood behind a form before `gating_from`."
    )
    reach_if_gated: Share = Field(
        1.0,
        description="Share of visits that is left if everything informational is "
        "gated, 0 to 1. Weak evidence: 1 leaves it off.",
    )
    reach_days: Days = Field(
        90.0, description="Days in which the reach goes most of its way to that."
    )
    field_loss: SharesOfAll = Field(
        default_factory=lambda: _by_kind(0.05, 0.10, 0.15, 0.15),
        description="Loss of filling for each field more than five, a number by kind.",
    )
    profiling: Literal["all_at_once", "progressive"] = Field(
        "all_at_once",
        description="progressive: the first form asks 3 fields, each later one 2.",
    )
    notices: Share = Field(
        1.0,
        description="Chance, 0 to 1, that nurture sees a contact enter the market.",
    )

    @model_validator(mode="after")
    def _sums_to_one(self) -> Self:
        for key in ("seen_in_market", "seen_out_of_market"):
            total = sum(getattr(asset, key) for asset in self.assets.values())
            if abs(total - 1) > 1e-6:
                raise PartError(
                    "assets", f"their {key} sum to {total:g}; they must sum to 1"
                )
        if self.misfit + self.junk > 1:
            raise PartError(
                "junk", f"{self.junk:g} and misfit {self.misfit:g} are more than 1"
            )
        if isinstance(self.gating, dict):
            self._names_assets(self.gating)
        return self

    def _names_assets(self, gating: dict[Any, bool]) -> None:
        for name in gating:
            if name not in self.assets:
                known = ", ".join(self.assets)
                raise PartError("gating", f"unknown asset '{name}'; known: {known}")
