"""From a failed check to a sentence that a user can act on.

In: pydantic's errors and what the user wrote. Out: one line: the path, what was
given, what may be given, and the nearest known name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from simlib.errors import nearest

NUMBER_SIZES = {
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "{ge:g} or more",
    "less_than": "less than {lt:g}",
    "less_than_equal": "{le:g} or less",
}


def message_for(error: ValidationError, model: type[BaseModel], said: Any) -> str:
    """Return one line for the first problem, and how many more there are."""
    details = error.errors(include_url=False)
    path, sentence = sentence_for(details[0], model, said)
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    return f"{path or 'the scenario'}: {sentence}{more}"


def sentence_for(
    detail: ErrorDetails, model: type[BaseModel], said: Any
) -> tuple[str, str]:
    """Return the path in the user's file, and what is wrong there."""
    parts = _path(detail["loc"], said, detail["type"])
    path = ".".join(str(part) for part in parts)
    given, context = detail["input"], detail.get("ctx", {})
    kind = detail["type"]
    if kind == "extra_forbidden":
        known = _fields_beside(model, parts)
        last = str(parts[-1])
        listed = ", ".join(known)
        return path, f"unknown key; known: {listed}.{nearest(last, known)}"
    if kind == "missing":
        return path, f"is missing ({_description(model, parts)})"
    if kind in NUMBER_SIZES:
        allowed = NUMBER_SIZES[kind].format(**context)
        return path, f"is {_shown(given)}; it must be {allowed}"
    if kind in {"literal_error", "enum"}:
        return path, _unknown_choice(given, context["expected"])
    if kind == "value_error":
        return path, str(context["error"])
    rule = _RULES.get(kind)
    return path, rule(given, context) if rule else _fallback(detail)


def _unknown_choice(given: Any, expected: str) -> str:
    known = [name.strip(" '") for name in expected.replace(" or ", ",").split(",")]
    listed = ", ".join(known)
    return f"is {_shown(given)}; it must be one of {listed}.{nearest(given, known)}"


def _must_be(what: str) -> Callable[[Any, dict[str, Any]], str]:
    return lambda given, context: f"is {_shown(given)}; it must be {what}"


_RULES: dict[str, Callable[[Any, dict[str, Any]], str]] = {
    "float_type": _must_be("a number"),
    "finite_number": _must_be("a finite number"),
    "int_type": _must_be("a whole number"),
    "int_from_float": _must_be("a whole number"),
    "bool_type": _must_be("true or false"),
    "bool_parsing": _must_be("true or false"),
    "string_type": _must_be("text"),
    "string_too_short": _must_be("text that is not empty"),
    "string_too_long": lambda given, context: (
        f"is {len(str(given))} characters long; at most {context['max_length']}"
    ),
    "string_pattern_mismatch": _must_be(
        "a name of letters, digits and _ that begins with a letter"
    ),
    "model_type": _must_be("a mapping of keys to values"),
    "model_attributes_type": _must_be("a mapping of keys to values"),
    "dict_type": _must_be("a mapping of keys to values"),
    "tuple_type": _must_be("a list"),
    "list_type": _must_be("a list"),
    "date_type": _must_be("a date such as 2025-01-06"),
    "date_parsing": _must_be("a date such as 2025-01-06"),
    "date_from_datetime_parsing": _must_be("a date such as 2025-01-06"),
    "date_from_datetime_inexact": _must_be("a date such as 2025-01-06"),
    "too_short": lambda given, context: (
        f"has {context['actual_length']} values; it needs {context['min_length']}"
    ),
    "too_long": lambda given, context: (
        f"has too many values; at most {context['max_length']:,}"
    ),
}


def _fallback(detail: ErrorDetails) -> str:
    message = detail["msg"]
    return f"is {_shown(detail['input'])}; {message[0].lower()}{message[1:]}"


def _shown(given: Any) -> str:
    """Return a value as short text for a message."""
    if isinstance(given, dict):
        return "a mapping"
    if isinstance(given, list | tuple):
        return "a list"
    if given is None:
        return "empty"
    if isinstance(given, bool):
        return str(given).lower()
    text = f"'{given}'" if isinstance(given, str) else str(given)
    return text if len(text) <= 40 else text[:37] + "..."


def _path(loc: Iterable[int | str], said: Any, kind: str) -> list[int | str]:
    """Return the steps of `loc` that the user wrote, without pydantic's own tags."""
    steps = list(loc)
    kept: list[int | str] = []
    here = said
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        if isinstance(here, dict) and step in here:
            kept.append(step)
            here = here[step]
        elif isinstance(here, list | tuple) and isinstance(step, int):
            kept.append(step)
            here = here[step] if step < len(here) else None
        elif last and kind == "missing":
            kept.append(step)
    return kept


def _fields_beside(model: type[BaseModel], parts: list[int | str]) -> list[str]:
    """Return the known keys at the place of the last part."""
    owner = _model_at(model, parts[:-1])
    return list(owner.model_fields) if owner else []


def _description(model: type[BaseModel], parts: list[int | str]) -> str:
    owner = _model_at(model, parts[:-1])
    field = owner.model_fields.get(str(parts[-1])) if owner else None
    text = (field.description if field else None) or "needed here"
    return text[0].lower() + text[1:].rstrip(".")


def _model_at(model: type[BaseModel], parts: list[int | str]) -> type[BaseModel] | None:
    """Return the model that describes the mapping at a path."""
    here: Any = model
    for part in parts:
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = here.model_fields.get(str(part))
            here = field.annotation if field else None
        else:
            here = _inside(here)
        here = _model_in(here) or here
    found = _model_in(here)
    return found


def _inside(annotation: Any) -> Any:
    """Return what a dict or tuple annotation holds."""
    arguments = [a for a in getattr(annotation, "__args__", ()) if a is not Ellipsis]
    return arguments[-1] if arguments else None


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model in an annotation: itself, or inside Optional or Annotated."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    origin = getattr(annotation, "__origin__", None)
    if origin in {dict, tuple, list}:
        return None
    inner = getattr(annotation, "__args__", ()) or ()
    parts = [*inner, *([origin] if origin is not None else [])]
    return next((found for part in parts if (found := _model_in(part))), None)
