"""The room as a whole: its door, its examples and what it costs to enter."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import subprocess
import sys

from simlib import theory

FILES = [info.name for info in pkgutil.iter_modules(theory.__path__)]


def test_every_public_name_is_there_and_explained():
    """What the door names exists and has a docstring."""
    silent = [name for name in theory.__all__ if not getattr(theory, name).__doc__]
    assert silent == []


def test_examples_are_true():
    """Every example in a docstring gives what it shows."""
    files = [importlib.import_module(f"simlib.theory.{name}") for name in FILES]
    results = [doctest.testmod(file) for file in files]
    assert sum(result.attempted for result in results) >= 10
    assert sum(result.failed for result in results) == 0


def test_the_room_is_light():
    """Importing the closed forms brings in no heavy library."""
    heavy = ["scipy.stats", "scipy.integrate", "scipy.optimize", "pandas", "matplotlib"]
    code = (
        "import sys, simlib.theory;"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
