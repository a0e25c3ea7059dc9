"""Columns and records in the form that the loop reads fastest.

In: NumPy arrays. Out: the same arrays where the loop is compiled; lists, and lists of
objects with the records' fields, where it is not, because plain Python reads a list
several times faster than an array.
"""

from __future__ import annotations

from dataclasses import astuple, make_dataclass, replace
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from simlib.compiling import COMPILED

Column = Any
Records = Any


def column(values: NDArray[Any]) -> Column:
    """Return values, shape (n,), as a column."""
    return values if COMPILED else values.tolist()


def extended(old: Column, more: NDArray[Any]) -> Column:
    """Return a column with more values at its end."""
    if COMPILED:
        return np.concatenate((old, more))
    old.extend(more.tolist())
    return old


def put(into: Column, places: NDArray[np.integer], values: NDArray[Any]) -> None:
    """Put values at places of a column."""
    if COMPILED:
        into[places] = values
        return
    for place, value in zip(places.tolist(), values.tolist(), strict=True):
        into[place] = value


def array(of: Column, kind: DTypeLike) -> NDArray[Any]:
    """Return a column, or a part of it, as an array."""
    return np.asarray(of, dtype=kind)


def records(rows: NDArray[np.void]) -> Records:
    """Return records that can be changed, from an array of records."""
    if COMPILED:
        return rows
    names = rows.dtype.names or ()
    return list(map(_object_with(names), *[rows[name].tolist() for name in names]))


def at_hand(world: NamedTuple) -> Any:
    """Return a world, uncompiled as an object, whose fields are read sooner."""
    return world if COMPILED else _object_with(world._fields)(*world)


def changed(world: Any, **fields: Any) -> Any:
    """Return such a world with some fields changed."""
    return world._replace(**fields) if COMPILED else replace(world, **fields)


def row(of: Records, number: int) -> Any:
    """Return one record with its fields as attributes."""
    return of.view(np.recarray)[number] if COMPILED else of[number]


def rows(of: Records, kind: np.dtype[np.void]) -> NDArray[np.void]:
    """Return records as an array of a kind, shape (n,)."""
    return of if COMPILED else np.array([astuple(one) for one in of], dtype=kind)


def field(of: Records, name: str) -> NDArray[Any]:
    """Return one field of all records, shape (n,)."""
    return np.asarray(of[name] if COMPILED else list(map(attrgetter(name), of)))


@lru_cache(maxsize=16)
def _object_with(names: tuple[str, ...]) -> type:
    """Return a class of objects with some fields."""
    return make_dataclass("Row", names, slots=True)
