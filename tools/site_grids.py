"""Compute what the site's explorers show: every setting of a grid, once, at build time.

In: site/grids.yaml. Out: for each lesson a JavaScript file with the figures of every
replication at every setting, kept until the package or the grid changes. It never draws
and never makes a page.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain, pairwise, product
from multiprocessing import get_context
from pathlib import Path
from typing import Any, cast

import yaml
from scipy.special import stdtrit

import simlib as sl
from simlib.app.slices import code_of, explorer_of
from simlib.errors import StudyError
from simlib.explore.controls import Control, controls_for
from simlib.explore.figures import Row, rows_for
from simlib.explore.samples import Sample
from simlib.explore.session import Session
from simlib.explore.through_time import MOST_MONTHS
from simlib.explore.widget import Explorer
from simlib.files import written_safely
from simlib.plan import compiled
from simlib.scenario import Scenario

ROOT = Path(__file__).resolve().parent.parent
GRIDS = ROOT / "site" / "grids.yaml"
LESSONS = ROOT / "notebooks"
OF_LESSON, OWN = "lesson", "own"
PICTURES = ("along", "luck", "funnel", "months")
MAY = {"changes"}
KEYS = {"scenario", "seed", "replications", "controls", "pictures", "figure"}
MOST_POINTS = 1000
DIGITS = 5
# What a page can work out from two other figures needs no place in its data.
RATIOS = {
    "conversion.lead_to_customer": ("customers", "leads"),
    "cost_per.lead": ("spend", "leads"),
    "cac": ("spend", "customers"),
}


@dataclass(frozen=True)
class Grid:
    """The settings of one lesson's explorer.

    Attributes
    ----------
    lesson : str
        The name of the notebook, without its ending.
    scenario_name : str
        By which it is packaged; ``lesson`` for one that the lesson makes.
    scenario : Scenario
    controls : list of Control
    values : list of list
        Of each control, ascending, in the unit of the scenario file.
    seed, replications : int
    pictures : list of str
        The first one is shown first.
    figure : str
        The metric that pictures begin with.
    """

    lesson: str
    scenario_name: str
    scenario: Scenario
    controls: list[Control]
    values: list[list[Any]]
    seed: int
    replications: int
    pictures: list[str]
    figure: str

    @property
    def points(self) -> int:
        """How many settings there are."""
        return math.prod(map(len, self.values))


@dataclass(frozen=True)
class Kept:
    """What is kept of one replication.

    Attributes
    ----------
    figures : dict of str to float
        Its metrics.
    months : list of int
        The new customers of each month; empty where no picture shows them.
    """

    figures: dict[str, float]
    months: list[int]


def grids_of(path: Path = GRIDS) -> dict[str, Grid]:
    """Return the grids of a file, by lesson.

    Raises
    ------
    SimlibError
        For an entry that cannot be: its place, and what may be there.
    """
    return {lesson: grid_of(lesson, entry) for lesson, entry in entries(path).items()}


def entries(path: Path = GRIDS) -> dict[str, dict[str, Any]]:
    """Return what a file says of each lesson; no scenario is made."""
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def explorer_in(lesson: str) -> Explorer:
    """Return the explorer of a lesson, made by the lesson's own code."""
    found = explorer_of(code_of(LESSONS / f"{lesson}.ipynb"))
    if found is None:
        raise StudyError(f"grid {lesson}: its lesson shows no explorer")
    before, call = found
    names: dict[str, Any] = {}
    exec(f"{before}\n{OF_LESSON} = {call}", names)  # noqa: S102  (our own lesson)
    if "folder" in names:  # in which a lesson wrote what its explorer opens
        names["folder"].cleanup()
    return cast("Explorer", names[OF_LESSON])


def _given(lesson: str, said: Mapping[str, Any]) -> tuple[Scenario, list[Control]]:
    """Return the scenario of an entry, and its controls."""
    labels = {
        path: {key: one[key] for key in ("label",) if key in one}
        for path, one in said["controls"].items()
    }
    if said["scenario"] != OF_LESSON:
        scenario = sl.load(said["scenario"]).changed(said.get("changes", {}))
        return scenario, controls_for(scenario, labels)
    session = explorer_in(lesson).session
    if unknown := set(labels) - set(session.controls):
        known = ", ".join(session.controls)
        raise StudyError(f"grid {lesson}: no {', '.join(unknown)}; it has {known}")
    return session.scenario, [
        replace(session.controls[path], **label) for path, label in labels.items()
    ]


