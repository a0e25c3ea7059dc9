"""The part of a lesson that its explorer needs, and nothing else.

In: the code of a notebook. Out: the statements on which its last explorer depends. So
an explorer is written once, in its lesson, and a page of the app cannot differ from it.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

EXPLORERS = {"explore", "sliders"}


def code_of(path: Path) -> str:
    """Return all code of a notebook, cell after cell."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return "\n".join(code)


def explorer_of(
    code: str, given: Mapping[str, Any] | None = None
) -> tuple[str, str] | None:
    """Return the statements before the last explorer, and the explorer itself.

    Parameters
    ----------
    code : str
        All code of a notebook, cell after cell.
    given : mapping of str to str or number
        Names that get another value than the notebook gives them.

    Returns
    -------
    (str, str) or None
        None if there is no explorer.
    """
    statements = [_instead(one, given or {}) for one in ast.parse(code).body]
    for place in range(len(statements) - 1, -1, -1):
        call = _explorer_in(statements[place])
        if call is not None:
            before = _needed(statements[:place], _names_in(call))
            return "\n".join(map(ast.unparse, before)), ast.unparse(call)
    return None


def _instead(statement: ast.stmt, given: Mapping[str, Any]) -> ast.stmt:
    """Return a statement; where it gives one of some names a value, with the other."""
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        name = statement.targets[0].id
        if name in given:
            statement.value = ast.Constant(given[name])
    return statement


def _explorer_in(statement: ast.stmt) -> ast.Call | None:
    """Return the call that makes an explorer, if a statement is one."""
    value = getattr(statement, "value", None)
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute):
        return None
    return value if value.func.attr in EXPLORERS else None


def _needed(statements: list[ast.stmt], names: set[str]) -> list[ast.stmt]:
    """Return the statements that make some names, and what those need in turn."""
    kept = []
    for statement in reversed(statements):
        made = _made_by(statement)
        if made & names:
            kept.append(statement)
            names = names | _names_in(statement)
    return kept[::-1]


def _made_by(statement: ast.stmt) -> set[str]:
    """Return the names that a statement gives a value, or changes by a key."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(one.asname or one.name).split(".")[0] for one in statement.names}
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    targets = [
        node
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    changed = [
        node.value
        for node in ast.walk(statement)
        if isinstance(node, ast.Subscript | ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
    ]
    return {node.id for node in [*targets, *changed]}


def _names_in(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
