"""Every claim is tried twice: quickly, and at full precision."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from efforts import Effort
from test_docs import ROOT, rows

TESTS = [(row[0], row[3].replace("`", "").split(", ")) for row in rows("experiments")]


def of_claim(name: str, path: Path) -> list[ast.FunctionDef]:
    """Return the tests of a claim in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        each
        for each in tree.body
        if isinstance(each, ast.FunctionDef) and each.name.startswith(f"test_{name}_")
    ]


@pytest.mark.parametrize(("claim", "paths"), TESTS, ids=[claim for claim, _ in TESTS])
def test_each_claim_is_tried_at_both_efforts(claim, paths):
    """The file that docs/experiments.md names has a test of the claim for `effort`."""
    tests = [each for path in paths for each in of_claim(claim.lower(), ROOT / path)]
    both = [each for each in tests if "effort" in [a.arg for a in each.args.args]]

    assert len(both) > 0


def test_what_an_effort_means_is_said_by_the_test():
    """A quick look takes the first figure, full precision the second."""
    assert [effort.of(4, 64) for effort in Effort] == [4, 64]


def test_only_full_precision_is_slow(effort, request):
    """`make test` leaves full precision out, `make test-all` does not."""
    slow = request.node.get_closest_marker("slow") is not None

    assert slow == (effort is Effort.FULL)
