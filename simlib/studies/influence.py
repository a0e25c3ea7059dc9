"""Sensitivity: which setting moves a metric, alone and together with others.

In: a scenario and a range for each of some settings. Out: `Sensitivity`: a tornado
(one setting at a time, paired with the base) and Sobol's indices (all at once). Every
evaluation uses the same replications, so the metric is a fixed function of the
settings, and its luck is held, not averaged away.

Source: Saltelli et al., "Variance based sensitivity analysis of model output" (2010),
as in `scipy.stats.sobol_indices`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np

from simlib.errors import ScenarioError, StudyError
from simlib.execution import How, ticking
from simlib.metrics import describe
from simlib.scenario import Scenario
from simlib.studies.intervals import Floats, interval
from simlib.studies.replications import Order, studied
from simlib.studies.saving import Said, scenario_of, versions, write_table

if TYPE_CHECKING:
    import pandas as pd

Range = tuple[float, float]
Point = dict[str, float]
MOST_RUNS = 10_000_000
# Studies hold all metrics; so many at a time are in memory.
POINTS_AT_A_TIME = 256
SOBOL = ("first_order", "total")
Values = Callable[[Sequence[Point]], list[Floats]]


@dataclass(frozen=True, repr=False)
class Sensitivity:
    """How one metric answers to some settings.

    Attributes
    ----------
    scenario : Scenario
    metric : str
    ranges : mapping of str to (low, high)
    seed, replications, samples : int
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
    versions: Mapping[str, str] = field(default_factory=versions, repr=False)
    samples: int = 0

    def __repr__(self) -> str:
        return (
            f"Sensitivity of {self.metric} in '{self.scenario.name}' to "
            f"{', '.join(self.ranges)}: {self.replications:,} runs at each point, seed "
            f"{self.seed}; table() has the figures"
        )

    def table(self) -> pd.DataFrame:
        """Return the tornado with Sobol's indices beside it, one row for each path.

        The last column is the ``unit`` of the effect; indices are shares.
        """
        found = self.tornado.merge(self.sobol, on="path", how="left")
        return found.assign(unit=describe(self.metric).unit)

    def save(self, path: str | Path) -> Path:
        """Write all to a ``.parquet`` file, with scenario, seed and versions."""
        said = {
            "base": self.scenario.to_yaml(),
            "metric": self.metric,
            "ranges": {path: list(ends) for path, ends in self.ranges.items()},
            "seed": self.seed,
            "replications": self.replications,
            "samples": self.samples,
        }
        return write_table(self.table(), "sensitivity", said, path, self.versions)

    @classmethod
    def loaded(cls, frame: pd.DataFrame, said: Said) -> Sensitivity:
        """Return the sensitivity of a saved table."""
        ranges = {path: (ends[0], ends[1]) for path, ends in said["ranges"].items()}
        sobol = frame[["path", *SOBOL]].set_index("path").loc[list(ranges)]
        return cls(
            scenario_of(said["base"]),
            said["metric"],
            ranges,
            said["seed"],
            said["replications"],
            frame.drop(columns=[*SOBOL, "unit"], errors="ignore"),
            sobol.reset_index(),
            said["versions"],
            said.get("samples", 0),
        )


def sensitivity(
    scenario: Scenario,
    ranges: Mapping[str, Range],
    metric: str,
    replications: int = 10,
    samples: int = 64,
    seed: int = 0,
    **how: Unpack[How],
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
        Engine, executor, store and progress, as for `replicate`.

    Raises
    ------
    StudyError
        For an empty or upside-down range, or a sample size that is no power of 2.
    """
    _check(ranges, samples, replications)
    check_metric(scenario, metric, seed)
    with ticking(how.get("progress")) as ticker:
        how["progress"] = ticker

        def values(points: Sequence[Point]) -> list[Floats]:
            """Return the metric's replications at each point."""
            found = []
            for start in range(0, len(points), POINTS_AT_A_TIME):
                some = points[start : start + POINTS_AT_A_TIME]
                worlds = worlds_at("sensitivity", scenario, some)
                studies = studied(worlds, Order(replications, seed), how)
                found += [study.values(metric) for study in studies]
            return found

        tornado = _tornado(ranges, values)
        sobol = _sobol(ranges, values, samples, seed)
    return Sensitivity(
        *(scenario, metric, dict(ranges), seed, replications, tornado, sobol),
        samples=samples,
    )


def check_metric(scenario: Scenario, metric: str, seed: int) -> None:
    """Raise a StudyError for a metric that a scenario does not have: before a search.

    One run tells it.
    """
    studied([scenario], Order(1, seed), How())[0].values(metric)


def worlds_at(what: str, scenario: Scenario, points: Sequence[Point]) -> list[Scenario]:
    """Return a scenario at some points of its ranges.

    Raises
    ------
    ScenarioError
        If the ranges hold what cannot be.
    """
    try:
        return [scenario.changed(point) for point in points]
    except ScenarioError as error:
        raise ScenarioError(
            f"{what}: the ranges hold what cannot be: {error}"
        ) from None


def check_ranges(what: str, ranges: Mapping[str, Range]) -> None:
    """Raise a StudyError if there are no ranges, or an empty one."""
    if not ranges:
        raise StudyError(f"{what}: give at least one path with its range")
    for path, ends in ranges.items():
        try:
            low, high = (float(end) for end in ends)
        except (TypeError, ValueError):
            raise StudyError(f"{path}: {ends!r} is no range (low, high)") from None
        if not -math.inf < low < high < math.inf:
            turned = "; write the lower end first" if high < low else ""
            raise StudyError(f"{path}: the range {low:g} to {high:g} is empty{turned}")


def _check(ranges: Mapping[str, Range], samples: int, replications: int) -> None:
    check_ranges("sensitivity", ranges)
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


def _tornado(ranges: Mapping[str, Range], values: Values) -> pd.DataFrame:
    """Return what each setting does alone, from one end of its range to the other."""
    import pandas as pd

    ends = [{path: end} for path, pair in ranges.items() for end in pair]
    found = values(ends)
    rows = []
    for path, at_low, at_high in zip(ranges, found[::2], found[1::2], strict=True):
        effect = interval(at_high - at_low)
        means = interval(at_low).mean, interval(at_high).mean
        rows.append((path, *means, effect.mean, effect.low, effect.high))
    columns = ["path", "at_low", "at_high", "effect", "low", "high"]
    table = pd.DataFrame(rows, columns=columns)
    widest = table["effect"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[widest].reset_index(drop=True)


def _sobol(
    ranges: Mapping[str, Range], values: Values, samples: int, seed: int
) -> pd.DataFrame:
    """Return Sobol's indices of the mean metric."""
    import pandas as pd
    from scipy import stats

    def metric_at(columns: Floats) -> Floats:
        points = [
            {
                path: whole_or_not(ends, value)
                for (path, ends), value in zip(ranges.items(), column, strict=True)
            }
            for column in columns.T
        ]
        return np.array([interval(found).mean for found in values(points)])

    if len(ranges) == 1:  # SciPy fails there, and there is nothing to share
        ((low, high),) = ranges.values()
        width = np.ptp(metric_at(np.linspace(low, high, samples)[np.newaxis]))
        alone = [(*ranges, *2 * [width if math.isnan(width) else float(width > 0)])]
        return pd.DataFrame(alone, columns=["path", *SOBOL])
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
