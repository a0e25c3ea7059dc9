"""Whether scenarios are of one firm and one time, and which figures need a cost.

In: scenarios, studies. Out: the lines above a table, and answers. It computes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from simlib.cli import sentences
from simlib.cli.figures import NOTHING, figure_of
from simlib.cli.report import times
from simlib.scenario import Scenario
from simlib.scenario.checks import default_entry
from simlib.studies import Interval, Study

MOST_TIMES = 6
NO_COST = "no source and no team has a cost"


def lines_above(studies: Mapping[str, Study], of: str = "of each") -> Iterator[str]:
    """Yield what to know before a table: runs, pairing, and how long they last."""
    study = next(iter(studies.values()))
    worlds = {name: each.scenario for name, each in studies.items()}
    why = unlike(worlds.values())
    yield sentences.runs(study.replications, study.seed, of, paired=not why)
    yield lasting(worlds)
    if why:
        yield (
            f"different firms or times: {why}; a difference holds all that sets them "
            "apart, and pairing them gains little"
        )


def lasting(worlds: Mapping[str, Scenario]) -> str:
    """Return how long worlds last, once if all last as long."""
    said = {name: times(world) for name, world in worlds.items()}
    every = list(dict.fromkeys(said.values()))
    if len(every) == 1:
        return every[0]
    if len(said) > MOST_TIMES:
        return f"from {every[0]} to {every[-1]}"
    return "; ".join(f"{name}: {time}" for name, time in said.items())


def unlike(worlds: Iterable[Scenario]) -> str:
    """Return why pairing scenarios means little; "" where it means something.

    Draws are addressed by buyer, or by source and its lead: worlds share them where
    they share the market's buyers, or most of the sources and what these bring.
    """
    pairs = combinations(worlds, 2)
    return next((why for pair in pairs if (why := _unlike(*pair))), "")


def _unlike(one: Scenario, two: Scenario) -> str:
    if (one.horizon, one.days_per_month) != (two.horizon, two.days_per_month):
        return f"{times(one)}, and {times(two)}"
    if (one.market is None) != (two.market is None):
        return "only one has a market behind its leads"
    if one.market and two.market and one.market.buyers != two.market.buyers:
        return f"{one.market.buyers:,g} and {two.market.buyers:,g} buyers"
    if not _mostly(set(one.stages), set(two.stages)):
        return "most of their stages differ"
    found = _drawn(one), _drawn(two)
    if not _mostly(*found):
        return "most of their sources, or what these bring, differ"
    return ""


def _drawn(said: Scenario) -> set[tuple[str, bool | str]]:
    """Return each source with what it brings: visitors, leads, or meetings."""
    hidden = {name for name, stage in said.stages.items() if stage.anonymous}
    first = default_entry(said)
    return {
        (name, at.meets.by if at.meets else (at.entry or first) in hidden)
        for name, at in said.sources.items()
    }


def _mostly(one: set[Any], two: set[Any]) -> bool:
    """Return whether half of what either has is in both."""
    return 2 * len(one & two) >= min(len(one), len(two)) > 0


def has_costs(said: Scenario) -> bool:
    """Return whether a source, a team or nurturing costs anything."""
    costs = [at for source in said.sources.values() for at in _plain(source.cost)]
    costs += [team.cost_per_month for team in said.teams.values()]
    costs += [said.nurture.cost_per_month] if said.nurture else []
    return any(costs)


def _plain(cost: object) -> list[float]:
    return [value for _, value in cost]  # type: ignore[attr-defined]


def priced(study: Study, metric: str) -> Interval:
    """Return a figure, `NOTHING` of what one costs where nothing costs anything."""
    if needs_costs(metric) and not has_costs(study.scenario):
        return NOTHING
    return figure_of(study, metric)


def without_costs(studies: Mapping[str, Study]) -> set[str]:
    """Return the worlds in which nothing costs anything."""
    return {name for name, each in studies.items() if not has_costs(each.scenario)}


def costless(studies: Mapping[str, Study], metrics: Iterable[str]) -> Iterator[str]:
    """Yield a line for the worlds that lack a cost, if a figure shown needs one."""
    free = without_costs(studies) if any(map(needs_costs, metrics)) else set()
    if free and free == set(studies):
        yield f"{NO_COST}: what one costs is not shown"
    elif free:
        names = sentences.listed([name for name in studies if name in free])
        yield f"{names}: {NO_COST}"


def needs_costs(metric: str) -> bool:
    """Return whether a figure says nothing where nothing costs anything."""
    heads = {"cost_per", "marketing_cost_per", "cac", "payback_months"}
    return metric.partition(".")[0] in heads
