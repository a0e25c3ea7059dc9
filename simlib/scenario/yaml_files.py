"""YAML in and out, with the traps of YAML shut.

In: a path or a text. Out: plain mappings, lists and scalars. A file that is too
large, is not UTF-8, repeats a key or unfolds without end is refused with one line;
nothing of it is executed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from simlib.errors import ScenarioError

MOST_BYTES = 2_000_000
MOST_NODES = 200_000


class _Loader(yaml.SafeLoader):
    """The safe loader, with numbers and truth values as in YAML 1.2."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if not tag.endswith((":bool", ":float"))]
    for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$", re.I), list("tTfF")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(
        r"^(?:[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
    ),
    list("-+0123456789."),
)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise ScenarioError(
                f"{_line(key_node)}: the key {key!r} is not a word; put it in quotes"
            )
        if key in seen:
            raise ScenarioError(
                f"{_line(key_node)}: the key '{key}' stands twice; keep one"
            )
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


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
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _refuse_bombs(node, where)
        return loader.construct_document(node)
    except ScenarioError as error:
        raise ScenarioError(f"{where}: {error}") from None
    except yaml.YAMLError as error:
        raise ScenarioError(f"{where}: {_in_one_line(error)}") from None
    except (ValueError, RecursionError, OverflowError):
        raise ScenarioError(f"{where}: is not readable YAML") from None
    finally:
        loader.dispose()


def _in_one_line(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "is not readable YAML"
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{place}{problem} (a tab, a missing colon or an unclosed quote?)"


def _refuse_bombs(root: yaml.Node, where: str) -> None:
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
    try:
        if path.is_dir():
            raise ScenarioError(f"{path}: is a folder, not a scenario file")
        if path.stat().st_size > MOST_BYTES:
            size = path.stat().st_size / 1e6
            raise ScenarioError(
                f"{path}: {size:,.0f} MB is too large for a scenario "
                f"(at most {MOST_BYTES / 1e6:.0f} MB)"
            )
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ScenarioError(f"{path}: there is no such file") from None
    except UnicodeDecodeError:
        raise ScenarioError(
            f"{path}: is not UTF-8 text; save it with the encoding UTF-8"
        ) from None
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read ({error.strerror})") from None
    return parse(text, str(path))


def dump(said: dict[str, Any]) -> str:
    """Return a mapping as YAML text, keys in their own order."""
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=88)
