"""Where replications run, and where finished ones are kept.

In: spans of replications, the name of an executor or one of one's own, perhaps a
folder. Out: the figures of every replication, the same to the last bit whatever ran
them and in whichever order. It knows no intervals and compares nothing.
"""

from __future__ import annotations

from simlib.execution.driver import How, lasting, measured
from simlib.execution.progress import Progress, Ticker, ticking
from simlib.execution.store import Store
from simlib.execution.work import FIGURES, MONTHS, WHOLE, Figures, Span, model_version

__all__ = [
    "FIGURES",
    "MONTHS",
    "WHOLE",
    "Figures",
    "How",
    "Progress",
    "Span",
    "Store",
    "Ticker",
    "lasting",
    "measured",
    "model_version",
    "ticking",
]
