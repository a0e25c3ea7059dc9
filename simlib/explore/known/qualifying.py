"""Ranges of who is qualified by whom: scores, checklists, hand-offs, people.

In: nothing. Out: two tables. The letters are those of docs/evidence.md.
"""

from __future__ import annotations

from simlib.explore.known.record import DAYS, PLAIN, SHARE, Known, graded

QUALIFYING = (
    Known("stages.*.cv", "{1}: spread / mean of a time", PLAIN, 0.25, 4, times=True),
    *graded(
        "D",
        "S4",
        Known("stages.*.score.threshold", "{1}: points needed", "points", 10, 150),
        Known("stages.*.score.window_months", "{1}: points count for", "months", 1, 12),
        Known(
            "stages.*.score.half_life_months", "{1}: points halve in", "months", 0.5, 12
        ),
        Known(
            "stages.*.score.actions.*.points", "{4}: points each time", "points", 0, 50
        ),
    ),
    Known("stages.*.score.actions.*.per_month*", "{4}: times a month", PLAIN, 0, 4),
    *graded(
        "D",
        "S4",
        Known("stages.*.score.attributes.*.points", "{4}: points", "points", -20, 50),
    ),
    Known("stages.*.score.attributes.*.share*", "{4}: it is true of", SHARE, 0, 1),
    # 42 hours on average is a named sample (B), of firms and not of hand-offs.
    *graded(
        "D",
        "V3",
        Known("stages.*.hand_off.delay*", "{1}: hand-off takes", DAYS, 1 / 24, 4),
    ),
    Known("stages.*.hand_off.context", "{1}: sales see what the lead did", PLAIN, 0, 1),
    Known("stages.*.hand_off.work_times", "{1}: work with context", SHARE, 0.5, 1),
    Known("stages.*.hand_off.rate_times", "{1}: rates with context", "times", 1, 1.5),
    # One lead in ten has all of BANT (C); the shares are ours.
    *graded(
        "D",
        "V45",
        Known("checklist.questions.*", "{2}: yes in truth", SHARE, 0.1, 0.9),
    ),
    Known("checklist.common", "answers go together", PLAIN, 0, 0.8),
    Known("checklist.sensitivity", "a yes is heard", SHARE, 0.6, 1),
    Known("checklist.specificity", "a no is heard", SHARE, 0.6, 1),
    Known("checklist.needed", "answers that must be yes", "answers", 0, 10),
    Known("stages.*.next.*.checked", "{1} to {3}: asks the checklist", PLAIN, 0, 1),
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
    Known("fit_score.fitting", "fit score of who fits", "points", 40, 90),
    Known("fit_score.others", "fit score of the others", "points", 10, 60),
    Known("fit_score.spread", "noise of the fit score", "points", 0, 30),
    *graded(
        "D",
        "S5",
        Known("intent.high*", "come with high intent", SHARE, 0, 0.7),
        Known("intent.middle*", "come with middle intent", SHARE, 0, 0.7),
    ),
    Known("intent.mql_definition", "what counts as an MQL", PLAIN, 0, 1),
    Known("intent.changes_on", "definition changes on day", PLAIN, 0, 2, times=True),
    Known("stages.*.next.*.intent.*", "{1} to {3}, {5} intent", SHARE, 0, 1),
)
PEOPLE = (
    # .30 to .55 of sales development reps leave in a year; ramp 3 to 4 months.
    *graded(
        "B",
        "V37",
        Known(
            "teams.*.morale.quits_per_year", "{1}: quits a person a year", PLAIN, 0, 1
        ),
        Known(
            "teams.*.morale.ramp_months", "{1}: a new one learns for", "months", 0, 6
        ),
    ),
    Known("teams.*.morale.vacancy_months", "{1}: place empty for", "months", 0.5, 6),
    *graded(
        "C",
        "V6",
        Known("teams.*.morale.ignores", "{1}: ignored without trust", SHARE, 0, 0.7),
    ),
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
