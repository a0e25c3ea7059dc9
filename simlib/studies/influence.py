"""Sensitivity: which setting moves a metric, alone and together with others.

In: a scenario and a range for each of some settings. Out: `Sensitivity`: a tornado
(one setting at a time, paired with the base) and Sobol's indices (all at once). Every
evaluation uses the same replications, so the metric is a fixed function of the
settings, and its luck is held, not averaged away.

Source: Saltelli et al., "Variance based sensitivity analysis of model output" (2010),
as in `scipy.stats.sobol_indices`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.errors import StudyError
from simlib.scenario import Scenario
from simlib.studies.intervals import Floats, interval
from simlib.studies.replications import Study, replicate

if TYPE_CHECKING:
    import pandas as pd

Range = tuple[float, float]
MOST_RUNS = 10_000_000


@dataclass(frozen=True)
class Sensitivity:
    """How one metric answers to some settings.

    Attributes
    ----------
    scenario : Scenario
    metric : str
    ranges : mapping of str to (low, high)
    seed, replications : int
    tornado : DataFrame
        One row for each path, the widest first: ``path``, ``at_low``, ``at_high``
        (mean of the metric there), ``effect``, ``low``, ``high`` (paired difference
        between both ends with its 95% interval).
    sobol : DataFrame
        ``path``, ``first_order`` (share of the variance by this setting alone) and
        ``total`` (with all its interactions); estimates, they may leave [0, 1].
    """

    scenario: Scenario
    metric: str
    ranges: Mapping[str, Range]
    seed: int
    replications: int
    tornado: pd.DataFrame
    sobol: pd.DataFrame


def sensitivity(
    scenario: Scenario,
    ranges: Mapping[str, Range],
    metric: str,
    replications: int = 10,
    samples: int = 64,
    seed: int = 0,
    **how: Any,
) -> Sensitivity:
    """Find which settings move a metric.

    Parameters
    ----------
    scenario : Scenario
    ranges : mapping of str to (low, high)
        From a path to the range of its value; whole numbers stay whole.
    metric : str
    replications : int
        At each evaluation, the same ones.
    samples : int
        Base samples of Sobol's method, a power of 2; it costs
        samples x (settings + 2) evaluations.
    seed : int
    **how
        Passed on to `replicate`: engine, executor, store.

    Raises
    ------
    StudyError
        For an empty or upside-down range, or a sample size that is no power of 2.
    """
    _check(ranges, samples, replications)

    def study(point: Mapping[str, float]) -> Study:
        return replicate(scenario.changed(dict(point)), replications, seed, **how)

    tornado = _tornado(ranges, metric, study)
    sobol = _sobol(ranges, metric, study, samples, seed)
    return Sensitivity(
        scenario, metric, dict(ranges), seed, replications, tornado, sobol
    )


def _check(ranges: Mapping[str, Range], samples: int, replications: int) -> None:
    if not ranges:
        raise StudyError("sensitivity: give at least one path with its range")
    for path, (low, high) in ranges.items():
        if not low < high:
            raise StudyError(f"{path}: the range {low} to {high} is empty")
    if samples < 2 or samples & (samples - 1):
        raise StudyError(f"samples is {samples}; it must be a power of 2, such as 64")
    runs = samples * (len(ranges) + 2) * replications
    if runs > MOST_RUNS:
        raise StudyError(f"sensitivity: {runs:,} runs are more than {MOST_RUNS:,}")


def whole_or_not(ends: Range, value: float) -> float:
    """Return a value as a whole number where both ends of its range are whole."""
    if all(isinstance(end, int) and not isinstance(end, bool) for end in ends):
        return round(value)
    return float(value)


def _tornado(ranges: Mapping[str, Range], metric: str, study: Any) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for path, (low, high) in ranges.items():
        at_low, at_high = (study({path: end}).values(metric) for end in (low, high))
        effect = interval(at_high - at_low)
        ends = interval(at_low).mean, interval(at_high).mean
        rows.append((path, *ends, effect.mean, effect.low, effect.high))
    columns = ["path", "at_low", "at_high", "effect", "low", "high"]
    table = pd.DataFrame(rows, columns=columns)
    widest = table["effect"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[widest].reset_index(drop=True)


def _sobol(
    ranges: Mapping[str, Range], metric: str, study: Any, samples: int, seed: int
) -> pd.DataFrame:
    import pandas as pd
    from scipy import stats

    def metric_at(points: Floats) -> Floats:
        found = []
        for column in points.T:
            pairs = zip(ranges.items(), column, strict=True)
            point = {path: whole_or_not(ends, value) for (path, ends), value in pairs}
            found.append(interval(study(point).values(metric)).mean)
        return np.array(found)

    # A whole number is rounded, so its range is widened by half on either side.
    margins = [
        0.5 if isinstance(whole_or_not(r, r[0]), int) else 0.0 for r in ranges.values()
    ]
    dists = [
        stats.uniform(low - margin, high - low + 2 * margin - 1e-9)
        for (low, high), margin in zip(ranges.values(), margins, strict=True)
    ]
    found = stats.sobol_indices(func=metric_at, n=samples, dists=dists, rng=seed)
    return pd.DataFrame(
        {
            "path": list(ranges),
            "first_order": np.ravel(found.first_order),
            "total": np.ravel(found.total_order),
        }
    )
