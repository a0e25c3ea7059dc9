"""What a user says of the sender's reputation: what burns it, and how it recovers.

In: plain values from YAML or Python. Out: frozen, checked records, as in
`simlib.scenario.models`. Nothing burns in a scenario in which no source says `burn`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from simlib.scenario.values import NotNegative, Number, Part, Share

Percent = Annotated[Number, Field(ge=0, le=100)]


class Burn(Part):
    """What mailing a source's imports does to the sender's reputation."""

    bounce_percent: Percent = Field(
        15.0, description="Mails that come back: a number, in percent of those sent."
    )
    complaint_percent: Percent = Field(
        0.5, description="Mails reported as spam: a number, in percent of those sent."
    )


class Reputation(Part):
    """How bounces and complaints cost the sender's reputation, and how it recovers.

    A send lowers it by the share (bounces above the limit) x bounce_weight +
    (complaints above the limit) x complaint_weight, at most `worst`.
    """

    recovery_days: Annotated[Number, Field(ge=0.1, le=100_000)] = Field(
        39.09, description="Days in which 63% of what is lost comes back; 90% in 90."
    )
    bounce_limit: Percent = Field(
        2.0, description="Bounces that cost nothing: a number, in percent."
    )
    bounce_weight: NotNegative = Field(
        0.03, description="Share lost for each percent of bounces more, a number."
    )
    complaint_limit: Percent = Field(
        0.1, description="Complaints that cost nothing: a number, in percent."
    )
    complaint_weight: NotNegative = Field(
        0.525, description="Share lost for each percent of complaints more, a number."
    )
    worst: Share = Field(0.8, description="Most that one send can cost, 0 to 1.")

    def drop(self, burn: Burn) -> float:
        """Return the share (0 to 1) of the reputation that one send costs."""
        bounces = max(burn.bounce_percent - self.bounce_limit, 0.0)
        complaints = max(burn.complaint_percent - self.complaint_limit, 0.0)
        lost = self.bounce_weight * bounces + self.complaint_weight * complaints
        return min(lost, self.worst)
