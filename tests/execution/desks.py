"""A small desk for executors and stores, and how much of it a store holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import simlib as sl
from simlib.execution import FIGURES, Figures, How, Span, measured

SEED = 3


def desk() -> sl.Scenario:
    """Return a desk with a queue, whose runs differ by luck."""
    return sl.load("sales_desk").changed({"horizon": 14})


def spans() -> list[Span]:
    """Return two spans: one from the first replication, one from the middle."""
    other = desk().changed({"teams.sdr.people": 2})
    return [Span(desk(), SEED, 0, 12), Span(other, SEED, 5, 4)]


def run(**how: object) -> list[Figures]:
    """Run both spans."""
    return measured(spans(), FIGURES, How(**how))


def equal(one: list[Figures], two: list[Figures]) -> bool:
    """Whether two results are the same to the last bit."""
    return all(
        a.names == b.names and np.array_equal(a.numbers, b.numbers, equal_nan=True)
        for a, b in zip(one, two, strict=True)
    )


def entries(store: Path) -> list[Path]:
    """Return the files of a store."""
    return sorted(store.rglob("*.parquet"))


def kept(store: Path) -> int:
    """Return how many replications a store holds."""
    return sum(int(path.name.split("-")[1]) for path in entries(store))
