"""Pictures: one function a picture, from tables to matplotlib Axes.

In: tables of the rooms before (never a log, a run or a scenario). Out: the Axes that
was drawn on. Every picture is readable without colour: lines differ in dash and are
named where they end, bars carry their numbers, axes carry their units.
"""

from __future__ import annotations

from simlib.plots.claims import where_it_holds
from simlib.plots.credit import credit
from simlib.plots.crossed import crossed
from simlib.plots.paired import through_time
from simlib.plots.people import morale
from simlib.plots.pictures import (
    cohort_curves,
    cost_ladder,
    counts,
    coverage,
    funnel,
    intervals,
    months,
    response_times,
    work_in_progress,
)
from simlib.plots.scores import calibration, threshold_dial
from simlib.plots.style import (
    ACCENT,
    DARK,
    INK,
    LIGHT,
    LINES,
    MARKS,
    MIDDLE,
    PALE,
    SHADES,
    WIDE,
    close,
    look_of,
    new_axes,
    save,
)
from simlib.plots.trends import pipeline, trend
from simlib.plots.whereabouts import mark_of, whereabouts
from simlib.plots.worlds import png, quick_panels

__all__ = [
    "ACCENT",
    "DARK",
    "INK",
    "LIGHT",
    "LINES",
    "MARKS",
    "MIDDLE",
    "PALE",
    "SHADES",
    "WIDE",
    "calibration",
    "close",
    "cohort_curves",
    "cost_ladder",
    "counts",
    "coverage",
    "credit",
    "crossed",
    "funnel",
    "intervals",
    "look_of",
    "mark_of",
    "months",
    "morale",
    "new_axes",
    "pipeline",
    "png",
    "quick_panels",
    "response_times",
    "save",
    "threshold_dial",
    "through_time",
    "trend",
    "where_it_holds",
    "whereabouts",
    "work_in_progress",
]
