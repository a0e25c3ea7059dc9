"""Studies on disk."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from studies.desks import coin

import simlib as sl
from simlib.errors import SimlibError
from simlib.studies import read_studies
from simlib.studies.saving import KEY

RATE = "stages.captured.next.customer.rate"


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


def studies():
    """Return a study of each kind."""
    more, range_of = coin(0.3), {RATE: (0.1, 0.3)}
    return {
        "study": sl.replicate(coin(), 3, seed=2),
        "comparison": sl.compare({"a": coin(), "b": more}, 3, seed=2),
        "worlds": sl.two_worlds(coin(), more, seed=2, replication=1),
        "sweep": sl.sweep(coin(), {RATE: [0.1, 0.3]}, 3, seed=2),
        "sensitivity": sl.sensitivity(coin(), range_of, "customers", 2, 4, seed=2),
        "optimum": sl.optimise(
            coin(), range_of, "customers", candidates=4, replications=2, seed=2
        ),
    }


def test_each_kind_of_study_comes_back_as_what_it_was(tmp_path: Path):
    """The same kind, the same line about it, and the same bytes when saved again."""
    for kind, study in studies().items():
        first = study.save(tmp_path / f"{kind}.parquet")
        found = sl.load_study(first)
        second = found.save(tmp_path / "again.parquet")

        assert (type(found), repr(found)) == (type(study), repr(study))
        assert second.read_bytes() == first.read_bytes()


def test_two_worlds_come_back_with_their_lives(tmp_path: Path):
    """Those who fare otherwise are in the file; their stories are told once more."""
    before = sl.two_worlds(coin(), coin(0.3), seed=2)
    found = sl.load_study(before.save(tmp_path / "worlds.parquet"))

    assert found.table().to_csv() == before.table().to_csv()
    assert found.stories(2) == before.stories(2)


def reworded(path: Path, change) -> Path:
    """Change what a saved file says of itself."""
    table = pq.read_table(path)
    said = json.loads(table.schema.metadata[KEY])
    change(said)
    metadata = {**table.schema.metadata, KEY: json.dumps(said)}
    pq.write_table(table.replace_schema_metadata(metadata), path)
    return path


def test_a_file_of_another_version_keeps_its_figures_and_says_so(
    tmp_path: Path, caplog
):
    """It loads with a warning, and says who made it, even when it is saved again."""
    study = sl.replicate(coin(), 3, seed=2)

    def older(said):
        said["versions"] |= {"simlib": "0.0.9", "model": "0.0.9-00"}

    path = reworded(study.save(tmp_path / "old.parquet"), older)
    found = sl.load_study(path)
    again = sl.load_study(found.save(tmp_path / "again.parquet"))

    assert np.array_equal(found.table, study.table, equal_nan=True)
    assert again.versions["simlib"] == "0.0.9"
    assert "old.parquet: was made by simlib 0.0.9, whose model is not" in caplog.text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda said: said.update(kind="forecast"), "holds a 'forecast', made by"),
        (lambda said: said.pop("worlds"), "in a form that this version .*worlds"),
        (lambda said: said.update(worlds=[1]), "in a form that this version"),
        (
            lambda said: said["worlds"]["coin"].update(scenario="horizn: 3"),
            "in a form that this version .*horizn: unknown key",
        ),
    ],
)
def test_a_file_of_another_form_is_refused_by_name(tmp_path: Path, change, message):
    """One line: the file, who made it, and what is in the way."""
    path = sl.replicate(coin(), 2).save(tmp_path / "odd.parquet")

    with pytest.raises(SimlibError, match=rf"odd\.parquet: .*{message}"):
        sl.load_study(reworded(path, change))


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
