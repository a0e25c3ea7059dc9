"""What is known of a value: a plain label, its unit, a range, and what that stands on.

In: nothing. Out: `Known`, and the words for the strength of evidence. No widget is made
here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

SHARE, MONEY, DAYS, PLAIN = "%", "money", "days", ""
OURS = "D"
# Words for the screen; docs/evidence.md says in full what stands behind each letter.
STRENGTHS = {
    "A": "strong evidence",
    "B": "fair evidence",
    "C": "weak evidence",
    "D": "our judgement",
}
BEHIND = {
    "A": "a randomised experiment, a peer-reviewed study, or a meta-analysis",
    "B": "a named sample: a primary report or its abstract",
    "C": "a vendor's or an agency's figure, with some data behind it",
    "D": "one anecdote, no origin that can be found, or our own judgement",
}


@dataclass(frozen=True)
class Known:
    """What is known of the paths that fit a pattern.

    Attributes
    ----------
    pattern : str
        A path in which ``*`` stands for any name.
    label : str
        May quote the path's steps by number: ``{1}`` is the second.
    unit : str
        ``%`` (a share shown in percent), ``money``, ``days`` (shown in hours or
        minutes where small), or any words.
    low, high : float
        The range, in the unit of the scenario file.
    times : bool
        Whether the range is in multiples of the scenario's own value.
    strength : {"A", "B", "C", "D"}
        How far to trust the range. Where several things stand behind it, the weakest
        counts.
    marks : str
        Where it was read, as in docs/evidence.md; "" for our own judgement alone.
    """

    pattern: str
    label: str
    unit: str
    low: float
    high: float
    times: bool = False
    strength: str = OURS
    marks: str = ""


def graded(strength: str, marks: str, *known: Known) -> tuple[Known, ...]:
    """Return records with the strength of what they stand on, and its marks."""
    return tuple(replace(one, strength=strength, marks=marks) for one in known)
