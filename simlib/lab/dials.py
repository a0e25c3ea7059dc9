"""Dials: gating, demand, volume and people, and what each moves in a scenario.

In: a scenario and settings. Out: the scenario with the dials turned, by changes that
anybody could write into its file. Nothing is run here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from simlib.errors import StudyError, nearest
from simlib.scenario import Scenario
from simlib.scenario.models import Source

if TYPE_CHECKING:
    import pandas as pd

Setting = float | str
DIALS = ("gating", "demand", "volume", "people")
GATES = {
    "none": "nothing gated",
    "selective": "selective gates",
    "everything": "everything gated",
}
FUNDS = {"funded": "demand funded", "cut": "demand cut"}
COUNTS = {"volume": "volume", "people": "people"}
MOST_TIMES = 20.0


def demand_sources(scenario: Scenario) -> list[str]:
    """Return the sources that make demand, by name.

    They meet buyers who need nothing yet, and are remembered by them.
    """
    if scenario.market is None:
        return []
    return [at for at, source in scenario.sources.items() if _is_demand(source)]


def _is_demand(source: Source) -> bool:
    meets = source.meets
    if meets is None or meets.by == "hand_raise":
        return False
    rate: Any = meets.in_all_per_month
    if rate is None:
        rate = meets.per_month
    early = rate.get("not_yet", 0.0) if isinstance(rate, Mapping) else rate
    return bool(early) and (meets.by == "visits" or meets.remember > 0)


def capture_sources(scenario: Scenario) -> list[str]:
    """Return the sources that catch names, by name: all but demand and raised hands."""
    made = demand_sources(scenario)
    return [
        name
        for name, source in scenario.sources.items()
        if name not in made and any(True for _ in _rates(name, source))
    ]


def _rates(name: str, source: Source) -> Iterator[tuple[str, Any]]:
    """Yield path and value of how many a source brings or meets."""
    meets, leads = source.meets, source.leads
    if meets is None:
        for key in ("per_month", "per_day"):
            if getattr(leads, key):
                yield f"sources.{name}.leads.{key}", getattr(leads, key)
        if leads.content:
            pieces = leads.content.pieces_per_month
            yield f"sources.{name}.leads.content.pieces_per_month", pieces
    elif meets.by != "hand_raise":
        key = "per_month" if meets.in_all_per_month is None else "in_all_per_month"
        yield f"sources.{name}.meets.{key}", getattr(meets, key)


def dials(scenario: Scenario) -> pd.DataFrame:
    """Return what each dial moves in a scenario, in words.

    Returns
    -------
    DataFrame
        ``moves``, by dial; a dial that the scenario has nothing for says so.
    """
    import pandas as pd

    moves = [_moves(scenario, dial) for dial in DIALS]
    return pd.DataFrame({"moves": moves}, index=pd.Index(DIALS, name="dial"))


def _moves(scenario: Scenario, dial: str) -> str:
    if missing(scenario, dial):
        return f"nothing here: {missing(scenario, dial)}"
    if dial == "gating":
        assert scenario.market is not None
        return "the form before " + _listed(scenario.market.assets)
    if dial == "people":
        teams = scenario.teams.items()
        return _listed(f"{team.people} {name}" for name, team in teams)
    parts = {"demand": demand_sources, "volume": capture_sources}
    return _listed(parts[dial](scenario))


def _listed(names: Any) -> str:
    return ", ".join(str(name).replace("_", " ") for name in names)


def missing(scenario: Scenario, dial: str) -> str:
    """Return why a scenario has nothing for a dial; "" if it has.

    Raises
    ------
    StudyError
        For anything that is no dial.
    """
    if dial not in DIALS:
        hint = nearest(dial, DIALS)
        raise StudyError(f"dial '{dial}': it may be {', '.join(DIALS)}.{hint}")
    if dial in {"gating", "demand"} and scenario.market is None:
        return "there is no market behind the leads"
    if dial == "demand" and not demand_sources(scenario):
        return "no source meets buyers before they need something"
    if dial == "volume" and not capture_sources(scenario):
        return "no source brings leads but demand and raised hands"
    if dial == "people" and not scenario.teams:
        return "nobody works on leads"
    return ""


def turned(scenario: Scenario, **settings: Setting) -> Scenario:
    """Return a scenario with dials turned.

    Parameters
    ----------
    scenario : Scenario
    **settings
        gating: none, selective or everything, from the day on which the scenario's
        policy holds; demand: funded (as it is), or cut: the sources that make demand
        and their money stop on day 0; volume: a factor on what all other sources bring
        and cost a month; people: a factor on every team, rounded, at least one each.

    Raises
    ------
    StudyError
        For an unknown dial or setting, or a dial that the scenario has nothing for.
    """
    for dial, setting in settings.items():
        reason = missing(scenario, dial)
        if reason:
            raise StudyError(f"dial '{dial}': {reason}")
        scenario = scenario.changed(changes(scenario, dial, setting))
    return scenario


def changes(scenario: Scenario, dial: str, setting: Setting) -> dict[str, Any]:
    """Return what one dial changes: path to new value."""
    said(dial, setting)
    if dial == "gating":
        return {"market.gating": setting}
    if dial == "demand":
        return _stops(scenario) if setting == "cut" else {}
    times = float(setting)
    if dial == "people":
        return {
            f"teams.{name}.people": max(1, round(team.people * times))
            for name, team in scenario.teams.items()
        }
    return dict(_scaled(scenario, times))


def _stops(scenario: Scenario) -> dict[str, Any]:
    """Return the end of every source that makes demand, on day 0."""
    found = {}
    for name in demand_sources(scenario):
        meets = scenario.sources[name].meets
        assert meets is not None
        found[f"sources.{name}.meets.stop"] = max(meets.start or 0.0, 0.0)
    return found


def _scaled(scenario: Scenario, times: float) -> Iterator[tuple[str, Any]]:
    for name in capture_sources(scenario):
        source = scenario.sources[name]
        for path, rate in _rates(name, source):
            is_split = isinstance(rate, Mapping)
            more = {k: v * times for k, v in rate.items()} if is_split else rate * times
            yield path, more
        if source.cost.per_month:
            yield f"sources.{name}.cost.per_month", source.cost.per_month * times


def said(dial: str, setting: Setting) -> str:
    """Return a setting in words.

    Raises
    ------
    StudyError
        For a setting that the dial does not have.
    """
    if dial in COUNTS:
        is_number = isinstance(setting, int | float) and not isinstance(setting, bool)
        if not is_number or not 0 < float(setting) <= MOST_TIMES:
            raise StudyError(
                f"dial '{dial}' is {setting!r}; give a factor above 0, such as 2"
            )
        return f"{COUNTS[dial]} x{float(setting):g}"
    known = GATES if dial == "gating" else FUNDS
    if setting not in known:
        hint = nearest(setting, known)
        raise StudyError(
            f"dial '{dial}' is {setting!r}; it may be {', '.join(known)}.{hint}"
        )
    return known[str(setting)]
