"""A whole scenario: by name, by file, as YAML, as a short hash."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from small_scenario import edited, small

import simlib
from simlib.errors import FileError, ScenarioError
from simlib.scenario import Scenario, load, names, parse_value
from simlib.scenario.yaml_files import parse

FOLDER = Path(simlib.__file__).parent / "scenarios"
# From the folder: no list to be kept by hand.
PACKAGED = sorted(path.stem for path in FOLDER.glob("*.yaml"))
