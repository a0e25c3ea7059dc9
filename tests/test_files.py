"""Files are whole or not there, and belong to whom files belong."""

from __future__ import annotations

from pathlib import Path

import pytest

from simlib.errors import FileError
from simlib.files import written_safely


def test_a_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    """Until the block ends only a temporary file is there, afterwards only the file."""
    path = tmp_path / "table.csv"
    with written_safely(path) as temporary:
        temporary.write_text("a,b")
        before = path.exists()

    assert (before, [file.name for file in tmp_path.iterdir()]) == (
        False,
        ["table.csv"],
    )


def test_what_fails_leaves_the_old_file(tmp_path: Path) -> None:
    """An error inside the block changes nothing and leaves nothing behind."""
    path = tmp_path / "table.csv"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError):  # noqa: PT012, SIM117  (the block is the test)
        with written_safely(path) as temporary:
            temporary.write_text("half")
            raise ZeroDivisionError

    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
        "table.csv": "old"
    }


def test_permissions_are_those_of_any_new_file(tmp_path: Path) -> None:
    """A class server's other users can read what the file's owner lets them read."""
    with written_safely(tmp_path / "ours.csv") as temporary:
        temporary.write_text("x")
    (tmp_path / "plain.csv").write_text("x")

    modes = {file.stat().st_mode for file in tmp_path.iterdir()}

    assert len(modes) == 1


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """The message names the file and why it cannot be written."""
    message = r"gone.table.csv: cannot be written \(No such file"
    with (
        pytest.raises(FileError, match=message),
        written_safely(tmp_path / "gone" / "table.csv"),
    ):
        pass
