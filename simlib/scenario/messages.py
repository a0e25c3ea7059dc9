"""From a failed check to a sentence that a user can act on.

In: pydantic's errors and what the user wrote. Out: one line: the path, what was
given, what may be given, and the nearest known name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from simlib.errors import ScenarioError, nearest
from simlib.log import KINDS
from simlib.scenario.changes import Forms, forms_below, part_in, unknown
from simlib.scenario.values import Part, PartError

SIZES = {
    "greater_than": "more than {gt:,.10g}",
    "greater_than_equal": "{ge:,.10g} or more",
    "less_than": "less than {lt:,.10g}",
    "less_than_equal": "{le:,.10g} or less",
}
KEY = "[key]"
LONGEST_SHOWN = 40
_NUMBER = re.compile(
    r"[$€£]?\s*(?P<number>[-+]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*[.,]?\d+))"
    r"\s*(?P<unit>%|[$€£]|USD|EUR|GBP|d|days?)?"
)


def message_for(error: ValidationError, model: type[Part], said: Any) -> str:
    """Return one line for the first problem, and how many more there are."""
    details = error.errors(include_url=False)
    # A misspelt key is often missing under its right name too: say the cause first.
    first = min(details, key=lambda detail: detail["type"] != "extra_forbidden")
    problem = first.get("ctx", {}).get("error")
    if isinstance(problem, ScenarioError):
        return str(problem)
    path, sentence = sentence_for(first, model, said)
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    return _printable(f"{path or 'the scenario'}: {sentence}{more}")


def sentence_for(detail: ErrorDetails, model: type[Part], said: Any) -> tuple[str, str]:
    """Return the path in the user's file, and what is wrong there."""
    kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
    steps, tags = _steps(detail["loc"], said, kind)
    if kind == "value_error":
        problem = context["error"]
        steps += [problem.key] if isinstance(problem, PartError) else []
        return _joined(steps), str(problem)
    if kind == "extra_forbidden":
        owner = _part_at(model, steps[:-1])
        known = list(owner.model_fields) if owner else []
        return _joined(steps), unknown("key", steps[-1], known)
    if kind == "missing":
        return _joined(steps), f"is missing ({_description(model, steps)})"
    if kind == "literal_error" and KEY in tags:
        return _joined(steps), unknown("kind", given, list(KINDS))
    if kind in {"float_type", "int_type"}:
        whole = "whole " if kind == "int_type" else ""
        forms = _forms_at(model, steps)
        return _joined(steps), _not_a_number(given, f"a {whole}number", forms)
    rule = _RULES.get(kind)
    usual = rule(given, context) if rule else _fallback(detail)
    return _joined(steps), _bare_number(kind, steps, given) or usual


def _bare_number(kind: str, steps: list[Any], given: Any) -> str:
    """Return where a number belongs that was written for the leads of a source."""
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    if kind != "model_type" or steps[-1:] != ["leads"] or not is_number:
        return ""
    return f"is {given:g}; write leads: {{per_month: {given:g}}}"


def _joined(steps: Iterable[object]) -> str:
    return ".".join(str(step) for step in steps)


def _steps(loc: Iterable[Any], said: Any, kind: str) -> tuple[list[Any], list[Any]]:
    """Return the steps of `loc` that the user wrote, and those of pydantic's own."""
    *before, last = list(loc) or [""]
    kept: list[Any] = []
    tags: list[Any] = []
    here = said
    for step in before:
        is_item = isinstance(here, list | tuple) and isinstance(step, int)
        if is_item or (isinstance(here, dict) and step in here):
            kept.append(step)
            here = here[step]
        else:
            tags.append(step)
    is_item = isinstance(here, list | tuple) and isinstance(last, int)
    if is_item or kind == "missing" or (isinstance(here, dict) and last in here):
        kept.append(last)
    else:
        tags.append(last)
    return kept, tags


