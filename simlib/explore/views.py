"""Views: what an explorer can show of one setting, or of two side by side.

In: samples by the name of their world. Out: a picture, by `simlib.plots`. Each view
says which scenarios it suits. Nothing here runs a scenario or makes a widget.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.errors import StudyError, nearest
from simlib.explore.ladder import ladder
from simlib.explore.samples import HOURS, Kept, Sample
from simlib.explore.through_time import MOST_MONTHS, measures, months
from simlib.funnel.columns import Floats
from simlib.scenario import Scenario
from simlib.scenario.steps import in_order, takes_time

if TYPE_CHECKING:
    import pandas as pd

Worlds = Mapping[str, Sample]
LOW, HIGH = 5, 95
LETTER = 0.0205
NAME = 7  # percent that a name takes which stands above another at a line's end
BY_SOURCE = "customers: who got the name, not who caused it"


@dataclass(frozen=True)
class View:
    """One picture.

    Attributes
    ----------
    name : str
        For ``views=[...]``.
    title : str
        For the screen.
    fits : callable
        Whether a scenario has what it shows.
    draw : callable
        From samples by world to the Axes that was drawn on.
    measures : callable
        From a scenario to what can be counted in it, by name; `draw` then takes such a
        name as well. Empty for a view with nothing to choose.
    """

    name: str
    title: str
    fits: Callable[[Scenario], bool]
    draw: Callable[..., Any]
    measures: Callable[[Scenario], dict[str, str]] = lambda _: {}


def views_for(scenario: Scenario, asked: Iterable[str] | None = None) -> list[View]:
    """Return the views that were asked for, or those that suit a scenario.

    Raises
    ------
    StudyError
        For an unknown view, or one that this scenario has nothing for.
    """
    return [_titled(view, scenario) for view in _chosen(scenario, asked)]


def _titled(view: View, scenario: Scenario) -> View:
    """Return a view with the title of what it shows; there may be many months."""
    many = scenario.horizon / scenario.days_per_month > MOST_MONTHS
    return replace(view, title="Quarters") if view.name == "months" and many else view


def _chosen(scenario: Scenario, asked: Iterable[str] | None) -> list[View]:
    if asked is None:
        return [view for view in VIEWS.values() if view.fits(scenario)]
    names = [asked] if isinstance(asked, str) else list(asked)
    for name in names:
        if name not in VIEWS:
            hint = nearest(name, VIEWS)
            raise StudyError(f"view '{name}': there is {', '.join(VIEWS)}.{hint}")
        if not VIEWS[name].fits(scenario):
            fit = ", ".join(view.name for view in VIEWS.values() if view.fits(scenario))
            raise StudyError(
                f"view '{name}': this scenario has nothing for it; it has {fit}"
            )
    if not names:
        raise StudyError(f"views: give at least one of {', '.join(VIEWS)}")
    return [VIEWS[name] for name in dict.fromkeys(names)]


def _band(values: Floats) -> dict[str, Floats]:
    """Return mean and band of values, shape (replications, places)."""
    low, high = np.percentile(values, [LOW, HIGH], axis=0)
    return {"mean": values.mean(axis=0), "low": low, "high": high}


def _curves(
    worlds: Worlds, xs: Callable[[Sample], Floats], ys: Callable[[Kept], Floats]
) -> pd.DataFrame:
    """Return the table of `plots.bands` for a curve of each replication."""
    import pandas as pd

    parts = [
        pd.DataFrame(
            {
                "world": world,
                "x": xs(sample),
                **_band(np.array([ys(kept) for kept in sample.kept])),
            }
        )
        for world, sample in worlds.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _funnel(worlds: Worlds) -> Any:
    """Draw how far they come."""
    import pandas as pd

    from simlib.plots import worlds as pictures

    parts = []
    for world, sample in worlds.items():
        stages = sample.kept[0].stages
        band = _band(np.array([kept.reached for kept in sample.kept]))
        band["reached"] = band.pop("mean")
        lost = np.array([kept.lost for kept in sample.kept]).mean(axis=0)
        way = in_order(sample.scenario)
        rows = {"world": world, "stage": stages, **band, "lost": lost}
        rows["aside"] = [stage not in way for stage in stages]
        parts.append(_sorted(pd.DataFrame(rows), way))
    table = pd.concat(parts, ignore_index=True)
    longest = max(len(stage) for stage in table["stage"])
    return pictures.funnels(table, ax=pictures.quick_axes(0.03 + LETTER * longest))


def _sorted(table: pd.DataFrame, way: list[str]) -> pd.DataFrame:
    """Return stages in the order of the way, and those beside it below."""
    places = {stage: place for place, stage in enumerate(way)}
    order = table["stage"].map(places).fillna(len(way))
    return table.iloc[np.argsort(order, kind="stable")]


def _ages(worlds: Worlds) -> Any:
    """Draw the share of leads won by their age."""
    from simlib.plots import worlds as pictures

    table = _curves(
        worlds, lambda sample: sample.ages_days, lambda kept: 100 * kept.ages
    )
    return pictures.bands(
        table,
        pictures.quick_axes(),
        "Leads followed as they age (band: 9 of 10 runs)",
        "days since capture (who is younger is left out)",
        "customers by then (% of leads)",
    )


def _waits(worlds: Worlds) -> Any:
    """Draw how long leads wait for the first contact."""
    import pandas as pd

    from simlib import plots
    from simlib.plots import worlds as pictures

    parts = []
    for world, sample in worlds.items():
        for team in sample.kept[0].waits:
            runs = [kept.waits[team] for kept in sample.kept if team in kept.waits]
            mean = np.mean(runs, axis=0)
            name = team if len(worlds) == 1 else f"{world}: {team}"
            parts.append(pd.DataFrame({"team": name, "hours": HOURS, "share": mean}))
    ax = pictures.quick_axes(right=0.82)
    if not parts:
        parts = [pd.DataFrame({"team": "nobody waited", "hours": HOURS, "share": 0.0})]
    plots.response_times(pd.concat(parts, ignore_index=True), ax=ax)
    ax.set_ylim(0, ax.get_ylim()[1] + NAME * (len(parts) - 1))
    ax.set_yticks(range(0, 101, 20))
    return ax


def _luck(worlds: Worlds) -> Any:
    """Draw the customers of every replication: by source, or by world."""
    import pandas as pd

    from simlib.plots import worlds as pictures

    found = _won_by_source(*worlds.values()) if len(worlds) == 1 else {}
    label = BY_SOURCE if found else "customers in the whole time"
    found = found or {one: at.values("customers") for one, at in worlds.items()}
    parts = [
        pd.DataFrame({"world": name, "value": each}) for name, each in found.items()
    ]
    return pictures.spread(
        pd.concat(parts, ignore_index=True),
        pictures.quick_axes(0.03 + LETTER * max(map(len, found))),
        "The same firm, other luck: a mark is a run",
        label,
    )


def _won_by_source(sample: Sample) -> dict[str, Floats]:
    """Return the customers of each source that brings leads, if there are several.

    A source that only causes, such as an ad that nobody answers, brings no lead: a row
    of zeros would say that it does nothing.
    """
    sources = [kept.sources for kept in sample.kept]
    brought = [
        name for name in sources[0] if any(one[name]["leads"] for one in sources)
    ]
    if len(brought) < 2:
        return {}
    return {
        name: np.array([one[name]["customers"] for one in sources]) for name in brought
    }


def _has_costs(scenario: Scenario) -> bool:
    return any(cost for source in scenario.sources.values() for _, cost in source.cost)


def _has_months(scenario: Scenario) -> bool:
    return scenario.horizon >= 3 * scenario.days_per_month


def _waits_for_people(scenario: Scenario) -> bool:
    return any(stage.team or stage.slots for stage in scenario.stages.values())


VIEWS = {
    view.name: view
    for view in (
        View("funnel", "Funnel", lambda _: True, _funnel),
        View("months", "Months", _has_months, months, measures),
        View("waits", "Waiting", _waits_for_people, _waits),
        View("ladder", "Costs", _has_costs, ladder),
        View("ages", "Ages", takes_time, _ages),
        View("luck", "Luck", lambda _: True, _luck),
    )
}