def grid_of(lesson: str, said: Mapping[str, Any]) -> Grid:
    """Return the grid of one entry.

    Raises
    ------
    SimlibError
        See `grids_of`.
    """
    if wrong := (set(said) ^ KEYS) - (MAY & set(said)):
        needs, see = (", ".join(sorted(names)) for names in (KEYS, wrong))
        raise StudyError(f"grid {lesson}: needs {needs}; see {see}")
    scenario, controls = _given(lesson, said)
    values = [
        [control.start if value == OWN else value for value in one["values"]]
        for control, one in zip(controls, said["controls"].values(), strict=True)
    ]
    for control, one in zip(controls, values, strict=True):
        _check(f"grid {lesson}: {control.path}", control, one)
    strange = set(said["pictures"]) - set(PICTURES)
    if strange or not said["pictures"]:
        raise StudyError(f"grid {lesson}: pictures are any of {', '.join(PICTURES)}")
    rest = {key: said[key] for key in ("seed", "replications", "pictures", "figure")}
    grid = Grid(lesson, said["scenario"], scenario, controls, values, **rest)
    if grid.points > MOST_POINTS:
        raise StudyError(f"grid {lesson}: {grid.points} points; {MOST_POINTS} at most")
    return grid


def _check(place: str, control: Control, values: list[Any]) -> None:
    """See that values ascend and hold the scenario's own one."""
    if control.start not in values:
        raise StudyError(f"{place}: the scenario's own {control.start} must be there")
    if not control.choices and any(one >= two for one, two in pairwise(values)):
        raise StudyError(f"{place}: values must ascend")


def data_of(grid: Grid, workers: int = 1) -> dict[str, Any]:
    """Run every setting of a grid; return what the page's script needs.

    All settings share their replications, so that the script can compare two of them
    replication by replication. The last control varies fastest, and within a setting
    the replications follow each other.

    Parameters
    ----------
    grid : Grid
    workers : int
        Processes that share the work; the numbers are the same.
    """
    rows, stages = _rows(grid), _stages(grid.scenario)
    found = _all_runs(grid, workers)
    data = {
        "scenario": grid.scenario.name,
        "months": round(grid.scenario.horizon / grid.scenario.days_per_month, 2),
        "seed": grid.seed,
        "replications": grid.replications,
        # Student's two-sided 95% points by degrees of freedom, 1 first.
        "student": [
            round(float(stdtrit(degrees, 0.975)), 5)
            for degrees in range(1, grid.replications)
        ],
        "pictures": grid.pictures,
        "figure": grid.figure,
        "controls": [
            _said(control, values)
            for control, values in zip(grid.controls, grid.values, strict=True)
        ],
        "figures": [_figure(row) for row in rows],
        "stages": [{"label": name, "metric": one} for name, one in stages.items()],
        "ratios": RATIOS,
        "values": _values(found, [*(row.metric for row in rows), *stages.values()]),
    }
    if "months" in grid.pictures:
        data["periods"] = _periods(found)
    return data


def _all_runs(grid: Grid, workers: int) -> list[Kept]:
    """Return what is kept of every replication of every setting, in order."""
    session = Session(grid.scenario, grid.controls, grid.replications, grid.seed)
    paths = [control.path for control in grid.controls]
    points = [dict(zip(paths, one, strict=True)) for one in product(*grid.values)]
    worlds = [session.scenario_of(point) for point in points]
    run = partial(
        _runs, grid.seed, grid.replications, with_months="months" in grid.pictures
    )
    if workers == 1:
        return [kept for world in worlds for kept in run(world)]
    # Fresh processes on every system: a copy of this one may hold locks.
    fresh = get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=fresh) as pool:
        parts = pool.map(run, worlds, chunksize=4)
        return [kept for part in parts for kept in part]


def _runs(
    seed: int, replications: int, world: Scenario, *, with_months: bool
) -> list[Kept]:
    """Return what is kept of the replications of one setting."""
    plan = compiled(world)
    runs = (sl.simulate(plan, seed, number) for number in range(replications))
    return [
        Kept(sl.metrics.metrics_of(run), _months(run) if with_months else [])
        for run in runs
    ]


