"""Saved studies, back as what they were.

In: a file that `save` wrote. Out: the `Study`, `Comparison`, `Sweep`, `Sensitivity` or
`Optimum`. It runs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simlib.errors import StudyError
from simlib.studies.comparisons import Comparison
from simlib.studies.influence import Sensitivity
from simlib.studies.optima import Optimum
from simlib.studies.replications import Study
from simlib.studies.saving import Said, read_table, studies_from
from simlib.studies.sweeps import Sweep

if TYPE_CHECKING:
    import pandas as pd

Saved = Study | Comparison | Sweep | Sensitivity | Optimum


def load_study(path: str | Path) -> Saved:
    """Return a saved study as the object that was saved.

    Its ``versions`` are those that made it, not those of today.

    Raises
    ------
    StudyError
        If the file is missing, or is no study that this version can read.
    """
    frame, said = read_table(path)
    kind = said.get("kind")
    if kind not in READERS:
        raise StudyError(f"{path}: holds a '{kind}', which this version cannot read")
    try:
        return READERS[kind](frame, said)
    except (KeyError, TypeError, IndexError) as error:
        raise StudyError(
            f"{path}: was saved in a form that this version cannot read ({error})"
        ) from None


def _study(frame: pd.DataFrame, said: Said) -> Study:
    return next(iter(studies_from(frame, said).values()))


def _comparison(frame: pd.DataFrame, said: Said) -> Comparison:
    return Comparison(studies_from(frame, said))


READERS: dict[Any, Callable[[pd.DataFrame, Said], Saved]] = {
    "study": _study,
    "comparison": _comparison,
    "sweep": Sweep.loaded,
    "sensitivity": Sensitivity.loaded,
    "optimum": Optimum.loaded,
}
