"""Pictures: one function a picture, from tables to matplotlib Axes.

In: tables of the rooms before (never a log, a run or a scenario). Out: the Axes that
was drawn on. Every picture is readable without colour: lines differ in dash and are
named where they end, bars carry their numbers, axes carry their units.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.plots.ends import End, name_ends
from simlib.plots.style import (
    ACCENT,
    DARK,
    INK,
    LIGHT,
    MANY,
    MARKS,
    MIDDLE,
    MOST_LABELS,
    PALE,
    SHADES,
    WIDE,
    look_of,
    need,
    new_axes,
    room_for_names,
    titled,
    write_out,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray


def funnel(table: pd.DataFrame, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw how many reached each stage, and how many left for good from there.

    Parameters
    ----------
    table : DataFrame
        Columns ``stage``, ``reached`` and ``lost`` (both counts), in funnel order.
    """
    need(table, "funnel", "stage", "reached", "lost")
    ax = titled(ax, title or "How far they come, and where they leak")
    stages, reached = list(table["stage"]), table["reached"].to_numpy(float)
    lost = table["lost"].to_numpy(float)
    places = np.arange(len(stages))[::-1]
    ax.barh(places, reached, color=LIGHT, edgecolor=DARK, height=0.7)
    ax.barh(places, lost, color=PALE, edgecolor=ACCENT, height=0.3, hatch="///")
    most = max(reached.max(initial=0), 1.0)
    for place, count, gone in zip(places, reached, lost, strict=True):
        text = f" {count:,.0f}" + (f"   ({gone:,.0f} lost here)" if gone else "")
        ax.text(count + most * 0.01, place, text, va="center")
    ax.set_yticks(places, stages)
    ax.set_xlim(0, most * 1.45)
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.set_xlabel("people (bar: reached the stage; hatched: lost from it)")
    return ax


def cohort_curves(
    table: pd.DataFrame, ax: Axes | None = None, title: str = "", most: int = 6
) -> Axes:
    """Draw the share of each cohort that is won by its age; immature parts dashed.

    Parameters
    ----------
    table : DataFrame
        Columns ``cohort``, ``age_days``, ``share`` (0 to 1) and ``mature`` (bool).
    most : int
        How many cohorts are drawn, evenly picked.
    """
    need(table, "cohort_curves", "cohort", "age_days", "share", "mature")
    ax = titled(ax, title or "Each month's leads, followed as they age")
    cohorts = list(dict.fromkeys(table["cohort"]))
    picked = np.unique(np.linspace(0, len(cohorts) - 1, most).round().astype(int))
    ends: list[End] = []
    for turn, index in enumerate(picked):
        one = table[table["cohort"] == cohorts[index]]
        shade = SHADES[turn % len(SHADES)]
        done = one[one["mature"]]
        ax.plot(one["age_days"], 100 * one["share"], color=shade, ls=":", lw=1.4)
        ax.plot(done["age_days"], 100 * done["share"], color=shade, lw=1.8)
        age, share = one["age_days"].iloc[-1], 100 * one["share"].iloc[-1]
        ends.append((f"month {cohorts[index]}", float(age), float(share), shade))
    ax.set(xlabel="days since capture", ylabel="won so far (% of the cohort)")
    room_for_names(ax)
    name_ends(ax, ends)
    return ax


def work_in_progress(
    table: pd.DataFrame,
    ax: Axes | None = None,
    title: str = "",
    stages: Sequence[str] | None = None,
) -> Axes:
    """Draw how many are in each stage on each day.

    Parameters
    ----------
    table : DataFrame
        Columns ``day``, ``stage`` and ``count``.
    stages : sequence of str
        The stages to draw; all by default.
    """
    need(table, "work_in_progress", "day", "stage", "count")
    ax = titled(ax, title or "How many are in each stage")
    ends: list[End] = []
    for turn, stage in enumerate(stages or list(dict.fromkeys(table["stage"]))):
        one = table[table["stage"] == stage]
        look = look_of(turn)
        ax.plot(one["day"], one["count"], **look)
        day, count = float(one["day"].iloc[-1]), float(one["count"].iloc[-1])
        ends.append((stage, day, count, look["color"]))
    ax.set(xlabel="day", ylabel="people in the stage")
    room_for_names(ax)
    if len(ends) > 1 and max(end[2] for end in ends) > MANY:
        ax.set_yscale("symlog", linthresh=10)
        ax.set_ylabel("people in the stage (log scale above 10)")
    ax.yaxis.set_major_formatter("{x:,.0f}")
    name_ends(ax, ends)
    return ax


