"""The figures of a study, looked up by name, and as JSON.

In: a study. Out: means with their 95% intervals, nan where a figure is not defined.
It computes none of them.
"""

from __future__ import annotations

import json
import math
from typing import Any

from simlib.studies import Interval, Study, interval

NOTHING = Interval(math.nan, math.nan, math.nan, 0)


def figure_of(study: Study, name: str, source: str | None = None) -> Interval:
    """Return a metric's mean and interval, `NOTHING` if there is no such metric."""
    if name not in study.names:
        return NOTHING
    return interval(study.values(name, source))


def json_of(study: Study, scenario: str) -> str:
    """Return all figures as JSON; what is not defined is null.

    Parameters
    ----------
    study : Study
    scenario : str
        The name or file that was asked for.
    """
    whole = {
        "scenario": scenario,
        "seed": study.seed,
        "replications": study.replications,
        "horizon_days": study.scenario.horizon,
        "metrics": _plain(study, None),
        "by_source": {name: _plain(study, name) for name in study.scenario.sources},
    }
    return json.dumps(whole, indent=2, allow_nan=False)


def _plain(study: Study, source: str | None) -> dict[str, Any]:
    """Return every metric as a mapping of numbers and nulls."""
    found = {name: figure_of(study, name, source) for name in study.names}
    return {
        name: {
            "mean": _or_null(at.mean),
            "low": _or_null(at.low),
            "high": _or_null(at.high),
        }
        for name, at in found.items()
    }


def _or_null(value: float) -> float | None:
    return value if math.isfinite(value) else None
