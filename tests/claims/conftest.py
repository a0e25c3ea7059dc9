"""A trial that several tests look at."""

from __future__ import annotations

import pytest

import simlib as sl


@pytest.fixture(scope="session")
def hump():
    """Return a quick trial of E5."""
    return sl.claims.trial("E5", quick=True)
