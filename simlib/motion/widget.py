"""The widget: leads in motion, drawn in the browser.

In: runs. Out: `Motion`, an anywidget whose picture is drawn by ``motion.js``. Without
a browser it shows a still picture. Data reach the page as text and numbers, never as
markup, and nothing is fetched from a network.
"""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import numpy as np
import traitlets

from simlib import plots
from simlib.log import KINDS, UNKNOWN_KIND, EventLog
from simlib.motion.worlds import Said, cast, whereabouts, world

if TYPE_CHECKING:
    import pandas as pd

HERE = Path(__file__).parent
BYS = ("source", "kind")
VIEWS = ("truth", "crm")
STILLS = 4
SECONDS = 45
SPEEDS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


class Motion(anywidget.AnyWidget):
    """Leads as dots on their way; see `simlib.motion`.

    Everything that can be clicked can be set from Python as well.

    Attributes
    ----------
    by : {"source", "kind"}
        What the dots' colours and shapes say.
    view : {"truth", "crm"}
        Everybody and everything, or what a CRM sees: no visitors and no kinds.
    day : float
        The day shown.
    speed : float
        Days a second.
    playing : bool
    followed : str
        The lasting name of the lead whose story is told, or ``""``.
    """

    _esm = HERE / "motion.js"
    _css = HERE / "motion.css"
    worlds: Any = traitlets.List().tag(sync=True)
    people: Any = traitlets.List().tag(sync=True)
    looks = traitlets.Dict().tag(sync=True)
    by = traitlets.Enum(BYS, "source").tag(sync=True)
    view = traitlets.Enum(VIEWS, "truth").tag(sync=True)
    day = traitlets.Float(0.0, min=0.0).tag(sync=True)
    speed = traitlets.Enum(SPEEDS, 1.0).tag(sync=True)
    speeds = traitlets.List(list(SPEEDS)).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    followed = traitlets.Unicode("").tag(sync=True)

    def __init__(self, logs: dict[str, EventLog], by: str, most: int) -> None:
        self._logs = logs
        shown = cast(list(logs.values()), most)
        worlds = [
            world(log, name, row, len(shown.names))
            for (name, log), row in zip(logs.items(), shown.rows, strict=True)
        ]
        if len({log.graph.stage_names for log in logs.values()}) == 1:
            # The same stages get the same room, so that the eye can compare.
            peaks = np.max([at["peaks"] for at in worlds], axis=0).tolist()
            worlds = [{**at, "peaks": peaks} for at in worlds]
        horizon = max(log.graph.horizon for log in logs.values())
        super().__init__(
            worlds=worlds,
            people=list(shown.names),
            looks=_looks(list(logs.values())),
            by=by,
            speed=min(SPEEDS, key=lambda speed: abs(speed - horizon / SECONDS)),
        )

    def __repr__(self) -> str:
        told = " and ".join(
            f"{len(log.leads):,} leads of {name!r} over {log.graph.horizon:g} days"
            for name, log in self._logs.items()
        )
        return f"<Motion: {told}>"

    def still(self) -> bytes:
        """Return the picture for print, as PNG: where the leads are on some days."""
        with io.BytesIO() as file:
            first = plots.whereabouts(self._whereabouts())[0]
            figure: Any = first.figure
            figure.savefig(file, format="png", metadata={"Software": None})
            plots.close(first)
            return file.getvalue()

    def _whereabouts(self) -> pd.DataFrame:
        """Return how many of each group are in each stage on some days."""
        import pandas as pd

        horizon = max(log.graph.horizon for log in self._logs.values())
        days = [horizon * turn / STILLS for turn in range(1, STILLS + 1)]
        return pd.DataFrame(whereabouts(self._logs, self.by, days))

    def _in_words(self) -> str:
        """Return what the picture for print shows at the end, for who cannot see it."""
        table = self._whereabouts()
        last = table[table["day"] == table["day"].max()]
        sums = last.groupby(["world", "stage"], sort=False)["count"].sum()
        told = [f"{world}, {stage}: {n:,}" for (world, stage), n in sums.items()]
        return f"Where the leads are on day {last['day'].max():,.0f}. {'; '.join(told)}"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return the live view, and beside it what shows where there is none."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        picture = base64.b64encode(self.still()).decode("ascii")
        data = {**data, "text/plain": repr(self), "image/png": picture}
        return data, {**metadata, "image/png": {"alt": self._in_words()}}


def _looks(logs: list[EventLog]) -> Said:
    """Return colour and shape of every source (of all worlds) and of every kind."""
    sources = dict.fromkeys(name for log in logs for name in log.graph.sources)
    knows = any((log.leads.kind != UNKNOWN_KIND).any() for log in logs)
    kinds = KINDS if knows else ()
    return {"source": _told_apart(list(sources)), "kind": _told_apart(list(kinds))}


def _told_apart(names: list[str]) -> list[Said]:
    """Return a colour and a shape for each name; no two have both the same."""
    looks = [plots.mark_of(turn) for turn in range(len(names))]
    return [{"name": name, **look} for name, look in zip(names, looks, strict=True)]
