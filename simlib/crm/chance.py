"""Addressed numbers for estimates: normals, gammas, choices, from `simlib.draws`.

In: an address (seed, name) and a shape. Out: arrays. The same address gives the same
numbers, whatever else is estimated. Nothing here knows what they are for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simlib.draws import Floats, as_normals, entity_keys, stream_key, uniforms
from simlib.funnel.columns import Ints


@dataclass
class Chance:
    """A run of numbers that begins at an address, each asked for once.

    Attributes
    ----------
    seed : int
    name : str
        What the numbers are for.
    """

    seed: int
    name: str
    _asked: int = 0

    def uniform(self, *shape: int) -> Floats:
        """Return uniform numbers in (0, 1)."""
        self._asked += 1
        stream = stream_key(self.seed, 0, f"crm.{self.name}", self._asked)
        keys = entity_keys(stream, int(np.prod(shape)))
        return uniforms(stream ^ 1, keys).reshape(shape)

    def normal(self, *shape: int) -> Floats:
        """Return standard normal numbers."""
        numbers = self.uniform(*shape)
        as_normals(numbers)
        return numbers

    def gamma(self, shape: Floats) -> Floats:
        """Return gamma numbers of scale 1, one for each shape parameter."""
        from scipy.special import gammaincinv

        numbers = gammaincinv(shape, self.uniform(*shape.shape))
        return np.asarray(np.maximum(numbers, 1e-300))

    def poisson(self, mean: Floats) -> Ints:
        """Return Poisson counts, one for each mean."""
        from scipy.special import pdtrik

        counts = np.ceil(pdtrik(self.uniform(*mean.shape), np.maximum(mean, 1e-12)))
        return np.asarray(np.nan_to_num(counts), dtype=np.int64).clip(0)

    def picked(self, weights: Floats, size: int) -> Ints:
        """Return places drawn in proportion to weights, evenly spread over them."""
        steps = (np.arange(size) + self.uniform(1)) / size
        cumulated = np.cumsum(weights) / np.sum(weights)
        places = np.searchsorted(cumulated, steps, side="left")
        return np.minimum(places, len(weights) - 1)
