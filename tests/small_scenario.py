"""A small scenario that uses every mechanism once, for tests to change."""

from __future__ import annotations

import copy
from typing import Any

SMALL: dict[str, Any] = {
    "name": "small",
    "horizon": 100,
    "stages": {
        "captured": {
            "team": "sdr",
            "work": 0.1,
            "patience": 2,
            "contact": {"half_at": 0.03, "power": 0.5},
            "next": {
                "sql": {
                    "rate": {"ready": 0.5, "not_yet": 0.1, "misfit": 0, "junk": 0},
                    "lag": {"dist": "lognormal", "mean": 4, "cv": 1},
                }
            },
            "leak": {"to": "nurture"},
            "visits": 5,
        },
        "sql": {"slots": "ae", "next": {"customer": {"rate": 0.2}}},
        "customer": {"terminal": "won"},
        "lost": {"terminal": "lost"},
    },
    "nurture": {"to": "captured", "ready_per_month": 0.1},
    "teams": {"sdr": {"people": 2}, "ae": {"people": 1}},
    "sources": {
        "website": {"leads": {"per_month": 10}, "cost": {"per_lead": 50}},
        "ads": {"leads": {"per_month": 5}, "mix": {"ready": 1}},
    },
    "deal": {"value": 24000},
}
GONE = object()


def small() -> dict[str, Any]:
    """Return a fresh copy of the small scenario."""
    return copy.deepcopy(SMALL)


def edited(path: str, value: Any) -> dict[str, Any]:
    """Return the small scenario as if a user had written something else at a path.

    `GONE` takes the last step away. Steps before it that are not there are made.
    """
    said = small()
    *before, last = path.split(".")
    here = said
    for step in before:
        here = here.setdefault(step, {})
    if value is GONE:
        del here[last]
    else:
        here[last] = value
    return said
