"""What is known of a scenario's paths: a label, a unit, and a sensible range.

In: nothing. Out: `KNOWN`, a small table; the first pattern that fits a path counts.
The ranges are those of the evidence (docs/evidence.md explains the marks); a range in
``times`` is in multiples of what the scenario says. No widget is made here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

SHARE, MONEY, DAYS, PLAIN = "%", "money", "days", ""


@dataclass(frozen=True)
class Known:
    """What is known of the paths that fit a pattern.

    Attributes
    ----------
    pattern : str
        A path in which ``*`` stands for any name.
    label : str
        May quote the path's steps by number: ``{1}`` is the second.
    unit : str
        ``%`` (a share shown in percent), ``money``, ``days`` (shown in hours or
        minutes where small), or any words.
    low, high : float
        The range, in the unit of the scenario file.
    times : bool
        Whether the range is in multiples of the scenario's own value.
    """

    pattern: str
    label: str
    unit: str
    low: float
    high: float
    times: bool = False


# Choices whose name in the scenario file a reader would not guess.
CHOICES = {
    "fifo": "first come, first served",
    "lifo": "the newest first",
    "hot_first": "who looks hot first",
    "always_on": "around the clock",
    "business_hours": "in business hours",
}
# A star also fits several steps, so what is narrow stands before what is wide.
QUALIFYING = (
    # Of a lag it is the mean or median that has a unit of time.
    Known("stages.*.cv", "{1}: spread / mean of a time", PLAIN, 0.25, 4, times=True),
    # [S4] D: 75 points; how often each kind does what is ours [D]
    Known("stages.*.score.threshold", "{1}: points needed", "points", 10, 150),
    Known("stages.*.score.window_months", "{1}: points count for", "months", 1, 12),
    Known("stages.*.score.half_life_months", "{1}: points halve in", "months", 0.5, 12),
    Known("stages.*.score.actions.*.points", "{4}: points each time", "points", 0, 50),
    Known("stages.*.score.actions.*.per_month*", "{4}: times a month", PLAIN, 0, 4),
    Known("stages.*.score.attributes.*.points", "{4}: points", "points", -20, 50),
    Known("stages.*.score.attributes.*.share*", "{4}: it is true of", SHARE, 0, 1),
    # [V3] B: 42 hours on average; [D] D: a fifth less work, a tenth more SQLs
    Known("stages.*.hand_off.delay*", "{1}: hand-off takes", DAYS, 1 / 24, 4),
    Known("stages.*.hand_off.context", "{1}: sales see what the lead did", PLAIN, 0, 1),
    Known("stages.*.hand_off.work_times", "{1}: work with context", SHARE, 0.5, 1),
    Known("stages.*.hand_off.rate_times", "{1}: rates with context", "times", 1, 1.5),
    # [V45] C: one lead in ten has all of BANT; [D] D: shares, and how well a call tells
    Known("checklist.questions.*", "{2}: yes in truth", SHARE, 0.1, 0.9),
    Known("checklist.sensitivity", "a yes is heard", SHARE, 0.6, 1),
    Known("checklist.specificity", "a no is heard", SHARE, 0.6, 1),
    Known("checklist.needed", "answers that must be yes", "answers", 0, 10),
    Known("stages.*.next.*.checked", "{1} to {3}: asks the checklist", PLAIN, 0, 1),
    # [D] D: what a field tells sales
    Known(
        "stages.*.next.*.by_fields.at_three",
        "{1} to {3}: told by 3 fields",
        SHARE,
        0.5,
        0.9,
    ),
    Known(
        "stages.*.next.*.by_fields.per_field",
        "{1} to {3}: a field tells",
        SHARE,
        0,
        0.05,
    ),
    Known("stages.*.next.*.by_fields.cap", "{1} to {3}: told at best", SHARE, 0.9, 1),
    # [S5] tiers; [D] D: their shares
    Known("intent.high*", "come with high intent", SHARE, 0, 0.7),
    Known("intent.middle*", "come with middle intent", SHARE, 0, 0.7),
    Known("intent.mql_definition", "what counts as an MQL", PLAIN, 0, 1),
    Known("intent.changes_on", "definition changes on day", PLAIN, 0, 2, times=True),
    Known("stages.*.next.*.intent.*", "{1} to {3}, {5} intent", SHARE, 0, 1),
)
PEOPLE = (
    # [V37] B: .30 to .55 of sales development reps leave in a year; ramp 3 to 4 months
    Known("teams.*.morale.quits_per_year", "{1}: quits a person a year", PLAIN, 0, 1),
    Known("teams.*.morale.ramp_months", "{1}: a new one learns for", "months", 0, 6),
    Known("teams.*.morale.vacancy_months", "{1}: place empty for", "months", 0.5, 6),
    # [V6] C: reps follow up 30% of the leads of marketing
    Known("teams.*.morale.ignores", "{1}: ignored without trust", SHARE, 0, 0.7),
    # [D] D: nobody has measured the rest
    Known("teams.*.morale.trust_from_leads", "{1}: trust remembers", "leads", 10, 200),
    Known("teams.*.morale.expects", "{1}: good leads expected", SHARE, 0.1, 0.6),
    Known("teams.*.morale.weight_of_trust", "{1}: what trust weighs", SHARE, 0, 1),
    Known("teams.*.morale.weight_of_backlog", "{1}: what backlog weighs", SHARE, 0, 1),
    Known(
        "teams.*.morale.backlog_per_person",
        "{1}: backlog too much",
        "leads each",
        1,
        20,
    ),
    Known("teams.*.morale.adapts_in", "{1}: morale moves in", "working days", 5, 60),
    Known("teams.*.morale.slowest", "{1}: pace without morale", SHARE, 0.3, 1),
    Known("teams.*.morale.quits_exponent", "{1}: how steeply they quit", PLAIN, 0, 4),
    Known("teams.*.morale.ramp_output", "{1}: output of a new one", SHARE, 0.2, 1),
    Known("teams.*.order", "{1}: who is called first", PLAIN, 0, 1),
    Known("teams.*.calendar", "{1}: when they work", PLAIN, 0, 1),
)
ARRIVING = (
    # [V31] C, D: 17% a field; [D] D: that wrong leads are put off first
    Known("sources.*.form.fields", "{1}: fields of the form", "fields", 1, 11),
    Known("sources.*.form.loss*", "{1}: each field loses", SHARE, 0, 0.3),
    # [D] D: how fast a habit spreads
    Known("sources.*.leads.uptake.half_on", "{1}: half has spread in", DAYS, 0, 1826),
    Known("sources.*.leads.uptake.months", "{1}: spreads for", "months", 12, 120),
    # [D] D: nobody counts shocks
    Known("sources.*.shocks.per_year", "{1}: shocks a year", PLAIN, 0, 2),
    Known("sources.*.shocks.loss", "{1}: a shock takes", SHARE, 0, 1),
    Known("sources.*.shocks.days", "{1}: a shock lasts", DAYS, 14, 365),
    # [V13, V14] C: 2 to 3% of visits; [V19] C: 10% compound; [V21] D: 3 to 26 months
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
    Known(
        "sources.*.leads.content.conversion", "{1}: visits to leads", SHARE, 0.002, 0.03
    ),
    Known(
        "sources.*.leads.content.half_life_months",
        "{1}: a piece halves in",
        "months",
        3,
        26,
    ),
    Known(
        "sources.*.leads.content.compounding_share",
        "{1}: pieces that grow",
        SHARE,
        0,
        0.3,
    ),
    Known(
        "sources.*.leads.content.growth", "{1}: a growing piece gains", "times", 0, 6
    ),
    Known(
        "sources.*.leads.content.growth_months", "{1}: it grows for", "months", 2, 18
    ),
    Known(
        "sources.*.leads.content.compounding_half_life_months",
        "{1}: a grown piece halves in",
        "months",
        12,
        96,
    ),
    # [V29] B: limits; C: 13% bounces of one bought list; [D] D: weights
    Known("sources.*.burn.bounce_percent", "{1}: mails that bounce", "percent", 0, 25),
    Known("sources.*.burn.complaint_percent", "{1}: complaints", "percent", 0, 1),
    Known("reputation.recovery_days", "reputation: 63% back in", DAYS, 10, 120),
    Known("reputation.bounce_limit", "bounces that are free", "percent", 0, 10),
    Known("reputation.bounce_weight", "cost of a percent of bounces", SHARE, 0, 0.1),
    Known("reputation.complaint_limit", "complaints that are free", "percent", 0, 0.5),
    Known("reputation.complaint_weight", "cost of a percent complaining", SHARE, 0, 1),
    Known("reputation.worst", "most that one send costs", SHARE, 0.1, 1),
)
MEETING = (
    # [V33] A, consumers: seen for 28 days after a visit
    Known("sources.*.meets.after_visit_days", "{1}: follows for", DAYS, 7, 90),
    Known(
        "sources.*.meets.in_all_per_month",
        "{1}: touches a month",
        PLAIN,
        0,
        4,
        times=True,
    ),
    # [V36] C: cold calls and mails
    Known("sources.*.meets.answer*", "{1}: touches answered", SHARE, 0, 0.15),
    Known("sources.*.meets.warmed_by_memory", "{1}: warmed by memory", PLAIN, 0, 5),
    Known("sources.*.meets.remember", "{1}: remembered by a touch", PLAIN, 0, 1),
    Known(
        "sources.*.meets.accounts", "{1}: chosen accounts", PLAIN, 0.25, 4, times=True
    ),
    # [V44] D: vendors' surveys; [D] D: contacts
    Known("sources.*.meets.abm.contacts", "{1}: contacts an account", PLAIN, 1, 10),
    Known("sources.*.meets.abm.wins_times", "{1}: wins of the list", "times", 1, 2),
    Known("sources.*.meets.abm.value_times", "{1}: deals of the list", "times", 1, 2),
    # [V35] C: 1.3, 2.2, 4.4 and 5.1 in separate studies; [D] D: readiness
    Known("sources.*.meets.fills_times", "{1}: fill a form", "times", 0.5, 5),
    Known("sources.*.meets.ready_times", "{1}: have a need", "times", 0.5, 5),
    # [D] D: how fast a habit spreads; what the first click costs
    Known("sources.*.meets.uptake.half_on", "{1}: half has spread in", DAYS, 0, 1826),
    Known("sources.*.meets.uptake.months", "{1}: spreads for", "months", 12, 120),
    Known(
        "sources.*.meets.first_meeting_costs",
        "{1}: first meeting costs",
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
    # [V32] D: does search hide what is gated?
    Known("market.reach_days", "reach is lost in", DAYS, 30, 365),
    Known("market.field_loss*", "each field more loses", SHARE, 0, 0.3),
    Known("market.gating", "what is behind a form", PLAIN, 0, 1),
    Known("market.gating_before", "behind a form before", PLAIN, 0, 1),
    Known("market.profiling", "how forms ask", PLAIN, 0, 1),
    Known("market.notices", "nurture sees who needs", SHARE, 0, 1),
    Known("market.buyers", "buyers in the market's reach", PLAIN, 0.25, 2, times=True),
    Known("market.misfit", "buyers who do not fit", SHARE, 0, 0.5),
    Known("market.junk", "who will never buy", SHARE, 0, 0.5),
    Known("market.entry_lift", "memory makes needs", SHARE, 0, 0.5),
    Known("market.history", "known before the start for", DAYS, 0, 1460),
    Known("market.memory.read", "remembered by reading", PLAIN, 0.2, 3),
    Known("market.memory.bounce", "remembered by a closed form", PLAIN, 0, 1),
    Known("market.memory.mail", "remembered by a mail", PLAIN, 0, 1),
    Known("market.memory.mails_opened_per_month", "mails opened a month", PLAIN, 0, 3),
    # [V30] C
    Known(
        "market.memory.unsubscribe_per_month", "unsubscribe a month", SHARE, 0.01, 0.08
    ),
    Known("market.assets.*.fields", "{2}: fields of the form", "fields", 1, 11),
    Known("market.assets.*.form*", "{2}: fill the form", SHARE, 0.02, 0.5),
    Known("market.assets.*.ask*", "{2}: ask unforced", SHARE, 0, 0.1),
    Known("market.assets.*.attraction", "{2}: how good the magnet is", SHARE, 0.2, 1),
    Known("market.assets.*.specificity", "{2}: how specific it is", SHARE, 0, 1),
)
KNOWN = (
    *QUALIFYING,
    *PEOPLE,
    *ARRIVING,
    *MEETING,
    Known("sources.*.leads.per_month", "{1}: leads a month", PLAIN, 0, 4, times=True),
    Known("sources.*.leads.per_day", "{1}: leads a day", PLAIN, 0, 4, times=True),
    # [D] D: from a firm that shrinks to one that doubles in seven months
    Known("sources.*.leads.growth_per_month", "{1}: growth a month", SHARE, -0.05, 0.1),
    # [V19] C: compounding content; [V21] D: half-lives of pages
    Known("sources.*.leads.months_to_full", "{1}: time to full", "months", 1, 36),
    Known("sources.*.leads.half_life_months", "{1}: half-life", "months", 3, 26),
    Known("sources.*.leads.overdispersion", "{1}: variance / mean", PLAIN, 1, 10),
    # [S2, S4, V17] C: cost per lead
    Known("sources.*.cost.per_lead", "{1}: cost per lead", MONEY, 20, 400),
    Known("sources.*.cost.per_account", "{1}: cost an account", MONEY, 5, 300),
    Known("sources.*.cost.per_month", "{1}: cost a month", MONEY, 0, 4, times=True),
    # [V10, V11, V40, V47] C, junk D: what leads really are
    Known("sources.*.mix.ready", "{1}: ready to buy", SHARE, 0.05, 0.30),
    Known("sources.*.mix.not_yet", "{1}: not yet ready", SHARE, 0.30, 0.55),
    Known("sources.*.mix.misfit", "{1}: misfits", SHARE, 0, 0.30),
    Known("sources.*.mix.junk", "{1}: junk", SHARE, 0.15, 0.45),
    # [V13, V31] C: forms; [V14] C, [V13] C, [V14] C, [V15] B to C: the steps after
    Known("stages.*.next.captured.rate*", "{1} to {3}", SHARE, 0.005, 0.10),
    Known("stages.*.next.mql.rate*", "{1} to {3}", SHARE, 0.10, 0.50),
    Known("stages.*.next.sql.rate*", "{1} to {3}", SHARE, 0.05, 0.60),
    # [V8] B: the way from a lead in one step
    Known("stages.captured.next.opportunity.rate*", "{1} to {3}", SHARE, 0.005, 0.35),
    Known("stages.captured.next.customer.rate*", "{1} to {3}", SHARE, 0.005, 0.30),
    Known("stages.*.next.opportunity.rate*", "{1} to {3}", SHARE, 0.40, 0.75),
    Known("stages.*.next.customer.rate*", "{1} to {3}", SHARE, 0.15, 0.35),
    Known("stages.*.next.*.rate*", "{1} to {3}", SHARE, 0, 1),
    # [V8, V16] B: lags go with the size of the deal
    Known("stages.*.next.*.lag*", "{1} to {3} takes", DAYS, 0.3, 3, times=True),
    Known("stages.*.leak.lag*", "{1}: until it leaks", DAYS, 0.3, 3, times=True),
    # [D] D: 1 to 4 hours a lead; [V3] D: 4 to 80 hours of patience; [V5] C: the curve
    Known("stages.*.work*", "{1}: work a lead", DAYS, 0.4, 1.6, times=True),
    Known("stages.*.patience*", "{1}: patience", DAYS, 0.25, 5, times=True),
    Known("stages.*.contact.half_at", "{1}: half reached", DAYS, 0.1, 8, times=True),
    Known("stages.*.contact.power", "{1}: how steeply", PLAIN, 0.3, 1),
    Known("stages.*.visits", "{1}: most visits", PLAIN, 1, 20),
    Known("teams.*.people", "{1}: people", PLAIN, 0, 3, times=True),
    Known("teams.*.cost_per_month", "{1}: cost a person", MONEY, 0, 2, times=True),
    # [V38] C: open opportunities of one account executive
    Known("teams.*.slots_per_person", "{1}: deals a person", PLAIN, 15, 40),
    Known("teams.*.hot.ready", "{1}: ready seen as hot", SHARE, 0.2, 1),
    Known("teams.*.hot*", "{1}: seen as hot", SHARE, 0, 1),
    # [V11, V12] C, [V30] C: nurture
    Known("nurture.ready_per_month*", "nurture wakes a month", SHARE, 0, 0.15),
    Known("nurture.drop_out_per_month", "nurture loses a month", SHARE, 0.01, 0.08),
    Known("nurture.cost_per_month", "nurture: cost a contact", MONEY, 0, 5),
    Known("deal.value*", "contract value a year", MONEY, 0.25, 4, times=True),
    Known("deal.gross_margin", "gross margin", SHARE, 0.5, 0.95),
    Known("deal.monthly_churn", "churn a month", SHARE, 0, 0.05),
    # [V1] B as a rule of thumb, [V23, V25] A to B, and the model's own parameters
    Known("market.in_days", "time in the market", DAYS, 30, 300),
    Known("market.out_days", "time out of the market", DAYS, 640, 2500),
    Known("market.memory.half_life", "half-life of memory", DAYS, 60, 730),
    Known("market.consideration.floor", "known by nobody's doing", SHARE, 0.05, 0.3),
    Known("market.consideration.raise_hand", "asks for sales", SHARE, 0.2, 0.6),
    Known("market.reach_if_gated", "reach if all is gated", SHARE, 0.02, 1),
    Known("market.gating_from", "gating from", DAYS, 0, 2, times=True),
    Known(
        "sources.*.meets.per_month*", "{1}: meetings a month", PLAIN, 0, 4, times=True
    ),
    Known("horizon", "time simulated", DAYS, 0.25, 2, times=True),
)


def known_of(path: str) -> Known | None:
    """Return what is known of a path, None for nothing."""
    return next((known for known in KNOWN if fnmatchcase(path, known.pattern)), None)
