"""Tables of a calibration: by source, and by stage and way.

In: a `Calibration`. Out: DataFrames, intervals of 95%. It fits nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.draws import Floats
from simlib.funnel import aalen_johansen, histories

if TYPE_CHECKING:
    import pandas as pd

    from simlib.crm.calibrated import Calibration

POINTS = (0.1, 0.5, 0.9)
BAND = (0.025, 0.975)
COVERED = 0.9
OLDEST = 0.95


def by_source(calibration: Calibration) -> pd.DataFrame:
    """Return one row a source that has leads, and one for all together.

    Columns: ``source``, ``leads``, ``won``, ``share_seen`` (won / leads so far),
    ``share_final`` with ``low`` and ``high`` (mean and 95% interval), ``p10_days``,
    ``p50_days``, ``p90_days`` from lead to win, ``p50_low``, ``p50_high``, ``family``,
    ``plateau`` (whether the follow-up covers nearly all wins), ``least`` and ``most``
    (final shares that the data allow without any model).
    """
    import pandas as pd

    names = calibration.log.graph.sources
    used = [k for k in range(len(names)) if calibration.leads[k]]
    rows = [_row(calibration, names[k], k) for k in used]
    return pd.DataFrame([*rows, _row(calibration, "total", None)])


def _row(calibration: Calibration, name: str, source: int | None) -> dict[str, Any]:
    told, leads = histories(calibration.log), calibration.leads
    mix = leads / leads.sum()
    mine = np.isfinite(told.arrived)
    if source is not None:
        mine &= told.source == source
    won = int((told.is_customer & mine).sum())
    count = float(mine.sum())
    finals = np.array([_final(one.share, mix, source) for one in calibration.passages])
    best = calibration.passage
    # When a win would come is not known where nobody was won: only a guess is used.
    is_known = calibration.hope is None
    middles = [one.point(0.5, source, mix) for one in calibration.passages]
    # A mean may lie outside the band where nearly all draws say the same.
    low, high = np.quantile(finals, BAND)
    low, high = min(low, finals.mean()), max(high, finals.mean())
    middles = [middle for middle in middles if np.isfinite(middle) and is_known]
    p50_low, p50_high = np.quantile(middles, BAND) if middles else (np.nan, np.nan)
    least, most, oldest, is_flat = _possible(calibration, mine)
    p10, p50, p90 = (
        best.point(point, source, mix) if is_known else np.nan for point in POINTS
    )
    return {
        "source": name,
        "leads": int(count),
        "won": won,
        "share_seen": won / count,
        "share_final": float(finals.mean()),
        "low": float(low),
        "high": float(high),
        "p10_days": p10,
        "p50_days": p50,
        "p90_days": p90,
        "p50_low": float(p50_low),
        "p50_high": float(p50_high),
        "family": _family(calibration),
        "plateau": bool(best.point(COVERED, source, mix) <= oldest and is_flat),
        "least": least,
        "most": most,
    }


def _final(share: Floats, mix: Floats, source: int | None) -> float:
    return float(mix @ share if source is None else share[source])


def _possible(calibration: Calibration, mine: Any) -> tuple[float, float, float, bool]:
    """Return the final shares that data allow without a model, and how old leads are.

    The cumulative incidence of wins at the age of the oldest leads but 5%, beyond which
    a handful would decide: nobody else is won, or everybody is who neither was nor is
    known to be lost. Then that age, and whether the incidence hardly grew in the last
    third of it.
    """
    told = histories(calibration.log)
    came = told.arrived[mine]
    over = (told.is_customer | told.is_lost_lead)[mine]
    last = np.where(over, told.final_entry[mine], told.horizon)
    end = np.where(over, np.where(told.is_customer[mine], 0, 1), -1)
    curve = aalen_johansen(last - came, end, 2)
    oldest = float(np.quantile(told.horizon - came, OLDEST))
    share = np.append(0.0, curve.share[0])
    two_thirds, whole = np.searchsorted(curve.days, [oldest * 2 / 3, oldest], "right")
    is_flat = bool(share[two_thirds] >= COVERED * share[whole])
    least, going_on = float(share[whole]), float(np.append(1.0, curve.going_on)[whole])
    return least, least + going_on, oldest, is_flat


def _family(calibration: Calibration) -> str:
    """Return the lag's family, or those of the steps that lead on, one by one."""
    graph = calibration.log.graph
    labels = [
        fit.forms[way].label
        for fit in calibration.fits
        for way, to in enumerate(fit.ways)
        if to < len(graph.stages) and graph.stages[to].terminal != "lost"
    ]
    return " + ".join(labels) if labels else "none"


def by_way(calibration: Calibration) -> pd.DataFrame:
    """Return one row for each stage, way and source with leads in the stage.

    Columns: ``stage``, ``to``, ``source``, ``entered``, ``seen`` (ends), ``share`` with
    ``low`` and ``high`` (pooled in part, 95%), ``pooled_leads`` (how many leads' worth
    the other sources say), ``family``, ``p10_days``, ``p50_days``, ``p90_days`` with
    ``p50_low``, ``p50_high``, ``covered`` (share of the lags that the follow-up
    covers) and ``gap`` (distance of fit and data; above 1.6 is no chance).
    """
    import pandas as pd

    from simlib.crm.laws import days_beyond

    funnels = calibration.funnels()
    names = calibration.stays.stage_names
    rows = []
    for place, fit in enumerate(calibration.fits):
        shares = np.array([funnel.stays[place].shares for funnel in funnels])
        for way, to in enumerate(fit.ways):
            middles = [
                days_beyond(f.stays[place].forms[way], f.stays[place].thetas[way], HALF)
                for f in funnels
            ]
            p50_low, p50_high = np.quantile(middles, BAND)
            p10, p50, p90 = fit.lag_days(way, [1 - point for point in POINTS])
            for source in np.flatnonzero(fit.cells.entered):
                low, high = np.quantile(shares[:, source, way], BAND)
                rows.append(
                    {
                        "stage": names[fit.stage],
                        "to": names[to],
                        "source": calibration.log.graph.sources[source],
                        "entered": int(fit.cells.entered[source]),
                        "seen": int(fit.cells.counts[source, way]),
                        "share": float(shares[:, source, way].mean()),
                        "low": float(low),
                        "high": float(high),
                        "pooled_leads": fit.pool.strength,
                        "family": fit.forms[way].label,
                        "p10_days": float(p10),
                        "p50_days": float(p50),
                        "p90_days": float(p90),
                        "p50_low": float(p50_low),
                        "p50_high": float(p50_high),
                        "covered": fit.covered(way),
                        "gap": float(fit.gap[way]),
                    }
                )
    return pd.DataFrame(rows)


HALF = np.array([0.5])
