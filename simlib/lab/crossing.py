"""Worlds for every combination of dials, on the same buyers, and what they say.

In: a scenario and two settings for each dial. Out: `Crossed`: tables of means, paired
effects, what two dials do together, and a picture; all with 95% intervals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.errors import StudyError, nearest
from simlib.lab.dials import Setting, missing, said, turned
from simlib.scenario import Scenario
from simlib.studies import Comparison, Interval, compare, interval, ratio_interval
from simlib.studies.periods import period_values

if TYPE_CHECKING:
    import pandas as pd

Place = tuple[Setting, ...]


@dataclass(frozen=True)
class Figure:
    """A figure of the lab: its metric, what it is called, and how it is written.

    In `metric`, QUALIFIED stands for the stage in which a scenario's pipeline begins.
    """

    metric: str
    title: str
    unit: str = ""
    factor: float = 1.0

    def number(self, value: float) -> str:
        """Return a mean or an end of an interval as text; a dash if undefined."""
        shown = value * self.factor
        if not math.isfinite(shown):
            return "-"
        size = abs(shown)
        decimals = 0 if size >= 100 else 1 if size >= 1 else 2
        return f"{shown:,.{decimals}f}"


FIGURES = {
    "leads": Figure("leads", "Leads"),
    "conversion": Figure(
        "conversion.lead_to_customer", "Leads who became customers", "%", 100.0
    ),
    "qualified": Figure("reached.QUALIFIED", "Qualified opportunities"),
    "cost": Figure("cost_per.QUALIFIED", "Cost of a qualified opportunity", "money"),
    "customers": Figure("customers", "Customers"),
    "cac": Figure("cac", "Cost of a customer (CAC)", "money"),
    "payback": Figure("payback_months", "CAC payback", "months"),
    "hands": Figure("hand_raisers", "Raised hands"),
}
HEADLINES = ("conversion", "cost", "payback")


def cross(
    scenario: Scenario,
    dials: Mapping[str, Sequence[Setting]],
    replications: int = 8,
    seed: int = 0,
) -> Crossed:
    """Run every combination of some dials on the same buyers.

    Parameters
    ----------
    scenario : Scenario
    dials : mapping of str to sequence
        Two or more settings for each dial, the usual one first; see `turned`. A dial
        that the scenario has nothing for is left out, and told in `Crossed.left_out`.
    replications, seed : int
        Runs of each world; the same seed gives the same buyers.

    Raises
    ------
    StudyError
        For an unknown dial or setting, fewer than two settings of a dial, or if no
        dial is left.
    """
    out = {name: missing(scenario, name) for name in dials if missing(scenario, name)}
    left = {name: tuple(each) for name, each in dials.items() if name not in out}
    if not left:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in out.items())
        raise StudyError(f"cross: no dial is left ({reasons or 'none was given'})")
    for name, settings in left.items():
        if len(set(settings)) < 2 or len(set(settings)) != len(settings):
            raise StudyError(f"dial '{name}': give two or more different settings")
    worlds = {
        label(left, place): turned(scenario, **dict(zip(left, place, strict=True)))
        for place in product(*left.values())
    }
    return Crossed(scenario, left, compare(worlds, replications, seed), out)


def label(dials: Mapping[str, Sequence[Setting]], place: Place) -> str:
    """Return what a combination of settings is called."""
    return ", ".join(map(said, dials, place))


@dataclass(frozen=True)
class Crossed:
    """All combinations of some dials, on the same buyers.

    Attributes
    ----------
    scenario : Scenario
        As it was, before any dial was turned.
    dials : mapping of str to tuple
        The settings of each dial, the usual one first.
    worlds : Comparison
        A world for each combination, by its label.
    left_out : mapping of str to str
        Dials that this scenario has nothing for, and why.
    """

    scenario: Scenario
    dials: Mapping[str, tuple[Setting, ...]]
    worlds: Comparison
    left_out: Mapping[str, str]

    def values(self, figure: str, place: Place) -> Any:
        """Return a figure's replications in one world, shape (replications,)."""
        return self.worlds.studies[label(self.dials, place)].values(self.metric(figure))

    def metric(self, figure: str) -> str:
        """Return the full name of a figure's metric in this scenario."""
        deal = self.scenario.deal
        stage = deal.pipeline_stage if deal else "opportunity"
        return _figure(figure).metric.replace("QUALIFIED", stage)

    @property
    def places(self) -> list[Place]:
        """Every combination of settings, the last dial turning fastest."""
        return list(product(*self.dials.values()))

    def table(self, figure: str) -> pd.DataFrame:
        """Return a figure's mean and 95% interval in each world, as text.

        Returns
        -------
        DataFrame
            One column for each setting of the last dial, one row for each combination
            of the others.
        """
        import pandas as pd

        names = list(self.dials)
        first = names[:-1]
        cells: dict[str, dict[Any, str]] = {}
        for place in self.places:
            words = tuple(map(said, names, place))
            row = words[:-1] if len(first) > 1 else words[0] if first else "all"
            cells.setdefault(words[-1], {})[row] = self._cell(figure, place)
        table = pd.DataFrame(cells)
        table.index.names = first or [None]
        table.columns.name = self.title(figure)
        return table

    def title(self, figure: str) -> str:
        """Return what a figure is called, with its unit."""
        one = _figure(figure)
        unit = self.scenario.currency if one.unit == "money" else one.unit
        return f"{one.title}, {unit}" if unit else one.title

    def _cell(self, figure: str, place: Place) -> str:
        values = self.values(figure, place)
        found = interval(values)
        if not found.replications:
            return "never" if np.isinf(values).any() else "-"
        text = _said(_figure(figure), found)
        never = int(np.isinf(values).sum())
        return f"{text}; never in {never} of {len(values)} runs" if never else text

    def effects(self, figure: str, dial: str) -> pd.DataFrame:
        """Return what turning one dial changes, paired, wherever the others stand.

        Returns
        -------
        DataFrame
            One row for each combination of the other dials and each further setting of
            this one: the change in percent, with its 95% interval, as text.
        """
        import pandas as pd

        spot, (usual, *others) = self._spot(dial), self.dials[self._named(dial)]
        rows = {}
        for place in self.places:
            if place[spot] != usual:
                continue
            rest = [s for i, s in enumerate(map(said, self.dials, place)) if i != spot]
            base = self.values(figure, place)
            rows[", ".join(rest) or "as it is"] = [
                _percent(
                    ratio_interval(self.values(figure, _put(place, spot, s)), base)
                )
                for s in others
            ]
        columns = [f"{said(dial, s)}, not {said(dial, usual)}" for s in others]
        table = pd.DataFrame(rows, index=columns).T
        table.index.name, table.columns.name = "where", self.title(figure)
        return table

    def together(self, figure: str, one: str, two: str) -> str:
        """Return in a sentence what two dials do together, more than one by one.

        The last is a difference of differences, paired; the other dials stand as usual.
        """
        here = tuple(settings[0] for settings in self.dials.values())
        for dial in (one, two):
            self._named(dial)
        a, b = self._spot(one), self._spot(two)
        first = _put(here, a, self.dials[one][-1])
        second = _put(here, b, self.dials[two][-1])
        both = _put(first, b, self.dials[two][-1])
        base, x, y, z = (self.values(figure, at) for at in (here, first, second, both))
        names = said(one, first[a]), said(two, second[b])
        alone = ", ".join(
            f"{name} {_signed(_figure(figure), interval(each - base))}"
            for name, each in zip((*names, "both"), (x, y, z), strict=True)
        )
        more = interval(z - x - y + base)
        return (
            f"{self.title(figure)}: {alone}.\n"
            f"More than the sum of the two: {_signed(_figure(figure), more)}."
        )

    def over_time(self, figure: str, by: str = "year") -> dict[str, pd.DataFrame]:
        """Return how each dial, turned alone, changes a figure through time, paired.

        Parameters
        ----------
        figure : str
            A count, or ``cost`` or ``cac``: a period's spend over its count.
        by : {"month", "quarter", "year"}

        Returns
        -------
        dict of str to DataFrame
            By the setting's words: period, ``mean`` ratio to the usual world, ``low``,
            ``high``; made for `simlib.plots.through_time`.
        """
        import pandas as pd

        here = tuple(settings[0] for settings in self.dials.values())
        base = self._by_period(figure, here, by)
        found: dict[str, pd.DataFrame] = {}
        for spot, (dial, settings) in enumerate(self.dials.items()):
            for setting in settings[1:]:
                values = self._by_period(figure, _put(here, spot, setting), by)
                pairs = zip(values.T, base.T, strict=True)
                rows = [(n, *_ends(ratio_interval(*p))) for n, p in enumerate(pairs, 1)]
                table = pd.DataFrame(rows, columns=[by, "mean", "low", "high"])
                found[said(dial, setting)] = table
        return found

    def _by_period(self, figure: str, place: Place, by: str) -> Any:
        """Return a figure of each period, shape (replications, periods)."""
        study = self.worlds.studies[label(self.dials, place)]
        over = {"cost": "qualified", "cac": "customers"}.get(figure)
        name = self.metric(over or figure)
        counts = period_values(study, name, by, self.worlds.how)
        if over is None:
            return counts
        with np.errstate(divide="ignore", invalid="ignore"):
            return period_values(study, "spend", by, self.worlds.how) / counts

    def picture(self, figures: Sequence[str] = HEADLINES) -> list[Any]:
        """Draw every world's mean and 95% interval, a panel for each figure.

        Returns
        -------
        list of matplotlib Axes
        """
        import pandas as pd

        from simlib.plots import crossed

        panels = {}
        for figure in figures:
            rows = []
            for place in self.places:
                found = interval(self.values(figure, place) * _figure(figure).factor)
                rows.append((*map(said, self.dials, place), *_ends(found)))
            columns = [*self.dials, "mean", "low", "high"]
            panels[self.title(figure)] = pd.DataFrame(rows, columns=columns)
        return crossed(panels, list(self.dials))

    def _named(self, dial: str) -> str:
        if dial not in self.dials:
            known, hint = ", ".join(self.dials), nearest(dial, self.dials)
            reason = self.left_out.get(dial)
            why = f" ({reason})" if reason else hint
            raise StudyError(f"dial '{dial}' was not crossed; there is {known}.{why}")
        return dial

    def _spot(self, dial: str) -> int:
        return list(self.dials).index(self._named(dial))


def _figure(name: str) -> Figure:
    if name not in FIGURES:
        hint = nearest(name, FIGURES)
        raise StudyError(f"figure '{name}': it may be {', '.join(FIGURES)}.{hint}")
    return FIGURES[name]


def _put(place: Place, spot: int, setting: Setting) -> Place:
    return (*place[:spot], setting, *place[spot + 1 :])


def _ends(found: Interval) -> tuple[float, float, float]:
    return found.mean, found.low, found.high


def _said(figure: Figure, found: Interval) -> str:
    mean, low, high = map(figure.number, _ends(found))
    return f"{mean} ({low} to {high})"


def _signed(figure: Figure, found: Interval) -> str:
    mean, low, high = (
        ("+" if each > 0 else "") + figure.number(each) for each in _ends(found)
    )
    return f"{mean} ({low} to {high})"


def _percent(found: Interval) -> str:
    if not math.isfinite(found.mean):
        return "-"
    mean, low, high = (100 * (each - 1) for each in _ends(found))
    return f"{mean:+.0f}% ({low:+.0f} to {high:+.0f})"