def _months(run: sl.Run) -> list[int]:
    """Return the new customers of each month."""
    past = sl.funnel.histories(run.log)
    won = past.final_entry[past.is_customer]
    return [int(one) for one in sl.funnel.monthly_counts(run.log, won)]


def _values(found: Sequence[Kept], metrics: Iterable[str]) -> dict[str, Any]:
    """Return the figures of all replications; for a series seen before, its name."""
    parts = [RATIOS.get(name, (name,)) for name in metrics]
    values: dict[str, Any] = {}
    for name in dict.fromkeys(chain.from_iterable(parts)):
        series = [rounded(kept.figures.get(name, math.nan)) for kept in found]
        twin = next((other for other, old in values.items() if old == series), None)
        values[name] = twin or series
    return values


def _periods(found: Sequence[Kept]) -> dict[str, Any]:
    """Return new customers month by month, or by quarter where there are many.

    There is one list for each replication.
    """
    size = 3 if len(found[0].months) > MOST_MONTHS else 1
    whole = len(found[0].months) // size * size
    starts = range(0, whole, size)
    counts = [[sum(kept.months[at : at + size]) for at in starts] for kept in found]
    return {"unit": "quarter" if size > 1 else "month", "counts": counts}


def _rows(grid: Grid) -> list[Row]:
    """Return the figures that the lesson's own explorer shows for this scenario."""
    sample = Sample(grid.scenario, grid.seed, 2)
    sample.run_some(math.inf)
    return rows_for(sample)


def _stages(scenario: Scenario) -> dict[str, str]:
    """Return the metrics of the funnel, by stage, lost ones left out."""
    return {
        name.replace("_", " "): "visitors" if stage.anonymous else f"reached.{name}"
        for name, stage in scenario.stages.items()
        if stage.terminal != "lost"
    }


def _said(control: Control, values: list[Any]) -> dict[str, Any]:
    """Return a control as the script needs it."""
    return {
        "path": control.path,
        "label": control.label,
        "values": values,
        "texts": [control.said(value).strip() for value in values],
        "numbers": None
        if control.choices
        else [rounded(float(value) * control.factor) for value in values],
        "unit": control.unit,
        "evidence": control.evidence,
        "behind": control.behind,
        "start": values.index(control.start),
    }


def _figure(row: Row) -> dict[str, Any]:
    return {
        "metric": row.metric,
        "label": row.label,
        "factor": row.factor,
        "unit": row.unit,
    }


def rounded(value: float) -> float | int | None:
    """Return a number with five significant digits, and never coarser than cents.

    Pages show means of money to the last unit. None for a number that is undefined.
    """
    if not math.isfinite(value):
        return None
    if value == int(value):
        return int(value)
    is_large = abs(value) >= 10 ** (DIGITS - 2)
    short = round(value, 2) if is_large else float(f"{value:.{DIGITS}g}")
    return int(short) if short == int(short) else short


def script_of(lesson: str, data: Mapping[str, Any], key: str = "") -> str:
    """Return data as a script that a page may load from anywhere, a stick included.

    No text in it can end a script element or start a comment in one.
    """
    return (
        f"// {key}\n(window.leadLabGrids ??= {{}})[{_safe(lesson)}] = {_safe(data)};\n"
    )


def _safe(data: Any) -> str:
    """Return JSON in which nothing looks like HTML."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def key_of(grid: Grid, package: Path = ROOT / "simlib") -> str:
    """Return a text that changes with the grid, and with any file of the package."""
    said = hashlib.sha256(repr((grid, Path(__file__).read_bytes())).encode())
    for path in sorted(package.rglob("*")):
        if path.suffix in {".py", ".yaml"}:
            said.update(path.read_bytes())
    return said.hexdigest()


def written(grid: Grid, folder: Path, workers: int = 1) -> tuple[Path, bool]:
    """Write a grid's script into a folder unless it is there; return whether it was.

    Raises
    ------
    SimlibError
        If a setting cannot be, or the folder cannot be written to.
    """
    path, key = folder / f"{grid.lesson}.js", key_of(grid)
    if path.exists() and path.read_text("utf-8").startswith(f"// {key}\n"):
        return path, True
    folder.mkdir(parents=True, exist_ok=True)
    script = script_of(grid.lesson, data_of(grid, workers), key)
    with written_safely(path) as temporary:
        temporary.write_text(script, encoding="utf-8", newline="\n")
    return path, False
