"""How hard a test of a claim tries: a quick look, or full precision.

In: nothing. Out: the efforts, and `of`, by which a test says what either means to it.
A test that takes the fixture `effort` runs twice: quickly in `make test`, and marked
slow in `make test-all`. Full precision is the same claim with more replications, longer
horizons or more buyers, and a band that is nowhere wider. The band was written down
before the first full run: half of the quick one where the target comes from a closed
form and the width was there for chance. Where the band is the claim's own or a
prototype's it stays, and the 95% interval, if there is one, is at most a third as wide.
"""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

import pytest

T = TypeVar("T")
MINUTES = 20


class Effort(Enum):
    """A quick look, or full precision."""

    QUICK = "quick"
    FULL = "full"

    def of(self, quick: T, full: T) -> T:
        """Return what is said for this effort."""
        return full if self is Effort.FULL else quick


SLOW = [pytest.mark.slow, pytest.mark.timeout(60 * MINUTES)]
EFFORTS = [
    pytest.param(Effort.QUICK, id="quick"),
    pytest.param(Effort.FULL, id="full", marks=SLOW),
]
