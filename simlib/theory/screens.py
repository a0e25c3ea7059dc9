"""Telling ready leads from others: what a screen lets through.

In: the share of ready leads and the sensitivity and specificity of a screen (a score
with its threshold, a form, a checklist). Out: shares of those who pass. It assumes one
yes-or-no screen that errs independently for each lead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from simlib.theory.guards import require_share


@dataclass(frozen=True)
class Screen:
    """A screen between two teams.

    Attributes
    ----------
    sensitivity : float
        Share of ready leads that pass.
    specificity : float
        Share of other leads that are held back.
    """

    sensitivity: float
    specificity: float

    def __post_init__(self) -> None:
        require_share(sensitivity=self.sensitivity, specificity=self.specificity)

    def apply(self, ready_share: float) -> Screened:
        """Return what passes when `ready_share` of the leads are ready.

        Bayes's rule: pass = Se r + (1 - Sp)(1 - r), PPV = Se r / pass,
        NPV = Sp (1 - r) / (1 - pass). Source: any textbook of diagnostic testing.

        A predictive value is nan where it has nobody to speak of.
        """
        require_share(ready_share=ready_share)
        found = self.sensitivity * ready_share
        held = self.specificity * (1 - ready_share)
        passed = found + (1 - self.specificity) * (1 - ready_share)
        return Screened(
            passed,
            found / passed if passed > 0 else math.nan,
            held / (1 - passed) if passed < 1 else math.nan,
        )


@dataclass(frozen=True)
class Screened:
    """What a screen makes of a mix of leads.

    Attributes
    ----------
    pass_share : float
        Share of all leads that pass.
    ready_among_passed : float
        Positive predictive value, PPV.
    others_among_held : float
        Negative predictive value, NPV.
    """

    pass_share: float
    ready_among_passed: float
    others_among_held: float
