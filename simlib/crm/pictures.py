"""Pictures of a calibration: the data, and the fit over them.

In: a `Calibration`. Out: Axes in the house style, from `simlib.plots`. It computes
nothing but where points lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.draws import Floats
from simlib.funnel import aalen_johansen, histories

if TYPE_CHECKING:
    from simlib.crm.backtests import Backtest
    from simlib.crm.calibrated import Calibration
    from simlib.crm.fitting import StageFit

POINTS = 200
MOST_SOURCES = 6
ENOUGH = 0.02  # of those that began are still followed: beyond, a curve is noise
WEEK = 7


def won_by_age(calibration: Calibration) -> Any:
    """Draw the share won by age, data as steps and the fit as a line, by source.

    The data are the cumulative incidence: leads that are too young count as long as
    they were seen. The fit goes on, dashed, beyond the oldest lead.
    """
    from simlib import plots

    ax = plots.new_axes()
    leads = calibration.leads
    told = histories(calibration.log)
    for turn, k in enumerate(np.argsort(-leads, kind="stable")[:MOST_SOURCES]):
        mine = np.isfinite(told.arrived) & (told.source == k)
        if not mine.any():
            continue
        shade = plots.SHADES[turn % len(plots.SHADES)]
        over = (told.is_customer | told.is_lost_lead)[mine]
        came = told.arrived[mine]
        age = np.where(over, told.final_entry[mine], told.horizon) - came
        end = np.where(over, np.where(told.is_customer[mine], 0, 1), -1)
        curve = aalen_johansen(age, end, 2)
        ax.step(
            curve.days, 100 * curve.share[0], where="post", color=shade, lw=1, alpha=0.8
        )
        passage, oldest = calibration.passage, float((told.horizon - came).max())
        inside = passage.days <= oldest
        fitted = 100 * passage.by[k]
        name = calibration.log.graph.sources[k]
        ax.plot(
            passage.days[inside],
            fitted[inside],
            color=shade,
            lw=2,
            label=f"{name}: fit",
        )
        ax.plot(passage.days[~inside], fitted[~inside], color=shade, lw=1.5, ls="--")
    ax.set_xlim(0, _shown_days(calibration))
    ax.set(xlabel="days since the lead came", ylabel="won so far (% of leads)")
    ax.set_ylim(bottom=0)
    ax.legend(fontsize=8)
    ax.set_title(
        "How leads are won as they age: data (steps) and fit", loc="left", fontsize=11
    )
    return ax


def _shown_days(calibration: Calibration) -> float:
    last = calibration.passage.point(
        0.98, None, calibration.leads / calibration.leads.sum()
    )
    return max(last if np.isfinite(last) else 1.0, calibration.log.graph.horizon / 4)


def stage_lags(calibration: Calibration, fit: StageFit) -> Any:
    """Draw the share of a stage that left by each way, data as steps, fit as lines."""
    from simlib import plots

    ax = plots.new_axes()
    names = calibration.stays.stage_names
    curve = fit.curve
    good = curve.at_risk >= ENOUGH * curve.at_risk.max(initial=1)
    longest = float(curve.days[good].max(initial=1.0))
    days: Floats = np.linspace(0.0, longest, POINTS)
    half = 0.5 if calibration.stays.whole_days else 0.0
    for way, to in enumerate(fit.ways):
        shade = plots.SHADES[way % len(plots.SHADES)]
        shares = 100 * curve.share[way][good]
        ax.step(curve.days[good], shares, where="post", color=shade, lw=1, alpha=0.8)
        fitted = 100 * fit.fitted_share(way, days + half)
        look = plots.LINES[way % len(plots.LINES)]
        text = f"to {names[to]}: {fit.forms[way].label}"
        ax.plot(days, fitted, color=shade, lw=2, ls=look, label=text)
    ax.set(xlabel=f"days since entering {names[fit.stage]}", ylabel="left by (%)")
    ax.set_ylim(bottom=0)
    ax.legend(fontsize=8)
    title = f"Leaving {names[fit.stage]}: data (steps) and fit (lines)"
    ax.set_title(title, loc="left", fontsize=11)
    return ax


def arrivals(calibration: Calibration) -> Any:
    """Draw the leads of each week by source, and the rate that goes on."""
    from simlib import plots

    ax = plots.new_axes()
    order = np.argsort(-calibration.leads, kind="stable")[:MOST_SOURCES]
    for turn, k in enumerate(order):
        fit = calibration.arrivals[k]
        if not fit.leads:
            continue
        shade = plots.SHADES[turn % len(plots.SHADES)]
        weeks = len(fit.counts) // WEEK
        weekly = fit.counts[: weeks * WEEK].reshape(weeks, WEEK).sum(axis=1)
        ax.plot(np.arange(weeks) * WEEK, weekly, color=shade, lw=0.9, alpha=0.7)
        since = fit.broke_on if fit.broke_on is not None else fit.start
        name = calibration.log.graph.sources[k]
        look = plots.LINES[turn % len(plots.LINES)]
        ax.plot(
            [since, fit.stop],
            [fit.per_day * WEEK] * 2,
            color=shade,
            lw=2,
            ls=look,
            label=f"{name}: {fit.per_day * WEEK:.3g} a week",
        )
    ax.set(xlabel="day", ylabel="leads a week")
    ax.set_ylim(bottom=0)
    ax.legend(fontsize=8)
    ax.set_title("Leads that came, and the rate taken on", loc="left", fontsize=11)
    return ax


def shares(calibration: Calibration, truth: Mapping[str, float] | None = None) -> Any:
    """Draw the final share won of each source with its 95% interval, in percent.

    An open diamond is the share won so far.

    Parameters
    ----------
    calibration : Calibration
    truth : mapping of str to float, optional
        Final shares in percent, by source, where they are known: of a simulated firm.
    """
    from simlib import plots

    table = calibration.table
    rows = table.rename(columns={"source": "name"})[["name", "low", "high"]].copy()
    rows[["low", "high"]] *= 100
    rows["mean"] = 100 * table["share_final"]
    ax = plots.intervals(
        rows, title="Share of leads that is ever won, 95% intervals", label="% of leads"
    )
    places = np.arange(len(table))[::-1]
    hollow: dict[str, Any] = {"mfc": "white", "mec": plots.INK, "ls": "none"}
    ax.plot(100 * table["share_seen"], places, "D", label="won so far", **hollow)
    known = [(truth or {}).get(name, np.nan) for name in table["source"]]
    if np.isfinite(known).any():
        ax.plot(known, places, "x", color=plots.ACCENT, mew=2, label="truth")
    ax.set_xlim(left=0)
    ax.legend(fontsize=8)
    return ax


def backtest_months(test: Backtest) -> Any:
    """Draw the wins of each month after the cut: two bands, and what came."""
    from simlib import plots

    ax = plots.new_axes()
    table = test.table
    rows = table[(table["source"] == "total") & (table["origin"] == "all")]
    rows = rows[rows["month"] > 0]
    month = rows["month"].to_numpy(float)
    for low, high, shade in (("p05", "p95", plots.LIGHT), ("p25", "p75", plots.MIDDLE)):
        ax.bar(
            month,
            rows[high] - rows[low],
            0.7,
            bottom=rows[low],
            color=shade,
            label=f"{'90' if low == 'p05' else '50'}% band",
        )
    ax.plot(month, rows["actual"], "o", color=plots.ACCENT, label="what came")
    ax.set_xticks(month)
    ax.set(xlabel="month after the cut", ylabel="wins")
    ax.set_ylim(bottom=0)
    ax.legend(fontsize=8)
    ax.set_title("Forecast and outcome", loc="left", fontsize=11)
    return ax
