"""Saved studies, back as what they were.

In: a file that `save` wrote. Out: the `Study`, `Comparison`, `Worlds`, `Sweep`,
`Sensitivity` or `Optimum`. It runs nothing but the two runs of `Worlds`, which are told
from their logs.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simlib.errors import SimlibError, StudyError
from simlib.studies.comparisons import Comparison
from simlib.studies.influence import Sensitivity
from simlib.studies.optima import Optimum
from simlib.studies.saving import Said, read_table, studies_from, versions
from simlib.studies.study import Study
from simlib.studies.sweeps import Sweep
from simlib.studies.worlds import Worlds

if TYPE_CHECKING:
    import pandas as pd

LOGGER = logging.getLogger("simlib")
Saved = Study | Comparison | Worlds | Sweep | Sensitivity | Optimum


def load_study(path: str | Path) -> Saved:
    """Return a saved study as the object that was saved.

    Its ``versions`` are those that made it, not those of today. Where the model has
    changed since, a warning is logged: the figures are kept as they were found, and
    what is asked beyond them is run by the model of today.

    Raises
    ------
    StudyError
        If the file is missing, or is no study that this version can read.
    """
    frame, said = read_table(path)
    kind, made_by = said.get("kind"), _made_by(said)
    if kind not in READERS:
        raise StudyError(
            f"{path}: holds a '{kind}', made by {made_by}; this version reads "
            f"{', '.join(READERS)}"
        )
    try:
        found = READERS[kind](frame, said)
    except (SimlibError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise StudyError(
            f"{path}: was made by {made_by} in a form that this version "
            f"({versions()['simlib']}) cannot read ({error})"
        ) from None
    if _model(said) != versions()["model"]:
        LOGGER.warning(
            "%s: was made by %s, whose model is not the one of today; its figures are "
            "kept, and what is asked beyond them is run by today's",
            *(path, made_by),
        )
    return found


def _model(said: Said) -> str | None:
    made_by = said.get("versions")
    return made_by.get("model") if isinstance(made_by, Mapping) else None


def _made_by(said: Said) -> str:
    """Return which Lead Lab made a file, as far as it says so."""
    made_by = said.get("versions")
    known = made_by.get("simlib") if isinstance(made_by, Mapping) else None
    return f"simlib {known or 'of an unknown version'}"


def _study(frame: pd.DataFrame, said: Said) -> Study:
    return next(iter(studies_from(frame, said).values()))


def _comparison(frame: pd.DataFrame, said: Said) -> Comparison:
    return Comparison(studies_from(frame, said))


READERS: dict[Any, Callable[[pd.DataFrame, Said], Saved]] = {
    "study": _study,
    "comparison": _comparison,
    "worlds": Worlds.loaded,
    "sweep": Sweep.loaded,
    "sensitivity": Sensitivity.loaded,
    "optimum": Optimum.loaded,
}
