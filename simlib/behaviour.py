"""What leads do that a score counts, and when the points are enough.

In: points, rates and a threshold, and addresses of leads. Out: for each lead the days
from entering the scored stage until its points reach the threshold, or inf. Actions
come at random times (a Poisson process each); what a lead is counts from the start.
A lead's actions have numbers of their own: a higher rate brings each one earlier, and
another threshold changes none.

Source: marked Poisson processes; the time to so many of one action is Erlang's.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simlib.draws import Floats, Keys, exponentials, uniforms

Stream = Callable[[str, int], int]
ROUNDING = 1e-9


@dataclass(frozen=True)
class Passage:
    """When a lead of one kind has points enough.

    Attributes
    ----------
    kind : int
    threshold : float
        Points at which a lead passes.
    window : float, days
        After it nobody passes.
    half_life : float, days
        In which points for actions lose half; inf for never.
    actions : tuple of (name, points, mean days from one to the next)
    attributes : tuple of (name, points, share of the kind)
    """

    kind: int
    threshold: float
    window: float
    half_life: float
    actions: tuple[tuple[str, float, float], ...]
    attributes: tuple[tuple[str, float, float], ...]

    def days(self, stream: Stream, name: str, visit: int, keys: Keys) -> Floats:
        """Return the days until each lead passes, or inf, shape as `keys`.

        Parameters
        ----------
        stream : callable
            From a stream's name and an occurrence to its key.
        name : str
            Stream of the stage's score.
        visit : int
            The k-th visit to the stage: points are gathered anew, attributes stay.
        keys : array of uint64
        """
        time, score = self._race(stream, name, visit, keys)
        enough = (score >= self.threshold - ROUNDING) & (time < self.window)
        first = np.argmax(enough, axis=1)
        which = np.arange(len(keys))
        days: Floats = np.where(enough[which, first], time[which, first], np.inf)
        return days

    def best(self, stream: Stream, name: str, visit: int, keys: Keys) -> Floats:
        """Return the most points that each lead has in the window, shape as `keys`."""
        time, score = self._race(stream, name, visit, keys)
        most: Floats = np.where(time < self.window, score, -np.inf).max(axis=1)
        return most

    def has(
        self, stream: Stream, name: str, keys: Keys
    ) -> dict[str, NDArray[np.bool_]]:
        """Return for each attribute who has it."""
        return {
            attribute: uniforms(stream(f"{name}.{attribute}", 1), keys) < share
            for attribute, _, share in self.attributes
        }

    def counts(
        self, stream: Stream, name: str, visit: int, keys: Keys
    ) -> dict[str, NDArray[np.int64]]:
        """Return for each action how often each lead does it in the window."""
        found = {}
        for action, (what, _, _) in enumerate(self.actions):
            count = np.zeros(len(keys), dtype=np.int64)
            for time in self.times(stream, name, visit, keys, action):
                count += time < self.window
            found[what] = count
        return found

    def start(self, stream: Stream, name: str, keys: Keys) -> Floats:
        """Return the points of each lead for what it is."""
        start = np.zeros(len(keys))
        worth = {attribute: points for attribute, points, _ in self.attributes}
        for attribute, has in self.has(stream, name, keys).items():
            start[has] += worth[attribute]
        return start

    def times(
        self, stream: Stream, name: str, visit: int, keys: Keys, action: int
    ) -> list[Floats]:
        """Return when each lead does an action: once, twice, ... until the window."""
        what, _, gap = self.actions[action]
        happened: list[Floats] = []
        time = np.zeros(len(keys))
        while len(keys) and gap < math.inf:
            number = stream(f"{name}.{what}.{len(happened) + 1}", visit)
            time = time + gap * exponentials(number, keys)
            if np.all(time >= self.window):
                break
            happened.append(time)
        return happened

    def _race(
        self, stream: Stream, name: str, visit: int, keys: Keys
    ) -> tuple[Floats, Floats]:
        """Return the days of actions, in order, and the points after each of them."""
        start = self.start(stream, name, keys)
        time, points = self._happened(stream, name, visit, keys)
        order = np.argsort(time, axis=1, kind="stable")
        time = np.take_along_axis(time, order, axis=1)
        return time, self._scores(start, time, points[order])

    def _happened(
        self, stream: Stream, name: str, visit: int, keys: Keys
    ) -> tuple[Floats, Floats]:
        """Return times, shape (leads, n), and points, shape (n,); the start first."""
        times, points = [np.zeros(len(keys))], [0.0]
        for action, (_, worth, _) in enumerate(self.actions):
            happened = self.times(stream, name, visit, keys, action)
            times += happened
            points += [worth] * len(happened)
        return np.stack(times, axis=1), np.array(points)

    def _scores(self, start: Floats, time: Floats, points: Floats) -> Floats:
        """Return the points after each action, in order of time, shape as `time`."""
        if self.half_life == math.inf:
            return np.cumsum(points, axis=1) + start[:, np.newaxis]
        behaviour, before = np.zeros(len(start)), np.zeros(len(start))
        scores = np.empty_like(time)
        for place in range(time.shape[1]):
            behaviour *= 0.5 ** ((time[:, place] - before) / self.half_life)
            behaviour += points[:, place]
            before = time[:, place]
            scores[:, place] = start + behaviour
        return scores


def may_be(
    kind: int, at_first: NDArray[np.int8], changing: tuple[int, ...]
) -> NDArray[np.bool_]:
    """Return which leads may ever be of a kind, as booleans.

    Parameters
    ----------
    kind : int
    at_first : array of int8
        Kinds at arrival.
    changing : tuple of int
        The kinds that may turn into one another.
    """
    kinds = changing if kind in changing else (kind,)
    may: NDArray[np.bool_] = np.isin(at_first, kinds)
    return may
