"""Scenarios: what a user says, from YAML or Python, checked before anything runs.

In: a packaged name, a file, or a mapping. Out: `Scenario`, immutable. It never draws
a number and never knows about seeds, replications or engines.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError, model_validator

from simlib.errors import ScenarioError, nearest
from simlib.files import written_safely
from simlib.scenario import yaml_files
from simlib.scenario.asking import asked
from simlib.scenario.changes import laid_over, with_value
from simlib.scenario.checks import problems
from simlib.scenario.messages import message_for, shown
from simlib.scenario.models import ScenarioFields
from simlib.scenario.schema import schema

__all__ = ["Scenario", "load", "names", "parse_value", "schema"]


class Scenario(ScenarioFields):
    """A complete, checked set of assumptions; see `simlib schema` for its keys.

    Nothing in it can be changed. Two scenarios are equal if they have the same name,
    description and `digest`.
    """

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for path, problem in chain(asked(self), problems(self)):
            raise ScenarioError(f"{path}: {problem}")
        return self

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Scenario:
        """Return the scenario that a mapping describes; it may extend another.

        Raises
        ------
        ScenarioError
            One line: the path, what was given, what may be.
        """
        whole = _with_parent(said, Path(), ())
        try:
            return cls.model_validate(whole)
        except ValidationError as error:
            raise ScenarioError(message_for(error, cls, whole)) from None

    def changed(self, changes: Mapping[str, Any]) -> Scenario:
        """Return a scenario with other values at some paths.

        Parameters
        ----------
        changes : mapping
            From a dotted path, such as ``"teams.sdr.people"``, to its new value. A
            part (a stage, a team, a source) is merged with what is there; a value (a
            rate, a lag, a mix) replaces it whole. None takes a part away.

        Raises
        ------
        ScenarioError
            If a path leads nowhere or its new value is impossible.
        """
        said, full = self.said(), self.model_dump()
        for path, value in changes.items():
            steps = str(path).split(".")
            said = with_value(said, full, steps, value, [ScenarioFields])
        return Scenario.of(said)

    def said(self) -> dict[str, Any]:
        """Return what was said, without the defaults, as a plain mapping."""
        return self.model_dump(exclude_unset=True)

    def to_yaml(self, path: str | Path | None = None) -> str:
        """Return the scenario as YAML text, and write it to `path` if one is given."""
        text = yaml_files.dump(self.said())
        if path is not None:
            with written_safely(Path(path)) as temporary:
                temporary.write_text(text, encoding="utf-8")
        return text

    @cached_property
    def digest(self) -> str:
        """A short hash of all values but name and description, defaults included.

        It is the same in every process and on every machine. The order of stages,
        transitions and sources counts, because outcomes depend on it; the order in
        which kinds are written does not.
        """
        values = self.model_dump(mode="json", exclude={"name", "description"})
        text = json.dumps(values, sort_keys=False)
        return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()

    def _identity(self) -> tuple[str, str, str]:
        return self.name, self.description, self.digest

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scenario):
            return NotImplemented
        return self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())


def names() -> list[str]:
    """Return the names of the packaged scenarios."""
    folder = resources.files("simlib") / "scenarios"
    files = [file.name for file in folder.iterdir()]
    return sorted(name[:-5] for name in files if name.endswith(".yaml"))


def load(source: str | Path) -> Scenario:
    """Return a packaged scenario by its name, or one from a YAML file by its path.

    Raises
    ------
    ScenarioError
        If there is no such scenario, or it says something impossible.
    """
    said = _read(str(source), Path(), ())
    try:
        return Scenario.of(said)
    except ScenarioError as error:
        raise ScenarioError(f"{source}: {error}") from None


def parse_value(text: str, where: str) -> Any:
    """Return what a value on the command line means, read as YAML.

    Parameters
    ----------
    text : str
    where : str
        What the value is called in a message, such as its path.
    """
    return yaml_files.parse(text, where)


def _with_parent(
    said: Mapping[str, Any], folder: Path, heirs: tuple[Path, ...]
) -> dict[str, Any]:
    """Return what a mapping says, laid over the scenario that it extends.

    Parameters
    ----------
    said : mapping
    folder : Path
        Where the parent's file is looked for.
    heirs : tuple of Path
        The files that led here, to notice one that extends itself.
    """
    if not isinstance(said, Mapping):
        what = "an empty file" if said is None else shown(said)
        raise ScenarioError(f"{what} is no scenario; write keys and values")
    own = dict(said)
    parent = own.pop("extends", None)
    if parent is None:
        return own
    if not isinstance(parent, str):
        raise ScenarioError(
            "extends: must be the name of a packaged scenario, or of a file"
        )
    try:
        inherited = _read(parent, folder, heirs)
    except ScenarioError as error:
        raise ScenarioError(f"extends: {error}") from None
    return dict(laid_over(inherited, own, [ScenarioFields]))


def _read(source: str, folder: Path, heirs: tuple[Path, ...]) -> dict[str, Any]:
    """Return what a file says, laid over what it extends."""
    path = _find(source, folder)
    said = yaml_files.read(path)
    place = path.resolve()
    if place in heirs:
        raise ScenarioError(f"{source}: extends itself; a scenario extends another one")
    try:
        return _with_parent(said, path.parent, (*heirs, place))
    except ScenarioError as error:
        raise ScenarioError(f"{source}: {error}") from None


def _find(source: str, folder: Path) -> Path:
    """Return the file of a packaged name or of a path, relative to `folder`."""
    known = names()
    if source in known:
        return Path(str(resources.files("simlib") / "scenarios" / f"{source}.yaml"))
    path = folder / source
    typed = Path(source)
    looks_like_file = typed.suffix in {".yaml", ".yml"} or len(typed.parts) > 1
    if looks_like_file or yaml_files.is_there(path):
        return path
    raise ScenarioError(
        f"{source}: no packaged scenario and no file of that name."
        f"{nearest(source, known)} Packaged: {', '.join(known)}."
    )
