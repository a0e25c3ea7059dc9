"""A backtest's verdict in plain words.

In: a `Backtest`. Out: one sentence on whether the past predicted the future, and the
findings behind it. It computes no forecast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simlib.crm.pit import share_findings
from simlib.crm.scores import place

if TYPE_CHECKING:
    from simlib.crm.backtests import Backtest

OUTSIDE = 0.05  # of either side: outside the 90% band
FAR_OUTSIDE = 0.005
FEW = 5


def verdict_of(test: Backtest) -> tuple[str, list[str]]:
    """Return the verdict and its findings."""
    before = _before(test)
    total = test._cell(None, 0, None)  # noqa: SLF001 - one room, two files
    where = place(*total)
    high, low = _misses(test)
    findings = [*before, *_told(test, high, "more"), *_told(test, low, "fewer")]
    worse = [
        name for name, one in test.rival_scores.items() if one.crps < test.score.crps
    ]
    findings += [f"a naive rival did better here: {name}" for name in worse]
    said = _sentence(where, high, low, drifted=bool(before))
    return said, findings


def _sentence(where: float, high: list[str], low: list[str], *, drifted: bool) -> str:
    missed = not OUTSIDE <= where <= 1 - OUTSIDE
    far = not FAR_OUTSIDE <= where <= 1 - FAR_OUTSIDE
    if not missed and high and low:
        return (
            "The total was foretold, but not for the right reason: "
            f"{', '.join(high)} won more and {', '.join(low)} fewer than foretold. "
            "The sources drifted apart, and the past does not predict them."
        )
    if far:
        side = "more" if where > 0.5 else "fewer"
        return (
            f"The past did not predict the future: {side} wins came than nearly all "
            "futures held. Something changed; do not trust a forecast from this past."
        )
    if missed or high or low:
        names = ", ".join([*high, *low]) or "the total"
        return f"The past predicted the future in part: {names} fell outside the bands."
    if drifted:
        return (
            "The forecast held, but the data before the cut had already changed their "
            "course: it may have been luck."
        )
    return "The past predicted the future: what came lies inside the bands."


def _misses(test: Backtest) -> tuple[list[str], list[str]]:
    """Return the sources that won far more, and far fewer, than foretold.

    One of n sources is outside by chance with a chance of n times as much; the bar is
    lowered with their number.
    """
    high, low = [], []
    bar = FAR_OUTSIDE * 2 / max(len(test.sources), 1)
    for name, source in zip(test.sources, test._used, strict=True):  # noqa: SLF001
        where = place(*test._cell(int(source), 0, None))  # noqa: SLF001
        if where > 1 - bar:
            high.append(name)
        elif where < bar:
            low.append(name)
    return high, low


def _told(test: Backtest, names: list[str], side: str) -> list[str]:
    table = test.table
    rows = table[(table["month"] == 0) & (table["origin"] == "all")]
    return [
        f"{row['source']}: {row['actual']} wins, {side} than the {row['p05']:.0f} to "
        f"{row['p95']:.0f} of the 90% band"
        for row in rows.to_dict("records")
        if row["source"] in names
    ]


def _before(test: Backtest) -> list[str]:
    """Return what had changed before the cut already."""
    calibration = test.calibration
    said = [
        found.text
        for found in share_findings(calibration.stays, list(calibration.fits))
    ]
    for name, fit in zip(
        calibration.log.graph.sources, calibration.arrivals, strict=True
    ):
        if fit.broke_on is not None:
            said.append(
                f"{name}: arrivals went from {fit.before_break:.2f} to "
                f"{fit.per_day:.2f} a day about day {fit.broke_on:.0f}"
            )
        elif fit.has_trend:
            said.append(
                f"{name}: arrivals change by {fit.trend_per_month:+.0%} a month; the "
                "forecast holds the rate of the last 13 weeks"
            )
    return said
