"""What a user may get wrong in a scenario, and the one line that they get for it.

Each row is a mistake: the path, what was written there, and the sentence after the
path; ``.key: ...`` if the place is a key below the path, ``/path: ...`` if it is
elsewhere. Where a sentence lists all that may be, ``...`` stands for the list.
"""

from __future__ import annotations

import math
import re

import pytest
from small_scenario import GONE, edited, small

from simlib.errors import ScenarioError
from simlib.scenario import Scenario

RATE = "stages.captured.next.sql.rate"
LAG = "stages.captured.next.sql.lag"
LEADS = "sources.website.leads"

MISSPELT = [
    ("horizont", 365, "unknown key; known: name, ... Did you mean 'horizon'?"),
    ("stages.captured.tem", "sdr", "unknown key; ... Did you mean 'team'?"),
    ("stages.captured.next.sql.rates", 0.1, "unknown key; ... Did you mean 'rate'?"),
    ("teams.sdr.peeple", 3, "unknown key; known: people, ... Did you mean 'people'?"),
    (f"{LAG}.meen", 4, "unknown key; known: dist, ... Did you mean 'mean'?"),
    (f"{LEADS}.permonth", 4, "unknown key; ... Did you mean 'per_month'?"),
    ("deal.margin", 0.8, "unknown key; known: value, ... Did you mean 'gross_margin'?"),
    ("<<", {}, "unknown key; known: name, ..."),
]
MISSING = [
    ("name", GONE, "is missing (what to call it)"),
    ("stages", GONE, "is missing (the lead lifecycle, a graph)"),
    ("sources", {}, "has no entries; it needs at least 1"),
    ("stages", {}, "has no entries; it needs at least 1"),
    (RATE, GONE, "is missing (probability, 0 to 1: ...)"),
    ("sources.website.leads", GONE, "is missing (how many leads, and when; ...)"),
    ("stages.captured.contact.power", GONE, "is missing (how steeply ...)"),
    (LEADS, {}, "needs per_month, per_day or imports"),
    (LAG, None, "is empty; it must be a number, or a distribution such as ..."),
    ("stages.captured", None, "is empty; it must be a mapping of keys to values"),
]
UNKNOWN_NAMES = [
    (
        "stages.captured.next.sqll",
        {"rate": 0.1},
        "unknown stage 'sqll'; known: captured, sql, customer, lost, nurture. "
        "Did you mean 'sql'?",
    ),
    ("stages.captured.leak.to", "nurtur", "unknown stage ... Did you mean 'nurture'?"),
    ("stages.captured.team", "sdrs", "unknown team 'sdrs'; ... Did you mean 'sdr'?"),
    ("stages.sql.slots", "sales", "unknown team 'sales'; known: sdr, ae."),
    ("sources.ads.entry", "captrd", "unknown stage ... Did you mean 'captured'?"),
    ("nurture.to", "capture", "unknown stage ... Did you mean 'captured'?"),
    ("deal.pipeline_stage", "sqls", "unknown stage 'sqls'; ... Did you mean 'sql'?"),
    (f"{LAG}.dist", "lognorm", "is 'lognorm'; ... Did you mean 'lognormal'?"),
    ("teams.sdr.order", "lilo", "is 'lilo'; ... Did you mean 'lifo'?"),
    ("teams.sdr.order", "round robin", "... Did you mean 'round_robin'?"),
    ("teams.sdr.calendar", "office_hours", "... Did you mean 'business_hours'?"),
    (f"{LEADS}.shape", "linear", "is 'linear'; it must be one of steady, ..."),
    ("stages.customer.terminal", "win", "... won, lost. Did you mean 'won'?"),
    ("sources.ads.mix", {"redy": 1}, ".redy: unknown kind; ... Did you mean 'ready'?"),
    (
        "nurture.ready_per_month",
        {"junc": 1},
        ".junc: unknown kind; ... Did you mean 'junk'?",
    ),
]
NUMBERS = [
    (LAG, -1, "is -1; it must be 0 or more"),
    (f"{LAG}.mean", -4, "is -4; it must be 0 or more"),
    ("horizon", 0, "is 0; it must be more than 0"),
    ("horizon", math.inf, "is inf; it must be a finite number"),
    (RATE, math.nan, "is nan; it must be a finite number"),
    ("horizon", "two years", "is 'two years'; it must be a number"),
    ("horizon", 1_000_000, "is 1000000; it must be 36,525 or less"),
    ("horizon", 10**400, "is 1000... that number is too large"),
    ("horizon", True, "is true; it must be a number"),
    ("horizon", [1, 2], "is a list; it must be a number"),
    ("horizon", "730 days", "is '730 days'; write the bare number: 730"),
    (RATE, 1.2, "is 1.2; it must be 1 or less"),
    (RATE, 55, "is 55; it must be 1 or less (for 55% write 0.55)"),
    (RATE, -0.1, "is -0.1; it must be 0 or more"),
    (RATE, "10%", "is '10%'; write the bare number: 0.1"),
    (RATE, "0,5", "is '0,5'; write the bare number: 0.5"),
    ("teams.sdr.cost_per_month", "8,000", "is '8,000'; write the bare number: 8000"),
    ("teams.sdr.cost_per_month", "$8,000", "is '$8,000'; write the bare number: 8000"),
    ("teams.sdr.cost_per_month", -5, "is -5; it must be 0 or more"),
    ("teams.sdr.people", 0, "is 0; it must be 1 or more"),
    ("teams.sdr.people", 2.5, "is 2.5; it must be a whole number"),
    ("teams.sdr.people", "three", "is 'three'; it must be a whole number"),
    ("teams.sdr.people", 10**9, "is 1000000000; it must be 100,000 or less"),
    ("stages.captured.visits", 0, "is 0; it must be 1 or more"),
    ("days_per_month", 0, "is 0; it must be 1 or more"),
    ("deal.monthly_churn", 1, "is 1; it must be less than 1"),
    ("deal.value", "24k", "is '24k'; it must be a number, or a distribution such ..."),
    (f"{LEADS}.overdispersion", 0.5, "is 0.5; it must be 1 or more"),
    ("stages.captured.anonymous", "yes", "is 'yes'; it must be true or false"),
]
TEXTS = [
    ("name", "", "is ''; it must be text that is not empty"),
    ("name", 2025, "is 2025; it must be text"),
    ("name", "two\nlines", "must be text on one line, without control characters"),
    ("name", "x" * 200, "is 200 characters long; at most 120"),
    ("start", "2025-13-01", "is '2025-13-01'; it must be a date ... as 2025-01-06"),
    ("start", 20250106, "is '20250106'; it must be a date ... such as 2025-01-06"),
    ("start", "2025-01-07", "2025-01-07 is no Monday; day 0 must be one: 2025-01-06"),
    ("stages.1st", {"terminal": "won"}, "is '1st'; it must be a name of letters, ..."),
    ("stages", ["captured"], "is a list; it must be a mapping of keys to values"),
    (f"{LEADS}.imports", {"day": 3}, "is a mapping; it must be a list"),
    (
        "extends",
        "basline",
        "basline: no packaged scenario ... Did you mean 'baseline'? Packaged: ...",
    ),
    ("extends", 3, "must be the name of a packaged scenario, or of a file"),
]
RATES = [
    (RATE, {}, "is empty; give a number from 0 to 1, or one for each kind or source"),
    (RATE, {"ready": 0.5}, "no rate for not_yet, misfit, junk; 0 is a rate too"),
    (
        RATE,
        {"ready": 0.5, "website": 0.1},
        "'website' is no kind (ready, not_yet, misfit, junk), and kinds and sources do "
        "not mix; for a source write website: {ready: ...}.",
    ),
    (RATE, {"ready": 1, "not_yt": 0}, "'not_yt' is no kind ... mean 'not_yet'?"),
    (RATE, {"website": 0.1}, "no rate for source ads; add it, or 'default'"),
    (
        RATE,
        {"web": 0.1, "default": 0.2},
        ".web: unknown source or kind 'web'; ... Did you mean 'website'?",
    ),
    (
        RATE,
        {"default": {"redy": 1}},
        ".default.redy: unknown kind; ... Did you mean 'ready'?",
    ),
    (
        "stages.captured.next.lost.rate",
        0.6,
        "/stages.captured.next: the rates sum to 1.1 (source website, kind ready); "
        "they must sum to 1 or less",
    ),
    ("sources.ads.mix", {"ready": 0.9}, "the shares sum to 0.9; they must sum to 1"),
]
LAGS = [
    (LAG, {"mean": 4}, ".dist: is missing (family of the distribution)"),
    (LAG, {"dist": "gamma"}, "needs either mean or median (not both)"),
    (LAG, {"dist": "gamma", "mean": 4, "median": 3}, "needs either mean or median ..."),
    (
        LAG,
        {"dist": "exponential", "mean": 4, "cv": 2},
        ".cv: of dist: exponential is always 1; leave cv out",
    ),
    (f"{LAG}.cv", 0, "is 0; it must be 0.01 or more"),
    (LAG, {"dist": "empirical"}, "an empirical lag needs values: a list of days"),
    (
        LAG,
        {"dist": "empirical", "values": [1, 2], "weights": [1]},
        ".weights: there are 1 for 2 values; give one weight for each value",
    ),
    (
        LAG,
        {"dist": "empirical", "values": [1, 2], "weights": [0, 0]},
        ".weights: are all zero; give one a weight above 0",
    ),
    (f"{LAG}.values", [1], f"/{LAG}: values and weights go with dist: empirical"),
]
STAGES = [
    ("stages.captured.slots", "ae", "a stage has a team or slots, not both"),
    (
        "stages.captured.work",
        GONE,
        "is missing: how many days of work a lead takes ...",
    ),
    ("stages.captured.team", GONE, "/stages.captured.work: needs a team that ..."),
    ("stages.sql.contact", {"half_at": 1, "power": 1}, "needs a team that works ..."),
    ("stages.sql.went_cold", {"to": "lost"}, "needs a patience, else nobody goes cold"),
    (
        "stages.late",
        {"next": {"lost": {"rate": 1}}, "patience": 2},
        ".patience: nobody waits here; name a team or slots",
    ),
    ("stages.customer.next", {"lost": {"rate": 1}}, "an end has nothing ..."),
    ("stages.nowhere", {}, "leads never leave it; give it next, leak or terminal: ..."),
    ("stages.lost", GONE, "/stages.sql.leak: is missing: where leads go that ..."),
    (
        "stages.loop",
        {"next": {"loop": {"rate": 0.5}}},
        ".visits: leads may go round for ever (loop -> loop); cap the "
        "visits of one of these stages",
    ),
    (
        "stages.nurture",
        {"terminal": "lost"},
        "/nurture: there is a stage of that name too; ...",
    ),
    (
        "stages.sql.slots",
        "sdr",
        "/teams.sdr: works in captured and lends slots in sql; make ...",
    ),
    (
        "stages",
        {f"s{n}": {"terminal": "won"} for n in range(101)},
        "has 101 entries; at most 100",
    ),
]
SOURCES = [
    (
        f"{LEADS}.per_day",
        3,
        f"/{LEADS}: has per_month and per_day; keep one of the two",
    ),
    (f"{LEADS}.stop", -3, "is -3; it must be 0 or more"),
    ("sources.website.lag_times", 0, "is 0; it must be more than 0"),
    (
        LEADS,
        {"per_month": 1, "start": 50, "stop": 10},
        ".stop: is 10; it must be 50 (start) or later",
    ),
    (f"{LEADS}.weekdays", [1] * 6, "has 6 entries; it needs at least 7"),
    (f"{LEADS}.weekdays", [0] * 7, "are all 0; give one day a weight above 0"),
    (
        f"{LEADS}.shape",
        "saturating",
        f"/{LEADS}.half_spend_per_month: is missing; saturating needs it",
    ),
    (f"{LEADS}.half_spend_per_month", 9, "goes only with shape: saturating"),
    (f"{LEADS}.growth_per_month", 2, "is 2; it must be 1 or less (for 2% write 0.02)"),
    (
        LEADS,
        {"per_month": 1, "shape": "compounding", "growth_per_month": 0.1},
        ".growth_per_month: goes only with shape: steady or effort",
    ),
    (
        LEADS,
        {"per_month": 1_000_000, "growth_per_month": 1},
        f"/{LEADS}: brings ... leads in 100 days, and a run holds 20,000,000 of ...",
    ),
    (
        f"{LEADS}.imports",
        [{"day": 3, "leads": 0}],
        ".0.leads: is 0; it must be 1 or more",
    ),
    (
        f"{LEADS}.per_month",
        100_000_000,
        f"/{LEADS}: brings 328,542,094 leads in 100 days, and a run holds "
        "20,000,000 of all sources; lower its number or the horizon",
    ),
    (
        f"{LEADS}.imports",
        [{"day": 1, "leads": 10_000_000}] * 2,
        f"/{LEADS}: brings 20,000,033 leads in 100 days, ...",
    ),
    ("sources.ads.entry", "customer", "'customer' is an end; name the stage in ..."),
    ("sources.junk", {"leads": {"per_day": 1}}, "rates use this word; give it ..."),
    ("sources.ads.cost", 50, "is 50; it must be a mapping of keys to values"),
    ("sources.ads.leads", 40, "is 40; write leads: {per_month: 40}"),
    ("sources.ads.leads", "40", "is '40'; it must be a mapping of keys to values"),
]
ALL = [
    *(MISSPELT + MISSING + UNKNOWN_NAMES + NUMBERS + TEXTS),
    *(RATES + LAGS + STAGES + SOURCES),
]


def line(path, sentence):
    """Return the whole line that a row stands for."""
    if sentence.startswith("/"):
        return sentence[1:]
    return path + sentence if sentence.startswith(".") else f"{path}: {sentence}"


def test_the_small_scenario_is_right():
    """What the mistakes below are made in is itself accepted."""
    assert Scenario.of(small()).name == "small"


def test_there_are_many_kinds_of_mistakes():
    """At least 60 different sentences are shown below."""
    assert len({sentence for *_, sentence in ALL}) >= 60


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    ALL,
    ids=[f"{row[0].split('.')[-1]}-{n}" for n, row in enumerate(ALL)],
)
def test_a_mistake_is_answered_with_its_place_and_its_remedy(path, value, sentence):
    """The message is one line: the path, what was given, and what may be."""
    with pytest.raises(ScenarioError) as caught:
        Scenario.of(edited(path, value))

    wanted = ".*".join(re.escape(part) for part in line(path, sentence).split("..."))
    assert re.fullmatch(rf"{wanted}(?: \(and \d+ more\))?", str(caught.value))
