"""Small scenarios for studies."""

from __future__ import annotations

import simlib as sl


def desk(**changes: object) -> sl.Scenario:
    """Return the sales desk over ten of its months."""
    return sl.load("sales_desk").changed({"horizon": 70, **changes})


def coin(rate: float = 0.1, leads: int = 100) -> sl.Scenario:
    """Return leads that all come on day 0 and are won with a known rate at once."""
    return sl.Scenario.of(
        {
            "name": "coin",
            "horizon": 91.3125,
            "stages": {
                "captured": {"next": {"customer": {"rate": rate}}},
                "customer": {"terminal": "won"},
                "lost": {"terminal": "lost"},
            },
            "sources": {
                "heads": {"leads": {"imports": [{"day": 0, "leads": leads}]}},
                "tails": {"leads": {"imports": [{"day": 40, "leads": leads}]}},
            },
        }
    )
