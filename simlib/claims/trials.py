"""The trial of a claim: effect, checks, where it holds, what flips it, and a verdict.

In: the number of a claim. Out: `Trial`. The verdict follows from the figures by the
rule of `_verdict`, the same for every claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Any, Unpack

from simlib.claims.effects import checked, effects
from simlib.claims.known import Check, Claim, Point, claim
from simlib.claims.walks import Flip, easiest_flip, spread
from simlib.execution import How, ticking
from simlib.studies import Interval

if TYPE_CHECKING:
    import pandas as pd

EVERYWHERE = 0.9


@dataclass(frozen=True)
class Effort:
    """How much work a trial is: replications at a point, and 2**power points."""

    replications: int
    power: int


QUICK = Effort(replications=3, power=3)
FULL = Effort(replications=6, power=6)


@dataclass(frozen=True)
class Trial:
    """What came out when a claim was tried.

    Attributes
    ----------
    claim : Claim
    verdict : str
        ``holds``, ``holds when ...``, ``reverses when ...`` or ``not
        distinguishable``.
    effect : Interval
        Ratio, or figure, at the usual settings, with its 95% interval.
    checks : list of (Check, Interval)
    points : list of mapping
        Settings, spread evenly over the ranges.
    effects : list of Interval
        The same at each of them.
    flips : Flip or None
        The setting that turns the claim round most easily; None if none does.
    quick : bool
    """

    claim: Claim
    verdict: str
    effect: Interval
    checks: Sequence[tuple[Check, Interval]]
    points: Sequence[Point] = field(repr=False)
    effects: Sequence[Interval] = field(repr=False)
    flips: Flip | None
    quick: bool

    @property
    def holds_share(self) -> float:
        """The share of points at which the effect is on the claimed side."""
        return _share(self.claim, self.effects)

    @property
    def falls_short(self) -> bool:
        """Whether the effect clearly goes the claimed way, and not as far as the line.

        Its verdict is that it reverses: as for each effect beyond the line.
        """
        said, effect = self.claim, self.effect
        if not said.is_ratio:
            return False
        if said.direction == "above":
            return effect.low > 1 and effect.high < said.than
        return said.than < effect.low and effect.high < 1

    def map(self) -> pd.DataFrame:
        """Return all points, one a row.

        Returns
        -------
        DataFrame
            A column for each setting, then ``effect``, ``low``, ``high``, ``holds``
            (the claimed side) and ``clear`` (the interval does not hold the line).
        """
        import pandas as pd

        rows = [
            {
                **point,
                "effect": effect.mean,
                "low": effect.low,
                "high": effect.high,
                "holds": self.claim.is_true_at(effect.mean),
                "clear": not effect.low <= self.claim.than <= effect.high,
            }
            for point, effect in zip(self.points, self.effects, strict=True)
        ]
        return pd.DataFrame(rows)

    def influence(self) -> list[str]:
        """Return the settings, the one that moves the effect most first.

        By the absolute rank correlation (Spearman) of setting and effect over the
        points.
        """
        table = self.map()
        ranks = table[[*self.claim.ranges, "effect"]].rank()
        strength = ranks.corr()["effect"].drop("effect").abs().fillna(0)
        order = strength.sort_values(ascending=False, kind="stable").index
        return [str(path) for path in order]

    def figures(self) -> dict[str, Any]:
        """Return verdict, checks, share and flip as plain values, for JSON."""
        flips = self.flips
        return {
            "verdict": self.verdict,
            "checks": [
                {
                    "name": check.name,
                    "value": _plain(found.mean),
                    "low": _plain(found.low),
                    "high": _plain(found.high),
                    "band": list(check.band),
                    "pass": passes(check, found),
                }
                for check, found in self.checks
            ],
            "holds_share": self.holds_share,
            "flips": {
                "path": flips.path if flips else None,
                "at": flips.at if flips else None,
            },
        }


def passes(check: Check, found: Interval) -> bool:
    """Whether a figure lies in the band of its check."""
    low, high = check.band
    return bool(low <= found.mean <= high)


def trial(
    name: str, *, quick: bool = False, seed: int = 0, **how: Unpack[How]
) -> Trial:
    """Try a claim.

    Parameters
    ----------
    name : str
        Its number, such as ``"E8"``.
    quick : bool
        True for some seconds: fewer replications, 8 points instead of 64, smaller
        markets at these points (never for the checks). The figures are rougher.
    seed : int
    **how
        Engine, executor, store and progress, as for `simlib.studies.replicate`.

    Raises
    ------
    StudyError
        For an unknown claim.
    """
    said, effort = claim(name), QUICK if quick else FULL
    with ticking(how.get("progress")) as ticker:
        how["progress"] = ticker
        runs = said.replications[0 if quick else 1]

        def surely(points: Sequence[Point]) -> list[Interval]:
            return effects(said, points, runs, seed, how, smaller=False)

        effect = surely([{}])[0]
        checks = checked(said, runs, seed, how)

        def at(points: Sequence[Point]) -> list[Interval]:
            return effects(said, points, effort.replications, seed, how, smaller=quick)

        points = spread(said.ranges, effort.power)
        found = at(points)
        flips = easiest_flip(said, at, surely, is_true=said.is_true_at(effect.mean))
    return judged(
        said,
        effect=effect,
        checks=checks,
        points=points,
        effects=found,
        flips=flips,
        quick=quick,
    )


def judged(
    said: Claim,
    *,
    effect: Interval,
    checks: Sequence[tuple[Check, Interval]],
    points: Sequence[Point],
    effects: Sequence[Interval],
    flips: Flip | None,
    quick: bool,
) -> Trial:
    """Return a trial, with the verdict that follows from its figures."""
    verdict = _verdict(said, effect, _share(said, effects), flips)
    return Trial(said, verdict, effect, checks, points, effects, flips, quick)


def _share(said: Claim, found: Sequence[Interval]) -> float:
    """Return the share of defined effects on the claimed side."""
    defined = [effect.mean for effect in found if isfinite(effect.mean)]
    return sum(said.is_true_at(mean) for mean in defined) / max(len(defined), 1)


def _verdict(said: Claim, effect: Interval, share: float, flips: Flip | None) -> str:
    """Return the verdict in words.

    An effect whose interval holds the line is not distinguishable. One on the claimed
    side holds; with a condition if a setting flips it, or if it fails at more than a
    tenth of the points. One on the other side reverses.
    """
    if not (effect.high < said.than or effect.low > said.than):
        return "not distinguishable"
    true = said.is_true_at(effect.mean)
    if flips is None:
        if not true:
            return "reverses when the settings are as usual"
        if share >= EVERYWHERE:
            return "holds"
        return "holds when the settings are near the usual ones"
    word = "holds" if true else "reverses"
    return f"{word} when {flips.path} is {flips.side} {flips.at:.3g}"


def _plain(value: float) -> float | None:
    return float(value) if isfinite(value) else None
