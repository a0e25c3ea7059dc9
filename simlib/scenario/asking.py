"""Whether what rates ask of leads is something that the scenario tells of them.

In: a scenario's fields. Out: nothing, or the first problem as (path, message), as in
`simlib.scenario.checks`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from simlib.log import KINDS
from simlib.scenario.checks import TOLERANCE, Found, sources_of
from simlib.scenario.models import ScenarioFields
from simlib.scenario.rates import rate_of


def asked(scenario: ScenarioFields) -> Iterator[Found]:
    """Yield rates that ask for what the scenario does not tell of its leads."""
    for name, stage in scenario.stages.items():
        for to, way in stage.next.items():
            here = f"stages.{name}.next.{to}"
            if way.intent and not scenario.intent:
                yield f"{here}.intent", "needs intent: by which action leads came"
            if (way.checked or way.by_yes) and not scenario.checklist:
                key = "checked" if way.checked else "by_yes"
                yield f"{here}.{key}", "needs a checklist: what sales ask a lead"
            elif way.by_fields and not _has_forms(scenario):
                yield (
                    f"{here}.by_fields",
                    "needs forms: a source's form, or a market with its assets",
                )
            elif way.by_yes and scenario.checklist:
                counts = len(scenario.checklist.questions) + 1
                if len(way.by_yes) != counts:
                    yield (
                        f"{here}.by_yes",
                        f"has {len(way.by_yes)} factors for {counts} counts of yes, "
                        "from none to all",
                    )
    if scenario.intent:
        yield from _tiers(scenario)


def _has_forms(scenario: ScenarioFields) -> bool:
    """Return whether leads fill forms, of which sales know the fields."""
    return bool(scenario.market) or any(at.form for at in scenario.sources.values())


def _tiers(scenario: ScenarioFields) -> Iterator[Found]:
    """Yield shares of the capture actions that do not fit the scenario."""
    said = scenario.intent
    assert said is not None
    for key in ("high", "middle"):
        yield from sources_of(f"intent.{key}", getattr(said, key), scenario)
    for source, kind in product(scenario.sources, KINDS):
        total = rate_of(said.high, source, kind) + rate_of(said.middle, source, kind)
        if total > 1 + TOLERANCE:
            yield (
                "intent.middle",
                f"and high come to {total:g} (source {source}, kind {kind}); "
                "together they may be 1 at most",
            )
            return
