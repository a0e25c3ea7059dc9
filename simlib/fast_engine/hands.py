"""Numbers dealt when they are needed, to all who may need them soon.

In: a `Population` and the leads that come to a desk. Out: `Hands`, the numbers of one
lead's k-th visit to a stage side by side. A page says for a stage and a visit where
each lead's hand lies. Or `Streams`, from which a compiled loop draws by itself. The
numbers are the population's own, whenever and by whomever they are drawn.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simlib.fast_engine.columns import array, column, extended, put
from simlib.fast_engine.tables import NONE, Tables
from simlib.population import Population

Ints = NDArray[np.integer]


class Hands:
    """The hands of some leads of a population.

    Attributes
    ----------
    pages : column of int, length stages * depth
        The page of the k-th visit to a stage, at ``stage * depth + k``.
    depth : int
    where : column of int, length pages * leads
        Where in `numbers` a lead's hand begins, at ``page * leads + lead``.
    numbers : column of float
    """

    def __init__(self, people: Population, tables: Tables, number: Ints) -> None:
        self.people, self.tables, self.number = people, tables, number
        self.depth = 4
        nowhere = np.full(len(tables.stages) * self.depth, NONE, dtype=np.int64)
        self.pages = column(nowhere)
        self.where = column(np.zeros(0, dtype=np.int64))
        self.numbers = column(np.zeros(0))

    def deal(self, stage: int, visit: int, leads: Ints) -> Ints:
        """Deal leads their hands for the k-th visit to a stage; return where."""
        page = self._page(stage, visit)
        asks = self.tables.hands[stage].asks(visit)
        drawn = self.people.drawn(asks, self.number[leads])
        first = len(self.numbers) + len(asks) * np.arange(len(leads))
        put(self.where, page * len(self.number) + leads, first)
        self.numbers = extended(self.numbers, drawn.T.ravel())
        return first

    def lacks(self, stage: int, visit: int) -> NDArray[np.bool_]:
        """Return who has no hand yet for a visit, shape (leads,)."""
        first = self._page(stage, visit) * len(self.number)
        page = array(self.where[first : first + len(self.number)], np.int64)
        lacking: NDArray[np.bool_] = page == NONE
        return lacking

    def _page(self, stage: int, visit: int) -> int:
        """Return the page of a visit; a new one is empty."""
        while visit >= self.depth:
            pages = array(self.pages, np.int64).reshape(-1, self.depth)
            self.pages = column(np.hstack((pages, np.full_like(pages, NONE))).ravel())
            self.depth *= 2
        spot = stage * self.depth + visit
        if self.pages[spot] == NONE:
            self.pages[spot] = len(self.where) // len(self.number)
            nowhere = np.full(len(self.number), NONE, dtype=np.int64)
            self.where = extended(self.where, nowhere)
        return int(self.pages[spot])


class Streams:
    """The keys of the streams of all numbers that the loop draws by itself.

    Attributes
    ----------
    depth : int
        For how many visits there are keys.
    keys : array of uint64, length depth * laws
        Visit by visit, in the order of the tables' laws.
    """

    def __init__(self, people: Population, tables: Tables) -> None:
        self.people, self.drawn = people, tables.drawn
        self.depth = 0
        self.keys = np.zeros(0, dtype=np.uint64)
        self.extend()

    def extend(self) -> None:
        """Add the keys of as many visits again, and one."""
        visits, stream = range(self.depth + 1, 2 * self.depth + 2), self.people.stream
        more = [
            stream(name, 1 if once else visit)
            for visit in visits
            for name, once in self.drawn
        ]
        self.keys = np.concatenate([self.keys, np.array(more, dtype=np.uint64)])
        self.depth = visits[-1]
