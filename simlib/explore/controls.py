"""Controls: which values of a scenario can be moved, how far, and in which unit.

In: a scenario and what a user asked for. Out: `Control` records. A control turns a
setting into the changes that `Scenario.changed` takes. No widget is made here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from simlib.errors import ScenarioError, StudyError
from simlib.explore.known import known_of
from simlib.explore.labels import LAG_CENTRES, flips, label_of, note_of, words
from simlib.explore.ranges import (
    STEPS,
    nice,
    range_of,
    shown,
    told,
    unit_of,
    with_round_ends,
)
from simlib.explore.rules import Rules, matches, rules_at, value_at
from simlib.explore.ways import given_way
from simlib.scenario import Scenario

VALUE, TIMES, MIX = "value", "times", "mix"
KEYS = ("label", "unit", "low", "high", "step", "choices")

Setting = float | str | bool
Asked = Sequence[str] | Mapping[str, Any] | None


@dataclass(frozen=True)
class Control:
    """One value of a scenario that a user can move.

    Attributes
    ----------
    path : str
        A dotted path; with ``*`` it stands for several.
    label, unit : str
        For the screen; `label` is also what a screen reader says.
    start : float, str or bool
        The setting that leaves the scenario as it is.
    low, high, step : float
        Range of a number, in the unit of the scenario file.
    choices : tuple
        What can be chosen; empty for a number.
    way : {"value", "times", "mix"}
        Whether a setting is the new value, a multiple of today's, or a share of a mix
        whose other shares then shrink or grow in proportion.
    factor : float
        What a number is multiplied with for the screen: 100 for percent.
    evidence, behind : str
        What the range stands on, in a few words and in full.
    kinds : tuple of str
        Where a number stands for several names alike: those, and no others, get it.
    note : str
        What else a user has to know of it.
    flips : bool
        Whether, some time in the run, the other choice takes the place of this one.
    """

    path: str
    label: str
    unit: str
    start: Setting
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    choices: tuple[Setting, ...] = ()
    way: str = VALUE
    factor: float = 1.0
    evidence: str = told(None, 1.0, {})[0]
    behind: str = told(None, 1.0, {})[1]
    kinds: tuple[str, ...] = ()
    note: str = ""
    flips: bool = False

    def changes(self, scenario: Scenario, setting: Setting) -> dict[str, Any]:
        """Return what a setting changes: path to new value."""
        if setting == self.start:
            return {}
        if self.way == MIX:
            return _mix(scenario, self.path, float(setting))
        if self.way == TIMES:
            return {
                path: _scaled(value, float(setting), rules_at(path))
                for path, value in matches(scenario, self.path).items()
            }
        return {
            self.path: dict.fromkeys(self.kinds, setting) or setting,
            **given_way(scenario, self.path, setting),
        }

    def checked(self, setting: Any) -> Setting:
        """Return a setting as this control holds it.

        Raises
        ------
        StudyError
            For a choice that there is not, or for anything but a number.
        """
        if self.choices:
            if setting not in self.choices:
                known = ", ".join(map(str, self.choices))
                raise StudyError(f"{self.path} is {setting!r}; it may be {known}")
            return self.choices[self.choices.index(setting)]
        is_number = isinstance(setting, int | float) and not isinstance(setting, bool)
        if not is_number or not math.isfinite(setting):
            raise StudyError(f"{self.path} is {setting!r}; give a number")
        dust = 1e-9 * max(abs(self.low), abs(self.high))
        if not self.low - dust <= setting <= self.high + dust:
            raise StudyError(
                f"{self.path} is {setting:g}; it may be {self.low:g} to {self.high:g}"
            )
        if isinstance(self.start, int) and float(setting).is_integer():
            return int(setting)
        return round(float(setting), 12)

    def said(self, setting: Setting) -> str:
        """Return a setting as text, with its unit."""
        if self.choices:
            others = [words(one) for one in self.choices if one != setting]
            return words(setting) + (f", then {others[0]}" if self.flips else "")
        number = shown(float(setting) * self.factor)
        return f"{number}{self.unit}" if self.unit == "%" else f"{number} {self.unit}"

    def sentence(self, setting: Setting) -> str:
        """Return what is set to what, in words."""
        between = ": " if self.choices else " "
        return f"{self.label}{between}{self.said(setting)}".strip()


def controls_for(scenario: Scenario, asked: Asked = None) -> list[Control]:
    """Return the controls that a user asked for, or those that suit a scenario.

    Parameters
    ----------
    scenario : Scenario
    asked : sequence of str, or mapping
        Paths; or from a path to None, to (low, high), (low, high, step), to a list of
        choices, to a label, or to a mapping with any of the keys label, unit, low,
        high, step, choices.

    Raises
    ------
    StudyError
        For a path that leads nowhere, or a range that is none.
    """
    if asked is None:
        asked = suiting(scenario)
    if isinstance(asked, str):
        asked = [asked]
    wishes = asked if isinstance(asked, Mapping) else dict.fromkeys(asked)
    said = {path: _wish(path, wish) for path, wish in wishes.items()}
    found = {path: control_for(scenario, path, wish) for path, wish in said.items()}
    controls = [
        one if "high" in said[path] else possible(scenario, one)
        for path, one in found.items()
    ]
    for one in controls:
        if not one.choices and not one.low < one.high:
            raise StudyError(
                f"control '{one.path}': nothing but {one.said(one.start)} is possible "
                f"here. One step on: {_why_not(scenario, one)}"
            )
    return controls


def control_for(scenario: Scenario, path: str, wish: Mapping[str, Any]) -> Control:
    """Return a control of a path; what is not wished is known, or deduced."""
    if "*" in path:
        if not matches(scenario, path):
            raise StudyError(f"control '{path}': this scenario has nothing like it")
        return _times(scenario, path, wish)
    value, kinds = value_at(scenario, path), ()
    if isinstance(value, Mapping):
        centre = next((key for key in LAG_CENTRES if value.get(key) is not None), None)
        if centre:
            return control_for(scenario, f"{path}.{centre}", wish)
        if len(set(map(str, value.values()))) != 1:
            return _times(scenario, path, wish)
        # All alike: shown as one number, and whoever has none still gets none.
        value, kinds = next(iter(value.values())), tuple(value)
    rules = rules_at(path)
    choices = tuple(wish.get("choices", rules.choices))
    if choices:
        label = wish.get("label", label_of(scenario, path))
        start = value if value in choices else choices[0]
        turns = flips(scenario, path)
        return Control(path, label, "", start, choices=choices, flips=turns)
    return replace(_number(scenario, path, value, rules, wish), kinds=kinds)


def possible(scenario: Scenario, control: Control) -> Control:
    """Return the control with its upper end where the scenario still can be.

    Two rates may sum to more than 1 before the end of a range that evidence gives.
    """
    if control.choices or _can_be(scenario, control, control.high):
        return control
    start = float(control.start)
    good, bad = 0, math.ceil((control.high - start) / control.step)
    while bad - good > 1:
        middle = (good + bad) // 2
        if _can_be(scenario, control, start + middle * control.step):
            good = middle
        else:
            bad = middle
    high = round(start + good * control.step, 12)
    return replace(control, high=max(high, control.low))


def _can_be(scenario: Scenario, control: Control, setting: float) -> bool:
    try:
        scenario.changed(control.changes(scenario, control.checked(setting)))
    except ScenarioError:
        return False
    return True


def _why_not(scenario: Scenario, control: Control) -> str:
    """Return why a control without room cannot go one step up."""
    setting = round(float(control.start) + control.step, 12)
    wider = replace(control, high=setting)
    try:
        scenario.changed(wider.changes(scenario, wider.checked(setting)))
    except ScenarioError as error:
        return str(error)
    return "the scenario file allows no other value"


def _number(
    scenario: Scenario, path: str, value: Any, rules: Rules, wish: Mapping[str, Any]
) -> Control:
    """Return the control of a number."""
    if value is None and "low" in wish:
        value = wish["low"]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise StudyError(f"control '{path}': {_no_number(path, value)}")
    known = known_of(path)
    ends = range_of(value, rules, known, wish)
    if path.startswith("sources.") and path.endswith(".stop") and "high" not in wish:
        ends = ends[0], max(ends[1], scenario.horizon)  # or it could not go on
    unit, factor = unit_of(known, rules, value, scenario.currency)
    if "unit" in wish:
        unit, factor = str(wish["unit"]), 1.0
    # Round on the screen, whose hours are a 24th of the file's days.
    round_step = nice((ends[1] - ends[0]) * factor / STEPS) / factor
    step = wish.get("step", max(1, round(round_step)) if rules.whole else round_step)
    low, high = with_round_ends(ends, step, rules, wish)
    way = MIX if ".mix." in path else VALUE
    label = wish.get("label", label_of(scenario, path))
    about = told(known, value, wish)
    one = Control(path, label, unit, value, low, high, step, (), way, factor, *about)
    return replace(one, note=note_of(scenario, path))


def _no_number(path: str, value: Any) -> str:
    """Return why a value cannot be moved by a slider, and what to do about it."""
    if value is None:
        return (
            f"it is not set in this scenario; give a range (low, high), or set it "
            f"first, as in scenario.changed({{{path!r}: 1}})"
        )
    if isinstance(value, list):
        return (
            "it holds several numbers, which no slider can move; make a scenario of "
            "each set with scenario.changed, and compare them with sl.compare"
        )
    return (
        f"its value is {value!r}, no number; give a range (low, high), or a list of "
        f"choices"
    )


def _times(scenario: Scenario, path: str, wish: Mapping[str, Any]) -> Control:
    """Return a control that multiplies all numbers at a path."""
    label = wish.get("label", label_of(scenario, path))
    low, high = wish.get("low", 0.25), wish.get("high", 4.0)
    step = wish.get("step", 0.05)
    unit = wish.get("unit", "times today")
    about = told(None, 1.0, wish)
    one = Control(path, label, unit, 1.0, low, high, step, (), TIMES, 1.0, *about)
    return replace(one, note=note_of(scenario, path))


def _wish(path: str, asked: Any) -> Mapping[str, Any]:
    """Return what a user wishes of one control, as a mapping."""
    if asked is None:
        return {}
    if isinstance(asked, str):
        return {"label": asked}
    if isinstance(asked, list):
        return {"choices": asked}
    if isinstance(asked, tuple) and len(asked) in {2, 3}:
        asked = dict(zip(("low", "high", "step"), asked, strict=False))
    if not isinstance(asked, Mapping) or set(asked) - set(KEYS):
        raise StudyError(
            f"control '{path}': is {asked!r}; give (low, high), (low, high, step), a "
            f"list of choices, a label, or a mapping with {', '.join(KEYS)}"
        )
    low, high = asked.get("low", -math.inf), asked.get("high", math.inf)
    if not low < high or asked.get("step", 1) <= 0:
        raise StudyError(
            f"control '{path}': from {low} to {high} is no range; the first number "
            f"must be the smaller one, and a step is above 0"
        )
    return asked


def _scaled(value: Any, times: float, rules: Rules) -> Any:
    """Return a value with every number in it multiplied, inside what is allowed."""
    if isinstance(value, Mapping):
        below = 1.0 if all(_small(each) for each in value.values()) else None
        inner = Rules(rules.low, below if rules.high is None else rules.high)
        return {key: _scaled(each, times, inner) for key, each in value.items()}
    scaled = value * times
    if rules.high is not None:
        scaled = min(scaled, rules.high)
    return max(1, round(scaled)) if rules.whole else scaled


def _small(value: Any) -> bool:
    """Return whether all numbers are shares, at most 1."""
    if isinstance(value, Mapping):
        return all(_small(each) for each in value.values())
    return bool(value <= 1)


def _mix(scenario: Scenario, path: str, share: float) -> dict[str, Any]:
    """Return a mix in which one kind has another share."""
    place, kind = path.rsplit(".", 1)
    mix = value_at(scenario, place)
    others = sum(part for name, part in mix.items() if name != kind)
    left = max(0.0, 1.0 - share) / others if others else 0.0
    return {
        place: {
            name: share if name == kind else part * left for name, part in mix.items()
        }
    }


def suiting(scenario: Scenario) -> dict[str, Any]:
    """Return the paths that most suit a scenario, at most six, with their ranges.

    A packaged scenario has those that fit its question. Where one of them leads
    nowhere, so much was changed that it is another scenario.
    """
    from simlib.explore.defaults import paths
    from simlib.explore.suited import wishes_of

    fit = wishes_of(scenario)
    if fit and all(_can_move(scenario, path, wish) for path, wish in fit.items()):
        return fit
    return dict.fromkeys(paths(scenario))


def _can_move(scenario: Scenario, path: str, wish: Any) -> bool:
    try:
        control_for(scenario, path, _wish(path, wish))
    except StudyError:
        return False
    return True
