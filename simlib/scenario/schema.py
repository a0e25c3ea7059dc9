"""The JSON schema of a scenario file, for editors.

In: the scenario's models. Out: a plain mapping. It knows what each key may hold, not
whether the parts fit together: that is what `simlib check` is for.
"""

from __future__ import annotations

from typing import Any

from simlib.scenario.models import ScenarioFields

ABOUT = (
    "A scenario of Lead Lab: everything that a user assumes. Time is in days from the "
    "start, amounts are in the scenario's currency, rates are probabilities from 0 to "
    "1. A file that extends another says only what differs, and null takes a part "
    "away. `simlib check FILE` also finds what an editor cannot see."
)


def schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of a scenario file."""
    said = ScenarioFields.model_json_schema()
    parts = {name: _tidy(part) for name, part in sorted(said.pop("$defs").items())}
    keys = _tidy(said)["properties"]
    extends = {
        "type": "string",
        "description": "A packaged scenario, or a file, to start from.",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Lead Lab scenario",
        "description": ABOUT,
        "type": "object",
        "additionalProperties": False,
        "properties": {"name": keys.pop("name"), "extends": extends, **keys},
        "$defs": parts,
    }


def _tidy(said: Any) -> Any:
    """Return a piece of schema for a file that may also be only a part of one.

    What a file leaves out it may have from another, so nothing is required, and null
    may stand for any named part. `oneOf` becomes `anyOf`: a rate by kind also has the
    form of a rate by source.
    """
    if isinstance(said, list):
        return [_tidy(item) for item in said]
    if not isinstance(said, dict):
        return said
    tidy = {
        "anyOf" if key == "oneOf" else key: _tidy(value)
        for key, value in said.items()
        if key not in {"required", "minProperties"} and not _is_noise(key, value)
    }
    for form, held in tidy.pop("patternProperties", {}).items():
        tidy["propertyNames"] = {**tidy.get("propertyNames", {}), "pattern": form}
        named_part = {"anyOf": [held, {"type": "null"}]}
        tidy["additionalProperties"] = named_part if "$ref" in held else held
    return tidy


def _is_noise(key: str, value: Any) -> bool:
    """Return whether a piece of schema says nothing: a title, or no default."""
    return (key == "title" and isinstance(value, str)) or (
        key == "default" and value is None
    )
