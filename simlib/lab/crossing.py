"""Worlds for every combination of dials, on the same buyers, and what they say.

In: a scenario and two settings for each dial. Out: `Crossed`: tables of means, paired
effects, what two dials do together, and a picture; all with 95% intervals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.errors import StudyError, nearest
from simlib.lab.dials import Setting, missing, said, turned
from simlib.lab.figures import (
    FIGURES,
    HEADLINES,
    figure_of,
    percent,
    signed,
    with_ends,
)
from simlib.scenario import Scenario
from simlib.studies import Comparison, Study, compare, interval, ratio_interval
from simlib.studies.periods import PERIODS, period_values

if TYPE_CHECKING:
    import pandas as pd

Place = tuple[Setting, ...]


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

    @property
    def usual(self) -> Place:
        """The first setting of every dial."""
        return tuple(settings[0] for settings in self.dials.values())

    def at(self, **settings: Setting) -> Crossed:
        """Return the part of the worlds in which some dials stand at a setting.

        Dials that were left out are passed over, and the last dial stays.

        Raises
        ------
        StudyError
            For a dial or a setting that was not crossed.
        """
        fixed = {dial: s for dial, s in settings.items() if dial not in self.left_out}
        for dial, setting in fixed.items():
            if setting not in self.dials[self._named(dial)]:
                known = ", ".join(map(str, self.dials[dial]))
                raise StudyError(f"dial '{dial}' is {setting!r}; there is {known}")
        left = {dial: each for dial, each in self.dials.items() if dial not in fixed}
        if not left:
            return self
        worlds = {
            label(left, tuple(at[d] for d in left)): self._study(place)
            for place in self.places
            for at in [dict(zip(self.dials, place, strict=True))]
            if all(at[dial] == setting for dial, setting in fixed.items())
        }
        part = Comparison(worlds, self.worlds.how)
        return Crossed(self.scenario, left, part, self.left_out)

    def _study(self, place: Place) -> Study:
        return self.worlds.studies[label(self.dials, place)]

    def values(self, figure: str, place: Place) -> Any:
        """Return a figure's replications in one world, shape (replications,)."""
        return self._study(place).values(self.metric(figure))

    def metric(self, figure: str) -> str:
        """Return the full name of a figure's metric in this scenario."""
        stage = _qualified(self.scenario)
        return figure_of(figure).metric.replace("QUALIFIED", stage)

    @property
    def places(self) -> list[Place]:
        """Every combination of settings, the last dial turning fastest."""
        return list(product(*self.dials.values()))

    def today(self) -> pd.DataFrame:
        """Return every figure of the world in which all dials stand as usual.

        Returns
        -------
        DataFrame
            Column ``mean (95% interval)``, as text, by the figure's title.
        """
        import pandas as pd

        known = self._study(self.usual).names
        there = [name for name in FIGURES if self.metric(name) in known]
        cells = {self.title(name): self._cell(name, self.usual) for name in there}
        return pd.DataFrame({"mean (95% interval)": cells})

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
        one = figure_of(figure)
        unit = self.scenario.currency if one.unit == "money" else one.unit
        return f"{one.title}, {unit}" if unit else one.title

    def _cell(self, figure: str, place: Place) -> str:
        values = self.values(figure, place)
        found = interval(values)
        if not found.replications:
            return "never" if np.isinf(values).any() else "-"
        text = with_ends(figure_of(figure), found)
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

        if dial in self.left_out:
            return pd.DataFrame({dial: [self._nothing(dial)]}, index=[figure])
        spot, (usual, *others) = self._spot(dial), self.dials[self._named(dial)]
        rows = {}
        for place in self.places:
            if place[spot] != usual:
                continue
            rest = [s for i, s in enumerate(map(said, self.dials, place)) if i != spot]
            base = self.values(figure, place)
            rows[", ".join(rest) or "as it is"] = [
                percent(ratio_interval(self.values(figure, _put(place, spot, s)), base))
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
        absent = [dial for dial in (one, two) if dial in self.left_out]
        if absent:
            return " ".join(map(self._nothing, absent))
        here = self.usual
        a, b = self._spot(one), self._spot(two)
        first = _put(here, a, self.dials[one][-1])
        second = _put(here, b, self.dials[two][-1])
        both = _put(first, b, self.dials[two][-1])
        base, x, y, z = (self.values(figure, at) for at in (here, first, second, both))
        names = said(one, first[a]), said(two, second[b])
        alone = ", ".join(
            f"{name} {signed(figure_of(figure), interval(each - base))}"
            for name, each in zip((*names, "both"), (x, y, z), strict=True)
        )
        more = interval(z - x - y + base)
        return (
            f"{self.title(figure)}: {alone}.\n"
            f"More than the sum of the two: {signed(figure_of(figure), more)}."
        )

    def over_time(self, figure: str, by: str | None = None) -> dict[str, pd.DataFrame]:
        """Return how each dial, turned alone, changes a figure through time, paired.

        Parameters
        ----------
        figure : str
            A count, or ``cost`` or ``cac``: a period's spend over its count.
        by : {"month", "quarter", "year"}
            By default the longest of which there are two.

        Returns
        -------
        dict of str to DataFrame
            By the setting's words: period, ``mean`` ratio to the usual world, ``low``,
            ``high``; made for `simlib.plots.through_time`.
        """
        import pandas as pd

        by = by or _periods_of(self.scenario)
        here = self.usual
        base = self._by_period(figure, here, by)
        found: dict[str, pd.DataFrame] = {}
        for spot, (dial, settings) in enumerate(self.dials.items()):
            for setting in settings[1:]:
                values = self._by_period(figure, _put(here, spot, setting), by)
                pairs = zip(values.T, base.T, strict=True)
                rows = [(n, *ratio_interval(*p).parts) for n, p in enumerate(pairs, 1)]
                table = pd.DataFrame(rows, columns=[by, "mean", "low", "high"])
                found[said(dial, setting)] = table
        return found

    def _by_period(self, figure: str, place: Place, by: str) -> Any:
        """Return a figure of each period, shape (replications, periods)."""
        study = self._study(place)
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
                found = interval(self.values(figure, place) * figure_of(figure).factor)
                rows.append((*map(said, self.dials, place), *found.parts))
            columns = [*self.dials, "mean", "low", "high"]
            panels[self.title(figure)] = pd.DataFrame(rows, columns=columns)
        return crossed(panels, list(self.dials))

    def reveal(self, guess: float, figure: str, dial: str) -> None:
        """Print a guess beside what turning a dial made of each 100 of a figure.

        Raises
        ------
        SimlibError
            If the guess is not a number.
        """
        from simlib.course import reveal

        if dial in self.left_out:
            print(self._nothing(dial))  # noqa: T201  (a lesson speaks to its reader)
            return
        there = _put(self.usual, self._spot(dial), self.dials[dial][-1])
        pair = self.values(figure, there), self.values(figure, self.usual)
        mean, low, high = (100 * end for end in ratio_interval(*pair).parts)
        reveal(guess, mean, f"{self.title(figure).lower()} for each 100 of today's")
        print(f"95% interval {low:.0f} to {high:.0f}")  # noqa: T201

    def _nothing(self, dial: str) -> str:
        return f"The dial '{dial}' moves nothing here: {self.left_out[dial]}."

    def _named(self, dial: str) -> str:
        if dial not in self.dials:
            known, hint = ", ".join(self.dials), nearest(dial, self.dials)
            raise StudyError(f"dial '{dial}' was not crossed; there is {known}.{hint}")
        return dial

    def _spot(self, dial: str) -> int:
        return list(self.dials).index(self._named(dial))


def _qualified(scenario: Scenario) -> str:
    """Return the stage in which the pipeline begins, or else the last before a win."""
    stage = scenario.deal.pipeline_stage if scenario.deal else "opportunity"
    if stage in scenario.stages:
        return stage
    won = {to for to, each in scenario.stages.items() if each.terminal == "won"}
    return next(name for name, each in scenario.stages.items() if won & set(each.next))


def _periods_of(scenario: Scenario) -> str:
    """Return the longest period that a scenario's horizon holds twice, or months."""
    months = scenario.horizon / scenario.days_per_month
    fitting = [by for by, size in PERIODS.items() if months >= 2 * size]
    return max(fitting, key=PERIODS.__getitem__, default="month")


def _put(place: Place, spot: int, setting: Setting) -> Place:
    return (*place[:spot], setting, *place[spot + 1 :])
