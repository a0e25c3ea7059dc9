"""Ranges of how leads arrive: forms, content, lists, and the market behind them.

In: nothing. Out: two tables. The letters are those of docs/evidence.md.
"""

from __future__ import annotations

from simlib.explore.known.record import DAYS, MONEY, PLAIN, SHARE, Known, graded

ARRIVING = (
    # 17% a field is a vendor's figure (C); what it is by kind, and eleven, are not.
    *graded(
        "D",
        "V31",
        Known("sources.*.form.fields", "{1}: fields of the form", "fields", 1, 11),
        Known("sources.*.form.loss*", "{1}: each field loses", SHARE, 0, 0.3),
    ),
    Known("sources.*.leads.uptake.half_on", "{1}: half has spread in", DAYS, 0, 1826),
    Known("sources.*.leads.uptake.months", "{1}: spreads for", "months", 12, 120),
    Known("sources.*.leads.start", "{1}: begins on day", PLAIN, 0, 1.2, times=True),
    Known("sources.*.leads.stop", "{1}: ends on day", PLAIN, 0, 1.5, times=True),
    Known(
        "sources.*.leads.half_spend_per_month",
        "{1}: spend for half of all leads",
        MONEY,
        0.25,
        4,
        times=True,
    ),
    Known("sources.*.shocks.per_year", "{1}: shocks a year", PLAIN, 0, 2),
    Known("sources.*.shocks.loss", "{1}: a shock takes", SHARE, 0, 1),
    Known("sources.*.shocks.days", "{1}: a shock lasts", DAYS, 14, 365),
    Known(
        "sources.*.leads.content.pieces_per_month",
        "{1}: pieces a month",
        PLAIN,
        0,
        4,
        times=True,
    ),
    Known(
        "sources.*.leads.content.visits_per_piece",
        "{1}: visits a month to a new piece",
        PLAIN,
        0.25,
        4,
        times=True,
    ),
    *graded(
        "C",
        "V13, V14",
        Known(
            "sources.*.leads.content.conversion",
            "{1}: visits to leads",
            SHARE,
            0.002,
            0.03,
        ),
    ),
    *graded(
        "D",
        "V21",
        Known(
            "sources.*.leads.content.half_life_months",
            "{1}: a piece halves in",
            "months",
            3,
            26,
        ),
    ),
    *graded(
        "C",
        "V19",
        Known(
            "sources.*.leads.content.compounding_share",
            "{1}: pieces that grow",
            SHARE,
            0,
            0.3,
        ),
        Known(
            "sources.*.leads.content.growth",
            "{1}: a growing piece gains",
            "times",
            0,
            6,
        ),
        Known(
            "sources.*.leads.content.growth_months",
            "{1}: it grows for",
            "months",
            2,
            18,
        ),
    ),
    Known(
        "sources.*.leads.content.compounding_half_life_months",
        "{1}: a grown piece halves in",
        "months",
        12,
        96,
    ),
    *graded(
        "C",
        "V29",
        Known(
            "sources.*.burn.bounce_percent", "{1}: mails that bounce", "percent", 0, 25
        ),
        Known("sources.*.burn.complaint_percent", "{1}: complaints", "percent", 0, 1),
        Known("reputation.recovery_days", "reputation: 63% back in", DAYS, 10, 120),
    ),
    *graded(
        "B",
        "V29",
        Known("reputation.bounce_limit", "bounces that are free", "percent", 0, 10),
    ),
    Known("reputation.bounce_weight", "cost of a percent of bounces", SHARE, 0, 0.1),
    *graded(
        "B",
        "V29",
        Known(
            "reputation.complaint_limit", "complaints that are free", "percent", 0, 0.5
        ),
    ),
    Known("reputation.complaint_weight", "cost of a percent complaining", SHARE, 0, 1),
    Known("reputation.worst", "most that one send costs", SHARE, 0.1, 1),
)
MEETING = (
    # Seen for 28 days after a visit, in an experiment with consumers.
    *graded(
        "A",
        "V33",
        Known("sources.*.meets.after_visit_days", "{1}: follows for", DAYS, 7, 90),
    ),
    Known(
        "sources.*.meets.in_all_per_month",
        "{1}: touches a month in all",
        PLAIN,
        0,
        4,
        times=True,
    ),
    *graded(
        "C",
        "V36",
        Known("sources.*.meets.answer*", "{1}: touches answered", SHARE, 0, 0.15),
    ),
    Known("sources.*.meets.warmed_by_memory", "{1}: warmed by memory", PLAIN, 0, 5),
    Known("sources.*.meets.remember", "{1}: remembered of each touch", PLAIN, 0, 1),
    Known(
        "sources.*.meets.accounts", "{1}: chosen accounts", PLAIN, 0.25, 4, times=True
    ),
    Known("sources.*.meets.abm.contacts", "{1}: contacts an account", PLAIN, 1, 10),
    # Vendors' surveys.
    *graded(
        "D",
        "V44",
        Known(
            "sources.*.meets.abm.wins_times",
            "{1}: wins on the list, of others'",
            "times",
            1,
            2,
        ),
        Known(
            "sources.*.meets.abm.value_times",
            "{1}: deals on the list, of others'",
            "times",
            1,
            2,
        ),
    ),
    # 1.3, 2.2, 4.4 and 5.1 in separate studies.
    *graded(
        "C",
        "V35",
        Known(
            "sources.*.meets.fills_times",
            "{1}: likelier to fill a form",
            "times",
            0.5,
            5,
        ),
    ),
    Known(
        "sources.*.meets.ready_times", "{1}: likelier to have a need", "times", 0.5, 5
    ),
    Known("sources.*.meets.uptake.half_on", "{1}: half has spread in", DAYS, 0, 1826),
    Known("sources.*.meets.uptake.months", "{1}: spreads for", "months", 12, 120),
    Known(
        "sources.*.meets.first_meeting_costs",
        "{1}: first touch costs",
        MONEY,
        0.25,
        8,
        times=True,
    ),
    Known("sources.*.meets.start", "{1}: begins on day", PLAIN, 0, 2, times=True),
    Known("sources.*.meets.stop", "{1}: ends on day", PLAIN, 0, 2, times=True),
    Known("sources.*.meets.shape", "{1}: how it builds up", PLAIN, 0, 1),
    Known("sources.*.meets.by_mail", "{1}: comes by mail", PLAIN, 0, 1),
    Known("sources.*.meets.only_open", "{1}: open pages only", PLAIN, 0, 1),
    Known("sources.*.meets.months_to_full", "{1}: time to full", "months", 1, 36),
    Known("sources.*.meets.half_life_months", "{1}: half-life", "months", 3, 26),
    Known("stages.*.next.*.found", "{1} to {3} if found", SHARE, 0.1, 1),
    # Does search hide what is gated?
    *graded(
        "D",
        "V32",
        Known("market.reach_days", "reach is lost in", DAYS, 30, 365),
    ),
    Known("market.field_loss*", "each field more loses", SHARE, 0, 0.3),
    Known("market.gating", "what is behind a form", PLAIN, 0, 1),
    Known("market.gating_before", "behind a form before", PLAIN, 0, 1),
    Known("market.profiling", "how forms ask", PLAIN, 0, 1),
    Known("market.notices", "nurture sees who needs", SHARE, 0, 1),
    Known("market.buyers", "buyers in the market's reach", PLAIN, 0.25, 2, times=True),
    Known("market.misfit", "buyers who do not fit", SHARE, 0, 0.5),
    Known("market.junk", "who will never buy", SHARE, 0, 0.5),
    Known("market.entry_lift", "memory makes needs", SHARE, 0, 0.5),
    # How regular needs are, nobody has measured.
    Known("market.out_cv", "spread / mean of time out of it", PLAIN, 0.2, 2),
    Known("market.in_cv", "spread / mean of time in it", PLAIN, 0.2, 2),
    Known("market.history", "known before the start for", DAYS, 0, 1460),
    Known("market.memory.read", "remembered by reading", PLAIN, 0.2, 3),
    Known("market.memory.bounce", "remembered by a closed form", PLAIN, 0, 1),
    Known("market.goodwill.weight", "weight of goodwill", "times", 0.2, 3),
    Known(
        "market.goodwill.activation.half_life",
        "what was seen lately halves in",
        DAYS,
        3,
        60,
    ),
    Known(
        "market.goodwill.activation.weight",
        "what was seen lately weighs",
        "times",
        0,
        10,
    ),
    Known("market.memory.mail", "remembered by a mail", PLAIN, 0, 1),
    Known("market.memory.mails_opened_per_month", "mails opened a month", PLAIN, 0, 3),
    *graded(
        "C",
        "V30",
        Known(
            "market.memory.unsubscribe_per_month",
            "unsubscribe a month",
            SHARE,
            0.01,
            0.08,
        ),
    ),
    Known("market.assets.*.fields", "{2}: fields of the form", "fields", 1, 11),
    Known("market.assets.*.form*", "{2}: fill the form", SHARE, 0.02, 0.5),
    Known("market.assets.*.ask*", "{2}: ask unforced", SHARE, 0, 0.1),
    Known("market.assets.*.attraction", "{2}: how good the magnet is", SHARE, 0.2, 1),
    Known("market.assets.*.preview", "{2}: shown before the form", PLAIN, 0, 1),
    Known("market.assets.*.specificity", "{2}: how specific it is", SHARE, 0, 1),
)
