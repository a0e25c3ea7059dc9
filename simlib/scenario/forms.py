"""What a user says of a source's form: how many fields, and whom each of them loses.

In: plain values from YAML or Python. Out: frozen, checked records, as in
`simlib.scenario.models`. The leads and the mix of a source are told as with five
fields. Behind them are people who would fill a form of one; each further field loses
some of them, and always the same ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from simlib.scenario.values import Frozen, Kind, Part, SharesOfAll

USUAL_FIELDS, FEWEST_FIELDS = 5, 1


def _usual_loss() -> dict[Kind, float]:
    return Frozen(ready=0.05, not_yet=0.10, misfit=0.15, junk=0.15)


class Form(Part):
    """The form through which a source's leads leave their names.

    The share of a kind that fills it falls by exp(-loss) with each field.
    """

    fields: Annotated[int, Field(strict=True, ge=FEWEST_FIELDS, le=50)] = Field(
        USUAL_FIELDS, description="How many fields, a whole number."
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
