"""The JSON schema: what an editor accepts and refuses, and what it explains."""

from __future__ import annotations

import json
from importlib import resources

import pytest
from jsonschema import Draft202012Validator
from small_scenario import edited, small

from simlib.scenario import names, schema
from simlib.scenario.yaml_files import read

FILES = resources.files("simlib") / "scenarios"


def complaints(said):
    """Return what an editor would underline."""
    errors = Draft202012Validator(schema()).iter_errors(json.loads(json.dumps(said)))
    return [error.message for error in errors]


def test_the_schema_is_a_schema():
    """It is plain JSON, and valid itself."""
    assert json.loads(json.dumps(schema())) == schema()
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("name", names())
def test_packaged_files_are_accepted(name):
    """No packaged scenario is underlined."""
    assert complaints(read(FILES / f"{name}.yaml")) == []


@pytest.mark.parametrize(
    "said",
    [
        {"extends": "baseline", "horizon": 365},
        {"extends": "baseline", "sources": {"abm": None}, "deal": None},
        {"extends": "textbook", "stages": {"sql": {"leak": {"reason": "no"}}}},
        edited("stages.captured.next.sql.rate", {"ads": 0.1, "default": 0.2}),
        edited("teams.sdr.hot", {"default": {"ready": 0.1}}),
        edited("stages.captured.next.sql.lag", 3),
        small(),
    ],
)
def test_files_that_may_be_written_are_accepted(said):
    """Also a file that says only what differs, or takes something away."""
    assert complaints(said) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("horizont", 365),
        ("horizon", -1),
        ("extends", 3),
        ("teams.sdr.peeple", 3),
        ("teams.sdr.people", 2.5),
        ("stages.captured.next.sql.rate", 1.2),
        ("stages.captured.next.sql.rate", {"ready": 1.2}),
        ("stages.captured.next.sql.lag", {"dist": "lognorm", "mean": 3}),
        ("stages.1st", {"terminal": "won"}),
        ("sources.ads.mix", {"redy": 1}),
        ("sources.ads.leads.weekdays", [1, 1]),
    ],
)
def test_mistakes_are_underlined(path, value):
    """Misspelt keys, wrong types and values out of range are seen while typing."""
    assert len(complaints(edited(path, value))) == 1


def test_every_key_is_explained():
    """Each key has a description, and the parts have one too."""
    parts = {"scenario": schema(), **schema()["$defs"]}
    silent = [
        f"{name}.{key}"
        for name, part in parts.items()
        for key, said in {"itself": part, **part["properties"]}.items()
        if not said.get("description", "").endswith(".")
    ]

    assert silent == []


def test_numbers_say_their_unit():
    """A description of a number names days, months, currency, or what is counted."""
    units = (
        "days", "day ", "day,", "month", "currency", "0 to", "leads", "how many",
        "number", "weight", "cap on", "deals", "values", "coefficient", "in the unit",
    )  # fmt: skip
    silent = [
        f"{name}.{key}"
        for name, part in {"scenario": schema(), **schema()["$defs"]}.items()
        for key, said in part["properties"].items()
        if '"number"' in json.dumps(said) or '"integer"' in json.dumps(said)
        if not any(unit in said["description"].lower() for unit in units)
    ]

    assert silent == []
