"""What fits scenarios of desks, rates, times and prices: what becomes of leads.

In: nothing. Out: a table, from a scenario's name to its paths.
"""

from __future__ import annotations

from collections.abc import Mapping

from simlib.explore.suited.paths import BOUGHT, DESK, LEADS, MADE, TAKEN, WON, Fit

MINUTE = 1 / 1440
DELAY = "stages.mql.contact.dial"
WORKING: Mapping[str, Fit] = {
    # The desk
    "The sales desk": (*DESK, "stages.mql.work", "stages.mql.patience", WON),
    "A flood of 300": (
        *DESK,
        "stages.captured.next.mql.rate",
        "stages.mql.next.sql.rate",
        WON,
    ),
    "Hot first": ("teams.sdr.order", *DESK[:2], "teams.sdr.hot.ready", MADE, WON),
    "Round robin": (
        "teams.sdr.order",
        *DESK[:2],
        "stages.mql.work",
        "stages.mql.patience",
        WON,
    ),
    "The scored desk": (
        "stages.captured.score.threshold",
        "stages.captured.score.window_months",
        *DESK,
        WON,
    ),
    "Five minutes": {
        DELAY: {"label": "called after", "low": 0, "high": 0.25, "step": 5 * MINUTE},
        "stages.mql.contact.half_at": None,
        "stages.mql.contact.power": (0.3, 1.7, 0.1),  # 1.7: the odds of [V4]
        LEADS: None,
        MADE: None,
        WON: None,
    },
    "The length of the form": (
        "sources.all_leads.form.fields",
        LEADS,
        "sources.all_leads.form.loss",
        "teams.sdr.people",
        WON,
    ),
    "One in three is junk": (
        "sources.all_leads.mix.junk",
        *DESK[:2],
        "stages.mql.next.sql.rate",
        MADE,
        WON,
    ),
    "Whom the ads are aimed at": (
        "sources.all_leads.leads.half_spend_per_month",
        LEADS,
        "sources.all_leads.mix.ready",
        "sources.all_leads.cost.per_month",
        "teams.sdr.people",
        WON,
    ),
    "Routed by intent": (
        "intent.mql_definition",
        LEADS,
        "teams.sdr.people",
        "nurture.ready_per_month",
        "intent.high",
        WON,
    ),
    "A new definition in mid-year": (
        "intent.mql_definition",
        "intent.changes_on",
        LEADS,
        "teams.sdr.people",
        "nurture.ready_per_month",
        "stages.mql.next.sql.rate",
    ),
    "The hand-off": (
        "stages.mql.hand_off.delay",
        "stages.mql.hand_off.context",
        "stages.mql.hand_off.work_times",
        "stages.mql.hand_off.rate_times",
        "sources.*.leads.per_month",
        "teams.sdr.people",
    ),
    # Account executives, and what fills their time
    "BANT before the account executives": (
        "checklist.needed",
        "teams.ae.people",
        "sources.calls.leads.per_day",
        "checklist.sensitivity",
        "checklist.specificity",
        "teams.ae.slots_per_person",
    ),
    "MEDDIC before the account executives": (
        "checklist.needed",
        "checklist.questions.champion",
        "checklist.questions.economic_buyer",
        "teams.ae.people",
        "sources.calls.leads.per_day",
        "checklist.sensitivity",
    ),
    "A full pipeline": {
        f"{TAKEN}.misfit": (0, 0.5, 0.01),  # waved through: half of them
        f"{TAKEN}.junk": (0, 0.5, 0.01),
        "teams.ae.people": None,
        "teams.ae.slots_per_person": None,
        LEADS: None,
        "deal.value": None,
    },
    # Rates, times, and what a customer costs
    "The textbook sum": (
        "sources.website.leads.per_month",
        "stages.captured.next.sql.rate",
        "stages.sql.next.customer.rate",
    ),
    "The leaky bucket": (
        "sources.website.leads.per_month",
        "stages.visitor.next.captured.rate",
        "stages.captured.next.sql.rate",
        "stages.sql.next.customer.rate",
        "sources.website.cost.per_month",
    ),
    "Two points more": (
        "stages.visitor.next.captured.rate",
        "sources.website.leads.per_month",
        "stages.captured.next.sql.rate",
        "stages.sql.next.customer.rate",
    ),
    "The holed bucket": (*DESK[:2], MADE, WON, "stages.captured.next.sql.rate"),
    "A hundred or twenty": (f"{BOUGHT}.hundred", f"{BOUGHT}.twenty"),
    "The blend hides it": (
        "sources.search.leads.per_month",
        "sources.linkedin.leads.per_month",
        f"{BOUGHT}.search",
        f"{BOUGHT}.linkedin",
    ),
    "Four months late": (
        "sources.all.leads.per_day",
        "sources.all.leads.growth_per_month",
        "stages.opportunity.next.customer.lag",
        "stages.captured.next.mql.lag",
        WON,
    ),
    "The recycling chain": (
        "sources.all_leads.leads.per_day",
        "stages.nurturing.next.mql.rate",
        "stages.captured.next.nurturing.rate",
        "stages.opportunity.next.nurturing.rate",
        "stages.nurturing.next.mql.lag",
        WON,
    ),
    "Not ready yet": (
        "nurture.ready_per_month.not_yet",
        "nurture.drop_out_per_month",
        "sources.all_leads.mix.not_yet",
        "nurture.cost_per_month",
        "stages.sql.next.customer.rate",
    ),
    "A firm that grew": (
        "sources.webinar.leads.start",
        "sources.*.leads.per_month",
        "stages.mql.next.opportunity.rate.webinar",
        "stages.mql.next.opportunity.rate.search",
        "stages.opportunity.next.customer.lag",
        WON,
    ),
    "A cheap lead, a dear customer": (
        "sources.search.cost.per_lead",
        "sources.linkedin.cost.per_lead",
        "stages.captured.next.mql.rate.linkedin",
        "stages.mql.next.sql.rate.linkedin",
        "stages.mql.next.sql.rate.search",
        f"{WON}.linkedin",
    ),
    "The list or the referral": (
        "sources.list.cost.per_lead",
        "sources.referrals.cost.per_lead",
        f"{BOUGHT}.list",
        f"{BOUGHT}.referrals",
    ),
    "Paid back when?": {
        "deal.value": (6000, 120000, 1000),
        "deal.gross_margin": None,
        "sources.inbound.cost.per_lead": None,
        "sources.outbound.cost.per_lead": None,
        BOUGHT: (0.002, 0.05, 0.001),
    },
}
