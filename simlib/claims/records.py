"""What came out of a trial, kept as plain values for another day.

In: a trial, or what was kept of it. Out: the other of the two, the same to the last
bit. Settings are not kept: the claim's ranges say what they were. It tries nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan
from typing import Any

from simlib.claims.known import claim
from simlib.claims.trials import FULL, QUICK, Trial, judged
from simlib.claims.walks import Flip, spread
from simlib.errors import StudyError
from simlib.studies import Interval

PARTS = ("mean", "low", "high", "replications")
FLIP = ("path", "at", "way")


def record_of(tried: Trial) -> dict[str, Any]:
    """Return a trial as plain values, for JSON."""
    flips = tried.flips
    return {
        "claim": tried.claim.name,
        "settled": tried.claim.digest,
        "quick": tried.quick,
        "verdict": tried.verdict,
        "effect": _plain(tried.effect),
        "checks": [_plain(found) for _, found in tried.checks],
        "flips": {key: getattr(flips, key) for key in FLIP} if flips else None,
        "effects": [_plain(effect) for effect in tried.effects],
    }


def trial_of(record: dict[str, Any]) -> Trial:
    """Return the trial that was kept.

    Raises
    ------
    StudyError
        If worlds, readings or ranges of the claim have changed since it was tried.
    """
    said = claim(record["claim"])
    if record["settled"] != said.digest:
        raise StudyError(f"claim '{said.name}': it has changed since it was tried")
    effort = QUICK if record["quick"] else FULL
    found = [_interval(each) for each in record["checks"]]
    flips = record["flips"]
    return judged(
        said,
        effect=_interval(record["effect"]),
        checks=list(zip(said.checks, found, strict=True)),
        points=spread(said.ranges, effort.power),
        effects=[_interval(each) for each in record["effects"]],
        flips=Flip(usual=said.usual()[flips["path"]], **flips) if flips else None,
        quick=record["quick"],
    )


def _plain(found: Interval) -> list[float | int | None]:
    values = [getattr(found, part) for part in PARTS]
    return [value if isfinite(value) else None for value in values]


def _interval(said: Sequence[float | int | None]) -> Interval:
    mean, low, high, replications = (nan if each is None else each for each in said)
    return Interval(mean, low, high, int(replications))
