"""Paths that several scenarios ask for, and the form of a table.

In: nothing. Out: names of paths, and `Fit`. No widget is made here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Paths; or, where a range is to be another than what is known of a path, a mapping from
# path to range, as `sl.explore` takes it.
Fit = tuple[str, ...] | Mapping[str, Any]

LEADS = "sources.all_leads.leads.per_month"
MADE, WON = "stages.sql.next.opportunity.rate", "stages.opportunity.next.customer.rate"
DESK = (LEADS, "teams.sdr.people", "teams.sdr.order")
CONTENT = "sources.content.meets.per_month"
MEMORY = "market.memory.half_life"
MARKET = (CONTENT, "market.gating", MEMORY)
CONTENT_SPEND = "sources.content.cost.per_month"
BOUGHT = "stages.captured.next.customer.rate"
TAKEN = "stages.captured.next.opportunity.rate"