def _not_a_number(given: Any, wanted: str, forms: Forms) -> str:
    """Return what to write instead of something that is no number."""
    number = _number_in(given)
    if number:
        return f"is {shown(given)}; write the bare number: {number}"
    if isinstance(given, int) and abs(given) > 1:
        return f"is {shown(given)}; that number is too large"
    if part_in(forms):
        wanted += ", or a distribution such as {dist: exponential, mean: 4}"
    elif len(forms) > 1:
        wanted += f", or one for each kind ({', '.join(KINDS)})"
    return f"is {shown(given)}; it must be {wanted}"


def _number_in(given: Any) -> str:
    """Return the number that a text such as ``10%`` or ``1,000`` means, or ``""``."""
    found = _NUMBER.fullmatch(given.strip()) if isinstance(given, str) else None
    if not found:
        return ""
    number = found["number"]
    thousands = re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", number)
    number = number.replace(",", "" if thousands else ".")
    return f"{float(number) / 100:g}" if found["unit"] == "%" else number


def _too_large(given: Any, context: dict[str, Any]) -> str:
    sentence = _size("less_than_equal")(given, context)
    if context["le"] == 1 and 2 <= given <= 100:
        return f"{sentence} (for {given:g}% write {given / 100:g})"
    return sentence


def _size(kind: str) -> Callable[[Any, dict[str, Any]], str]:
    return lambda given, context: (
        f"is {shown(given)}; it must be {SIZES[kind].format(**context)}"
    )


def _must_be(what: str) -> Callable[[Any, dict[str, Any]], str]:
    return lambda given, context: f"is {shown(given)}; it must be {what}"


def _unknown_choice(given: Any, context: dict[str, Any]) -> str:
    listed = str(context["expected"]).replace(" or ", ", ").replace("'", "")
    known = listed.split(", ")
    return f"is {shown(given)}; it must be one of {listed}.{nearest(given, known)}"


_Rule = Callable[[Any, dict[str, Any]], str]
_RULES: dict[str, _Rule] = {
    **{kind: _size(kind) for kind in SIZES},
    "less_than_equal": _too_large,
    "literal_error": _unknown_choice,
    "finite_number": _must_be("a finite number"),
    "int_from_float": _must_be("a whole number"),
    "bool_type": _must_be("true or false"),
    "string_type": _must_be("text"),
    "string_unicode": _must_be("readable text"),
    "string_too_short": _must_be("text that is not empty"),
    "string_too_long": lambda given, context: (
        f"is {len(given)} characters long; at most {context['max_length']:,}"
    ),
    "string_pattern_mismatch": _must_be(
        "a name of letters, digits and _ that begins with a letter"
    ),
    "model_type": _must_be("a mapping of keys to values"),
    "dict_type": _must_be("a mapping of keys to values"),
    "tuple_type": _must_be("a list"),
    "too_short": lambda given, context: (
        f"has {context['actual_length'] or 'no'} entries; "
        f"it needs at least {context['min_length']}"
    ),
    "too_long": lambda given, context: (
        f"has {len(given):,} entries; at most {context['max_length']:,}"
    ),
}


def _fallback(detail: ErrorDetails) -> str:
    message = detail["msg"]
    return f"is {shown(detail['input'])}; {message[0].lower()}{message[1:]}"


def shown(given: Any) -> str:
    """Return a value as short text for a message."""
    if isinstance(given, dict | Part):
        return "a mapping"
    if isinstance(given, list | tuple):
        return "a list"
    if given is None:
        return "empty"
    if isinstance(given, bool):
        return str(given).lower()
    text = f"'{given}'" if isinstance(given, str) else str(given)
    text = _printable(text)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."


def _printable(text: str) -> str:
    """Return a text on one line, without signs that a terminal would obey."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _description(model: type[Part], steps: list[Any]) -> str:
    owner = _part_at(model, steps[:-1])
    field = owner.model_fields.get(str(steps[-1])) if owner else None
    text = (field.description if field else None) or "it is needed here"
    return text[0].lower() + text[1:].rstrip(".")


def _part_at(model: type[Part], steps: list[Any]) -> type[Part] | None:
    """Return the model that describes the mapping at a path."""
    return part_in(_forms_at(model, steps))


def _forms_at(model: type[Part], steps: list[Any]) -> Forms:
    """Return the types that may stand at a path."""
    forms: Forms = [model]
    for step in steps:
        forms = forms_below(forms, str(step))
    return forms
