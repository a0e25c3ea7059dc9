"""The figures of one run: a flat table of names and numbers, and what they mean.

In: a run. Out: ``dict[str, float]`` by name, for the run or for each of its sources.
"""

from __future__ import annotations

from simlib.metrics.figures import metrics_by_source, metrics_of
from simlib.metrics.meanings import METRICS, Metric, describe

__all__ = ["METRICS", "Metric", "describe", "metrics_by_source", "metrics_of"]
