"""Reference numbers as they are printed: equal to the last digit shown."""

from __future__ import annotations

from typing import Any

import pytest


def printed(expected: Any, digits: int = 6) -> Any:
    """Return what a number, list or mapping equals if it rounds to the printed one.

    Parameters
    ----------
    expected : float, sequence or mapping of float
        The reference, rounded to `digits` decimals.
    digits : int
        Decimals that are printed; half a unit of the last one is allowed.
    """
    return pytest.approx(expected, rel=0, abs=0.5000001 * 10**-digits)
