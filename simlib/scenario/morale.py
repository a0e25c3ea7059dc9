"""What a user says of a team's morale: what lowers it, and what it costs.

In: plain values from YAML or Python. Out: a frozen, checked record, as in
`simlib.scenario.models`. Without it nobody's morale changes and nobody quits. The rules
are in `simlib.morale`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from simlib.scenario.values import NotNegative, Number, Part, Share

Some = Annotated[Number, Field(gt=0, le=1)]


class Morale(Part):
    """How a team's people take backlog and bad leads; when they quit, and who comes.

    A working day is a 21st of a month.
    """

    trust_from_leads: Annotated[Number, Field(ge=1, le=100_000)] = Field(
        50.0, description="How many of the last leads trust is made of, a number."
    )
    expects: Some = Field(
        0.35,
        description="Share of leads ready and reached at which trust is whole.",
    )
    weight_of_trust: Share = Field(
        0.5, description="Morale lost where trust is gone, 0 to 1."
    )
    weight_of_backlog: Share = Field(
        0.5, description="Morale lost where the backlog is too much, 0 to 1."
    )
    backlog_per_person: Annotated[Number, Field(gt=0, le=100_000)] = Field(
        3.0, description="Leads waiting for each person that are too much, a number."
    )
    adapts_in: Annotated[Number, Field(ge=1, le=10_000)] = Field(
        20.0, description="Working days in which morale goes 63% of its way."
    )
    slowest: Some = Field(
        0.6, description="Pace of work without any morale, 0 to 1 of the usual pace."
    )
    quits_per_year: Annotated[Number, Field(ge=0, le=12)] = Field(
        0.35, description="Times that one person would quit in a year, a number."
    )
    quits_exponent: Annotated[Number, Field(ge=0, le=10)] = Field(
        2.0,
        description="A number: the rate is multiplied by e ^ (this x (1 - morale)).",
    )
    vacancy_months: Annotated[Number, Field(ge=0.1, le=120)] = Field(
        1.48, description="Months for which a place stays empty."
    )
    ramp_months: Annotated[NotNegative, Field(le=120)] = Field(
        3.2, description="Months in which somebody new learns."
    )
    ramp_output: Some = Field(
        0.5, description="Output of somebody new, 0 to 1 of that of the others."
    )
    ignores: Share = Field(
        0.0, description="Chance that a lead is ignored where trust is gone, 0 to 1."
    )
