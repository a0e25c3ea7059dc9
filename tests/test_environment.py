"""The three lists of packages say the same: pyproject, environment.yml, the lock."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.make_environment import EXTRAS, conda_line, environment

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(PYPROJECT)["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def wanted(*extras: str) -> list[Requirement]:
    """Return what pyproject asks for, with some of its extras."""
    lines = list(PROJECT["dependencies"])
    for extra in extras:
        lines += PROJECT["optional-dependencies"][extra]
    found = [Requirement(line) for line in lines]
    return [requirement for requirement in found if requirement.name != "simlib"]


def locked() -> dict[str, set[str]]:
    """Return the versions that the lock holds of each package."""
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"(?m)^([\w.-]+)==([\w.+!]+)", LOCK):
        versions.setdefault(canonicalize_name(name), set()).add(version)
    return versions


def test_environment_file_is_what_pyproject_says():
    """environment.yml is the text that `make environment` would write now."""
    stored = (ROOT / "environment.yml").read_text(encoding="utf-8")

    assert environment(PYPROJECT) == stored


def test_conda_asks_for_the_same_names_and_ranges():
    """Read as YAML, environment.yml names each package of pyproject with its range."""
    lines = [line.split() for line in CONDA["dependencies"] if isinstance(line, str)]
    asked = {name: Requirement(" ".join([name, *rest])) for name, *rest in lines}
    expected = {requirement.name: requirement for requirement in wanted(*EXTRAS)}
    python = Requirement(f"python{PROJECT['requires-python']}")
    expected |= {"python": python, "pip": Requirement("pip")}

    assert {name: found.specifier for name, found in asked.items()} == {
        name: requirement.specifier for name, requirement in expected.items()
    }


def test_conda_takes_conda_forge_and_this_folder():
    """Packages come from conda-forge alone, and simlib itself from the clone."""
    assert (["conda-forge", "nodefaults"], {"pip": ["-e ."]}) == (
        CONDA["channels"],
        CONDA["dependencies"][-1],
    )


def test_conda_names_what_a_lesson_needs():
    """JupyterLab, SimPy, matplotlib, SciPy and nbval are asked for by name."""
    names = {line.split()[0] for line in CONDA["dependencies"][:-1]}

    assert {"jupyterlab", "simpy", "matplotlib", "scipy", "nbval"} <= names


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        ("numpy<3,>=2.0", "numpy >=2.0,<3"),
        ("numba>=0.61; sys_platform == 'linux'", "numba >=0.61"),
        ("pip", "pip"),
    ],
)
def test_conda_line(requirement, expected):
    """A requirement becomes name, blank, range, lower bound first, without marker."""
    assert expected == conda_line(requirement)


def test_lock_holds_what_pyproject_asks_for():
    """Every requirement of every extra is locked, at versions inside its range."""
    versions = locked()
    outside = [
        str(requirement)
        for requirement in wanted(*PROJECT["optional-dependencies"])
        if not versions.get(canonicalize_name(requirement.name))
        or not all(
            requirement.specifier.contains(version)
            for version in versions[canonicalize_name(requirement.name)]
        )
    ]

    assert [] == outside


def test_lock_names_hashes_and_no_place():
    """Each locked version has a hash, and no line says where a file comes from."""
    entries = re.split(r"(?m)^(?=[\w.-]+==)", LOCK)[1:]
    without_hash = [entry for entry in entries if "--hash=sha256:" not in entry]
    places = re.findall(r"(?m)^(?:--|.*://).*", LOCK)

    assert ([], []) == (without_hash, places)
