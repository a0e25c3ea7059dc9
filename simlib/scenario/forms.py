"""What a user says of a source's form: how many fields, and whom each of them loses.

In: plain values from YAML or Python. Out: frozen, checked records, as in
`simlib.scenario.models`. The leads and the mix of a source are told as with five
fields. Behind them are people who would fill a form of one; each further field loses
some of them, and always the same ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from simlib.scenario.values import (
    Frozen,
    Kind,
    Number,
    Part,
    PartError,
    Share,
    SharesOfAll,
)

USUAL_FIELDS, FEWEST_FIELDS, MOST_FIELDS = 5, 1, 50
KNOWN_AT_LEAST = 3
"""Fields up to which sales know no more of a lead than who left no form."""


def _usual_loss() -> dict[Kind, float]:
    return Frozen(ready=0.05, not_yet=0.10, misfit=0.15, junk=0.15)


class Form(Part):
    """The form through which a source's leads leave their names.

    The share of a kind that fills it falls by exp(-loss) with each field.
    """

    fields: Annotated[int, Field(strict=True, ge=FEWEST_FIELDS, le=MOST_FIELDS)] = (
        Field(USUAL_FIELDS, description="How many fields, a whole number.")
    )
    loss: SharesOfAll = Field(
        default_factory=_usual_loss,
        description="Loss of filling for each further field, a number from 0 to 1 by "
        "kind.",
    )

    def fills(self, kind: str) -> float:
        """Return the share (0 to 1) of a kind that fills it, of those who fill one."""
        said: dict[Any, float] = {**self.loss}
        return math.exp(-said[kind] * (self.fields - FEWEST_FIELDS))

    def lift(self, mix: Mapping[Any, float]) -> float:
        """Return how many would fill one field for each who fills five, a number."""
        return sum(self._people(mix).values())

    def people(self, mix: Mapping[Any, float]) -> dict[str, float]:
        """Return the shares of kinds among those who would fill one field."""
        lift = self.lift(mix)
        return {kind: share / lift for kind, share in self._people(mix).items()}

    def _people(self, mix: Mapping[Any, float]) -> dict[str, float]:
        further = USUAL_FIELDS - FEWEST_FIELDS
        said: dict[Any, float] = {**self.loss}
        return {kind: mix[kind] * math.exp(said[kind] * further) for kind in mix}


class ByFields(Part):
    """How well sales tell who is not ready, by the fields that they know of a lead.

    The specificity is at_three + per_field for each field beyond three, up to the cap.
    """

    at_three: Annotated[Number, Field(ge=0, lt=1)] = Field(
        0.80, description="Specificity with three fields or fewer, 0 to below 1."
    )
    per_field: Share = Field(
        0.02, description="What each further field adds to it, 0 to 1."
    )
    cap: Share = Field(0.95, description="The best that it may become, 0 to 1.")

    @model_validator(mode="after")
    def _can_rise(self) -> Self:
        if self.cap < self.at_three:
            raise PartError("cap", f"is {self.cap:g}; at_three is {self.at_three:g}")
        return self

    @property
    def most(self) -> int:
        """How many fields tell something; more of them tell no more."""
        more = (field for field in range(KNOWN_AT_LEAST, MOST_FIELDS))
        best = self.slips(MOST_FIELDS)
        return next((at for at in more if self.slips(at) == best), MOST_FIELDS)

    def slips(self, fields: int) -> float:
        """Return how many slip through for each one with three fields, a number."""
        beyond = max(fields - KNOWN_AT_LEAST, 0)
        known = min(self.cap, self.at_three + self.per_field * beyond)
        return (1 - known) / (1 - self.at_three)
