"""Running a command in a test."""

from __future__ import annotations

import pytest

from simlib.cli import main


@pytest.fixture
def simlib(capsys, tmp_path, monkeypatch):
    """Return a function that runs a command: code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments):
        code = main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return command
