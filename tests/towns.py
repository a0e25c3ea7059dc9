"""Small markets for the tests."""

from __future__ import annotations

from typing import Any

from simlib.market import Lives
from simlib.scenario import Scenario

STAGES: dict[str, Any] = {
    "captured": {"next": {"customer": {"rate": 0.25, "found": 0.4, "lag": 30}}},
    "customer": {"terminal": "won"},
    "lost": {"terminal": "lost"},
}
HANDS: dict[str, Any] = {"meets": {"by": "hand_raise"}}
UNMAILED = {"half_life": 180, "mail": 0}
SHARED = {"memory": UNMAILED, "goodwill": {}}
# Needs so often that they can be counted.
OFTEN = {"out_days": 28, "in_days": 2, "buyers": 10_000, "history": 0}
CONTENT = {"by": "visits", "per_month": {"ready": 0.6, "not_yet": 0.08}}


def town(market: dict[str, Any] | None = None, **said: Any) -> Scenario:
    """Return a scenario whose buyers read content and raise their hands."""
    return Scenario.of(
        {
            "name": "town",
            "horizon": 730,
            "stages": STAGES,
            "market": {"buyers": 4000, **(market or {})},
            "sources": {
                "content": {"meets": CONTENT},
                "direct": {"meets": {"by": "hand_raise"}},
            },
            **said,
        }
    )


def ads(per_month: float = 1.0, remember: float = 1.0, **meets: object) -> dict:
    """Return ads that nobody answers."""
    said = {"by": "touches", "per_month": per_month, "remember": remember}
    return {"meets": {**said, **meets}}


def advertised(market: dict | None = None, **meets: object) -> Scenario:
    """Return a town of shared memory that ads alone feed."""
    sources = {"ads": ads(**meets), "direct": HANDS}
    return town({**SHARED, **(market or {})}, sources=sources, horizon=1100)


def considered(lives: Lives, first: float, last: float) -> float:
    """Return the share of those entering between two days who thought of us."""
    at = lives.opened
    entered = (at.start >= first) & (at.start < last)
    return float(1 - lives.found[entered].mean())
