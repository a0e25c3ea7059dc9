"""What a place of a scenario may hold, read from the scenario's own schema.

In: a dotted path and the scenario that it belongs to. Out: `Rules` (bounds, choices)
and the value that stands there. It changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from simlib.errors import StudyError, nearest
from simlib.explore.known import KNOWN
from simlib.scenario import Scenario, schema
from simlib.scenario.values import Part


@dataclass(frozen=True)
class Rules:
    """What the schema allows at a path.

    Attributes
    ----------
    low, high : float or None
        Smallest and largest number.
    whole : bool
        Whether only whole numbers count.
    choices : tuple
        Names to choose from, or (False, True); empty for a number.
    about : str
        What the schema says of the place.
    """

    low: float | None = None
    high: float | None = None
    whole: bool = False
    choices: tuple[str | bool, ...] = ()
    about: str = ""


def value_at(scenario: Scenario, path: str) -> Any:
    """Return what stands at a path, defaults included; None where nothing does.

    Raises
    ------
    StudyError
        If the path leads nowhere.
    """
    return value_in(said(scenario), path)


def said(scenario: Scenario) -> dict[str, Any]:
    """Return all that a scenario says, defaults included: made once for many paths."""
    whole = scenario.model_dump(mode="json")
    for key in scenario.switches:  # parts that are not written while as by default
        part = getattr(scenario, key)
        if isinstance(part, Part):
            whole.setdefault(key, part.model_dump(mode="json"))
    return whole


def value_in(whole: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a path of what `said` returned; errors as `value_at`."""
    place: Any = whole
    steps = path.split(".")
    for at, step in enumerate(steps):
        if not isinstance(place, Mapping) or step not in place:
            unsaid = _default(path) if at == len(steps) - 1 else None
            if unsaid is not None:
                return unsaid
            raise StudyError(f"control '{path}': {_wrong(whole, place, steps, at)}")
        place = place[step]
    return place


def _default(path: str) -> Any:
    """Return what a place holds where nothing is said of it; None if unknown."""
    places = _places(path)
    return places[0].get("default") if places else None


def _wrong(whole: Mapping[str, Any], place: Any, steps: list[str], at: int) -> str:
    """Return why a path leads nowhere from a step on, and what may be meant."""
    part = ".".join(steps[: at + 1] if isinstance(place, Mapping) else steps[:at])
    parent, _, name = part.rpartition(".")
    if not isinstance(place, Mapping | None) or name not in _names_at(parent):
        return _unknown(whole, place, steps, at)
    on = f"scenario.changed({{{part!r}: {{}}}})"
    return f"{name} is off in this scenario; switch it on first, as in {on}"


def _unknown(whole: Mapping[str, Any], place: Any, steps: list[str], at: int) -> str:
    """Return that there is no such step, and what there is."""
    known = [str(name) for name in place] if isinstance(place, Mapping) else []
    there = ", ".join(known) or "a single value"
    could_be = [*known, *_names_at(".".join(steps[:at]))]
    hint = nearest(steps[at], could_be) or _elsewhere(whole, steps)
    return f"there is no '{steps[at]}'; there is {there}.{hint}"


def _elsewhere(whole: Mapping[str, Any], steps: list[str]) -> str:
    """Return a whole path that ends as the one that was asked for."""
    alike = [one for one in _paths(whole) if one.split(".")[-1] == steps[-1]]
    ending = "." + ".".join(steps)
    alike += [
        one.pattern.rstrip("*").replace("*", "NAME")
        for one in KNOWN
        if one.pattern.rstrip("*").endswith(ending)
    ]
    close = nearest(".".join(steps), alike)
    return close or (f" Did you mean '{alike[0]}'?" if alike else "")


def _paths(place: Any, head: str = "") -> Iterator[str]:
    """Yield the path of everything below a place."""
    for name, below in place.items() if isinstance(place, Mapping) else ():
        yield f"{head}{name}"
        yield from _paths(below, f"{head}{name}.")


def matches(scenario: Scenario, path: str) -> dict[str, Any]:
    """Return what a path with ``*`` stands for, path to value; any name fits a star."""
    whole = said(scenario)
    heads = [""]
    for step in path.split("."):
        found = []
        for head in heads:
            names = _names_in(whole, head) if step == "*" else [step]
            found += [f"{head}.{name}" if head else name for name in names]
        heads = found
    values = {head: _or_none(whole, head) for head in heads}
    return {head: value for head, value in values.items() if value is not None}


def _names_in(whole: Mapping[str, Any], path: str) -> list[str]:
    place = value_in(whole, path) if path else whole
    return [str(name) for name in place] if isinstance(place, Mapping) else []


def _or_none(whole: Mapping[str, Any], path: str) -> Any:
    try:
        return value_in(whole, path)
    except StudyError:
        return None


def _names_at(path: str) -> list[str]:
    """Return the keys that the schema knows at a path."""
    places = _places(path) if path else [schema()]
    return [
        name
        for place in places
        for form in _forms(place, schema())
        for name in form.get("properties", {})
    ]


@cache
def rules_at(path: str) -> Rules:
    """Return what the schema allows at a path."""
    whole = schema()
    places = _places(path)
    forms = [form for place in places for form in _forms(place, whole)]
    about = [place["description"] for place in places if "description" in place]
    return _rules(forms, about[0] if about else "")


def _places(path: str) -> list[Any]:
    """Return the places of the schema at a path, empty where nothing may be."""
    whole = schema()
    places: list[Any] = [whole]
    for step in path.split("."):
        places = [
            below
            for place in places
            for form in _forms(place, whole)
            for below in _below(form, step)
        ]
    return places


def _forms(place: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Any]:
    """Return every form that a place may take, references followed."""
    if "$ref" in place:
        place = whole["$defs"][place["$ref"].rsplit("/", 1)[-1]]
    if "anyOf" not in place:
        yield place
    for form in place.get("anyOf", ()):
        yield from _forms(form, whole)


def _below(form: Mapping[str, Any], step: str) -> Iterator[Any]:
    if step in form.get("properties", {}):
        yield form["properties"][step]
    elif isinstance(form.get("additionalProperties"), dict):
        yield form["additionalProperties"]


def _rules(forms: list[Any], about: str) -> Rules:
    """Return the rules of several forms; choices come before numbers."""
    choices = [name for form in forms for name in form.get("enum", ())]
    if any(form.get("type") == "boolean" for form in forms):
        choices = [False, True]
    numbers = [form for form in forms if form.get("type") in {"number", "integer"}]
    if choices or not numbers:
        return Rules(choices=tuple(choices), about=about)
    one = numbers[0]
    low = one.get("minimum", one.get("exclusiveMinimum"))
    high = one.get("maximum", one.get("exclusiveMaximum"))
    return Rules(low, high, one["type"] == "integer", (), about)
