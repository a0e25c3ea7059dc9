"""A slider that everybody can use: a native range and number box with one label.

In: label, unit, range and value. Out: the value as it moves. It knows no scenario.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

HERE = Path(__file__).parent


class Slider(anywidget.AnyWidget):
    """A number between two ends, in the unit of the screen.

    The slider of ipywidgets gives its handle no name that a screen reader could say.

    Attributes
    ----------
    label, unit : str
    low, high, step, value : float
    """

    _esm = HERE / "slider.js"
    label = traitlets.Unicode().tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    low = traitlets.Float(0.0).tag(sync=True)
    high = traitlets.Float(1.0).tag(sync=True)
    step = traitlets.Float(0.01).tag(sync=True)
    value = traitlets.Float(0.0).tag(sync=True)

    @traitlets.validate("value")
    def _within(self, proposal: Any) -> float:
        return float(min(max(proposal["value"], self.low), self.high))

    def __repr__(self) -> str:
        return f"<Slider: {self.label} {self.value:g} {self.unit}>"
