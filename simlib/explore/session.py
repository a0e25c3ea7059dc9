"""What an explorer knows: the setting, what is held as A, pins, and what is to run.

In: settings. Out: samples to show, and a message if a setting cannot be. Only the
newest setting is ever run: whatever was asked for before it and not begun is dropped,
and what was begun is put aside, to go on if the setting comes back. No widget is made
here, and nothing is drawn.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simlib.errors import SimlibError, StudyError, nearest
from simlib.explore.controls import Control, Setting
from simlib.explore.samples import Sample
from simlib.scenario import Scenario

PATIENCE = 0.03
MOST_SAMPLES = 24
MOST_PINS = 8
Settings = dict[str, Setting]


@dataclass(frozen=True)
class Pin:
    """A run that a user wants to remember."""

    settings: Settings
    text: str
    sample: Sample


class Session:
    """The settings of one explorer, and the samples that belong to them.

    Parameters
    ----------
    scenario : Scenario
    controls : list of Control
    replications, seed : int

    Attributes
    ----------
    settings : dict of str to number, str or bool
        What is wanted, by path.
    now : Sample or None
        Of the last setting that could be run; it may not be complete yet.
    shown : dict
        The settings of `now`.
    held, held_settings : Sample or None, dict or None
        What is held as A.
    message : str
        Why the newest setting cannot be run; "" if it can.
    """

    def __init__(
        self, scenario: Scenario, controls: list[Control], replications: int, seed: int
    ) -> None:
        self.scenario, self.seed, self.replications = scenario, seed, replications
        self.controls = {control.path: control for control in controls}
        self.settings = self.start
        self.shown: Settings = {}
        self.now: Sample | None = None
        self.held: Sample | None = None
        self.held_settings: Settings | None = None
        self.pins: list[Pin] = []
        self.message = ""
        self._samples: OrderedDict[tuple[Any, ...], Sample] = OrderedDict()

    @property
    def start(self) -> Settings:
        """The settings that leave the scenario as it is."""
        return {path: control.start for path, control in self.controls.items()}

    def set(self, path: str, setting: Any) -> None:
        """Ask for another setting of one control.

        Raises
        ------
        StudyError
            For an unknown control, or a setting that is none.
        """
        if path not in self.controls:
            known = ", ".join(self.controls)
            hint = nearest(path, self.controls)
            raise StudyError(
                f"setting '{path}': there is no such control; there is {known}.{hint}"
            )
        self.settings[path] = self.controls[path].checked(setting)

    def changed(self, settings: Mapping[str, Setting]) -> Settings:
        """Return those of some settings that differ from the start."""
        start = self.start
        return {path: one for path, one in settings.items() if one != start[path]}

    def text(self, settings: Mapping[str, Setting]) -> str:
        """Return in words how settings differ from the start."""
        parts = [
            self.controls[path].sentence(setting)
            for path, setting in self.changed(settings).items()
        ]
        return "; ".join(parts) or "as given"

    def scenario_of(self, settings: Mapping[str, Setting]) -> Scenario:
        """Return the scenario of some settings.

        Raises
        ------
        SimlibError
            If the settings together are impossible.
        """
        scenario = self.scenario
        for path, setting in self.changed(settings).items():
            scenario = self._with(scenario, self.controls[path], setting)
        return scenario

    def _with(self, scenario: Scenario, control: Control, setting: Setting) -> Scenario:
        changes = control.changes(scenario, setting)
        return scenario.changed(changes) if changes else scenario

    def sample_of(self, settings: Mapping[str, Setting]) -> Sample:
        """Return the sample of some settings, an old one if there is one."""
        key = tuple(sorted(self.changed(settings).items()))
        if key not in self._samples:
            scenario = self.scenario_of(settings)
            self._samples[key] = Sample(scenario, self.seed, self.replications)
        self._samples.move_to_end(key)
        while len(self._samples) > MOST_SAMPLES:
            self._samples.popitem(last=False)
        return self._samples[key]

    def step(self) -> bool:
        """Run a little of the newest setting; return whether there is more to do."""
        wanted = dict(self.settings)
        try:
            sample = self.sample_of(wanted)
            if not sample.is_complete:
                sample.run_some(PATIENCE)
        except SimlibError as error:
            self.message = str(error)
            return False
        except (ArithmeticError, MemoryError, ValueError) as error:
            self.message = f"This setting cannot be run ({error}); try a smaller step."
            return False
        self.now, self.shown, self.message = sample, wanted, ""
        if sample.is_complete and self.held and not self.held.is_complete:
            self.held.run_some(PATIENCE)
        return not (sample.is_complete and (not self.held or self.held.is_complete))

    def hold(self) -> None:
        """Hold what is shown as A."""
        self.held, self.held_settings = self.now, dict(self.shown)

    def let_go(self) -> None:
        """Hold nothing any more."""
        self.held, self.held_settings = None, None

    def pin(self) -> None:
        """Remember what is shown; the oldest of too many pins goes."""
        if self.now:
            pin = Pin(dict(self.shown), self.text(self.shown), self.now)
            self.pins = [*self.pins, pin][-MOST_PINS:]

    @property
    def worlds(self) -> dict[str, Sample]:
        """The samples to show, by the name of their world; empty before the first."""
        if not self.now:
            return {}
        return {"A": self.held, "B": self.now} if self.held else {"now": self.now}
