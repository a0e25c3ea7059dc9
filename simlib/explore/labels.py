"""Labels: what a path of a scenario is called on the screen, and what to know of it.

In: a scenario and a path. Out: text, in the words of who reads it: a source that brings
visits is not said to have meetings. No widget is made here.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from simlib.explore.known import CHOICES, known_of
from simlib.scenario import Scenario
from simlib.scenario.models import Source

LAG_CENTRES = ("mean", "median")
DEFINITION = "intent.mql_definition"
# How many a source brings or meets, of which a price by the month knows nothing.
RATES = (
    "meets.per_month*",
    "meets.in_all_per_month",
    "leads.per_month",
    "leads.per_day",
)
SAME_PRICE = "What is paid by the month does not change with it."
ADS = ("ads", "retargeting")


def words(name: object) -> str:
    """Return a name of the scenario file as a reader would write it."""
    if isinstance(name, bool):
        return "yes" if name else "no"
    return CHOICES.get(str(name)) or str(name).replace("_", " ")


def label_of(scenario: Scenario, path: str) -> str:
    """Return what to call a path."""
    known = known_of(path)
    steps = ["all" if step == "*" else words(step) for step in path.split(".")]
    if not known:
        return ": ".join(steps[-2:])
    label = known.label.format(*steps)
    if steps[0] == "sources":
        label = _of_source(scenario, path.split(".")[1], label)
    if flips(scenario, path):
        label = f"{label} until that day"
    rest = len(steps) - len(known.pattern.split("."))
    detail = steps[-1] if rest > 0 and steps[-1] not in LAG_CENTRES else ""
    return f"{label} ({detail})" if detail else label


def flips(scenario: Scenario, path: str) -> bool:
    """Return whether a choice holds until a day, and the other one from then on."""
    intent = scenario.intent
    return path == DEFINITION and bool(intent and intent.changes_on is not None)


def _of_source(scenario: Scenario, name: str, label: str) -> str:
    """Return a label that speaks of what a source brings: visits, views or touches."""
    source = scenario.sources.get(name)
    if source and _brings_visitors(scenario, source):
        label = label.replace("leads a", "visitors a")
    met = _met_in(name, source) if source else ""
    return label.replace("touches", f"{met}s").replace("touch", met) if met else label


def _met_in(name: str, source: Source) -> str:
    """Return what a meeting with a buyer is called; "" where it is a touch."""
    if source.meets and source.meets.by == "visits":
        return "visit"
    return "ad view" if any(part in ADS for part in name.split("_")) else ""


def _brings_visitors(scenario: Scenario, source: Source) -> bool:
    """Return whether those whom a source brings have not left a name yet."""
    stage = scenario.stages.get(source.entry or "")
    return bool(stage and stage.anonymous)


def note_of(scenario: Scenario, path: str) -> str:
    """Return what a user has to know of a path besides its range; "" for nothing."""
    steps = path.split(".")
    sources = scenario.sources.items() if steps[0] == "sources" else ()
    moved = [one for name, one in sources if steps[1] in {name, "*"}]
    is_rate = any(fnmatchcase(".".join(steps[2:]), rate) for rate in RATES)
    pays = any(source.cost.per_month for source in moved)
    return SAME_PRICE if is_rate and pays else ""
