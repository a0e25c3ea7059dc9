"""One scenario laid over another: how `extends` and `.changed` combine two.

In: plain mappings and the model that describes them. Out: a new mapping. Parts
(a stage, a team, a source) are merged key by key; values (a rate, a lag, a mix) are
replaced whole, because half of an old one seldom fits half of a new one. A path may
still name one number inside a value. It never checks whether values are possible.
"""

from __future__ import annotations

import copy
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from simlib.errors import ScenarioError, nearest
from simlib.scenario.values import Part

RIVALS = {"mean": "median", "median": "mean"}
RIVALS |= {"leads": "meets", "meets": "leads"}
RIVALS |= {"per_month": "per_day", "per_day": "per_month"}

Forms = list[Any]


def forms_of(annotation: Any) -> Forms:
    """Return the types that a place may hold, without None and without trimmings."""
    origin: Any = get_origin(annotation)
    if origin is Annotated:
        return forms_of(get_args(annotation)[0])
    if origin in {Union, UnionType}:
        return [form for part in get_args(annotation) for form in forms_of(part)]
    return [] if annotation is NoneType else [annotation]


def part_in(forms: Forms) -> type[Part] | None:
    """Return the part that a place may hold, if any."""
    return next((f for f in forms if isinstance(f, type) and issubclass(f, Part)), None)


def forms_below(forms: Forms, key: str) -> Forms:
    """Return the types that may stand under a key of a place."""
    part = part_in(forms)
    if part:
        field = part.model_fields.get(key)
        return forms_of(field.annotation) if field else []
    held = [_held(form) for form in forms]
    return [form for annotation in held for form in forms_of(annotation)]


def _held(form: Any) -> Any:
    """Return the type of what a dict or a tuple holds; NoneType for anything else."""
    origin: Any = get_origin(form)
    if origin is dict:
        return get_args(form)[1]
    return get_args(form)[0] if origin is tuple else NoneType


def _is_merged(forms: Forms) -> bool:
    """Return whether a place holds a part, or named parts, and nothing else."""
    if len(forms) != 1:
        return False
    held = forms_of(_held(forms[0]))
    is_named_parts = len(held) == 1 and part_in(held) is not None
    return is_named_parts or part_in(forms) is not None


def laid_over(base: Any, change: Any, forms: Forms, path: str = "") -> Any:
    """Return `base` with `change` laid over it; None takes a named part away.

    Raises
    ------
    ScenarioError
        If a part is to be taken away that is not there.
    """
    merges = isinstance(base, dict) and isinstance(change, dict) and _is_merged(forms)
    if not merges:
        return copy.deepcopy(change)
    result = dict(base)
    for key, value in change.items():
        here = f"{path}.{key}" if path else str(key)
        if value is None:
            _take_away(result, key, forms, here)
            continue
        _drop_rival(result, key, change, forms)
        below = forms_below(forms, key)
        result[key] = laid_over(result.get(key), value, below, here)
    return result


def with_value(
    said: Any, full: Any, path: list[str], value: Any, forms: Forms, done: str = ""
) -> dict[str, Any]:
    """Return `said` with another value at a path.

    Parameters
    ----------
    said, full : mapping
        What was said at this place, and the same with every default.
    path : list of str
        The steps still to take.
    forms : list
        The types that may stand here.
    done : str
        The steps already taken, for messages.

    Raises
    ------
    ScenarioError
        If the path leads nowhere.
    """
    key, *rest = path
    here = f"{done}.{key}" if done else key
    said = full if said is None else said
    if said is not None and not isinstance(said, dict):
        raise ScenarioError(
            f"{done}: is a single value without '{key}'; give it a whole new one"
        )
    part = part_in(forms)
    known = list(part.model_fields) if part else list(said or {})
    if key not in known and (part or rest):
        raise ScenarioError(f"{here}: {unknown('key' if part else 'name', key, known)}")
    result, below = dict(said or {}), forms_below(forms, key)
    if value is None and not rest:
        _take_away(result, key, forms, here)
        return result
    _drop_rival(result, key, {key: value}, forms)
    if rest:
        inner = (full or {}).get(key)
        result[key] = with_value(result.get(key), inner, rest, value, below, here)
    else:
        result[key] = laid_over(result.get(key), value, below, here)
    return result


def unknown(what: str, given: object, known: list[str]) -> str:
    """Return ``unknown key; known: a, b. Did you mean 'a'?``, or of another thing."""
    listed = ", ".join(known) or "none"
    return f"unknown {what}; known: {listed}.{nearest(given, known)}"


def _take_away(result: dict[str, Any], key: str, forms: Forms, path: str) -> None:
    if not part_in(forms) and key not in result:
        raise ScenarioError(f"{path}: {unknown('name', key, list(result))}")
    result.pop(key, None)


def _drop_rival(
    result: dict[str, Any], key: str, change: dict[str, Any], forms: Forms
) -> None:
    """Drop what cannot stand beside a new value, such as a median beside a mean."""
    rival = RIVALS.get(key, "")
    if part_in(forms) and rival not in change:
        result.pop(rival, None)
