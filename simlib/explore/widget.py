"""The explorer's widget: controls beside a picture and a table of figures.

In: a `Session` and views. Out: `Explorer`, for JupyterLab and for an app; where there
is no browser it shows a still picture. Data reach the page as text, numbers, escaped
HTML of our own and PNG; nothing is fetched from a network.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from simlib.errors import SimlibError, StudyError, nearest
from simlib.explore import figures
from simlib.explore.controls import Control, Setting
from simlib.explore.later import Later, Soon
from simlib.explore.parts import Picture, Slider
from simlib.explore.session import Session
from simlib.explore.views import View
from simlib.plots.worlds import png

HERE = Path(__file__).parent
HOLD, LET_GO = "Hold this run as A", "Let go of A"
NOT_FOUND = "Something went wrong while drawing: "


class Explorer(widgets.VBox):  # type: ignore[misc]
    """Sliders beside pictures of a scenario; see `simlib.explore`.

    Attributes
    ----------
    session : Session
        Settings, samples, what is held and pinned.
    controls : dict of str to widget
        By path; each has ``value`` in the unit of the screen.
    settings : dict
        Everything that a link needs: what differs from the start (``values``), the
        ``view``, what it counts (``measure``, absent for the first choice), and what
        is held as A (``held``, absent if nothing is). It can be set to what it once
        was.
    """

    def __init__(
        self, session: Session, views: list[View], soon: Soon | None = None
    ) -> None:
        self.session, self.views = session, {view.name: view for view in views}
        self.later = Later(self._work, soon)
        self._painted: tuple[Any, ...] = ()
        self._is_told = False
        self._make_controls()
        self._make_buttons()
        self._make_places()
        super().__init__(self._laid_out())
        self.add_class("lead-explore")
        self.later.finish()

    # --- what it is made of -----------------------------------------------------------

    def _make_controls(self) -> None:
        """Make a labelled control for each path."""
        self.controls: dict[str, Any] = {}
        for path, control in self.session.controls.items():
            widget = _widget_of(control)
            widget.observe(lambda _, path=path: self._moved(path), names="value")
            self.controls[path] = widget

    def _make_buttons(self) -> None:
        """Make the buttons, and the list of pinned runs."""
        self.reset_button = _button("Reset", "Set every control back to its start")
        self.hold_button = _button(HOLD, "Compare what you set next with this run")
        self.pin_button = _button("Pin this run", "Remember this run in a table")
        self.reset_button.on_click(lambda _: self.reset())
        self.hold_button.on_click(
            lambda _: self.let_go() if self.session.held else self.hold()
        )
        self.pin_button.on_click(lambda _: self.pin())
        self.go_back = widgets.Dropdown(
            options=[("choose a pinned run", -1)],
            value=-1,
            description="Go back to",
            layout=widgets.Layout(display="none", width="100%"),
            style={"description_width": "initial"},
        )
        self.go_back.observe(lambda _: self._back(), names="value")

    def _make_places(self) -> None:
        """Make the places where pictures, figures and messages go."""
        self.view_buttons = widgets.ToggleButtons(
            options=[(view.title, view.name) for view in self.views.values()],
            tooltips=[f"Show: {view.title}" for view in self.views.values()],
            style={"button_width": "auto"},
        )
        self.view_buttons.add_class("lead-explore-views")
        self.view_buttons.observe(lambda _: self._turn_to_view(), names="value")
        self.measures = widgets.Dropdown(
            options=self._measures(),
            description="Show",
            layout=widgets.Layout(width="300px", max_width="100%"),
            style={"description_width": "initial"},
        )
        self.measures.layout.display = None if self.measures.options else "none"
        self.measures.observe(lambda _: self._paint(), names="value")
        self.picture = Picture()
        self.alert, self.status = widgets.HTML(), widgets.HTML()
        self.figures, self.pinned = widgets.HTML(), widgets.HTML()

    def _laid_out(self) -> list[widgets.Widget]:
        """Return the parts in their order: side by side, or below each other."""
        style = widgets.HTML(f"<style>{_css()}</style>")
        style.layout.display = "none"
        buttons = widgets.HBox(
            [self.reset_button, self.hold_button, self.pin_button],
            layout=widgets.Layout(flex_flow="row wrap"),
        )
        shown = [self.view_buttons] if len(self.views) > 1 else []
        parts = {
            "controls": [*self.controls.values(), buttons, self.go_back],
            "seen": [*shown, self.measures, self.alert, self.picture],
            "figures": [self.status, self.figures, self.pinned],
        }
        boxes = [widgets.VBox(part) for part in parts.values()]
        for name, box in zip(parts, boxes, strict=True):
            box.add_class(f"lead-explore-{name}-box")
        grid = widgets.Box(boxes)
        grid.add_class("lead-explore-grid")
        return [style, grid]

    # --- what a user does -------------------------------------------------------------

    def _moved(self, path: str) -> None:
        """Ask for the setting that a control shows."""
        if self._is_told:
            return
        control = self.session.controls[path]
        setting = self.controls[path].value
        if not control.choices:
            setting = round(setting / control.factor, 12)
        try:
            self.session.set(path, setting)
        except SimlibError as error:
            self._say(str(error))
            return
        self.later.ask()

    def set(self, values: Mapping[str, Setting]) -> None:
        """Move several controls at once, in the units of the scenario file.

        Raises
        ------
        StudyError
            For an unknown control or a setting that is none; then nothing moves.
        """
        before = dict(self.session.settings)
        try:
            for path, setting in values.items():
                self.session.set(path, setting)
        except StudyError:
            self.session.settings = before
            raise
        self._show_settings()
        self.later.ask()

    def reset(self) -> None:
        """Set every control back to its start; what is held or pinned stays."""
        self.set(self.session.start)

    def hold(self) -> None:
        """Hold what is shown as A, and compare with it from now on."""
        self.session.hold()
        self._hold_changed()

    def let_go(self) -> None:
        """Compare with nothing any more."""
        self.session.let_go()
        self._hold_changed()

    def _hold_changed(self) -> None:
        self.hold_button.description = LET_GO if self.session.held else HOLD
        self.later.ask()

    def pin(self) -> None:
        """Remember what is shown in the table of pinned runs."""
        self.session.pin()
        options = [("choose a pinned run", -1)]
        options += [
            (f"{number}: {pin.text}", number - 1)
            for number, pin in enumerate(self.session.pins, start=1)
        ]
        self.go_back.options = options
        self.go_back.value = -1
        self.go_back.layout.display = None
        self.later.ask()

    def _back(self) -> None:
        """Go back to the pinned run that was chosen."""
        number = self.go_back.value
        if number is not None and number >= 0:
            self.set(self.session.pins[number].settings)
            self.go_back.value = -1

    @property
    def view(self) -> str:
        """The name of the view shown."""
        return str(self.view_buttons.value)

    @view.setter
    def view(self, name: str) -> None:
        if name not in self.views:
            raise StudyError(f"view '{name}': there is {', '.join(self.views)}")
        self.view_buttons.value = name

    def _measures(self) -> list[tuple[str, str]]:
        """Return what the view can count, as words and names; none for most views."""
        said = self.views[self.view].measures(self.session.scenario)
        return [(text, name) for name, text in said.items()]

    def drawn(self) -> Any:
        """Return the Axes of what is shown, drawn anew."""
        chosen = self.measures.value
        asked = [] if chosen is None else [chosen]
        return self.views[self.view].draw(self.session.worlds, *asked)

    def _turn_to_view(self) -> None:
        """Show the view that was chosen, with what it lets one choose."""
        self.measures.options = self._measures()
        self.measures.layout.display = None if self.measures.options else "none"
        self._paint()

    def _choose(self, measure: str | None) -> None:
        """Let the view count something else, by default what comes first."""
        known = [name for _, name in self.measures.options]
        if measure is not None and measure not in known:
            raise StudyError(
                f"measure '{measure}': {self.view} has {', '.join(known) or 'none'}."
                f"{nearest(measure, known)}"
            )
        if known:
            self.measures.value = known[0] if measure is None else measure

    @property
    def settings(self) -> dict[str, Any]:
        """Values that differ from the start, the view, and what is held."""
        session = self.session
        said: dict[str, Any] = {"values": session.changed(session.settings)}
        said["view"] = self.view
        if self.measures.index:
            said["measure"] = self.measures.value
        if session.held_settings is not None:
            said["held"] = session.changed(session.held_settings)
        return said

    @settings.setter
    def settings(self, said: Mapping[str, Any]) -> None:
        unknown = set(said) - {"values", "view", "measure", "held"}
        if unknown:
            raise StudyError(f"settings: unknown {', '.join(sorted(unknown))}")
        start = self.session.start
        if "held" in said:
            self.set({**start, **said["held"]})
            self.later.finish()
            self.hold()
        elif self.session.held:
            self.let_go()
        self.view = said.get("view", self.view)
        self._choose(said.get("measure"))
        self.set({**start, **said.get("values", {})})

    # --- what it shows ----------------------------------------------------------------

    def _show_settings(self) -> None:
        """Move the controls to where the settings are."""
        self._is_told = True
        try:
            for path, setting in self.session.settings.items():
                control = self.session.controls[path]
                self.controls[path].value = (
                    setting if control.choices else float(setting) * control.factor
                )
        finally:
            self._is_told = False

    def _work(self) -> bool:
        """Run a little, show it if it is worth it; return whether there is more."""
        more = self.session.step()
        self._say(self.session.message)
        if not self.session.message:
            self._paint()
        return more

    def _paint(self) -> None:
        """Show samples: when a setting is new, and when its samples are complete."""
        worlds, name = self.session.worlds, self.view
        state = tuple((id(one), one.is_complete) for one in worlds.values())
        pins = tuple(map(id, self.session.pins))
        painted = (name, self.measures.value, state, pins)
        if not worlds or self._painted == painted:
            return
        self._painted = painted
        view = self.views[name]
        try:
            self.picture.value = png(self.drawn())
        except (SimlibError, ArithmeticError, ValueError, LookupError) as error:
            self._say(f"{NOT_FOUND}{error}")
        self.picture.text = figures.alternative(view.title, worlds)
        self.figures.value = figures.table_html(worlds)
        self.pinned.value = figures.pins_html(self.session)
        text = escape(figures.status(self.session))
        self.status.value = (
            f'<div class="lead-explore-status" role="status">{text}</div>'
        )

    def _say(self, message: str) -> None:
        """Show a message in words; "" takes the last one away."""
        text = escape(message)
        self.alert.value = (
            f'<div class="lead-explore-alert" role="alert">{text}</div>' if text else ""
        )

    def __repr__(self) -> str:
        return figures.as_text(self.session)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return the live view, and beside it what shows where there is none."""
        data = super()._repr_mimebundle_(**kwargs)
        if data is None:
            return None
        picture = base64.b64encode(self.picture.value).decode("ascii")
        data = {**data, "text/plain": repr(self), "image/png": picture}
        return data, {"image/png": {"alt": " ".join(repr(self).split())}}


def _css() -> str:
    return (HERE / "explore.css").read_text(encoding="utf-8")


def _button(text: str, tooltip: str) -> widgets.Button:
    return widgets.Button(
        description=text, tooltip=tooltip, layout=widgets.Layout(width="auto")
    )


def _widget_of(control: Control) -> widgets.Widget:
    """Return the widget of a control, with its label."""
    wide = widgets.Layout(width="100%")
    if set(control.choices) == {True, False}:
        return widgets.Checkbox(
            control.start, description=control.label, indent=False, layout=wide
        )
    if control.choices:
        return widgets.Dropdown(
            options=[(control.said(choice), choice) for choice in control.choices],
            value=control.start,
            description=control.label,
            style={"description_width": "initial"},
            layout=wide,
        )
    factor = control.factor
    return Slider(
        label=control.label,
        unit=control.unit,
        low=round(control.low * factor, 10),
        high=round(control.high * factor, 10),
        step=round(control.step * factor, 10),
        value=float(control.start) * factor,
        evidence=control.evidence,
        behind=control.behind,
        note=control.note,
    )
