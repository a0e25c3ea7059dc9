"""Commands as they are typed, and what they answer."""

from __future__ import annotations

from simlib.cli import main

DESK = ["compare", "textbook", "leaky_bucket", "--replications", "3"]


def said(capsys, *words):
    """Return exit code, output and what was said beside it."""
    code = main([str(word) for word in words])
    out, beside = capsys.readouterr()
    return code, out, beside
