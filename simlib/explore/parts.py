"""Parts that everybody can use: a slider and a picture, each with a name.

In: numbers, PNG and text. Out: the value of a slider as it moves. They know no
scenario. The slider of ipywidgets gives its handle no name that a screen reader could
say, and its image takes no text at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

HERE = Path(__file__).parent


class Slider(anywidget.AnyWidget):
    """A number between two ends, in the unit of the screen.

    Attributes
    ----------
    label, unit : str
    low, high, step, value : float
        The value is kept as it is; the screen shows four digits of it.
    evidence, behind : str
        What the range stands on, in a few words and in full.
    note : str
        What else a user has to know; "" for nothing.
    """

    _esm = HERE / "slider.js"
    label = traitlets.Unicode().tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    low = traitlets.Float(0.0).tag(sync=True)
    high = traitlets.Float(1.0).tag(sync=True)
    step = traitlets.Float(0.01).tag(sync=True)
    value = traitlets.Float(0.0).tag(sync=True)
    evidence = traitlets.Unicode().tag(sync=True)
    behind = traitlets.Unicode().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)

    @traitlets.validate("value")
    def _within(self, proposal: Any) -> float:
        return float(min(max(proposal["value"], self.low), self.high))

    def __repr__(self) -> str:
        return f"<Slider: {self.label} {self.value:g} {self.unit}>"


class Picture(anywidget.AnyWidget):
    """A picture that changes without flicker.

    Attributes
    ----------
    value : bytes
        PNG.
    text : str
        What it shows, in words.
    """

    _esm = HERE / "picture.js"
    value = traitlets.Bytes().tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)

    def __repr__(self) -> str:
        return f"<Picture: {self.text}>"
