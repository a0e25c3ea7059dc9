"""Write environment.yml, the conda way in, from pyproject.toml.

In: the dependencies of pyproject.toml and its extras `notebooks` and `test`. Out: the
same names and ranges for conda-forge. It never resolves anything and never pins.

Usage: python tools/make_environment.py
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ("notebooks", "test")
HEAD = """\
# Written by `make environment` from pyproject.toml: edit that file, not this one.
#     conda env create -f environment.yml && conda activate simlib
name: simlib
channels:
  - conda-forge
  - nodefaults
dependencies:
"""


def main() -> None:
    """Write the file beside pyproject.toml."""
    text = environment((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (ROOT / "environment.yml").write_text(text, encoding="utf-8", newline="\n")
    print("environment.yml is as pyproject.toml says")


def environment(pyproject: str) -> str:
    """Return the text of environment.yml for the text of a pyproject.toml."""
    project = tomllib.loads(pyproject)["project"]
    python = Requirement(f"python{project['requires-python']}")
    wanted = list(project["dependencies"])
    for extra in EXTRAS:
        wanted += project["optional-dependencies"][extra]
    lines = [conda_line(requirement) for requirement in [python, "pip", *wanted]]
    body = "".join(f"  - {line}\n" for line in lines)
    return f"{HEAD}{body}  - pip:\n      - -e .\n"


def conda_line(requirement: Requirement | str) -> str:
    """Return a requirement as conda writes it, e.g. ``simpy >=4.1,<5``.

    Names are the same there. Environment markers are dropped: conda-forge builds numba
    for every platform.
    """
    if isinstance(requirement, str):
        requirement = Requirement(requirement)
    # Lower bounds first, as people write them; a set of specifiers has no order.
    bounds = sorted(
        map(str, requirement.specifier), key=lambda bound: (bound[0] != ">", bound)
    )
    return f"{requirement.name} {','.join(bounds)}".strip()


if __name__ == "__main__":
    main()
