"""What is known of a scenario's values: plain labels, units, and a sensible range.

In: nothing. Out: `KNOWN`, a small table; the first pattern that fits a path counts.
The ranges are those of the evidence (docs/evidence.md explains letters and marks); a
range in ``times`` is in multiples of what the scenario says. No widget is made here.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from simlib.explore.known.arriving import ARRIVING, MEETING
from simlib.explore.known.qualifying import PEOPLE, QUALIFYING
from simlib.explore.known.record import (
    BEHIND,
    DAYS,
    MONEY,
    OURS,
    PLAIN,
    SHARE,
    STRENGTHS,
    Known,
)
from simlib.explore.known.stages import COMMON

__all__ = [
    "BEHIND",
    "CHOICES",
    "DAYS",
    "KNOWN",
    "MONEY",
    "OURS",
    "PLAIN",
    "SHARE",
    "STRENGTHS",
    "Known",
    "known_of",
]

# Choices whose name in the scenario file a reader would not guess.
CHOICES = {
    "fifo": "first come, first served",
    "lifo": "the newest first",
    "hot_first": "who looks hot first",
    "round_robin": "in turn, a queue for each person",
    "always_on": "around the clock",
    "business_hours": "in business hours",
    "none": "nothing",
    "sales_look": "every lead",
    "high_intent": "high intent only",
}
# A star also fits several steps, so what is narrow stands before what is wide.
KNOWN = (*QUALIFYING, *PEOPLE, *ARRIVING, *MEETING, *COMMON)


def known_of(path: str) -> Known | None:
    """Return what is known of a path, None for nothing."""
    return next((known for known in KNOWN if fnmatchcase(path, known.pattern)), None)
