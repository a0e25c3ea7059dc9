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


KNOWN = (
    Known("sources.*.leads.per_month", "{1}: leads a month", PLAIN, 0, 4, times=True),
    Known("sources.*.leads.per_day", "{1}: leads a day", PLAIN, 0, 4, times=True),
    # [V19] C: compounding content; [V21] D: half-lives of pages
    Known("sources.*.leads.months_to_full", "{1}: time to full", "months", 1, 36),
    Known("sources.*.leads.half_life_months", "{1}: half-life", "months", 3, 26),
    Known("sources.*.leads.overdispersion", "{1}: variance / mean", PLAIN, 1, 10),
    # [S2, S4, V17] C: cost per lead
    Known("sources.*.cost.per_lead", "{1}: cost per lead", MONEY, 20, 400),
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
