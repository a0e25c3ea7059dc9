"""Time what people wait for: a study, a move of a slider, an import.

Usage: python benchmarks/everyday.py [--json]

In: nothing. Out: rows (what, value, unit), as a table or as one line of JSON. All on
one core, medians; imports are timed in processes of their own, turn about.
"""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import reference

import simlib as sl
from simlib import funnel, metrics, plots
from simlib.plan import compiled

LEADS, RUNS, MOVES = 2_000, 30, 25
SIZE, DOTS = (9.0, 4.0), 72
RATE = "stages.captured.next.mql.rate"
YARDSTICK = "import numpy, simpy"
IMPORTS = (YARDSTICK, "import simlib", "import simlib.run, simlib.metrics")
Row = tuple[str, float, str]


def main() -> None:
    """Measure, and print what was found."""
    rows = [*study(), *slider(), *imports()]
    if "--json" in sys.argv[1:]:
        print(json.dumps(rows))
        return
    for what, value, unit in rows:
        print(f"{value:8.2f} {unit:<5} {what}")


def study() -> list[Row]:
    """Return the times of replications with their tables of figures."""
    plan = compiled(reference.scenario(LEADS))

    def simulated() -> None:
        for number in range(RUNS):
            sl.simulate(plan, 1, number)

    def with_figures() -> None:
        for number in range(RUNS):
            metrics.metrics_of(sl.simulate(plan, 1, number))

    name = f"{RUNS} replications of {LEADS:,} leads"
    with_figures()
    return [
        (f"{name}, events only", _milliseconds(simulated), "ms"),
        (f"{name} with all metrics", _milliseconds(with_figures), "ms"),
    ]


def slider() -> list[Row]:
    """Return the median times of the parts of a redraw, the first one left out.

    A rate moves; one run, three tables and the figures, and two panels that are
    drawn anew as a PNG at 72 dots per inch: with fixed margins, as explorers draw,
    and once more with a layout that is found anew each time.
    """
    scenario = reference.scenario(LEADS)
    moves = [_redrawn(scenario, 0.30 + 0.005 * move) for move in range(MOVES + 1)]
    laid_out = [
        _redrawn(scenario, 0.30 + 0.005 * move, fixed=False)[-1]
        for move in range(MOVES + 1)
    ]
    parts = [*zip(*moves[1:], strict=True), laid_out[1:]]
    names = (
        "check and compile",
        "simulate",
        "tables",
        "draw two panels",
        "draw two panels in a new layout",
    )
    rows: list[Row] = [
        (f"slider, {name}", 1000 * statistics.median(part), "ms")
        for name, part in zip(names, parts, strict=True)
    ]
    whole = 1000 * statistics.median(sum(move) for move in moves[1:])
    first = 1000 * sum(moves[0])
    return [
        ("slider to finished picture", whole, "ms"),
        *rows,
        ("slider, the first picture", first, "ms"),
    ]


def _redrawn(scenario: sl.Scenario, rate: float, *, fixed: bool = True) -> list[float]:
    """Return the seconds of each part of one redraw."""
    marks = [time.perf_counter()]
    plan = compiled(scenario.changed({RATE: rate}))
    marks.append(time.perf_counter())
    run = sl.simulate(plan)
    marks.append(time.perf_counter())
    stages = funnel.by_stage(run.log)
    stock = funnel.work_in_progress(run.log, step_days=7)
    metrics.metrics_of(run)
    marks.append(time.perf_counter())
    left, right = _panels() if fixed else _laid_out()
    plots.funnel(stages, left)
    plots.work_in_progress(stock, right)
    plots.png(right)
    marks.append(time.perf_counter())
    plots.close(right)
    return [after - before for before, after in pairwise(marks)]


def _panels() -> list[Any]:
    """Return two Axes with margins wide enough for what is drawn on them."""
    margins = {"left": 0.12, "right": 0.9, "between": 0.45}
    return plots.quick_panels(2, **margins, size=SIZE, dots_an_inch=DOTS)


def _laid_out() -> list[Any]:
    """Return two Axes of the same size whose margins are found with each drawing."""
    from matplotlib import pyplot as plt

    _, axes = plt.subplots(1, 2, figsize=SIZE, dpi=DOTS, layout="constrained")
    return list(axes)


def imports(rounds: int = 9) -> list[Row]:
    """Return the median times of imports, and their ratios round by round."""
    seconds: dict[str, list[float]] = {code: [] for code in IMPORTS}
    for _ in range(rounds):
        for code in IMPORTS:
            seconds[code].append(_seconds_of(code))
    rows: list[Row] = [
        (f"`{code}`", 1000 * statistics.median(found), "ms")
        for code, found in seconds.items()
    ]
    for code in IMPORTS[1:]:
        pairs = zip(seconds[code], seconds[YARDSTICK], strict=True)
        ratio = statistics.median(ours / theirs for ours, theirs in pairs)
        rows.append((f"`{code}` / `{YARDSTICK}`", ratio, "times"))
    return rows


def _seconds_of(code: str) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - begun


def _milliseconds(call: Callable[[], Any], repeats: int = 9) -> float:
    """Return the median time of a call."""
    seconds = []
    for _ in range(repeats):
        gc.collect()
        begun = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - begun)
    return 1000 * statistics.median(seconds)


if __name__ == "__main__":
    import matplotlib as mpl

    mpl.use("Agg")
    main()
