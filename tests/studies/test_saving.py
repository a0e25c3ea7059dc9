"""Studies on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from studies.desks import coin

import simlib as sl
from simlib.errors import SimlibError
from simlib.studies import read_studies


def test_a_comparison_comes_back_whole(tmp_path: Path):
    """Every number, the scenarios and the seed are the same after reading."""
    before = sl.compare({"a": coin(0.1), "b": coin(0.3)}, 3, seed=9)
    studies, versions = read_studies(before.save(tmp_path / "study.parquet"))

    for world, study in before.studies.items():
        found = studies[world]
        assert (found.scenario.digest, found.seed) == (study.scenario.digest, 9)
        assert np.array_equal(found.sources, study.sources, equal_nan=True)
    assert np.array_equal(studies["b"].table, before.studies["b"].table, equal_nan=True)
    assert versions["simlib"] == sl.__version__


def test_a_saved_study_can_be_run_again(tmp_path: Path):
    """From the file alone the study is repeated to the last bit."""
    study = sl.replicate(coin(), 3, seed=2)
    found = read_studies(study.save(tmp_path / "study.parquet"))[0]["coin"]
    again = sl.replicate(found.scenario, found.replications, found.seed)

    assert np.array_equal(again.table, study.table, equal_nan=True)


@pytest.mark.parametrize("name", ["gone.parquet", "other.parquet"])
def test_other_files_are_refused_by_name(tmp_path: Path, name: str):
    """A missing file and a file of something else are told apart."""
    (tmp_path / "other.parquet").write_text("no study")
    with pytest.raises(SimlibError, match=rf"{name}: (there is no|is not a saved)"):
        read_studies(tmp_path / name)


def test_a_study_is_not_written_as_anything_else(tmp_path: Path):
    """The ending is part of the format."""
    with pytest.raises(SimlibError, match=r"a study is written as \.parquet"):
        sl.replicate(coin(), 2).save(tmp_path / "study.csv")
