"""Leads of a market with the buyers behind them, as the engines follow them.

In: `Lives`, and which lead is whose. Out: `Buyers`: for each lead, whose it is, when
its buyer is in the market, and when it stirs. It draws nothing.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simlib.draws import Floats
from simlib.market.life import NOT_YET, READY
from simlib.market.lives import Lives
from simlib.scenario.meetings import Meets

Ints = NDArray[np.int64]
NOBODY = -1


@dataclass(frozen=True, eq=False)
class Buyers:
    """The buyers behind leads.

    Attributes
    ----------
    lives : Lives
    buyer : array of int64, shape (leads,)
        Each lead's buyer; -1 for leads of sources without a market.
    """

    lives: Lives
    buyer: Ints

    @cached_property
    def fits(self) -> NDArray[np.bool_]:
        """Whether a lead's kind follows its buyer's life, shape (leads,)."""
        known = self.buyer != NOBODY
        kind = self.lives.kind[np.where(known, self.buyer, 0)]
        fits: NDArray[np.bool_] = known & (kind == NOT_YET)
        return fits

    @cached_property
    def number(self) -> Ints:
        """Each lead's buyer, numbered from 0 without gaps; -1 for nobody."""
        known = self.buyer != NOBODY
        number = np.full(len(self.buyer), NOBODY, dtype=np.int64)
        number[known] = np.unique(self.buyer[known], return_inverse=True)[1]
        return number

    @cached_property
    def windows(self) -> tuple[Ints, Ints]:
        """Where each lead's windows begin and end among those that opened."""
        return self._found(self.lives.opened.buyer)

    @cached_property
    def signals(self) -> tuple[Ints, Ints]:
        """Where each lead's signals begin and end among all."""
        return self._found(self.lives.signals[0])

    def listed(self, met: Meets | None, time: Floats) -> NDArray[np.bool_]:
        """Return which leads of some days are of accounts on a list, while it runs."""
        if met is None:
            return np.zeros(len(time), dtype=bool)
        fitting = np.flatnonzero(self.lives.kind == NOT_YET)[: met.accounts]
        found: NDArray[np.bool_] = np.isin(self.buyer, fitting)
        if met.start is not None:
            found &= time >= met.start
        return found if met.stop is None else found & (time < met.stop)

    @property
    def signal_times(self) -> Floats:
        """Days at which contacts in nurture stir, by buyer."""
        return self.lives.signals[1]

    def _found(self, among: Ints) -> tuple[Ints, Ints]:
        """Return where each lead's buyer stands among sorted ones: from, to."""
        whose = np.where(self.fits, self.buyer, NOBODY)
        first = np.searchsorted(among, whose, side="left")
        return first, np.searchsorted(among, whose, side="right")


class KnownBuyers:
    """The buyers behind leads, as a run goes on: who is in the funnel, and what now."""

    def __init__(self, buyers: Buyers) -> None:
        opened = buyers.lives.opened
        self.buyer: list[int] = buyers.number.tolist()
        self.fits: list[bool] = buyers.fits.tolist()
        self.in_funnel: set[int] = set()
        self.starts: list[float] = opened.start.tolist()
        self.ends: list[float] = opened.end.tolist()
        self.found: list[int] = buyers.lives.found.tolist()
        self.stirs: list[float] = buyers.signal_times.tolist()
        self.hands: list[int] = buyers.lives.signals[2].tolist()
        first, last = (ends.tolist() for ends in buyers.windows)
        self.windows = list(zip(first, last, strict=True))
        first, last = (ends.tolist() for ends in buyers.signals)
        self.signals = list(zip(first, last, strict=True))

    def comes_in(self, lead: int) -> bool:
        """Return whether a lead is new: its buyer is in the funnel once at a time."""
        buyer = self.buyer[lead]
        is_new = buyer not in self.in_funnel
        if is_new and buyer != NOBODY:
            self.in_funnel.add(buyer)
        return is_new

    def goes_out(self, lead: int) -> None:
        """Let a lost buyer come again; a customer does not."""
        self.in_funnel.discard(self.buyer[lead])

    def state(self, lead: int, now: float) -> tuple[int, int]:
        """Return a lead's kind by now, and 1 if its buyer had not thought of us."""
        first, last = self.windows[lead]
        window = bisect_right(self.starts, now, first, last) - 1
        if window < first:
            return NOT_YET, 1
        return READY if now < self.ends[window] else NOT_YET, self.found[window]

    def next_signal(self, lead: int, now: float) -> tuple[float, int]:
        """Return when a lead's buyer stirs next (days, or inf), and 1 for a hand."""
        first, last = self.signals[lead]
        signal = bisect_right(self.stirs, now, first, last)
        if signal == last:
            return math.inf, 0
        return self.stirs[signal], self.hands[signal]
