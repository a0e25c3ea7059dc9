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
from simlib.scenario import Scenario, schema


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
    return scenario.model_dump(mode="json")


def value_in(whole: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a path of what `said` returned; errors as `value_at`."""
    place: Any = whole
    for step in path.split("."):
        if not isinstance(place, Mapping) or step not in place:
            known = list(place) if isinstance(place, Mapping) else []
            there = ", ".join(map(str, known)) or "a single value"
            raise StudyError(
                f"control '{path}': there is no '{step}'; there is {there}."
                f"{nearest(step, map(str, known))}"
            )
        place = place[step]
    return place


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


@cache
def rules_at(path: str) -> Rules:
    """Return what the schema allows at a path."""
    whole = schema()
    places = [whole]
    for step in path.split("."):
        places = [
            below
            for place in places
            for form in _forms(place, whole)
            for below in _below(form, step)
        ]
    forms = [form for place in places for form in _forms(place, whole)]
    about = [place["description"] for place in places if "description" in place]
    return _rules(forms, about[0] if about else "")


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
