"""What the data cannot tell, said aloud: one sentence for each thing.

In: a `Calibration`. Out: sentences. It changes no figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from simlib.crm.fitting import MANY_ENDS, REJECTED
from simlib.crm.pit import lag_findings, share_findings
from simlib.crm.transitions import register_starts

if TYPE_CHECKING:
    from simlib.crm.calibrated import Calibration

FEW_WINS = 20


def warnings_of(calibration: Calibration) -> list[str]:
    """Return all warnings, what concerns the reading and the data first."""
    stays, fits = calibration.stays, list(calibration.fits)
    return [
        *calibration.log.meta.get("warnings", ()),
        *_register(calibration),
        *_data(calibration),
        *_shares(calibration),
        *_fits(calibration),
        *_arrivals(calibration),
        *(found.text for found in share_findings(stays, fits)),
        *(found.text for found in lag_findings(stays, fits)),
    ]


def _register(calibration: Calibration) -> Iterator[str]:
    stays, log = calibration.stays, calibration.log
    for stage, day in register_starts(stays, log).items():
        date = np.datetime64(log.graph.start) + int(day)
        here = stays.of_stage(stage)
        before = int(np.sum(here.since > 0))
        if before:
            yield (
                f"{stays.stage_names[stage]}: nobody is recorded to leave it before "
                f"{date}, though many entered: that record starts late; {before} stays "
                "that began earlier count only from then on"
            )


def _data(calibration: Calibration) -> Iterator[str]:
    stays, log = calibration.stays, calibration.log
    if stays.whole_days:
        yield (
            "times are whole days: lags are fitted as intervals, and whether something "
            "took no time or some hours cannot be told"
        )
    fresh = np.sum((stays.days <= 0) & ~stays.is_over)
    if fresh:
        began = "1 stay began" if fresh == 1 else f"{int(fresh)} stays began"
        tell = "tells" if fresh == 1 else "tell"
        yield f"{began} on the as-of date and {tell} nothing yet"
    if log.meta.get("losses_observed") is False:
        yield (
            "losses are not dated: of a lead that is not won one only knows that it is "
            "not won yet, and when it was given up cannot be told"
        )


def _shares(calibration: Calibration) -> Iterator[str]:
    if not calibration.table["won"].any():
        yield (
            "nobody was won yet: how many will be can only be bounded, and when cannot "
            "be told; the scenario's way to a win is a guess"
        )
        return
    for row in calibration.table.to_dict("records"):
        name = "all sources" if row["source"] == "total" else row["source"]
        if not row["plateau"]:
            yield (
                f"{name}: the final share won cannot be told from the data: wins still "
                f"come at the age of the oldest leads; without a model anything from "
                f"{row['least']:.1%} to {row['most']:.1%} is possible, and "
                f"{row['low']:.1%} to {row['high']:.1%} if the fitted lags go on as "
                "they began"
            )
        if row["source"] != "total" and row["won"] < FEW_WINS:
            yield (
                f"{name}: {_of(row['won'], 'win')} of {_of(row['leads'], 'lead')}; its "
                "figures lean on the other sources"
            )


def _fits(calibration: Calibration) -> Iterator[str]:
    names = calibration.stays.stage_names
    for fit in calibration.fits:
        for way, to in enumerate(fit.ways):
            seen = fit.cells.counts[:, way].sum()
            place = f"{names[fit.stage]} to {names[to]}"
            if fit.forms[way].family == "empirical":
                yield f"{place}: no family of lags fits; those seen are used as a table"
            elif fit.gap[way] > REJECTED and seen >= MANY_ENDS:
                yield f"{place}: the {fit.forms[way].label} lag fits badly"


def _arrivals(calibration: Calibration) -> Iterator[str]:
    sources = calibration.log.graph.sources
    for name, fit in zip(sources, calibration.arrivals, strict=True):
        if fit.broke_on is not None:
            yield (
                f"{name}: arrivals went from {fit.before_break:.2f} to "
                f"{fit.per_day:.2f} a day about day {fit.broke_on:.0f}; the rate since "
                "then is used"
            )
        elif fit.has_trend:
            yield (
                f"{name}: arrivals change by {fit.trend_per_month:+.0%} a month; the "
                "rate of the last 13 weeks is used, and held"
            )
        if fit.is_over:
            yield f"{name}: no leads since day {fit.stop:.0f}; taken to have stopped"
        for day, leads in fit.imports:
            yield f"{name}: {leads} leads on day {day} look like an import"


def _of(count: int, name: str) -> str:
    """Return a count with its noun."""
    return f"{count} {name}" + ("" if count == 1 else "s")
