"""Ranges of what nearly every scenario has: sources, stages, teams, nurture, prices.

In: nothing. Out: a table. The letters are those of docs/evidence.md.
"""

from __future__ import annotations

from simlib.explore.known.record import DAYS, MONEY, PLAIN, SHARE, Known, graded

COMMON = (
    Known("sources.*.leads.per_month", "{1}: leads a month", PLAIN, 0, 4, times=True),
    Known("sources.*.leads.per_day", "{1}: leads a day", PLAIN, 0, 4, times=True),
    # From a firm that shrinks to one that doubles in seven months.
    Known("sources.*.leads.growth_per_month", "{1}: growth a month", SHARE, -0.05, 0.1),
    *graded(
        "D",
        "S2",
        Known("sources.*.lag_times", "{1}: lags, times others'", PLAIN, 1, 2),
    ),
    *graded(
        "C",
        "V19",
        Known("sources.*.leads.months_to_full", "{1}: time to full", "months", 1, 36),
    ),
    *graded(
        "D",
        "V21",
        Known("sources.*.leads.half_life_months", "{1}: half-life", "months", 3, 26),
    ),
    Known("sources.*.leads.overdispersion", "{1}: variance / mean", PLAIN, 1, 10),
    *graded(
        "C",
        "S2, S4, V17",
        Known("sources.*.cost.per_lead", "{1}: cost per lead", MONEY, 20, 400),
    ),
    Known("sources.*.cost.per_account", "{1}: cost an account", MONEY, 5, 300),
    Known("sources.*.cost.per_month", "{1}: cost a month", MONEY, 0, 4, times=True),
    *graded(
        "C",
        "V10, V11, V40, V47",
        Known("sources.*.mix.ready", "{1}: ready to buy", SHARE, 0.05, 0.30),
        Known("sources.*.mix.not_yet", "{1}: not yet ready", SHARE, 0.30, 0.55),
        Known("sources.*.mix.misfit", "{1}: misfits", SHARE, 0, 0.30),
    ),
    Known("sources.*.mix.junk", "{1}: junk", SHARE, 0.15, 0.45),
    *graded(
        "C",
        "V13, V31",
        Known("stages.*.next.captured.rate*", "{1} to {3}", SHARE, 0.005, 0.10),
    ),
    *graded(
        "C",
        "V14",
        Known("stages.*.next.mql.rate*", "{1} to {3}", SHARE, 0.10, 0.50),
    ),
    *graded(
        "C",
        "V13",
        Known("stages.*.next.sql.rate*", "{1} to {3}", SHARE, 0.05, 0.60),
    ),
    # The way from a lead in one step.
    *graded(
        "B",
        "V8",
        Known(
            "stages.captured.next.opportunity.rate*", "{1} to {3}", SHARE, 0.005, 0.35
        ),
        Known("stages.captured.next.customer.rate*", "{1} to {3}", SHARE, 0.005, 0.30),
    ),
    *graded(
        "C",
        "V14",
        Known("stages.*.next.opportunity.rate*", "{1} to {3}", SHARE, 0.40, 0.75),
    ),
    # B to C.
    *graded(
        "C",
        "V15",
        Known("stages.*.next.customer.rate*", "{1} to {3}", SHARE, 0.15, 0.35),
    ),
    Known("stages.*.next.*.rate*", "{1} to {3}", SHARE, 0, 1),
    # Lags go with the size of the deal.
    *graded(
        "B",
        "V8, V16",
        Known("stages.*.next.*.lag*", "{1} to {3} takes", DAYS, 0.3, 3, times=True),
    ),
    Known("stages.*.leak.lag*", "{1}: until it leaks", DAYS, 0.3, 3, times=True),
    Known("stages.*.work*", "{1}: work on a lead", DAYS, 0.4, 1.6, times=True),
    # 4 to 80 hours.
    *graded(
        "D",
        "V3",
        Known("stages.*.patience*", "{1}: patience", DAYS, 0.25, 5, times=True),
    ),
    *graded(
        "C",
        "V5",
        Known(
            "stages.*.contact.half_at",
            "{1}: half are reached after",
            DAYS,
            0.1,
            8,
            times=True,
        ),
        Known("stages.*.contact.dial", "{1}: until called", DAYS, 0, 4, times=True),
        Known("stages.*.contact.power", "{1}: how steeply fewer answer", PLAIN, 0.3, 1),
    ),
    Known("stages.*.visits", "{1}: most visits", PLAIN, 1, 20),
    Known("teams.*.people", "{1}: people", PLAIN, 0, 3, times=True),
    Known("teams.*.cost_per_month", "{1}: cost a person", MONEY, 0, 2, times=True),
    # Open opportunities of one account executive.
    *graded(
        "C",
        "V38",
        Known("teams.*.slots_per_person", "{1}: deals a person", PLAIN, 15, 40),
    ),
    Known("teams.*.hot.ready", "{1}: ready seen as hot", SHARE, 0.2, 1),
    Known("teams.*.hot*", "{1}: seen as hot", SHARE, 0, 1),
    *graded(
        "C",
        "V11, V12",
        Known("nurture.ready_per_month*", "nurture wakes each month", SHARE, 0, 0.15),
    ),
    *graded(
        "C",
        "V30",
        Known(
            "nurture.drop_out_per_month", "nurture loses each month", SHARE, 0.01, 0.08
        ),
    ),
    Known("nurture.cost_per_month", "nurture: cost a contact", MONEY, 0, 5),
    Known("deal.value*", "contract value a year", MONEY, 0.25, 4, times=True),
    Known("deal.gross_margin", "gross margin", SHARE, 0.5, 0.95),
    Known("deal.monthly_churn", "churn a month", SHARE, 0, 0.05),
    # A rule of thumb.
    *graded(
        "B",
        "V1",
        Known("market.in_days", "time in the market", DAYS, 30, 300),
        Known("market.out_days", "time out of the market", DAYS, 640, 2500),
    ),
    *graded(
        "B",
        "V23, V25",
        Known("market.memory.half_life", "half-life of memory", DAYS, 60, 730),
    ),
    Known(
        "market.consideration.floor", "thought of without any memory", SHARE, 0.05, 0.3
    ),
    Known(
        "market.consideration.raise_hand",
        "of those who think of us, ask for sales",
        SHARE,
        0.2,
        0.6,
    ),
    *graded(
        "D",
        "V32",
        Known("market.reach_if_gated", "reach if all is gated", SHARE, 0.02, 1),
    ),
    Known("market.gating_from", "gating from", DAYS, 0, 2, times=True),
    Known(
        "sources.*.meets.per_month*",
        "{1}: touches per buyer and month",
        PLAIN,
        0,
        4,
        times=True,
    ),
    Known("horizon", "time simulated", DAYS, 0.25, 2, times=True),
)
