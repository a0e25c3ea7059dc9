"""In what order a reader meets the stages: along the path that leads take.

In: a scenario and names of its stages. Out: the names. A file that extends another
writes its own stages below those it was given, wherever they stand on the path.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simlib.scenario import Scenario
from simlib.scenario.steps import reached


def along(names: Iterable[str], scenario: Scenario) -> list[str]:
    """Return names of stages in their order, those below the first end at their place.

    What is written below an end, such as customer, was added to an older path: it goes
    before the stages that it leads to, unless they lead back to it.
    """
    names, found = list(names), dict[str, None]()
    added = names[_first_end(names, scenario) :]
    steps = {name: _next(name, scenario) for name in scenario.stages}
    onward = {name: reached(_next(name, scenario), steps) for name in names}

    def put(name: str) -> None:
        for other in added:
            if name in _next(other, scenario) and other not in onward[name]:
                put(other)
        found.setdefault(name)

    for name in names:
        put(name)
    return list(found)


def _first_end(names: Sequence[str], scenario: Scenario) -> int:
    """Return the place of the first stage that is an end."""
    ends = {name for name, stage in scenario.stages.items() if stage.terminal}
    return next((i for i, name in enumerate(names) if name in ends), len(names))


def _next(name: str, scenario: Scenario) -> set[str]:
    """Return where transitions lead from a stage; nurture is none of the stages."""
    return set(scenario.stages[name].next) if name in scenario.stages else set()
