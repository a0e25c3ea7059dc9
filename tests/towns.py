"""Small markets for the tests."""

from __future__ import annotations

from typing import Any

from simlib.scenario import Scenario

STAGES: dict[str, Any] = {
    "captured": {"next": {"customer": {"rate": 0.25, "found": 0.4, "lag": 30}}},
    "customer": {"terminal": "won"},
    "lost": {"terminal": "lost"},
}
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
