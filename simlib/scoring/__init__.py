"""Lead scoring seen from the desk: what sales see, and what a threshold does.

In: a `Run` of a scenario with a score. Out: tables. `seen` is what a CRM shows of each
lead, beside what the lead is; `dial` sets precision against recall and hours of work;
`calibration` and `ranking` try a score; `learned` fits a rival to outcomes. Nothing
here runs an engine or changes a scenario.
"""

from __future__ import annotations

from simlib.scoring.dials import calibration, dial, ranking
from simlib.scoring.learning import Learned, learned
from simlib.scoring.sight import seen

__all__ = ["Learned", "calibration", "dial", "learned", "ranking", "seen"]
