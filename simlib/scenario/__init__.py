"""Scenarios: what a user says, from YAML or Python, checked before anything runs.

In: a packaged name, a file, or a mapping. Out: `Scenario`, immutable. It never draws
a number and never knows about seeds, replications or engines.
"""

from __future__ import annotations

import copy
import hashlib
import json
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, PrivateAttr, ValidationError

from simlib.errors import ScenarioError, nearest
from simlib.files import written_safely
from simlib.scenario import yaml_files
from simlib.scenario.checks import problems
from simlib.scenario.messages import message_for
from simlib.scenario.models import ScenarioFields

__all__ = ["Scenario", "load", "names", "parse_value", "schema"]

EXCLUSIVE = {"mean": "median", "median": "mean"}
EXCLUSIVE |= {"per_month": "per_day", "per_day": "per_month"}
MOST_ANCESTORS = 10


class Scenario(ScenarioFields):
    """A complete, checked set of assumptions; see `simlib schema` for its keys."""

    _said: dict[str, Any] = PrivateAttr(default_factory=dict)

    @classmethod
    def of(cls, said: dict[str, Any]) -> Scenario:
        """Return the scenario that a mapping describes.

        Raises
        ------
        ScenarioError
            One line: the path, what was given, what may be.
        """
        if not isinstance(said, dict):
            raise ScenarioError("a scenario is a mapping of keys to values")
        try:
            scenario = cls.model_validate(said)
        except ValidationError as error:
            raise ScenarioError(message_for(error, cls, said)) from None
        for path, problem in problems(scenario):
            raise ScenarioError(f"{path}: {problem}")
        scenario._said = copy.deepcopy(said)
        return scenario

    def changed(self, changes: dict[str, Any]) -> Scenario:
        """Return a scenario with other values at some paths.

        Parameters
        ----------
        changes : dict
            From a dotted path, such as ``"teams.sdr.people"``, to its new value. A
            mapping is merged with what is there; None removes a part.

        Raises
        ------
        ScenarioError
            If a path leads nowhere or its new value is impossible.
        """
        said = self._said
        for path, value in changes.items():
            self._check_path(path)
            nested = value
            for part in reversed(path.split(".")):
                nested = {part: nested}
            said = merged(said, nested)
        return Scenario.of(said)

    def _check_path(self, path: str) -> None:
        """Raise if a step before the last one of a path does not exist."""
        parts = path.split(".")
        here: Any = self
        for depth, part in enumerate(parts):
            done = ".".join(parts[: depth + 1])
            if isinstance(here, BaseModel):
                known = list(type(here).model_fields)
                if part not in known:
                    hint = f"known: {', '.join(known)}.{nearest(part, known)}"
                    raise ScenarioError(f"{done}: unknown key; {hint}")
                here = getattr(here, part)
            elif isinstance(here, dict):
                if part not in here and depth < len(parts) - 1:
                    known = list(here)
                    hint = f"known: {', '.join(known)}.{nearest(part, known)}"
                    raise ScenarioError(f"{done}: there is none; {hint}")
                here = here.get(part)
            elif here is not None:
                before = ".".join(parts[:depth])
                raise ScenarioError(
                    f"{before}: is a single value and has no '{part}'; "
                    "set it to a mapping instead"
                )

    def to_yaml(self, path: str | Path | None = None) -> str:
        """Return the scenario as YAML text, and write it to `path` if one is given."""
        text = yaml_files.dump(self._said)
        if path is not None:
            with written_safely(Path(path)) as temporary:
                temporary.write_text(text, encoding="utf-8")
        return text

    @cached_property
    def digest(self) -> str:
        """A short hash of every value: equal scenarios have equal digests."""
        values = self.model_dump(mode="json", exclude={"name", "description"})
        text = json.dumps(values, sort_keys=False)
        return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()


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
    said = _with_ancestors(str(source), Path(), 0)
    try:
        return Scenario.of(said)
    except ScenarioError as error:
        raise ScenarioError(f"{source}: {error}") from None


def schema() -> dict[str, Any]:
    """Return the JSON schema of a scenario file, for editors."""
    described = ScenarioFields.model_json_schema()
    described["title"] = "Lead Lab scenario"
    described["properties"]["extends"] = {
        "type": "string",
        "description": "A packaged scenario, or a file, to start from.",
    }
    described["required"] = []
    return described


def parse_value(text: str) -> Any:
    """Return what a value on the command line means, read as YAML."""
    return yaml_files.parse(text, "the value")


def merged(base: Any, change: Any) -> Any:
    """Return `base` with `change` laid over it; None removes a key."""
    if not (isinstance(base, dict) and isinstance(change, dict)):
        return copy.deepcopy(change)
    result = dict(base)
    for key, value in change.items():
        if value is None:
            result.pop(key, None)
            continue
        rival = EXCLUSIVE.get(key, "")
        if rival not in change:
            result.pop(rival, None)
        result[key] = merged(result.get(key), value)
    return result


def _with_ancestors(source: str, folder: Path, depth: int) -> dict[str, Any]:
    """Return what a scenario says, laid over what it extends."""
    if depth > MOST_ANCESTORS:
        raise ScenarioError(
            f"{source}: extends goes on for more than {MOST_ANCESTORS} files; "
            "does one of them extend itself?"
        )
    path = _find(source, folder)
    said = yaml_files.read(path)
    if not isinstance(said, dict):
        raise ScenarioError(f"{source}: is not a mapping of keys to values")
    parent = said.pop("extends", None)
    if parent is None:
        return said
    if not isinstance(parent, str):
        raise ScenarioError(f"{source}: extends: must be a name or a file")
    return dict(merged(_with_ancestors(parent, path.parent, depth + 1), said))


def _find(source: str, folder: Path) -> Path:
    """Return the file of a packaged name or of a path, relative to `folder`."""
    if source in names():
        return Path(str(resources.files("simlib") / "scenarios" / f"{source}.yaml"))
    path = folder / source
    looks_like_file = path.suffix in {".yaml", ".yml"} or "/" in source
    if path.exists() or looks_like_file:
        return path
    known = names()
    raise ScenarioError(
        f"{source}: no packaged scenario and no file of that name; "
        f"packaged: {', '.join(known)}.{nearest(source, known)}"
    )