def cost_ladder(table: pd.DataFrame, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw what one lead, MQL, SQL ... customer costs, a line for each source.

    Parameters
    ----------
    table : DataFrame
        Columns ``source``, ``rung`` (name of the step, in order) and ``cost``; a
        column ``currency`` names the unit. In a column ``aside`` (bool), steps that
        some go past on their way: they are drawn hollow, and off the line.
    """
    need(table, "cost_ladder", "source", "rung", "cost")
    ax = titled(ax, title or "Cheap at the top is not cheap at the bottom")
    rungs = list(dict.fromkeys(table["rung"]))
    aside = _aside(table, rungs)
    ends: list[End] = []
    for turn, source in enumerate(dict.fromkeys(table["source"])):
        one = table[table["source"] == source].set_index("rung")["cost"]
        costs = one.reindex(rungs).to_numpy(float)
        is_there = np.isfinite(costs) & (costs > 0)
        places, beside = np.flatnonzero(is_there & ~aside), is_there & aside
        if not len(places):
            continue
        look, mark = look_of(turn), MARKS[turn % len(MARKS)]
        ax.plot(places, costs[places], marker=mark, **look)
        _hollow(ax, np.flatnonzero(beside), costs[beside], mark, look["color"])
        last = int(places[-1])
        text = f"{source}: {costs[last]:,.0f}"
        if "aside" in table and last < len(rungs) - 1:
            text += f" ({rungs[last]})"  # it is not what the others' ends are
        ends.append((text, last, float(costs[last]), look["color"]))
    unit = table["currency"].iloc[0] if "currency" in table else "currency units"
    ax.set_yscale("log")
    write_out(ax)
    ax.set_xticks(range(len(rungs)), rungs)
    step = "step reached" + (" (hollow: some go past it)" if aside.any() else "")
    ax.set(xlabel=step, ylabel=f"cost of one ({unit}, log scale)")
    ax.set_xlim(-0.3, len(rungs) - 1 + 0.3 * len(rungs))
    name_ends(ax, ends)
    return ax


def _aside(table: pd.DataFrame, rungs: list[str]) -> NDArray[np.bool_]:
    """Return which rungs some go past, none of them unless the table says so."""
    said = set(table["rung"][table["aside"]]) if "aside" in table else set()
    return np.array([rung in said for rung in rungs], bool)


def _hollow(
    ax: Axes, places: NDArray[Any], costs: NDArray[Any], mark: str, shade: str
) -> None:
    """Draw marks off the line, and no legend's line where there are none."""
    if len(places):
        ax.scatter(
            places, costs, marker=mark, facecolors="white", edgecolors=shade, zorder=3
        )


def response_times(
    table: pd.DataFrame, ax: Axes | None = None, title: str = ""
) -> Axes:
    """Draw the share of leads that had their answer within a time.

    Parameters
    ----------
    table : DataFrame
        Columns ``team``, ``hours`` (ascending in a team) and ``share`` (0 to 1).
    """
    need(table, "response_times", "team", "hours", "share")
    ax = titled(ax, title or "How long a lead waits for the first contact")
    ends: list[End] = []
    longest = max(float(table["hours"].max()), 24.0)
    for turn, team in enumerate(dict.fromkeys(table["team"])):
        one = table[table["team"] == team]
        look = look_of(turn)
        hours = np.append(np.maximum(one["hours"].to_numpy(float), 1 / 60), longest)
        shares = 100 * np.append(one["share"].to_numpy(float), one["share"].iloc[-1])
        ax.step(hours, shares, where="post", **look)
        ends.append((str(team), longest, float(shares[-1]), look["color"]))
    ax.set_xscale("log")
    marks = {1 / 60: "1 min", 5 / 60: "5 min", 1: "1 h", 24: "1 day", 168: "1 week"}
    ax.set_xticks(list(marks), list(marks.values()))
    ax.minorticks_off()
    ax.set(xlabel="time from joining the queue")
    ax.set(ylabel="taken up so far (% of all who queued)")
    ax.set_ylim(0, 104)
    name_ends(ax, ends)
    return ax


def counts(
    values: Sequence[float],
    ax: Axes | None = None,
    title: str = "",
    label: str = "customers in a month",
) -> Axes:
    """Draw how often each count came up: bars of share over whole numbers.

    Parameters
    ----------
    values : sequence of numbers
        Whole counts, such as the customers of each month.
    """
    ax = titled(ax, title or f"How often: {label}")
    seen, times = np.unique(np.asarray(values, dtype=int), return_counts=True)
    shares = 100 * times / times.sum()
    ax.bar(seen, shares, color=LIGHT, edgecolor=DARK, width=0.8)
    if len(seen) <= MOST_LABELS:
        for place, share in zip(seen, shares, strict=True):
            said = f"{share:.0f}%" if share >= 0.5 else "<1%"
            ax.text(place, share, said, ha="center", va="bottom")
        ax.set_xticks(seen)
    ax.set(xlabel=label, ylabel="share of the months (%)")
    return ax


def months(
    values: Sequence[float], ax: Axes | None = None, title: str = "", label: str = ""
) -> Axes:
    """Draw one bar a month, in their order, with its number on it.

    Parameters
    ----------
    values : sequence of numbers
        Counts, the first month first.
    label : str
        What is counted.
    """
    ax = titled(ax, title or f"Month by month: {label}")
    counted = np.asarray(values, dtype=float)
    places = np.arange(1.0, len(counted) + 1)
    ax.bar(places, counted, color=LIGHT, edgecolor=DARK, width=0.8)
    for place, count in zip(places, counted, strict=True):
        ax.text(place, count, f"{count:,.0f}", ha="center", va="bottom")
    ax.set_xticks(places)
    ax.set(xlabel="month", ylabel=label)
    return ax


def intervals(
    table: pd.DataFrame, ax: Axes | None = None, title: str = "", label: str = ""
) -> Axes:
    """Draw means with their 95% intervals, one row for each name.

    Parameters
    ----------
    table : DataFrame
        Columns ``name``, ``mean``, ``low`` and ``high``.
    """
    need(table, "intervals", "name", "mean", "low", "high")
    ax = titled(ax, title or "Means with 95% intervals")
    places = np.arange(len(table))[::-1]
    mean = table["mean"].to_numpy(float)
    low, high = table["low"].to_numpy(float), table["high"].to_numpy(float)
    ax.errorbar(
        mean, places, xerr=(mean - low, high - mean), fmt="o", color=DARK, capsize=4
    )
    # Three figures for the largest, and as many decimals for all the others.
    largest = float(np.max(np.abs(mean[np.isfinite(mean)]), initial=0.01))
    decimals = max(0, 2 - math.floor(math.log10(max(largest, 0.01))))
    for place, middle in zip(places, mean, strict=True):
        ax.annotate(
            f"{middle:,.{decimals}f}",
            (middle, place),
            xytext=(0, 8),
            textcoords="offset points",
            ha="center",
        )
    ax.set_yticks(places, list(table["name"]))
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.set_xlabel(label)
    return ax


def coverage(
    pairs: Sequence[tuple[float, float]],
    truth: float,
    label: str = "",
    names: Sequence[str] = (),
    nothing: float | None = None,
) -> Axes:
    """Draw intervals (low, high), the first on top, and cross those missing the truth.

    `names`, one for each pair or none, stand beside the intervals; a dotted line at
    `nothing` shows where they would lie if nothing had changed.
    """
    tall = 1.6 + len(pairs) * (0.4 if names else 0.07)
    ax = titled(new_axes((WIDE[0], tall)), "Which intervals hold the truth?")
    low, high = np.asarray(pairs, dtype=float).T
    places = np.arange(len(low))[::-1]
    miss = (high < truth) | (truth < low)
    top = len(low) + (0 if names else 2)
    ax.axvline(truth, color=INK, ls="--", lw=1)
    ax.text(truth, top, " truth", va="top")
    if nothing is not None:
        ax.axvline(nothing, color=INK, ls=":", lw=1)
        ax.text(nothing, top, "no change ", va="top", ha="right")
    ax.hlines(places, low, high, colors=np.where(miss, ACCENT, MIDDLE).tolist(), lw=2)
    ax.plot(((low + high) / 2)[miss], places[miss], "x", color=ACCENT)
    ax.set_yticks(places if names else [], list(names))
    ax.set(xlabel=label, ylim=(-1, top))
    return ax
