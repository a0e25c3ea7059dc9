"""Your own funnel: from a CRM export to a calibrated, backtested scenario, and back.

The public names, nothing else; they are imported when they are first used. Nothing
leaves the machine, and no personal data go further than the reading.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simlib.crm import pictures
    from simlib.crm.backtests import Backtest, backtest
    from simlib.crm.calibrated import Calibration, calibrate
    from simlib.crm.forecasts import Forecast, forecast
    from simlib.crm.known import known_at
    from simlib.crm.reading import read_export
    from simlib.crm.report import write_report
    from simlib.crm.showing import shown
    from simlib.crm.writing import write_export

_HOMES = {
    "Backtest": "backtests",
    "Calibration": "calibrated",
    "Forecast": "forecasts",
    "backtest": "backtests",
    "calibrate": "calibrated",
    "forecast": "forecasts",
    "known_at": "known",
    "read_export": "reading",
    "shown": "showing",
    "write_export": "writing",
    "write_report": "report",
}

_ROOMS = ("pictures",)

__all__ = [
    "Backtest",
    "Calibration",
    "Forecast",
    "backtest",
    "calibrate",
    "forecast",
    "known_at",
    "pictures",
    "read_export",
    "shown",
    "write_export",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"simlib.crm.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'simlib.crm' has no attribute '{name}'")
    found = getattr(import_module(f"simlib.crm.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
