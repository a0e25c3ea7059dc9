"""The claims as they are written down.

In: the files in ``texts``. Out: `Claim`, with the scenarios of its worlds at any
settings. It runs nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from simlib.claims.measures import Measure
from simlib.errors import StudyError, nearest
from simlib.scenario import Scenario, load, parse_value

Point = Mapping[str, float]
WORDS = ("article", "says", "about", "quick", "needs_full", "name", "band")
"""What may be said otherwise without a new trial."""


@dataclass(frozen=True)
class Reading:
    """What is read in a world."""

    world: str
    measure: Measure


@dataclass(frozen=True)
class Check:
    """A figure that is expected in a band.

    Attributes
    ----------
    name : str
    readings : tuple of Reading
        Two for the ratio of the first to the second, one for its own figure.
    band : tuple of float
        Lowest and highest value that passes.
    """

    name: str
    readings: tuple[Reading, ...]
    band: tuple[float, float]


@dataclass(frozen=True)
class Range:
    """The plausible values of a setting, and the paths that move along with it."""

    low: float
    high: float
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class World:
    """A packaged scenario, its changes, and values multiplied and then added to."""

    scenario: str
    changes: Mapping[str, Any]
    times: Mapping[str, float]
    plus: Mapping[str, float]


@dataclass(frozen=True)
class Claim:
    """A claim of an article, and how it is tried.

    Attributes
    ----------
    name, article, says, about : str
        Its number, where it stands, the claim in our words, and the effect in words.
    worlds : mapping of str to World
    effect : tuple of Reading
        Two for the paired ratio of the first to the second: of two worlds, or of one
        that is read in two ways. One for a figure of its own.
    direction : {"below", "above"}
    than : float
        The claim is true where the effect lies below (above) this.
    band : tuple of float, or None
        Where the effect was expected.
    ranges : mapping of str to Range
    checks : tuple of Check
    changes, smaller : mapping
        Of all worlds; and of the many points of a quick trial.
    digest : str
        A short hash of all that settles a trial: not of words and bands.
    change_month : int
        The month from which `Measure.months` are counted.
    replications : tuple of int
        Of the effect and the checks, in a quick and in a full trial.
    quick : str
        What to know of a quick trial of this claim; "" if nothing in particular.
    needs_full : bool
        Whether a quick trial is too rough for a verdict: its effect is too small.
    """

    name: str
    article: str
    says: str
    about: str
    worlds: Mapping[str, World]
    effect: tuple[Reading, ...]
    direction: str
    than: float
    band: tuple[float, float] | None
    ranges: Mapping[str, Range]
    checks: tuple[Check, ...]
    digest: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    smaller: Mapping[str, Any] = field(default_factory=dict)
    change_month: int = 0
    replications: tuple[int, int] = (5, 10)
    quick: str = ""
    needs_full: bool = False

    def scenario(
        self, world: str, point: Point | None = None, *, smaller: bool = False
    ) -> Scenario:
        """Return the scenario of a world at some settings.

        Parameters
        ----------
        world : str
        point : mapping of str to float, optional
            From a path of `ranges` to its value; as usual where nothing is said.
        smaller : bool
            Whether to use the smaller market, or shorter horizon, of a quick trial.
        """
        said, base = self.worlds[world], self._base(world)
        moved: dict[str, Any] = dict(self.smaller) if smaller else {}
        for path, value in (point or {}).items():
            moved |= dict.fromkeys((path, *self.ranges[path].also), value)
        base = base.changed({**moved, **said.changes})
        base = base.changed(
            {path: value_at(base, path) * by for path, by in said.times.items()}
        )
        return base.changed(
            {path: value_at(base, path) + more for path, more in said.plus.items()}
        )

    def usual(self) -> dict[str, float]:
        """Return the values of the settings at which the effect is measured."""
        base = self._base(self.effect[-1].world)
        return {path: value_at(base, path) for path in self.ranges}

    def _base(self, world: str) -> Scenario:
        """Return the scenario of a world before it differs from the others."""
        return _packaged(self.worlds[world].scenario).changed(dict(self.changes))

    @property
    def is_ratio(self) -> bool:
        """Whether the effect says how many times, not how much."""
        return len(self.effect) > 1

    def is_true_at(self, effect: float) -> bool:
        """Whether an effect is on the claimed side."""
        return effect < self.than if self.direction == "below" else effect > self.than


def value_at(scenario: Scenario, path: str) -> Any:
    """Return the value at a path of a scenario, defaults included."""
    here: Any = scenario.model_dump()
    for step in path.split("."):
        here = here[step]
    return here


def names() -> list[str]:
    """Return the numbers of the claims that can be tried."""
    return list(_claims())


def claim(name: str) -> Claim:
    """Return a claim by its number.

    Raises
    ------
    StudyError
        If there is none of that number.
    """
    found = _claims().get(name.upper())
    if found is None:
        first, *_, last = _claims()
        raise StudyError(f"claim '{name}': it must be {first} to {last}.{_hint(name)}")
    return found


def _hint(name: str) -> str:
    """Return which claim may be meant: by its number, or by how it is written."""
    number = re.search(r"[1-9]\d*", name)
    meant = f"E{number[0]}" if number else name
    return nearest(meant if meant in _claims() else name, _claims())


@cache
def _packaged(name: str) -> Scenario:
    """Return a packaged scenario; its file is read once for all points."""
    return load(name)


@cache
def _claims() -> dict[str, Claim]:
    folder = resources.files("simlib") / "claims" / "texts"
    said: dict[str, dict[str, Any]] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        said |= parse_value(file.read_text(encoding="utf-8"), file.name)
    in_order = sorted(said.items(), key=lambda pair: int(pair[0].removeprefix("E")))
    return {name: _claim(name, parts) for name, parts in in_order}


def _digest(said: Mapping[str, Any]) -> str:
    """Return a short hash of what decides a claim's figures."""
    kept = {key: value for key, value in said.items() if key not in WORDS}
    kept["checks"] = [
        {key: value for key, value in check.items() if key not in WORDS}
        for check in said["checks"]
    ]
    text = json.dumps(kept, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def _claim(name: str, said: dict[str, Any]) -> Claim:
    digest = _digest(said)
    worlds = {
        world: World(
            parts["scenario"],
            *(parts.get(key, {}) for key in ("changes", "times", "plus")),
        )
        for world, parts in said.pop("worlds").items()
    }
    ranges = {
        path: Range(ends["low"], ends["high"], tuple(ends.get("also", ())))
        for path, ends in said.pop("ranges").items()
    }
    checks = tuple(
        Check(each["name"], _readings(each["of"], each), _pair(each["band"]))
        for each in said.pop("checks")
    )
    compared = [said.pop("claimed"), said.pop("against", None)]
    band, effect = said.pop("band"), said.pop("effect")
    return Claim(
        name=name,
        worlds=worlds,
        ranges=ranges,
        checks=checks,
        digest=digest,
        effect=_readings([world for world in compared if world], effect),
        band=_pair(band) if band else None,
        replications=_pair(said.pop("replications")),
        **said,
    )


def _readings(worlds: Sequence[str], said: Mapping[str, Any]) -> tuple[Reading, ...]:
    """Return what is read in one or two worlds; in the second `against`, if said."""
    ways = [said, said.get("against", said)]
    return tuple(
        Reading(world, _measure(way)) for world, way in zip(worlds, ways, strict=False)
    )


def _measure(said: Mapping[str, Any]) -> Measure:
    keys = ("metric", "per", "months", "within", "spread_of", "falls")
    ways: dict[str, Any] = {
        key: _pair(said[key]) if isinstance(said[key], list) else said[key]
        for key in keys
        if key in said
    }
    return Measure(**ways)


def _pair(said: Sequence[Any]) -> tuple[Any, Any]:
    first, last = said
    return first, last
