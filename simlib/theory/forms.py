"""The length of a form in closed form: how many leads, which ones, and what is known.

In: shares of kinds at some length, how much each field loses of a kind. Out: volume and
shares at another length, and how well sales tell leads apart by the fields known. It
assumes that each field loses the same share of a kind, whatever it asks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from simlib.errors import TheoryError
from simlib.theory.guards import (
    require_count,
    require_not_negative,
    require_share,
    require_total_at_most_one,
)


@dataclass(frozen=True)
class FormLength:
    """Leads by the number of fields of the form.

    Attributes
    ----------
    mix : mapping of str to float
        Share of each kind with `usual` fields.
    loss : mapping of str to float
        Loss of each kind with each further field, in log points.
    usual : int
        The number of fields at which the mix is told.

    Examples
    --------
    >>> form = FormLength(
    ...     {"ready": 0.27, "not_yet": 0.40, "junk": 0.33},
    ...     {"ready": 0.05, "not_yet": 0.10, "junk": 0.15},
    ... )
    >>> round(form.volume(3), 3)
    1.232
    """

    mix: Mapping[str, float]
    loss: Mapping[str, float]
    usual: int = 5

    def __post_init__(self) -> None:
        require_count(usual=self.usual)
        require_share(**self.mix)
        require_not_negative(**self.loss)
        require_total_at_most_one("the shares", math.fsum(self.mix.values()))
        missing = [kind for kind in self.mix if kind not in self.loss]
        if missing:
            raise TheoryError(f"loss must name every kind; missing: {missing[0]}")

    def volume(self, fields: int) -> float:
        """Return the leads with so many fields, for each one with the usual number."""
        return math.fsum(self._left(fields).values()) / math.fsum(self.mix.values())

    def shares(self, fields: int) -> dict[str, float]:
        """Return the share of each kind with so many fields."""
        left = self._left(fields)
        total = math.fsum(left.values())
        return {kind: count / total for kind, count in left.items()}

    def _left(self, fields: int) -> dict[str, float]:
        require_count(fields=fields)
        further = fields - self.usual
        return {
            kind: share * math.exp(-self.loss[kind] * further)
            for kind, share in self.mix.items()
        }


def specificity_by_fields(
    fields: int, *, at_three: float = 0.80, per_field: float = 0.02, cap: float = 0.95
) -> float:
    """Return how well sales tell who is not ready, by the fields that are known.

    at_three + per_field for each field beyond three, up to the cap. With progressive
    profiling the fields known are those of all forms that the lead has filled.
    """
    require_count(fields=fields)
    require_share(at_three=at_three, per_field=per_field, cap=cap)
    return min(cap, at_three + per_field * max(0, fields - 3))
