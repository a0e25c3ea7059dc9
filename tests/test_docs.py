"""The tables of mechanisms and experiments name what exists."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

import simlib as sl
from simlib import theory
from simlib.scenario.schema import schema

ROOT = Path(__file__).parent.parent
TABLES = ("mechanisms", "experiments")


def rows(table: str) -> list[list[str]]:
    """Return the cells of a table's rows, without its two lines of heading."""
    text = (ROOT / "docs" / f"{table}.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| *([ME]\d+b? .*)\|$", text, flags=re.MULTILINE)
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def quoted(table: str) -> list[str]:
    """Return all that stands between backticks in a table's rows."""
    return [each for row in rows(table) for each in re.findall("`(.*?)`", "".join(row))]


@cache
def named_in(path: str) -> frozenset[str]:
    """Return the functions and classes of a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.ClassDef)
    return frozenset(each.name for each in ast.walk(tree) if isinstance(each, kinds))


@pytest.mark.parametrize(("table", "last"), [("mechanisms", 28), ("experiments", 40)])
def test_no_row_is_left_out(table, last):
    """M1 to M28, M2b too, and E1 to E40 stand there once each, in order."""
    letter = table[0].upper()
    names = [f"{letter}{number}" for number in range(1, last + 1)]
    if letter == "M":
        names.insert(2, "M2b")

    assert [row[0] for row in rows(table)] == names


@pytest.mark.parametrize("table", TABLES)
def test_files_and_functions_exist(table):
    """What is named as a file, or as a file's function, is there."""
    for place in quoted(table):
        if "/" not in place:
            continue
        path, _, name = place.partition("::")
        assert (ROOT / path).is_file(), place
        assert not name or name in named_in(path), place


def test_keys_are_keys_of_the_scenario_file():
    """The last part of each key of a mechanism is a field in the schema."""
    fields = json.dumps(schema())
    keys = [key for row in rows("mechanisms") for key in re.findall("`(.*?)`", row[3])]
    last = {key.split(":")[0].split(".")[-1] for key in keys} - {"NAME"}

    assert {name for name in last if f'"{name}"' not in fields} == set()


def test_closed_forms_are_public():
    """Each closed form that is named can be called from `simlib.theory`."""
    names = [each[7:] for each in quoted("mechanisms") if each.startswith("theory.")]

    assert len(names) > 20
    assert [name for name in names if not hasattr(theory, name)] == []


def test_scenarios_of_experiments_can_be_loaded():
    """The scenario of each experiment is one that comes with the package."""
    names = [
        name for row in rows("experiments") for name in re.findall("`(.*?)`", row[2])
    ]

    assert len(names) > 30
    for name in names:
        assert sl.load(name)
