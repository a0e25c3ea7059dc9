"""YAML in and out, with the traps of YAML shut.

In: a path or a text. Out: plain mappings, lists and scalars. A file that is too
large, is not UTF-8, repeats a key, carries tags or unfolds without end is refused
with one line; nothing of it is executed. Words and numbers are those of YAML 1.2:
``no`` and ``1:30`` are text, ``1e3`` is a number, dates are text.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import yaml

from simlib.errors import ScenarioError

MOST_BYTES = 2_000_000
MOST_NODES = 200_000
WHOLE_TO = 1e15
SCALARS = (
    ("null", r"~|null|Null|NULL|", "~nN"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0|[1-9][0-9_]*)", "-+0123456789"),
    (
        "float",
        r"[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "-+0123456789.",
    ),
)
REMEDIES = (
    ("'\\t'", "a tab cannot indent; use spaces"),
    ("another document", "a second document begins with ---; keep one"),
    ("could not find expected ':'", "a key without a colon after it"),
    ("mapping values are not allowed", "a colon too many, or a wrong indent"),
    ("cannot start any token", "a special sign; put this text in quotes"),
    ("duplicate anchor", "an anchor (&name) stands twice; keep one"),
    ("undefined alias", "an alias (*name) without its anchor (&name)"),
    ("while scanning a quoted scalar", "a quote is not closed"),
    ("expected the node content", "something is missing, or a bracket is not closed"),
    ("expected ',' or", "a bracket or brace is not closed, or a comma is missing"),
    ("special characters", "a control character; save it as plain text"),
)


class _Loader(yaml.SafeLoader):
    """The safe loader, with the words and numbers of YAML 1.2 and without tags."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - typed in PyYAML

    def fetch_tag(self) -> None:
        raise yaml.scanner.ScannerError(
            problem="tags such as !!python are not allowed; write a plain value",
            problem_mark=self.get_mark(),
        )


class _Dumper(yaml.SafeDumper):
    """The safe dumper, for the same words and numbers."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - typed in PyYAML

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        """Write everything out: an alias helps no reader of a scenario."""
        return True


for _name, _form, _first in SCALARS:
    for _user in (_Loader, _Dumper):
        _user.add_implicit_resolver(
            f"tag:yaml.org,2002:{_name}",
            re.compile(rf"^(?:{_form})$"),
            [*_first, *([""] if _name == "null" else [])],
        )


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            shown = f"'{key_node.value}'" if key_node.id == "scalar" else "[...]"
            raise ScenarioError(
                f"{_line(key_node)}: the key {shown} is no word; begin with a letter"
            )
        if key in seen:
            raise ScenarioError(
                f"{_line(key_node)}: the key '{key}' stands twice; keep one"
            )
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


def _as_text(dumper: _Dumper, day: dt.date) -> yaml.ScalarNode:
    return dumper.represent_str(day.isoformat())


def _as_number(dumper: _Dumper, number: float) -> yaml.ScalarNode:
    if number.is_integer() and abs(number) < WHOLE_TO:
        return dumper.represent_int(int(number))
    return dumper.represent_float(number)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Dumper.add_representer(dt.date, _as_text)
_Dumper.add_representer(float, _as_number)


def _line(node: yaml.Node) -> str:
    return f"line {node.start_mark.line + 1}"


def parse(text: str, where: str) -> Any:
    """Return what a YAML text says.

    Parameters
    ----------
    text : str
    where : str
        What the text is called in a message, such as its file's name.

    Raises
    ------
    ScenarioError
        If it is not YAML, repeats a key, or unfolds to too many values.
    """
    try:
        return _parsed(text)
    except ScenarioError as error:
        raise ScenarioError(f"{where}: {error}") from None
    except yaml.YAMLError as error:
        raise ScenarioError(f"{where}: {_in_one_line(error)}") from None
    except RecursionError:
        raise ScenarioError(
            f"{where}: brackets or lists are nested too deeply for a scenario"
        ) from None
    except ValueError:
        raise ScenarioError(f"{where}: holds a number that is too long") from None


def _parsed(text: str) -> Any:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _refuse_bombs(node)
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _in_one_line(error: yaml.YAMLError) -> str:
    """Return where YAML stopped being YAML, and what most often is the cause."""
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    whole = " ".join(str(error).split())
    known = (remedy for sign, remedy in REMEDIES if sign in whole)
    problem = getattr(error, "problem", None) or "this is not readable YAML"
    return place + next(known, problem)


def _refuse_bombs(root: yaml.Node) -> None:
    """Raise if aliases unfold to too many values, or to a value inside itself."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()

    def size(node: yaml.Node) -> int:
        key = id(node)
        if key in open_nodes:
            raise ScenarioError(f"{_line(node)}: an alias points into itself")
        if key not in sizes:
            open_nodes.add(key)
            sizes[key] = 1 + sum(size(child) for child in _children(node))
            open_nodes.discard(key)
        if sizes[key] > MOST_NODES:
            raise ScenarioError(
                f"{_line(node)}: unfolds to more than {MOST_NODES:,} values; "
                "use fewer aliases"
            )
        return sizes[key]

    size(root)


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def read(path: Path) -> Any:
    """Return what a YAML file says.

    Raises
    ------
    ScenarioError
        If it is missing, a folder, larger than 2 MB, not UTF-8 or not YAML.
    """
    return parse(_text(path), str(path))


def is_there(path: Path) -> bool:
    """Return whether there is something at a path, however odd the path is."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _text(path: Path) -> str:
    """Return the text of a file, never reading more of it than is allowed."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise ScenarioError(f"{path}: there is no such file") from None
    except (OSError, ValueError) as error:
        if is_there(path) and path.is_dir():
            what = f"{path}: is a folder; name a scenario file in it"
            raise ScenarioError(what) from None
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError(f"{path}: cannot be read ({reason})") from None
    if len(content) > MOST_BYTES:
        most = f"{MOST_BYTES / 1e6:g} MB"
        raise ScenarioError(f"{path}: is larger than {most}, too large for a scenario")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ScenarioError(
            f"{path}: is not UTF-8 text; save it with the encoding UTF-8"
        ) from None


def dump(said: dict[str, Any]) -> str:
    """Return a mapping as YAML text, keys in their own order."""
    return yaml.dump(
        said,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=88,
    )
