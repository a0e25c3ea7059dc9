"""The lab as papermill runs it: one cell of settings, any firm."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

LAB = Path(__file__).resolve().parent.parent / "notebooks" / "scenario_lab.ipynb"


def papermill(out: Path, *settings: str) -> list[str]:
    """Run the lab with other settings; return what its cells print or show."""
    command = [sys.executable, "-m", "papermill", str(LAB), str(out)]
    quiet = ["--no-progress-bar", "--log-level", "ERROR", "--cwd", str(LAB.parent)]
    command += [*settings, *quiet]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    cells = nbformat.read(out, as_version=4).cells
    outputs = [each for cell in cells for each in cell.get("outputs", ())]
    return [each.get("text") or each["data"]["text/plain"] for each in outputs]


def test_the_settings_are_in_one_cell():
    """There is one cell for papermill to fill in, and it holds nothing else."""
    cells = nbformat.read(LAB, as_version=4).cells
    [settings] = [c for c in cells if "parameters" in c.metadata.get("tags", ())]

    assert all(" = " in line for line in settings.source.splitlines())


@pytest.mark.parametrize(
    ("firm", "changes", "expected"),
    [
        (
            "self_serve",
            "{market.buyers: 600, market.history: 90, horizon: 200}",
            "'people' moves nothing here: nobody works on leads",
        ),
        pytest.param(
            "textbook",
            "{}",
            "'gating' moves nothing here: there is no market behind the leads",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_the_lab_runs_on_any_firm(tmp_path, firm, changes, expected):
    """Another firm, other settings: all cells run, and say which dial is missing."""
    settings = ["-p", "firm", firm, "-y", f"{{changes: {changes}, runs: 2}}"]
    said = papermill(tmp_path / "out.ipynb", *settings)

    assert any(expected in text for text in said)
    assert any(text.startswith("Explorer of ") and "2 runs" in text for text in said)
